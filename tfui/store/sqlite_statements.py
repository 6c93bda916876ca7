"""Statements as SQLite's driver takes them: compiled once, and executed without SQLAlchemy's part.

Named parameters, so that one dictionary serves several statements, each taking what it needs. What
goes in and what comes out is as it is kept (see `kept`): nothing here converts a value.
"""

from __future__ import annotations

from collections import namedtuple
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Boolean, Float, Integer, String
from sqlalchemy.dialects import sqlite
from sqlmodel.sql.sqltypes import AutoString

from tfui.store.kept import KeptId, KeptInstant, KeptJson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Delete, Insert, Select, Update

_DIALECT = sqlite.dialect(paramstyle="named")
_UNCONVERTED = (KeptId, KeptInstant, KeptJson, Boolean, Float, Integer, String, AutoString)


class Query(NamedTuple):
    """A compiled SELECT."""

    text: str
    row: Callable[..., Any]
    """Makes a row with named columns."""
    lists: tuple[str, ...]
    """The parameters that take a list."""
    constants: dict[str, Any]
    """What the statement gives itself: the offset of a LIMIT, and no more."""


@lru_cache(maxsize=64)
def change(statement: Insert | Update | Delete) -> str:
    """Give the text of a statement whose every parameter the rows give."""
    compiled = statement.compile(dialect=_DIALECT)
    constants = [name for name, value in compiled.params.items() if value is not None]
    if constants:
        raise AssertionError(f"not given by the rows: {constants} in {compiled}")
    return str(compiled)


def query(
    statement: Select[*tuple[Any, ...]], values: Mapping[str, Any]
) -> tuple[Query, Mapping[str, Any]]:
    """Give a query's text for these values, and the values under the names the text has for them."""
    found = _query(statement, ())
    if not found.lists:
        return found, {**found.constants, **values}
    given = {**found.constants, **values}
    sizes = []
    for name in found.lists:
        members = given.pop(name)
        # A power of two, so that few texts serve all lengths; nothing is in an empty list.
        size = 1 << (len(members) - 1).bit_length() if members else 0
        padded = [*members, *members[-1:] * (size - len(members))]
        given |= {f"{name}_{place}": member for place, member in enumerate(padded, 1)}
        sizes.append((name, size))
    return _query(statement, tuple(sizes)), given


@lru_cache(maxsize=256)
def _query(statement: Select[*tuple[Any, ...]], sizes: tuple[tuple[str, int], ...]) -> Query:
    compiled = statement.compile(dialect=_DIALECT)
    lists = tuple(sorted(name for name, bind in compiled.binds.items() if bind.expanding))
    constants = {name: value for name, value in compiled.params.items() if isinstance(value, int)}
    if sizes:
        # Whatever must have a value has to be given one, though only the lists' lengths matter.
        wanted = {name: None for name, bind in compiled.binds.items() if bind.required}
        sized = statement.params(wanted | {name: [None] * size for name, size in sizes})
        compiled = sized.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    columns = statement.selected_columns
    converted = [str(one) for one in columns if not isinstance(one.type, _UNCONVERTED)]
    if converted:
        raise AssertionError(f"these would need converting: {converted} in {compiled}")
    return Query(str(compiled), namedtuple("Row", columns.keys()), lists, constants)  # noqa: PYI024  # its columns are known only now
