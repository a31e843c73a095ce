"""Stage 2, the background paper: skeleton, drafts in versions, comment rounds, the frozen final text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from tasks import comment_matrix, decisions, forms
from tasks.adapters.ledger import Record
from tasks.adapters.word import identity, reader
from tasks.adapters.word.front import replace_front
from tasks.adapters.word.markup import accept_all
from tasks.adapters.word.numbered import number_paragraphs
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.segments import extract
from tasks.decisions import Correction
from tasks.desk import Desk, Drafted, Made
from tasks.domain import background_paper as rules
from tasks.domain import letter, rights
from tasks.domain.checks.finding import visible
from tasks.domain.concept_note import problems as text_problems
from tasks.domain.edition import Session
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.locale import counted
from tasks.domain.rights import Subject
from tasks.domain.targets import changed
from tasks.letters import mail_about
from tasks.pages import paper_front
from tasks.steps import Received, register, step, take

STAGE = rules.STAGE


def advance(desk: Desk, session: Session) -> list[str]:
    """Do what is due for the papers of `session`."""
    steps = {
        "open": open_paper, "circulate": circulate, "close_round": close_round, "compile": comment_matrix.compile_round,
        "settle": comment_matrix.settle_round, "ask_next": ask_next, "issue": issue,
    }  # fmt: skip
    return take(desk, session, rules.due, steps)


@step("Send the lead the skeleton of the background paper")
def open_paper(desk: Desk, session: Session, key: str) -> str:
    """Make the skeleton with the roster of the team and draft the letter to the writer."""
    record = desk.record(STAGE, key)
    paper = rules.paper_of(session, key)
    language = desk.edition.drafting_language.id
    made = desk.write(
        paper_front(desk, session, key, language, status="form", version=0),
        stage=STAGE,
        kind="paper-skeleton",
        key=key,
        session=session.id,
        language=language,
        number=desk.next_number("paper-skeleton", key, language),
        known_as=STAGE,  # what comes back is the paper itself, based on version 0
        version=0,
        title=paper.title[language],
        blocks=forms.form_blocks(desk, language, desk.edition.rules.paper_sections),
    )
    recipient = desk.recipient(rules.writer(session, paper))
    to = recipient.language.id
    drafted = desk.draft(
        letter.PaperInvitation(
            edition=desk.edition.names[to],
            deadline=desk.day(desk.answer_by("draft-1", key), to),
            session=session.id,
            session_title=session.title[to],
            paper_title=paper.title[to],
        ),
        recipient,
        session,
    )
    with desk.change("the team's note was adopted") as change:
        desk.move(change, record, "writing", round=1, version=0, attempt=0)
        desk.add(change, made)
        desk.post(change, f"paper-invitation/{key}", drafted, [made.sha256])
    return f"{key}: skeleton for {recipient.party}"


def receive(desk: Desk, file: Received) -> str:
    """Take a returned text as the next draft, or as the final text after the last round; or return it with reasons.

    Tracked changes in it are accepted, and where it differs from the decisions is told; neither holds it up.
    """
    session = desk.edition.session(file.identity.session)
    key = file.identity.key
    record = desk.record(STAGE, key)
    if record.state != "writing":
        raise NotNow(
            f"{file.name}: no text of {key} is awaited, the paper is {record.state} at version "
            f"{record.facts.get('version', 0)}; keep the file until the round is over"
        )
    if file.identity.version != record.facts["version"]:
        raise NotNow(
            f"{file.name}: it is based on version {file.identity.version} of {key}, version {record.facts['version']} "
            "is in force; ask for the changes in the current version"
        )
    comment_matrix.refuse_undecided(desk, key, file.name)
    paper, language = rules.paper_of(session, key), desk.edition.drafting_language.id
    writer, limit = rules.writer(session, paper), desk.edition.rules.word_limits.background_paper
    text = comment_matrix.as_it_reads(file)
    docx = unpack(text.data)
    blocks = reader.read_body(docx).blocks
    count = forms.count_words(desk, docx, blocks, desk.edition.rules.paper_sections)
    sections = forms.written_sections(desk, blocks, desk.edition.rules.paper_sections)
    problems = text_problems(count, limit, sections, desk.edition.rules.paper_sections)
    attempt = desk.next_number("paper-received", key)  # goes on where a correction went back
    received = desk.keep(
        file.data, stage=STAGE, kind="paper-received", key=key, session=session.id, language=language, number=attempt
    )
    if problems:
        return _send_back(desk, session, record, file, received, problems, count.total)
    round, version = record.facts["round"], desk.next_number(STAGE, key, language)
    is_final = rules.is_final_round(desk.edition, round)
    found = comment_matrix.differences_in(desk, key, record.facts["version"], text)
    made = _stamped(desk, session, key, text.data, "received" if is_final else "draft", version)
    what = "final text" if is_final else f"draft {round}"
    told = [f"{key}: {what} from {writer}, {count.total:,} words, version {version}", *text.told]
    summary = "; ".join(line for line in (*told, comment_matrix.spoken(found)) if line)
    file.receipt = comment_matrix.remarked(desk, file.receipt, text, found)
    with desk.change(f"{file.name} came in") as change:
        register(desk, change, file, summary)
        desk.add(change, received, status="received")
        desk.add(change, made)
        state = "submitted" if is_final else "drafted"
        differences = [[each.matrix, each.row, each.finding.value] for each in found]
        desk.move(
            change, record, state, version=version, attempt=attempt, words=count.total, differences=differences
        )  # fmt: skip
    return summary


def _send_back(
    desk: Desk,
    session: Session,
    record: Record,
    file: Received,
    received: Made,
    problems: list[tuple[str, int | str]],
    words: int,
) -> str:
    paper, limit = rules.paper_of(session, record.key), desk.edition.rules.word_limits.background_paper
    writer = rules.writer(session, paper)
    reasons = forms.reasons_for(desk, problems, desk.recipient(writer).language.id, words, limit)
    summary = f"{record.key} background paper: {forms.spoken_problems(problems, words, limit, writer)}"
    drafted = _returned_letter(desk, session, record.key, reasons)
    with desk.change(f"{file.name} came in") as change:
        register(desk, change, file, summary, is_answered=True)
        desk.add(change, received, status="received")
        change.note(record, attempt=received.number)
        desk.post(change, f"paper-returned/{record.key}/{received.number}", drafted, answered=file.mail)
    return summary


def _returned_letter(desk: Desk, session: Session, key: str, reasons: list[str]) -> Drafted:
    paper = rules.paper_of(session, key)
    recipient = desk.recipient(rules.writer(session, paper))
    to = recipient.language.id
    return desk.draft(
        letter.PaperReturned(
            edition=desk.edition.names[to],
            deadline=desk.day(desk.answer_by("final-due", key), to),
            session=session.id,
            session_title=session.title[to],
            paper_title=paper.title[to],
            reasons=reasons,
        ),
        recipient,
        session,
    )


@step("Circulate the draft to the team")
def circulate(desk: Desk, session: Session, key: str) -> str:
    """Give each partner its own copy of the draft, known by its properties, and ask for comments."""
    record, view = desk.record(STAGE, key), desk.view(session)
    paper, language = rules.paper_of(session, key), desk.edition.drafting_language.id
    round, version = record.facts["round"], record.facts["version"]
    until = rules.comment_deadline(desk.edition, desk.due(f"comments-{round}", key), desk.today)
    master = desk.store.get(comment_matrix.version_of(desk, key, version))
    copies = []
    for body in rules.commenters(view, paper):
        data = desk.stamp(master, "comments", f"{key}|{body}", session.id, language, version)
        made = desk.keep(
            data, stage=STAGE, kind="circulation", key=key, session=session.id, language=language, number=version,
            party=body,
        )  # fmt: skip
        recipient = desk.recipient(body)
        to = recipient.language.id
        drafted = desk.draft(
            letter.Circulation(
                edition=desk.edition.names[to],
                deadline=desk.day(until, to),
                session=session.id,
                session_title=session.title[to],
                paper_title=paper.title[to],
                round=str(round),
            ),
            recipient,
            session,
        )
        copies.append((body, made, drafted))
    with desk.change(f"draft {round} goes round") as change:
        desk.move(change, record, "circulated", until=until.isoformat())
        for body, made, drafted in copies:
            desk.add(change, made)
            comments = f"{key}|{round}|{body}"
            facts = {"paper": key, "round": round, "version": version, "body": body}
            if not change.add_record("comments", comments, "asked", session.id, facts):
                asked = change.record("comments", comments)
                assert asked is not None
                decisions.bring_back(change, asked, "asked", **facts, first_at=None)  # the draft is another one
            desk.post(change, f"circulation/{key}/{round}/{body}", drafted, [made.sha256])
    return f"{key}: draft {round} to {counted(len(copies), 'partner')} until {until:%-d %B %Y}"


def receive_comments(desk: Desk, file: Received) -> str:
    """Register a partner's returned copy with its round, late ones too. The newest holds, earlier ones are kept."""
    key, _, body = file.identity.key.partition("|")
    session = desk.edition.session(file.identity.session)
    asked = [
        record
        for record in desk.ledger.records(desk.edition.id, "comments", session.id)
        if record.facts["paper"] == key and record.facts["body"] == body
        and record.facts["version"] == file.identity.version
    ]  # fmt: skip
    if not asked:
        raise Unknown(
            f"{file.name}: {body} was not asked for comments on version {file.identity.version} of {key}; "
            "register it with the round it belongs to"
        )
    record = asked[-1]
    language = desk.edition.drafting_language.id
    earlier = [
        row
        for row in desk.ledger.documents(desk.edition.id, kind="comments-received", key=key, party=body)
        if row.language == language
    ]
    made = desk.keep(
        file.data, stage=STAGE, kind="comments-received", key=key, session=session.id, language=language,
        number=max((row.number for row in earlier), default=0) + 1, party=body,
    )  # fmt: skip
    late = ", after the round was closed" if comment_matrix.is_late(record) else ""
    summary = f"{key}: comments of {body} on draft {record.facts['round']}{late}"
    replaced = [row for row in earlier if row.sha256 == record.facts.get("file")]
    if replaced:
        summary += f"; they take the place of those of {record.changed_at:%-d %B %Y}"
    with desk.change(f"{file.name} came in") as change:
        change.supersede_documents([row.id for row in replaced], f"a newer file of {body} for the same round came in")
        register(desk, change, file, summary)
        desk.add(change, made, status="received")
        comment_matrix.answered(desk, change, record, file=made.sha256)
    return summary


