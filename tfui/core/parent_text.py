"""What a schedule comes after, as people write it: `billing`, `billing:conditional`, `billing:conditional:1h`.

The parent is named; whether there is such a schedule is for others to know. The kind is the last
word, or the last but one before a window, so that a name may have colons of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core.duration import format_duration, parse_duration
from tfui.core.states import DependencyType
from tfui.errors import Invalid, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

FIELD = "after"

_KINDS = frozenset(DependencyType)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Parent:
    """One schedule that another comes after, by name."""

    name: str
    kind: DependencyType = DependencyType.SEQUENTIAL
    window_seconds: int | None = None
    """None: its job of the same instant; else its newest within so long before."""


def read_parent(text: str) -> Parent:
    """Read one. Raises Invalid {"after"}."""
    name, kind, window = _parts(text.strip())
    if not name:
        raise Invalid({FIELD: "name a schedule before the colon"})
    if window is None:
        return Parent(name, kind)
    try:
        span = parse_duration(window, field=FIELD)
    except Invalid as bad:
        start = text.rindex(window)
        raise Invalid({FIELD: _moved(bad.fields[FIELD], start, start + len(window))}) from None
    return Parent(name, kind, span // _SECOND)


def read_parents(text: str) -> tuple[Parent, ...]:
    """Read one on each line, in their order; the last of one name counts. Raises Invalid {"after"}."""
    found: dict[str, Parent] = {}
    place = 0
    for line in text.split("\n"):
        if line.strip():
            try:
                parent = read_parent(line)
            except Invalid as bad:
                raise Invalid(
                    {FIELD: _moved(bad.fields[FIELD], place, place + len(line))}
                ) from None
            found[parent.name] = parent
        place += len(line) + 1
    return tuple(found.values())


def write_parent(parent: Parent) -> str:
    """Write one so that it reads the same; the usual kind is left out."""
    if parent.window_seconds is not None:
        window = format_duration(timedelta(seconds=parent.window_seconds))
        return f"{parent.name}:{parent.kind}:{window}"
    is_usual = parent.kind is DependencyType.SEQUENTIAL and parent == _guess(parent.name)
    return parent.name if is_usual else f"{parent.name}:{parent.kind}"


def write_parents(parents: Iterable[Parent]) -> str:
    """Write one a line."""
    return "\n".join(map(write_parent, parents))


def _parts(text: str) -> tuple[str, DependencyType, str | None]:
    head, sign, last = text.rpartition(":")
    if sign and last in _KINDS:
        return head, DependencyType(last), None
    name, sign, kind = head.rpartition(":")
    if sign and kind in _KINDS:
        return name, DependencyType(kind), last
    return text, DependencyType.SEQUENTIAL, None


def _guess(name: str) -> Parent | None:
    """Read a bare name as it would be read: some end as a kind does."""
    found, kind, window = _parts(name.strip())
    return Parent(found, kind) if window is None else None


def _moved(problem: Problem, start: int, end: int) -> Problem:
    """Point at the place in the whole text."""
    first, last = problem.span or (0, end - start)
    return Problem(problem.text, (start + first, start + last))
