"""Commands, with real processes: how they are started, fed, read, limited and ended."""

from __future__ import annotations

import os
import pwd
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.runners.orders import an_order, carry_out, in_the_background
from tests.world import eventually
from tfui.core.states import AttemptOutcome
from tfui.errors import Invalid
from tfui.runners.capture import KIB
from tfui.runners.shell import ShellRunner, find_command_problem

if TYPE_CHECKING:
    from tests.runners.orders import Attempt

BRIEFLY = ShellRunner(grace=timedelta(seconds=0.1))
DEAF = "trap '' TERM; echo ready; while :; do sleep 60; done"
"""A command that ignores TERM."""


def shell(command: str | list[str], timeout: float | None = None, **payload: Any) -> Attempt:
    return carry_out(an_order("shell", timeout, command=command, **payload))


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def refused(**payload: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        ShellRunner().validate(payload)
    return {name: str(problem) for name, problem in caught.value.fields.items()}


# What it is given


def test_a_text_runs_under_a_shell_and_both_streams_are_kept_apart() -> None:
    done = shell("echo out; echo err >&2")

    assert done.ended.outcome is AttemptOutcome.SUCCEEDED
    assert (done.ended.exit_code, done.ended.error) == (0, None)
    assert (done.text("stdout"), done.text("stderr")) == ("out\n", "err\n")


def test_a_list_of_words_runs_without_a_shell() -> None:
    assert shell(["printf", "%s", "$HOME;*"]).text("stdout") == "$HOME;*"


def test_a_text_without_a_shell_is_split_into_words() -> None:
    assert shell("printf %s 'a  b'", shell=False).text("stdout") == "a  b"


def test_another_shell_can_be_named() -> None:
    assert shell("echo $0", shell="/bin/bash").text("stdout") == "/bin/bash\n"


def test_the_environment_is_the_engines_then_the_payloads_then_the_orders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FROM_ENGINE", "1")
    monkeypatch.setenv("CHANGED", "no")
    done = shell(
        'echo "$FROM_ENGINE $CHANGED $TFUI_ATTEMPT"', env={"CHANGED": "yes", "TFUI_ATTEMPT": "99"}
    )

    assert done.text("stdout") == "1 yes 1\n"


def test_a_large_environment_is_passed_whole() -> None:
    env = {f"BIG_{number}": 100_000 * "x" for number in range(8)}

    assert shell("echo ${#BIG_0} ${#BIG_7}", env=env).text("stdout") == "100000 100000\n"


def test_it_runs_in_its_folder(tmp_path: Path) -> None:
    assert shell("pwd", cwd=str(tmp_path)).text("stdout") == f"{tmp_path}\n"


def test_stdin_is_empty_unless_given() -> None:
    assert shell("cat").ended.outcome is AttemptOutcome.SUCCEEDED
    assert shell("cat", stdin="héllo").text("stdout") == "héllo"


def test_feeding_and_reading_a_lot_at_once_does_not_deadlock() -> None:
    fed = 200_000 * "x"

    assert shell("cat", stdin=fed).text("stdout") == fed


def test_a_command_may_leave_its_stdin_unread() -> None:
    assert shell("true", stdin=1_000_000 * "x").ended.outcome is AttemptOutcome.SUCCEEDED
    assert shell("exec <&-; echo on", stdin=1_000_000 * "x").text("stdout") == "on\n"


def test_it_leads_a_process_group_of_its_own() -> None:
    done = shell(["ps", "-o", "pid=,pgid=,sid=", "-p", "self"])
    if done.ended.exit_code != 0:
        done = shell(
            [sys.executable, "-c", "import os; print(os.getpid(), os.getpgrp(), os.getsid(0))"]
        )

    assert len(set(done.text("stdout").split())) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change to another user")
def test_root_can_run_a_command_as_another_user_with_its_groups_and_home() -> None:
    done = shell("id -un; echo $HOME $USER; id -G", user="nobody")

    entry = pwd.getpwnam("nobody")
    assert done.text("stdout") == f"nobody\n{entry.pw_dir} nobody\n{entry.pw_gid}\n"


def test_another_user_is_refused_clearly_without_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    done = shell("true", user="root")

    assert done.ended.outcome is AttemptOutcome.FAILED
    assert done.ended.error == (
        "only an engine started by root can run a command as 'root' (this one has uid 12345)"
    )


def test_an_unknown_user_is_named() -> None:
    assert shell("true", user="nemo").ended.error == "this machine has no user 'nemo'"


# How it fails


def test_a_failure_gives_the_exit_code_and_the_last_line_of_stderr() -> None:
    done = shell("echo first >&2; printf 'no \\033[1mspace\\n\\n' >&2; exit 3").ended

    assert (done.outcome, done.exit_code) == (AttemptOutcome.FAILED, 3)
    assert done.error == "exit 3: no  [1mspace"


def test_a_command_that_does_not_exist_is_127_and_named_with_the_path_searched() -> None:
    env = {"PATH": "/usr/bin:/bin"}
    by_shell = shell("FOO=1 no-such-command --now", env=env).ended
    by_words = shell(["no-such-command", "--now"], env=env).ended

    assert (by_shell.outcome, by_shell.exit_code) == (AttemptOutcome.FAILED, 127)
    assert by_shell.error == (
        "exit 127: command not found: no-such-command (PATH is /usr/bin:/bin)"
    )
    assert (by_words.outcome, by_words.exit_code) == (AttemptOutcome.FAILED, 127)
    assert by_words.error == "command not found: no-such-command (PATH is /usr/bin:/bin)"


def test_a_later_command_of_the_line_that_does_not_exist_is_told_by_the_shell() -> None:
    done = shell("true && no-such-command", env={"PATH": "/usr/bin:/bin"}).ended

    assert done.exit_code == 127
    assert done.error is not None
    assert "no-such-command: not found" in done.error
    assert done.error.endswith("(PATH is /usr/bin:/bin)")


def test_a_directory_is_no_command(tmp_path: Path) -> None:
    done = shell([str(tmp_path)]).ended

    assert (done.exit_code, done.error) == (126, f"{tmp_path} is a directory")
    assert shell(str(tmp_path)).ended.exit_code == 126


def test_a_file_that_may_not_or_cannot_be_executed_is_126(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("echo\n")
    assert shell([str(script)]).ended.error == f"{script} is not executable"
    script.chmod(0o755)

    done = shell([str(script)]).ended
    assert (done.exit_code, done.error) == (126, f"{script} cannot be run: exec format error")


def test_a_script_whose_interpreter_is_missing_says_so(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)

    assert shell([str(script)]).ended.error == (
        f"{script} begins with #! and an interpreter that does not exist"
    )


def test_a_missing_folder_is_named_and_nothing_is_run(tmp_path: Path) -> None:
    missing, file = tmp_path / "gone", tmp_path / "file"
    file.touch()

    done = shell("true", cwd=str(missing)).ended
    assert (done.outcome, done.exit_code) == (AttemptOutcome.FAILED, None)
    assert done.error == f"the working directory {missing} does not exist"
    assert (
        shell("true", cwd=str(file)).ended.error == f"the working directory {file} is not a folder"
    )


def test_a_missing_shell_is_named() -> None:
    done = shell("true", shell="/no/such/sh").ended

    assert (done.exit_code, done.error) == (127, "command not found: there is no /no/such/sh")


def test_a_signal_is_a_negative_exit_code_and_named() -> None:
    done = shell("kill -9 $$").ended
    assert (done.outcome, done.exit_code) == (AttemptOutcome.FAILED, -signal.SIGKILL)
    assert done.error == "killed by SIGKILL"

    inner = shell("sh -c 'kill -SEGV $$'; exit $?").ended
    assert inner.exit_code == 128 + signal.SIGSEGV
    assert inner.error is not None
    assert inner.error.startswith("exit 139 (a command in it was killed by SIGSEGV)")


def test_when_no_process_can_be_started_the_attempt_fails_with_the_reason() -> None:
    """Too long for the system altogether, though each part is short enough."""
    env = {f"BIG_{number}": 120_000 * "x" for number in range(40)}
    done = shell("true", env=env).ended

    assert (done.outcome, done.exit_code) == (AttemptOutcome.FAILED, None)
    assert done.error == "/bin/sh could not be started: argument list too long"


# What it prints


def test_a_flood_of_output_is_read_to_its_end_in_bounded_memory() -> None:
    done = shell("echo begin; yes | head -c 300M; echo end")

    assert done.ended.outcome is AttemptOutcome.SUCCEEDED
    kept = done.text("stdout")
    assert kept.startswith("begin\ny\n")
    assert kept.endswith("y\nend\n")
    assert len(kept) <= 1024 * KIB
    assert done.text("system") == f"[{300 * KIB * KIB + 10 - len(kept):,} bytes cut here]\n"


def test_nuls_escape_codes_and_invalid_utf8_arrive_as_text() -> None:
    done = shell(r"printf 'a\000b\033[1mc\377d\n'")

    assert done.text("stdout") == "a\N{SYMBOL FOR NULL}b\x1b[1mc\N{REPLACEMENT CHARACTER}d\n"


def test_output_can_be_followed_while_the_command_runs() -> None:
    order = an_order("shell", command="echo ready; sleep 60")
    with in_the_background(order) as attempt:
        attempt.wait_for("ready")
        assert attempt.outcome is None
        attempt.end(AttemptOutcome.CANCELLED)


# How it is ended


def test_a_timeout_ends_the_whole_process_group() -> None:
    done = shell("sleep 60 & echo $! $$; wait", 0.2)

    assert done.ended.outcome is AttemptOutcome.TIMED_OUT
    assert done.ended.exit_code == -signal.SIGTERM
    assert done.ended.error == "took longer than its 0.2 s"
    assert not any(is_alive(int(pid)) for pid in done.text("stdout").split())


def test_waiting_for_a_command_costs_no_processor_time() -> None:
    begun = time.thread_time()
    shell("sleep 60", 0.5)

    assert time.thread_time() - begun < 0.1


def test_a_command_that_ignores_term_is_killed_after_the_grace() -> None:
    done = carry_out(an_order("shell", 0.2, command=DEAF), BRIEFLY)

    assert done.ended.outcome is AttemptOutcome.TIMED_OUT
    assert done.ended.exit_code == -signal.SIGKILL
    assert done.ended.error == "took longer than its 0.2 s; TERM did not end it, so it was killed"


def test_a_command_that_uses_its_grace_ends_in_its_own_way() -> None:
    command = "trap 'echo tidied; exit 5' TERM; echo ready; while :; do sleep 0.05; done"
    with in_the_background(an_order("shell", command=command)) as attempt:
        attempt.wait_for("ready")
        attempt.end(AttemptOutcome.CANCELLED)

    assert attempt.text("stdout") == "ready\ntidied\n"
    assert (attempt.ended.outcome, attempt.ended.exit_code) == (AttemptOutcome.CANCELLED, 5)
    assert attempt.ended.error == "cancelled while it ran"


def test_a_child_that_tidies_up_keeps_its_grace_though_the_shell_is_gone() -> None:
    child = "trap 'sleep 0.2; echo tidied; exit' TERM; echo ready; while :; do sleep 0.05; done"
    command = f"({child}) & wait"
    with in_the_background(an_order("shell", command=command)) as attempt:
        attempt.wait_for("ready")
        attempt.end(AttemptOutcome.CANCELLED)

    assert attempt.text("stdout") == "ready\ntidied\n"


def test_a_child_that_ignores_term_is_killed_though_the_shell_is_gone() -> None:
    command = f"({DEAF}) & echo $!; wait"
    with in_the_background(an_order("shell", command=command), BRIEFLY) as attempt:
        attempt.wait_for("ready")
        attempt.end(AttemptOutcome.CANCELLED)
    pid = int(attempt.text("stdout").split()[0])

    eventually(lambda: not is_alive(pid), what="the end of the child")
    assert attempt.ended.error == ("cancelled while it ran; TERM did not end it, so it was killed")


def test_a_stopped_process_hears_term_too() -> None:
    command = "echo ready; kill -STOP $$"
    with in_the_background(an_order("shell", command=command)) as attempt:
        attempt.wait_for("ready")
        attempt.end(AttemptOutcome.CANCELLED)

    assert attempt.ended.exit_code == -signal.SIGTERM


def test_an_engine_that_stops_gets_the_attempt_handed_back() -> None:
    with in_the_background(an_order("shell", command="echo ready; sleep 60")) as attempt:
        attempt.wait_for("ready")
        attempt.end(AttemptOutcome.HANDED_BACK)
        attempt.end(AttemptOutcome.CANCELLED)

    assert attempt.ended.outcome is AttemptOutcome.HANDED_BACK
    assert attempt.ended.error == "the engine stopped while it ran"


def test_a_stop_that_comes_before_the_start_ends_it_all_the_same() -> None:
    order = an_order("shell", command="sleep 60")
    with in_the_background(order) as attempt:
        attempt.end(AttemptOutcome.CANCELLED)

    assert attempt.ended.outcome is AttemptOutcome.CANCELLED


def test_a_stop_that_comes_after_the_end_changes_nothing() -> None:
    done = shell("true")
    done.end(AttemptOutcome.CANCELLED)

    assert done.ended.outcome is AttemptOutcome.SUCCEEDED


def test_without_a_pidfd_the_end_is_noticed_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")

    assert shell("echo out; exit 3").ended.exit_code == 3
    assert shell("sleep 60", 0.1).ended.outcome is AttemptOutcome.TIMED_OUT


def test_what_a_command_leaves_in_the_background_does_not_hold_its_attempt_nor_die_of_it(
    tmp_path: Path,
) -> None:
    """Cron lines end in `&`; a closed pipe would kill what goes on printing."""
    proof, go = tmp_path / "proof", tmp_path / "go"
    os.mkfifo(go)
    later = f"read x < {go}; echo late; echo late; touch {proof}"
    done = shell(f"({later}) & echo started")

    assert done.ended.outcome is AttemptOutcome.SUCCEEDED
    assert done.text("stdout") == "started\n"
    assert "something it started still holds its output" in done.text("system")
    go.write_text("on\n")
    eventually(proof.exists, what="the end of the background command")


def test_no_descriptor_stays_open_behind_an_attempt() -> None:
    shell("true")
    before = sorted(Path("/proc/self/fd").iterdir())
    shell("echo; echo >&2; cat", stdin="x")
    shell("sleep 60", 0.05)
    shell(["no-such-command"])

    assert sorted(Path("/proc/self/fd").iterdir()) == before


# What is refused when it is saved


def test_every_bad_key_is_named_at_once_and_unknown_ones_with_the_nearest() -> None:
    assert refused(comand="x", cwd="here", env={"A": 1, "B=C": "x"}, shell=3, stdin=[], user=7) == {
        "payload.comand": "there is no such key; did you mean 'command'?",
        "payload.command": "this is required",
        "payload.cwd": "'here' must be an absolute path, or begin with ~",
        "payload.env.A": "this must be a text, not a number",
        "payload.env.B=C": "a variable's name is not empty and has no '='",
        "payload.shell": "this must be true, false or a path, not a number",
        "payload.stdin": "this must be a text, not a list",
        "payload.user": "this must be a text, not a number",
    }


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("  ", "this is blank"),
        ([], "the list must begin with the program to run"),
        (["echo", 1], "word 2: this must be a text, not a number"),
        (7, "this must be a text or a list of texts, not a number"),
        ("a\0b", "character 2 is a NUL, which no process can be given"),
        ("a\ud800", "character 2 is half of a surrogate pair"),
    ],
)
def test_a_command_that_no_system_could_start_is_refused(command: object, problem: str) -> None:
    assert refused(command=command) == {"payload.command": problem}


