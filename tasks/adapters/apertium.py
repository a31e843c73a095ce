"""Machine translation by Apertium, a program of its own that works without a network.

What it knows are the pairs that are installed with it: `apertium -l` lists them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from typing import Final

from babel.core import get_global

from tasks.domain.errors import NotNow
from tasks.domain.locale import language_of
from tasks.domain.tagging import tagged, untagged

#: Seconds after which the program is given up: it translates some thousands of words in one.
_PATIENCE_SECONDS: Final = 120
#: Each segment is a paragraph, which no translation crosses.
_PARAGRAPH: Final = re.compile(r"<p>(.*?)</p>", re.DOTALL)


class Apertium:
    """Translates segments with the program `apertium`."""

    name: Final = "apertium"

    def cost(self, texts: Sequence[str]) -> int:
        """Nothing is paid for."""
        return 0

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """A translation of each segment, its codes as the program left them; words it does not know stay.

        Raises:
            NotNow: the program or the pair is not installed, takes too long, or fails.
        """
        if not texts:
            return []
        mode = self._mode(language_of(source), language_of(target))
        asked = "\n".join(f"<p>{tagged(text)}</p>" for text in texts)
        answered = _PARAGRAPH.findall(_run("-u", "-f", "html", mode, text=asked))
        if len(answered) != len(texts):
            raise NotNow(
                f"apertium gave back {len(answered):,} of {len(texts):,} segments; leave them to the translator"
            )
        return [untagged(answer) for answer in answered]

    def _mode(self, source: str, target: str) -> str:
        """What the program calls a pair: languages by two letters or three, as its package likes."""
        modes = _run("-l").split()
        for mode in modes:
            if [get_global("language_aliases").get(part, part) for part in mode.split("-")] == [source, target]:
                return mode
        raise NotNow(
            f"apertium has no translation from {source} into {target}, only {', '.join(modes) or 'none'}; install its "
            "package for the pair, or choose another `pretranslation` in the edition"
        )


def _run(*arguments: str, text: str = "") -> str:
    program = shutil.which("apertium")
    if program is None:
        raise NotNow(
            "apertium is not installed; install it with its package for the pair, or choose another `pretranslation` "
            "in the edition"
        )
    try:
        done = subprocess.run(
            [program, *arguments], input=text, capture_output=True, encoding="utf-8", timeout=_PATIENCE_SECONDS,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotNow(f"apertium gave no answer within {_PATIENCE_SECONDS} seconds; try again") from None
    if done.returncode:
        told = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise NotNow(f"apertium failed ({told}); see that it works by itself, then try again")
    return done.stdout
