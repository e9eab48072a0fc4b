"""What people see in a picture, and what its outline says instead."""

from __future__ import annotations

import re
from colorsys import rgb_to_hls
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from resolve.chain.model import HandoverConcern, PromiseConcern, ValueChain
from resolve.chain.order import backward, in_order, runs
from resolve.chain.reader import load
from resolve.chain.walk import walk
from resolve.diagrams import (
    CaseState,
    TaskState,
    UnknownDepartment,
    UnknownFormat,
    draw,
    outline,
    render,
)
from resolve.diagrams.colours import AA, DARK, LIGHT, Theme, contrast

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
MAP = """
resolve: 1
id: order
title: {en: From order to door, ru: От заказа до двери, uk: Від замовлення до дверей}
departments:
  sales: {title: {en: Sales, ru: Продажи, uk: Продажі}}
  stock: {title: {en: Stock, ru: Склад, uk: Склад}}
  packing: {title: {en: Packing, ru: Упаковка, uk: Пакування}}
  carrier: {title: {en: Carrier, ru: Перевозчик, uk: Перевізник}, kind: partner}
promises:
  on-time: {title: {en: On the day named, ru: В названный день}, within: P5D}
  intact: {title: {en: Arrives whole, ru: Приходит целым}}
  answered: {title: {en: Answered at once, ru: Ответ сразу}}
steps:
  take: {department: sales, title: {en: Take the order, ru: Принять заказ}, time: PT4H,
    gives: {en: We write down what is meant, ru: Записано верно}}
  pick: {department: stock, title: {en: Pick, ru: Подобрать}, time: PT2H,
    gives: {en: The right thing comes, ru: Приходит нужное}}
  pack: {department: packing, title: {en: Pack, ru: Упаковать}, serves: [intact],
    gives: {en: It survives the road, ru: Переносит дорогу}}
  deliver: {department: carrier, title: {en: Deliver, ru: Доставить}, time: P1D,
    serves: [intact], gives: {en: It is at the door, ru: Оно у двери}}
  answer: {department: sales, title: {en: Answer, ru: Ответить}, serves: [answered],
    gives: {en: Nobody waits, ru: Никто не ждёт}}
handovers:
  - {from: take, to: pick, what: {en: Confirmed order, ru: Заказ}, within: PT1H}
  - {from: pick, to: pack, what: [{en: Goods, ru: Товар}, {en: List, ru: Список}]}
  - {from: pack, to: pick, what: {en: Article to exchange, ru: Товар на замену}}
  - {from: pack, to: deliver, what: {en: Parcel, ru: Посылка}}
touchpoints:
  door: {title: {en: At the door, ru: У двери}, step: deliver,
    promises: [on-time, intact]}
  phone: {title: {en: On the phone, ru: По телефону}, step: answer,
    promises: [answered]}
"""
ON_TIME = PromiseConcern("door", "on-time")
STATES = {
    "carrier": TaskState.OPEN,
    "packing": TaskState.ANSWERED,
    "stock": TaskState.WITHDRAWN,
}


@pytest.fixture(scope="module")
def chain() -> ValueChain:
    return load(MAP)


@pytest.fixture(scope="module")
def case(chain: ValueChain) -> CaseState:
    return CaseState(walk(chain, ON_TIME), STATES)


def texts(svg: bytes) -> list[str]:
    return [
        "".join(found.itertext()).replace("\xa0", " ").strip()
        for found in ET.fromstring(svg).iter(f"{SVG}text")  # noqa: S314  our own
    ]


def said(svg: bytes) -> str:
    return " ".join(texts(svg))


def test_everything_leads_to_the_customer_and_nothing_from_there(
    chain: ValueChain,
) -> None:
    edges = re.findall(r'"?([\w ]+?)"? -> "?([\w ]+?)"?(?: \[|\n)', draw(chain).source)
    ends = {target for _, target in edges} - {source for source, _ in edges}
    assert ends == {"customer"}


def test_the_picture_reads_from_left_to_right(chain: ValueChain) -> None:
    svg = ET.fromstring(render(chain))  # noqa: S314  our own
    place = {
        "".join(text.itertext()): float(text.get("x", "0"))
        for text in svg.iter(f"{SVG}text")
    }
    order = ["Take the", "Pick", "Pack", "Deliver", "At the door", "customer"]
    assert [place[word] for word in order] == sorted(place[word] for word in order)


