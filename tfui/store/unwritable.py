"""A database file that this user may not write: telling so beforehand, and reading it all the same.

SQLite opens a file without the right to write by itself, but a file in WAL mode also wants its log's
index beside it, which cannot be made in a folder that may not be written. Such a file can be read as
one that nobody changes, as long as no log stands beside it with changes still to be taken over.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import URL, NullPool, create_engine, event

from tfui.store.sqlite_dialect import begin_sqlite, prepare_sqlite

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

_HAS_EFFECTIVE = os.access in os.supports_effective_ids


def may_write(path: Path) -> bool:
    """Whether this user may write a database file and what SQLite keeps beside it."""
    folder = path.parent
    if not path.exists():
        return _may_write(folder) or not folder.exists()
    return _may_write(path) and (_may_write(folder) or all(map(_may_write, _beside(path))))


def is_still(path: Path) -> bool:
    """Whether a file can only be read as one that nobody changes: no log, and no place to make one."""
    if _may_write(path.parent) or not path.exists():
        return False
    log, index = _beside(path)
    has_log = log.exists() and log.stat().st_size > 0
    return not (has_log or index.exists())


def still_engine(path: Path) -> Engine:
    """Make an engine on a file that nobody changes now; each connection sees it as it then is."""
    # SQLite never looks again at a file it was told stays as it is, so no connection is kept.
    query = {"mode": "ro", "immutable": "1", "uri": "true"}
    url = URL.create("sqlite", database=f"file:{quote(str(path))}", query=query)
    engine = create_engine(url, poolclass=NullPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", prepare_sqlite)
    event.listen(engine, "begin", begin_sqlite)
    return engine


def _beside(path: Path) -> tuple[Path, Path]:
    """Give the log and its index."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=_HAS_EFFECTIVE)
