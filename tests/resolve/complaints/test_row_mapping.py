"""A mapping says what columns mean; its mistakes are told with line, key and hint."""

from __future__ import annotations

from textwrap import dedent

import pytest

from resolve.complaints.mapping import Translation, read_mapping
from resolve.mappings.form import InvalidMapping

GOOD = """\
resolve-mapping: 1
of: complaints
fields:
  text: Words
constants: {source: shop}
"""


def mistakes(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(InvalidMapping) as refused:
        read_mapping(dedent(text).encode(), name="m.yaml")
    assert all(found.hint for found in refused.value.findings)
    return [(one.line, one.key, one.message) for one in refused.value.findings]


def test_all_parts_are_read() -> None:
    mapping = read_mapping(
        dedent("""\
            resolve-mapping: 1
            of: complaints
            encoding: windows-1251
            delimiter: ";"
            zone: Europe/Kyiv
            dates: ["%d.%m.%Y", "%Y-%m-%d"]
            fields:
              reference: Unique Key
              text: [Type, Words]
              customer: {email: E-mail}
            constants: {source: shop, map: order}
            values:
              touchpoint: {from: Kind, map: {D: door, X: null}, otherwise: null}
            """).encode()
    )

    assert mapping.encoding == "cp1251"
    assert mapping.zone.key == "Europe/Kyiv"
    assert mapping.dates == ("%d.%m.%Y", "%Y-%m-%d")
    assert mapping.fields["text"] == ("Type", "Words")
    assert mapping.fields["customer.email"] == ("E-mail",)
    assert mapping.constants == {"source": "shop", "map": "order"}
    assert mapping.values["touchpoint"] == Translation(
        "Kind", {"D": "door", "X": None}, None, closed=False
    )
    assert mapping.columns == ("Unique Key", "Type", "Words", "E-mail", "Kind")


def test_words_stay_what_was_written_and_are_no_yaml_booleans() -> None:
    mapping = read_mapping(
        (GOOD + "values: {touchpoint: {from: K, map: {no: door, 1: shop}}}").encode()
    )

    assert mapping.values["touchpoint"].words == {"no": "door", "1": "shop"}


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (("of: complaints", "of: step-times"), (2, "of"), "of step-times"),
        (("of: complaints", "of: parcels"), (2, "of"), "no mappings of `parcels`"),
        (("of: complaints\n", ""), (1, "of"), "`of` is missing"),
        (("mapping: 1", "mapping: 2"), (1, "resolve-mapping"), "do not know"),
        (("resolve-mapping: 1\n", ""), (1, "resolve-mapping"), "no mapping"),
        (("  text: Words", "  txt: Words"), (4, "fields.txt"), "unknown"),
        (("text: Words", "order: Words"), (3, "fields"), "`text`"),
        (("text: Words", "text: {a: b}"), (4, "fields.text"), "single value"),
        (("text: Words", "text: []"), (4, "fields.text"), "No column"),
        (("{source: shop}", "{map: m}"), (5, "constants"), "`source` is missing"),
        (("{source: shop}", "{source: a, text: b}"), (5, "constants.text"), "same"),
        (("fields:", "zone: Mars/Base\nfields:"), (3, "zone"), "Mars/Base"),
        (("fields:", "encoding: utf-9\nfields:"), (3, "encoding"), "utf-9"),
        (("fields:", "encoding: base64\nfields:"), (3, "encoding"), "base64"),
        (("fields:", "delimiter: ab\nfields:"), (3, "delimiter"), "ab"),
        (("fields:", 'dates: ["%d.%m"]\nfields:'), (3, "dates.1"), "no year"),
        (("fields:", 'dates: ["%Y-%m"]\nfields:'), (3, "dates.1"), "whole date"),
        (("fields:", 'dates: ["%Y-%Q"]\nfields:'), (3, "dates.1"), "no format"),
        (("fields:", 'dates: ["%d %Z %Y"]\nfields:'), (3, "dates.1"), "ambiguous"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_key(
    change: tuple[str, str], place: tuple[int, str], says: str
) -> None:
    found = mistakes(GOOD.replace(*change))

    assert found[0][:2] == place
    assert says in found[0][2]


def test_all_mistakes_are_told_at_once() -> None:
    found = mistakes("""\
        resolve-mapping: 1
        of: complaints
        zone: Mars/Base
        fields: {text: A, order: B, severity: C}
        constants: {source: shop, order: X, severity: huge}
        values:
          safety: {from: S, map: {y: perhaps}}
          touchpoint: {map: [a, b]}
        """)

    assert [(line, key) for line, key, _ in found] == [
        (3, "zone"),
        (5, "constants.severity"),
        (5, "constants.order"),
        (5, "constants.severity"),
        (7, "values.safety.map.y"),
        (8, "values.touchpoint.from"),
        (8, "values.touchpoint.map"),
    ]


@pytest.mark.parametrize("text", ["", "- a\n", "text", "a: [", "a: &b c", "a: 1\na: 2"])
def test_what_is_no_mapping_is_said_to_be_none(text: str) -> None:
    assert mistakes(text)
