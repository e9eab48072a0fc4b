"""The demonstration: a small company with cases in every state, and many of them.

`company` founds it and knows it again, `stories` reads what happens in it, `telling`
lets it happen through the same services as always, at moments of the past weeks;
`moulds` and `scale` make any number of cases that are as the engine leaves them.
"""
