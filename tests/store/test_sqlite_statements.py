"""Statements for SQLite's driver: the same answers as SQLAlchemy gives, and nothing that needs converting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    bindparam,
    create_engine,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.pool import StaticPool

from tests.world import NOON
from tfui.model.columns import UtcDateTime
from tfui.store import sqlite_statements
from tfui.store.kept import ID, INSTANT, id_named
from tfui.store.sqlite_dialect import SqliteDialect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Select

SQLITE = SqliteDialect()
THING = Table(
    "thing",
    MetaData(),
    Column("id", ID, primary_key=True),
    Column("number", Integer),
    Column("word", String),
    Column("share", Float),
    Column("is_it", Boolean),
    Column("at", INSTANT),
    Column("made_at", UtcDateTime()),
)
_T = THING.c

WORDS = ["", "a", "A", "%", "it's", "né", "x" * 40]
AMONG = select(_T.id, _T.number).where(
    _T.number.in_(bindparam("numbers", expanding=True)),
)
NOT_AMONG = select(_T.id, _T.word).where(_T.word.not_in(bindparam("words", expanding=True)))
BOTH = (
    select(_T.id, _T.number, _T.word, _T.share, _T.is_it, _T.at)
    .where(
        or_(
            _T.number.in_(bindparam("numbers", expanding=True)),
            and_(
                _T.word.not_in(bindparam("words", expanding=True)),
                _T.number >= bindparam("least"),
            ),
        ),
    )
    .order_by(_T.number.desc(), _T.id)
    .limit(bindparam("limit"))
)
OFFSET = select(_T.id).order_by(_T.id).offset(2).limit(bindparam("limit"))
CHANGE = (
    THING.update()
    .where(_T.id == id_named("thing"), _T.word == bindparam("old"))
    .values(number=_T.number + literal_column("1"), word=bindparam("new"), at=bindparam("then"))
)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """A table of 48 rows, with nothing in some of its fields."""
    database = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    with database.connect() as opened:
        THING.create(opened)
        opened.execute(
            THING.insert(),
            [
                {
                    "id": number.to_bytes(16, "big"),
                    "number": None if number % 7 == 0 else number,
                    "word": None if number % 5 == 0 else WORDS[number % len(WORDS)],
                    "share": None if number % 3 == 0 else number / 4,
                    "is_it": [None, False, True][number % 3],
                    "at": number * 10**15,
                    "made_at": NOON,
                }
                for number in range(48)
            ],
        )
        yield opened
    database.dispose()


def assert_same(connection: Connection, query: Select[Any], values: dict[str, Any]) -> None:
    ours = [tuple(row) for row in SQLITE.fetch(connection, query, values)]

    assert ours == [tuple(row) for row in connection.execute(query, values)]


def test_nothing_is_in_an_empty_list(connection: Connection) -> None:
    assert SQLITE.fetch(connection, AMONG, {"numbers": []}) == []
    assert_same(connection, AMONG, {"numbers": []})


def test_everything_is_outside_an_empty_list_also_what_is_not_known(connection: Connection) -> None:
    found = SQLITE.fetch(connection, NOT_AMONG, {"words": []})

    assert len(found) == 48
    assert None in [row.word for row in found]
    assert_same(connection, NOT_AMONG, {"words": []})


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33])
def test_a_list_of_any_length_is_taken_whole_and_no_longer(
    connection: Connection, size: int
) -> None:
    numbers = [*range(41 - size, 41), 41]

    for some in (numbers, numbers[1:], numbers[:-1]):
        assert_same(connection, AMONG, {"numbers": some})


def test_few_texts_serve_lists_of_all_lengths() -> None:
    texts = {
        sqlite_statements.query(AMONG, {"numbers": list(range(size))})[0].text for size in range(65)
    }

    assert len(texts) == 8  # none, and 1 to 64 in powers of two


def test_a_list_as_long_as_the_database_can_take_is_not_made_longer(connection: Connection) -> None:
    assert_same(connection, AMONG, {"numbers": list(range(9_000))})


@settings(max_examples=60, deadline=None)
@given(
    numbers=st.lists(st.none() | st.integers(-2, 50), max_size=20),
    words=st.lists(st.none() | st.sampled_from(WORDS), max_size=6),
    least=st.none() | st.integers(0, 50),
    limit=st.integers(0, 50),
)
def test_answers_are_sqlalchemys_for_any_lists(
    connection: Connection,
    numbers: list[int | None],
    words: list[str | None],
    least: int | None,
    limit: int,
) -> None:
    values = {"numbers": numbers, "words": words, "least": least, "limit": limit}

    assert_same(connection, BOTH, values)


def test_what_the_statement_gives_itself_is_given(connection: Connection) -> None:
    assert_same(connection, OFFSET, {"limit": 3})
    assert len(SQLITE.fetch(connection, OFFSET, {"limit": 3})) == 3


def test_the_values_of_a_call_are_not_touched(connection: Connection) -> None:
    values: dict[str, Any] = {"numbers": [1, 2, 3]}
    SQLITE.fetch(connection, AMONG, values)

    assert values == {"numbers": [1, 2, 3]}


@pytest.mark.parametrize(
    "query",
    [
        select(_T.made_at),
        select(func.min(_T.made_at)),
        select(_T.id).where(_T.made_at < bindparam("now")),
        select(_T.id).where(_T.made_at.in_(bindparam("times", expanding=True))),
    ],
)
def test_a_query_that_would_need_converting_is_refused(
    connection: Connection, query: Select[Any]
) -> None:
    with pytest.raises(AssertionError, match="need converting"):
        SQLITE.fetch(connection, query, {"now": NOON, "times": [NOON]})


def test_an_instant_as_it_is_kept_needs_none(connection: Connection) -> None:
    query = (
        select(type_coerce(_T.at, INSTANT).label("at")).order_by(_T.at).limit(bindparam("limit"))
    )

    assert [row.at for row in SQLITE.fetch(connection, query, {"limit": 2})] == [0, 10**15]


def test_a_change_that_would_need_converting_is_refused(connection: Connection) -> None:
    change = THING.update().where(_T.id == id_named("thing")).values(made_at=bindparam("now"))

    with pytest.raises(AssertionError, match="need converting"):
        SQLITE.execute_many(connection, change, [{"thing": b"", "now": NOON}])


def test_a_value_that_no_row_gives_is_a_mistake(connection: Connection) -> None:
    change = THING.update().where(_T.id == id_named("thing")).values(word="x")

    with pytest.raises(AssertionError, match="not given by the rows"):
        SQLITE.execute_many(connection, change, [{"thing": b""}])


@settings(max_examples=40, deadline=None)
@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, 60),
            st.none() | st.sampled_from(WORDS),
            st.none() | st.sampled_from(WORDS),
            st.none() | st.integers(-(2**62), 2**62),
        ),
        min_size=1,
        max_size=12,
    ),
)
def test_changes_are_sqlalchemys_row_by_row(
    connection: Connection, changes: list[tuple[int, str | None, str | None, int | None]]
) -> None:
    rows = [
        {"thing": number.to_bytes(16, "big"), "old": old, "new": new, "then": then}
        for number, old, new, then in changes
    ]

    def outcome(*, is_ours: bool) -> tuple[int, list[Any]]:
        nested = connection.begin_nested()
        try:
            if is_ours:
                count = SQLITE.execute_many(connection, CHANGE, rows)
            else:
                count = sum(connection.execute(CHANGE, row).rowcount for row in rows)
            return count, list(connection.execute(THING.select().order_by(_T.id)).all())
        finally:
            nested.rollback()

    assert outcome(is_ours=True) == outcome(is_ours=False)
