"""Process maps: found, read, printed, written, published; last touch."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from httpx2 import Response

from resolve import diagrams
from resolve.departments.models import TouchKind
from resolve.departments.touching import touches
from resolve.kit.clock import now
from resolve.kit.database import reading, transaction
from resolve.maps.models import MapDraft
from resolve.maps.queries import the_map, version
from resolve.maps.service import publish
from tests.api.pages.conftest import House, words
from tests.builders import all_rows
from tests.people import MAP, MAP_FILE

SOURCE = MAP_FILE.read_text(encoding="utf-8")
EDITED = SOURCE.replace("en: Pick the goods", "en: Pick and count the goods")
EVIL = "<script>alert(1)</script>"
QM = "quality-manager"


def begun(house: House, text: str = "") -> str:
    """Begin a draft of the map, with this text if one is given; give its id."""
    answer = house.post(QM, "/maps/drafts", map=MAP)
    assert answer.status_code == 200
    (draft,) = all_rows(house.database, MapDraft)
    if text:
        saved(house, draft.id, text, revision=1)
    return str(draft.id)


def saved(
    house: House, draft: str, text: str, *, revision: int, next_: str = "save"
) -> Response:
    return house.post(
        QM, f"/maps/drafts/{draft}", source=text, revision=revision, next=next_
    )


def test_everybody_taking_part_finds_and_reads_a_map(house: House) -> None:
    for login in ("stock-head", "carrier-head", QM, "frontline", "administrator"):
        browser = house.as_(login)
        assert f"/maps/{MAP}" in browser.get("/maps").text
        assert browser.get(f"/maps/{MAP}").status_code == 200
    assert house.as_("newcomer").get("/maps").status_code == 403
    assert "/sign-in" in str(house.browser().get("/maps").url)


@pytest.mark.parametrize("asked", ["pick", "ПЕРЕВОЗЧИК", "пакування", "Order delivery"])
def test_a_map_is_found_by_words_of_any_language(house: House, asked: str) -> None:
    assert f'href="/maps/{MAP}"' in house.as_(QM).get("/maps", params={"q": asked}).text
    none = house.as_(QM).get("/maps", params={"q": f"{asked} zzz"}).text
    assert f'href="/maps/{MAP}"' not in none


def test_a_department_reads_first_what_its_step_means_to_the_customer(
    house: House,
) -> None:
    page = house.as_("stock-head").read(f"/maps/{MAP}")
    assert "Что ваш шаг значит для клиента" in page
    gives = "С полки взят нужный товар нужного размера"
    assert page.index(gives) < page.index("Шаг за шагом")
    assert "5 передач до клиента" in page
    assert "What your step means" not in house.as_("frontline").read(f"/maps/{MAP}")


def test_a_promise_shows_who_helps_to_keep_it_the_nearest_first(house: House) -> None:
    page = house.as_(QM).read(f"/maps/{MAP}?touchpoint=door&promise=intact")
    start = page.index("the nearest to the customer first")
    carrier, packing = page.index("Carrier", start), page.index("Packing", start)
    assert carrier < packing
    assert "helps to keep the promise" in page


@pytest.mark.parametrize(
    "query",
    [
        "department=nobody",
        "touchpoint=door&promise=correct-bill",
        "about=nowhere/on-time",
    ],
)
def test_what_the_map_does_not_have_is_said_and_the_map_still_shown(
    house: House, query: str
) -> None:
    answer = house.as_(QM).get(f"/maps/{MAP}?{query}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Step by step" in words(answer.text)


def test_pictures_and_files_are_what_they_say(house: House) -> None:
    browser = house.as_(QM)
    kinds = {
        "svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf",
        "dot": "text/vnd.graphviz; charset=utf-8",
    }  # fmt: skip
    for kind, sent in kinds.items():
        answer = browser.get(f"/pictures/maps/{MAP}.{kind}?department=stock")
        assert (answer.status_code, answer.headers["content-type"]) == (200, sent)
    assert browser.get(f"/pictures/maps/{MAP}.gif").status_code == 400
    file = browser.get(f"/maps/{MAP}.yaml")
    assert file.text == SOURCE
    assert file.headers["content-disposition"].startswith("attachment")
    assert browser.get(f"/maps/{MAP}.yaml?version=7").status_code == 404
    assert house.browser().get(f"/pictures/maps/{MAP}.svg").text.startswith("<!doctype")


def test_without_a_picture_the_same_is_told_in_words(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> bytes:
        raise diagrams.CannotDraw("Graphviz is away.")

    monkeypatch.setattr(diagrams, "render", broken)
    answer = house.as_(QM).get(f"/pictures/maps/{MAP}.svg?theme=none-kept")
    if answer.headers["content-type"].startswith("image/svg"):
        answer = house.as_(QM).get(f"/pictures/maps/{MAP}.png")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "Pick" in answer.text
    draft = begun(house)
    page = house.as_(QM).read(f"/maps/drafts/{draft}")
    assert "There is no picture just now" in page
    assert "passes to" in page


def test_a_map_is_changed_looked_at_and_published(house: House) -> None:
    draft = begun(house, EDITED)
    page = house.as_(QM).read(f"/maps/drafts/{draft}")
    assert "1 change against version 1" in page
    assert "is now called “Pick and count the goods”" in page
    asked = house.as_(QM).read(f"/maps/drafts/{draft}/publish")
    assert "It becomes version 2." in asked
    answer = house.post(
        QM, f"/maps/drafts/{draft}/publish", revision=2, reason="Fewer ways back."
    )
    shown = words(answer.text)
    assert answer.status_code == 200
    assert "Published." in shown
    assert "Version 2" in shown
    assert "Fewer ways back." in shown
    assert all_rows(house.database, MapDraft) == []
    compared = house.as_("stock-head").read(f"/maps/{MAP}/compare?from=1&to=2")
    assert "1 изменение" in compared


def test_a_complaint_filed_before_keeps_its_version(house: House) -> None:
    case_id = house.filed().case_id
    house.post(
        QM, f"/maps/drafts/{begun(house, EDITED)}/publish", revision=2, reason=""
    )
    newer = house.filed().case_id
    from resolve.cases.queries import case  # noqa: PLC0415  one look

    with reading(house.database) as session:
        versions = [case(session, one).map_version for one in (case_id, newer)]
    assert versions == [1, 2]


def test_what_is_wrong_stands_beside_the_text_in_the_readers_language(
    house: House,
) -> None:
    with transaction(house.database) as session:
        person = session.merge(house.person(QM))
        person.language = "uk"
    draft = begun(house)
    wrong = SOURCE.replace("within: P5D", "within: P1Y", 1)
    answer = house.post(QM, f"/maps/drafts/{draft}/look", source=wrong)
    page = words(answer.text)
    line = wrong[: wrong.index("P1Y")].count("\n") + 1
    assert f"Рядок {line}" in page
    assert "місяці й роки не мають сталої довжини" in page
    assert wrong[:200] in unescape(answer.text)
    assert all_rows(house.database, MapDraft)[0].source == SOURCE
    part = house.post(QM, f"/maps/drafts/{draft}/look", source=wrong, part="1")
    assert "<html" not in part.text
    assert "Рядок" in part.text


def test_a_map_with_errors_is_saved_and_not_published(house: House) -> None:
    draft = begun(house)
    answer = saved(house, draft, "steps: [", revision=1, next_="publish")
    assert answer.status_code == 422
    assert "cannot be published as it is" in words(answer.text)
    assert all_rows(house.database, MapDraft)[0].source == "steps: ["
    house.post(QM, f"/maps/drafts/{draft}/publish", revision=2)
    with reading(house.database) as session:
        assert the_map(session, MAP).newest == 1


def test_the_second_of_two_sees_both_texts_and_loses_nothing(house: House) -> None:
    draft = begun(house, EDITED)
    mine = SOURCE.replace("en: Pick the goods", "en: Fetch the goods")
    answer = house.post(
        "administrator", f"/maps/drafts/{draft}", source=mine, revision=1, next="save"
    )
    assert answer.status_code == 409
    page = unescape(answer.text)
    assert "+ <ins>    title: {en: Fetch the goods" in page
    assert "– <del>    title: {en: Pick and count the goods" in page
    assert "Quality Manager saved another text" in words(answer.text)
    assert 'name="revision" value="2"' in answer.text
    house.post("administrator", f"/maps/drafts/{draft}/keep-both", source=mine)
    texts = {one.source for one in all_rows(house.database, MapDraft)}
    assert texts == {EDITED, mine}


def test_a_draft_of_an_old_version_shows_what_changed_meanwhile(house: House) -> None:
    draft = begun(house, EDITED)
    with transaction(house.database) as session:
        other = SOURCE.replace("en: Pack,", "en: Pack it,")
        assert other != SOURCE
        publish(session, other.encode(), who="administrator", at=now())
    page = house.as_(QM).read(f"/maps/drafts/{draft}")
    assert "Version 2 was published meanwhile" in page
    assert "“Pack it”" in page
    refused = house.post(QM, f"/maps/drafts/{draft}/publish", revision=2)
    assert refused.status_code == 422
    house.post(QM, f"/maps/drafts/{draft}/go-on", number=2, revision=2)
    answer = house.post(QM, f"/maps/drafts/{draft}/publish", revision=3)
    assert "Version 3" in words(answer.text)


def test_a_new_map_is_begun_blank_or_with_an_example(house: House) -> None:
    answer = house.post(QM, "/maps/drafts", id="returns", title=f"Returns {EVIL}")
    assert "Nothing is wrong with it" in words(answer.text)
    assert EVIL not in answer.text
    example = house.post(QM, "/maps/drafts", example="installation-and-repair")
    assert "Installation and repair" in words(example.text)
    assert "New in the register when it is published:" in words(example.text)
    unknown = house.post(QM, "/maps/drafts", example="../../etc/passwd")
    assert unknown.status_code == 422


def test_an_earlier_version_is_published_again_with_a_reason(house: House) -> None:
    house.post(QM, f"/maps/drafts/{begun(house, EDITED)}/publish", revision=2)
    refused = house.post(QM, f"/maps/{MAP}/again", number=1, newest=2, reason=" ")
    assert refused.status_code == 422
    assert "Say in a sentence why." in words(refused.text)
    answer = house.post(
        QM, f"/maps/{MAP}/again", number=1, newest=2, reason="Counting takes too long."
    )
    assert "Counting takes too long." in words(answer.text)
    with reading(house.database) as session:
        assert version(session, MAP).source == SOURCE
        assert the_map(session, MAP).newest == 3


def test_a_retired_map_is_still_read_and_comes_back(house: House) -> None:
    page = words(house.post(QM, f"/maps/{MAP}/retire").text)
    assert "This map is retired" in page
    assert "retired" in house.as_("frontline").read("/maps")
    page = words(house.post(QM, f"/maps/{MAP}/bring-back").text)
    assert "This map is retired" not in page


@pytest.mark.parametrize("login", ["stock-head", "carrier-head", "frontline"])
def test_who_may_not_write_maps_is_refused(house: House, login: str) -> None:
    draft = begun(house)
    browser = house.as_(login)
    assert browser.get(f"/maps/drafts/{draft}").status_code == 403
    assert house.post(login, "/maps/drafts", map=MAP).status_code == 403
    assert house.post(login, f"/maps/drafts/{draft}", source="x").status_code == 403
    assert house.post(login, f"/maps/{MAP}/retire").status_code == 403
    page = browser.get(f"/maps/{MAP}").text
    assert "/maps/drafts" not in page
    assert "/retire" not in page


def test_html_in_a_map_stays_text_in_page_and_picture(house: House) -> None:
    quoted = f'"{EVIL}"'
    evil = re.sub(r"title: \{en: Pick the goods[^}]*\}", f"title: {quoted}", SOURCE)
    assert evil != SOURCE
    draft = begun(house, evil)
    house.post(QM, f"/maps/drafts/{draft}/publish", revision=2, reason=EVIL)
    browser = house.as_(QM)
    for path in (
        f"/maps/{MAP}", f"/maps/{MAP}/compare?from=1&to=2", "/maps",
        f"/pictures/maps/{MAP}.svg", f"/pictures/maps/{MAP}/compared.svg?from=1&to=2",
    ):  # fmt: skip
        answer = browser.get(path)
        assert answer.status_code == 200
        assert EVIL not in answer.text


def test_nearly_a_megabyte_of_text_is_taken(house: House) -> None:
    draft = begun(house)
    long = SOURCE + "# " + "x" * (980_000 - len(SOURCE.encode()))
    browser = house.as_(QM)
    answer = browser.post(
        f"/maps/drafts/{draft}",
        files={
            "source": (None, long),
            "revision": (None, "1"),
            "next": (None, "save"),
        },
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 200
    assert all_rows(house.database, MapDraft)[0].source == long


@pytest.mark.parametrize(
    "path",
    [
        "/maps/nowhere",
        f"/maps/{MAP}?version=9",
        "/maps/drafts/nowhere",
        "/maps/nowhere/compare",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(house: House, path: str) -> None:
    answer = house.as_(QM).get(path)
    assert answer.status_code == 404
    assert "no such" in words(answer.text)


# ---------------------------------------------------------------------- last touch


def kinds(house: House, department: str = "stock") -> set[TouchKind]:
    with reading(house.database) as session:
        return set(touches(session, [department])[department])


def test_a_department_sees_how_near_it_is_and_what_it_can_do(house: House) -> None:
    house.filed("The parcel was wet.")
    page = house.as_("stock-member").read("/last-touch")
    assert "5 hand-overs to the customer (At the door)" in page
    assert "None is known yet" in page
    assert "Answer 1 open task" in page


def test_reading_customers_words_is_a_touch(house: House) -> None:
    house.filed("The parcel was wet.")
    browser = house.as_("stock-member")
    assert "The parcel was wet." in browser.read("/last-touch/stock/words")
    assert kinds(house) == {TouchKind.READ}
    assert "today" in browser.read("/last-touch")


def test_visits_and_talks_are_entered_by_day(house: House) -> None:
    day = now().date()
    for kind, back in (("visited", 3), ("spoke", 0)):
        fields = {"kind": kind, "day": (day - timedelta(days=back)).isoformat()}
        answer = house.post("stock-member", "/last-touch/stock", **fields)
        assert "Entered." in words(answer.text)
    page = words(answer.text)
    assert "3 days ago" in page
    assert kinds(house) == {TouchKind.VISITED, TouchKind.SPOKE}


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        ("visited", "2999-01-01"),
        ("spoke", "soon"),
        ("read", "2026-01-01"),
        ("visited", ""),
        ("visited", "0001-01-01x"),
    ],
)
def test_what_cannot_have_happened_is_not_entered(
    house: House, kind: str, day: str
) -> None:
    answer = house.post("stock-member", "/last-touch/stock", kind=kind, day=day)
    assert answer.status_code == 422
    assert kinds(house) == set()


def test_nobody_sees_or_enters_the_touch_of_another_department(house: House) -> None:
    for login in ("sales-head", QM, "administrator"):
        answer = house.post(login, "/last-touch/stock", kind="spoke", day="2026-01-01")
        assert answer.status_code == 403
        assert house.as_(login).get("/last-touch/stock/words").status_code == 403
    assert kinds(house) == set()


def test_a_partner_reads_words_without_the_customers_name(house: House) -> None:
    house.filed("I am Olena Koval, my parcel is wet.", promise="intact",
                customer={"name": "Olena Koval"})  # fmt: skip
    page = house.as_("carrier-head").read("/last-touch/carrier/words")
    assert "parcel is wet" in page
    assert "Koval" not in page


def test_what_a_command_published_is_not_said_of_who_has_that_login(
    house: House,
) -> None:
    page = house.as_(QM).read(f"/maps/{MAP}")
    assert "by the administrator" in page
    assert "by Administrator" not in page