def test_each_touchpoint_shows_what_is_promised_there(chain: ValueChain) -> None:
    words = said(render(chain))
    assert "At the door We promise • On the day named · 5 days" in words
    assert "• Arrives whole" in words


def test_steps_show_their_time_and_handovers_what_and_within(
    chain: ValueChain,
) -> None:
    words = said(render(chain))
    for text in ("4 hours", "Confirmed order within 1 hour", "· Goods · List"):
        assert text in words


def test_a_partner_is_named_one_and_framed_otherwise(chain: ValueChain) -> None:
    svg = render(chain)
    assert "Carrier (partner)" in texts(svg)
    assert b"stroke-dasharray" in svg
    assert "dashed frame: a partner" in texts(svg)


def test_distance_is_a_number_on_each_step_besides_its_shade(
    chain: ValueChain,
) -> None:
    nodes = [line for line in draw(chain).source.splitlines() if "step-" in line]
    fills = {
        re.findall(r"step-(\w+)", line)[0]: re.findall(r'fillcolor="(.*?)"', line)[0]
        for line in nodes
    }
    assert fills == {
        "take": LIGHT.shade(4),
        "pick": LIGHT.shade(3),
        "pack": LIGHT.shade(2),
        "deliver": LIGHT.shade(1),
        "answer": LIGHT.shade(1),
    }
    words = texts(render(chain))
    assert [words.count(str(n)) for n in (1, 2, 3, 4)] == [3, 2, 2, 2]  # and legend


def test_a_department_in_focus_sees_what_the_customer_has_from_its_steps(
    chain: ValueChain,
) -> None:
    words = said(render(chain, department="stock"))
    assert "What the customer has from it The right thing comes" in words
    assert "It survives the road" not in words


def test_a_department_in_focus_sees_the_promises_it_reaches(
    chain: ValueChain,
) -> None:
    words = said(render(chain, department="packing"))
    assert "★ On the day named" in words
    assert "★ Arrives whole" in words
    assert "★ Answered" not in words


def test_the_way_of_a_department_in_focus_is_drawn_thick(chain: ValueChain) -> None:
    thick = [
        line
        for line in draw(chain, department="stock").source.splitlines()
        if " -> " in line and "penwidth=3" in line
    ]
    ways = [re.findall(r'"step (\w+)"', line) for line in thick]
    assert ways == [["pick", "pack"], ["pack", "deliver"]]


def test_a_case_shows_who_takes_part_and_the_state_of_each_task_in_words(
    chain: ValueChain, case: CaseState
) -> None:
    words = texts(render(chain, case=case))
    assert "○ task open" in words
    assert "✓ task answered" in words
    assert "– task withdrawn" in words
    assert "A case: At the door – On the day named" in words
    assert "★ On the day named · 5 days" in words


def test_a_department_without_a_task_yet_has_no_mark(chain: ValueChain) -> None:
    words = said(render(chain, case=CaseState(walk(chain, ON_TIME), {})))
    assert "task" not in words


def test_a_complaint_about_a_handover_stars_that_handover(chain: ValueChain) -> None:
    found = walk(chain, HandoverConcern("pick", "pack"))
    words = said(render(chain, case=CaseState(found, {"packing": "open"})))
    assert "★ Goods" in words
    assert "A case: hand-over “Pick” → “Pack”" in words


def test_the_outline_has_everything_and_ends_in_the_customer(
    chain: ValueChain, case: CaseState
) -> None:
    words = outline(chain, department="stock")
    order = ["1. Take the order", "2. Pick", "3. Pack", "4. Deliver", "5. Answer"]
    assert [words.index(word) for word in order] == sorted(map(words.index, order))
    assert words.index("5. Answer") < words.index("\nThe customer\n")
    for text in (
        "Take the order – Sales",
        "Time: 4 hours",
        "distance from the customer: 4",
        "What the customer has from it: The right thing comes",
        "passes to “Pick”: Confirmed order; within 1 hour",
        "way to the customer: Pick → Pack → Deliver → The customer",
        "Carrier (partner)",
        "On the day named · 5 days [★ promise that this department helps to keep]",
        "here the customer meets us: On the phone",
    ):
        assert text in words
    of_case = outline(chain, case=case)
    assert "takes part in the case; ○ task open" in of_case
    assert "[★ what the complaint is about]" in of_case


