"""A dependency between two schedules in words, as seen from one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.core.states import DependencyType
from tfui.core.unknown import Words
from tfui.ui import spans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tfui.model.dependency import DependencyRow

_ON = Words(
    {
        DependencyType.SEQUENTIAL: "on end",
        DependencyType.PARALLEL: "on start",
        DependencyType.CONDITIONAL: "on success",
    }
)
_SHORT = {
    DependencyType.SEQUENTIAL: "end",
    DependencyType.PARALLEL: "start",
    DependencyType.CONDITIONAL: "ok",
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


def on_what(links: Iterable[DependencyRow]) -> str:
    """Say on what of its parents a child starts, each kind once; empty for none."""
    words = {link.dependency_type for link in links}
    return " and ".join(said for kind, said in _ON.items() if kind in words)


def kinds(links: Iterable[DependencyRow]) -> str:
    """Say in a short word each on what of its parents a child starts; empty for none."""
    words = {link.dependency_type for link in links}
    return "+".join(short for kind, short in _SHORT.items() if kind in words)
