"""Which runner carries out which job type: the built-in ones, and those of other packages.

A package adds a job type with an entry point in the group `tfui.job_types`: its name is the job
type, its object a Runner or something that makes one when called. Nothing is imported before a
job type is first asked for, and a plug-in that does not load spoils that job type only.
"""

from __future__ import annotations

import threading
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from tfui.errors import Invalid
from tfui.runners.guard import GuardedRunner
from tfui.runners.payload import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from importlib.metadata import EntryPoint

    from tfui.runners.order import Runner

GROUP = "tfui.job_types"

BUILT_IN = {
    "http": "tfui.runners.http:HttpRunner",
    "noop": "tfui.runners.noop:NoopRunner",
    "python": "tfui.runners.python:PythonRunner",
    "shell": "tfui.runners.shell:ShellRunner",
}


class Plugin(Protocol):
    """The part of an entry point that is used here."""

    @property
    def name(self) -> str:
        """The job type."""

    @property
    def value(self) -> str:
        """Where its object is, as `module:attribute`."""

    def load(self) -> object:
        """Import the object; raises whatever importing it raises."""


def installed_plugins() -> Iterable[EntryPoint]:
    """Find the job types that installed packages offer, without importing them."""
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)


class Catalog:
    """Gives runners by job type; one instance of each, made when first asked for. Thread-safe."""

    def __init__(self, plugins: Callable[[], Iterable[Plugin]] = installed_plugins) -> None:
        self._find_plugins = plugins
        self._plugins: dict[str, Plugin] | None = None
        self._runners: dict[str, Runner] = {}
        self._lock = threading.RLock()

    def names(self) -> tuple[str, ...]:
        """Give every known job type, sorted, whether or not its plug-in can be loaded."""
        return tuple(sorted({*BUILT_IN, *self._offered()}))

    def runner(self, job_type: str) -> Runner:
        """Give the runner of a job type; Invalid when it is unknown or its plug-in is broken."""
        made = self._runners.get(job_type)
        if made is not None:
            return made
        with self._lock:
            if job_type not in self._runners:
                self._runners[job_type] = GuardedRunner(self._make(job_type))
            return self._runners[job_type]

    def problems(self) -> dict[str, str]:
        """Load every plug-in and say, by job type, which are broken or hidden by a built-in one."""
        found = {}
        for name, plugin in self._offered().items():
            if name in BUILT_IN:
                found[name] = f"{plugin.value} is never used: {name!r} is a built-in job type"
                continue
            try:
                self.runner(name)
            except Invalid as refusal:
                found[name] = str(refusal.fields["job_type"])
        return found

    def _offered(self) -> dict[str, Plugin]:
        with self._lock:
            if self._plugins is None:
                self._plugins = {plugin.name: plugin for plugin in self._find_plugins()}
            return self._plugins

    def _make(self, job_type: str) -> Runner:
        place = BUILT_IN.get(job_type)
        if place is not None:
            module, _, name = place.partition(":")
            return cast("Runner", getattr(import_module(module), name)())
        plugin = self._offered().get(job_type)
        if plugin is None:
            hint = nearest(job_type[:100], self.names())
            raise Invalid({"job_type": f"there is no job type {job_type[:100]!r}; {hint}"})
        return _load(plugin)


def _load(plugin: Plugin) -> Runner:
    """Import a plug-in and make its runner; Invalid, naming the plug-in, when that fails."""
    try:
        offered = plugin.load()
        made = offered
        if isinstance(offered, type) or not _is_runner(offered):
            made = offered() if callable(offered) else offered
    except (Exception, SystemExit) as error:
        why = f"does not load: {type(error).__name__}: {error}"
        raise _broken(plugin, why) from error
    if not _is_runner(made):
        raise _broken(plugin, "is no runner: it lacks validate(payload) or run(order, sink, stop)")
    return cast("Runner", made)


def _is_runner(thing: object) -> bool:
    return callable(getattr(thing, "validate", None)) and callable(getattr(thing, "run", None))


def _broken(plugin: Plugin, why: str) -> Invalid:
    said = " ".join(f"the plug-in for job type {plugin.name!r} ({plugin.value}) {why}".split())
    return Invalid({"job_type": said})
