"""What an edition is: calendar, languages, bodies, people, sessions and rules, as typed values.

An edition is configuration. Every model forbids unknown keys and is immutable; references between them are checked by
`tasks.domain.edition_check`. Identifiers are free strings chosen by the edition, so no code may know one of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

NOT_STATED: Final = "not stated"


def _identifier(value: str) -> str:
    if not value or any(character.isspace() or character in "/\\|" for character in value):
        raise ValueError("an id is one word without spaces or slashes")
    return value


Id = Annotated[str, AfterValidator(_identifier)]
#: Text by language id.
Localised = dict[str, str]
#: A longer closure is a year mistyped.
LONGEST_CLOSURE_DAYS: Final = 366
#: How pydantic tells the two forms of a text apart where it tells of a mistake; no id, for they have spaces.
ONE_TEXT: Final = "one text"
BY_LANGUAGE: Final = "by language"


def _form(value: object) -> str:
    return BY_LANGUAGE if isinstance(value, dict) else ONE_TEXT


#: One text for all languages, or a text by language id.
MaybeLocalised = Annotated[Annotated[str, Tag(ONE_TEXT)] | Annotated[Localised, Tag(BY_LANGUAGE)], Discriminator(_form)]
Assumed = bool | list[str]
Gender = Literal["female", "male", "not stated"]
Development = Literal["developed", "developing", "not stated"]
BodyKind = Literal["government", "organisation", "civil-society"]
#: Who signs a letter: the coordinator of its session's roundtable, or the director.
Signs = Literal["coordinator", "director"]
#: Who a document is for: the Friends of the Forum only, or everybody.
Protection = Literal["fof", "public"]
#: Who fills in what a translator begins with: the memory alone, a machine where it knows nothing, or nobody.
Pretranslation = Literal["memory", "google", "apertium", "none"]
#: Who of them asks for money.
PAID: Final = ("google",)
#: Who must act on a milestone. `panellists`, `partners` are several parties at once.
Mover = Literal[
    "coordinator",
    "lead",
    "partners",
    "panellists",
    "translator",
    "reviewers",
    "note-taker",
    "rapporteur",
    "general-rapporteur",
]


def text_in(value: MaybeLocalised | None, language: str) -> str:
    """`value` in `language` (an id); empty where there is none."""
    return value[language] if isinstance(value, dict) else value or ""


class Model(BaseModel):
    """Base of every part of an edition: immutable, unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


#: What a translator may work in: a table in Word, or a file for a translation tool.
FileForm = Literal["word", "xliff-1.2", "xliff-2.0", "omegat"]


class Language(Model):
    """A language papers are issued in. `locale` (BCP 47) chooses wording, dates, proofing language and direction.

    `files` are the forms in which its translator gets a paper.
    """

    id: Id
    locale: str
    drafting: bool = False
    translator: Id | None = None
    files: list[FileForm] = Field(default=["word"], min_length=1)
    pretranslation: Pretranslation = "memory"
    #: The bodies that read translations into it before they are issued; so many of them read each paper, all without.
    reviewers: list[Id] = []
    reviewers_of_each: int | None = Field(default=None, ge=1)
    assumed: Assumed = False


class Event(Model):
    """A dated event. Only one with precision `day` can anchor a deadline.

    `date` is the first day, `until` the last. `when` is the wording where the date is prose or a month.
    """

    id: Id
    names: Localised
    kind: Literal["fof", "forum", "meeting", "preparation", "follow-up", "context", "next"]
    precision: Literal["day", "month", "prose", "unknown"] = "day"
    date: dt.date | None = None
    until: dt.date | None = None
    when: str | None = None
    place: MaybeLocalised | None = None
    decisions: list[str] = []
    assumed: Assumed = False

    @model_validator(mode="after")
    def _dated(self) -> Event:
        if self.precision == "day" and self.date is None:
            raise ValueError("precision is day, so the event needs a date")
        if self.precision in ("month", "prose") and not self.when:
            raise ValueError(f"precision is {self.precision}, so the event needs `when`")
        if self.until and self.date and self.until < self.date:
            raise ValueError(f"until {self.until} is before date {self.date}")
        return self

    def on(self, date: dt.date) -> Event:
        """The event on another day, as long as it was."""
        until = self.until + (date - self.date) if self.until and self.date else self.until
        return self.model_copy(update={"date": date, "until": until})


