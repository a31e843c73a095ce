"""The paper in the other languages, built from its translations, all of them at once or as the edition says."""

from __future__ import annotations

from tasks.adapters.ledger import Record
from tasks.adapters.word.front import replace_front
from tasks.adapters.word.segments import rebuild
from tasks.desk import Desk
from tasks.domain import background_paper
from tasks.domain.edition import Session
from tasks.domain.locale import is_rtl, proofing_tag
from tasks.domain.targets import Translated
from tasks.domain.translation import STAGE, is_ready, keys
from tasks.pages import paper_front
from tasks.steps import step
from tasks.translation.corrigendum import corrigenda
from tasks.translation.working import load, segments_of


@step("Issue the paper in the other languages")
def issue(desk: Desk, session: Session, key: str) -> str:
    """Make the documents of paper `key` in every language that is ready, under one version and symbol.

    After a correction of a published paper its corrigendum goes with the last of them.
    """
    view = desk.view(session)
    ready = [
        desk.record(STAGE, translation)
        for translation, paper, _ in keys(desk.edition, session)
        if paper == key and (standing := view.find(STAGE, translation)) and is_ready(view, standing)
    ]
    source = desk.record(background_paper.STAGE, key)
    version, title = source.facts["version"], background_paper.paper_of(session, key).title
    made = []
    for record in ready:
        language = record.facts["language"]
        data = build(desk, session, record, load(desk, record), "final")
        # The same number as the text it translates, so that "version 3" is one text in every language.
        number = max(desk.next_number(background_paper.STAGE, key, language), version)
        data = desk.finish(data, background_paper.STAGE, key, session.id, language, version, title[language])
        made.append(
            desk.keep(
                data, stage=background_paper.STAGE, kind=background_paper.STAGE, key=key, session=session.id,
                language=language, number=number,
            )
        )  # fmt: skip
    owed = [desk.record(STAGE, each) for each, paper, _ in keys(desk.edition, session) if paper == key]
    is_whole = all(each in ready or each.state == "issued" for each in owed)
    issued = desk.ledger.documents(desk.edition.id, kind=background_paper.STAGE, key=key, status="current")
    now = {row.language: row.sha256 for row in issued} | {document.language: document.sha256 for document in made}
    corrected = corrigenda(desk, session, source, now) if is_whole else []
    with desk.change("the translations are complete") as change:
        for record, document in zip(ready, made, strict=True):
            desk.move(change, record, "issued", document=document.sha256)
            desk.add(change, document)
        for document in corrected:
            desk.add(change, document)
        change.note(source, published=version, **({"amendment": None} if is_whole else {}))
    told = [f"issued in {', '.join(document.language for document in made)}"] if made else []
    told += [f"corrigendum in {', '.join(document.language for document in corrected)}"] if corrected else []
    return f"{key}: {', '.join(told)}"


def build(desk: Desk, session: Session, record: Record, translated: Translated, status: str) -> bytes:
    """The paper in a translation's language with its own front page; `status` is as of `paper_front`."""
    language, final = record.facts["language"], record.facts["final"]
    paper = background_paper.paper_of(session, record.facts["paper"])
    version, locale = record.facts["version"], desk.edition.language(language).locale
    targets = translated.in_force(segments_of(desk, final))
    labels = desk.caption_labels(language) | {"contents": desk.words(language)("labels.contents")}
    built = rebuild(desk.store.get(final), targets, proofing_tag(locale), is_rtl(locale), labels)
    page = desk.render(
        paper_front(desk, session, record.facts["paper"], language, status=status, version=version),
        kind=background_paper.STAGE, key=record.facts["paper"], session=session.id, language=language,
        title=paper.title[language], version=version, blocks=[],
    )  # fmt: skip
    return replace_front(built, page)
