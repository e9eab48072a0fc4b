"""Map files: what is taken as it stands, and one clear finding for what is not."""

from __future__ import annotations

import string
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolve.chain.findings import Level
from resolve.chain.model import Kind, ValueChain
from resolve.chain.reader import InvalidMap, load, read
from tests.strategies import chains, map_file

ORDER = Path(__file__).with_name("order.yaml").read_text("utf-8")
SMALL = """\
resolve: 1
id: small
departments: {d: {}}
promises: {p: {within: P1D}}
steps:
  s: {department: d, gives: Something}
touchpoints: {t: {step: s, promises: [p]}}
"""


def test_worked_example_is_read_whole() -> None:
    order = load(ORDER)

    assert order.title.in_("uk") == "Замовлення"
    assert order.departments["carrier"].kind is Kind.PARTNER
    assert order.promises["on-time"].within == timedelta(days=5)
    assert order.steps["take-order"].serves == ("correct-bill",)
    assert [text.in_("en") for text in order.handovers[4].what] == [
        "Checked parcel",
        "Waybill",
    ]
    assert list(order.steps)[:2] == ["take-order", "pick"]


def test_what_is_left_out_has_its_default() -> None:
    small = load(SMALL)

    assert (small.join, small.answer_within) == (None, 2)
    assert small.title.in_("ru") == "small"
    assert small.departments["d"].kind is Kind.INTERNAL
    assert small.steps["s"].time is None


@pytest.mark.parametrize(
    "empty", ["", "''", "' '", "{}", "{uk: ''}", "{en: , ru: ' '}"]
)
def test_whatever_has_no_title_is_called_by_its_id_in_every_language(
    empty: str,
) -> None:
    """Whoever shows a title need not ask whether there is one."""
    chain = load(SMALL.replace("{step: s,", f"{{step: s, title: {empty},"))
    half = load(SMALL.replace("{step: s,", "{step: s, title: {uk: '', en: Door},"))

    for code in ("en", "ru", "uk"):
        assert chain.touchpoints["t"].title.in_(code) == "t"
        assert half.touchpoints["t"].title.in_(code) == "Door"


def test_empty_value_is_the_same_as_a_key_left_out() -> None:
    assert load(SMALL.replace("{d: {}}", "\n  d:\n")) == load(SMALL)


@pytest.mark.parametrize("word", ["on", "no", "yes", "12", "1.0", "null", "0x1", "~x"])
def test_words_that_yaml_1_1_would_change_stay_texts(word: str) -> None:
    title = load(SMALL.replace("id: small", f"id: small\ntitle: {word}")).title

    assert title.in_("en") == word


@pytest.mark.parametrize(
    "name", ["on", "no", "null", "12", "шаг", "крок-1", "步骤", "चरण"]
)
def test_ids_are_of_any_script(name: str) -> None:
    small = SMALL.replace("d: {}", f"{name}: {{}}").replace("ment: d", f"ment: {name}")

    assert list(load(small).departments) == [name]


def test_ids_written_with_other_code_points_are_the_same() -> None:
    small = SMALL.replace("d: {}", "\u0439: {}").replace(
        "ment: d", "ment: \u0438\u0306"
    )

    assert list(load(small).departments) == ["й"]


def test_windows_line_ends_and_a_byte_order_mark_are_read() -> None:
    reading = read(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())

    assert reading.chain == load(SMALL)
    assert [(f.level, f.line) for f in reading.findings] == [(Level.WARNING, 1)]


