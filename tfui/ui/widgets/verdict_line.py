"""The line above the footer: that all is well, or the one trouble that matters most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tfui.core.health import Condition
from tfui.ui.glyphs import OF_CONDITION, SKIPPED
from tfui.ui.key_map import KeyMap
from tfui.ui.missed_words import tally_words
from tfui.ui.plain import plain, to_ascii

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.model.missed import MissedTally
    from tfui.model.schedule import Pulse
    from tfui.ui.engine_words import EngineWords


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence, its glyph, its colour, and the key that helps."""

    glyph: str
    text: str
    role: str
    hint: str = ""


def judge(
    pulse: Pulse,
    troubled: Sequence[str],
    engine: EngineWords,
    *,
    engine_error: str | None,
    missed: MissedTally,
    ascii: bool,  # noqa: A002  # the option's name
    key_map: KeyMap | None = None,
) -> Verdict:
    """Choose the trouble that matters most; `troubled` names schedules that fail or are late."""
    key_map = key_map or KeyMap()
    problems = f"{key_map.name('problems')} shows problems"
    if missed.runs:
        problems = f"{key_map.name('missed')} {missed.runs:,} missed  {problems}"
    late, failed = OF_CONDITION[Condition.LATE], OF_CONDITION[Condition.FAILED]
    names = ", ".join(plain(name) for name in troubled[:3])
    count = pulse.failing or pulse.late
    more = f" and {count - len(troubled[:3])} more" if count > len(troubled[:3]) else ""
    if engine.starts_nothing:
        why = f": {engine_error}" if engine_error else ""
        return Verdict(
            late.drawn(ascii=ascii),
            f"no engine is running{why}; nothing will start here",
            engine.role,
        )
    if pulse.failing:
        text = f"{pulse.failing} failing" + (f": {names}{more}" if names else "")
        return Verdict(failed.drawn(ascii=ascii), text, failed.role, problems)
    if pulse.late:
        text = f"{pulse.late} late" + (f": {names}{more}" if names else "")
        return Verdict(late.drawn(ascii=ascii), text, late.role, problems)
    if missed.runs:
        triage = f"{key_map.name('missed')} triage"
        return Verdict(SKIPPED.drawn(ascii=ascii), tally_words(missed), SKIPPED.role, triage)
    if not pulse.summary.active:
        return Verdict("", "nothing is on" if pulse.summary.total else "", "dim")
    well = OF_CONDITION[Condition.OK]
    text = f"all {pulse.summary.active:,} on time" if pulse.summary.active > 1 else "on time"
    return Verdict(well.drawn(ascii=ascii), text, well.role)


class VerdictLine(Widget):
    """One line above the footer."""

    DEFAULT_CSS = "VerdictLine { height: 1; }"

    def __init__(self, *, ascii: bool, id: str) -> None:  # noqa: A002  # their own names
        super().__init__(id=id)
        self._ascii = ascii
        self._verdict: Verdict | None = None

    def show(self, verdict: Verdict) -> None:
        """Say another sentence."""
        if verdict != self._verdict:
            self._verdict = verdict
            self.refresh()

    def render(self) -> Content:
        """Draw the sentence, its hint at the right."""
        if self._verdict is None:
            return Content("")
        verdict, width = self._verdict, self.size.width
        hint = Content.styled(verdict.hint, "$dim")
        text = Content.assemble(f" {verdict.glyph} " if verdict.glyph else " ", verdict.text)
        text = text.truncate(max(0, width - hint.cell_length - 2), ellipsis=True)
        gap = max(1, width - text.cell_length - hint.cell_length - 1)
        line = Content.assemble(text.stylize(f"${verdict.role}"), " " * gap, hint)
        return Content(to_ascii(line.plain)).stylize(f"${verdict.role}") if self._ascii else line
