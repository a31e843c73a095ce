"""The `roundtable` command's way in: it starts with the packages of this checkout and no others.

Others, too, name a package `config` or `tasks`, and site-packages and PYTHONPATH come before the line that the editable
install appends to the path. So this module imports none of the three before it has seen where they come from.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Run the command; where a package is not this checkout's, end with 1 and one message."""
    _come_first()
    for name in ("flows", "tasks", "config"):
        found, own = _origin(name), ROOT / name / "__init__.py"
        if found != own:
            what = "unset PYTHONPATH or, if that does not help, make the environment anew with `make clean setup`"
            sys.exit(f"{name} comes from {found or 'nowhere'}, not from {own}; {what}")
    from flows import cli

    cli.main()


def _come_first() -> None:
    """Let this process and those it starts look into the checkout before anywhere else."""
    sys.path.insert(0, str(ROOT))
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))


def _origin(name: str) -> Path | None:
    """The file a package would be, or was, imported from."""
    spec = find_spec(name)
    return Path(spec.origin).resolve() if spec and spec.origin else None


if __name__ == "__main__":
    main()
