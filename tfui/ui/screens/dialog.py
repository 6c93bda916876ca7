"""A dialog over what is shown: it has the dialogs' looks, and gives None when it is closed."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.screen import ModalScreen

from tfui.ui.styles import DIALOGS

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """Lies over the screen below, which its keys do not reach."""

    CSS_PATH: ClassVar = DIALOGS

    def action_close(self) -> None:
        """Go back, and change nothing."""
        self.dismiss(None)
