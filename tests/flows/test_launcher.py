"""The launcher's parts: one per home, children that do not outlive it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from resolve.journal.keys import seal_key
from resolve.kit.database import open_database, transaction
from resolve.kit.errors import Invalid
from resolve.kit.settings import Settings
from resolve.launcher.children import Child
from resolve.launcher.home import AlreadyServed, alone, is_served
from resolve.launcher.prefect_address import (
    NoPrefect,
    PrefectAddress,
    keep_address,
    kept_address,
    prefect_of,
)
from resolve.launcher.prefect_server import address_for, free_port, move_aside
from resolve.launcher.preparing import prepare_database
from resolve.launcher.serving import PortTaken, serve
from resolve.migrations import NotUpgraded, is_newest

SOMEWHERE = PrefectAddress("http://127.0.0.1:4200/api", "resolve:secret")


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def test_a_second_serve_on_one_home_refuses(home: Settings) -> None:
    with alone(home), pytest.raises(AlreadyServed, match=f"process {os.getpid()}"):
        alone(home).__enter__()
    assert not is_served(home)


def test_serve_refuses_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} of 127.0.0.1 is taken"):
            serve(Settings(home=tmp_path, port=port), say=print)


def test_without_serve_and_without_an_address_there_is_no_prefect(
    home: Settings,
) -> None:
    keep_address(home, SOMEWHERE)  # left by a serve that has ended
    with pytest.raises(NoPrefect, match="Start `resolve serve`"):
        prefect_of(home)


def test_a_worker_uses_the_server_of_the_serve_that_runs_here(home: Settings) -> None:
    keep_address(home, SOMEWHERE)
    with alone(home):
        assert prefect_of(home) == SOMEWHERE


def test_a_worker_uses_the_server_that_is_set(tmp_path: Path) -> None:
    chosen = Settings(home=tmp_path, prefect_url="http://prefect:4200/api")
    assert prefect_of(chosen) == PrefectAddress("http://prefect:4200/api", None)


def test_the_address_is_kept_for_this_user_only(home: Settings) -> None:
    first = address_for(home)
    keep_address(home, first)
    assert kept_address(home) == first
    assert address_for(home) == first
    assert home.file("prefect", "server.json").stat().st_mode & 0o777 == 0o600


def test_another_port_is_chosen_when_the_kept_one_is_taken(home: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        keep_address(home, PrefectAddress(f"http://127.0.0.1:{port}/api", "kept"))
        address = address_for(home)
    assert address.url != f"http://127.0.0.1:{port}/api"
    assert address.auth == "kept"


def test_nobody_answers_where_nobody_listens() -> None:
    address = PrefectAddress(f"http://127.0.0.1:{free_port()}/api", None)
    assert not address.answers()


def test_a_home_moved_aside_is_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for number in (1, 2):
        home.mkdir()
        (home / "prefect.db").write_text(str(number))
        aside = move_aside(home)
        assert (aside / "prefect.db").read_text() == str(number)
    assert not home.exists()


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    child = Child("http", ["http.server", "0"], environment={}, output=tmp_path / "log")
    child.watch()
    first = child.pid
    assert first
    os.kill(first, signal.SIGKILL)

    def another() -> bool:
        child.watch()
        return child.pid not in (None, first)

    _until(another)
    child.stop(5)
    assert not child.runs


def test_children_die_with_a_launcher_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import time; from pathlib import Path\n"
        "from resolve.launcher.children import Child\n"
        f"child = Child('http', ['http.server', '0'], environment={{}}, "
        f"output=Path({str(tmp_path / 'log')!r}))\n"
        "child.start(); print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        _until(lambda: "http.server" in child.cmdline()[3:4])
        parent.kill()
    _until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_a_new_sqlite_database_is_made(home: Settings) -> None:
    prepare_database(home)
    prepare_database(home)
    database = open_database(home.url)
    assert is_newest(database)
    database.engine.dispose()


def test_a_database_of_a_newer_version_is_refused(home: Settings) -> None:
    prepare_database(home)
    database = open_database(home.url)
    with transaction(database) as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    database.engine.dispose()
    with pytest.raises(NotUpgraded, match="newer"):
        prepare_database(home)


def test_an_empty_postgresql_database_is_filled(
    postgres_url: str, tmp_path: Path
) -> None:
    database = open_database(postgres_url)
    with transaction(database) as session:
        session.execute(text("DROP SCHEMA public CASCADE"))
        session.execute(text("CREATE SCHEMA public"))
    prepare_database(Settings(home=tmp_path, database_url=postgres_url))
    assert is_newest(database)
    with transaction(database) as session:
        session.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(NotUpgraded, match="resolve db upgrade"):
        prepare_database(Settings(home=tmp_path, database_url=postgres_url))
    database.engine.dispose()


def test_the_seal_key_is_made_once_and_for_this_user_only(home: Settings) -> None:
    key = seal_key(home)
    assert len(key) == 64
    assert seal_key(home) == key
    assert home.file("seal.key").stat().st_mode & 0o777 == 0o600


def test_a_seal_key_that_is_set_wins(tmp_path: Path) -> None:
    assert seal_key(Settings(home=tmp_path, seal_key="ours")) == b"ours"
    assert not (tmp_path / "seal.key").exists()


def test_an_empty_file_is_no_seal_key(home: Settings) -> None:
    home.file("seal.key").touch()
    with pytest.raises(Invalid, match="Put back the file"):
        seal_key(home)


def _until(true: Callable[[], bool], *, within: float = 15) -> None:
    until = time.monotonic() + within
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)
