"""Every difference between SQLite and Postgres, and nothing else. The rest of the store asks here.

What each of the two answers is in `sqlite_dialect` and `postgres_dialect`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import (
        URL,
        ColumnElement,
        Connection,
        Delete,
        Engine,
        FromClause,
        FunctionElement,
        Insert,
        Select,
        Table,
        TableClause,
        TableValuedAlias,
        Update,
    )
    from sqlalchemy.dialects import postgresql, sqlite

WRITES = "tfui_writes"
"""Execution option of a connection whose transactions will write."""

BUSY_SECONDS = 5.0
"""How long a writer waits for another before the store counts as locked."""


def chosen(
    joined: FunctionElement[Any], conditions: Sequence[ColumnElement[bool]]
) -> ColumnElement[Any]:
    """Put together only what meets the conditions."""
    return joined.filter(*conditions) if conditions else joined


class Dialect(Protocol):
    """What the store needs to know about the database under it."""

    name: str

    def connect(self, url: URL, *, pool_size: int) -> Engine:
        """Make a SQLAlchemy engine, tuned for this database. Opens nothing yet."""

    def execute_many(
        self,
        connection: Connection,
        statement: Insert | Update | Delete,
        rows: Sequence[Mapping[str, Any]],
    ) -> int:
        """Execute a module's own statement once per row, with values as they are kept (see `kept`).

        Every parameter must be given by the rows. Gives the number of rows changed.
        """

    def execute_given(
        self,
        connection: Connection,
        statement: Insert | Update | Delete,
        given: TableClause,
        rows: Sequence[Mapping[str, Any]],
    ) -> int:
        """Execute a module's own statement for many rows at once, which it reads from `given`.

        The rows name the columns of `given`, with values as they are kept. Gives the number changed.
        """

    def fetch(
        self,
        connection: Connection,
        query: Select[*tuple[Any, ...]],
        values: Mapping[str, Any],
    ) -> Sequence[Any]:
        """Give the rows of a module's own query, taken and given as they are kept (see `kept`).

        What a module says as often as once for each job goes through here and `execute_many`.
        """

    def lock_rows(self, query: Select[Any], *, of: Table | None = None) -> Select[Any]:
        """Keep the chosen rows (`of` one table), passing over those another transaction holds."""

    def hold_rows(self, query: Select[Any]) -> Select[Any]:
        """Keep the chosen rows for this transaction, waiting for whoever holds them."""

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Start an insert that knows ON CONFLICT."""

    def json_text(self, column: ColumnElement[Any]) -> ColumnElement[str]:
        """Read a JSON column as its text, without decoding it."""

    def joined_ids(
        self, column: ColumnElement[Any], *where: ColumnElement[bool]
    ) -> ColumnElement[bytes]:
        """Put identifiers, 16 bytes each, into one value, in the order of the subquery they are from."""

    def folded(self, column: ColumnElement[Any]) -> ColumnElement[str]:
        """Read a text in folded case, to be compared with folded texts."""

    def minutes_before(self, column: ColumnElement[Any], now: datetime) -> ColumnElement[int]:
        """Say how many whole minutes before `now` an instant was."""

    def size(self, connection: Connection) -> int:
        """Give how many bytes the database takes, without its log."""

    def each_text(self, column: ColumnElement[Any], key: str) -> TableValuedAlias:
        """Spread the list under `key` of a JSON document into rows of one text, `value`."""

    def join_each(self, left: Table, right: Table, chosen: Select[Any]) -> FromClause:
        """Join to each row of `left` the rows of `right` whose ids `chosen`, correlated, gives."""

    def freeze(self, connection: Connection) -> None:
        """Have every statement of a reading transaction see the same moment; to be called first."""

    def change_mark(self, connection: Connection) -> str:
        """Give a text that differs whenever something was committed by another connection.

        To be called outside any transaction.
        """

    def lock_schema(self, connection: Connection) -> None:
        """Let one process at a time change the schema."""

    def damage(self, connection: Connection) -> list[str]:
        """Read the whole database and give a sentence for each thing that is broken in it."""

    def explain(self, error: BaseException) -> str | None:
        """Say in one sentence why the store cannot be used, or None when `error` says no such thing."""

    def gave_way(self, error: BaseException) -> bool:
        """Whether a transaction was undone because it and another waited for each other."""


def dialect_of(url: URL) -> Dialect:
    """Choose by the URL's backend; only these two are supported."""
    if url.get_backend_name() == "postgresql":
        from tfui.store.postgres_dialect import PostgresDialect

        return PostgresDialect()
    from tfui.store.sqlite_dialect import SqliteDialect

    return SqliteDialect()


def sqlite_path(url: URL) -> str | None:
    """Give the file behind a SQLite URL; None for Postgres and for memory."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return unquote(url.database)
