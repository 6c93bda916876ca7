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

    from tfui.model.whatif import Quieter, WhatIf

_SECOND = timedelta(seconds=1)


class ForesightLines(Lines):
    """A few lines, or none. They stay as they are until the next are known."""

    def show(self, found: WhatIf | None, timezone: str, width: int, *, is_new: bool) -> None:
        """Show what was found; None takes the lines away."""
        said = [] if found is None else self._sentences(found, timezone, is_new=is_new)
        self.display = bool(said)
        lines = [hanging("~ ", text, width, style) for text, style in said]
        self.draw(Content("\n").join(lines))

    def _sentences(self, found: WhatIf, timezone: str, *, is_new: bool) -> list[tuple[str, str]]:
        """Say what the draft would change, each sentence with its style."""
        said = []
        if is_new or found.change.is_counted:
            said.append((_change(found), "$dim"))
        if found.others and found.others_at is not None:
            at = _clock(found.others_at, timezone)
            said.append((f"{counted(found.others, 'other start')} at {at}", ""))
        if (wait := _wait(found)) is not None:
            said.append((wait, "$text-warning" if found.wait > LATE_AFTER else ""))
        if found.quieter is not None:
            rest = "fewer others start" if found.quieter.others else "nothing else starts"
            key = key_map_of(self).name("editor.quieter")
            text = f"at {minute(found.quieter)} {rest}; {key} moves it there"
            said.append((text, "$text-accent"))
        return said


def minute(quieter: Quieter) -> str:
    """Write the minute that is offered: `:29`."""
    return f":{quieter.minute:02}"


def _change(found: WhatIf) -> str:
    change = found.change
    days = counted(change.window.days, "day")
    if change.is_counted:
        return f"{counted(change.added, 'start')} in {days}, {change.removed:,} before"
    return f"{counted(change.added, 'start')} in {days}"


def _wait(found: WhatIf) -> str | None:
    """Say how long it waits, and what it does to its queue."""
    parts = []
    if found.wait >= _SECOND:
        parts.append(f"it waits up to {spans.long(found.wait)}")
    before, after = found.queue_wait_before, found.queue_wait
    if abs(after - before) >= _SECOND:
        was = spans.long(before) if before >= _SECOND else "nothing"
        will_be = spans.long(after) if after >= _SECOND else "nothing"
        parts.append(f"the longest wait in {plain(found.queue)} goes from {was} to {will_be}")
    return "; ".join(parts) or None


def _clock(at: datetime, timezone: str) -> str:
    wall = find_zone(timezone).wall(int(at.timestamp()))
    return f"{wall:%H:%M} on {wall:%a %d %b}"
