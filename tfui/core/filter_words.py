"""The vocabulary of filters: each word once, how its values compare, and a term to learn it by."""

from __future__ import annotations

from enum import StrEnum

from tfui.core.health import Condition
from tfui.core.states import ScheduleStatus, ScheduleType


class Word(StrEnum):
    """What a term speaks of, in the order in which words are offered."""

    STATUS = "status"
    QUEUE = "queue"
    TAG = "tag"
    TYPE = "type"
    NAME = "name"
    COMMAND = "command"
    ZONE = "zone"
    OWNER = "owner"
    JOB = "job"
    NEXT = "next"
    LAST = "last"
    RUNS = "runs"
    FAILS = "fails"
    PRIORITY = "priority"
    TEXT = ""
    """None: a bare word is found in the name, the expression, the tags or the command."""


class Relation(StrEnum):
    """How a value is compared."""

    IS = ":"
    AT_MOST = "<="
    AT_LEAST = ">="
    LESS = "<"
    MORE = ">"


SPANS = frozenset({Word.NEXT, Word.LAST})
"""Words about how far a moment is from now."""

COUNTS = frozenset({Word.RUNS, Word.FAILS, Word.PRIORITY})
"""Words about a whole number."""

SHOWN = tuple(each.value for each in Condition)
STORED = (ScheduleStatus.ACTIVE.value, ScheduleStatus.COMPLETED.value)
"""Statuses that only the store has; a paused or failed schedule is shown as such."""

CHOICES: dict[Word, tuple[str, ...]] = {
    Word.STATUS: (*SHOWN, *STORED),
    Word.TYPE: tuple(each.value for each in ScheduleType),
}
"""Words that take one of a few values."""

EXAMPLES: dict[Word, str] = {
    Word.STATUS: "status:failed,late",
    Word.QUEUE: "queue:nightly",
    Word.TAG: "tag:billing",
    Word.TYPE: "type:cron",
    Word.NAME: "name:export",
    Word.COMMAND: "command:rsync",
    Word.ZONE: "zone:Europe/Berlin",
    Word.OWNER: "owner:ana",
    Word.JOB: "job:http",
    Word.NEXT: "next<1h",
    Word.LAST: "last>2d",
    Word.RUNS: "runs>100",
    Word.FAILS: "fails>2",
    Word.PRIORITY: "priority>0",
}
"""One term for each word that has a name."""

MEANINGS: dict[Word, str] = {
    Word.STATUS: f"how it is doing: {', '.join(CHOICES[Word.STATUS])}",
    Word.QUEUE: "its queue; * stands for anything",
    Word.TAG: "one of its tags; * stands for anything",
    Word.TYPE: f"its type: {', '.join(CHOICES[Word.TYPE])}",
    Word.NAME: "part of its name",
    Word.COMMAND: "part of what it runs",
    Word.ZONE: "part of its time zone's name",
    Word.OWNER: "part of its owner's name",
    Word.JOB: "its job type; * stands for anything",
    Word.NEXT: "how soon it runs next: next<1h, next>2d",
    Word.LAST: "how long ago it ran last: last<1h, last>2d",
    Word.RUNS: "how often it has run: runs>100, runs:0",
    Word.FAILS: "how often in a row it has failed: fails>2",
    Word.PRIORITY: "its priority: priority>0, priority:5",
}
"""What each word asks, for those who type one."""
