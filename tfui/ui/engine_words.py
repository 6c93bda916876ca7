"""How the engines are doing, in a few words that are never left out of the summary bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfui.ui.office import EngineState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.model.node import NodeRow


@dataclass(frozen=True, slots=True)
class EngineWords:
    """What is said of the engines: at length, in short, and in which colour."""

    long: str
    short: str
    role: str
    starts_nothing: bool
    """Whether no schedule will start as things are."""


def engine_words(
    state: EngineState, *, busy: int, nodes: Sequence[NodeRow] | None, wanted: bool
) -> EngineWords:
    """Say how the engines are doing; `nodes` is None while they have not been read."""
    if state is EngineState.RUNNING:
        return EngineWords(f"● engine {busy} busy" if busy else "● engine", "●", "st-ok", False)
    if state is EngineState.STOPPING:
        left = f", {busy} to end" if busy else ""
        return EngineWords(f"● engine stopping{left}", "● stopping", "st-retry", False)
    others = [node for node in nodes or () if node.is_alive]
    if others:
        words = "another engine" if len(others) == 1 else f"{len(others)} other engines"
        return EngineWords(f"● {words}", f"● {len(others)} other", "st-ok", False)
    if state is EngineState.FAILED:
        return EngineWords("○ engine failed", "○ failed", "st-fail", True)
    if state is EngineState.STOPPED:
        return EngineWords("○ engine stopped", "○ stopped", "st-fail", True)
    if nodes is None or wanted:
        return EngineWords("○ opening", "○", "dim", False)
    return EngineWords("○ no engine", "○ no engine", "st-late", True)
