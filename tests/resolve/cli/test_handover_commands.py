"""`resolve handover ...`: standards and internal complaints from the command line."""

from __future__ import annotations

from resolve.kit.database import Database
from tests.builders import published
from tests.resolve.cli.conftest import Run

HERE = ("order", "pick", "pack")


def test_both_sides_agree_and_the_receiver_says_when_it_was_not_so(
    resolve: Run, database: Database
) -> None:
    published(database)
    propose = ("handover", "propose", *HERE, "--what", "One order in one box")
    packing, stock = ("--department", "packing"), ("--department", "stock")

    made = resolve(*propose, *packing, "--within", "2 h", "--json").json
    assert (made["awaits"], made["within"]) == ("stock", "PT2H")
    name = made["id"][-12:]
    assert name in resolve("handover", "list", "order").out
    assert resolve("handover", "withdraw", name, *stock).is_refused
    agreed = resolve("handover", "agree", name, *stock, "--as", "stock", "--json").json
    assert (agreed["status"], agreed["awaits"]) == ("agreed", None)
    listed = resolve("handover", "list", "order", "--json").json
    assert [one["agreed"]["id"] for one in listed if one["agreed"]] == [made["id"]]

    said = ("--text", "Two orders in one box.", "--order", "A-1")
    assert resolve("handover", "raise", *HERE, *stock, *said).is_refused
    raised = resolve("handover", "raise", *HERE, *packing, *said, "--json").json
    shown = resolve("complaint", "show", raised["complaint"], "--json").json
    assert shown["text"] == "Two orders in one box."


def test_a_time_above_the_promise_to_the_customer_is_said_to_both_sides(
    resolve: Run, database: Database
) -> None:
    published(database)
    propose = ("handover", "propose", *HERE, "--what", "A box", "--department", "stock")
    agree = ("handover", "agree", "--department", "packing")
    said = "longer than the promise"

    kept = resolve(*propose, "--within", "5 d")
    long = resolve(*propose, "--within", "6 d", "--json")
    agreed = resolve(*agree, long.json["id"][-12:])

    assert kept.code == 0
    assert said not in kept.err
    assert said in long.err
    assert long.json["warnings"] == [
        {
            "pointer": "/within",
            "code": "longer_than_promised",
            "touchpoint": "door",
            "promise": "on-time",
        }
    ]
    assert agreed.code == 0
    assert said in agreed.err


def test_what_is_not_a_hand_over_or_not_a_time_is_said(
    resolve: Run, database: Database
) -> None:
    published(database)
    propose = ("handover", "propose", "--what", "A box", "--department", "packing")

    assert resolve(*propose, "order", "pick", "deliver").is_refused
    assert resolve(*propose, *HERE, "--within", "soon").code == 2
    assert resolve(*propose, *HERE, "--as", "stock").is_refused
    assert resolve(
        "handover", "agree", "0123456789ab", "--department", "stock"
    ).is_refused
