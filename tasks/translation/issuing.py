"""The paper in the other language, built from the checked bilingual file."""

from __future__ import annotations

from tasks.adapters.word.front import replace_front
from tasks.adapters.word.segments import extract, rebuild
from tasks.desk import Desk
from tasks.domain import background_paper
from tasks.domain.edition import Session
from tasks.domain.locale import is_rtl, proofing_tag
from tasks.domain.translation import STAGE
from tasks.pages import paper_front
from tasks.steps import step
from tasks.translation.checking import read_targets


@step("Issue the paper in the other language")
def issue(desk: Desk, session: Session, key: str) -> str:
    """Build the paper in its language from the checked bilingual file."""
    record = desk.record(STAGE, key)
    paper_key, language = record.facts["paper"], record.facts["language"]
    paper, version = background_paper.paper_of(session, paper_key), record.facts["version"]
    returned = read_targets(desk.content(record.facts["returned"]))
    # Rows a translator added are none of the paper's.
    known = {segment.id for segment in extract(desk.open(record.facts["final"]))}
    targets = {id: target for id, target in returned.items() if id in known}
    locale = desk.edition.language(language).locale
    built = rebuild(desk.store.get(record.facts["final"]), targets, proofing_tag(locale), is_rtl(locale))
    # The same number as the text it translates, so that "version 3" is one text in every language.
    number = max(desk.next_number("background-paper", paper_key, language), version)
    page = desk.render(
        paper_front(desk, session, paper_key, language, status="final", version=version),
        kind="background-paper", key=paper_key, session=session.id, language=language, title=paper.title[language],
        version=version, blocks=[],
    )  # fmt: skip
    data = desk.finish(
        replace_front(built, page), "background-paper", paper_key, session.id, language, version, paper.title[language]
    )
    made = desk.keep(
        data,
        stage="background-paper",
        kind="background-paper",
        key=paper_key,
        session=session.id,
        language=language,
        number=number,
    )
    with desk.change("the translation is complete") as change:
        desk.move(change, record, "issued", document=made.sha256)
        desk.add(change, made)
    return f"{paper_key}: issued in {language}"
