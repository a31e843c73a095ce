"""What holds for the text that is walked over: which marks put it in, took it out, format it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tasks.adapters.word.markup.elements import PUT_IN


@dataclass(frozen=True)
class State:
    """The marks around a stretch of text, by id; the outermost first."""

    put_in: tuple[str, ...] = ()
    taken_out: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()

    def under(self, name: str, id: str) -> State:
        """The state within an element of this name that is a change."""
        if name in PUT_IN:
            return replace(self, put_in=(*self.put_in, id))
        return replace(self, taken_out=(*self.taken_out, id))

    def formatted(self, id: str) -> State:
        """The state of a run whose formatting was changed."""
        return replace(self, formats=(*self.formats, id))

    def also(self, other: State) -> State:
        """What holds for something that is in two places: it came, or went, only if it did so in both."""
        return State(
            (*self.put_in, *other.put_in) if self.put_in and other.put_in else (),
            (*self.taken_out, *other.taken_out) if self.taken_out and other.taken_out else (),
        )

    @property
    def marks(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.put_in, *self.taken_out, *self.formats)
