"""The editor's look ahead: asked for when the typing rests, answered in a thread, offered as a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.ui.reading import Reader
from tfui.ui.widgets.editor_spec import EXPRESSION

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from textual.screen import Screen

    from tfui.errors import TfuiError
    from tfui.model.schedule import ScheduleDraft
    from tfui.model.whatif import WhatIf
    from tfui.service.caller import Caller

TIMING = frozenset(
    {
        "schedule_type",
        EXPRESSION,
        "timezone",
        "starts_at",
        "ends_at",
        "max_runs",
        "queue",
        "priority",
        "overlap",
        "jitter",
        "timeout",
    }
)
"""Fields that must be right before anything can be foreseen; the others do not matter to it."""


class Foresight:
    """Knows what the newest draft that was asked about would change."""

    def __init__(self, screen: Screen[UUID | None], *, told: Callable[[], object]) -> None:
        """`told` is called on the screen's thread whenever something else is known."""
        self._told = told
        self._asked: ScheduleDraft | None = None
        self._known: tuple[ScheduleDraft, WhatIf] | None = None
        self._reader: Reader[tuple[ScheduleDraft, WhatIf]] = Reader(
            screen, "editor-foresight", then=self._take, failed=self._give_up
        )

    def ask(self, caller: Caller, draft: ScheduleDraft, schedule_id: UUID | None) -> None:
        """Look ahead for a draft, unless that was done."""
        if draft == self._asked:
            return
        self._asked = draft

        def look() -> tuple[ScheduleDraft, WhatIf]:
            from tfui.service import whatif

            return draft, whatif.whatif(caller, draft, schedule_id)

        self._reader.ask(look)

    def of(self, draft: ScheduleDraft) -> WhatIf | None:
        """Give what is known of a draft; None while it is being looked at."""
        return self._known[1] if self._known is not None and self._known[0] == draft else None

    @property
    def latest(self) -> WhatIf | None:
        """What was known last, of whichever draft."""
        return None if self._known is None else self._known[1]

    def _take(self, found: tuple[ScheduleDraft, WhatIf]) -> None:
        self._known = found
        self._told()

    def _give_up(self, trouble: TfuiError) -> None:
        """Show nothing: what is wrong with a draft, or with the store, is told by its check."""
        del trouble
        self._known = None
        self._told()
