"""Reads what jobs printed, in threads: what is new, any part of the whole, and where words stand in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from tfui.model.job import JobRow, OutputChunk
    from tfui.service.caller import Caller
    from tfui.ui.log_lines import LogLine, LogReader

AT_ONCE = 2000
"""Chunks of output read at once; the rest follows with the next looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLook:
    """A job, what it printed since the last look, and the place to go on from."""

    job: JobRow | None
    chunks: Sequence[OutputChunk]
    after: tuple[int, int]
    """Place of the last chunk; (0, -1) before any."""
    is_new: bool
    """Whether this is another job than last time."""

    @property
    def has_more(self) -> bool:
        """Whether more was printed than was read at once."""
        return len(self.chunks) == AT_ONCE


NO_LOG = LogLook(job=None, chunks=(), after=(0, -1), is_new=True)


def look(caller: Caller, job_id: UUID, last: LogLook) -> LogLook:
    """Read what a job printed since the last look at it. Raises NotFound when it is gone."""
    from tfui.service import jobs

    is_new = last.job is None or last.job.id != job_id
    after = NO_LOG.after if is_new else last.after
    job = jobs.row(caller, job_id)
    chunks = jobs.output(caller, job_id, after=after, limit=AT_ONCE)
    if chunks:
        after = (chunks[-1].fence, chunks[-1].seq)
    return LogLook(job=job, chunks=chunks, after=after, is_new=is_new)


def same_job(log: LogLook) -> LogLook:
    """Give the place to go on from, without what has been shown already."""
    return replace(log, chunks=(), is_new=False)


def part(caller: Caller, job_id: UUID, first: int, count: int) -> list[LogLine]:
    """Give `count` complete lines from line `first` on, counted from 0. Raises NotFound."""
    return list(islice(_lines(caller, job_id), first, first + count))


def places(caller: Caller, job_id: UUID, needle: str) -> list[int]:
    """Give the numbers of the complete lines that have `needle` in them. Raises NotFound."""
    lines = enumerate(_lines(caller, job_id))
    return [number for number, line in lines if holds(line, needle)]


def texts(caller: Caller, job_id: UUID) -> Iterator[str]:
    """Give all that a job printed as it is shown, line by line without colours. Raises NotFound."""
    from tfui.ui.log_lines import LogReader

    reader = LogReader()
    for line in chain(_lines(caller, job_id, reader), reader.rest()):
        yield f"{line.text.plain}\n"


def holds(line: LogLine, needle: str) -> bool:
    """Whether a line has `needle` in it, in any case of letters."""
    return needle.casefold() in line.text.plain.casefold()


def _lines(caller: Caller, job_id: UUID, reader: LogReader | None = None) -> Iterator[LogLine]:
    """Read a job's output page by page, and give its complete lines."""
    from tfui.service import jobs
    from tfui.ui.log_lines import LogReader

    reader = reader or LogReader()
    after = NO_LOG.after
    while chunks := jobs.output(caller, job_id, after=after, limit=AT_ONCE):
        yield from reader.read(chunks)
        after = (chunks[-1].fence, chunks[-1].seq)