def test_pictures_and_outlines_speak_three_languages(chain: ValueChain) -> None:
    customers = {"en": "The customer", "ru": "Клиент", "uk": "Клієнт"}
    for language, customer in customers.items():
        assert customer in said(render(chain, language=language))
        assert customer in outline(chain, language=language)
    assert "Sales" not in outline(chain, language="ru")


def test_an_unknown_language_gets_english(chain: ValueChain) -> None:
    assert outline(chain, language="xx") == outline(chain)


def test_an_svg_has_a_title_a_description_and_a_language(chain: ValueChain) -> None:
    svg = ET.fromstring(  # noqa: S314  our own
        render(chain, language="ru", department="stock")
    )
    title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert title.text == "От заказа до двери. Путь подразделения «Склад» к клиенту"
    assert description is not None
    assert "шагов: 5" in (description.text or "")
    assert svg.get("role") == "img"
    assert svg.get("lang") == "ru"
    assert len(list(svg.iter(f"{SVG}title"))) == 1


def test_steps_and_departments_can_be_links(chain: ValueChain) -> None:
    svg = render(chain, link=lambda kind, name: f"/maps/order/{kind}/{name}?a=1&b=2")
    links = {found.get(LINK) for found in ET.fromstring(svg).iter(f"{SVG}a")}  # noqa: S314
    assert "/maps/order/step/pick?a=1&b=2" in links
    assert "/maps/order/department/stock?a=1&b=2" in links


def test_an_svg_with_links_is_not_an_image_to_a_screen_reader(
    chain: ValueChain,
) -> None:
    svg = ET.fromstring(render(chain, link=lambda _kind, name: name))  # noqa: S314
    assert svg.get("role") == "group"


@pytest.mark.parametrize(
    ("format_", "beginning"),
    [("svg", b"<svg "), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("dot", b"digraph")],
)
def test_every_format_is_drawn(
    chain: ValueChain, format_: str, beginning: bytes
) -> None:
    assert render(chain, format=format_).startswith(beginning)


def test_an_unknown_department_or_format_is_refused_with_those_there_are(
    chain: ValueChain,
) -> None:
    with pytest.raises(UnknownDepartment, match="sales, stock, packing, carrier"):
        draw(chain, department="nobody")
    with pytest.raises(UnknownFormat, match="svg, png, pdf, dot"):
        render(chain, format="gif")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_colour_is_ever_red(chain: ValueChain, case: CaseState, theme: str) -> None:
    pictures = [render(chain, theme=theme), render(chain, theme=theme, case=case)]
    found = {c for p in pictures for c in re.findall(rb'"#([0-9a-f]{6})"', p)}
    assert found
    for colour in found:
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
        hue, _, saturation = rgb_to_hls(red, green, blue)
        assert not (saturation > 0.25 and (hue < 25 / 360 or hue > 330 / 360)), colour


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_text_can_be_read_on_its_ground(theme: Theme) -> None:
    pairs = [(theme.text_on(shade), shade) for shade in theme.shades]
    grounds = (theme.page, theme.paper, theme.lane, theme.pale)
    pairs += [(ink, g) for ink in (theme.text, theme.quiet) for g in grounds]
    pairs.append(("#10202e", theme.gold))
    assert [pair for pair in pairs if contrast(*pair) < AA] == []


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_shades_only_ever_get_lighter_or_only_darker(theme: Theme) -> None:
    steps = [contrast(shade, "#000000") for shade in theme.shades]
    assert steps in (sorted(steps), sorted(steps, reverse=True))


def test_contrast_agrees_with_the_published_extremes() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_loop_points_back_and_does_not_turn_the_chain_round(
    chain: ValueChain,
) -> None:
    assert backward(chain) == {("pack", "pick")}
    assert in_order(chain) == ("take", "pick", "pack", "deliver", "answer")


def test_a_department_at_work_in_two_places_has_two_lanes(chain: ValueChain) -> None:
    assert ("take",) in runs(chain)
    assert ("answer",) in runs(chain)


def test_every_shipped_map_is_drawn_in_every_language() -> None:
    folder = Path(__file__).parents[3] / "process_maps"
    for path in sorted(folder.glob("*.yaml")):
        shipped = load(path.read_bytes(), name=path.name)
        for language in ("en", "ru", "uk"):
            assert shipped.title.in_(language) in said(
                render(shipped, language=language)
            )
