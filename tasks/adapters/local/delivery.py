"""The local backend: everything that goes out and comes in is a file on this machine."""

from __future__ import annotations

from pathlib import Path

from tasks.adapters.local.agenda import LocalAgenda
from tasks.adapters.local.files import LocalFiles
from tasks.adapters.local.mail import LocalMail
from tasks.adapters.ports import Delivery


def local_delivery(home: Path) -> Delivery:
    """Mail, files and agenda below `home`; nothing is made before it is used."""
    return Delivery(LocalMail(home), LocalFiles(home), LocalAgenda(home), "local")
