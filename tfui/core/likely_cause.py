"""Failures that began together and look alike: what is likely to be one cause, told once.

Failures look alike when they ended with the same code (or the same kind of error) and said the same
last, but for what differs from run to run: numbers, identifiers, times, paths and what is quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

TOGETHER = timedelta(seconds=60)
"""How far apart the first and the last of them may have begun."""

_KIND = re.compile(r"\s*([\w.]{1,60}?(?:Error|Exception|Timeout|Refused))\b\s*:?")
_EXIT = re.compile(r"^(exit -?\d+)(?: \([^)]*\))?(?:: |$)")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_PATH = re.compile(r"(?<![\w/])(?:/[\w.@+-]+)+/?")
_NUMBERED = re.compile(r"\w*\d[\w.:-]*")
_STATUS = re.compile(r"[1-5]\d\d")


class Signature(NamedTuple):
    """What two failures have in common when they look alike."""

    kind: str
    """`exit 69`, `ConnectionError`, or nothing when neither is known."""
    said: str
    """The last line without what differs from run to run; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How a schedule's present row of failures began."""

    schedule: str
    began_at: datetime
    exit_code: int | None
    error: str | None
    """One line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Two failures or more that began within `TOGETHER` with one signature."""

    signature: Signature
    failures: tuple[Failure, ...]
    """In the order in which they began."""

    @property
    def span(self) -> timedelta:
        """How long after the first the last began."""
        return self.failures[-1].began_at - self.failures[0].began_at


def signature(failure: Failure) -> Signature:
    """Give what a failure has in common with others of its cause."""
    text = (failure.error or "").strip()
    ended = _EXIT.match(text)
    if ended is not None:
        return Signature(ended[1], _same(text[ended.end() :]))
    if failure.exit_code is not None:
        return Signature(f"exit {failure.exit_code}", _same(text))
    named = _KIND.match(text)
    if named is None:
        return Signature("", _same(text))
    return Signature(named[1].rpartition(".")[2], _same(text[named.end() :]))


def likely_causes(failures: Iterable[Failure], *, window: timedelta = TOGETHER) -> list[Cause]:
    """Group failures of different schedules; for each signature the most that began together.

    The cause of most failures comes first. What has neither a code, a kind nor a word is no clue.
    """
    signed = sorted(
        ((signature(failure), failure) for failure in failures),
        key=lambda pair: (pair[0], pair[1].began_at, pair[1].schedule, pair[1].error or ""),
    )
    found = []
    for shared, pairs in groupby(signed, key=lambda pair: pair[0]):
        members = _densest([failure for _, failure in pairs], window)
        if any(shared) and len(members) > 1:
            found.append(Cause(signature=shared, failures=tuple(members)))
    return sorted(found, key=lambda cause: -len(cause.failures))


def _densest(ascending: Sequence[Failure], window: timedelta) -> Sequence[Failure]:
    """Give the longest stretch that fits in the window; of equal ones the newest."""
    best = (0, 0)
    first = 0
    for last, failure in enumerate(ascending):
        while failure.began_at - ascending[first].began_at > window:
            first += 1
        if last + 1 - first >= best[1] - best[0]:
            best = (first, last + 1)
    return ascending[slice(*best)]


def _same(text: str) -> str:
    """Take out what differs from run to run; a status such as 503 stays."""
    text = _PATH.sub("/", _QUOTED.sub("''", text))
    text = _NUMBERED.sub(lambda word: word[0] if _STATUS.fullmatch(word[0]) else "#", text)
    return " ".join(text.casefold().split())
