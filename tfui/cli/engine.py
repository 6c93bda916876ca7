"""`tfui engine`: the scheduler without a screen, until a signal, a time or an empty store ends it.

The engine works in a thread of its own: a signal handler may then do nothing but leave a note for the
main thread, which is all that is safe there.
"""

from __future__ import annotations

import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from queue import SimpleQueue
from threading import Timer
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

import typer

from tfui import assembly
from tfui.cli import moments, output
from tfui.cli.arguments import JsonFlag
from tfui.cli.group import invocation
from tfui.cli.session import noticing_a_new_file, settings_of, tell_backup
from tfui.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator


app = typer.Typer()


class Server(Protocol):
    """An engine as this command knows it; `run` and `drain` give its figures, a dataclass."""

    def run(self) -> Any:  # noqa: ANN401  # the engine's own shape, read by its fields
        """Serve until stopped."""

    def drain(self) -> Any:  # noqa: ANN401  # the same
        """Do what is due and end."""

    def stop(self, mode: Literal["wait", "hand_back"]) -> object:
        """Ask it to end, from any thread."""


_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_ENDED = None
_COUNTS = ("planned", "started", "succeeded", "failed", "skipped", "missed")


@app.command(
    epilog="""\b
Examples:
  tfui engine                       run schedules until stopped; SIGTERM hands jobs back
  tfui engine --drain --json        fire and finish what is due, print figures, exit
  tfui engine --for 3600 --seats 16

\b
SIGTERM, SIGHUP and SIGINT end running jobs (TERM, 10 s, KILL), give them back to
their queues and exit with 0. Any number of engines may serve one store.
"""
)
def engine(
    context: typer.Context,
    *,
    drain: Annotated[
        bool, typer.Option("--drain", help="Fire and finish everything due, then exit.")
    ] = False,
    seconds: Annotated[
        int | None,
        typer.Option(
            "--for", min=1, metavar="SECONDS", help="Stop after so long.", show_default=False
        ),
    ] = None,
    seats: Annotated[
        int | None,
        typer.Option(min=1, max=1000, metavar="N", help="Jobs run at once.", show_default=False),
    ] = None,
    plan_only: Annotated[
        bool, typer.Option("--plan-only", help="Make jobs of due schedules; run none.")
    ] = False,
    work_only: Annotated[bool, typer.Option("--work-only", help="Run jobs; make none.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Run schedules without a screen."""
    if plan_only and work_only:
        raise Invalid({"--plan-only, --work-only": "an engine that does neither has nothing to do"})
    if drain and seconds is not None:
        raise Invalid({"--drain, --for": "a drain ends by itself"})
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("tfui").setLevel(logging.INFO)  # other libraries' news is not for operators
    settings = settings_of(invocation(context), seats=seats)
    with noticing_a_new_file(context, settings):
        store = assembly.open_store(settings, on_backup=tell_backup)
    try:
        assembly.caller(store, settings, via="cli")  # the first start makes the organization
        built = assembly.engine(
            store, settings, kind="headless", plan=not work_only, work=not plan_only
        )
        if not as_json:
            output.remark(f"the engine serves {store.label} with {settings.seats} seats")
        name, figures = _serve(built, drain=drain, seconds=seconds)
    finally:
        store.close()
    if as_json:
        output.print_json(_as_figures(figures))
    else:
        output.say(_in_words(name, figures))


def _serve(built: Server, *, drain: bool, seconds: int | None) -> tuple[str | None, dict[str, Any]]:
    """Run the engine to its end; give the name of the signal that ended it, if one did, and its figures."""
    notes: SimpleQueue[int | None] = SimpleQueue()
    name = None
    with ThreadPoolExecutor(1, "engine") as threads, _signals_noted(notes):
        work = threads.submit(built.drain if drain else built.run)
        work.add_done_callback(lambda _: notes.put(_ENDED))
        alarm = Timer(seconds or 0, built.stop, ["wait"])
        if seconds is not None:
            alarm.start()
        while (note := notes.get()) is not _ENDED:
            name = name or signal.Signals(note).name
            built.stop("hand_back")
        alarm.cancel()
        return name, asdict(work.result())


@contextmanager
def _signals_noted(notes: SimpleQueue[int | None]) -> Iterator[None]:
    """Put the signals that ask for an end into `notes` instead of ending the process."""
    before = {
        number: signal.signal(number, lambda found, _: notes.put(found)) for number in _SIGNALS
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _as_figures(figures: dict[str, Any]) -> dict[str, Any]:
    late = figures["lateness_ms"]
    return {
        **{name: figures[name] for name in _COUNTS},
        "seconds": round(figures["seconds"], 3),
        "lateness_ms": {name: late.get(name) for name in ("p50", "p99", "max")},
    }


def _in_words(name: str | None, figures: dict[str, Any]) -> str:
    done = ", ".join(f"{figures[count]:,} {count}" for count in _COUNTS)
    return (
        f"stopped{f' by {name}' if name else ''} after {moments.span(figures['seconds'])}: {done}"
    )
