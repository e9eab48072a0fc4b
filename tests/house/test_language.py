"""Every text for people is there in every language, with the same facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from resolve.kit.language import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
OTHERS = [code for code in LANGUAGES if code != "en"]
SOURCE = ("src", "api", "flows")
OWN_WORDS = "resolve/diagrams/"  # the words of pictures stand there in all languages
_ENVIRONMENT = Environment(autoescape=True)
# A block may also hold attributes of a tag that stands in the page it extends.
_TAG = re.compile(r"<[^>]*>|&\w+;|\b[\w:-]+=\"[^\"]*\"")
_NO_WORDS = {"Resolve", "English", "Русский", "Українська"}  # the same everywhere
_FACT = re.compile(r"\{(\w+)\}")
Said = tuple[str, ...]


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(code: str) -> None:
    known = {_said(message) for message in _messages(code) if not message.fuzzy}

    missing = sorted(said for said in texts() if said not in known)

    assert not missing, f"{code} lacks: {missing}"


@pytest.mark.parametrize("code", OTHERS)
def test_every_plural_form_is_there(code: str) -> None:
    unfinished = [
        _said(message)
        for part in _catalogues(code)
        for message in part
        if message.id and len(_spoken(message)) != _many(message, part.num_plurals)
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


def test_no_text_is_hard_coded_in_a_template() -> None:
    hard_coded = [
        (path.name, word)
        for path in _template_files()
        for word in _words(path.read_text(encoding="utf-8"))
        if word not in _NO_WORDS
    ]

    assert not hard_coded


def _words(source: str) -> list[str]:
    """Give the words of a template that stand outside of tags and expressions."""
    # An expression inside a tag must not end it: it becomes a sign without letters.
    kept = [v if kind == "data" else "\0" for _, kind, v in _ENVIRONMENT.lex(source)]
    return re.findall(r"[^\W\d_]{2,}", _TAG.sub(" ", "".join(kept)))


def texts() -> set[Said]:
    """Give the texts that stand in a call of `say` or `count`."""
    found = (_constants(call, wanted) for call, wanted in _calls())
    return {said for said in found if said} | set(_said_in_templates())


def _calls() -> Iterator[tuple[ast.Call, int]]:
    """Give each call of `say` and `count` of a language, with how many texts it has."""
    for node in _nodes():
        if isinstance(node, ast.Call) and (wanted := _wanted(node)):
            yield node, wanted


def _written() -> Iterator[str]:
    for tree in _templates():
        yield from (one.value for one in tree.find_all(nodes.Const) if _is_text(one))
    for node in _nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _said_in_templates() -> Iterator[Said]:
    for tree in _templates():
        for call in tree.find_all(nodes.Call):
            name = getattr(call.node, "name", "")
            wanted = {"say": 1, "count": 2}.get(name, 0)
            given = [arg.as_const() for arg in call.args[:wanted] if _is_text(arg)]
            if wanted and len(given) == wanted:
                yield tuple(given)


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str)


def _templates() -> Iterator[nodes.Template]:
    for path in _template_files():
        yield _ENVIRONMENT.parse(path.read_text(encoding="utf-8"))


def _template_files() -> list[Path]:
    return sorted((ROOT / "api").rglob("templates/**/*.*"))


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


def _catalogues(code: str) -> Iterator[Catalog]:
    for path in sorted((ROOT / "src/resolve/locales" / code).glob("*.po")):
        with path.open("rb") as file:
            yield read_po(file, locale=code)


def _messages(code: str) -> list[Message]:
    return [message for part in _catalogues(code) for message in part if message.id]


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
