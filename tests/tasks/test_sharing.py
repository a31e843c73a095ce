"""The teams' folders: what is put into them, whom they are shared with, and who is taken off again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tasks import outbox, sharing
from tasks.adapters.ledger import LetterRow
from tasks.adapters.local.delivery import local_delivery
from tasks.adapters.ports import Delivery, FileRef, Files, LostAnswer, Role
from tasks.domain.errors import Invalid, Mistakes
from tasks.domain.outbox import Share
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office

TEAM = "1.3"


def keep(office: Office, delivery: Delivery | None = None) -> list[str]:
    """A sweep of what the partners see."""
    delivery = delivery or local_delivery(office.home)
    sharing.advance(office.desk)
    return [
        *sharing.keep_files(office.desk, delivery.files, delivery.name),
        *sharing.take_away(office.desk, delivery.files),
    ]


def asked(office: Office, status: str | None = "draft") -> dict[str, LetterRow]:
    return {row.key: row for row in office.ledger.letters(office.name, kind="folder-share", status=status)}


def give(office: Office) -> None:
    """Approve and carry out all that is drafted."""
    outbox.approve(office.desk, outbox.shown(office.desk, kind="folder-share"))
    outbox.send(office.desk, local_delivery(office.home))


def shares(office: Office) -> dict[str, Role]:
    return local_delivery(office.home).files.shares(f"{office.name}/{TEAM}")


def address(office: Office, body: str) -> str:
    return office.edition.body(body).focal_point.email or ""


def folder(office: Office) -> Path:
    return office.home / "files" / office.name / TEAM


def names(office: Office) -> list[str]:
    return sorted(path.name for path in folder(office).glob("*.docx"))


def team(office: Office, **changes: list[str]) -> None:
    """Change the team in the edition in force."""
    found = office.session(TEAM).team
    assert found is not None
    found.__dict__.update(changes)


def focal_point(office: Office, body: str, email: str) -> None:
    office.edition.body(body).focal_point.__dict__["email"] = email


def test_what_is_circulated_is_in_the_folder_each_document_as_one_file(at: Opening):
    office = at("circulated")
    assert sharing.due(office.desk)
    assert keep(office) == []
    found = names(office)
    assert len(found) == 2 and "1.3-background-paper-v1-en.docx" in found
    assert any("concept-note" in name for name in found)
    before = office.ledger.last_seq(office.name)
    assert keep(office) == []
    assert office.ledger.last_seq(office.name) == before, "the same again changes nothing"
    assert not sharing.due(office.desk)


def test_the_next_draft_is_a_revision_of_the_same_file(at: Opening):
    office = at("circulated")
    keep(office)
    first = office.record("shared-file", "background-paper/1.3/en").facts
    office.today = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"]) + dt.timedelta(days=1)
    office.advance(TEAM)
    office.on("draft-2")
    office.send_paper(TEAM, words=20)
    office.advance(TEAM)
    keep(office)
    second = office.record("shared-file", "background-paper/1.3/en").facts
    assert (second["reference"], second["revision"]) == (first["reference"], "2")
    assert [name for name in names(office) if "paper" in name] == ["1.3-background-paper-v2-en.docx"]


def test_a_final_text_is_in_the_folder_when_it_is_issued_and_not_before(at: Opening):
    office = at("submitted")
    keep(office)
    assert not [name for name in names(office) if "paper" in name]
    office.decide_paper(TEAM, TEAM)
    office.advance(TEAM)
    keep(office)
    assert [name for name in names(office) if "paper" in name] == ["1.3-background-paper-v4-en.docx"]


def test_killed_between_putting_and_recording_the_version_is_there_once(at: Opening):
    office = at("circulated")

    class Dies(RuntimeError):
        pass

    class Dying:
        def __init__(self, files: Files) -> None:
            self.files = files

        def __getattr__(self, name: str):
            return getattr(self.files, name)

        def put(self, *args: object) -> FileRef:
            self.files.put(*args)  # type: ignore[arg-type]
            raise Dies

    local = local_delivery(office.home)
    for _ in range(2):
        with pytest.raises(Dies):
            sharing.keep_files(office.desk, Dying(local.files), "local")
    keep(office)
    assert len(list((folder(office) / ".versions").rglob("*.docx"))) == 2
    assert not sharing.due(office.desk)


def test_a_team_is_asked_to_see_its_folder_by_letters_that_are_approved(at: Opening):
    office = at("circulated")
    keep(office)
    letters = asked(office)
    found = office.session(TEAM).team
    assert found is not None
    reached = [body for body in [*found.bodies, "norvania"] if office.edition.body(body).reached_by_email]
    assert set(letters) == {f"folder-share/1.3/{body}" for body in reached}
    assert shares(office) == {}, "nothing before it is approved"
    assert outbox.send(office.desk, local_delivery(office.home)).sent == []
    assert shares(office) == {}
    body = reached[0]
    letter = letters[f"folder-share/1.3/{body}"]
    assert letter.act == Share(TEAM, "commenter") and letter.cc == ()
    shown = outbox.written(office.desk, letter)
    assert shown.startswith("Share: the folder of 1.3, as commenter\nWith: ") and f"<{address(office, body)}>" in shown
    give(office)
    wanted = {address(office, each).lower(): "reader" if each in found.observers else "commenter" for each in reached}
    assert shares(office) == wanted
    assert not list((office.home / "outbox" / "sent").glob("*folder-share*")), "no mail"
    keep(office)
    assert {office.state("share", f"1.3|{each}") for each in reached} == {"given"}
    assert not sharing.due(office.desk) and asked(office) == {}


def test_an_approval_is_of_the_folder_the_role_and_the_words(at: Opening):
    office = at("circulated")
    keep(office)
    key = next(iter(asked(office)))
    outbox.approve(office.desk, outbox.shown(office.desk, [key]))
    said = outbox.edit(office.desk, key, body="Other words.")
    assert "is void" in said
    assert outbox.send(office.desk, local_delivery(office.home)).sent == [] and shares(office) == {}
    with pytest.raises(Invalid, match="follow from the edition"):
        outbox.edit(office.desk, key, to=["ghana"])
    outbox.reject(office.desk, key, "They have no computer.")
    keep(office)
    assert key not in asked(office) and not [each for each in asked(office) if each.startswith(key)]
    with pytest.raises(Mistakes):
        outbox.approve(office.desk, outbox.shown(office.desk, [key]))


def test_a_body_that_leaves_is_taken_off_without_a_letter_and_it_is_recorded(at: Opening):
    office = at("circulated")
    keep(office)
    give(office)
    keep(office)
    found = office.session(TEAM).team
    assert found is not None
    leaves = next(body for body in [*found.members, *found.observers] if office.edition.body(body).reached_by_email)
    team(
        office, members=[b for b in found.members if b != leaves], observers=[b for b in found.observers if b != leaves]
    )
    assert sharing.due(office.desk)
    keep(office)
    assert address(office, leaves).lower() not in shares(office)
    assert office.state("share", f"1.3|{leaves}") == "taken"
    assert asked(office) == {}
    team(office, members=[*found.members, leaves])
    keep(office)
    assert list(asked(office)) == [f"folder-share/1.3/{leaves}~2"], "it is back, and asked anew"


def test_a_body_that_leaves_before_it_was_let_in_is_not_let_in(at: Opening):
    office = at("circulated")
    keep(office)
    outbox.approve(office.desk, outbox.shown(office.desk, kind="folder-share"))
    found = office.session(TEAM).team
    assert found is not None
    leaves = next(body for body in [*found.members, *found.observers] if office.edition.body(body).reached_by_email)
    team(
        office, members=[b for b in found.members if b != leaves], observers=[b for b in found.observers if b != leaves]
    )
    keep(office)
    letter = outbox.the_letter(office.desk, f"folder-share/1.3/{leaves}")
    assert (letter.status, letter.reason) == ("cancelled", "the team or its focal point has changed")
    outbox.send(office.desk, local_delivery(office.home))
    assert address(office, leaves).lower() not in shares(office)
    assert office.state("share", f"1.3|{leaves}") == "taken"


def test_a_new_focal_point_is_asked_anew_and_the_old_one_taken_off_at_once(at: Opening):
    office = at("circulated")
    keep(office)
    give(office)
    keep(office)
    old = address(office, "norvania").lower()
    focal_point(office, "norvania", "New.Desk@norvania.example")
    keep(office)
    assert old not in shares(office) and "new.desk@norvania.example" not in shares(office)
    (letter,) = asked(office).values()
    assert [each.email for each in letter.recipients] == ["New.Desk@norvania.example"]
    give(office)
    keep(office)
    assert shares(office)["new.desk@norvania.example"] == "commenter"
    assert office.record("share", "1.3|norvania").facts["given"]["email"] == "new.desk@norvania.example"


def test_another_role_is_a_letter_of_its_own(at: Opening):
    office = at("circulated")
    keep(office)
    give(office)
    keep(office)
    office.edition.folders.__dict__["members"] = "reader"
    try:
        keep(office)
        roles = {row.act.role for row in asked(office).values() if isinstance(row.act, Share)}
        assert roles == {"reader"}
        assert shares(office)[address(office, "norvania").lower()] == "commenter"
        give(office)
        assert set(shares(office).values()) == {"reader"}
    finally:
        office.edition.folders.__dict__["members"] = "commenter"


class Losing:
    """Files that lose the answer to a share, after or before it is done."""

    def __init__(self, files: Files, done: bool) -> None:
        self.files, self.done = files, done

    def __getattr__(self, name: str):
        return getattr(self.files, name)

    def share(self, folder: str, email: str, role: Role, notify: bool, message: str = "") -> None:
        if self.done:
            self.files.share(folder, email, role, notify, message)
        raise LostAnswer("the connection was cut")


@pytest.mark.parametrize("done", [True, False])
def test_a_lost_answer_is_found_out_by_who_may_see_the_folder(at: Opening, done: bool):
    office = at("circulated")
    keep(office)
    key = next(iter(asked(office)))
    outbox.approve(office.desk, outbox.shown(office.desk, [key]))
    local = local_delivery(office.home)
    losing = Delivery(local.mail, Losing(local.files, done), local.agenda, local.name)
    report = outbox.send(office.desk, losing)
    assert (report.sent, list(report.failed)) == (([key], []) if done else ([], [key]))
    assert outbox.send(office.desk, local).sent == ([] if done else [key])
    assert len(shares(office)) == 1


def test_the_words_that_go_with_a_share_are_the_letters(at: Opening):
    office = at("circulated")
    keep(office)
    said = []

    class Hearing(Losing):
        def share(self, folder: str, email: str, role: Role, notify: bool, message: str = "") -> None:
            said.append((notify, message))
            self.files.share(folder, email, role, notify, message)

    key, letter = next(iter(asked(office).items()))
    outbox.approve(office.desk, outbox.shown(office.desk, [key]))
    local = local_delivery(office.home)
    outbox.send(office.desk, Delivery(local.mail, Hearing(local.files, True), local.agenda, "local"))
    assert said == [(True, f"{office.desk.notice(letter.language)}\n\n{letter.text}")]
