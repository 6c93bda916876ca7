"""An engine in words and columns: how it is, how busy, how punctual, and when it last spoke."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.states import NodeState
from tfui.ui import spans
from tfui.ui.glyphs import Glyph
from tfui.ui.plain import fit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tfui.model.node import NodeRow

LIVE = Glyph("●", "*", "live", "st-ok")
STOPPING = Glyph("●", "*", "stopping", "st-retry")
SILENT = Glyph("!", "!", "silent", "st-late")
STOPPED = Glyph("○", "o", "stopped", "st-off")

_FULL, _SOME = 110, 90


def state(node: NodeRow) -> Glyph:
    """Say how an engine is: silent is one that did not sign off and says nothing."""
    if node.stopped_at is not None:
        return STOPPED
    if not node.is_alive:
        return SILENT
    return STOPPING if node.state is NodeState.STOPPING else LIVE


def heading(width: int) -> str:
    """Name the columns of lines of `width` cells."""
    return _line(
        "",
        "engine",
        ("kind", "version", "seats", "starts/s", "lag p50", "p95", "heard", "up"),
        width,
    )


def line(node: NodeRow, now: datetime, width: int, *, ascii: bool) -> tuple[str, str]:  # noqa: A002  # the option's name
    """Give an engine's line in two parts: its state, to be coloured, and the rest."""
    glyph = state(node)
    told, lag = node.figures, node.figures.get("lag_ms", {})
    heard = node.stopped_at or node.heartbeat_at
    is_on = node.is_alive
    cells = (
        node.kind,
        node.version,
        f"{node.busy}/{node.seats}",
        f"{told['starts_per_second']:.1f}" if is_on and "starts_per_second" in told else "—",
        milliseconds(lag.get("p50")) if is_on else "—",
        milliseconds(lag.get("p95")) if is_on else "—",
        f"{spans.short(now - heard)} ago",
        spans.long(heard - node.started_at if not is_on else now - node.started_at),
    )
    head = f" {glyph.drawn(ascii=ascii)} {glyph.word}"
    return fit(head, _HEAD), _line(None, f"{node.host}:{node.pid}", cells, width)


def milliseconds(value: float | None) -> str:
    """Say how late starts are: `3ms`, `1.2s`."""
    if value is None:
        return "—"
    return f"{value:.0f}ms" if value < 1000 else f"{value / 1000:.1f}s"


def in_order(nodes: Sequence[NodeRow]) -> list[NodeRow]:
    """Put those first that need a look: the living, then the silent, then the stopped."""
    return sorted(nodes, key=lambda node: (not node.is_alive, node.stopped_at is not None))


def rate(nodes: Sequence[NodeRow]) -> float:
    """Give the starts per second of all engines that live."""
    return float(sum(node.figures.get("starts_per_second", 0.0) for node in nodes if node.is_alive))


_HEAD, _NAME = 11, 40
_WIDTHS = (9, 8, 8, 9, 8, 7, 9, 9)
"""Of kind, version, busy, starts, lag p50 and p95, heard, up."""


def _line(head: str | None, name: str, cells: tuple[str, ...], width: int) -> str:
    shown = [0, 1, 2, 3, 4, 5, 6, 7] if width >= _FULL else [2, 3, 4, 5, 6]
    if width < _SOME:
        shown = [2, 3, 5, 6]
    used = sum(_WIDTHS[place] + 1 for place in shown)
    left = max(8, min(_NAME, width - _HEAD - used - 1))
    parts = [fit(name, left), *(fit(cells[place], _WIDTHS[place], right=True) for place in shown)]
    text = " ".join(parts)
    return text if head is None else fit(head, _HEAD) + text