def nil_return(desk: Desk, session: Session, key: str, body: str, reason: str = "") -> str:
    """Record that a partner has nothing to say on the draft that circulates.

    Raises:
        NotNow: no draft circulates, or the body has answered.
        Unknown: the body was not asked.
    """
    record = desk.record(STAGE, key)
    if record.state != "circulated":
        raise NotNow(f"{key}: no draft circulates, the paper is {record.state}")
    asked, version = f"{key}|{record.facts['round']}|{body}", record.facts["version"]
    with desk.change(f"nil return of {body}") as change:
        taken = decisions.take(
            desk,
            change,
            key=f"comments/{asked}/{version}",
            kind="comments",
            subject=asked,
            answer={"answer": "nil"},
            reason=reason,
        )
        if taken.record is None:
            return taken.message
        desk.move(change, taken.record, "nil")
    return f"{key}: {body} has no comments on draft {record.facts['round']}"


def correct_nil_return(desk: Desk, asked: str, to: str, correction: Correction) -> str:
    """Correct what a partner's answer without comments was: it is `awaited` after all, or `nil` is right again.

    Raises:
        Invalid: `to` is neither, or no reason is given.
        NotNow: the partner's comments have come, or that draft circulates no more.
    """
    if to not in ("awaited", "nil"):
        raise Invalid(f"{correction.key}: {to!r} is no answer of a partner; correct it to 'awaited' or 'nil'")
    comments = desk.record("comments", asked)
    key, round, body = (comments.facts[name] for name in ("paper", "round", "body"))
    paper = desk.record(STAGE, key)
    if comments.state == "answered":
        raise NotNow(
            f"{key}: {body} has sent comments on draft {round} since, and they count; nothing is to be corrected"
        )
    if (paper.state, paper.facts["round"]) != ("circulated", round):
        raise NotNow(
            f"{key}: draft {round} circulates no more; have the comments of {body} sent in, late ones are taken until "
            "the text is frozen"
        )
    with desk.change(f"correction of the nil return of {body}") as change:
        taken = decisions.take(
            desk, change, key=correction.key, kind="comments", subject=asked, answer={"answer": to},
            reason=correction.reason, correction=correction,
        )  # fmt: skip
        if to == "nil" and taken.record:
            desk.move(change, taken.record, "nil")
    told = "has no comments on" if to == "nil" else "is awaited again with comments on"
    return "\n".join([f"{key}: {body} {told} draft {round}", *taken.undone])


