"""Letters by a mail server: taken, refused for good, or tried again."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import pytest
from pydantic import SecretStr

from resolve.messages.carriers import Fate, Outcome, Parcel
from resolve.messages.mail import Letter
from resolve.messages.smtp import MailServer, Tls
from tests.builders import MONDAY
from tests.resolve.messages.conftest import (
    PASSWORD,
    USER,
    Post,
    authenticate,
    served,
)

THREE = ("ann@example.com", "bo@example.com", "eve@example.com")


def parcels(*addresses: str) -> list[Parcel]:
    return [
        Parcel(
            f"n{n}",
            Letter(one.partition("@")[0], one, "en", "Hello", "Words\n"),
            MONDAY,
        )
        for n, one in enumerate(addresses)
    ]


def carried(server: MailServer, sent: Sequence[Parcel]) -> list[Outcome]:
    return list(server.carry(sent))


def fates(outcomes: Sequence[Outcome]) -> list[Fate]:
    return [one.fate for one in outcomes]


def plain(post: Post) -> MailServer:
    return MailServer(
        "127.0.0.1", post.port, tls=Tls.NONE, sender="resolve@company.example"
    )


@contextmanager
def serving(**how: object) -> Iterator[Post]:
    made = served(**how)
    yield next(made)
    next(made, None)


def test_each_letter_goes_to_its_address_with_its_own_id(post: Post) -> None:
    outcomes = carried(plain(post), parcels(*THREE))

    assert fates(outcomes) == [Fate.SENT] * 3
    assert post.recipients == list(THREE)
    first = post.taken[0]
    assert first["X-From"] == "resolve@company.example"
    assert first["From"] == "Resolve <resolve@company.example>"
    assert first["To"] == "ann <ann@example.com>"
    assert first["Message-ID"] == "<n0@resolve.company.example>"
    assert first.get_content().strip() == "Words"


def test_an_address_that_is_refused_for_good_holds_up_nobody(post: Post) -> None:
    post.refuse["bo@example.com"] = "550 5.1.1 <bo@example.com> is nobody here"

    outcomes = carried(plain(post), parcels(*THREE))

    assert fates(outcomes) == [Fate.SENT, Fate.REFUSED, Fate.SENT]
    assert "550" in outcomes[1].why
    assert "nobody here" in outcomes[1].why
    assert "example.com" not in outcomes[1].why


def test_what_is_not_taken_now_waits(post: Post) -> None:
    post.refuse["ann@example.com"] = "451 come back later"
    post.after[0] = "452 the disk is full"

    outcomes = carried(plain(post), parcels(*THREE[:2]))

    assert fates(outcomes) == [Fate.WAITS, Fate.WAITS]
    assert [one.why[:3] for one in outcomes] == ["451", "452"]


def test_a_letter_that_the_server_does_not_want_is_refused(post: Post) -> None:
    post.after[0] = "554 too many links"

    assert fates(carried(plain(post), parcels(THREE[0]))) == [Fate.REFUSED]


def test_a_server_that_is_away_lets_all_wait() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        server = MailServer("127.0.0.1", port, tls=Tls.NONE)
        outcomes = carried(server, parcels(*THREE))

    assert fates(outcomes) == [Fate.WAITS] * 3
    assert "refused" in outcomes[0].why.lower()


def test_a_server_that_says_nothing_is_waited_for_only_so_long() -> None:
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        server = MailServer("127.0.0.1", port, tls=Tls.NONE, patience=0.2)
        outcomes = carried(server, parcels(*THREE))
        again = carried(server, parcels(*THREE))  # at once, for a while
        silent.settimeout(0)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()

    assert fates(outcomes) == fates(again) == [Fate.WAITS] * 3
    assert "timed out" in outcomes[0].why


def test_a_server_that_goes_away_keeps_what_it_took(post: Post) -> None:
    post.after[1] = "421 closing down"

    outcomes = carried(plain(post), parcels(*THREE))

    assert outcomes[0].fate == Fate.SENT
    assert {one.fate for one in outcomes[1:]} == {Fate.WAITS}


def test_a_letter_without_an_address_is_not_sent(post: Post) -> None:
    letter = Letter("Anna", None, "en", "Hello", "Words")

    outcomes = carried(plain(post), [Parcel("n", letter, MONDAY)])

    assert fates(outcomes) == [Fate.NO_ADDRESS]
    assert post.taken == []


def test_the_way_is_made_secret_before_the_password(
    at_server: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with serving(
        tls_context=at_server, require_starttls=True,
        authenticator=authenticate, auth_required=True,
    ) as post:  # fmt: skip
        server = MailServer(
            "localhost", post.port, USER, SecretStr(PASSWORD), trusted=trusting
        )
        assert fates(carried(server, parcels(THREE[0]))) == [Fate.SENT]


def test_secret_from_the_beginning(
    at_server: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with serving(ssl_context=at_server) as post:
        server = MailServer("localhost", post.port, tls=Tls.TLS, trusted=trusting)
        assert fates(carried(server, parcels(THREE[0]))) == [Fate.SENT]


def test_a_server_that_nobody_vouches_for_is_told_nothing(
    at_server: ssl.SSLContext,
) -> None:
    with serving(tls_context=at_server) as post:
        server = MailServer("localhost", post.port, USER, SecretStr(PASSWORD))
        (outcome,) = carried(server, parcels(THREE[0]))

    assert outcome.fate == Fate.WAITS
    assert "certificate" in outcome.why.lower()
    assert post.taken == []


def test_a_server_without_tls_is_not_spoken_to_in_the_open(post: Post) -> None:
    server = MailServer("127.0.0.1", post.port, USER, SecretStr(PASSWORD))

    (outcome,) = carried(server, parcels(THREE[0]))

    assert outcome.fate == Fate.WAITS
    assert "STARTTLS" in outcome.why
    assert post.taken == []


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_password_lets_all_wait_and_is_not_told(
    at_server: ssl.SSLContext, trusting: ssl.SSLContext, password: str
) -> None:
    with serving(
        tls_context=at_server, authenticator=authenticate, auth_required=True
    ) as post:
        secret = SecretStr(password) if password else None
        server = MailServer("localhost", post.port, USER, secret, trusted=trusting)
        outcomes = carried(server, parcels(*THREE))

    assert fates(outcomes) == [Fate.WAITS] * 3
    assert "535" in outcomes[0].why
    assert "wrong" not in outcomes[0].why
