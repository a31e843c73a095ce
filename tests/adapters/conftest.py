"""Databases for the tests of the adapters: SQLite files, and a PostgreSQL server of our own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tasks.adapters.ledger import Ledger
from tasks.adapters.ledger.schema import metadata
from tasks.adapters.ledger.upgrade import upgrade

_numbers = count(1)


def _postgresql_program(name: str) -> str | None:
    """The newest installed program of that name: Debian keeps them outside PATH, one folder per version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: (len(path.parts[4]), path.parts[4]))
    places = [str(path) for path in reversed(folders)]
    return shutil.which(name, path=os.pathsep.join([*places, os.environ.get("PATH", "")]))


def _unprivileged() -> str | None:
    """Whom to run the server as when we are root, as whom it refuses to start; None when we are nobody special."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A new PostgreSQL server on a unix socket that only we can open; yields the folder of its socket."""
    initdb, pg_ctl = _postgresql_program("initdb"), _postgresql_program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("no PostgreSQL server is installed (initdb, pg_ctl)")
    folder = Path(tempfile.mkdtemp(prefix="rt-pg-"))  # not tmp_path: a socket's path is short, and it has another owner
    user = _unprivileged()
    if user is not None:
        owner = pwd.getpwnam(user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)

    def run(*command: str) -> None:
        # Output to a file: the server keeps its standard output, so waiting for the end of a pipe would not end.
        with tempfile.TemporaryFile("w+") as told:
            ended = subprocess.run(
                command,
                cwd=folder,
                user=user,
                group=None if user is None else owner.pw_gid,
                extra_groups=None if user is None else [],
                stdout=told,
                stderr=subprocess.STDOUT,
                env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(folder)},
                check=False,
            )
            told.seek(0)
            assert ended.returncode == 0, f"{' '.join(command)}\n{told.read()}"

    data = str(folder / "data")
    try:
        run(initdb, "-D", data, "-U", "roundtable", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        # No port is opened. Durability is off for the tests' speed only; what a crash of *our* process loses is tested.
        options = f"-c listen_addresses='' -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        run(pg_ctl, "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield str(folder)
        finally:
            run(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def _sql(server: str, statement: str) -> None:
    with psycopg.connect(host=server, user="roundtable", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def _address(server: str, database: str) -> str:
    return f"postgresql+psycopg://roundtable@/{database}?host={server}"


@pytest.fixture(scope="session")
def postgresql_ledger(postgresql_server: str) -> str:
    """The address of a database with the schema, shared and emptied: a new one per test takes ten times as long."""
    _sql(postgresql_server, "CREATE DATABASE ledger")
    upgrade(_address(postgresql_server, "ledger"))
    return _address(postgresql_server, "ledger")


def _emptied(address: str) -> str:
    """Forget everything, past the triggers that keep the history, which only the server's superuser can go round."""
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
    engine.dispose()
    return address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema, to copy from."""
    path = tmp_path_factory.mktemp("ledger") / "template.sqlite"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, on each kind of database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    server = request.getfixturevalue("postgresql_server")
    name = f"empty_{next(_numbers)}"
    _sql(server, f"CREATE DATABASE {name}")
    return _address(server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a ledger with nothing in it, on each kind of database in turn."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "ledger.sqlite")
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    return _emptied(request.getfixturevalue("postgresql_ledger"))


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """An empty ledger, open."""
    ledger = Ledger(ledger_url)
    yield ledger
    ledger.dispose()
