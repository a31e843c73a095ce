"""Starting an edition and changing a living one: the ledger's configuration wins, an edited folder is a proposal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tasks.adapters.edition_files import Loaded
from tasks.adapters.ledger import Change, Ledger, Who
from tasks.desk.milestones import replan
from tasks.domain import process
from tasks.domain.calendar_records import EVENT
from tasks.domain.edition import Edition
from tasks.domain.errors import Conflict, Unknown


def start(ledger: Ledger, loaded: Loaded, who: Who, rehearsal: bool) -> bool:
    """Record the configuration and every record it begins with; False when the edition runs already."""
    with ledger.change(loaded.edition.id, who) as change:
        is_new = change.start_edition(loaded.config, loaded.sha256, rehearsal)
        change.add_records((r.kind, r.key, r.state, r.session, r.facts) for r in process.initial(loaded.edition))
    return is_new


def in_force(ledger: Ledger, edition: str) -> Edition:
    """The edition as the ledger has it.

    Raises:
        Unknown: it was not started.
    """
    row = ledger.edition(edition)
    if row is None:
        raise Unknown(f"{edition}: this edition was not started; start it with `roundtable start {edition} --by NAME`")
    return Edition.model_validate(row.config).with_dates(dates_in_force(ledger, edition))


def dates_in_force(ledger: Ledger, edition: str) -> dict[str, dt.date]:
    """The day each dated event is on now, by its id: the ledger's, whatever the files planned."""
    return {r.key: dt.date.fromisoformat(r.facts["date"]) for r in ledger.records(edition, kind=EVENT)}


def differences(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """(place, old, new) for everything that differs; entries of lists are matched by their id."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from differences(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
    elif _has_ids(old) and _has_ids(new) and (old or new):
        before, after = {entry["id"]: entry for entry in old}, {entry["id"]: entry for entry in new}
        for id in dict.fromkeys([*before, *after]):
            yield from differences(before.get(id), after.get(id), f"{path}[{id}]")
    elif old != new:
        yield path, old, new


def _has_ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) and "id" in entry for entry in value)


def apply(
    ledger: Ledger, loaded: Loaded, who: Who, settle: Callable[[Change], list[str]] = lambda change: []
) -> list[str]:
    """Put an edited configuration in force, with a record for everything new; what changed, one line each.

    `settle` does in the same transaction what follows from days that change.

    Raises:
        Conflict: it takes away something whose work has begun.
    """
    edition = loaded.edition.id
    row = ledger.edition(edition)
    if row is None:
        raise Unknown(f"{edition}: this edition was not started; start it with `roundtable start {edition} --by NAME`")
    changes = list(differences(row.config, loaded.config))
    wanted = {(record.kind, record.key): record for record in process.initial(loaded.edition)}
    before = {(record.kind, record.key): record for record in process.initial(Edition.model_validate(row.config))}
    with ledger.change(edition, who) as change:
        _refuse_removals(change, edition, before.keys() - wanted.keys(), before)
        _refuse_strangers(ledger, loaded.edition)
        change.replace_config(loaded.config, loaded.sha256)
        for record in wanted.values():
            if not change.add_record(record.kind, record.key, record.state, record.session, record.facts):
                _follow(change, record, before.get((record.kind, record.key)))
        dates = {record.key: dt.date.fromisoformat(record.facts["date"]) for record in change.records(EVENT)}
        moved = replan(change, loaded.edition.with_dates(dates))
        settled = settle(change) if moved else []
    return [*(f"{place}: {_short(old)} -> {_short(new)}" for place, old, new in changes), *settled]


def _refuse_removals(
    change: Change, edition: str, gone: set[tuple[str, str]], before: Mapping[tuple[str, str], process.NewRecord]
) -> None:
    for kind, key in sorted(gone):
        record = change.record(kind, key)
        if record is not None and record.state != before[kind, key].state:
            raise Conflict(
                f"{edition}: {key} can't be taken out of the configuration, its {kind.replace('-', ' ')} is "
                f"{record.state}; leave it in and withdraw it"
            )


#: What the facts of records name, by the collection of the edition it must stand in.
_NAMED = {"person": "people", "body": "bodies", "joined": "bodies", "meeting": "events"}


def _refuse_strangers(ledger: Ledger, edition: Edition) -> None:
    """Nobody whom a record names may go: a replacement or a body that joined stands in no seat or team of the files."""
    for record in ledger.records(edition.id):
        for fact, collection in _NAMED.items():
            value = record.facts.get(fact) or []
            for id in [value] if isinstance(value, str) else value:
                if not edition.has(collection, id):
                    raise Conflict(
                        f"{edition.id}: {id} can't be taken out of the configuration, the "
                        f"{record.kind.replace('-', ' ')} {record.key} names it; leave it in"
                    )


def _follow(change: Change, wanted: process.NewRecord, before: process.NewRecord | None) -> None:
    """A seat nobody was asked for yet takes the person the configuration now names, an event the edited day."""
    record = change.record(wanted.kind, wanted.key)
    if record is None or before is None or wanted.facts == before.facts:
        return
    if wanted.kind == EVENT:
        change.note(record, date=wanted.facts["date"], until=wanted.facts.get("until"))
    if wanted.kind != "seat":
        return
    if record.state in ("open", "nominated") and record.facts.get("invitation") == 0 and wanted.facts.get("person"):
        change.move(record, "nominated", person=wanted.facts["person"])


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
