"""The engine on Prefect: thin flows, and the worker that calls them.

Nothing here decides anything about a case; `resolve.handling` does. Prefect runs,
shows and distributes; the record is our database.
"""
