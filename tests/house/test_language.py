"""Every text for people is there in every language, with the same facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from resolve.kit.language import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
OTHERS = [code for code in LANGUAGES if code != "en"]
SOURCE = ("src", "api", "flows")
OWN_WORDS = "resolve/diagrams/"  # the words of pictures stand there in all languages
_FACT = re.compile(r"\{(\w+)\}")
Said = tuple[str, ...]


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(code: str) -> None:
    known = {_said(message) for message in _messages(code) if not message.fuzzy}

    missing = sorted(said for said in texts() if said not in known)

    assert not missing, f"{code}.po lacks: {missing}"


@pytest.mark.parametrize("code", OTHERS)
def test_every_plural_form_is_there(code: str) -> None:
    forms = _catalogue(code).num_plurals

    unfinished = [
        _said(m) for m in _messages(code) if len(_spoken(m)) != _many(m, forms)
    ]

    assert not unfinished


@pytest.mark.parametrize("code", OTHERS)
def test_translations_tell_the_same_facts(code: str) -> None:
    different = [
        spoken
        for message in _messages(code)
        for spoken in _spoken(message)
        if set(_FACT.findall(spoken)) != _facts(_said(message))
    ]

    assert not different


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_of_a_text_that_stands_nowhere(code: str) -> None:
    written = set(_written())

    assert not [_said(m) for m in _messages(code) if not written.issuperset(_said(m))]


def texts() -> set[Said]:
    """Give the texts that stand in a call of `say` or `count`."""
    found = (_constants(call, wanted) for call, wanted in _calls())
    return {said for said in found if said}


def _calls() -> Iterator[tuple[ast.Call, int]]:
    """Give each call of `say` and `count` of a language, with how many texts it has."""
    for node in _nodes():
        if isinstance(node, ast.Call) and (wanted := _wanted(node)):
            yield node, wanted


def _written() -> Iterator[str]:
    for node in _nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _nodes() -> Iterator[ast.AST]:
    for source in SOURCE:
        for path in sorted((ROOT / source).rglob("*.py")):
            if OWN_WORDS not in path.as_posix():
                yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _wanted(call: ast.Call) -> int:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name == "say":
        return 1
    # str.count and list.count have one argument
    return 2 if name == "count" and len(call.args) == 3 else 0


def _constants(call: ast.Call, wanted: int) -> Said:
    found = [arg.value for arg in call.args[:wanted] if isinstance(arg, ast.Constant)]
    said = tuple(value for value in found if isinstance(value, str))
    return said if len(said) == wanted else ()


def _catalogue(code: str) -> Catalog:
    path = ROOT / "src/resolve/locales" / f"{code}.po"
    with path.open("rb") as file:
        return read_po(file, locale=code)


def _messages(code: str) -> list[Message]:
    return [message for message in _catalogue(code) if message.id]


def _said(message: Message) -> Said:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _spoken(message: Message) -> list[str]:
    string = message.string
    forms = [string] if isinstance(string, str) else list(string or ())
    return [form for form in forms if form]


def _many(message: Message, forms: int) -> int:
    return forms if message.pluralizable else 1


def _facts(said: Said) -> set[str]:
    return set(_FACT.findall(said[-1]))
