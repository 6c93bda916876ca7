"""Every difference between SQLite and Postgres, and nothing else. The rest of the store asks here."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

from sqlalchemy import (
    BigInteger,
    Integer,
    LargeBinary,
    Text,
    case,
    cast,
    create_engine,
    event,
    extract,
    func,
    literal,
    true,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB

from tfui.model.columns import UtcDateTime, to_microseconds
from tfui.store import sqlite_statements
from tfui.store.given import portions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

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
    from sqlalchemy.engine import ExceptionContext
    from sqlalchemy.pool import ConnectionPoolEntry

WRITES = "tfui_writes"
"""Execution option of a connection whose transactions will write."""

BUSY_SECONDS = 5.0
"""How long a writer waits for another before the store counts as locked."""


def _where(
    joined: FunctionElement[Any], conditions: Sequence[ColumnElement[bool]]
) -> ColumnElement[Any]:
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


class SqliteDialect:
    """One file, one writer at a time, readers never waiting (WAL)."""

    name = "sqlite"

    def connect(self, url: URL, *, pool_size: int) -> Engine:
        """Make an engine whose writers say BEGIN IMMEDIATE."""
        engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=4,
            hide_parameters=True,  # payloads hold secrets, and errors are written down
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
        event.listen(engine, "handle_error", _let_go_of_read_only)
        return engine

    def execute_many(
        self,
        connection: Connection,
        statement: Insert | Update | Delete,
        rows: Sequence[Mapping[str, Any]],
    ) -> int:
        """Hand the rows to the driver as they are: on thousands, preparing them costs most of the time."""
        text = sqlite_statements.change(statement)
        with _driving(connection) as driver:
            return driver.executemany(text, rows).rowcount

    def execute_given(
        self,
        connection: Connection,
        statement: Insert | Update | Delete,
        given: TableClause,
        rows: Sequence[Mapping[str, Any]],
    ) -> int:
        """Count by the connection: the driver does not for what begins with WITH."""
        with _driving(connection) as driver:
            before = driver.total_changes
            for text, values in portions(statement, given, rows, connection.dialect):
                driver.execute(text, values)
            return driver.total_changes - before

    def fetch(
        self,
        connection: Connection,
        query: Select[*tuple[Any, ...]],
        values: Mapping[str, Any],
    ) -> Sequence[Any]:
        """Ask the driver itself: SQLAlchemy takes ten times as long about it as SQLite does."""
        found, given = sqlite_statements.query(query, values)
        with _driving(connection) as driver:
            return [found.row(*row) for row in driver.execute(found.text, given)]

    def lock_rows(self, query: Select[Any], *, of: Table | None = None) -> Select[Any]:  # noqa: ARG002  # as below
        """BEGIN IMMEDIATE already holds everything."""
        return query

    def hold_rows(self, query: Select[Any]) -> Select[Any]:
        """BEGIN IMMEDIATE already holds everything."""
        return query

    def insert(self, table: Table) -> sqlite.Insert:
        """Start an insert that knows ON CONFLICT."""
        return sqlite.insert(table)

    def json_text(self, column: ColumnElement[Any]) -> ColumnElement[str]:
        """JSON is kept as text."""
        return type_coerce(column, Text)

    def joined_ids(
        self, column: ColumnElement[Any], *where: ColumnElement[bool]
    ) -> ColumnElement[bytes]:
        """Join them like texts: SQLite takes any byte for one, and hands all of them back."""
        return cast(_where(func.group_concat(column, literal("")), where), LargeBinary)

    def folded(self, column: ColumnElement[Any]) -> ColumnElement[str]:
        """Ask Python: SQLite's own lower() knows ASCII alone."""
        return func.tfui_folded(column, type_=Text())

    def minutes_before(self, column: ColumnElement[Any], now: datetime) -> ColumnElement[int]:
        """Divide whole microseconds, which is how an instant is kept."""
        passed = literal(to_microseconds(now), BigInteger) - type_coerce(column, BigInteger)
        return passed // literal(60_000_000, BigInteger)

    def size(self, connection: Connection) -> int:
        """Count the pages of the file."""
        query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        return int(connection.exec_driver_sql(query).scalar_one())

    def each_text(self, column: ColumnElement[Any], key: str) -> TableValuedAlias:
        """There is a table-valued function for that; what is no list gives one row or none."""
        return func.json_each(column, f"$.{key}").table_valued("value")

    def join_each(self, left: Table, right: Table, chosen: Select[Any]) -> FromClause:
        """There is no LATERAL; a correlated IN is looked up row by row as well."""
        return left.join(right, right.c.id.in_(chosen.scalar_subquery()))

    def freeze(self, connection: Connection) -> None:
        """Do nothing: a reader in WAL mode sees one moment anyway."""

    def change_mark(self, connection: Connection) -> str:
        """Ask the file's data version, which other connections' commits move."""
        (version,) = _driver(connection).execute("PRAGMA data_version").fetchone()
        return str(version)

    def lock_schema(self, connection: Connection) -> None:
        """BEGIN IMMEDIATE already holds everything."""

    def damage(self, connection: Connection) -> list[str]:
        """Ask SQLite to check its pages and indexes, and what refers to nothing."""
        found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(20)
        return [line for line in found if line != "ok"] + [
            f"row {row} of {table} refers to a missing row of {parent}"
            for table, row, parent, _ in lost
        ]

    def gave_way(self, error: BaseException) -> bool:  # noqa: ARG002  # as below
        """One writer at a time waits for nobody in a circle."""
        return False

    def explain(self, error: BaseException) -> str | None:
        """Read sqlite3's own error; its codes are in sqlite.org/rescode.html."""
        found = getattr(error, "orig", error)
        if not isinstance(found, sqlite3.Error):
            return None
        name = getattr(found, "sqlite_errorname", "") or ""
        for prefix, sentence in _SQLITE_TROUBLE.items():
            if name.startswith(prefix):
                return sentence
        return None


