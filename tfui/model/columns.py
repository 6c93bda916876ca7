"""The column types every table shares, and identifiers. Knows how a value is kept, not what it means."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from struct import Struct, unpack
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, DateTime, LargeBinary, MetaData, String, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_pack = Struct(">QQ").pack

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)


def to_microseconds(instant: datetime) -> int:
    """Microseconds since 1970 UTC; exact, unlike a float timestamp."""
    return (instant - EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    """Give the aware UTC instant back."""
    return EPOCH + timedelta(microseconds=value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant: timestamptz on Postgres, integer microseconds since 1970 UTC on SQLite.

    SQLite has no time type; integers compare, index and subtract exactly, and half a row's width
    is saved. `datetime(next_run_at / 1000000, 'unixepoch')` shows one in the sqlite3 shell.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type for the database at hand."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401  # int or datetime, by dialect
        """Refuse naive times; keep the instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"a naive time cannot be stored: {value!r}"
            raise ValueError(msg)
        if dialect.name == "sqlite":
            return (value - EPOCH) // _MICROSECOND
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002  # int or datetime, by dialect
        """Give an aware UTC instant."""
        if value is None:
            return None
        if isinstance(value, int):
            return EPOCH + timedelta(microseconds=value)
        return value.astimezone(UTC)  # type: ignore[no-any-return]  # timestamptz gives a datetime


class Identifier(TypeDecorator[UUID]):
    """A UUID: the server's own uuid on Postgres, its 16 bytes as a blob on SQLite.

    Both sort as UUIDs do, so those of version 7 by when they were made, and every index that holds
    one is half as wide as over its digits. `hex(id)` shows one in the sqlite3 shell.
    """

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type for the database at hand."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(LargeBinary())
        return dialect.type_descriptor(Uuid())

    def bind_processor(self, dialect: Dialect) -> Callable[[UUID | None], Any] | None:
        """Take the bytes on SQLite; Postgres's driver knows UUIDs."""
        if dialect.name == "sqlite":
            return lambda value: None if value is None else value.bytes
        return None

    def result_processor(
        self,
        dialect: Dialect,
        coltype: object,  # noqa: ARG002  # the signature is SQLAlchemy's
    ) -> Callable[[Any], UUID | None] | None:
        """Read the bytes on SQLite; Postgres's driver gives UUIDs."""
        if dialect.name == "sqlite":
            return lambda value: None if value is None else UUID(bytes=value)
        return None


Word = String(20)
"""A status or another value of one of our enumerations, kept as its word on every database."""

JsonColumn = JSON().with_variant(JSONB(), "postgresql")
"""A JSON document: text on SQLite, jsonb on Postgres."""


def table_of(model: type[SQLModel]) -> Table:
    """Give the Core table behind a SQLModel class, for statements that never touch the ORM."""
    return model.__table__  # type: ignore[attr-defined,no-any-return]  # SQLModel sets it on table classes


class IdMaker:
    """Makes UUIDv7 (RFC 9562) that sort in the order they were made, also within a millisecond.

    The 12 bits after the millisecond count up within it (method 1 of section 6.2) and spill into
    the millisecond when they overflow, so a batch of any size stays sorted. Not for sharing between
    threads without a lock: every transaction makes its own.
    """

    def __init__(self) -> None:
        self._last = 0

    def make(self, now: datetime) -> UUID:
        """Give one new identifier."""
        return self.make_many(now, 1)[0]

    def make_many(self, now: datetime, count: int) -> list[UUID]:
        """Give `count` new identifiers in ascending order."""
        return [UUID(bytes=made) for made in self.make_bytes(now, count)]

    def make_bytes(self, now: datetime, count: int) -> list[bytes]:
        """Give `count` new identifiers in ascending order, each as its 16 bytes."""
        millisecond = to_microseconds(now) // 1000
        # Start at a random place in the lower half of the counter, so that two processes rarely
        # interleave on equal prefixes and there is room to count up.
        first = max(self._last + 1, (millisecond << 12) | (os.urandom(1)[0] << 3))
        self._last = first + count - 1
        noise = unpack(f">{count}Q", os.urandom(8 * count))
        return [
            _pack(
                (tick >> 12) << 16 | 0x7000 | (tick & 0xFFF),
                0x8000_0000_0000_0000 | (tail & 0x3FFF_FFFF_FFFF_FFFF),
            )
            for tick, tail in enumerate(noise, first)
        ]
