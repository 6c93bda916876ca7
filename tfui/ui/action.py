"""What an action is: one thing a person can do with a key, and the places where keys are live."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Where(StrEnum):
    """The place in which an action's keys are live; its value heads that part of the help."""

    EVERYWHERE = "Everywhere"
    VIEWS = "All views"
    SCHEDULES = "Schedules"
    MOVING = "Moving in a list"
    AUDIT = "Audit"
    TRIAGE = "Missed runs"
    DETAIL = "Detail"
    FORECAST = "Forecast"
    CELLS = "Moving in the forecast"
    GRAPH = "Graph"
    WAYS = "Moving in the graph"
    RUNS = "Runs"
    LOG = "Log"
    LOGS = "Log of the runs"
    ENGINE = "Engine and queues"
    EDITOR = "Editor"
    DIFFERENCES = "Changed on both sides"
    DIALOG = "Dialogs"
    ASKED = "Asked before a change"
    UNSAVED = "Unsaved work"
    QUITTING = "Quitting while jobs run"
    WELCOME = "First start"
    SORTING = "Sort menu"
    COPYING = "Copy menu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a person can do with a key."""

    id: str
    keys: tuple[str, ...]
    """As Textual names them; the first is the one that is shown."""
    does: str
    """The Textual action, `pause` for `action_pause`."""
    word: str
    """One or two words for the footer."""
    help: str
    """One line for the help and the palette, in the imperative."""
    where: Where
    rank: int = 0
    """Place in the footer, 1 first; 0 is never shown there."""
    writes: bool = False
    """Whether it changes anything; such keys are dead when read-only."""
    in_palette: bool = True
    priority: bool = False
    """Whether it is live while something is being typed."""


def action(
    id: str,  # noqa: A002  # it is the field's own name
    keys: str,
    does: str,
    word: str,
    help: str,  # noqa: A002  # it is the field's own name
    where: Where,
    *,
    rank: int = 0,
    writes: bool = False,
    in_palette: bool = True,
    priority: bool = False,
) -> Action:
    """Make an action; its keys are given as one text."""
    return Action(
        id=id,
        keys=tuple(keys.split()),
        does=does,
        word=word,
        help=help,
        where=where,
        rank=rank,
        writes=writes,
        in_palette=in_palette,
        priority=priority,
    )
