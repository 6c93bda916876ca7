"""Values as the database itself keeps them, for the statements that move thousands of rows.

A row that only passes through (read, compared, written back) need not become a UUID and a datetime
on the way. Identifiers are the driver's own value, instants whole microseconds since 1970 UTC. On
SQLite neither costs anything; on Postgres the driver makes a UUID anyway and instants are converted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    BindParameter,
    DateTime,
    LargeBinary,
    Text,
    Uuid,
    bindparam,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from tfui.model.columns import from_microseconds, to_microseconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

    from tfui.store.connection import Transaction

AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"
"""A row of whatever columns were asked for."""


class KeptId(TypeDecorator[Any]):
    """An identifier as the driver gives it: 16 bytes on SQLite, a UUID on Postgres."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type that `Identifier` chose."""
        return dialect.type_descriptor(LargeBinary() if dialect.name == "sqlite" else Uuid())

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:  # noqa: ARG002  # as below
        """Nothing to do."""
        return None

    def result_processor(
        self,
        dialect: Dialect,  # noqa: ARG002  # the signature is SQLAlchemy's
        coltype: object,  # noqa: ARG002  # the signature is SQLAlchemy's
    ) -> Callable[[Any], Any] | None:
        """Nothing to do."""
        return None


class KeptInstant(TypeDecorator[int]):
    """An instant in whole microseconds since 1970 UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type that `UtcDateTime` chose."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def bind_processor(self, dialect: Dialect) -> Callable[[int | None], Any] | None:
        """Nothing to do on SQLite."""
        if dialect.name == "sqlite":
            return None
        return lambda value: None if value is None else from_microseconds(value)

    def result_processor(
        self,
        dialect: Dialect,
        coltype: object,  # noqa: ARG002  # the signature is SQLAlchemy's
    ) -> Callable[[datetime | None], int | None] | None:
        """Nothing to do on SQLite."""
        if dialect.name == "sqlite":
            return None
        return lambda value: None if value is None else to_microseconds(value)


class KeptJson(TypeDecorator[Any]):
    """A JSON document as the driver gives it: its text on SQLite, decoded on Postgres."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type that `JsonColumn` chose, or text."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else JSONB())


ID = KeptId()
INSTANT = KeptInstant()


def kept_id(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Read an identifier as it is kept."""
    return type_coerce(column, ID).label(_name(column))


def kept_instant(column: ColumnElement[Any]) -> ColumnElement[int]:
    """Read an instant as microseconds."""
    return type_coerce(column, INSTANT).label(_name(column))


def kept_json(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Read a JSON document as it is kept."""
    return type_coerce(column, KeptJson()).label(_name(column))


def from_kept_json(value: Any) -> Any:  # noqa: ANN401  # text or decoded, by dialect
    """Decode a JSON document as it is kept."""
    return json.loads(value) if isinstance(value, str) else value


def id_named(name: str) -> BindParameter[Any]:
    """Make a parameter that takes a kept identifier."""
    return bindparam(name, type_=ID)


def instant_named(name: str) -> BindParameter[int]:
    """Make a parameter that takes microseconds."""
    return bindparam(name, type_=INSTANT)


def to_kept(identifier: UUID, *, dialect: str) -> Any:  # noqa: ANN401  # bytes or UUID, by dialect
    """Give an identifier the way the named dialect keeps it."""
    return identifier.bytes if dialect == "sqlite" else identifier


def new_kept(tx: Transaction, count: int) -> list[Any]:
    """Make identifiers as they are kept, in ascending order, for a transaction that writes."""
    if tx.now is None:
        raise AssertionError("identifiers are made by a writing transaction")
    made = tx.ids.make_bytes(tx.now, count)
    return made if tx.dialect.name == "sqlite" else [UUID(bytes=one) for one in made]


def from_kept(identifier: Any) -> UUID:  # noqa: ANN401  # bytes or UUID, by dialect
    """Read an identifier as it is kept."""
    return identifier if isinstance(identifier, UUID) else UUID(bytes=identifier)


def id_text(identifier: Any) -> str:  # noqa: ANN401  # bytes or UUID, by dialect
    """Write an identifier as it is kept the way people see it, with its dashes."""
    text = identifier.hex() if isinstance(identifier, bytes) else identifier.hex
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _name(column: ColumnElement[Any]) -> str:
    return str(getattr(column, "key", None) or column)
