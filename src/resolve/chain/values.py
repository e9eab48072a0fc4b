"""Values in a map file: texts, ids, references, durations; what is wrong is noted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from resolve.chain.durations import BadDuration, duration
from resolve.chain.findings import MEANT, Notes
from resolve.chain.model import Text
from resolve.chain.tree import Entry, Items, Node, Refused, Scalar, Table

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NULL = ("", "~", "null")
_SHOWN = 60

LONGEST_ID = 100  # what every table has room for


@dataclass(frozen=True, slots=True)
class Values:
    """Reads the values of one table; `key` is its own dotted key."""

    key: str
    table: Table
    entries: dict[str, Entry]
    notes: Notes

    def path(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key else name

    def node(self, name: str) -> Node | None:
        """Give the value of a key; None if left out or left empty."""
        entry = self.entries.get(name)
        if entry is None or entry.node == Scalar(entry.node.line, ""):
            return None
        return entry.node

    def text(self, name: str) -> Text:
        node = self.node(name)
        return (
            Text({}) if node is None else read_text(node, self.path(name), self.notes)
        )

    def word(self, name: str) -> str | None:
        """Give a single text, in NFC; None if it is missing or something else."""
        node = self.node(name)
        if node is None or isinstance(node, Refused):
            return None
        return read_word(node, self.path(name), self.notes)

    def required(self, name: str, hint: str) -> str | None:
        """Give a single text that must be there."""
        if self.node(name) is None:
            line = self.notes.line_of(self.path(name))
            message = "`{name}` is missing."
            self.notes.error(line, self.path(name), message, hint, name=name)
        return self.word(name)

    def duration(self, name: str) -> timedelta | None:
        node = self.node(name)
        if node is None or isinstance(node, Refused) or is_null(node):
            return None
        word = read_word(node, self.path(name), self.notes)
        if word is None:
            return None
        try:
            return duration(word)
        except BadDuration as why:
            hint = "Write for example P5D, PT4H, PT30M or P1DT12H."
            message = "`{word}` is not a duration we take: {why}."
            facts = {"word": shown(word), "why": str(why)}
            self.notes.error(node.line, self.path(name), message, hint, **facts)
            return None

    def reference(
        self, name: str, known: Collection[str], of: str, *, needed: str = ""
    ) -> str | None:
        """Give an id that must be one of these; None if it is not.

        `needed` is the hint for a missing one; without it, the key may be left out.
        """
        word = self.required(name, needed) if needed else self.word(name)
        if word is None:
            return None
        place = (self.notes.line_of(self.path(name)), self.path(name))
        return known_or_none(word, place, known, of, self.notes)

    def references(self, name: str, known: Collection[str], of: str) -> tuple[str, ...]:
        """Give a list of ids, each of them known and there once."""
        found: dict[str, None] = {}
        for key, node in self.items(name):
            word = read_word(node, key, self.notes)
            if word is None:
                continue
            place = (node.line, key)
            if known_or_none(word, place, known, of, self.notes) is None:
                continue
            if word in found:
                message = "`{word}` is listed twice."
                self.notes.error(*place, message, "Delete one.", word=word)
            found[word] = None
        return tuple(found)

    def items(self, name: str) -> Iterator[tuple[str, Node]]:
        """Give the items of a list with their keys, numbered from 1."""
        node = self.node(name)
        if node is None or isinstance(node, Refused) or is_null(node):
            return
        if not isinstance(node, Items):
            hint = "Write it with brackets or dashes: [one, another]."
            self.notes.error(node.line, self.path(name), "A list is needed here.", hint)
            return
        for number, item in enumerate(node.nodes, start=1):
            if not isinstance(item, Refused):
                yield f"{self.path(name)}.{number}", item


def values_of(
    node: Node, key: str, known: Collection[str], notes: Notes
) -> Values | None:
    """Open a table with these keys; an unknown key is noted with the nearest known."""
    if isinstance(node, Refused):
        return None
    if isinstance(node, Scalar) and is_null(node):
        node = Table(node.line, ())
    if not isinstance(node, Table):
        hint = "Write keys and values here: {known}."
        message = "A table of keys is needed here."
        notes.error(node.line, key, message, hint, known=", ".join(known))
        return None
    entries: dict[str, Entry] = {}
    for entry in node.entries:
        path = f"{key}.{entry.key}" if key else entry.key
        if entry.key in known:
            entries[entry.key] = entry
            notes.lines[path] = entry.line
        else:
            near = notes.near(entry.key, known)
            facts = {"word": shown(entry.key), "near": near, "known": ", ".join(known)}
            hint = MEANT if near else "Known are: {known}."
            message = "The key `{word}` is unknown here."
            notes.error(entry.line, path, message, hint, **facts)
    return Values(key, node, entries, notes)


def named_entries(node: Node | None, key: str, notes: Notes) -> dict[str, Entry]:
    """Open a table whose keys are ids; a wrong id is noted and left out."""
    if node is None or isinstance(node, Refused) or is_null(node):
        return {}
    if not isinstance(node, Table):
        hint = "Give each an id of its own: {sample}, one a line."
        message = "A table of ids is needed here."
        notes.error(node.line, key, message, hint, sample="`id: {...}`")
        return {}
    found: dict[str, Entry] = {}
    for entry in node.entries:
        name = unicodedata.normalize("NFC", entry.key)
        path = f"{key}.{name}"
        if not good_id(name):
            bad_id(entry.line, path, name, notes)
        elif name in found:
            message = "`{name}` stands here twice; first in line {first}."
            hint = "Rename or delete one of the two."
            first = str(found[name].line)
            notes.error(entry.line, path, message, hint, name=name, first=first)
        else:
            found[name] = entry
            notes.lines[path] = entry.line
    return found


def read_text(node: Node, key: str, notes: Notes) -> Text:
    """Read a plain text, or one per language."""
    if isinstance(node, Scalar):
        return Text({"": node.value} if node.value.strip() else {})
    if isinstance(node, Table):
        return Text(dict(_by_language(node, key, notes)))
    if isinstance(node, Items):
        hint = "Write a text, or one per language: {sample}."
        message = "A text is needed here, not a list."
        sample = "{en: ..., ru: ..., uk: ...}"
        notes.error(node.line, key, message, hint, sample=sample)
    return Text({})


def _by_language(table: Table, key: str, notes: Notes) -> Iterator[tuple[str, str]]:
    for entry in table.entries:
        path = f"{key}.{entry.key}"
        if not _LANGUAGE.fullmatch(entry.key):
            hint = "Write the code of a language: en, ru, uk."
            message = "`{word}` is not a language."
            notes.error(entry.line, path, message, hint, word=shown(entry.key))
            continue
        word = read_word(entry.node, path, notes, normal=str)
        if word is not None and word.strip():
            yield entry.key, word


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def read_word(
    node: Node, key: str, notes: Notes, *, normal: Callable[[str], str] = _nfc
) -> str | None:
    """Read a single value; None if it is a list or a table, which is noted."""
    if isinstance(node, Scalar):
        return normal(node.value)
    if not isinstance(node, Refused):
        what = "a list" if isinstance(node, Items) else "a table"
        hint = "Write one value; a text with `: ` needs quotation marks."
        message = "A single value is needed here, not {what}."
        notes.error(node.line, key, message, hint, what=what)
    return None


def known_or_none(
    word: str, place: tuple[int, str], known: Collection[str], of: str, notes: Notes
) -> str | None:
    """Give the word if it is known, else note it with the nearest that is.

    Where the whole section could not be read, nothing is said of its references.
    """
    if word in known:
        return word
    if not known and of in notes.erring:
        return None
    near = notes.near(word, known)
    hint = MEANT if near else "Add it under `{of}:`, or correct it here."
    message = "`{word}` does not stand under `{of}:`."
    notes.error(*place, message, hint, word=shown(word), of=of, near=near)
    return None


def good_id(name: str) -> bool:
    """Tell whether this is letters of any script, digits, `-` and `_`, up to 100."""
    return 0 < len(name) <= LONGEST_ID and all(
        sign in "-_" or unicodedata.category(sign)[0] in "LM" or sign.isdecimal()
        for sign in name
    )


def bad_id(line: int, key: str, name: str, notes: Notes) -> None:
    hint = (
        "Use letters, digits, `-` and `_`, {most} at most; put the words into `title`."
    )
    message = "`{name}` cannot be an id."
    notes.error(line, key, message, hint, name=shown(name), most=str(LONGEST_ID))


def is_null(node: Node) -> bool:
    """Tell whether nothing is written, which is the same as leaving the key out."""
    return isinstance(node, Scalar) and node.plain and node.value in _NULL


def shown(word: str) -> str:
    """Shorten a word for a message, on one line."""
    line = " ".join(word.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