class Closure(Model):
    """Days on which nobody works beside weekends and public holidays, from `from` (here `first`) to `until`."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    first: dt.date = Field(alias="from")
    until: dt.date
    names: Localised
    assumed: Assumed = False

    @model_validator(mode="after")
    def _lasts(self) -> Closure:
        if self.until < self.first:
            raise ValueError(f"until {self.until} is before from {self.first}")
        if (self.until - self.first).days > LONGEST_CLOSURE_DAYS:
            raise ValueError(f"from {self.first} until {self.until} is more than a year")
        return self


class CourtesyForm(Model):
    """How one language addresses a person: `{name}` and `{surname}` are filled in."""

    address: str
    salutation: str
    closing: str


class Courtesy(Model):
    id: Id
    forms: dict[str, CourtesyForm]


class Contact(Model):
    """A body's focal point. The name may be open; the address is the body's."""

    name: str | None = None
    surname: str | None = None
    courtesy: Id
    email: str | None = None
    phone: str | None = None
    assumed: Assumed = False


class Body(Model):
    """A government, organisation or civil society body. `development` is as stated by a source, never guessed.

    `embassy` is the mission to ask where e-mail does not reach the body.
    """

    id: Id
    kind: BodyKind
    names: Localised
    region: str = NOT_STATED
    development: Development = NOT_STATED
    language: Id
    focal_point: Contact
    reached_by_email: bool = True
    embassy: MaybeLocalised | None = None
    fictitious: bool = False
    assumed: Assumed = False


class Person(Model):
    """A person who holds a seat, reports, takes notes or translates."""

    id: Id
    name: str
    surname: str
    courtesy: Id
    position: MaybeLocalised | None = None
    organisation: MaybeLocalised | None = None
    body: Id | None = None
    language: Id
    gender: Gender = NOT_STATED
    region: str = NOT_STATED
    email: str | None = None
    fictitious: bool = False
    assumed: Assumed = False


StaffRole = Literal["director", "coordinator", "operator", "member"]


class Staff(Model):
    """A member of the Taskforce."""

    id: Id
    name: str
    surname: str
    courtesy: Id
    role: StaffRole
    title: MaybeLocalised
    email: str
    assumed: Assumed = False


class Right(Model):
    """What a role may do: to which kinds (`*` is all), of whose sessions. What is about no session belongs to `all`."""

    what: list[str] = ["*"]
    sessions: Literal["own", "all"] = "all"


class RoleRights(Model):
    """What a role of the Taskforce may do; nothing of what is left out.

    `approve` is about kinds of letters, `decide` about kinds of decisions, `read` about classes of documents.
    """

    approve: Right | None = None
    decide: Right | None = None
    read: Right | None = None


class Copies(Model):
    """Who gets a copy of letters to bodies: of letters of these kinds (`*` is all), to these bodies (else to all).

    `cc` are ids, or parts: the lead and co-lead of the letter's session, its coordinator, the director.
    """

    letters: list[str] = ["*"]
    to: list[Id] = []
    cc: list[str] = Field(min_length=1)


FolderRole = Literal["reader", "commenter"]


class Folders(Model):
    """As what the bodies of a team see its folder: members, the lead among them and who joins later, and observers."""

    members: FolderRole = "commenter"
    observers: FolderRole = "reader"


#: Who is invited to an entry of the agenda: the Friends of the Forum, every body, or the team the entry is for.
Invited = Literal["friends", "bodies", "team"]


TermKind = Literal["term", "title", "meeting", "body", "abbreviation"]


class Term(Model):
    """A term of the glossary. `names` are what it is called, by language: the preferred name, then admitted ones.

    What bodies and events are called is not repeated here (see tasks.domain.glossary).
    """

    id: Id
    kind: TermKind
    names: dict[str, list[str]]
    note: str | None = None
    assumed: Assumed = False


class Role(Model):
    """A kind of seat. The holder of a `reports` seat owes the session's report."""

    id: Id
    names: Localised
    reports: bool = False
    chairs: bool = False


class Price(Model):
    """What a machine asks for the translation of a million characters; `currency` is an ISO 4217 code."""

    per_million: Decimal = Field(ge=0)
    currency: str = Field(pattern="^[A-Z]{3}$")
    assumed: Assumed = False


class Region(Model):
    id: Id
    names: Localised


class Roundtable(Model):
    id: Id
    title: Localised
    coordinator: Id
    general_rapporteur: Id
    note_takers: list[Id] = []


class Issue(Model):
    """A horizontal issue: no session of its own, marked on sessions and actions."""

    id: Id
    title: Localised


class Horizontal(Model):
    title: Localised
    coordinator: Id
    general_rapporteur: Id
    issues: list[Issue]


