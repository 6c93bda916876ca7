"""What became of a job's attempts, and what they printed: read forwards in pages, or from the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, select, tuple_

from tfui.core import unknown
from tfui.core.states import AttemptOutcome
from tfui.model.columns import table_of
from tfui.model.job import Attempt, AttemptRow, Output, OutputChunk
from tfui.model.node import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from sqlalchemy import Select

    from tfui.store.connection import Transaction

_A = table_of(Attempt).c
_N = table_of(Node).c
_O = table_of(Output).c

_PLACE = tuple_(_O.fence, _O.seq)
_BACKWARDS = 200  # chunks read at a time from the end


def attempts(tx: Transaction, job_id: UUID) -> list[AttemptRow]:
    """Give the ended attempts at a job, oldest first."""
    rows = tx.connection.execute(
        select(
            _A.number,
            _A.fence,
            _N.host,
            _A.started_at,
            _A.finished_at,
            _A.outcome,
            _A.exit_code,
            _A.error,
            _A.note,
        )
        .select_from(table_of(Attempt).outerjoin(table_of(Node), _N.id == _A.node_id))
        .where(_A.job_id == job_id)
        .order_by(_A.fence),
    )
    return [
        AttemptRow(
            number=row.number,
            fence=row.fence,
            node=row.host,
            started_at=row.started_at,
            finished_at=row.finished_at,
            outcome=unknown.read(AttemptOutcome, row.outcome),
            exit_code=row.exit_code,
            error=row.error,
            note=row.note,
        )
        for row in rows
    ]


def chunks(
    tx: Transaction,
    job_id: UUID,
    *,
    after: tuple[int, int],
    limit: int,
) -> list[OutputChunk]:
    """Give what a job printed after (fence, seq), in that order over all its attempts."""
    query = _chunks_of(job_id).where(_place_is_after(after)).order_by(_O.fence, _O.seq).limit(limit)
    return [OutputChunk(**row) for row in tx.connection.execute(query).mappings()]


def last_lines(tx: Transaction, job_id: UUID, lines: int) -> list[OutputChunk]:
    """Give the end of what a job printed, `lines` lines at most, oldest first."""
    return tail(_from_the_end(tx, job_id), lines)


def tail(newest_first: Iterable[OutputChunk], lines: int) -> list[OutputChunk]:
    """Take chunks, newest first, until they make `lines` lines; the last one taken is cut to fit.

    A line goes on into the next chunk of the same attempt and stream, and ends before any other.
    """
    left = lines
    found: list[OutputChunk] = []
    for chunk in newest_first:
        follower = found[-1] if found else None
        goes_on = follower is not None and (chunk.fence, chunk.stream) == (
            follower.fence,
            follower.stream,
        )
        if not goes_on:  # its last line is nobody's beginning
            if left == 0:
                break
            left -= 1
        body = chunk.text if goes_on else chunk.text.removesuffix("\n")
        breaks = body.count("\n")
        if breaks > left:
            start = len(body.rsplit("\n", left + 1)[0]) + 1
            if chunk.text[start:]:
                found.append(replace(chunk, text=chunk.text[start:]))
            break
        left -= breaks
        found.append(chunk)
    return found[::-1]


def _from_the_end(tx: Transaction, job_id: UUID) -> Iterator[OutputChunk]:
    before: tuple[int, int] | None = None
    while True:
        query = _chunks_of(job_id).order_by(_O.fence.desc(), _O.seq.desc()).limit(_BACKWARDS)
        if before is not None:
            query = query.where(tuple_(literal(before[0]), literal(before[1])) > _PLACE)
        page = [OutputChunk(**row) for row in tx.connection.execute(query).mappings()]
        yield from page
        if len(page) < _BACKWARDS:
            return
        before = (page[-1].fence, page[-1].seq)


def _chunks_of(job_id: UUID) -> Select[Any]:
    return select(_O.fence, _O.seq, _O.at, _O.stream, _O.text).where(_O.job_id == job_id)


def _place_is_after(place: tuple[int, int]) -> Any:  # noqa: ANN401  # a row comparison has no type
    return tuple_(literal(place[0]), literal(place[1])) < _PLACE
