"""The database itself, before anybody can be a caller of it: its name, its state, and its schema.

Rights are those of the file or the server: whoever can open it may look at it and bring it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tfui.errors import NotFound
from tfui.store import migrations
from tfui.store.connection import Store, parse_url
from tfui.store.dialect import sqlite_path


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseState:
    """What a look at a database found."""

    database: str
    """The path, or the URL without its password."""
    kind: str
    """sqlite or postgresql."""
    schema: str | None
    """The schema's revision; None when it is empty."""
    known_schema: str
    """The revision this version of tfui works with."""
    damage: list[str]
    """A sentence for each thing that is broken."""

    @property
    def is_current(self) -> bool:
        """Whether the schema is the one this version works with."""
        return self.schema == self.known_schema


def label(url: str) -> str:
    """Give the path of a SQLite database, or a server's URL without its password. Raises Invalid."""
    read = parse_url(url)
    return sqlite_path(read) or read.render_as_string(hide_password=True)


def check(url: str) -> DatabaseState:
    """Read a database through without changing it. Raises Invalid, NotFound and Unavailable."""
    _refuse_absence(url)
    store = Store(url)
    try:
        with store.reading() as tx:
            return DatabaseState(
                database=store.label,
                kind=store.dialect.name,
                schema=migrations.revision(tx.connection),
                known_schema=migrations.HEAD,
                damage=store.dialect.damage(tx.connection),
            )
    finally:
        store.close()


def upgrade(url: str) -> Path | None:
    """Make a database, or bring it up; give the copy that was made first. Raises Invalid, Unavailable."""
    store = Store(url)
    try:
        return migrations.upgrade(store)
    finally:
        store.close()


def _refuse_absence(url: str) -> None:
    """Raise NotFound where opening a store would make one."""
    path = sqlite_path(parse_url(url))
    if path is not None and not Path(path).exists():
        raise NotFound(
            f"there is no database at {path} yet; the first command that needs one makes it"
        )
