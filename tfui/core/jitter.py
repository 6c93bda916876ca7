"""Jitter: how much later than its nominal time one occurrence starts.

Drawn from the schedule's id and the nominal time, so a preview, the engine and a later question
all get the same answer. Identity, order and misfire go by the nominal time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tfui.core.draw import draw
from tfui.core.zone import EPOCH

if TYPE_CHECKING:
    from uuid import UUID

_MILLISECOND = timedelta(milliseconds=1)
_MICROSECOND = timedelta(microseconds=1)


def offset(schedule_id: UUID | str, nominal: datetime, jitter: timedelta) -> timedelta:
    """Give the delay of one occurrence, in whole milliseconds from 0 to below `jitter`."""
    choices = jitter // _MILLISECOND
    if choices <= 1:
        return timedelta(0)
    micros = (nominal - EPOCH) // _MICROSECOND
    return draw("jitter", str(schedule_id), str(micros)) % choices * _MILLISECOND