_SQLITE_TROUBLE = {
    "SQLITE_BUSY": "the database is locked by another program",
    "SQLITE_LOCKED": "the database is locked by another program",
    "SQLITE_READONLY": "the database is read-only",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk could not be read or written",
    "SQLITE_CANTOPEN": "the database file cannot be opened",
    "SQLITE_CORRUPT": "the database file is damaged",
    "SQLITE_NOTADB": "the file is not a tfui database",
    "SQLITE_PERM": "the database file may not be used by this user",
    "SQLITE_AUTH": "the database file may not be used by this user",
}


def prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    """Set a new connection up."""
    # The driver must not open transactions by itself: BEGIN IMMEDIATE has to be ours.
    connection.isolation_level = None
    cursor = connection.cursor()
    connection.create_function("tfui_folded", 1, _folded, deterministic=True)
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")  # safe in WAL against crashes of the program
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.execute("PRAGMA cache_size = -16000")  # 16 MB
    # Pages that many transactions change are copied into the file once instead of once each.
    cursor.execute("PRAGMA wal_autocheckpoint = 4000")  # pages: a log of 16 MB
    cursor.close()


def _folded(value: object) -> str | None:
    return None if value is None else str(value).casefold()


def _let_go_of_read_only(context: ExceptionContext) -> None:
    if _is_read_only(context.original_exception):
        context.is_disconnect = True


def _driver(connection: Connection) -> sqlite3.Connection:
    """Give the driver's own connection, for statements that SQLAlchemy is not to see."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise AssertionError("a connection in use has a driver's")
    return driver  # type: ignore[no-any-return]  # SQLAlchemy does not know whose


@contextmanager
def _driving(connection: Connection) -> Iterator[sqlite3.Connection]:
    """Give the driver's own connection; one that turns out to be read-only is let go of."""
    try:
        yield _driver(connection)
    except sqlite3.Error as error:
        if _is_read_only(error):
            connection.invalidate(error)
        raise


def _is_read_only(error: BaseException) -> bool:
    # A connection opened while the file was read-only stays so after it can be written again.
    return (getattr(error, "sqlite_errorname", None) or "").startswith("SQLITE_READONLY")