@step("Close the comment round")
def close_round(desk: Desk, session: Session, key: str) -> str:
    """Count who answered and who is silent; what was said is decided on before the writer is asked for the next."""
    record, view = desk.record(STAGE, key), desk.view(session)
    round = record.facts["round"]
    asked = rules.comments_of(view, key, round)
    silent = [comments for comments in asked if comments.state == "asked"]
    with desk.change(f"comment round {round} is over") as change:
        desk.move(change, record, "deciding", until=None)
        for comments in silent:
            current = change.record("comments", comments.key)
            assert current is not None
            desk.move(change, current, "silent")
    answered = sum(comments.state == "answered" for comments in asked)
    return f"{key}: round {round} closed, {answered} answered, {len(silent)} silent"


@step("Ask the writer for the next text")
def ask_next(desk: Desk, session: Session, key: str) -> str:
    """Tell the writer who answered, with the matrix of the comments and the text as the team decided it."""
    record, view = desk.record(STAGE, key), desk.view(session)
    paper, round = rules.paper_of(session, key), record.facts["round"]
    asked = rules.comments_of(view, key, round)
    answered = sorted(c.facts["body"] for c in asked if c.state == "answered")
    silent = sorted(c.facts["body"] for c in asked if c.state == "silent")
    recipient = desk.recipient(rules.writer(session, paper))
    to = recipient.language.id
    is_final = rules.is_final_round(desk.edition, round + 1)
    due = desk.answer_by(rules.text_milestone(desk.edition, round + 1), key)
    words = desk.words(to)
    drafted = desk.draft(
        letter.NextDraft(
            edition=desk.edition.names[to],
            deadline=desk.day(due, to),
            session=session.id,
            session_title=session.title[to],
            paper_title=paper.title[to],
            round=str(round),
            answered=[desk.edition.body(body).names[to] for body in answered],
            silent=[desk.edition.body(body).names[to] for body in silent],
            awaited=words("labels.final") if is_final else words("labels.draft_number", number=round + 1),
        ),
        recipient,
        session,
    )
    with desk.change(f"the comments of round {round} are decided") as change:
        desk.move(change, record, "writing", round=round + 1)
        desk.post(change, f"next-draft/{key}/{round}", drafted, comment_matrix.enclosures(desk, key, round))
    return f"{key}: the next text is asked for"


