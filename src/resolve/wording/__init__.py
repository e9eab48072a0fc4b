"""Wording that looks for a culprit, noticed; a solution-focused one, offered.

`look` is pure: text and language in, findings out; no database, clock or network.
`words` cuts a text into sentences and words with their forms, `languages` tells
which of our languages a sentence is in, `patterns` is the small language in which
`rules/*.yaml` describe families of phrases, `marking` tells which of their words a word
is, `index` which of them may fit, `suggestions` writes what is offered.
"""

from resolve.wording.looking import LIMIT, look, prepare
from resolve.wording.values import Finding, Kind, Looked

__all__ = ["LIMIT", "Finding", "Kind", "Looked", "look", "prepare"]
