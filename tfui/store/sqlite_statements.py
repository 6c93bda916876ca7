"""Statements as SQLite's driver takes them: compiled once, and executed without SQLAlchemy's part.

One dictionary serves several statements, each taking what it needs by name. What goes in and what
comes out is as it is kept (see `kept`): nothing here converts a value.
"""

from __future__ import annotations

from collections import namedtuple
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Boolean, Float, Integer, String
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import NullType
from sqlmodel.sql.sqltypes import AutoString

from tfui.store.kept import KeptId, KeptInstant, KeptJson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import ColumnElement, Delete, Insert, Select, Update
    from sqlalchemy.sql.compiler import SQLCompiler

_NAMED = sqlite.dialect(paramstyle="named")
_PLACED = sqlite.dialect(paramstyle="qmark")
_UNCONVERTED = (KeptId, KeptInstant, KeptJson, Boolean, Float, Integer, String, AutoString)
_MOST = 8192
"""Lists that are longer are not padded: SQLite takes 32,766 parameters, if there are no more lists."""


class Query(NamedTuple):
    """A compiled SELECT. Its parameters go by place: SQLite looks for each name among all others."""

    text: str
    row: Callable[..., Any]
    """Makes a row with named columns."""
    names: tuple[str, ...]
    """What to give, in this order."""
    lists: tuple[str, ...]
    """The parameters that take a list."""
    constants: dict[str, Any]
    """What the statement gives itself: the offset of a LIMIT, and no more."""


@lru_cache(maxsize=64)
def change(statement: Insert | Update | Delete) -> str:
    """Give the text of a statement whose every parameter the rows give, by name."""
    compiled = statement.compile(dialect=_NAMED)
    constants = [name for name, value in compiled.params.items() if value is not None]
    if constants:
        raise AssertionError(f"not given by the rows: {constants} in {compiled}")
    _refuse_converting(compiled)
    return str(compiled)


def query(
    statement: Select[*tuple[Any, ...]], values: Mapping[str, Any]
) -> tuple[Query, list[Any]]:
    """Give a query's text for these values, and the values in the order in which it takes them."""
    found = _query(statement, ())
    given = {**found.constants, **values}
    sizes = []
    for name in found.lists:
        members = given.pop(name)
        # A power of two, so that few texts serve all lengths; nothing is in an empty list.
        size = 1 << (len(members) - 1).bit_length() if members else 0
        if size > _MOST:
            size = len(members)
        padded = [*members, *members[-1:] * (size - len(members))]
        given |= {f"{name}_{place}": member for place, member in enumerate(padded, 1)}
        sizes.append((name, size))
    if sizes:
        found = _query(statement, tuple(sizes))
    return found, [given[name] for name in found.names]


@lru_cache(maxsize=256)
def _query(statement: Select[*tuple[Any, ...]], sizes: tuple[tuple[str, int], ...]) -> Query:
    compiled = statement.compile(dialect=_PLACED)
    lists = tuple(sorted(name for name, bind in compiled.binds.items() if bind.expanding))
    constants = {name: value for name, value in compiled.params.items() if isinstance(value, int)}
    if sizes:
        # Whatever must have a value has to be given one, though only the lists' lengths matter.
        wanted = {name: None for name, bind in compiled.binds.items() if bind.required}
        sized = statement.params(wanted | {name: [None] * size for name, size in sizes})
        compiled = sized.compile(dialect=_PLACED, compile_kwargs={"render_postcompile": True})
    columns = statement.selected_columns
    _refuse_converting(compiled, *columns)
    return Query(
        str(compiled),
        namedtuple("Row", columns.keys()),  # noqa: PYI024  # its columns are known only now
        tuple(compiled.positiontup or ()),
        lists,
        constants,
    )


def _refuse_converting(compiled: SQLCompiler, *columns: ColumnElement[Any]) -> None:
    # A parameter of no type, such as that of a LIMIT, is left as it is by SQLAlchemy too.
    typed = [bind for bind in compiled.binds.values() if not isinstance(bind.type, NullType)]
    used = [*columns, *typed]
    converted = [str(one) for one in used if not isinstance(one.type, _UNCONVERTED)]
    if converted:
        raise AssertionError(f"these would need converting: {converted} in {compiled}")
