"""What every view is: a part of the screen that reads for itself while it is in front.

The screen around it is the shell; a view asks it for something only through the messages here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.message import Message

from tfui.ui.acts import Acts
from tfui.ui.permits import Permits

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tfui.ui.keys import Action, Where
    from tfui.ui.office import Office
    from tfui.ui.options import Options


class View(Vertical, can_focus=False):
    """One of the views; the keys go to one of its widgets whenever it is in front."""

    PLACES: ClassVar[tuple[Where, ...]] = ()
    """The places of the registry whose keys are its own; the palette offers them too."""

    @dataclass
    class Reveal(Message):
        """Another view is asked to show a schedule."""

        schedule_id: UUID

    @dataclass
    class OpenJob(Message):
        """The view of the runs is asked to show a job."""

        job_id: UUID

    @dataclass
    class Inspect(Message):
        """An explanation is wanted: of an instant, or with None of what a schedule waits for now.

        Without a schedule, it is of what the verdict speaks of.
        """

        schedule_id: UUID | None
        at: datetime | None = None

    class Acted(Message):
        """Something was changed from here: everything that is shown is to be read anew."""

    def __init__(self, office: Office, options: Options) -> None:
        super().__init__()
        self.office = office
        self.options = options
        self.permits = Permits(office, read_only=options.read_only)
        self.acts = Acts(self, office, done=lambda: self.post_message(self.Acted()))

    def reread(self) -> None:
        """Read everything that is shown anew; asked for while in front only."""

    def tick(self, now: datetime) -> None:
        """Say again what changes by itself; each second while in front."""

    @property
    def is_at_rest(self) -> bool:
        """Whether no reading is under way."""
        return True

    def focus_content(self) -> None:
        """Give the keys to what they should go to first."""

    def show_target(self, target: UUID) -> None:
        """Put the cursor on what another view spoke of."""

    @property
    def can_close(self) -> bool:
        """Whether Escape would close or clear something of this view."""
        return False

    def close_one(self) -> bool:
        """Close or clear one thing; False when there is nothing of its own to close."""
        return False

    def why_not(self, action: Action) -> str | None:
        """Say in a few words why an action cannot be done now; None when it can."""
        return self.permits.why_not_write() if action.writes else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  # Textual's signature
        """Grey out what cannot be done now."""
        found = Permits.find(action, self.PLACES)
        if found is None or not self.is_mounted:
            return True
        return None if self.why_not(found) else True
