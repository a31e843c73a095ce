"""Decisions and documents stand: of the one only whether it is in force may change, of the other its status."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

#: Of each table the one column that may change, and the keys by which SQLite's REPLACE finds a row to take away.
_STANDING = {
    "decision": ("current", [["edition", "key", "number"]]),
    "document": ("status", [["id"], ["edition", "kind", "key", "language", "number", "party"]]),
}


def upgrade() -> None:
    guard = _on_sqlite if op.get_bind().dialect.name == "sqlite" else _on_postgresql
    for table, (may_change, keys) in _STANDING.items():
        columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
        refusal = f"a {table} of the ledger stands: only its column {may_change} may change"
        guard(table, ", ".join(name for name in columns if name != may_change), keys, refusal)


def _on_sqlite(table: str, columns: str, keys: list[list[str]], refusal: str) -> None:
    same = " OR ".join(f"({' AND '.join(f'{name} = NEW.{name}' for name in key)})" for key in keys)
    for name, when in {
        "no_update": f"BEFORE UPDATE OF {columns} ON {table}",
        "no_delete": f"BEFORE DELETE ON {table}",
        # INSERT OR REPLACE deletes without asking the trigger on DELETE.
        "no_replace": f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})",
    }.items():
        op.execute(f"CREATE TRIGGER {table}_{name} {when} BEGIN SELECT RAISE(ABORT, '{refusal}'); END")


def _on_postgresql(table: str, columns: str, _: list[list[str]], refusal: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_stands() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
    )
    for name, when in {
        "no_update": f"BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW",
        "no_delete": f"BEFORE DELETE ON {table} FOR EACH ROW",
        "no_truncate": f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
    }.items():
        op.execute(f"CREATE TRIGGER {table}_{name} {when} EXECUTE FUNCTION {table}_stands()")


def downgrade() -> None:
    raise NotImplementedError("an office does not forget: restore the copy made before the upgrade")
