"""What a save would do to the load, under the preview: company, waits, and a quieter minute."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from tfui.core.health import LATE_AFTER
from tfui.core.words import counted
from tfui.core.zone import zone as find_zone
from tfui.ui import spans
from tfui.ui.key_map import key_map_of
from tfui.ui.plain import plain
from tfui.ui.widgets.editor_lines import Lines, hanging

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.model.whatif import Change, Quieter, WhatIf

_SECOND = timedelta(seconds=1)


class ForesightLines(Lines):
    """A few lines, or none. They stay as they are until the next are known."""

    def show(self, found: WhatIf | None, timezone: str, width: int) -> None:
        """Show what was found; None takes the lines away."""
        said = [] if found is None else self._sentences(found, timezone)
        self.display = bool(said)
        lines = [hanging("~ ", text, width, style) for text, style in said]
        self.draw(Content("\n").join(lines))

    def _sentences(self, found: WhatIf, timezone: str) -> list[tuple[str, str]]:
        """Say what the draft would change, each sentence with its style."""
        said = []
        late = "$text-warning" if found.wait > LATE_AFTER else ""
        change, wait = _change(found.change), _wait(found)
        if change and not wait and found.day is not None:
            change = f"{change}; nothing waits longer in {plain(found.queue)}"
        said += [(text, style) for text, style in ((change, ""), (wait, late)) if text]
        if found.clash is not None:
            clash, runs = found.clash, counted(found.clash.starts, "run")
            text = f"it will overlap itself: {clash.outcome} of {runs} in a day"
            said.append((text, "$text-warning"))
        if found.others and found.others_at is not None:
            at = _clock(found.others_at, timezone)
            said.append((f"{counted(found.others, 'other start')} at {at}", ""))
        if found.quieter is not None:
            key = key_map_of(self).name("editor.quieter")
            said.append((f"{_quieter(found.quieter)}; {key} moves it there", "$text-accent"))
        return said


def minute(quieter: Quieter) -> str:
    """Write the minute that is offered: `:29`."""
    return f":{quieter.minute:02}"


def _quieter(found: Quieter) -> str:
    here, there = counted(found.others_now, "other start"), found.others or "none"
    runs = "its next run" if found.runs == 1 else f"its next {found.runs} runs"
    return f"{here} in its minute over {runs}, {there} at {minute(found)}"


def _change(change: Change) -> str:
    """Say how many more or fewer runs there will be, and of what that is made up."""
    more = change.added - change.removed
    if not more and (change.is_counted or not change.added):
        return ""
    said = f"{more:+,} {'run' if abs(more) == 1 else 'runs'} in the next {counted(change.window.days, 'day')}"
    if not change.removed:
        return said
    if change.is_counted:
        return f"{said}: {change.added:,} instead of {change.removed:,}"
    return f"{said}: {change.added:,} added, {change.removed:,} gone"


def _wait(found: WhatIf) -> str:
    """Say how long it waits, and what it does to its queue."""
    said = []
    if found.wait >= _SECOND:
        said.append(f"it waits up to {spans.long(found.wait)}")
    before, after = found.queue_wait_before, found.queue_wait
    if abs(after - before) >= _SECOND:
        grows = "grows" if after > before else "shrinks"
        by, to = spans.long(abs(after - before)), spans.long(after)
        said.append(f"the longest wait in {plain(found.queue)} {grows} by {by}, to {to}")
    return "; ".join(said)


def _clock(at: datetime, timezone: str) -> str:
    wall = find_zone(timezone).wall(int(at.timestamp()))
    return f"{wall:%H:%M} on {wall:%a %d %b}"
