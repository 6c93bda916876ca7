"""The one way to the database: a Store gives reading and writing transactions, and news of changes.

Verbs in this room take a Transaction and never open one. Trouble with the database itself comes out
as Unavailable with one sentence; anything else passes through.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from tfui.errors import GaveWay, Invalid, Unavailable
from tfui.model.columns import IdMaker
from tfui.store import unwritable
from tfui.store.dialect import WRITES, Dialect, dialect_of, sqlite_path
from tfui.store.sqlite_dialect import prepare_sqlite_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection, Engine


LEAST_FREE = 64 * 1024
"""Bytes of disk below which trouble with a database file is put down to that: less than a -shm takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who a write is by, for the journal."""

    name: str
    via: str
    """tui, cli, api or engine."""
    user_id: UUID | None = None


@dataclass(slots=True)
class Transaction:
    """An open transaction. It ends with the `with` block that gave it."""

    connection: Connection
    dialect: Dialect
    ids: IdMaker = field(default_factory=IdMaker)
    author: Author | None = None
    """None when only reading."""
    now: datetime | None = None
    """The instant of a write; rows written together bear one time."""
    batch_id: UUID | None = None
    """Journal entries of one transaction share it."""
    gathered: dict[UUID, dict[str, Any]] | None = None
    """Changes of schedules that are written together; None while each is written at once."""
    before_commit: list[Callable[[], object]] = field(default_factory=list)
    """Called in order when the block has ended well: what must come last, whoever asked for it."""


def parse_url(text: str) -> URL:
    """Read `--db`: a path, `sqlite:///…` or `postgresql+psycopg://…`. Raises Invalid {"db"}."""
    if "://" not in text:
        path = Path(text).expanduser()
        return URL.create("sqlite", database=str(path if path.is_absolute() else Path.cwd() / path))
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise Invalid({"db": f"{text!r} is not a database URL"}) from error
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database:
        return url.set(drivername="sqlite")
    raise Invalid({"db": "expected a path, sqlite:///… or postgresql+psycopg://…"})


class Store:
    """One database. Safe to share between threads; every `with` block has its own connection."""

    def __init__(self, url: str | URL, *, pool_size: int = 5) -> None:
        self.url = parse_url(url) if isinstance(url, str) else url
        self.dialect = dialect_of(self.url)
        found = sqlite_path(self.url)
        self.path = None if found is None else Path(found)
        """The SQLite file, or None on Postgres."""
        self._engine = self.dialect.connect(self.url, pool_size=pool_size)
        self._writers = self._engine.execution_options(**{WRITES: True})
        self._still: Engine | None = None
        self._listeners: list[Callable[[], None]] = []
        if self.path is not None and not self.is_read_only:
            with self.troubles():
                try:
                    prepare_sqlite_file(self.path)
                except OSError as error:
                    message = f"{error.strerror} ({self.label})"
                    raise Unavailable(message) from error

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a snapshot; nothing may be written in it. Raises Unavailable."""
        with self.troubles(), self._reader().connect() as connection, connection.begin():
            yield Transaction(connection, self.dialect)

    @contextmanager
    def writing(self, *, by: Author, now: datetime) -> Iterator[Transaction]:
        """Open a transaction that commits when the block ends well. Raises Unavailable."""
        with self.troubles(), self._writers.connect() as connection, connection.begin():
            ids = IdMaker()
            tx = Transaction(
                connection,
                self.dialect,
                ids,
                author=by,
                now=now,
                batch_id=ids.make(now),
            )
            yield tx
            for act in tx.before_commit:
                act()
        for listener in self._listeners:
            listener()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener`, from the writing thread, after each commit made through this Store."""
        self._listeners.append(listener)

    def watch(self) -> Watch:
        """Open a connection that notices what others commit. Close it."""
        return Watch(self)

    def connect(self) -> Connection:
        """Open a bare connection, for migrations and checks. Raises Unavailable."""
        with self.troubles():
            return self._reader().connect()

    def close(self) -> None:
        """Let go of every connection. The Store may not be used again."""
        self._engine.dispose()

    @property
    def is_read_only(self) -> bool:
        """Whether it is a file that this user may not write now."""
        return self.path is not None and not unwritable.may_write(self.path)

    def _reader(self) -> Engine:
        """Give what a snapshot is read with; asked each time, for a file's state may change."""
        if self.path is None or not unwritable.is_still(self.path):
            return self._engine
        if self._still is None:
            self._still = unwritable.still_engine(self.path)
        return self._still

    @contextmanager
    def troubles(self) -> Iterator[None]:
        """Turn the database's own failures into Unavailable with one sentence."""
        try:
            yield
        except Exception as error:
            sentence = self.dialect.explain(error)
            if sentence is None:
                raise
            if self._is_full():
                sentence = "the disk is full"  # SQLite may only say that it could not write
            kind = GaveWay if self.dialect.gave_way(error) else Unavailable
            raise kind(f"{sentence} ({self.label})") from error

    def _is_full(self) -> bool:
        try:
            return self.path is not None and shutil.disk_usage(self.path.parent).free < LEAST_FREE
        except OSError:
            return False  # the folder itself is out of reach, which the sentence says

    @property
    def label(self) -> str:
        """The database's name for people: the path, or the URL without its password."""
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)


class Watch:
    """Notices commits, also those of other processes, at the price of one tiny query a look."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connect()
        self._mark = self._look()

    def has_changed(self) -> bool:
        """Whether anything was committed since the last call. Raises Unavailable."""
        mark = self._look()
        changed = mark != self._mark
        self._mark = mark
        return changed

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _look(self) -> str:
        with self._store.troubles():
            return self._store.dialect.change_mark(self._connection)
