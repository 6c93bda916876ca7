"""What the dashboard holds of the other rooms: who asks, what time it is, and the engine in the back.

The app is drawn before any of it exists: `open()` runs in a thread once the first frame is out, so
that the database libraries are imported while a person is already looking at something.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from tfui.errors import Unavailable
from tfui.ui.log_ring import LogRing
from tfui.ui.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.dom import DOMNode

    from tfui.clock import Clock
    from tfui.service.caller import Caller

StopMode: TypeAlias = Literal["wait", "hand_back"]
"""Let running jobs end, or end them and give them back to their queue."""


class Background(Protocol):
    """An engine as the dashboard knows it: it runs, it may be told to stop, and it has busy seats."""

    @property
    def busy(self) -> int:
        """How many jobs it carries out at this moment."""

    def run(self) -> object:
        """Work until stopped; blocks the calling thread."""

    def stop(self, mode: StopMode = "hand_back") -> object:
        """Ask it to end, from any thread, without waiting for it."""


class Watch(Protocol):
    """Something that notices what others have committed."""

    def has_changed(self) -> bool:
        """Whether anything was committed since the last call. Raises Unavailable."""

    def close(self) -> object:
        """Let go of its connection."""


class EngineState(StrEnum):
    """Where the app's own engine stands."""

    ABSENT = "absent"
    """The app was asked to have none, or there is none yet."""
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"
    """It ended although nobody asked it to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What opening the office gives: made by the assembly, in a thread."""

    caller: Caller
    open_watch: Callable[[], Watch]
    """Opens a new watch on the store; asked again after the store was out of reach."""
    background: Background | None
    """The app's own engine, not yet running; None with `--no-engine`."""
    close: Callable[[], object]
    """Let go of the store; called once, after the engine has ended."""


class Office:
    """The other rooms, from where the dashboard sits. Reads of the service happen in threads."""

    def __init__(
        self,
        open_office: Callable[[], Opening],
        *,
        clock: Clock,
        zones: Zones | None = None,
        drafts: Path | None = None,
    ) -> None:
        self.clock = clock
        self.drafts = drafts
        """The folder for unsaved work of the editor; None keeps none."""
        self.zones = zones or Zones()
        self.log = LogRing()
        """What this process warned of lately."""
        self.engine_state = EngineState.ABSENT
        self.engine_error: str | None = None
        """Why the engine ended by itself, in one line."""
        self._open_office = open_office
        self._opening: Opening | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a caller to ask with."""
        return self._opening is not None

    @property
    def caller(self) -> Caller:
        """Who asks. Raises Unavailable while the store is not open yet."""
        return self._opened().caller

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be changed through it, whatever anybody's role is."""
        return self._opening is not None and self._opening.caller.why_read_only is not None

    @property
    def background(self) -> Background | None:
        """The app's own engine, or None."""
        return None if self._opening is None else self._opening.background

    def open(self) -> None:
        """Import what is heavy and open the store; runs in a thread. Raises Unavailable, Invalid."""
        self._opening = self._open_office()

    def open_watch(self) -> Watch:
        """Open a watch on the store; runs in a thread. Raises Unavailable."""
        return self._opened().open_watch()

    def run_background(self) -> None:
        """Run the engine until it is stopped; runs in a thread of its own."""
        background = self.background
        if background is None:
            return
        self.engine_state = EngineState.RUNNING
        try:
            background.run()
        except Exception as error:
            self.engine_state = EngineState.FAILED
            self.engine_error = f"{type(error).__name__}: {error}".splitlines()[0]
            raise
        self.engine_state = EngineState.STOPPED

    def stop_background(self, mode: StopMode) -> None:
        """Ask the engine to end, or to end sooner than it was asked to; does not wait for it."""
        alive = {EngineState.RUNNING, EngineState.STOPPING}
        if self.background is not None and self.engine_state in alive:
            self.engine_state = EngineState.STOPPING
            self.background.stop(mode)

    def close(self) -> None:
        """Let go of the store."""
        opening, self._opening = self._opening, None
        if opening is not None:
            opening.close()

    def _opened(self) -> Opening:
        if self._opening is None:
            raise Unavailable("the store is not open yet")
        return self._opening


def office_of(node: DOMNode) -> Office:
    """Give the office of the app that `node` lives in."""
    office = getattr(node.app, "office", None)
    if not isinstance(office, Office):
        raise TypeError("this widget needs an app with an office")
    return office
