"""`resolve serve`: Prefect's server, one worker and the API, started and watched.

The children are started by name; nothing in `resolve` imports them.
"""