class Team(Model):
    """Who prepares a session."""

    lead: Id
    co_lead: Id | None = None
    members: list[Id] = []
    observers: list[Id] = []
    assumed: Assumed = False

    @property
    def bodies(self) -> list[str]:
        """Every body of the team once, the lead first."""
        return list(
            dict.fromkeys([self.lead, *([self.co_lead] if self.co_lead else []), *self.members, *self.observers])
        )


class Paper(Model):
    """A background paper of a session. `suffix` tells several of one session apart and may be empty."""

    suffix: str = ""
    title: Localised
    authors: list[Id] = []
    assumed: Assumed = False


class Seat(Model):
    id: Id
    role: Id
    person: Id | None = None
    required: bool = True
    assumed: Assumed = False


class Session(Model):
    """A session. What it lacks (team, papers, report parts) it does not go through; no stage knows one by name."""

    id: Id
    roundtable: Id
    title: Localised
    closed: bool = False
    team: Team | None = None
    papers: list[Paper] = []
    seats: list[Seat] = []
    report_parts: list[Id] = []
    horizontal: list[Id] = []
    assumed: Assumed = False


class NoteOutcome(Model):
    """What a meeting of the Friends of the Forum can do with a concept note, and where that leads."""

    id: Id
    names: Localised
    leads_to: Literal["adopted", "returned", "withdrawn"]


class WordLimits(Model):
    """Words at most, footnotes and tables counted."""

    concept_note: int = Field(gt=0)
    background_paper: int = Field(gt=0)
    summary: int = Field(gt=0)
    report: int = Field(gt=0)


class Milestone(Model):
    """A deadline, as a rule relative to the calendar (see `tasks.domain.rule`).

    `holidays` are the countries concerned where not those of the edition. `takes` is how many working days the mover
    needs at least once the move is theirs.
    """

    id: Id
    names: Localised
    rule: str
    mover: Mover
    holidays: list[str] | None = None
    takes: int = Field(default=0, ge=0, le=250)
    assumed: Assumed = False


WorkingDays = Annotated[int, Field(ge=1, le=250)]


class Escalation(Model):
    """Who is told of a move that is late, after how many working days."""

    coordinator: WorkingDays = 3
    director: WorkingDays = 8

    @model_validator(mode="after")
    def _in_order(self) -> Escalation:
        if self.director < self.coordinator:
            raise ValueError(f"the director is told after {self.director} days, before the coordinator")
        return self


class Reminders(Model):
    """When a party whose move it is is reminded: working days before and after the day it is due."""

    before: list[WorkingDays] = [10, 3]
    after: list[WorkingDays] = [2]
    escalate: Escalation = Escalation()
    assumed: Assumed = False


class AnswerTime(Model):
    """Working days from the day it is a party's move: half have answered by `half`, nine in ten by `nine_in_ten`."""

    half: WorkingDays = 10
    nine_in_ten: WorkingDays = 20

    @model_validator(mode="after")
    def _in_order(self) -> AnswerTime:
        if self.nine_in_ten <= self.half:
            raise ValueError(f"nine in ten answer by day {self.nine_in_ten}, no later than half of them")
        return self


class Capacity(Model):
    """What is translated into a language in a working day. Words a day are the planning norm of the United Nations."""

    words_per_day: int = Field(default=1650, gt=0)
    revised_per_day: int = Field(default=3960, gt=0)
    translators: int = Field(default=1, gt=0)


class Assumptions(Model):
    """What a forecast begins with until the ledger has seen answers: by mover or single milestone, and by language."""

    answers: dict[Id, AnswerTime] = {}
    capacity: dict[Id, Capacity] = {}
    assumed: Assumed = False

    def answer_time(self, asked: str) -> AnswerTime:
        """How soon a mover answers, or a milestone is met; a cautious guess where the edition says nothing."""
        return self.answers.get(asked, AnswerTime())

    def capacity_of(self, language: str) -> Capacity:
        """What `language` gets done in a day; one translator at the norm where the edition says nothing."""
        return self.capacity.get(language, Capacity())


class SilenceProcedure(Model):
    """A draft counts as agreed when nobody has objected `days` working days after it went round, at a time of day.

    `rounds` are the comment rounds it is for, `zone` that of the edition where it is not given.
    """

    rounds: list[Annotated[int, Field(ge=1, le=9)]] = Field(min_length=1)
    days: WorkingDays
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    zone: str | None = None
    assumed: Assumed = False


