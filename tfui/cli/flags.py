"""The options that describe a schedule, once for `add` and `edit`, and what they ask for.

Reading them gives draft fields and problems side by side, so that the service can add its own and a
person sees every mistake at once. `none` takes a limit away.
"""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from tfui.cli import moments
from tfui.core.duration import parse_duration
from tfui.core.states import DependencyType, OnMissed, Overlap
from tfui.errors import Invalid, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from tfui.model.dependency import After

NONE = "none"


def _option(name: str, words: str, metavar: str | None = None) -> Any:  # noqa: ANN401  # Typer's own type is private
    return typer.Option(name, help=words, metavar=metavar, show_default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the options of `add` and `edit` said; None where one was not given."""

    cron: Annotated[
        str | None, _option("--cron", "Cron: 5 fields, 6 with seconds first, or an @name.", "E")
    ] = None
    every: Annotated[
        str | None, _option("--every", "Recurring: 90s, 1h30m, 2d or PT1H30M.", "D")
    ] = None
    once: Annotated[
        str | None, _option("--once", "Once: 2027-03-01T09:00:00+01:00, a wall time, or 30m.", "T")
    ] = None
    tz: Annotated[
        str | None, _option("--tz", "The zone of the wall clock. New schedules: UTC.", "ZONE")
    ] = None
    shell: Annotated[str | None, _option("--shell", "Run a command line under /bin/sh.", "CMD")] = (
        None
    )
    http: Annotated[str | None, _option("--http", "Send a request.", "URL")] = None
    python: Annotated[
        str | None, _option("--python", "Call a function in a process of its own.", "MOD:FUNC")
    ] = None
    job_type: Annotated[
        str | None, _option("--job-type", "Any job type, with --payload.", "TYPE")
    ] = None
    payload: Annotated[
        str | None,
        _option(
            "--payload",
            "The payload, or more of it: a JSON object, @FILE, or @- for input.",
            "JSON",
        ),
    ] = None
    env: Annotated[
        list[str] | None, _option("--env", "A variable for --shell; may be repeated.", "NAME=VALUE")
    ] = None
    cwd: Annotated[str | None, _option("--cwd", "The folder to run in.", "PATH")] = None
    queue: Annotated[str | None, _option("--queue", "The queue its jobs wait in.", "NAME")] = None
    priority: Annotated[str | None, _option("--priority", "0 to 9; 9 is claimed first.", "N")] = (
        None
    )
    max_attempts: Annotated[
        str | None, _option("--max-attempts", "How often a failing job is tried.", "N")
    ] = None
    max_runs: Annotated[
        str | None, _option("--max-runs", "Complete after so many runs; none for no end.", "N")
    ] = None
    timeout: Annotated[
        str | None, _option("--timeout", "How long an attempt may take; none for ever.", "D")
    ] = None
    overlap: Annotated[
        Overlap | None, _option("--overlap", "When due while the last job still lives.")
    ] = None
    on_missed: Annotated[
        OnMissed | None, _option("--on-missed", "What runs after downtime or sleep.")
    ] = None
    jitter: Annotated[
        str | None, _option("--jitter", "Spread starts over so long; none for exact.", "D")
    ] = None
    starts_at: Annotated[
        str | None, _option("--starts-at", "Nothing before this instant.", "ISO")
    ] = None
    ends_at: Annotated[str | None, _option("--ends-at", "Nothing after this instant.", "ISO")] = (
        None
    )
    catchup_window: Annotated[
        str | None, _option("--catchup-window", "How old a missed run may be.", "D")
    ] = None
    max_catchup: Annotated[
        str | None, _option("--max-catchup", "How many missed runs at most.", "N")
    ] = None
    retry_base: Annotated[
        str | None, _option("--retry-base", "Wait before the second attempt.", "D")
    ] = None
    retry_factor: Annotated[
        str | None, _option("--retry-factor", "By how much each wait grows.", "X")
    ] = None
    retry_cap: Annotated[
        str | None, _option("--retry-cap", "The longest wait between attempts.", "D")
    ] = None
    retry_on: Annotated[
        str | None, _option("--retry-on", "Only these exit codes are tried again.", "CODES")
    ] = None
    no_retry_on: Annotated[
        str | None, _option("--no-retry-on", "These exit codes are final.", "CODES")
    ] = None
    pause_after_failures: Annotated[
        str | None,
        _option("--pause-after-failures", "Pause after so many failed jobs in a row.", "N"),
    ] = None
    after: Annotated[
        list[str] | None,
        _option(
            "--after",
            "Come after it, once it ended, started (:parallel) or succeeded (:conditional); repeatable.",
            "PARENT[:TYPE]",
        ),
    ] = None
    window: Annotated[
        str | None,
        _option(
            "--window", "With --after: its newest run within so long, not the same instant's.", "D"
        ),
    ] = None
    description: Annotated[
        str | None, _option("--description", "A line about it, for people.", "TEXT")
    ] = None
    owner: Annotated[str | None, _option("--owner", "Whom to ask about it.", "TEXT")] = None
    tag: Annotated[
        list[str] | None, _option("--tag", "A tag to search by; may be repeated.", "TAG")
    ] = None


def taking(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command every option of Asked; it is handed them as its argument `asked`."""
    hints = get_type_hints(Asked, include_extras=True)
    options = [
        inspect.Parameter(
            each.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=hints[each.name]
        )
        for each in fields(Asked)
    ]
    own = inspect.signature(command, eval_str=True)

    def with_options(**given: Any) -> None:  # noqa: ANN401  # whatever Typer read
        asked = Asked(**{each.name: given.pop(each.name) for each in fields(Asked)})
        command(**given, asked=asked)

    kept = [each for each in own.parameters.values() if each.name != "asked"]
    positional = [each for each in kept if each.kind is not inspect.Parameter.KEYWORD_ONLY]
    named = [each for each in kept if each.kind is inspect.Parameter.KEYWORD_ONLY]
    with_options.__signature__ = own.replace(parameters=[*positional, *options, *named])  # type: ignore[attr-defined]  # inspect reads it
    with_options.__doc__, with_options.__name__ = command.__doc__, command.__name__
    with_options.__annotations__ = {}
    return with_options


@dataclass(slots=True)
class Reading:
    """Draft fields that were asked for, and what is wrong with those that are not among them."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Problem | str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    """Fields that options spoke of and that could not be read: that they are missing is no news."""

    def raise_problems(self, more: Mapping[str, Problem]) -> None:
        """Raise Invalid with every problem, if there is one; `more` are the service's."""
        news = {name: each for name, each in more.items() if name.split(".")[0] not in self.unread}
        found: dict[str, Problem | str] = {**news, **self.problems}
        if found:
            raise Invalid(found)


def read(
    asked: Asked,
    *,
    now: datetime,
    zone_name: str,
    job_type: str | None,
    payload: Mapping[str, Any],
    metadata: Mapping[str, Any],
) -> Reading:
    """Turn options into draft fields; `job_type`, `payload` and `metadata` are those it has so far.

    `now` and `zone_name` are what wall times and spans are read against.
    """
    reading = Reading()
    _read_trigger(asked, reading)
    _read_job(asked, reading, job_type, payload)
    for name in ("queue", "overlap", "on_missed"):
        if (value := getattr(asked, name)) is not None:
            reading.values[name] = value
    if asked.tz is not None:
        reading.values["timezone"] = zone_name = asked.tz
    for name in ("timeout", "jitter", "catchup_window", "retry_base", "retry_cap"):
        _take(reading, asked, name, lambda text, option: parse_duration(text, field=option))
    for name in ("priority", "max_attempts", "max_runs", "max_catchup", "pause_after_failures"):
        _take(reading, asked, name, _whole_number)
    _take(reading, asked, "retry_factor", _number)
    for name in ("retry_on", "no_retry_on"):
        _take(reading, asked, name, _numbers)
    for name in ("starts_at", "ends_at"):
        _take(
            reading,
            asked,
            name,
            lambda text, option: moments.read_instant(
                text, option=option, now=now, zone_name=zone_name
            ),
        )
    about = {"description": asked.description, "owner": asked.owner, "tags": asked.tag}
    if any(value is not None for value in about.values()):
        told = {name: value for name, value in about.items() if value is not None}
        reading.values["metadata"] = {**metadata, **told}
    return reading


def read_after(
    asked: Asked, reading: Reading, *, find: Callable[[str], UUID], is_chained: bool
) -> list[After]:
    """Read what a schedule is to come after; `find` gives a named one, or raises NotFound."""
    from tfui.model.dependency import After

    window = None
    if asked.window is not None:
        try:
            window = parse_duration(asked.window, field="--window") // timedelta(seconds=1)
        except Invalid as bad:
            reading.problems |= bad.fields
        if not asked.after:
            reading.problems["--window"] = "this goes with --after"
        elif is_chained:
            reading.problems["--window"] = (
                "without a time of its own there is none to look back from"
            )
    found = []
    for text in asked.after or ():
        name, sign, kind = text.rpartition(":")
        is_typed = bool(sign) and kind in set(DependencyType)
        found.append(
            After(
                parent_id=find(name if is_typed else text),
                dependency_type=DependencyType(kind) if is_typed else DependencyType.SEQUENTIAL,
                window_seconds=window,
            )
        )
    return found


def _read_trigger(asked: Asked, reading: Reading) -> None:
    given = {"cron": asked.cron, "recurring": asked.every, "once": asked.once}
    chosen = [(kind, text) for kind, text in given.items() if text is not None]
    if len(chosen) > 1:
        reading.problems["--cron, --every, --once"] = "a schedule has one of them"
        reading.unread.add("schedule_expression")
    elif chosen:
        reading.values["schedule_type"], reading.values["schedule_expression"] = chosen[0]


def _read_job(
    asked: Asked, reading: Reading, job_type: str | None, payload: Mapping[str, Any]
) -> None:
    ways = {
        "shell": ("command", asked.shell),
        "http": ("url", asked.http),
        "python": ("callable", asked.python),
    }
    chosen = [(kind, key, text) for kind, (key, text) in ways.items() if text is not None]
    if len(chosen) + (asked.job_type is not None) > 1:
        reading.problems["--shell, --http, --python, --job-type"] = "a job is one of them"
        reading.unread |= {"job_type", "payload"}
        return
    wanted = chosen[0][0] if chosen else asked.job_type or job_type
    built = dict(payload) if wanted == job_type else {}
    if asked.payload is not None:
        given = _read_payload(asked.payload, reading)
        built = {**built, **given} if chosen else given
    if chosen:
        built[chosen[0][1]] = chosen[0][2]
    if asked.cwd is not None:
        built["cwd"] = asked.cwd
    if asked.env:
        built["env"] = {**built.get("env", {}), **_read_env(asked.env, reading)}
    if not reading.problems.keys().isdisjoint({"--payload", "--env"}):
        reading.unread.add("payload")
    if wanted is not None and wanted != job_type:
        reading.values["job_type"] = wanted
    if chosen or asked.payload is not None or asked.cwd is not None or asked.env:
        reading.values["payload"] = built


def _read_payload(text: str, reading: Reading) -> dict[str, Any]:
    """Read a JSON object from the option itself, a file, or standard input."""
    try:
        if text == "@-":
            text = typer.get_text_stream("stdin").read()
        elif text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8")
        found = json.loads(text)
    except OSError as error:
        reading.problems["--payload"] = f"{text[1:]} cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        reading.problems["--payload"] = f"{text[1:]} is not UTF-8"
    except RecursionError:
        reading.problems["--payload"] = "this is nested too deeply"
    except ValueError as error:
        reading.problems["--payload"] = f"this is no JSON: {error}"
    else:
        if isinstance(found, dict):
            return found
        reading.problems["--payload"] = "this must be a JSON object"
    return {}


def _read_env(given: list[str], reading: Reading) -> dict[str, str]:
    variables = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name:
            reading.problems["--env"] = f"{text[:40]!r} is not NAME=VALUE"
        else:
            variables[name] = value
    return variables


def _take(reading: Reading, asked: Asked, name: str, convert: Callable[[str, str], Any]) -> None:
    text = getattr(asked, name)
    if text is None:
        return
    option = f"--{name.replace('_', '-')}"
    if text == NONE:
        reading.values[name] = None
        return
    try:
        reading.values[name] = convert(text, option)
    except Invalid as bad:
        reading.problems |= bad.fields


def _whole_number(text: str, option: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise Invalid({option: f"{text[:40]!r} is not a whole number"})
    return int(text)


def _number(text: str, option: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Invalid({option: f"{text[:40]!r} is not a number"}) from None


def _numbers(text: str, option: str) -> list[int]:
    return [_whole_number(word.strip(), option) for word in text.split(",")]