WRONG = [
    # old, new, line, key, words of the message, words of the hint
    ("resolve: 1", "resolve: 2", 1, "resolve", "Version `2`", "resolve: 1"),
    ("resolve: 1\n", "", 1, "resolve", "`resolve` is missing", "resolve: 1"),
    ("id: small\n", "", 1, "id", "`id` is missing", "id:"),
    ("id: small", "id: a b", 2, "id", "`a b` cannot be an id", "letters"),
    ("id: small", f"id: {'a' * 101}", 2, "id", "cannot be an id", "100 at most"),
    ("id: small", "id: [a]", 2, "id", "not a list", "one value"),
    ("departments: {d: {}}\n", "", 1, "departments", "missing or empty", "at least"),
    ("{d: {}}", "{}", 3, "departments", "missing or empty", "at least one"),
    ("{d: {}}", "[d]", 3, "departments", "A table of ids", "own"),
    ("{d: {}}", "{d: [x]}", 3, "departments.d", "A table of keys", "title"),
    ("{d: {}}", "{d: {}, d: {}}", 3, "departments.d", "twice", "Rename"),
    ("{d: {}}", "{d: {}, 'd.e': {}}", 3, "departments.d.e", "cannot be an id", "lett"),
    ("{d: {}}", "{d: {kind: parner}}", 3, "departments.d.kind", "a kind", "partner"),
    ("{d: {}}", "{d: {titel: D}}", 3, "departments.d.titel", "unknown", "`title`"),
    ("{d: {}}", "{d: {title: [D]}}", 3, "departments.d.title", "A text", "language"),
    ("{d: {}}", "{d: {title: {EN: D}}}", 3, "departments.d.title.EN", "`EN`", "en, ru"),
    ("{d: {}}", "{d: {title: {en: [D]}}}", 3, "departments.d.title.en", "not a", "one"),
    ("P1D", "P1M", 4, "promises.p.within", "months and years", "P5D"),
    ("P1D", "P1Y", 4, "promises.p.within", "months and years", "P5D"),
    ("P1D", "-P1D", 4, "promises.p.within", "negative", "P5D"),
    ("P1D", "1 day", 4, "promises.p.within", "`1 day`", "P5D"),
    ("P1D", "[P1D]", 4, "promises.p.within", "not a list", "one value"),
    ("P1D", "P1D, since: ss", 4, "promises.p.since", "`ss` does not stand", "`s`"),
    ("department: d", "departmint: d", 6, "steps.s.departmint", "unk", "`department`"),
    ("department: d, ", "", 6, "steps.s.department", "is missing", "belongs"),
    ("department: d", "department: dd", 6, "steps.s.department", "`dd`", "`d`"),
    ("department: d", "department: [d]", 6, "steps.s.department", "not a list", "one"),
    (
        "department: d",
        "department: d, serves: [q]",
        6,
        "steps.s.serves.1",
        "`q`",
        "Add",
    ),
    (
        "department: d",
        "department: d, serves: p",
        6,
        "steps.s.serves",
        "A list",
        "dash",
    ),
    (
        "department: d",
        "department: d, serves: [p, p]",
        6,
        "steps.s.serves.2",
        "twice",
        "D",
    ),
    (
        "department: d",
        "department: d, serves: [[p]]",
        6,
        "steps.s.serves.1",
        "not",
        "one",
    ),
    ("department: d", "department: d, time: 4h", 6, "steps.s.time", "`4h`", "PT4H"),
    ("  s: {", "  s: {department: e, ", 6, "steps.s.department", "twice", "delete"),
    ("{step: s, ", "{", 7, "touchpoints.t.step", "is missing", "id of a step"),
    ("{step: s", "{step: S", 7, "touchpoints.t.step", "`S` does not stand", "steps"),
    ("[p]}}", "[q]}}", 7, "touchpoints.t.promises.1", "`q` does not stand", "promises"),
    ("touchpoints:", "touchpoint:", 7, "touchpoint", "unknown", "`touchpoints`"),
    ("id: small", "id: small\njoin: 3", 3, "join", "`3` is not a duration", "P5D"),
    ("id: small", "id: small\nanswer_within: 0", 3, "answer_within", "`0`", "from 1"),
    (
        "id: small",
        "id: small\nanswer_within: two",
        3,
        "answer_within",
        "`two`",
        "from 1",
    ),
    ("id: small", "id: small\n<<: {a: b}", 3, "<<", "unknown", "Known are"),
    ("id: small", "id: small\n? [a]\n: b", 3, "", "A key is a list", "one word"),
    ("id: small", "id: &x small", 2, "id", "An anchor (`&x`)", "Delete"),
    ("id: small", "id: small\ntitle: *x", 3, "title", "An alias (`*x`)", "Write out"),
    ("id: small", "id: !!str small", 2, "id", "A tag", "Delete"),
    ("id: small", 'id: small\ntitle: "a\\0b"', 3, "title", "U+0000", "Delete"),
]


@pytest.mark.parametrize(("old", "new", "line", "key", "message", "hint"), WRONG)
def test_mistake_is_found_where_it_stands(
    old: str, new: str, line: int, key: str, message: str, hint: str
) -> None:
    assert old in SMALL

    reading = read(SMALL.replace(old, new), name="small.yaml")

    assert reading.chain is None
    found = next(f for f in reading.errors if f.key == key)
    assert (found.file, found.line) == ("small.yaml", line)
    assert message in found.message
    assert hint in found.hint


HANDOVERS = [
    ("{from: a}", "handovers.1.to", "is missing"),
    ("{from: s, to: x}", "handovers.1.to", "`x` does not stand"),
    ("{from: s, to: s}", "handovers.1", "handed over to itself"),
    ("{from: s, to: z}, {from: s, to: z}", "handovers.2", "A second hand-over"),
    ("{from: s, to: z, what: [[a]]}", "handovers.1.what.1", "not a list"),
    ("{from: s, to: z, by: P1D}", "handovers.1.by", "unknown"),
    ("s -> z", "handovers.1", "A table of keys"),
]


@pytest.mark.parametrize(("items", "key", "message"), HANDOVERS)
def test_mistake_in_a_handover_is_numbered_from_1(
    items: str, key: str, message: str
) -> None:
    steps = SMALL.replace("touchpoints", "  z: {department: d}\ntouchpoints")

    reading = read(f"{steps}handovers: [{items}]\n")

    found = next(f for f in reading.errors if f.key == key)
    assert message in found.message
    assert found.line == 9
    assert found.hint


def test_handovers_both_ways_are_a_loop_and_no_mistake() -> None:
    steps = SMALL.replace("touchpoints", "  z: {department: d}\ntouchpoints")

    loop = load(f"{steps}handovers: [{{from: s, to: z}}, {{from: z, to: s}}]")

    assert len(loop.handovers) == 2


