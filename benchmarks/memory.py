"""The translation memory at 10,000 and 100,000 passages: built, and asked for what it has, nearly has and has not.

    python -m benchmarks.memory                     10,000 and 100,000 passages
    python -m benchmarks.memory --passages 10000

Passages are made of the sentences of the example's papers. The floor is measured in the same run: for the same text a
look-up in a plain dict, for nearly the same one `rapidfuzz.process.extractOne` over all texts, which is what anybody
would write first. Seconds are those of the processor: what else the machine does is no matter.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from config import settings as configuration
from tasks.domain.memory import LEAST, Index, Passage

#: Texts looked up for each figure; fewer for the slow floor.
_ASKED, _ASKED_BARE = 500, 20


@dataclass(frozen=True)
class Measured:
    """Seconds and bytes of an index, look-ups per second of each kind, and of its floor."""

    passages: int
    build: float
    bytes: int
    exact: float
    bare_exact: float
    fuzzy: float
    miss: float
    bare_fuzzy: float
    bare_miss: float
    found: int


def measure(passages: int) -> Measured:
    """Build an index of so many passages and look up texts that are the same, changed in a place or two, and others."""
    chance = random.Random(passages)
    texts = made_texts(passages + _ASKED, chance)
    known, others = texts[:passages], texts[passages:]
    same = chance.sample(known, min(_ASKED, passages))
    changed = [edited(text, chance) for text in same]
    kept = [Passage(text, text.upper()) for text in known]
    began = time.process_time()
    index = Index(kept)
    build = time.process_time() - began
    bare = {passage.source: passage.target for passage in kept}
    found = sum(bool(index.suggest(text)) for text in changed)
    return Measured(
        passages, build, room_for(kept),
        per_second(index.suggest, same), per_second(bare.__getitem__, same),
        per_second(index.suggest, changed), per_second(index.suggest, others),
        per_second(lambda text: extract_one(text, known), changed[:_ASKED_BARE]),
        per_second(lambda text: extract_one(text, known), others[:_ASKED_BARE]),
        found,
    )  # fmt: skip


def made_texts(number: int, chance: random.Random) -> list[str]:
    """So many different texts of one to four sentences of the example's papers, each with words exchanged."""
    folder = configuration.ROOT / "config" / "editions" / "brussels-2007" / "rehearsal" / "materials"
    prose = " ".join(path.read_text("utf-8") for path in sorted(folder.glob("*/background-paper*.en.md")))
    sentences = re.split(r"(?<=[.!?])\s+", re.sub(r"\s+", " ", prose))
    words = re.findall(r"\w+", prose)
    made: dict[str, None] = {}
    for turn in count():
        parts = [chance.choice(sentences) for _ in range(1 + turn % 4)]
        made[" ".join(chance.choice(words) if chance.random() < 0.3 else word for word in " ".join(parts).split())] = (
            None
        )
        if len(made) == number:
            return list(made)
    raise AssertionError("counting has no end")


def edited(text: str, chance: random.Random) -> str:
    """The text with about every tenth word another."""
    words = text.split()
    for _ in range(1 + len(words) // 10):
        words[chance.randrange(len(words))] = "exchanged"
    return " ".join(words)


def extract_one(text: str, texts: Sequence[str]) -> object:
    return process.extractOne(text, texts, scorer=Levenshtein.normalized_similarity, score_cutoff=LEAST / 100)


def per_second(look_up: Callable[[str], object], texts: Sequence[str]) -> float:
    began = time.process_time()
    for text in texts:
        look_up(text)
    return len(texts) / (time.process_time() - began)


def room_for(kept: Sequence[Passage]) -> int:
    """Bytes that an index takes beside its passages; measured apart, since measuring slows it down."""
    tracemalloc.start()
    index = Index(kept)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del index
    return taken


def report(sizes: Sequence[int] = (10_000, 100_000)) -> None:
    """Measure and print."""
    print("Translation memory: look-ups per second, and bare (a dict; rapidfuzz over all texts)")
    print("  passages  built in  memory     same     dict   nearly     bare  ratio     none     bare  ratio  found")
    for size in sizes:
        m = measure(size)
        print(
            f"  {m.passages:8,}  {m.build:6.1f} s  {m.bytes / 1e6:3.0f} MB  {m.exact:7,.0f}"
            f"  {m.bare_exact / 1e3:6,.0f}k  {m.fuzzy:7,.0f}  {m.bare_fuzzy:7,.1f}  {m.fuzzy / m.bare_fuzzy:5,.0f}"
            f"  {m.miss:7,.0f}  {m.bare_miss:7,.1f}  {m.miss / m.bare_miss:5,.0f}  {m.found / _ASKED:5.0%}",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, nargs="*", default=[10_000, 100_000])
    report(parser.parse_args().passages)
