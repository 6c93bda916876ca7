"""The `shell` job type: a command line for a shell, or a list of words run as they are.

Payload: `command` (text or list of texts), `cwd`, `env` (object of texts), `shell` (true, false or
the path of one; a text runs under /bin/sh unless false), `stdin` (text), `user` (root's engines
only). The command inherits the engine's environment; `env` is added, then the TFUI_ variables.
"""

from __future__ import annotations

import errno
import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfui.core.states import AttemptOutcome
from tfui.runners.account import find_account, why_not
from tfui.runners.ending import describe_exit, told
from tfui.runners.guardian import GUARDIAN
from tfui.runners.lookup import first_word, missing
from tfui.runners.order import Outcome
from tfui.runners.payload import PayloadReading, kind, text_problem
from tfui.runners.supervisor import GRACE, Launch, Supervision, Surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from tfui.runners.guardian import Guardian
    from tfui.runners.order import JobOrder, Sink, Stop
    from tfui.runners.supervisor import Ending

KEYS = ("command", "cwd", "env", "shell", "stdin", "user")
DEFAULT_SHELL = "/bin/sh"
LONGEST = 131_071
"""Bytes of one argument or variable that Linux starts a process with."""
NOT_FOUND, NOT_RUNNABLE = 127, 126  # as every shell has it


@dataclass(frozen=True, slots=True)
class ShellPayload:
    """A payload that was found good."""

    argv: tuple[str, ...]
    shell: str | None
    """The shell's path, or None when the words are run as they are."""
    cwd: str | None
    env: Mapping[str, str]
    stdin: bytes
    user: str | None

    @property
    def program(self) -> str | None:
        """Give the first program to be looked up, where that is plain."""
        return self.argv[0] if self.shell is None else first_word(self.argv[-1])


class ShellRunner:
    """Runs commands; `grace` lies between TERM and KILL."""

    def __init__(self, *, grace: timedelta = GRACE, guardian: Guardian = GUARDIAN) -> None:
        self._grace = grace
        self._guardian = guardian
        self._surroundings = Surroundings()

    def validate(self, payload: Mapping[str, Any]) -> None:
        """Raise Invalid when the payload names no command that could be started."""
        read_payload(payload)

    def run(self, order: JobOrder, sink: Sink, stop: Stop) -> Outcome:
        """Run the command in its own process group; blocks until it has ended."""
        payload = read_payload(order.payload)
        refusal = None if payload.user is None else why_not(payload.user)
        if refusal is not None:
            return Outcome(AttemptOutcome.FAILED, error=refusal)
        launch = _launch(payload, order, self._surroundings)
        supervision = Supervision(
            sink=sink,
            stop=stop,
            timeout=order.timeout,
            grace=self._grace,
            guardian=self._guardian,
        )
        try:
            ending = supervision.run(launch)
        except OSError as error:
            return _never_started(error, launch)
        return told(ending, order.timeout) or _ended(ending, payload, launch)


def read_payload(payload: Mapping[str, Any]) -> ShellPayload:
    """Read a payload; raises Invalid naming every key that is wrong."""
    reading = PayloadReading(payload, known=KEYS)
    user = reading.text("user")
    cwd = reading.folder("cwd", user=user)
    env = reading.texts("env")
    for name, text in env.items():
        if not name or "=" in name:
            reading.refuse(f"env.{name[:60]}", "a variable's name is not empty and has no '='")
        elif len(name) + len(text.encode()) >= LONGEST:
            reading.refuse(f"env.{name[:60]}", f"no variable may be longer than {LONGEST:,} bytes")
    shell = _read_shell(reading)
    argv = _read_command(reading, shell)
    stdin = reading.value("stdin")
    if stdin is not None and not isinstance(stdin, str):
        reading.refuse("stdin", f"this must be a text, not {kind(stdin)}")
    reading.finish()
    fed = (stdin or "").encode(errors="surrogatepass")
    return ShellPayload(argv, shell, cwd, env, fed, user)


def find_command_problem(payload: Mapping[str, Any]) -> str | None:
    """Warn of what would make a valid payload fail here and now: its program, folder or user.

    Not an error: the engine may run elsewhere, or later, when the program is there. Raises Invalid
    for a payload that `validate` would refuse.
    """
    read = read_payload(payload)
    problems = []
    if read.cwd is not None and not Path(read.cwd).is_dir():
        problems.append(f"there is no folder {read.cwd}")
    if read.user is not None and (refusal := why_not(read.user)) is not None:
        problems.append(refusal)
    path = read.env.get("PATH", os.environ.get("PATH"))
    words = [word for word in (read.shell, read.program) if word is not None]
    found = [missing(word, path=path, cwd=read.cwd) for word in words]
    problems.extend(problem for problem in found if problem is not None)
    return "; ".join(problems) or None


