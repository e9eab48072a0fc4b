"""Publishing a map adds a version and never touches one."""

from __future__ import annotations

import threading

import pytest

from resolve.chain.findings import InvalidMap
from resolve.departments.errors import OtherKind
from resolve.departments.models import DepartmentRecord
from resolve.departments.queries import department
from resolve.departments.service import DepartmentChange, change
from resolve.kit.database import Database, reading, transaction
from resolve.maps.errors import IdMismatch, MapChanged, UnknownMap, UnknownVersion
from resolve.maps.models import MapVersion
from resolve.maps.queries import chain_of, versions
from resolve.maps.service import publish
from tests.builders import MONDAY, ORDER, all_rows

EDITED = ORDER.replace(b"title: Pick", b"title: Pick and count")


def put(database: Database, source: bytes, **more: object) -> tuple[int, bool]:
    with transaction(database) as session:
        made, new = publish(session, source, who="qm", at=MONDAY, **more)  # type: ignore[arg-type]
        return made.version, new


def test_the_first_publication_is_version_1_and_the_next_version_2(
    database: Database,
) -> None:
    assert put(database, ORDER) == (1, True)
    assert put(database, EDITED) == (2, True)
    with reading(database) as session:
        assert [one.version for one in versions(session, "order")] == [2, 1]
        assert chain_of(session, "order", 1).steps["pick"].title.in_("en") == "Pick"


def test_the_same_content_again_publishes_nothing(database: Database) -> None:
    put(database, ORDER)
    assert put(database, ORDER) == (1, False)


def test_an_earlier_content_can_come_back_as_a_new_version(database: Database) -> None:
    put(database, ORDER)
    put(database, EDITED)
    assert put(database, ORDER) == (3, True)


def test_a_map_with_errors_publishes_nothing(database: Database) -> None:
    with pytest.raises(InvalidMap):
        put(database, ORDER.replace(b"step: deliver", b"step: devour"))
    assert all_rows(database, MapVersion) == []
    assert all_rows(database, DepartmentRecord) == []


def test_a_map_is_published_under_its_own_id(database: Database) -> None:
    with pytest.raises(IdMismatch):
        put(database, ORDER, map_id="another")


def test_publishing_on_an_old_version_is_refused(database: Database) -> None:
    put(database, ORDER, newest=0)
    with pytest.raises(MapChanged):
        put(database, EDITED, newest=0)
    assert put(database, EDITED, newest=1) == (2, True)


def test_publishing_keeps_what_the_register_knows_of_a_department(
    database: Database,
) -> None:
    put(database, ORDER)
    with transaction(database) as session:
        change(session, "stock", DepartmentChange(head="Iryna"), who="a", at=MONDAY)
    put(database, EDITED.replace(b"title: Stock", b"title: Warehouse"))
    with reading(database) as session:
        found = department(session, "stock")
    assert (found.head, found.title) == ("Iryna", {"": "Stock"})


def test_two_at_once_make_two_versions_and_no_gap(database: Database) -> None:
    sources = [ORDER.replace(b"title: Pick", b"title: Pick %d" % n) for n in range(6)]
    threads = [threading.Thread(target=put, args=(database, one)) for one in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = sorted(one.version for one in all_rows(database, MapVersion))
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_what_does_not_exist_is_named(database: Database) -> None:
    put(database, ORDER)
    with reading(database) as session:
        with pytest.raises(UnknownMap, match="nowhere"):
            chain_of(session, "nowhere")
        with pytest.raises(UnknownVersion, match="version 7"):
            chain_of(session, "order", 7)


def test_a_partner_stays_a_partner_in_every_map(database: Database) -> None:
    put(database, ORDER)
    other = ORDER.replace(b"id: order\n", b"id: other\n").replace(
        b", kind: partner", b""
    )
    with pytest.raises(OtherKind, match="carrier"):
        put(database, other)
