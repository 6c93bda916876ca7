"""How the store speaks to SQLite."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    LargeBinary,
    Text,
    cast,
    create_engine,
    event,
    func,
    literal,
    type_coerce,
)
from sqlalchemy.dialects import sqlite

from tfui.model.columns import to_microseconds
from tfui.store import sqlite_statements
from tfui.store.dialect import BUSY_SECONDS, WRITES, chosen
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
        Insert,
        Select,
        Table,
        TableClause,
        TableValuedAlias,
        Update,
    )
    from sqlalchemy.engine import ExceptionContext
    from sqlalchemy.pool import ConnectionPoolEntry


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
        return cast(chosen(func.group_concat(column, literal("")), where), LargeBinary)

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
