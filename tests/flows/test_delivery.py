"""A short season whose letters are approved and sent, by either backend: what was drafted, and what really went out."""

from __future__ import annotations

import asyncio
import email
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field

import pytest
import yaml

from flows.rehearsal import refuse_to_mix, rehearse
from flows.rehearsal_google import GooglePost, made_up_google, report
from tasks import outbox
from tasks.adapters.google.fake.workspace import FakeGoogle
from tasks.adapters.ledger import Ledger, LetterRow
from tasks.domain.errors import Refusal
from tasks.rehearsal import LocalPost, Post
from tests.flows.conftest import EDITIONS, NOTES_TABLED, SIX, Call, Office, Server


@dataclass
class Sending:
    """A season until its notes are tabled, sent; `delivered` gives every mail that the world outside got."""

    office: Office
    post: Post
    delivered: Callable[[], list[bytes]]
    root_url: str = ""
    said: list[str] = field(default_factory=list)

    def go_on(self) -> None:
        asyncio.run(rehearse(SIX, self.said.append, NOTES_TABLED, self.post))

    @property
    def ledger(self) -> Ledger:
        return self.office.ledger

    def letters(self) -> list[LetterRow]:
        return self.ledger.letters(SIX)

    def keys(self) -> Counter[str]:
        """How often each letter, by key, was delivered."""
        heads = (email.message_from_bytes(mail)["X-Roundtable-Letter"] for mail in self.delivered())
        return Counter(str(key) for key in heads)


@pytest.fixture(scope="module", params=["local", "google"])
def sending(
    request: pytest.FixtureRequest, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sending]:
    folder = tmp_path_factory.mktemp("sending")
    shutil.copytree(EDITIONS / SIX, folder / "editions" / SIX)
    script = folder / "editions" / SIX / "rehearsal" / "script.yaml"
    script.write_text(
        yaml.safe_dump({**yaml.safe_load(script.read_text("utf-8")), "approves": "secretaire"}, allow_unicode=True)
    )
    home = folder / "home"
    office = Office(server, home, NOTES_TABLED, server.environment(home, editions=folder / "editions"))
    with ExitStack() as open_now:
        open_now.enter_context(office.entered())
        if request.param == "local":
            sent = home / "outbox" / "sent"
            found = Sending(office, LocalPost(home), lambda: [path.read_bytes() for path in sent.glob("*.eml")])
        else:
            google = FakeGoogle()
            post, root_url = open_now.enter_context(made_up_google(google))
            found = Sending(office, post, lambda: google.gmail.delivered, root_url)
        found.go_on()
        yield found


def test_what_was_counted_is_what_the_ledger_says_and_the_world_got(sending: Sending, roundtable: Call) -> None:
    letters, delivered = sending.letters(), sending.keys()
    mailed = [row for row in letters if row.status == "sent" and row.act is None]
    assert delivered == Counter({row.key: 1 for row in mailed})
    # A folder that is shared and a guest who is invited are letters that are carried out, not mailed.
    acts = Counter(row.kind for row in letters if row.status == "sent" and row.act is not None)
    kinds = {row.key: row.kind for row in letters}
    got = Counter(kinds[key] for key in delivered)
    counted = outbox.tally(letters)
    assert {one.kind: one.sent for one in counted if one.sent} == got + acts
    assert len(got) >= 4 and got["note-invitation"] == 4
    assert acts["folder-share"] >= 4 and acts["agenda-invitation"] >= 1
    by_status = Counter((row.kind, row.status) for row in letters)
    for one in counted:
        assert one.drafted == sum(number for (kind, _), number in by_status.items() if kind == one.kind)
        assert one.cancelled == by_status[one.kind, "cancelled"]
        assert one.waiting == by_status[one.kind, "draft"]
        assert one.sent <= one.approved <= one.drafted
    everything = outbox.total(counted)
    assert (everything.drafted, everything.sent) == (len(letters), len(delivered) + acts.total())
    code, told = roundtable("outbox", "count", SIX)
    rows = {words[0]: list(map(int, words[1:])) for line in told.splitlines() if len(words := _cells(line)) == 6}
    assert code == 0
    assert rows == {
        one.kind: [one.drafted, one.approved, one.sent, one.cancelled, one.waiting] for one in [*counted, everything]
    }


def _cells(line: str) -> list[str]:
    words = [word.strip() for word in line.replace("┃", "│").split("│") if word.strip()]
    return words if len(words) == 6 and words[1].isdigit() else []


def test_answers_come_back_in_the_thread_of_the_letter(sending: Sending) -> None:
    invitations = {row.thread: row.session for row in sending.letters() if row.kind == "note-invitation"}
    mails = sending.ledger.records(SIX, kind="mail")
    notes = {row.key for row in sending.ledger.documents(SIX, kind="concept-note-received")}
    assert notes == {"A1", "A2", "A3", "B1"}
    assert {mail.facts["subject"][:4] for mail in mails} == {"Re: "}
    # A1's second note answers the letter that returned the first, which is in the same thread.
    assert [invitations[mail.facts["thread"]] for mail in sorted(mails, key=lambda mail: mail.changed_at)] == [
        "A1", "A3", "B1", "A2", "A1",
    ]  # fmt: skip
    receipts = [row for row in sending.letters() if row.kind == "acknowledgement" and row.status == "sent"]
    assert receipts and all(row.thread in invitations for row in receipts)


def test_a_second_time_nothing_is_sent_and_nothing_changes(sending: Sending) -> None:
    before, delivered = sending.ledger.snapshot(SIX), sending.keys()
    sending.said.clear()
    sending.go_on()
    assert sending.ledger.snapshot(SIX) == before
    assert sending.keys() == delivered
    assert not [line for line in sending.said if "letters sent" in line]


def test_a_rehearsal_whose_mailbox_is_gone_is_begun_anew(sending: Sending) -> None:
    by_google = isinstance(sending.post, GooglePost)
    with pytest.raises(Refusal, match="begin anew with --fresh"):
        refuse_to_mix(SIX, "google")
    with pytest.raises(Refusal) if by_google else nullcontext():
        refuse_to_mix(SIX, "local")


@pytest.mark.parametrize("sending", ["google"], indirect=True, scope="module")
def test_calls_to_google_are_told_by_method_and_by_team(sending: Sending) -> None:
    letters = sending.letters()
    told = report(sending.root_url, {row.key: row.session for row in letters})
    counts = {line.split()[0]: int(line.split()[-1].replace(",", "")) for line in told if line.startswith("  ")}
    sent = [row for row in letters if row.status == "sent" and row.act is None]
    assert counts["gmail.users.drafts.create"] == counts["gmail.users.drafts.send"] == len(sent)
    # A letter costs three calls, one more where it continues a thread.
    answers = Counter(row.session for row in sent if row.in_reply_to)
    per_team = Counter(row.session for row in sent if row.session)
    assert {team: counts[team] for team in per_team} == {
        team: 3 * number + answers[team] for team, number in per_team.items()
    }
    methods = sum(number for name, number in counts.items() if "." in name)
    assert methods == sum(number for name, number in counts.items() if "." not in name)
    assert told[0].startswith(f"{methods:,} calls")
