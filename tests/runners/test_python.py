"""Functions called in a process of their own."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest

from tests.runners.orders import an_order, carry_out, in_the_background
from tfui.core.states import AttemptOutcome
from tfui.errors import Invalid
from tfui.runners.python import PythonRunner

if TYPE_CHECKING:
    from pathlib import Path

    from tests.runners.orders import Attempt

TASKS = """
import json, os, sys, time

def greet(name, *, mark="."):
    print("hello", name + mark)

def surroundings():
    print(os.environ["TFUI_OCCURRENCE_KEY"], os.getcwd(), sys.stdin.read() == "")

def fail():
    raise ValueError("no such\\nluck")

def leave(code):
    sys.exit(code)

def die():
    os.abort()

def wait():
    print("ready")
    time.sleep(60)

def shout():
    print("caf\\u00e9 \\udcff")

class Robot:
    @staticmethod
    def work():
        print("beep")

number = 7
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "chores.py").write_text(TASKS, encoding="utf-8")
    (tmp_path / "broken.py").write_text("1 / 0", encoding="utf-8")
    return tmp_path


def call(folder: Path, name: str, *args: Any, **kwargs: Any) -> Attempt:
    order = an_order("python", callable=name, args=list(args), kwargs=kwargs, cwd=str(folder))
    return carry_out(order)


def refused(**payload: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        PythonRunner().validate(payload)
    return {name: str(problem) for name, problem in caught.value.fields.items()}


def test_a_function_is_called_with_its_arguments_and_its_output_kept(folder: Path) -> None:
    done = call(folder, "chores:greet", "Ada", mark="!")

    assert (done.ended.outcome, done.ended.exit_code) == (AttemptOutcome.SUCCEEDED, 0)
    assert done.text("stdout") == "hello Ada!\n"


def test_it_finds_its_environment_its_folder_and_an_empty_stdin(folder: Path) -> None:
    assert call(folder, "chores:surroundings").text("stdout") == f"key-1 {folder} True\n"


def test_an_attribute_path_leads_to_the_function(folder: Path) -> None:
    assert call(folder, "chores:Robot.work").text("stdout") == "beep\n"


def test_an_exception_fails_the_job_with_its_last_line_and_a_traceback_of_the_jobs_own(
    folder: Path,
) -> None:
    done = call(folder, "chores:fail")

    assert (done.ended.outcome, done.ended.exit_code) == (AttemptOutcome.FAILED, 1)
    assert done.ended.error == "luck"
    assert "ValueError: no such\nluck\n" in done.text("stderr")
    assert "chores.py" in done.text("stderr")
    assert "runners" not in done.text("stderr")


@pytest.mark.parametrize(
    ("code", "expected", "error"),
    [
        (0, 0, None),
        (None, 0, None),
        (4, 4, "exit 4"),
        ("out of milk", 1, "out of milk"),
    ],
)
def test_sys_exit_gives_the_exit_code(
    folder: Path, code: object, expected: int, error: str | None
) -> None:
    done = call(folder, "chores:leave", code).ended

    assert (done.exit_code, done.error) == (expected, error)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("nowhere:run", "ModuleNotFoundError: No module named 'nowhere'"),
        ("chores:absent", "AttributeError: module 'chores' has no attribute 'absent'"),
        ("chores:number", "TypeError: chores:number is not callable but int"),
        ("broken:run", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_function_that_cannot_be_found_says_why(folder: Path, name: str, error: str) -> None:
    assert call(folder, name).ended.error == error


def test_a_crash_of_the_interpreter_hurts_only_the_job(folder: Path) -> None:
    assert call(folder, "chores:die").ended.exit_code == -signal.SIGABRT


def test_output_that_no_encoding_has_is_escaped(folder: Path) -> None:
    assert call(folder, "chores:shout").text("stdout") == "café \\udcff\n"


def test_a_running_function_can_be_followed_and_ended(folder: Path) -> None:
    order = an_order("python", callable="chores:wait", cwd=str(folder))
    with in_the_background(order) as attempt:
        attempt.wait_for("ready")
        attempt.end(AttemptOutcome.CANCELLED)

    assert attempt.ended.outcome is AttemptOutcome.CANCELLED
    assert attempt.ended.exit_code == -signal.SIGTERM


def test_a_timeout_ends_it(folder: Path) -> None:
    done = carry_out(an_order("python", 0.3, callable="chores:wait", cwd=str(folder))).ended

    assert (done.outcome, done.error) == (
        AttemptOutcome.TIMED_OUT,
        "took longer than its 0.3 s",
    )


def test_a_missing_folder_is_named(folder: Path) -> None:
    done = call(folder / "gone", "chores:greet").ended

    assert done.error == f"the working directory {folder}/gone does not exist"


@pytest.mark.parametrize(
    "name", ["chores", "chores:", ":run", "a-b:c", "chores:run()", "a:b:c", ".a:b", "a: b", "1:2"]
)
def test_a_name_that_cannot_be_a_function_is_refused_when_saved(name: str) -> None:
    assert refused(callable=name) == {"payload.callable": f'{name!r} must read "module:function"'}


def test_every_bad_key_is_named_at_once_and_nothing_is_imported_to_find_out() -> None:
    PythonRunner().validate({"callable": "not_even.installed:run"})
    assert refused(calable="x", args={}, kwargs=[1], cwd="here") == {
        "payload.calable": "there is no such key; did you mean 'callable'?",
        "payload.callable": "this is required",
        "payload.args": "this must be a list, not an object",
        "payload.kwargs": "this must be an object, not a list",
        "payload.cwd": "'here' must be an absolute path, or begin with ~",
    }