def test_a_command_of_ten_megabytes_is_refused_with_the_way_out() -> None:
    problem = refused(command=10_000_000 * "x")["payload.command"]

    assert problem == (
        "10,000,000 bytes are more than the 131,071 a process can be started with; "
        "put them in a file or in stdin"
    )


def test_open_quotes_are_refused_where_there_is_no_shell_to_judge_them() -> None:
    assert refused(command="echo 'a", shell=False) == {
        "payload.command": "cannot be split into words: no closing quotation"
    }
    ShellRunner().validate({"command": "echo 'a"})


# What is warned about


@pytest.mark.parametrize(
    "command",
    [
        "true",
        "A=1 sh -c x",
        "cd / && ls",
        "[ -d / ] && x",
        "$CMD x",
        "(ls)",
        ["ls"],
        "ls;rm x",
        "'",
    ],
)
def test_a_command_that_may_well_run_is_not_warned_about(command: object) -> None:
    assert find_command_problem({"command": command}) is None


def test_a_program_folder_or_user_that_is_not_there_is_warned_about(tmp_path: Path) -> None:
    payload = {"command": "nope -x", "cwd": "/gone", "user": "nemo", "env": {"PATH": "/bin"}}
    assert find_command_problem(payload) == (
        "there is no folder /gone; this machine has no user 'nemo'; "
        "command not found: nope (PATH is /bin)"
    )
    (tmp_path / "tool").touch()
    assert find_command_problem({"command": "./tool", "cwd": str(tmp_path)}) == (
        f"{tmp_path}/tool is not executable"
    )
