"""What the view of the engine tells beside its tables: one queue whole, the machine, and the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tfui.core.finding import Severity
from tfui.ui import absence_words, node_words, queue_words, spans
from tfui.ui.audit_words import clock
from tfui.ui.log_ring import of_node
from tfui.ui.plain import plain, to_ascii
from tfui.ui.widgets.facts import BLANK, Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from tfui.core.finding import Finding
    from tfui.model.backlog import QueueStanding
    from tfui.model.node import NodeRow, Storage
    from tfui.ui.engine_reading import EngineLook
    from tfui.ui.log_ring import LogLine

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_HOUR = 20  # cells of a queue's last hour
_CHART = 6  # lines
_LINES = 50  # of the log


def size_words(count: int) -> str:
    """Say a number of bytes: `1.2 MiB`."""
    size, unit = float(count), 0
    while size >= 1024 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return (
        f"{size:.0f} {_UNITS[unit]}" if unit == 0 or size >= 100 else f"{size:.1f} {_UNITS[unit]}"
    )


class EngineFacts:
    """Tells facts in one zone and one alphabet."""

    def __init__(self, zone: tzinfo | None, now: datetime, *, ascii: bool) -> None:  # noqa: A002  # the option's name
        self._zone = zone
        self._now = now
        self._ascii = ascii

    def queue(
        self, standing: QueueStanding, depths: Sequence[int], *, has_room: bool = False
    ) -> list[Fact]:
        """Tell of one queue: pause, concurrency, what waits, its limits, and the last hour."""
        queue = standing.queue
        glyph = queue_words.standing(queue)
        shape = glyph.drawn(ascii=self._ascii)
        facts = [Fact("state", self._text(f"{shape} {glyph.word}", glyph.role))]
        if queue.paused_at is not None:
            said = queue_words.pause_words(queue, self._zone, self._now)
            facts.append(Fact("paused", self._text(said)))
        may = "as many as there are seats"
        if queue.concurrency is not None:
            may = f"{queue.concurrency:,} at most"
        facts.append(Fact("running", self._text(f"{queue.running:,}, {may}")))
        waiting = queue_words.waits_words(standing.waits)
        facts.append(Fact("waiting", self._text(waiting) if waiting else self._text("none", "dim")))
        has_chart = has_room and any(depths)
        if depths and not has_chart:
            drawn = queue_words.sparkline(depths, _HOUR, ascii=self._ascii)
            # Counted back from now: what was tried again has only its newest attempt in it.
            most = max(depths)
            most_waited = f"  about {most:,} at most" if most else "  nothing waited"
            facts.append(
                Fact("last hour", Content.assemble((drawn, "$spark"), (most_waited, "$dim")))
            )
        facts.append(Fact("schedules", self._text(f"{queue.schedules:,}")))
        facts += [BLANK, *self._limits(standing)]
        return [*facts, BLANK, *self._hour(depths)] if has_chart else facts

    def _hour(self, depths: Sequence[int]) -> Iterator[Fact]:
        """Draw how many waited, minute by minute."""
        yield Fact("last hour", self._text(f"about {max(depths):,} waited at most", "dim"))
        for drawn in queue_words.chart(depths, len(depths), _CHART, ascii=self._ascii):
            yield Fact("", Content.styled(drawn, "$spark"))
        yield Fact("", self._text(f"{'an hour ago':<{len(depths) - 3}}now", "dim"))

    def _limits(self, standing: QueueStanding) -> Iterator[Fact]:
        limits = standing.queue.limits
        if not limits:
            yield Fact("limits", self._text("none on the types of its schedules", "dim"))
        for limit in limits:
            role = "foreground" if limit.remaining else "st-blocked"
            said = queue_words.limit_words(limit, self._zone, self._now)
            yield Fact(plain(limit.job_type or ""), self._text(said, role))

    def machine(self, look: EngineLook) -> list[Fact]:
        """Tell of the store, the pace, sleep and clock, and what the doctor would say."""
        return [
            *self._storage(look.storage),
            self._pace(look.nodes),
            self._absence(look.nodes, "sleep", absence_words.SLEEP),
            self._absence(look.nodes, "clock", absence_words.STEP),
            *self._troubles(look.troubles),
        ]

    def _storage(self, storage: Storage) -> Iterator[Fact]:
        yield Fact("database", self._text(f"{storage.kind}  {plain(storage.label)}"))
        parts = [size_words(storage.size)]
        if storage.log_size is not None:
            parts.append(f"log {size_words(storage.log_size)}")
        if storage.free is not None:
            parts.append(f"{size_words(storage.free)} of disk free")
        yield Fact("size", self._text(" · ".join(parts)))

    def _pace(self, nodes: Sequence[NodeRow]) -> Fact:
        alive = [node for node in nodes if node.is_alive]
        busy = sum(node.busy for node in alive)
        seats = sum(node.seats for node in alive)
        said = f"{node_words.rate(alive):.1f} starts a second · {busy:,} of {seats:,} seats taken"
        return Fact("pace", self._text(said if alive else "no engine lives", "foreground"))

    def _absence(self, nodes: Sequence[NodeRow], label: str, kind: str) -> Fact:
        found = absence_words.newest(nodes, kind)
        if found is None:
            none = "no sleep seen" if kind == absence_words.SLEEP else "no step seen"
            return Fact(label, self._text(none, "dim"))
        if kind == absence_words.SLEEP:
            said = f"slept {spans.long(found.length)}, woke"
        else:
            said = f"{absence_words.step_words(found)},"
        at = spans.moment(found.at.replace(microsecond=0), self._zone, self._now)
        return Fact(label, self._text(f"{said} {at} on {plain(found.host)}"))

    def _troubles(self, troubles: Sequence[Finding]) -> Iterator[Fact]:
        if not troubles:
            shape = "o" if self._ascii else "✓"
            told = f"{shape} quick checks find nothing; tfui doctor checks all"
            yield Fact("doctor", self._text(told, "st-ok"))
        for place, finding in enumerate(troubles):
            is_error = finding.severity is Severity.ERROR
            shape = ("x" if self._ascii else "✗") if is_error else "!"
            role = "st-fail" if is_error else "st-late"
            said = f"{shape} {finding.subject}: {finding.text}"
            yield Fact("doctor" if place == 0 else "", self._text(said, role))

    def log(self, lines: Sequence[LogLine], nodes: Sequence[NodeRow]) -> list[Fact]:
        """Tell the newest warnings first: of this process, and each engine's last error."""
        told = {(line.at, line.text): line for line in lines}
        for node in nodes:
            line = of_node(node)
            if line is not None and all(line.text not in each.text for each in lines):
                told[line.at, line.text] = line
        newest = sorted(told.values(), key=lambda line: line.at, reverse=True)[:_LINES]
        if not newest:
            return [Fact("no warnings", Content(""))]
        return [
            Fact(
                clock(line.at, self._zone, self._now),
                self._text(
                    f"{('x' if self._ascii else '✗') if line.is_error else '!'} {plain(line.text)}",
                    "st-fail" if line.is_error else "st-late",
                ),
            )
            for line in newest
        ]

    def _text(self, text: str, role: str = "foreground") -> Content:
        return Content.styled(to_ascii(text) if self._ascii else text, f"${role}")
