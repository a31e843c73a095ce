"""Several translators share a paper: a range of its rows goes to one of them."""

from __future__ import annotations

from dataclasses import replace

from tasks.desk import Desk
from tasks.domain import rights
from tasks.domain.errors import NotNow, Unknown
from tasks.domain.rights import Subject
from tasks.domain.translation import STAGE, ask_until
from tasks.translation.checking import find_translation
from tasks.translation.forms import Share, bilingual_files
from tasks.translation.knowing import matches_for
from tasks.translation.sending import by_translator, enclose, request
from tasks.translation.working import load, segments_of


def assign(desk: Desk, key: str, translator: str, first: str, last: str) -> str:
    """Give the rows `first` to `last` of a translation to a translator, who gets a bilingual file of their own.

    Rows that are done stay done, and the translator who had them may still return them: the later text holds.

    Raises:
        NotNow: the translation is not at its translators, or nothing is left to do in these rows.
        NotYours: the edition's rights do not let the desk's person decide about it.
        Unknown: there is no such translation, person or row.
    """
    record = find_translation(desk, key)
    rights.allow(desk.edition, desk.by, "decide", Subject(STAGE, record.session))
    if record.state != "sent":
        raise NotNow(f"{key}: rows are shared out while the translation is with its translators; it is {record.state}")
    if not desk.edition.has("people", translator):
        raise Unknown(f"{translator}: {desk.edition.id} has nobody of this id among its people; add them and apply")
    segments, translated = segments_of(desk, record.facts["final"]), load(desk, record)
    ids = [each.id for each in segments]
    for row in (first, last):
        if row not in ids:
            raise Unknown(
                f"{key}: no row {row}; its rows are {ids[0]} to {ids[-1]}, as the bilingual file numbers them"
            )
    start, end = sorted((ids.index(first), ids.index(last)))
    assigned = {**record.facts.get("assigned", {}), **dict.fromkeys(ids[start : end + 1], translator)}
    shared = replace(record, facts={**record.facts, "assigned": assigned})
    rows = by_translator(desk, shared, segments, translated)
    if not rows.get(translator):
        raise NotNow(f"{key}: rows {first} to {last} are translated already; nothing is left to give to {translator}")
    session, version = desk.edition.session(record.session or ""), record.facts["version"]
    until = ask_until(desk.edition, desk.due("translation-due", key), desk.today, is_again=False)
    share, matches = Share(rows[translator], until, translator), matches_for(desk, record.facts["language"], segments)
    files = bilingual_files(desk, session, shared, version, share, translated, matches)
    drafted = request(desk, session, shared, translator, share, is_again=False)
    with desk.change(f"rows {first} to {last} for {translator}") as change:
        change.note(record, assigned=assigned, **{"with": [each for each in rows if each]})
        enclose(desk, change, files, drafted, f"{version}/{files[0].number}")
    return f"{key}: {len(rows[translator])} rows from {first} to {last} for {translator}"