class Rules(Model):
    """How this edition works. `comment_rounds` drafts go round before the final text."""

    note_tabled_at: Id
    note_outcomes: list[NoteOutcome]
    note_sections: list[Id]
    paper_sections: list[Id]
    summary_sections: list[Id]
    comment_rounds: int = Field(ge=1, le=9)
    #: Whether the draft with the accepted changes says why, in comments.
    reasons_in_draft: bool = True
    #: Whether all translations of a paper are issued together, or each as it is ready.
    languages_together: bool = True
    word_limits: WordLimits
    symbols: dict[Literal["concept-note", "background-paper", "report", "roundtable-report", "horizontal-report"], str]
    reporting_points: list[Id] = []
    silence_procedure: SilenceProcedure | None = None
    assumed: Assumed = False


class Edition(Model):
    """One Forum, from its folder of YAML files."""

    id: Id
    names: Localised
    label: Localised
    place: Localised
    time_zone: str
    holidays: list[str]
    forum_start: Id
    forum_end: Id
    languages: list[Language]
    regions: list[Region]
    courtesies: list[Courtesy]
    events: list[Event]
    bodies: list[Body]
    people: list[Person]
    staff: list[Staff]
    roles: list[Role]
    roundtables: list[Roundtable]
    horizontal: Horizontal | None = None
    sessions: list[Session]
    rules: Rules
    milestones: list[Milestone]
    closures: list[Closure] = []
    reminders: Reminders = Reminders()
    assumptions: Assumptions = Assumptions()
    rights: dict[StaffRole, RoleRights] = {}
    #: Who signs, by kind of letter; `*` is for all others.
    signs: dict[str, Signs] = {}
    copies: list[Copies] = []
    #: By kind of document; what is not named is for the Friends of the Forum.
    protection: dict[str, Protection] = {}
    #: The kinds of bodies that are Friends of the Forum.
    friends: list[BodyKind] = ["government", "organisation"]
    folders: Folders = Folders()
    #: The glossary: what translators and the checks of translations go by.
    terms: list[Term] = []
    #: Whom the calendar invites, by event or milestone. None: the Friends to their meetings.
    invites: dict[Id, Invited] | None = None
    translation_price: Price | None = None
    #: Keys of the edition itself that no source states.
    assumed: list[str] = []

    def __repr__(self) -> str:
        """Short: an edition in full fills screens in a traceback or a failed example."""
        return f"Edition({self.id!r})"

    @cached_property
    def drafting_language(self) -> Language:
        return next(language for language in self.languages if language.drafting)

    @cached_property
    def _index(self) -> dict[str, dict[str, Any]]:
        names = [
            "languages",
            "regions",
            "courtesies",
            "events",
            "bodies",
            "people",
            "staff",
            "roles",
            "roundtables",
            "sessions",
            "milestones",
        ]
        return {name: {entry.id: entry for entry in getattr(self, name)} for name in names}

    def language(self, id: str) -> Language:
        return self._index["languages"][id]  # type: ignore[no-any-return]

    def event(self, id: str) -> Event:
        return self._index["events"][id]  # type: ignore[no-any-return]

    def body(self, id: str) -> Body:
        return self._index["bodies"][id]  # type: ignore[no-any-return]

    def person(self, id: str) -> Person:
        return self._index["people"][id]  # type: ignore[no-any-return]

    def staff_member(self, id: str) -> Staff:
        return self._index["staff"][id]  # type: ignore[no-any-return]

    def role(self, id: str) -> Role:
        return self._index["roles"][id]  # type: ignore[no-any-return]

    def roundtable(self, id: str) -> Roundtable:
        return self._index["roundtables"][id]  # type: ignore[no-any-return]

    def courtesy(self, id: str) -> Courtesy:
        return self._index["courtesies"][id]  # type: ignore[no-any-return]

    def session(self, id: str) -> Session:
        return self._index["sessions"][id]  # type: ignore[no-any-return]

    def has(self, collection: str, id: str) -> bool:
        """Whether `collection` (such as `bodies`) has an entry `id`."""
        return id in self._index[collection]

    def with_dates(self, dates: Mapping[str, dt.date]) -> Edition:
        """The edition with events on other days; an event that lasts keeps its length."""
        moved = {id for id, date in dates.items() if self.has("events", id) and self.event(id).date != date}
        if not moved:
            return self
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        fields["events"] = [event.on(dates[event.id]) if event.id in moved else event for event in self.events]
        return Edition.model_construct(**fields)  # every part was checked before, and caches must not be copied

    def coordinator_of(self, session: Session) -> Staff:
        return self.staff_member(self.roundtable(session.roundtable).coordinator)
