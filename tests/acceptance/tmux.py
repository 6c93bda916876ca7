"""A shell in a tmux of its own: keys go in as a person's do, the screen is read back as tmux shows it."""

from __future__ import annotations

import shutil
import subprocess
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from tests.world import eventually

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

TMUX = shutil.which("tmux")
_PATIENCE = 30.0


class Pane:
    """One shell in one window of a private server, which ends with the block."""

    def __init__(self, environment: Mapping[str, str], *, size: tuple[int, int]) -> None:
        self._environment = dict(environment)
        self._folder = TemporaryDirectory(prefix="tfui-")  # a socket's path has to be short
        columns, rows = map(str, size)
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", columns, "-y", rows, "sh")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._tmux("kill-server")
        self._folder.cleanup()

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names (`Enter`, `C-s`, `a`)."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type text as it is."""
        self._tmux("send-keys", "-l", text)

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def text(self) -> str:
        """Give the screen as it is now."""
        return self._tmux("capture-pane", "-p")

    def is_on_the_alternate_screen(self) -> bool:
        """Whether a program has hidden what the shell had written."""
        return self._tmux("display-message", "-p", "#{alternate_on}") == "1\n"

    def sees(self, text: str) -> None:
        """Wait until something is on the screen."""
        self._wait(text, is_there=True)

    def sees_no_more(self, text: str) -> None:
        """Wait until something is gone from the screen."""
        self._wait(text, is_there=False)

    def _wait(self, text: str, *, is_there: bool) -> None:
        what = f"{text!r} to {'come' if is_there else 'go'}"
        try:
            eventually(lambda: (text in self.text()) is is_there, seconds=_PATIENCE, what=what)
        except AssertionError as error:
            message = f"{error}; the screen:\n{self.text()}"
            raise AssertionError(message) from None

    def _tmux(self, *words: str) -> str:
        assert TMUX is not None
        return subprocess.run(
            [TMUX, "-S", f"{self._folder.name}/socket", *words],
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
