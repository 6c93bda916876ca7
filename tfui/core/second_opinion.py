"""What croniter makes of the same text, for people who bring schedules from programs built on it.

The field sets are compared, not the steps: croniter expands most fields rightly, and where it does
not (`5-5`, steps that wrap) the difference is worth telling. Not for hot paths: it costs an import
and a tenth of a millisecond, and nothing is decided by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.cron_field import is_hashed
from tfui.core.cron_kind import (
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    HOUR,
    MINUTE,
    MONTH,
    SECOND,
    FieldKind,
)
from tfui.core.warning import Warning_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tfui.core.cron import Cron


def differences(cron: Cron) -> list[Warning_]:
    """Tell each field that croniter would read otherwise, or that it would refuse the whole."""
    from croniter import croniter

    fields = cron.fields
    texts = fields.texts if fields.has_seconds else fields.texts[1:]
    if any(is_hashed(text) for text in texts):
        return []  # each draws its own value, and neither is wrong
    try:
        expanded, _ = croniter.expand(" ".join(texts).lower(), second_at_beginning=True)
    except (ValueError, LookupError, TypeError, ArithmeticError) as refused:
        # It lets more than its own errors out; whichever it is, it has not read the text.
        return [Warning_("croniter", f"croniter refuses this expression: {str(refused)[:200]}")]
    kinds: tuple[FieldKind, ...] = (MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK)
    days = fields.days
    masks: tuple[int, ...] = (
        fields.minutes,
        fields.hours,
        days.month_days.plain,
        days.months,
        days.week_days.plain,
    )
    if fields.has_seconds:  # given first, croniter still lists them last
        kinds, masks = (*kinds, SECOND), (*masks, fields.seconds)
    return list(_differing(kinds, masks, expanded))


def _differing(
    kinds: Sequence[FieldKind], masks: Sequence[int], expanded: Sequence[Sequence[object]]
) -> Iterator[Warning_]:
    for kind, mask, values in zip(kinds, masks, expanded, strict=False):
        if not all(isinstance(value, int) or value == "*" for value in values):
            continue  # `l` and the like, which it expands only when it steps
        high = 6 if kind is DAY_OF_WEEK else kind.high
        every = set(range(kind.low, high + 1))
        theirs = every if "*" in values else {value for value in values if isinstance(value, int)}
        if kind is DAY_OF_WEEK:
            theirs = {value % 7 for value in theirs}
        ours = {value for value in every if mask >> value & 1}
        if ours and ours != theirs:
            text = (
                f"croniter reads {kind.name} as {_shown(theirs, every)}, not {_shown(ours, every)}."
            )
            yield Warning_("croniter", text)


def _shown(values: set[int], every: set[int]) -> str:
    if values == every:
        return "every one"
    listed = [str(value) for value in sorted(values)]
    return ", ".join(listed if len(listed) <= 8 else [*listed[:7], "…"])
