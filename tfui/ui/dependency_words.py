"""A dependency between two schedules in words, as seen from one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core.states import DependencyType
from tfui.ui import spans

if TYPE_CHECKING:
    from tfui.model.dependency import DependencyRow

_ON = {
    DependencyType.SEQUENTIAL: "on end",
    DependencyType.PARALLEL: "on start",
    DependencyType.CONDITIONAL: "on success",
}


def side(*, is_parent: bool) -> str:
    """Say on which side the other schedule stands."""
    return "after" if is_parent else "before"


def how(link: DependencyRow) -> str:
    """Say on what of the parent the child starts, and which of its runs counts, in 21 cells."""
    what = _ON[link.dependency_type]
    if link.is_chained:
        return f"{what}, chained"
    if link.window_seconds is None:
        return f"{what}, same time"
    return f"{what}, within {spans.short(timedelta(seconds=link.window_seconds))}"
