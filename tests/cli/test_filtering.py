"""`tfui list --where`: the filter language on the command line."""

from __future__ import annotations

import pytest

from tests.cli.console import done, tfui

pytestmark = pytest.mark.usefixtures("home")


def _names(where: str) -> list[str]:
    return [row["name"] for row in done("list", "--where", where, "--json").json["jobs"]]


def test_a_list_is_narrowed_by_a_filter() -> None:
    done("add", "export", "--cron", "30 2 * * *", "--shell", "true", "--tag", "slow")
    done("add", "sweep", "--every", "1h", "--shell", "echo sweep")

    assert _names("type:cron") == ["export"]
    assert _names("!tag:slow") == ["sweep"]
    assert _names("command:echo next<2h") == ["sweep"]
    assert _names("status:failed") == []


def test_a_mistake_in_it_is_pointed_at() -> None:
    answer = tfui("list", "--where", "backup queu:nightly")

    assert answer.code == 2
    assert answer.err.splitlines() == [
        "tfui: --where: there is no word 'queu': did you mean queue? (text goes in quotes)",
        "    backup queu:nightly",
        "           ^^^^",
    ]
