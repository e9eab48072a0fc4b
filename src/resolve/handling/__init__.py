"""Where a fact in one concept causes an act in another.

`walking` hands out tasks, `moving` asks the facilitator once all answers are in,
`closing` ends a case, `failures` and `reconciling` see that nothing stands still.
Every step can be repeated: it asks what is missing (invariant 3).
"""