def decide(
    desk: Desk, session: Session, key: str, answer: str, reason: str = "", correction: Correction | None = None
) -> str:
    """Record the coordinator's decision on a submitted final text: `freeze`, or `return` with a reason."""
    if answer not in ("freeze", "return"):
        raise Invalid(f"{key} background paper: {answer!r} is no decision; it is 'freeze' or 'return'")
    if answer == "return" and not reason.strip():
        raise Invalid(f"{key} background paper: a text goes back with a reason; say what is to be mended")
    record = desk.ledger.record(desk.edition.id, STAGE, key)
    if record is None:
        raise Unknown(f"{key}: no such paper in {desk.edition.id}; see `roundtable status {desk.edition.id}`")
    number = correction.key if correction else f"paper/{key}/{record.facts.get('version', 0)}"
    drafted = _returned_letter(desk, session, key, [reason]) if answer == "return" else None
    mail = mail_about(desk, STAGE, key) if drafted else None
    with desk.change(f"decision on the final text: {answer}") as change:
        taken = decisions.take(
            desk, change, key=number, kind=STAGE, subject=key, answer={"decision": answer}, reason=reason,
            correction=correction,
        )  # fmt: skip
        if taken.record is None:
            return taken.message
        decisions.must_be(desk, taken.record, "submitted", f"{key} background paper", "no final text awaits a decision")
        desk.move(change, taken.record, "frozen" if answer == "freeze" else "writing")
        if drafted:
            version = taken.record.facts["version"]
            desk.post(change, f"paper-returned/{key}/{version}/decision", drafted, answered=mail)
    return "\n".join([f"{key} background paper: {answer} by {desk.by}", *taken.undone])


@step("Issue the final background paper")
def issue(desk: Desk, session: Session, key: str) -> str:
    """Make the frozen text the final document in the drafting language."""
    record, language = desk.record(STAGE, key), desk.edition.drafting_language.id
    version = desk.next_number(STAGE, key, language)
    # After a correction the text in force may be one that a later version had superseded.
    master = desk.store.get(comment_matrix.version_of(desk, key, record.facts["version"]))
    made = _stamped(desk, session, key, master, "final", version)
    # Where there are translations it is published with them.
    published = {} if len(desk.edition.languages) > 1 else {"published": version}
    with desk.change("the final text is frozen") as change:
        desk.move(change, record, "issued", version=version, final=made.sha256, **published)
        desk.add(change, made)
    return f"{key}: final text issued as version {version}"


