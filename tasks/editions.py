"""Starting an edition and changing a living one: the ledger's configuration wins, an edited folder is a proposal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from itertools import starmap

from tasks.adapters.edition_files import Loaded
from tasks.adapters.ledger import Change, Ledger, Record, Who
from tasks.desk.milestones import replan
from tasks.domain import process
from tasks.domain.calendar_records import EVENT, MILESTONE, begins_void
from tasks.domain.edition import Edition
from tasks.domain.edition_edits import differences, told
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
    wanted = {(record.kind, record.key): record for record in process.initial(loaded.edition)}
    replaced = Edition.model_validate(row.config)
    before = {(record.kind, record.key): record for record in process.initial(replaced)}
    with ledger.change(edition, who) as change:
        _refuse_removals(change, replaced, before.keys() - wanted.keys(), before)
        _refuse_strangers(ledger, loaded.edition)
        change.replace_config(loaded.config, loaded.sha256)
        states = {(record.kind, record.key): record.state for record in ledger.records(edition)}
        for record in wanted.values():
            is_void = record.kind == MILESTONE and begins_void(record.key, record.session, states)
            state = "void" if is_void else record.state
            if not change.add_record(record.kind, record.key, state, record.session, record.facts):
                _follow(change, record, before.get((record.kind, record.key)))
        dates = {record.key: dt.date.fromisoformat(record.facts["date"]) for record in change.records(EVENT)}
        moved = replan(change, loaded.edition.with_dates(dates))
        settled = settle(change) if moved else []
    return [*starmap(told, differences(row.config, loaded.config)), *settled]


def _refuse_removals(
    change: Change, edition: Edition, gone: set[tuple[str, str]], before: Mapping[tuple[str, str], process.NewRecord]
) -> None:
    for kind, key in sorted(gone):
        record = change.record(kind, key)
        if record is not None and record.state != before[kind, key].state:
            raise Conflict(
                f"{edition.id}: {key} can't be taken out of the configuration, its {kind.replace('-', ' ')} is "
                f"{record.state}; leave it in{_other_way(edition, record)}"
            )


def _other_way(edition: Edition, record: Record) -> str:
    """How work that has begun can be ended all the same: a meeting withdraws the note, and what rests on it ends."""
    withdrawing = [outcome.id for outcome in edition.rules.note_outcomes if outcome.leads_to == "withdrawn"]
    if not withdrawing or record.kind != "concept-note" or record.state in ("adopted", "withdrawn"):
        return ""
    return (
        f"; once the note is tabled, a meeting can withdraw it: `roundtable decide outcome {edition.id} {record.key} "
        f"{withdrawing[0]} --by NAME`"
    )


#: What the facts of records name, by the collection of the edition it must stand in.
_NAMED = {"person": "people", "body": "bodies", "joined": "bodies", "meeting": "events"}


def _refuse_strangers(ledger: Ledger, edition: Edition) -> None:
    """Nobody whom a record names may go: a replacement or a body that joined stands in no seat or team of the files.

    Nor may the language of a letter: it is shown and sent as one of the edition's.
    """
    for record in ledger.records(edition.id):
        for fact, collection in _NAMED.items():
            value = record.facts.get(fact) or []
            for id in [value] if isinstance(value, str) else value:
                if not edition.has(collection, id):
                    raise Conflict(
                        f"{edition.id}: {id} can't be taken out of the configuration, the "
                        f"{record.kind.replace('-', ' ')} {record.key} names it; leave it in"
                    )
    for letter in ledger.letters(edition.id):
        if not edition.has("languages", letter.language):
            raise Conflict(
                f"{edition.id}: {letter.language} can't be taken out of the configuration, the letter {letter.key} is "
                "written in it; leave it in"
            )


def _follow(change: Change, wanted: process.NewRecord, before: process.NewRecord | None) -> None:
    """A seat nobody was asked for yet takes the person the configuration now names, an event the edited day.

    What was taken out once and comes back has its record still: it follows, too.
    """
    record = change.record(wanted.kind, wanted.key)
    if record is None or (before is not None and wanted.facts == before.facts):
        return
    if wanted.kind == EVENT:
        change.note(record, date=wanted.facts["date"], until=wanted.facts.get("until"))
    if wanted.kind != "seat":
        return
    if record.state in ("open", "nominated") and record.facts.get("invitation") == 0 and wanted.facts.get("person"):
        change.move(record, "nominated", person=wanted.facts["person"])
