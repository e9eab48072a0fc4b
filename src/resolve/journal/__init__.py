"""The journal: what happened, in order, in chains that show every alteration.

A chain per case (`case:<id>`), per map (`map:<id>`) and one of the house. It holds
ids, states, times and digests, never personal data or free text (invariant 7). The
change feed numbers the entries of cases after they are committed.
"""
