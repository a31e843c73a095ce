"""What a returned file would change: laid over the draft, its proposals give exactly the text that came back."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.markup import PARAGRAPH, At, Edit, Mark, MarkKind, Markup, Paragraph, Piece, Story
from tasks.domain.placing import align, paragraph_map
from tasks.domain.proposals import proposals_of

WORDS = [
    "skills", "health", "workers", "return", "remittances", "diaspora", "policy", "countries", "origin", "costs",
]  # fmt: skip


def draft_of(*texts):
    """A draft: each text a numbered paragraph."""
    return Markup(
        tuple(Paragraph(i, Story.BODY, (Piece(text),) if text else (), number=i + 1) for i, text in enumerate(texts)),
        (),
    )


@dataclass
class Copy:
    """A copy of a draft in the hands of readers: letters with what was done to each, ends of paragraphs among them."""

    letters: list[list] = field(default_factory=list)  # [sign, put in by, taken out by]
    marks: list[Mark] = field(default_factory=list)

    @classmethod
    def of(cls, draft):
        signs = PARAGRAPH.join(p.original for p in draft.paragraphs) + PARAGRAPH
        return cls([[sign, None, None] for sign in signs])

    def silently(self, start, end, text):
        self.letters[start:end] = [[sign, None, None] for sign in text]

    def _mark(self, kind, author):
        self.marks.append(Mark(f"document/x/{len(self.marks)}", kind, (), author=author))
        return self.marks[-1].id

    def put_in(self, start, text, author):
        """A text put in; what it parts is marked anew behind it, as in a file, where it is two elements then."""
        for slot in (1, 2):
            parted = self.letters[start][slot]
            if parted and start and self.letters[start - 1][slot] == parted:
                old = next(mark for mark in self.marks if mark.id == parted)
                renewed = self._mark(old.kind, old.author)
                for letter in self.letters[start:]:
                    letter[slot] = renewed if letter[slot] == parted else letter[slot]
        made = []
        id = None
        for sign in text:
            if sign == PARAGRAPH:
                made.append([sign, self._mark(MarkKind.PARAGRAPH_INSERTED, author), None])
                id = None
            else:
                id = id or self._mark(MarkKind.INSERTION, author)
                made.append([sign, id, None])
        self.letters[start:start] = made

    def take_out(self, start, end, author):
        id = None
        for letter in self.letters[start:end]:
            if letter[2]:
                id = None
                continue
            if letter[0] == PARAGRAPH:
                letter[2] = self._mark(MarkKind.PARAGRAPH_DELETED, author)
                id = None
            else:
                id = id or self._mark(MarkKind.DELETION, author)
                letter[2] = id

    def markup(self):
        paragraphs: list[Paragraph] = []
        pieces: list[Piece] = []
        for sign, put_in, taken_out in self.letters:
            if sign == PARAGRAPH:
                paragraphs.append(Paragraph(len(paragraphs), Story.BODY, tuple(pieces), mark_inserted=put_in,
                                            mark_deleted=taken_out))  # fmt: skip
                pieces = []
                continue
            marks = tuple(mark for mark in (put_in, taken_out) if mark)
            if pieces and pieces[-1].marks == marks:
                pieces[-1] = Piece(pieces[-1].text + sign, bool(put_in), bool(taken_out), marks)
            else:
                pieces.append(Piece(sign, bool(put_in), bool(taken_out), marks))
        used = {mark for p in paragraphs for piece in p.pieces for mark in piece.marks}
        used |= {mark for p in paragraphs for mark in (p.mark_inserted, p.mark_deleted) if mark}
        return Markup(tuple(paragraphs), tuple(mark for mark in self.marks if mark.id in used))

    def final(self):
        return "".join(sign for sign, _, taken_out in self.letters if not taken_out)


def applied(draft, changes):
    """The draft's text with edits made, an end at each paragraph's end: offsets counted in one long text."""
    text, starts = "", []
    for paragraph in draft.paragraphs:
        starts.append(len(text))
        text += paragraph.original + PARAGRAPH
    spans = [
        (starts[c.start.paragraph] + c.start.offset, starts[c.end.paragraph] + c.end.offset, c.text) for c in changes
    ]
    # Backwards, so that what is put in at one place stays in its order.
    for start, end, new in sorted(spans, key=lambda span: span[:2])[::-1]:
        text = text[:start] + new + text[end:]
    return text


@st.composite
def copies(draw, *, silent=True):
    sentence = st.lists(st.sampled_from(WORDS), min_size=4, max_size=9)
    number = st.integers(2, 6)
    texts = [f"{index} " + " ".join(draw(sentence)) for index in range(draw(number))]
    draft = draft_of(*texts)
    copy = Copy.of(draft)
    for _ in range(draw(st.integers(0, 2)) if silent else 0):
        start = draw(st.integers(0, len(copy.letters) - 2))
        end = min(start + draw(st.integers(0, 8)), len(copy.letters) - 1)
        if all(letter[0] != PARAGRAPH for letter in copy.letters[start:end]):
            copy.silently(start, end, draw(st.sampled_from(["", "new", " added words "])))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(copy.letters) - 2))
        author = draw(st.sampled_from(["Ana", "Ben"]))
        if draw(st.booleans()):
            copy.put_in(start, draw(st.sampled_from(["x", "more words ", PARAGRAPH, f"{PARAGRAPH}A new one."])), author)
        else:
            end = min(start + draw(st.integers(1, 60)), len(copy.letters) - 1)
            copy.take_out(start, end, author)
    return draft, copy


def check(draft, copy):
    returned = copy.markup()
    alignment = align(draft, returned)
    found = proposals_of(alignment)
    marks = [mark for proposal in found.found for mark in proposal.marks]
    assert sorted(marks) == sorted([m.id for m in returned.marks] + [m.id for m in found.silent])
    changes = [proposal.change for proposal in found.found]
    if None not in changes:
        assert all(isinstance(change, Edit) for change in changes)
        assert applied(draft, changes).replace("\u00a0", " ") == copy.final().replace("\u00a0", " ")
    return found


@given(copies(silent=False))
def test_tracked_changes_give_the_text_that_came_back(made):
    draft, copy = made
    found = check(draft, copy)
    assert None not in [proposal.change for proposal in found.found]
    assert not found.silent


@given(copies())
def test_changes_with_and_without_tracking_give_the_text_that_came_back(made):
    check(*made)


LONG = "Countries of origin have learned that the skills of those who return are seldom used."
OTHER = "Remittances are private money, and no government may dispose of them as it sees fit."
THIRD = "Health workers leave for many reasons, of which pay is only the one most often named."


def test_a_replaced_word_is_one_proposal():
    draft, copy = draft_of(LONG, OTHER), None
    copy = Copy.of(draft)
    at = LONG.index("seldom")
    copy.take_out(at, at + 6, "Ana")
    copy.put_in(at + 6, "rarely", "Ana")
    (proposal,) = check(draft, copy).found
    assert proposal.change == Edit(At(0, at), At(0, at + 6), "rarely", proposal.marks)
    assert (proposal.paragraph, len(proposal.marks)) == (0, 2)


def test_what_two_authors_do_side_by_side_is_two_proposals():
    draft = draft_of(LONG)
    copy = Copy.of(draft)
    copy.take_out(0, 9, "Ana")
    copy.put_in(9, "States", "Ben")
    assert len(check(draft, copy).found) == 2


def test_paragraphs_taken_out_in_a_row_are_one_proposal():
    draft = draft_of(LONG, OTHER, THIRD)
    copy = Copy.of(draft)
    copy.take_out(0, len(LONG) + 1 + len(OTHER) + 1, "Ana")
    (proposal,) = check(draft, copy).found
    assert proposal.change == Edit(At(0, 0), At(2, 0), "", proposal.marks)


def test_a_word_changed_without_tracking_is_found():
    draft = draft_of(LONG, OTHER)
    copy = Copy.of(draft)
    at = LONG.index("seldom")
    copy.silently(at, at + 6, "rarely")
    found = check(draft, copy)
    assert [(mark.kind, mark.text) for mark in found.silent] == [
        (MarkKind.DELETION, "seldom"), (MarkKind.INSERTION, "rarely")
    ]  # fmt: skip
    assert not any(mark.is_tracked for mark in found.silent)


def test_spaces_of_another_width_are_no_change():
    draft = draft_of(LONG)
    copy = Copy.of(draft)
    copy.silently(LONG.index(" of"), LONG.index(" of") + 1, "\u00a0")
    assert check(draft, copy).found == ()


def test_a_paragraph_split_joined_put_in_or_taken_out_without_tracking():
    draft = draft_of(LONG, OTHER, THIRD)
    for start, end, text in (
        (LONG.index(" that"), LONG.index(" that") + 1, PARAGRAPH),
        (len(LONG), len(LONG) + 1, " "),
        (len(LONG), len(LONG), PARAGRAPH + "Nobody has counted how many nurses would come back if they were asked to."),
        (len(LONG), len(LONG) + 1 + len(OTHER), ""),
    ):
        copy = Copy.of(draft)
        copy.silently(start, end, text)
        found = check(draft, copy)
        assert len(found.found) == 1
        assert found.found[0].change is not None


def test_a_paragraph_moved_without_tracking_is_for_a_person():
    draft = draft_of(LONG, OTHER, THIRD)
    copy = Copy.of(draft_of(OTHER, THIRD, LONG))
    (proposal,) = proposals_of(align(draft, copy.markup())).found
    assert (proposal.paragraph, proposal.change) == (0, None)


def test_the_map_of_paragraphs_follows_one_that_others_were_put_before():
    old, new = (
        draft_of(LONG, OTHER, THIRD),
        draft_of("An opening that was not there.", LONG, "Another.", OTHER[:-9] + "."),
    )
    assert paragraph_map(old, new) == {0: (1,), 1: (3,), 2: ()}
