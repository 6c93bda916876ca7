"""The real command line inside this process: words in, exit code and both streams out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from typer.testing import CliRunner

from tfui.cli.main import app


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """Standard output by lines."""
        return self.out.splitlines()


def tfui(*words: str, stdin: str | bytes | None = None) -> Answer:
    """Call tfui with these words. A bug of ours fails the test with its own traceback."""
    result = CliRunner().invoke(app, list(words), input=stdin, prog_name="tfui")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def done(*words: str, stdin: str | bytes | None = None) -> Answer:
    """Call tfui and expect it to be done."""
    answer = tfui(*words, stdin=stdin)
    assert answer.code == 0, f"exit {answer.code}: {answer.err}{answer.out}"
    return answer
