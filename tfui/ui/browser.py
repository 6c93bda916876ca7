"""A browser that may be lost: when whoever serves the app is gone, the app is told."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual.drivers.web_driver import WebDriver

from tfui.ui.terminal import TerminalLost

if TYPE_CHECKING:
    from typing import Any


class BrowserDriver(WebDriver):
    """Textual's own driver, with an eye on the server."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # as Textual passes them
        super().__init__(*arguments, **options)
        write = self._write

        def write_or_forget(data: bytes) -> int:
            with suppress(OSError):
                return write(data)
            return len(data)

        self._write = write_or_forget  # type: ignore[assignment]  # a partial is called no other way

    def run_input_thread(self) -> None:
        """Wait for input until the app lets go of it, or it ends."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._app.post_message(TerminalLost())
