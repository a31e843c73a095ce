"""The bilingual file of a final paper goes to its translator."""

from __future__ import annotations

from tasks.adapters.word.contexts import Bilingual
from tasks.adapters.word.rows import Rows
from tasks.adapters.word.segments import extract
from tasks.desk import Desk
from tasks.domain import background_paper, letter
from tasks.domain.edition import Session
from tasks.domain.locale import is_rtl, proofing_tag
from tasks.domain.translation import STAGE
from tasks.steps import step


@step("Send the bilingual file to the translator")
def send(desk: Desk, session: Session, key: str) -> str:
    """Make the bilingual file of the final paper and draft the letter to the translator."""
    record = desk.record(STAGE, key)
    paper_key, language = record.facts["paper"], record.facts["language"]
    source, paper = desk.edition.drafting_language.id, background_paper.paper_of(session, paper_key)
    final = desk.current("background-paper", paper_key, source)
    segments = extract(desk.open(final.sha256))
    words = desk.words(language)
    names = {code: desk.language_name(code, language) for code in (source, language)}
    locales = {code: desk.edition.language(code).locale for code in (source, language)}
    made = desk.write(
        Bilingual(
            **desk.page(language, version=str(final.number)),
            kind=words("documents.bilingual"),
            title=paper.title[language],
            subtitle=f"{words('labels.session')} {session.id}",
            instructions_heading=words("instructions.bilingual-heading"),
            instructions=words.strings(
                "instructions.bilingual",
                target=names[language],
                deadline=desk.day(desk.answer_by("translation-due", key), language),
            ),
            number_label=words("columns.number"),
            source_label=names[source],
            target_label=names[language],
        ),
        stage=STAGE,
        kind="bilingual",
        key=key,
        session=session.id,
        language=language,
        number=desk.next_number("bilingual", key, language),
        version=final.number,
        title=paper.title[language],
        rows=Rows(
            [(segment.id, segment.text, "") for segment in segments],
            source_language=proofing_tag(locales[source]),
            source_rtl=is_rtl(locales[source]),
            target_language=proofing_tag(locales[language]),
            target_rtl=is_rtl(locales[language]),
        ),
    )
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
            ),
            recipient,
            session,
        )
    with desk.change("the final paper is issued") as change:
        desk.move(change, record, "sent", version=final.number, final=final.sha256, segments=len(segments), attempt=0)
        desk.add(change, made)
        if drafted:
            desk.post(change, f"translation-request/{key}/{final.number}", drafted, [made.sha256])
    return f"{key}: {len(segments)} segments to {translator or 'the coordinator'}"
