"""Quitting: asks whoever may lose something, brings the engine to its end, and only then goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from tfui.ui.office import EngineState

if TYPE_CHECKING:
    from tfui.ui.app import TfuiApp
    from tfui.ui.office import StopMode


@runtime_checkable
class Guarded(Protocol):
    """A screen that may hold unsaved work."""

    async def may_close(self) -> bool:
        """Ask if need be; False means stay."""


async def ask_and_leave(app: TfuiApp) -> None:
    """Quit if nobody minds. A second call while jobs are waited for hands them back instead."""
    if app.office.engine_state is EngineState.STOPPING:
        app.office.stop_background("hand_back")
        return
    if isinstance(app.screen, Guarded) and not await app.screen.may_close():
        return
    mode: StopMode = "hand_back"
    background = app.office.background
    if background is not None and background.busy:
        from tfui.ui.screens.quitting import STAY, QuitScreen

        answer = await app.push_screen_wait(QuitScreen(background.busy))
        if answer == STAY:
            return
        if answer == "cancel":
            await _cancel_running(app)
        mode = "hand_back" if answer == "hand_back" else "wait"
    await leave(app, mode)


async def leave(app: TfuiApp, mode: StopMode) -> None:
    """Bring the engine to its end and quit without asking."""
    app.office.stop_background(mode)
    await app.engine_ended()
    app.exit()


async def _cancel_running(app: TfuiApp) -> None:
    """Cancel what this store runs; the engine then only waits for the processes to end."""
    import asyncio

    from tfui.core.states import JobStatus

    def cancel() -> None:
        from tfui.service import jobs

        running = jobs.listing(app.office.caller, status=JobStatus.RUNNING, limit=1000)
        jobs.cancel(app.office.caller, [job.id for job in running])

    await asyncio.to_thread(cancel)
