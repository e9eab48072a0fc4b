"""Value chains: read from a map file, checked, walked and measured.

Pure: no database, no clock. `model` holds the values, `reader` makes them from
YAML, `checks` finds what is wrong with them, `graph` hands them to networkx,
`walk` says who takes part in a complaint, `distance` how far they are from the
customer.
"""
