"""Many rows in one statement: they are given to it as a table, which it reads like any other.

Executing a statement once per row makes the database open every table and index of it again for
each: on SQLite that is more than half the price of a job's row. Values go in as they are kept.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Delete, Insert, TableClause, Update
    from sqlalchemy.engine import Dialect

SIZES = (100, 10, 1)
"""Rows in a statement: few sizes, so that few texts are compiled, and none too long to be kept."""


def portions(
    statement: Insert | Update | Delete,
    given: TableClause,
    rows: Sequence[Mapping[str, Any]],
    dialect: Dialect,
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Give the texts to execute and what to execute each with, for rows that name given's columns."""
    names, converters = _columns(given, dialect)
    start = 0
    for size in SIZES:
        while len(rows) - start >= size:
            portion = [[row[name] for name in names] for row in rows[start : start + size]]
            for place, convert in converters:
                for values in portion:
                    values[place] = convert(values[place])
            yield _text(statement, given, size, dialect), tuple(chain.from_iterable(portion))
            start += size


@lru_cache(maxsize=64)
def _columns(
    given: TableClause, dialect: Dialect
) -> tuple[tuple[str, ...], tuple[tuple[int, Any], ...]]:
    converters = [column.type.bind_processor(dialect) for column in given.c]
    return tuple(given.c.keys()), tuple(
        (place, convert) for place, convert in enumerate(converters) if convert is not None
    )


@lru_cache(maxsize=64)
def _text(
    statement: Insert | Update | Delete, given: TableClause, size: int, dialect: Dialect
) -> str:
    compiled = statement.compile(dialect=dialect)
    if compiled.params:
        raise AssertionError(f"not given by the rows: {list(compiled.params)} in {compiled}")
    mark = "%s" if dialect.paramstyle == "pyformat" else "?"
    first = ", ".join(f"CAST({mark} AS {column.type.compile(dialect)})" for column in given.c)
    others = ", ".join(mark for _ in given.c)
    lines = ", ".join([f"({first})", *[f"({others})"] * (size - 1)])
    return f"WITH {given.name} ({', '.join(given.c.keys())}) AS (VALUES {lines}) {compiled}"
