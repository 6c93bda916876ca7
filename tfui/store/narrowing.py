"""A filter in SQL: one condition on schedules for each of its terms, alike on both databases.

What a list sorts and searches by lies in its covering index. All other words have to look into the
rows: these are read by themselves, in the order in which they lie, and not one by one as the list
comes upon them. The search text is asked first wherever it can say no.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, not_, or_, select

from tfui.core.command import SEARCHED
from tfui.core.filter_words import Relation, Word
from tfui.model.columns import table_of
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob
from tfui.store.texts import can_be_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tfui.core.filtering import Criteria, Term
    from tfui.store.dialect import Dialect

_LISTED = table_of(ScheduledJob).c
_SCHEDULE = table_of(ScheduledJob).alias("looked_into")
_S = _SCHEDULE.c
_QUEUE = table_of(Queue)

_COVERED = frozenset({Word.TEXT, Word.NAME, Word.STATUS})
"""Words that the list's own index can answer."""

_COUNTED = {
    Word.RUNS: _S.runs_count,
    Word.FAILS: _S.consecutive_failures,
    Word.PRIORITY: _S.priority,
}


def conditions(dialect: Dialect, criteria: Criteria, *, now: datetime) -> list[ColumnElement[bool]]:
    """Give what must hold of `scheduled_job` for all terms; spans count from `now`."""
    found = [_condition(dialect, term, now) for term in criteria if term.word in _COVERED]
    looked_into = [_condition(dialect, term, now) for term in criteria if term.word not in _COVERED]
    if looked_into:
        found.append(_LISTED.id.in_(select(_S.id).where(*looked_into)))
    return found


def _condition(dialect: Dialect, term: Term, now: datetime) -> ColumnElement[bool]:
    found = _asked(dialect, term, now)
    # What is not known, such as when a paused schedule runs next, is not as asked, so `!` finds it.
    return not_(func.coalesce(found, false())) if term.is_negated else found


def _asked(dialect: Dialect, term: Term, now: datetime) -> ColumnElement[bool]:
    match term.value:
        case timedelta():
            return _within(term.word, term.relation, term.value, now)
        case int():
            return _compared(_COUNTED[term.word], term.relation, term.value)
        case _:
            kept = [text for text in term.value if can_be_kept(text)]
            return or_(false(), *_any_of(dialect, term.word, kept))


def _within(word: Word, relation: Relation, span: timedelta, now: datetime) -> ColumnElement[bool]:
    if word is Word.NEXT:
        return _compared(_S.next_run_at, relation, now + span)
    turned = {
        Relation.LESS: Relation.MORE,
        Relation.MORE: Relation.LESS,
        Relation.AT_MOST: Relation.AT_LEAST,
        Relation.AT_LEAST: Relation.AT_MOST,
    }
    return _compared(_S.last_run_at, turned[relation], now - span)  # longer ago is earlier


def _compared(column: ColumnElement[Any], relation: Relation, value: object) -> ColumnElement[bool]:
    match relation:
        case Relation.LESS:
            return column < value
        case Relation.MORE:
            return column > value
        case Relation.AT_MOST:
            return column <= value
        case Relation.AT_LEAST:
            return column >= value
        case Relation.IS:
            return column == value


def _any_of(dialect: Dialect, word: Word, texts: Sequence[str]) -> list[ColumnElement[bool]]:
    """Give one condition for each text; one that holds is enough."""
    if word in {Word.STATUS, Word.TYPE}:
        return [(_LISTED.status if word is Word.STATUS else _S.schedule_type).in_(texts)]
    return [_READ[word](dialect, text) for text in texts]


def _text(_dialect: Dialect, text: str) -> ColumnElement[bool]:
    return _LISTED.search_text.contains(text, autoescape=True)


def _name(dialect: Dialect, text: str) -> ColumnElement[bool]:
    return _has(dialect.folded(_LISTED.name), text)


def _zone(dialect: Dialect, text: str) -> ColumnElement[bool]:
    return _has(dialect.folded(_S.timezone), text)


def _owner(dialect: Dialect, text: str) -> ColumnElement[bool]:
    return _has(dialect.folded(_S["metadata"]["owner"].as_string()), text)


def _job(dialect: Dialect, text: str) -> ColumnElement[bool]:
    return _is(dialect.folded(_S.job_type), text)


def _queue(dialect: Dialect, text: str) -> ColumnElement[bool]:
    named = select(_QUEUE.c.id).where(_is(dialect.folded(_QUEUE.c.name), text))
    return _S.queue_id.in_(named)


def _command(dialect: Dialect, text: str) -> ColumnElement[bool]:
    """Look where `core.command.command_line` looks, and at all of it."""
    payload = dialect.json_text(_S.payload)
    told = case(
        (_S.job_type == "shell", func.coalesce(_S.payload["command"].as_string(), payload)),
        (
            (_S.job_type == "http") & _S.payload["url"].as_string().is_not(None),
            func.coalesce(_S.payload["method"].as_string(), literal("GET"))
            + " "
            + _S.payload["url"].as_string(),
        ),
        (_S.job_type == "python", func.coalesce(_S.payload["callable"].as_string(), payload)),
        else_=payload,
    )
    return and_(_may_be_told(text), _has(dialect.folded(told), text))


def _tag(dialect: Dialect, text: str) -> ColumnElement[bool]:
    tags = dialect.each_text(_S["metadata"], "tags")
    found = _is(dialect.folded(tags.c.value), text)
    first = max(text.split("*"), key=len)  # what a tag with stars must have in it
    return and_(_may_be_told(first), select(literal(1)).select_from(tags).where(found).exists())


def _may_be_told(text: str) -> ColumnElement[bool]:
    """Let the index say no, unless the search text was cut off."""
    is_cut = func.length(_S.search_text) >= SEARCHED
    return or_(_S.search_text.contains(text, autoescape=True), is_cut)


def _has(folded: ColumnElement[str], text: str) -> ColumnElement[bool]:
    return folded.contains(text, autoescape=True)


def _is(folded: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Compare whole; a star stands for anything."""
    if "*" not in text:
        return folded == text
    pattern = text
    for special in ("/", "%", "_"):
        pattern = pattern.replace(special, "/" + special)
    return folded.like(pattern.replace("*", "%"), escape="/")


_READ: dict[Word, Callable[[Dialect, str], ColumnElement[bool]]] = {
    Word.TEXT: _text,
    Word.NAME: _name,
    Word.COMMAND: _command,
    Word.QUEUE: _queue,
    Word.TAG: _tag,
    Word.ZONE: _zone,
    Word.OWNER: _owner,
    Word.JOB: _job,
}
