"""Which schedule each line of a crontab is: by the file it came from and by what it says.

Both are kept in the schedule's metadata under `crontab`, so a line is known again wherever it moves.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tfui.core.crontab_name import name_for
from tfui.service.crontab_entry import (
    ORIGIN,
    digest,
    document_of,
    line_key,
    without_origin,
    work_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from tfui.core.crontab import Crontab
    from tfui.model.schedule import ScheduledJob

STREAM = "-"
"""The source of what came through standard input, and so of no file in particular."""


@dataclass(slots=True, kw_only=True)
class Known:
    """A schedule that is there already."""

    schedule: ScheduledJob
    queue: str
    document: dict[str, Any]
    """Without what a schedule would have anyway."""

    @property
    def origin(self) -> dict[str, Any]:
        """Where it was imported from; empty when it was not."""
        found = self.document.get("metadata", {}).get(ORIGIN)
        return found if isinstance(found, dict) else {}

    def sign(self, by: str) -> object:
        """Give what it is known by: `name`, `time`, or the `key` or `work` of the line it came from."""
        if by == "time":
            return _time(self.schedule.schedule_type, self.schedule.schedule_expression)
        return self.schedule.name if by == "name" else self.origin.get(by)


@dataclass(slots=True, kw_only=True)
class Wanted:
    """A schedule that a line asks for."""

    line: int
    document: dict[str, Any]
    key: str
    """What the line says, for knowing it again."""
    work: str
    """What it runs and as whom, for knowing it again when its time has changed."""
    is_named: bool
    """A comment gave it its name; otherwise the command did."""
    match: Known | None = None

    def sign(self, by: str) -> object:
        """Give what its schedule would be known by: `key`, `work`, `name` or `time`."""
        if by == "time":
            return _time(
                self.document.get("schedule_type", ""), self.document.get("schedule_expression", "")
            )
        return {"key": self.key, "work": self.work, "name": self.document.get("name")}[by]

    @property
    def fingerprint(self) -> str:
        """Tell whether anything that the file says about it has changed."""
        return digest(self.document if self.is_named else {**self.document, "name": None})


def read_wanted(read: Crontab, *, timezone: str) -> list[Wanted]:
    """Say what every line asks for; names are unique within the file, also among equal commands."""
    wanted: list[Wanted] = []
    names: set[str] = set()
    seen: Counter[str] = Counter()
    for line, written in read.wholes:
        name = str(written.get("name", ""))
        names.add(name)
        key = digest(["whole", name])
        wanted.append(Wanted(line=line, document=dict(written), key=key, work=key, is_named=True))
    for entry in read.entries:
        document = document_of(entry, timezone=timezone)
        is_named = "name" in document
        if not is_named:
            document["name"] = name_for(entry.command, names)
        names.add(str(document["name"]))
        key = line_key(entry)
        key, seen[key] = f"{key}-{seen[key]}", seen[key] + 1
        wanted.append(
            Wanted(
                line=entry.line, document=document, key=key, work=work_key(entry), is_named=is_named
            ),
        )
    return sorted(wanted, key=lambda each: each.line)


def match(wanted: list[Wanted], known: list[Known], source: str) -> None:
    """Find the schedule of each line: by the line, else by its command, else by the name it would get.

    Then come schedules that are the same already: added by hand, or exported from here. What is left
    on both sides is taken for lines that changed more than that: by the same time, else by position
    where each has one other; or the old command would go on beside the new. Not from a stream, where
    the next text may be another file's.
    """
    from_here = sorted(
        (each for each in known if each.origin.get("source") == source),
        key=lambda each: each.schedule.id,  # in the order of the file they were first read from
    )
    taken: set[UUID] = set()

    def pair(candidates: Iterable[Known], *, by: str, same: bool = False) -> None:
        free: defaultdict[object, deque[Known]] = defaultdict(deque)
        for one in candidates:
            if one.schedule.id not in taken:
                free[one.sign(by)].append(one)
        for each in wanted:
            queue = free.get(each.sign(by))
            if each.match is None and queue and (not same or _is_same(queue[0], each)):
                each.match = queue.popleft()
                taken.add(each.match.schedule.id)

    for sign in ("key", "work", "name"):
        pair(from_here, by=sign)
    pair(known, by="name", same=True)
    if source == STREAM:
        return
    pair(from_here, by="time")
    lines = [each for each in wanted if each.match is None]
    left = [each for each in from_here if each.schedule.id not in taken]
    if len(lines) == len(left):
        for line, one in zip(lines, left, strict=True):
            line.match = one


def _time(schedule_type: str, expression: str) -> object:
    return str(schedule_type), " ".join(expression.lower().split())


def _is_same(known: Known, wanted: Wanted) -> bool:
    return without_origin(known.document) == without_origin(wanted.document)
