"""The bilingual files of a final paper go to its translator."""

from __future__ import annotations

from tasks.adapters.word.segments import extract
from tasks.desk import Desk
from tasks.domain import background_paper, letter
from tasks.domain.edition import Session
from tasks.domain.translation import STAGE
from tasks.steps import step
from tasks.translation.forms import bilingual_files, instructions, rows_to_translate


@step("Send the bilingual file to the translator")
def send(desk: Desk, session: Session, key: str) -> str:
    """Make the bilingual files of the final paper and draft the letter to the translator."""
    record = desk.record(STAGE, key)
    paper_key, language = record.facts["paper"], record.facts["language"]
    source, paper = desk.edition.drafting_language.id, background_paper.paper_of(session, paper_key)
    final = desk.current("background-paper", paper_key, source)
    segments = extract(desk.open(final.sha256))
    files = bilingual_files(desk, session, record, final, rows_to_translate(desk, language, segments))
    translator = desk.edition.language(language).translator
    drafted = None
    if translator:
        recipient = desk.recipient(translator, translator)
        to = recipient.language.id
        drafted = desk.draft(
            letter.TranslationRequest(
                edition=desk.edition.names[to],
                deadline=desk.day(desk.answer_by("translation-due", record.key), to),
                session=session.id,
                session_title=session.title[to],
                paper_title=paper.title[to],
                source_language=desk.language_name(source, to),
                target_language=desk.language_name(language, to),
                instructions=instructions(desk, language, to),
            ),
            recipient,
            session,
        )
    with desk.change("the final paper is issued") as change:
        desk.move(change, record, "sent", version=final.number, final=final.sha256, segments=len(segments), attempt=0)
        for made in files:
            desk.add(change, made)
        if drafted:
            enclosed = [made.sha256 for made in files]
            desk.post(change, f"translation-request/{key}/{final.number}", drafted, enclosed)
    return f"{key}: {len(segments)} segments to {translator or 'the coordinator'}"
