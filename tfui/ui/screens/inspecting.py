"""Why a schedule ran, did not run or waits: the verdict, and the chain of checks that led to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tfui.ui import spans
from tfui.ui.keys import closing
from tfui.ui.parts import is_here
from tfui.ui.plain import plain, to_ascii
from tfui.ui.screens.scrolling import ScrolledDialog
from tfui.ui.widgets.facts import Fact, Facts
from tfui.ui.widgets.hint import Hint

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime, tzinfo

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.clock import Clock
    from tfui.core.explanation import Explanation, Step

_MARKS = {
    True: ("✓", "$st-ok"),
    False: ("✗", "bold $st-fail"),
    None: ("·", "$dim"),
}


class InspectScreen(ScrolledDialog[None]):
    """An explanation, asked for again once what holds the schedule up should have cleared."""

    BINDINGS: ClassVar[list[BindingType]] = [*closing("inspect", "quit")]

    def __init__(
        self,
        found: Explanation,
        ask: Callable[[], Awaitable[Explanation | None]],
        *,
        clock: Clock,
        zone: tzinfo | None,
        ascii: bool,  # noqa: A002  # the option's name
    ) -> None:
        super().__init__()
        self._found = found
        self._ask = ask
        self._clock = clock
        self._zone = zone
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay out question, verdict, chain and countdown."""
        with Vertical(classes="dialog", id="inspect"):
            yield Static("", classes="dialog-title", id="inspect-question", markup=False)
            with VerticalScroll(id="inspect-scroll", can_focus=False):
                yield Static("", id="inspect-verdict", markup=False)
                yield Facts(id="inspect-steps")
            yield Static("", id="inspect-clears", markup=False)
            yield Hint(close="close")

    def on_mount(self) -> None:
        """Show what was found, and count down from there."""
        self._show()
        self.set_interval(1, self._tick)

    def on_resize(self) -> None:
        """Offer the keys that scroll only where there is more than is seen."""
        self.call_after_refresh(self._offer)

    def _offer(self) -> None:
        has_more = self.query_one(VerticalScroll).max_scroll_y > 0
        self.query_one(Hint).say(*(["↑ ↓ scroll"] if has_more else []))

    def _show(self) -> None:
        found = self._found
        self.query_one("#inspect-question", Static).update(self._drawable(found.question))
        self.query_one("#inspect-verdict", Static).update(self._drawable(found.verdict))
        self.query_one("#inspect-steps", Facts).show([self._fact(step) for step in found.steps])
        self._say_when()
        self.call_after_refresh(self._offer)

    def _tick(self) -> None:
        clears_at = self._found.clears_at
        if clears_at is None or not is_here(self):
            return
        self._say_when()
        if clears_at <= self._clock.now():
            self.run_worker(self._ask_again(), name="inspect", group="inspect", exclusive=True)

    async def _ask_again(self) -> None:
        found = await self._ask()
        if found is not None and is_here(self):
            self._found = found
            self._show()

    def _say_when(self) -> None:
        line, clears_at = self.query_one("#inspect-clears", Static), self._found.clears_at
        line.display = clears_at is not None
        if clears_at is not None:
            line.update(clearing(clears_at, self._clock.now(), self._zone))

    def _fact(self, step: Step) -> Fact:
        mark, style = _MARKS[step.ok]
        label, text = self._drawable(f"{mark} {step.title}"), self._drawable(step.text)
        return Fact(label, Content(text), style)

    def _drawable(self, text: str) -> str:
        text = plain(spans.retold(text, self._clock.now()))
        return to_ascii(text) if self._ascii else text


def clearing(at: datetime, now: datetime, zone: tzinfo | None) -> Content:
    """Say when what holds a schedule up ends, and how long that is from now."""
    away = at - now
    left = f"in {spans.countdown(away)}" if away.total_seconds() > 0 else "any moment now"
    return Content.assemble(
        ("clears ", "$dim"), spans.moment(at, zone, now), "  ", (left, "bold $accent")
    )