def _read_shell(reading: PayloadReading) -> str | None:
    value = reading.value("shell")
    if value is False:
        return None
    if value is None:
        return None if isinstance(reading.value("command"), list) else DEFAULT_SHELL
    if value is True:
        return DEFAULT_SHELL
    if not isinstance(value, str):
        reading.refuse("shell", f"this must be true, false or a path, not {kind(value)}")
        return None
    return reading.text("shell")


def _read_command(reading: PayloadReading, shell: str | None) -> tuple[str, ...]:
    value = reading.value("command")
    words: tuple[str, ...] = ()
    if isinstance(value, list):
        words = _read_words(reading, value)
        if shell is not None:
            reading.refuse("shell", "a list of words is run without a shell; leave this out")
    elif value is None or isinstance(value, str):
        text = reading.text("command", required=True) or ""
        if text and not text.strip():
            reading.refuse("command", "this is blank")
        words = (text,) if shell is not None else _split(reading, text)
    else:
        reading.refuse("command", f"this must be a text or a list of texts, not {kind(value)}")
    longest = max((len(word.encode(errors="replace")) for word in words), default=0)
    if longest > LONGEST:
        reading.refuse(
            "command",
            f"{longest:,} bytes are more than the {LONGEST:,} a process can be started with; "
            "put them in a file or in stdin",
        )
    return words if shell is None else (shell, "-c", *words)


def _read_words(reading: PayloadReading, value: list[Any]) -> tuple[str, ...]:
    if not value or value[0] == "":
        reading.refuse("command", "the list must begin with the program to run")
    for place, word in enumerate(value, start=1):
        problem = text_problem(word)
        if problem is not None:
            reading.refuse("command", f"word {place}: {problem}")
            return ()
    return tuple(value)


def _split(reading: PayloadReading, text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        reading.refuse("command", f"cannot be split into words: {str(error).lower()}")
        return ()


def _launch(payload: ShellPayload, order: JobOrder, surroundings: Surroundings) -> Launch:
    account = None if payload.user is None else find_account(payload.user)
    of_account = {} if account is None else account.environment
    environment = surroundings.under(of_account, payload.env, order.environment)
    if account is not None and account.uid == os.geteuid():
        account = None  # nothing to change to
    nothing = surroundings.nothing
    return Launch(payload.argv, environment, payload.cwd, payload.stdin, account, nothing)


def _path(launch: Launch) -> str | None:
    path = launch.environment.get(b"PATH")
    return None if path is None else os.fsdecode(path)


def _never_started(error: OSError, launch: Launch) -> Outcome:
    """Tell why the system refused to start the command, with the exit code a shell would give."""
    cwd, program = launch.cwd, launch.argv[0]
    if cwd is not None and not Path(cwd).is_dir():
        what = "is not a folder" if Path(cwd).exists() else "does not exist"
        return Outcome(AttemptOutcome.FAILED, error=f"the working directory {cwd} {what}")
    reason = (error.strerror or str(error)).lower()
    if error.filename is not None and error.filename == cwd:
        return Outcome(AttemptOutcome.FAILED, error=f"the working directory {cwd}: {reason}")
    found = missing(program, path=_path(launch), cwd=cwd)
    if isinstance(error, FileNotFoundError):
        why = found or f"{program} begins with #! and an interpreter that does not exist"
        return Outcome(AttemptOutcome.FAILED, NOT_FOUND, why)
    if isinstance(error, PermissionError) or error.errno == errno.ENOEXEC:
        why = found or f"{program} cannot be run: {reason}"
        return Outcome(AttemptOutcome.FAILED, NOT_RUNNABLE, why)
    return Outcome(AttemptOutcome.FAILED, error=f"{program} could not be started: {reason}")


def _ended(ending: Ending, payload: ShellPayload, launch: Launch) -> Outcome:
    if ending.exit_code == 0:
        return Outcome(AttemptOutcome.SUCCEEDED, 0)
    said = describe_exit(ending)
    if ending.exit_code == NOT_FOUND:
        path, program = _path(launch), payload.program
        found = None if program is None else missing(program, path=path, cwd=payload.cwd)
        said = f"exit {NOT_FOUND}: {found}" if found else f"{said} (PATH is {path})"
    return Outcome(AttemptOutcome.FAILED, ending.exit_code, said)
