"""Editions of any size for measuring: the sessions of one edition several times over, under ids of their own."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

from tasks.adapters.edition_files import load


def multiply(source: Path, edition: str, times: int, target: Path) -> None:
    """Write `edition` to `target/edition` with every session `times` over; materials are linked, not copied.

    The first copy keeps its ids, so the scenes of the rehearsal happen once; the others follow the habits only.
    """
    loaded = load(source, edition, overlay=True)
    config: dict[str, Any] = copy.deepcopy(dict(loaded.config))
    del config["id"]
    folder = target / edition
    materials = folder / "rehearsal" / "materials"
    materials.mkdir(parents=True)
    sessions = []
    for number in range(times):
        for session in config["sessions"]:
            clone = copy.deepcopy(session)
            if number:
                clone["id"] = f"{session['id']}x{number}"
                for seat in clone["seats"]:
                    seat["id"] = f"{seat['id']}x{number}"
            sessions.append(clone)
            texts = source / edition / "rehearsal" / "materials" / session["id"]
            if texts.is_dir():
                (materials / clone["id"]).symlink_to(texts)
    config["sessions"] = sessions
    (folder / "edition.yaml").write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), "utf-8")
    script = source / edition / "rehearsal" / "script.yaml"
    (folder / "rehearsal" / "script.yaml").write_text(script.read_text("utf-8"), "utf-8")
