"""What the detail says of a schedule's ledger: the sum on one line, then every gap and its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from tfui.core.reasons import WORDS
from tfui.core.states import ScheduleStatus
from tfui.ui import spans
from tfui.ui.plain import plain
from tfui.ui.widgets.facts import BLANK, Fact

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tfui.model.occurrence import LedgerSum, OccurrenceRow

_FAR = timedelta(days=300)  # beyond it, a day without its year could be another one


def sum_facts(
    total: LedgerSum, status: ScheduleStatus, now: datetime, zone: tzinfo | None
) -> list[Fact]:
    """Tell the law, whether it holds, what it does not count, and what was skipped by reason."""
    width = max([1, *(len(f"{count:,}") for count in total.skipped.values())])
    facts = [
        _law(total, width),
        Fact("", Content.styled(_window(total, now, zone), "$dim")),
    ]
    if total.unreadable is not None:
        said = f"planned is what is on record, for the trigger cannot be read: {total.unreadable}"
        facts.insert(1, Fact("", Content.styled(plain(said), "$st-fail")))
    if not total.holds:
        facts.insert(1, _amiss(total))
    if total.beside:
        facts.append(Fact("", Content(f"beside the plan: {total.beside}")))
    if total.completed:
        facts.append(Fact("", Content(f"completed: {total.completed}")))
    if total.unplanned:
        facts.append(Fact("!".rjust(width), _unplanned(total.unplanned, status), "$st-retry"))
    if total.skipped:
        facts.append(BLANK)
    facts += [
        Fact(f"{count:,}".rjust(width), Content(WORDS[reason]), "$st-skip")
        for reason, count in total.skipped.items()
    ]
    return facts


def range_facts(total: LedgerSum, now: datetime, zone: tzinfo | None) -> list[Fact]:
    """Tell each range of occurrences that did not run, newest first, and how many are left out."""
    width = max([1, *(len(_times(row)) for row in total.ranges)])
    facts = [
        Fact(_times(row).rjust(width), _gap(row, now, zone), "$st-skip") for row in total.ranges
    ]
    if total.ranges_left_out:
        left_out = f"{total.ranges_left_out:,} older ranges are not listed; the sum counts them"
        facts.append(Fact("", Content.styled(left_out, "$dim")))
    return facts


def _law(total: LedgerSum, width: int) -> Fact:
    sign, mark, role = ("=", "✓", "$st-ok") if total.holds else ("!=", "✗", "$st-fail")
    ran, skipped, pending = (f"{part:,}" for part in _parts(total))
    law = f"planned {total.planned:,} {sign} ran {ran} + skipped {skipped} + pending {pending}"
    style = "bold" if total.holds else f"bold {role}"
    return Fact(mark.rjust(width), Content.styled(law, style), f"bold {role}")


def _amiss(total: LedgerSum) -> Fact:
    accounted = sum(_parts(total))
    said = f"{accounted:,} are on record: the sum does not hold. tfui doctor says more"
    return Fact("", Content.styled(said, "$st-fail"))


def _parts(total: LedgerSum) -> tuple[int, int, int]:
    return total.ran, sum(total.skipped.values()), total.pending


def _window(total: LedgerSum, now: datetime, zone: tzinfo | None) -> str:
    window = f"after {spans.moment(total.since, zone, now)}, up to now"
    if total.counted_since is None:
        return window
    changed = spans.moment(total.counted_since, zone, now)
    return f"{window}; before its change on {changed} by what is on record alone"


def _unplanned(count: int, status: ScheduleStatus) -> Content:
    why = {
        ScheduleStatus.ACTIVE: "no engine has planned them yet",
        ScheduleStatus.PAUSED: "the schedule is paused",
        ScheduleStatus.FAILED: "the schedule was stopped",
    }
    said = f"unplanned {count:,}: due by now, but {why.get(status, 'the schedule rests')}"
    return Content.styled(said, "$st-retry")


def _span(row: OccurrenceRow, now: datetime, zone: tzinfo | None) -> str:
    first, last = row.from_at.astimezone(zone), row.to_at.astimezone(zone)
    if row.count == 1 or first == last:
        return _wall(last, now)
    if first.date() == last.date():
        return f"{_wall(first, now)} – {_clock(last)}"
    return f"{_wall(first, now)} – {_wall(last, now)}"


def _wall(wall: datetime, now: datetime) -> str:
    year = f" {wall.year}" if abs(wall - now) > _FAR else ""
    return f"{wall:%d %b}{year} {_clock(wall)}"


def _clock(wall: datetime) -> str:
    return f"{wall:%H:%M:%S}" if wall.second else f"{wall:%H:%M}"


def _times(row: OccurrenceRow) -> str:
    return f"{row.count:,}×"


def _gap(row: OccurrenceRow, now: datetime, zone: tzinfo | None) -> Content:
    return Content.assemble(
        f"{_span(row, now, zone)}  ",
        WORDS[row.reason],
        (f"  {plain(row.detail)}" if row.detail else "", "$dim"),
    )
