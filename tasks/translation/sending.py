"""The bilingual file of a final paper goes to its translators: all of it, or after a change what is left to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tasks.adapters.ledger import Change, Record
from tasks.adapters.word.segments import Segment
from tasks.desk import Desk, Drafted, Made
from tasks.domain import background_paper, letter
from tasks.domain.edition import Session
from tasks.domain.targets import Standing, Translated, carry, moved, propose, repeats, spread
from tasks.domain.translation import REVIEW, STAGE, ask_until
from tasks.steps import step
from tasks.translation.checking import check
from tasks.translation.forms import Share, bilingual_files, instructions, share_for
from tasks.translation.knowing import matches_for, proposals
from tasks.translation.returning import ASKED, owner_of, owners_of, rows_of, send_back_to_owners, void_letters
from tasks.translation.working import facts_of, keep, load, segments_of


@step("Send the bilingual file to the translator")
def send(desk: Desk, session: Session, key: str) -> str:
    """Make the bilingual file of what is to be translated in the final paper and draft the letters to its translators.

    Where the paper was changed, what was translated of it stays, and only what the change makes stale is asked for.
    """
    record = desk.record(STAGE, key)
    paper_key, language = record.facts["paper"], record.facts["language"]
    final = desk.current("background-paper", paper_key, desk.edition.drafting_language.id)
    segments = segments_of(desk, final.sha256)
    translated, before = load(desk, record), record.facts.get("final")
    is_again, kept = before is not None, {}
    if before is not None:
        old = segments_of(desk, before)
        translated, kept = carry(old, segments, translated), _facts_in(record, old, segments)
    matches = matches_for(desk, language, segments)
    translated = spread(propose(translated, segments, proposals(desk, language, segments, matches)), segments)
    facts = {"version": final.number, "final": final.sha256, "segments": len(segments), "attempt": 0, **kept}
    record_then = replace(record, facts={**record.facts, **facts})
    until = ask_until(desk.edition, desk.due("translation-due", key), desk.today, is_again=is_again)
    files = []
    for translator, rows in by_translator(desk, record_then, segments, translated).items():
        share = share_for(desk, record, translator, rows, until)
        made = bilingual_files(desk, session, record, final.number, share, translated, matches)
        files.append((translator, made, request(desk, session, record, translator, share, is_again=is_again)))
    # Nothing may be left to translate, and something still to mend.
    checked = check(desk, record_then, translated) if not files else None
    blocking = checked.blocking if checked else []
    owners = owners_of(desk, record_then, blocking, translated)
    again = {owner: rows_of(desk, session, record_then, owner, rows, translated) for owner, rows in owners.items()}
    waited_for = [translator for translator, _, _ in files] or list(owners)
    text = keep(desk, record, translated)
    with desk.change("the final paper was changed" if is_again else "the final paper is issued") as change:
        desk.move(
            change, record, "sent" if files or owners else "received", **facts,
            **facts_of(text, segments, translated), until=until.isoformat() if is_again else None,
            **{"with": [translator for translator in waited_for if translator]},
        )  # fmt: skip
        if text:
            desk.add(change, text)
        for review in change.records(REVIEW, session.id):
            if review.facts["translation"] == key and review.state == "asked":
                desk.move(change, review, "closed", reason="the paper was changed")
        void_letters(desk, change, record, ASKED, "the paper was changed")
        for _, made, drafted in files:
            enclose(desk, change, made, drafted, final.number)
        if checked and owners:
            send_back_to_owners(desk, change, session, record_then, checked, owners, f"{final.number}/0", again)
    if not waited_for:
        return f"{key}: the change leaves nothing to translate"
    to = ", ".join(translator or "the coordinator" for translator in waited_for)
    what = f"{len(translated.open(segments))} segments" if files else f"{len(blocking)} findings"
    return f"{key}: {what} to {to}"


def _facts_in(record: Record, old: Sequence[Segment], new: Sequence[Segment]) -> dict[str, Any]:
    """Whose rows are whose, and what was waived, by the rows of the new text; of a changed row nothing is waived."""
    now = moved(old, new)
    before, after = ({each.id: each.text for each in side} for side in (old, new))
    same = {id: there for id, there in now.items() if before[id] == after[there]}
    waived = {}
    for key, waiver in record.facts.get("waived", {}).items():
        segment, _, rest = key.partition("|")
        if segment in same:
            waived[f"{same[segment]}|{rest}"] = waiver
    assigned = {now[id]: whose for id, whose in record.facts.get("assigned", {}).items() if id in now}
    return {"assigned": assigned, "waived": waived}


def by_translator(
    desk: Desk, record: Record, segments: Sequence[Segment], translated: Translated
) -> dict[str | None, list[Segment]]:
    """Whose rows are whose, of those that are not done: a changed one is for who translated it before.

    What says the same as an earlier row is nobody's: it gets the same translation.
    """
    again = repeats(segments)
    found: dict[str | None, list[Segment]] = {}
    for each in segments:
        standing = translated.standing(each)
        if standing is Standing.DONE or (each.id in again and standing is not Standing.STALE):
            continue
        found.setdefault(owner_of(desk, record, each.id, translated), []).append(each)
    return found


def enclose(desk: Desk, change: Change, files: Sequence[Made], drafted: Drafted | None, what: str | int) -> None:
    """Name the files of one share, and post the letter that brings them."""
    for made in files:
        desk.add(change, made)
    if drafted:
        enclosed = [made.sha256 for made in files]
        desk.post(change, f"translation-request/{files[0].key}/{what}", drafted, enclosed)


def request(
    desk: Desk, session: Session, record: Record, translator: str | None, share: Share, *, is_again: bool
) -> Drafted | None:
    """The letter that asks a translator for a share; None where the language has none."""
    if translator is None:
        return None
    recipient = desk.recipient(translator, translator)
    to = recipient.language.id
    return desk.draft(
        letter.TranslationRequest(
            edition=desk.edition.names[to],
            deadline=desk.day(share.until, to),
            session=session.id,
            session_title=session.title[to],
            paper_title=background_paper.paper_of(session, record.facts["paper"]).title[to],
            source_language=desk.language_name(desk.edition.drafting_language.id, to),
            target_language=desk.language_name(record.facts["language"], to),
            instructions=instructions(desk, record.facts["language"], to),
            changed=desk.number(len(share.segments), to) if is_again else "",
        ),
        recipient,
        session,
    )
