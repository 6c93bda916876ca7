"""How the store speaks to Postgres."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Integer,
    LargeBinary,
    Text,
    case,
    cast,
    create_engine,
    extract,
    func,
    literal,
    true,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from tfui.model.columns import UtcDateTime
from tfui.store.dialect import chosen
from tfui.store.given import portions

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
        Insert,
        Select,
        Table,
        TableClause,
        TableValuedAlias,
        Update,
    )


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
        return chosen(func.string_agg(sent, nothing, type_=LargeBinary()), where)

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
