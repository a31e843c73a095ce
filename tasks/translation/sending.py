"""The bilingual file of a final paper goes to its translators: all of it, or after a change what is left to do."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.adapters.ledger import Change, Record
from tasks.adapters.word.segments import Segment
from tasks.desk import Desk, Drafted, Made
from tasks.domain import background_paper, letter
from tasks.domain.edition import Session
from tasks.domain.targets import Origin, Standing, Translated, carry, propose, repeats
from tasks.domain.translation import REVIEW, STAGE, ask_until
from tasks.steps import step
from tasks.translation.forms import Share, bilingual_files, instructions
from tasks.translation.knowing import proposals
from tasks.translation.working import keep, load, named, segments_of


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
    is_again = before is not None
    if before is not None:
        translated = carry(segments_of(desk, before), segments, translated)
    translated = propose(translated, segments, proposals(desk, language, segments))
    until = ask_until(desk.edition, desk.due("translation-due", key), desk.today, is_again=is_again)
    files = []
    for translator, rows in by_translator(desk, record, segments, translated).items():
        is_shared = translator != desk.edition.language(language).translator
        share = Share(rows, until, translator if is_shared else None)
        made = bilingual_files(desk, session, record, final.number, share, translated)
        files.append((translator, made, request(desk, session, record, translator, share, is_again=is_again)))
    text = keep(desk, record, translated)
    facts = {"version": final.number, "final": final.sha256, "segments": len(segments), "attempt": 0}
    with desk.change("the final paper was changed" if is_again else "the final paper is issued") as change:
        facts |= named(desk, change, text, segments, translated)
        for review in change.records(REVIEW, session.id):
            if review.facts["translation"] == key and review.state == "asked":
                desk.move(change, review, "closed", reason="the paper was changed")
        sent = desk.move(
            change, record, "sent" if files else "received", **facts, until=until.isoformat() if is_again else None,
            **{"with": [translator for translator, _, _ in files if translator]},
        )  # fmt: skip
        for _, made, drafted in files:
            enclose(desk, change, made, drafted, final.number)
    left = sent.facts["progress"]
    if not files:
        return f"{key}: the change leaves nothing to translate"
    to = ", ".join(translator or "the coordinator" for translator, _, _ in files)
    return f"{key}: {left['segments'] - left['done']} segments to {to}"


def by_translator(
    desk: Desk, record: Record, segments: Sequence[Segment], translated: Translated
) -> dict[str | None, list[Segment]]:
    """Whose rows are whose, of those that are not done: a changed one is for who translated it before.

    What says the same as an earlier row is nobody's: it gets the same translation.
    """
    main = desk.edition.language(record.facts["language"]).translator
    again, assigned = repeats(segments), record.facts.get("assigned", {})
    found: dict[str | None, list[Segment]] = {}
    for each in segments:
        standing, held = translated.standing(each), translated.targets.get(each.id)
        if standing is Standing.DONE or (each.id in again and standing is not Standing.STALE):
            continue
        is_theirs = held is not None and held.origin is Origin.TRANSLATOR and desk.edition.has("people", held.by)
        earlier = held.by if held is not None and is_theirs else main
        found.setdefault(assigned.get(each.id, earlier), []).append(each)
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
