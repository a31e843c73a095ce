"""Pages of the documentation, taken apart for the tests."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def sections(text: str) -> dict[str, str]:
    """What stands under each heading of any level, up to the next one."""
    parts = re.split(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> list[list[str]]:
    """The cells of every table row in `text`, headings and rules left out."""
    tables = re.findall(r"^\|.+\|\n\|[ :|-]+\|\n((?:\|.+\|\n?)+)", text, re.MULTILINE)
    lines = [line for table in tables for line in table.strip().splitlines()]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines]


def quoted(text: str) -> list[str]:
    """What stands between backticks, in order; blocks of code left out."""
    return re.findall(r"`([^`]+)`", re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL))