UNREADABLE: list[tuple[str | bytes, int, str]] = [
    ("", 1, "The file is empty"),
    ("# nothing yet\n", 1, "The file is empty"),
    ("- a\n- b\n", 1, "The file is a list"),
    ("a text", 1, "The file is a text"),
    (b"resolve: 1\nid: \xe9\n", 2, "not encoded in UTF-8"),
    ("id: a\n".encode("utf-16"), 1, "not encoded in UTF-8"),
    ("id: a\ntitle: \0", 2, "A control character (U+0000)"),
    ("id: a\ntitle: \ud800", 2, "not encoded in UTF-8"),
    ("steps:\n\ts: {}\n", 2, "A tab is used"),
    ("a: [1, 2\nb: 3", 2, "This is not YAML"),
    ('a: "b', 1, "This is not YAML"),
    ("a: b: c", 1, "This is not YAML"),
    ("\na: " + "[" * 500, 2, "More than 10 levels"),
    ("- " * 400_000, 1, "More than 10 levels"),
    ("{a: " * 200_000, 1, "More than 10 levels"),
    ("x" * 1_000_001, 1, "larger than 1 MB"),
    (b"x" * 10_000_000, 1, "larger than 1 MB"),
    ("a" * 999_000, 1, "The file is a text"),
    ("%YAML 9.9\n---\na: b", 1, "This is not YAML"),
]


@pytest.mark.parametrize(
    ("source", "line", "message"), UNREADABLE, ids=range(len(UNREADABLE))
)
def test_file_that_is_no_map_gives_one_finding(
    source: str | bytes, line: int, message: str
) -> None:
    reading = read(source)

    assert reading.chain is None
    (found,) = reading.findings
    assert found.line == line
    assert message in found.message
    assert found.hint


def test_second_document_is_refused() -> None:
    (found,) = read(f"{SMALL}---\n{SMALL}").findings

    assert found.line == 8
    assert "second document" in found.message


def test_all_mistakes_come_in_one_go_sorted_by_line() -> None:
    wrong = (
        ORDER.replace("kind: partner", "knd: partner")
        .replace("within: P5D", "within: P1M")
        .replace("department: stock", "department: stok")
        .replace("serves: [intact]", "serves: [intakt]")
        .replace("to: collect", "to: colect")
    )

    findings = read(wrong).findings

    assert [f.line for f in findings] == sorted(f.line for f in findings)
    assert {
        "departments.carrier.knd",
        "promises.on-time.within",
        "steps.pick.department",
        "steps.pack.serves.1",
        "handovers.8.to",
    } <= {f.key for f in findings}


def test_what_follows_from_another_mistake_is_not_reported() -> None:
    findings = read(ORDER.replace("\nsteps:", "\nstep:")).findings

    assert {f.key for f in findings} == {"step", "steps"}


def test_error_elsewhere_does_not_hide_a_step_that_leads_nowhere() -> None:
    wrong = ORDER.replace("knd", "kind").replace("title: Pack\n", "titel: Pack\n")
    keys = {f.key for f in read(wrong.replace("from: load", "from: bill")).errors}

    assert {"steps.pack.titel", "steps.load"} <= keys


def test_load_raises_with_all_findings_and_says_the_first() -> None:
    with pytest.raises(InvalidMap) as raised:
        load(SMALL.replace("P1D", "P1M").replace("id: small", "id: a b"), name="x.yaml")

    assert len(raised.value.findings) == 2
    assert str(raised.value).startswith("x.yaml cannot be used: line 2: id: ")
    assert raised.value.extra["findings"][0]["line"] == 2


def test_thousands_of_mistakes_are_reported_in_reasonable_time() -> None:
    steps = "".join(f" s{n}: {{department: e{n}, tme: 1}}\n" for n in range(8_000))

    assert len(read(SMALL.replace("  s:", f"{steps}  s:")).findings) > 0


@given(chains())
def test_chain_written_as_a_file_is_read_back_the_same(chain: ValueChain) -> None:
    reading = read(map_file(chain))

    if reading.chain is not None:
        assert reading.chain == chain
    assert {f.key.split(".")[-1] for f in reading.errors} <= {"since", *chain.steps}


@given(st.binary(max_size=200))
def test_any_bytes_give_findings_and_never_a_traceback(source: bytes) -> None:
    assert read(source).findings


@given(st.text(max_size=40), st.integers(0, len(SMALL)))
def test_any_text_put_anywhere_gives_a_chain_or_errors(text: str, place: int) -> None:
    reading = read(SMALL[:place] + text + SMALL[place:])

    assert (reading.chain is None) == bool(reading.errors)


@given(
    st.text(alphabet="{}[]:,-&*!|>'\"%@`#?\n \t" + string.ascii_lowercase, max_size=30),
    st.integers(0, len(SMALL)),
)
def test_any_punctuation_put_anywhere_gives_a_chain_or_errors(
    text: str, place: int
) -> None:
    reading = read(SMALL[:place] + text + SMALL[place:])

    assert (reading.chain is None) == bool(reading.errors)
    assert all(f.line >= 1 for f in reading.findings)