def begin_sqlite(connection: Connection) -> None:
    """Begin a transaction as what it is for."""
    writes = connection.get_execution_options().get(WRITES, False)
    with _driving(connection) as driver:
        driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def prepare_sqlite_file(path: Path) -> None:
    """Make the file (mode 0600) and its folder when missing, and put it in WAL mode.

    Only where both may be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        if mode != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


@lru_cache(maxsize=64)
def _postgres_parameters(statement: Insert | Update | Delete) -> tuple[str, ...]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy has not typed it
    return tuple(statement.compile(dialect=dialect).params)


class PostgresDialect:
    """A server, many writers, row locks that are skipped over."""

    name = "postgresql"

    def connect(self, url: URL, *, pool_size: int) -> Engine:
        """Make an engine whose sessions speak UTC."""
        return create_engine(
            url,
            pool_size=pool_size,
            max_overflow=4,
            hide_parameters=True,  # payloads hold secrets, and errors are written down
            pool_pre_ping=True,
            connect_args={"options": "-c timezone=UTC", "connect_timeout": 10},
        )

    def execute_many(
        self,
        connection: Connection,
        statement: Insert | Update | Delete,
        rows: Sequence[Mapping[str, Any]],
    ) -> int:
        """Have instants converted; the round trips cost more."""
        # SQLAlchemy would take any other key that is a column's name for a value to be set.
        names = _postgres_parameters(statement)
        wanted = [{name: row[name] for name in names} for row in rows]
        return connection.execute(statement, wanted).rowcount

    def execute_given(
        self,
        connection: Connection,
        statement: Insert | Update | Delete,
        given: TableClause,
        rows: Sequence[Mapping[str, Any]],
    ) -> int:
        """Have instants converted, and each portion be one round trip."""
        return sum(
            connection.exec_driver_sql(text, values).rowcount
            for text, values in portions(statement, given, rows, connection.dialect)
        )

    def fetch(
        self,
        connection: Connection,
        query: Select[*tuple[Any, ...]],
        values: Mapping[str, Any],
    ) -> Sequence[Any]:
        """Have instants converted; the round trip costs more."""
        return connection.execute(query, values).all()

    def lock_rows(self, query: Select[Any], *, of: Table | None = None) -> Select[Any]:
        """FOR UPDATE SKIP LOCKED."""
        return query.with_for_update(skip_locked=True, of=of)

    def hold_rows(self, query: Select[Any]) -> Select[Any]:
        """FOR UPDATE."""
        return query.with_for_update()

    def insert(self, table: Table) -> postgresql.Insert:
        """Start an insert that knows ON CONFLICT."""
        return postgresql.insert(table)

    def json_text(self, column: ColumnElement[Any]) -> ColumnElement[str]:
        """Have the server print jsonb."""
        return cast(column, Text)

    def joined_ids(
        self, column: ColumnElement[Any], *where: ColumnElement[bool]
    ) -> ColumnElement[bytes]:
        """Take each uuid in the form it is sent in."""
        sent = func.uuid_send(column, type_=LargeBinary())
        nothing = cast(literal(""), LargeBinary)
        return _where(func.string_agg(sent, nothing, type_=LargeBinary()), where)

    def folded(self, column: ColumnElement[Any]) -> ColumnElement[str]:
        """Use lower(), which knows every letter there but does not take sharp s apart."""
        return func.replace(func.lower(column), literal("ß"), literal("ss"), type_=Text())

    def minutes_before(self, column: ColumnElement[Any], now: datetime) -> ColumnElement[int]:
        """Subtract instants and count the minutes between."""
        seconds = extract("epoch", literal(now, UtcDateTime()) - column)
        return cast(func.floor(seconds / 60), Integer)

    def size(self, connection: Connection) -> int:
        """Ask the server."""
        query = "SELECT pg_database_size(current_database())"
        return int(connection.exec_driver_sql(query).scalar_one())

    def each_text(self, column: ColumnElement[Any], key: str) -> TableValuedAlias:
        """Only a list can be spread."""
        found = column[key]
        is_list = func.jsonb_typeof(found) == "array"
        spread = case((is_list, found), else_=cast(literal("[]"), JSONB))
        return func.jsonb_array_elements_text(spread).table_valued("value")

    def join_each(self, left: Table, right: Table, chosen: Select[Any]) -> FromClause:
        """LATERAL keeps the planner from walking all of `right`."""
        each = chosen.lateral("each_chosen")
        return left.join(each, true()).join(right, right.c.id == each.c.id)

    def freeze(self, connection: Connection) -> None:
        """READ COMMITTED would show each statement what was committed before it."""
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def change_mark(self, connection: Connection) -> str:
        """Ask for the snapshot of finished transactions: any commit that wrote moves it."""
        with connection.begin():
            query = "SELECT pg_current_snapshot()::text"
            return str(connection.exec_driver_sql(query).scalar_one())

    def lock_schema(self, connection: Connection) -> None:
        """Take the schema's advisory lock until the transaction ends."""
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7463756901)")

    def damage(self, connection: Connection) -> list[str]:  # noqa: ARG002  # the server sees to it
        """Give nothing: a server checks its pages as it reads them, and its references as it writes."""
        return []

    def gave_way(self, error: BaseException) -> bool:
        """Tell a deadlock that the server has broken."""
        return getattr(getattr(error, "orig", error), "sqlstate", None) == _DEADLOCK

    def explain(self, error: BaseException) -> str | None:
        """Tell an unreachable, read-only or full server from a mistake of ours."""
        found = getattr(error, "orig", error)
        state = getattr(found, "sqlstate", None)
        if state is None and type(found).__name__ == "OperationalError":
            return f"the database server cannot be reached: {str(found).strip().splitlines()[0]}"
        for prefix, sentence in _POSTGRES_TROUBLE.items():
            if state is not None and state.startswith(prefix):
                return sentence
        return None


_DEADLOCK = "40P01"
# Classes of SQLSTATE, appendix A of the Postgres manual.
_POSTGRES_TROUBLE = {
    "08": "the database server cannot be reached",
    "25006": "the database is read-only",
    "28": "the database server refused this user",
    _DEADLOCK: "the database is busy: two changes waited for each other, and this one gave way",
    "3D": "there is no such database on the server",
    "53100": "the database server's disk is full",
    "53": "the database server is out of resources",
    "55P03": "the database is locked by another program",
    "57P": "the database server is shutting down",
}


def dialect_of(url: URL) -> Dialect:
    """Choose by the URL's backend; only these two are supported."""
    return PostgresDialect() if url.get_backend_name() == "postgresql" else SqliteDialect()


def sqlite_path(url: URL) -> str | None:
    """Give the file behind a SQLite URL; None for Postgres and for memory."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return unquote(url.database)
