"""Migrations and tables agree; the history can only grow; the databases are set up as they must be."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from tasks.adapters.ledger import (
    ActionRow,
    ArrivalRow,
    DecisionRow,
    DocumentRow,
    EditionRow,
    HistoryRow,
    Ledger,
    LetterRow,
    MemoryRow,
    Record,
)
from tasks.adapters.ledger.engine import make_engine
from tasks.adapters.ledger.schema import REVISION, metadata
from tasks.adapters.ledger.upgrade import newest_revision, upgrade
from tasks.domain.errors import Invalid
from tests.adapters.ledger_help import EDITION, WHO, add_document, start, the


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Plain SQL, as somebody with a database shell would run it; the rows of the last statement."""
    engine: Engine = make_engine(url)
    try:
        with engine.begin() as connection:
            for statement in statements:
                result = connection.execute(text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    "row", [ActionRow, ArrivalRow, DecisionRow, DocumentRow, EditionRow, HistoryRow, LetterRow, MemoryRow, Record]
)
def test_a_row_class_has_the_columns_of_its_table_in_their_order(row: type[Any]) -> None:
    table = metadata.tables[row.__name__.removesuffix("Row").lower()]
    assert [field.name for field in fields(row)] == [column.name for column in table.columns]


def test_models_and_migrations_agree(ledger_url: str) -> None:
    engine = make_engine(ledger_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == newest_revision() == REVISION
    engine.dispose()


def test_upgrading_is_safe_to_repeat(empty_database: str) -> None:
    upgrade(empty_database)
    upgrade(empty_database)
    ledger = Ledger.open(empty_database)
    start(ledger, ("concept-note", "1.1"))
    ledger.dispose()
    again = Ledger.open(empty_database)
    assert the(again).state == "invited"
    again.dispose()


def test_a_ledger_of_newer_software_is_refused(empty_database: str) -> None:
    upgrade(empty_database)
    run(empty_database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Invalid, match="schema '9999', this software knows '0008' and older"):
        Ledger.open(empty_database)
    assert run(empty_database, "SELECT version_num FROM alembic_version") == [("9999",)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET by = 'nobody'",
        "UPDATE history SET seq = seq + 100",
        "DELETE FROM history",
        "TRUNCATE history CASCADE",
        "INSERT OR REPLACE INTO history SELECT * FROM history",
    ],
)
def test_the_history_refuses_to_be_changed(ledger: Ledger, ledger_url: str, statement: str) -> None:
    only = {"TRUNCATE": "postgresql", "INSERT": "sqlite"}.get(statement.split()[0])
    if only and not ledger_url.startswith(only):
        return  # not in this database's language
    start(ledger, ("concept-note", "1.1"))
    before = ledger.history(EDITION)
    with pytest.raises(DBAPIError, match="the history of the ledger is append-only"):
        run(ledger_url, statement)
    assert ledger.history(EDITION) == before


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("decision", "UPDATE decision SET answer = NULL"),
        ("decision", "UPDATE decision SET current = FALSE, decided_by = 'nobody'"),
        ("decision", "UPDATE decision SET number = number + 1"),
        ("decision", "DELETE FROM decision"),
        ("decision", "TRUNCATE decision"),
        ("decision", "INSERT OR REPLACE INTO decision SELECT * FROM decision"),
        ("document", "UPDATE document SET sha256 = 'another'"),
        ("document", "UPDATE document SET name = 'another', status = 'superseded'"),
        ("document", "UPDATE document SET size = 0"),
        ("document", "DELETE FROM document"),
        ("document", "TRUNCATE document CASCADE"),
        ("document", "INSERT OR REPLACE INTO document SELECT * FROM document"),
        ("document", "INSERT OR REPLACE INTO document SELECT id + 1, {rest} FROM document"),
    ],
)
def test_decisions_and_documents_stand(ledger: Ledger, ledger_url: str, table: str, statement: str) -> None:
    only = {"TRUNCATE": "postgresql", "INSERT": "sqlite"}.get(statement.split()[0])
    if only and not ledger_url.startswith(only):
        return  # not in this database's language
    start(ledger, ("concept-note", "1.1"))
    with ledger.change(EDITION, WHO) as change:
        change.decide("note/1.1", the(ledger), {"decision": "accept"})
        add_document(change)
    before = ledger.snapshot(EDITION)
    rest = ", ".join(column.name for column in metadata.tables["document"].columns if column.name != "id")
    with pytest.raises(DBAPIError, match=f"a {table} of the ledger stands"):
        run(ledger_url, statement.format(rest=rest))
    assert ledger.snapshot(EDITION) == before


def test_foreign_keys_hold(ledger_url: str) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        run(ledger_url, "INSERT INTO record VALUES ('x', 'seat', 'y', NULL, 'open', 1, '{}', '2031-01-01')")


def test_json_is_kept_with_sorted_keys(ledger: Ledger, ledger_url: str) -> None:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        change.add_record("seat", "x", "open", facts={"b": {"d": 1, "c": 2}, "a": "é"})
    assert run(ledger_url, "SELECT CAST(facts AS TEXT) FROM record") == [('{"a": "é", "b": {"c": 2, "d": 1}}',)]


def test_an_sqlite_ledger_is_in_wal_mode_and_gets_its_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'folder' / 'ledger.sqlite'}"
    Ledger.open(url).dispose()
    assert run(url, "PRAGMA journal_mode") == [("wal",)]
    assert run(url, "PRAGMA busy_timeout") == [(30_000,)]
    assert run(url, "PRAGMA synchronous") == [(2,)], "a commit is on the disk"


def test_what_every_run_asks_is_found_by_an_index_and_nothing_is_read_through(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    start(ledger, ("concept-note", "1.1"))
    engine = make_engine(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    asked: list[tuple[str, Any]] = []

    @event.listens_for(ledger._engine, "before_cursor_execute")
    def hears(_: object, __: object, statement: str, values: Any, ___: object, ____: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    ledger.letters(EDITION, "1.1", status="draft")
    ledger.letters(EDITION, "1.1", kind="call", party="ghana", status="sent")
    ledger.letters(EDITION, key="a")
    ledger.letters(EDITION, kind="call", thread="t-1")
    ledger.letter_keys(EDITION, ["draft", "approved"])
    ledger.letter_attachments(EDITION, ["draft", "approved"])
    ledger.threads(EDITION, "ghana")
    ledger.has_thread(EDITION, "t-1")
    ledger.documents(EDITION, "1.1")
    ledger.documents(EDITION, kind="report", key="1.1", language="en", status="current")
    ledger.documents(EDITION, sha256="a" * 64)
    ledger.decisions(EDITION, "comment-matrix", "1.1|1", current=True)
    ledger.history(EDITION, subject="record", records=[("concept-note", "1.1")])
    ledger.arrival(EDITION, "a" * 64)
    assert len(asked) == 14
    wanted = {"session", "status", "party", "thread", "kind", "key", "sha256", "subject_kind"}
    with engine.connect() as connection:
        for statement, values in asked:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            named = {part for step in plan for part in wanted if f"{part}=" in step}
            assert named and all("SEARCH" in step for step in plan if "USE TEMP" not in step), (statement, plan)
    engine.dispose()
    ledger.dispose()