def changes_by(desk: Desk, key: str, data: bytes) -> list[tuple[str, str]]:
    """How a new text differs from the one in force, paragraph by paragraph: what it was, what it is, "" for none.

    Raises:
        NotNow: the paper is not issued.
        Unknown: there is no such paper.
    """
    record = _issued(desk, key)
    old, new = (extract(unpack(text)) for text in (desk.store.get(record.facts["final"]), accept_all(data)))
    return [
        (visible(before.text) if before else "", visible(after.text) if after else "")
        for before, after in changed(old, new)
    ]


def amend(desk: Desk, key: str, name: str, data: bytes, how: Literal["correction", "revision"], reason: str) -> str:
    """Put a changed text, its tracked changes accepted, in the place of an issued one.

    What was published in all languages is then corrected or revised under its symbol with a number; before that it is
    simply the next version. What the change makes stale in other languages is asked for anew.

    Raises:
        Invalid: no reason, a file made from another text, or one that does not differ from the one in force.
        NotNow: the paper is not issued, or an amendment of it is still on its way.
        NotYours: the edition's rights do not let the desk's person decide about it.
        Unknown: there is no such paper.
    """
    record = _issued(desk, key)
    rights.allow(desk.edition, desk.by, "decide", Subject(STAGE, record.session))
    if not reason.strip():
        raise Invalid(f"{key}: amending an issued paper needs a reason; it is kept with your name")
    _refuse_another(desk, record, name, data)
    changes = changes_by(desk, key, data)
    if not changes:
        raise Invalid(
            f"{name}: it reads as version {record.facts['version']} of {key}, which is in force; nothing to amend"
        )
    if record.facts.get("amendment"):
        raise NotNow(f"{key}: an amendment is still being translated; amend again when it is issued")
    session, language = desk.edition.session(record.session or ""), desk.edition.drafting_language.id
    documents = desk.ledger.documents(desk.edition.id, kind=STAGE, key=key, status="current")
    facts = rules.amended(record.facts, how, {row.language: row.sha256 for row in documents})
    version = desk.next_number(STAGE, key, language)
    made = _stamped(desk, session, key, accept_all(data), "final", version, {**record.facts, **facts})
    with desk.change(reason) as change:
        desk.move(change, record, "issued", **facts, version=version, final=made.sha256)
        desk.add(change, made)
    what = f" as {how} {facts[how]}" if facts else ""
    return f"{key}: {counted(len(changes), 'paragraph')} changed, version {version}{what}"


def _refuse_another(desk: Desk, record: Record, name: str, data: bytes) -> None:
    """A file that says it is something else than the text in force would undo what is in force."""
    given, key, version = identity.read(unpack(data)), record.key, record.facts["version"]
    language = desk.edition.drafting_language.id
    if given is None or (given.kind, given.key, given.language, given.version) == (STAGE, key, language, version):
        return
    what = f"{given.kind.replace('-', ' ')} {given.key}, version {given.version} in {given.language}"
    raise Invalid(
        f"{name}: it is made from the {what}; version {version} of {key} in {language} is in force: make the change in "
        "that file"
    )


def _issued(desk: Desk, key: str) -> Record:
    record = desk.ledger.record(desk.edition.id, STAGE, key)
    if record is None:
        raise Unknown(f"{key}: no such paper in {desk.edition.id}; see `roundtable status {desk.edition.id}`")
    if record.state != "issued":
        raise NotNow(f"{key}: only an issued paper is amended, this one is {record.state}")
    return record


def _stamped(
    desk: Desk,
    session: Session,
    key: str,
    master: bytes,
    status: str,
    version: int,
    facts: Mapping[str, Any] | None = None,
) -> Made:
    """`master` with a fresh front page for this status and version, its paragraphs numbered."""
    language, paper = desk.edition.drafting_language.id, rules.paper_of(session, key)
    page = desk.render(
        paper_front(desk, session, key, language, status=status, version=version, facts=facts),
        kind=STAGE,
        key=key,
        session=session.id,
        language=language,
        title=paper.title[language],
        version=version,
        blocks=[],
    )
    numbered = number_paragraphs(replace_front(master, page))
    data = desk.finish(numbered, STAGE, key, session.id, language, version, paper.title[language])
    return desk.keep(data, stage=STAGE, kind=STAGE, key=key, session=session.id, language=language, number=version)
