"""What the bars say: how everything stands, gathered from the last reading, the office and the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tfui.ui import absence_words
from tfui.ui.engine_words import engine_words
from tfui.ui.verdict import Standing, Verdict, judge
from tfui.ui.widgets.summary_bar import Shown

if TYPE_CHECKING:
    from datetime import datetime

    from tfui.ui.absence_words import Absence
    from tfui.ui.engine_words import EngineWords
    from tfui.ui.list_reading import BarLook
    from tfui.ui.office import Office
    from tfui.ui.options import Options

_STEP_SHOWN = timedelta(hours=1)
"""How long the summary bar tells of a step of the clock."""


@dataclass(slots=True)
class Bars:
    """Puts together what the summary bar and the verdict line show."""

    office: Office
    options: Options
    around: BarLook | None = None
    """The last reading."""
    store_trouble: str | None = None
    """Why the store cannot be read now."""

    def summary(self, now: datetime, view: str) -> Shown:
        """Give what the top line says; `view` is the one in front."""
        around = self.around
        return Shown(
            pulse=None if around is None else around.pulse,
            engine=self._engine(),
            zone=self.office.zones.words(now),
            now=now,
            is_read_only=self.options.read_only or self.office.is_read_only,
            view=view,
            paused_queues=() if around is None else tuple(one.name for one in around.paused),
            clock_step=self._step(now),
            has_draft=around is not None and bool(around.drafts),
        )

    def verdict(self, now: datetime, *, are_problems_shown: bool) -> Verdict | None:
        """Give what the line above the footer says; None before anything was read."""
        around = self.around
        if around is None:
            return None
        standing = Standing(
            pulse=around.pulse,
            troubled=around.troubled,
            engine=self._engine(),
            engine_error=self.office.engine_error,
            store_trouble=self.store_trouble or self._why_not_written(),
            clock_step=self._step(now),
            paused=around.paused,
            causes=around.causes,
            crowded=around.crowded,
            missed=around.missed,
            drafts=around.drafts,
            are_problems_shown=are_problems_shown,
            now=now,
        )
        return judge(standing, self.options.key_map)

    def _engine(self) -> EngineWords:
        background = self.office.background
        return engine_words(
            self.office.engine_state,
            busy=background.busy if background is not None else 0,
            nodes=None if self.around is None else self.around.nodes,
            wanted=self.options.engine and (background is not None or not self.office.is_open),
        )

    def _why_not_written(self) -> str | None:
        """Say why the store cannot be written; that somebody chose not to is no trouble."""
        if self.options.read_only or not self.office.is_open:
            return None
        return self.office.caller.why_read_only

    def _step(self, now: datetime) -> Absence | None:
        step = absence_words.newest(
            () if self.around is None else self.around.nodes, absence_words.STEP
        )
        return step if step is not None and abs(now - step.at) <= _STEP_SHOWN else None
