"""Text boxes stand twice in a file, for new programs and for old ones: translated once, put in both places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tasks.adapters.word.ooxml import MC, Element, elements, remove, w


@dataclass
class Copies:
    """Which paragraphs repeat another, and for each that has such which they are."""

    repeated: set[Element] = field(default_factory=set)
    of: dict[Element, list[Element]] = field(default_factory=dict)


def find_copies(nodes: Iterable[Element]) -> Copies:
    """The repetitions among the text boxes in `nodes`."""
    found = Copies()
    for node in nodes:
        for alternate in node.iter(f"{{{MC}}}AlternateContent"):
            first, *others = list(elements(alternate)) or [alternate]
            originals = list(first.iter(w("p")))
            for other in others:
                repeated = list(other.iter(w("p")))
                found.repeated.update(repeated)
                if len(repeated) == len(originals):
                    for original, repeat in zip(originals, repeated, strict=True):
                        found.of.setdefault(original, []).append(repeat)
    return found


def drop_branch(mirror: Element) -> None:
    """Take away an old program's copy of a text box that cannot be given the new text: better none than the old one."""
    for above in mirror.iterancestors(f"{{{MC}}}Fallback"):
        remove(above)
        return
