"""Crontab text: what cron would make of it, what is refused and why, and what is written back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfui.core import crontab, crontab_text
from tfui.core.crontab_name import name_for

REAL = Path(__file__).resolve().parents[1] / "data" / "crontabs"

COUNTS = {
    "amavisd-new": (2, 0),
    "atop": (1, 1),
    "awstats": (2, 1),
    "buildd": (2, 0),
    "certbot": (1, 2),
    "cron-apt": (1, 0),
    "debarchiver": (1, 0),
    "dma": (1, 0),
    "e2fsprogs": (2, 0),
    "mailman3-web": (7, 0),
    "mailman3": (2, 2),
    "munin-node": (1, 1),
    "ntpsec": (1, 0),
    "php-common": (1, 0),
    "roundcube-core": (2, 0),
}
"""Lines that cron runs, and environment lines."""


def _only(text: str, *, system: bool = False) -> crontab.Entry:
    read = crontab.parse(text, system=system)
    assert read.refusals == ()
    (entry,) = read.entries
    return entry


def _reason(text: str, *, system: bool = False) -> str:
    read = crontab.parse(text, system=system)
    assert read.entries == ()
    (refusal,) = read.refusals
    return refusal.reason


@pytest.mark.parametrize("name", COUNTS)
def test_a_real_file_gives_the_lines_that_cron_runs(name: str) -> None:
    read = crontab.parse((REAL / f"{name}.crontab").read_text(encoding="utf-8"), system=True)

    assert (len(read.entries), read.variables) == COUNTS[name]
    assert read.refusals == ()
    assert not read.has_seconds
    assert all(entry.user and entry.command for entry in read.entries)


def test_every_real_file_is_counted() -> None:
    assert {path.stem for path in REAL.glob("*.crontab")} == set(COUNTS)


def test_variables_hold_for_the_lines_below_them() -> None:
    read = crontab.parse("1 * * * * a\nX=1\n2 * * * * b\nX=2\nY=3\n3 * * * * c\n")

    assert [dict(entry.environment) for entry in read.entries] == [
        {},
        {"X": "1"},
        {"X": "2", "Y": "3"},
    ]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("X=plain", "plain"),
        ("  X \t=  two words \t", "two words"),
        ('X="  kept  "', "  kept  "),
        ("X='say \"hi\"'", 'say "hi"'),
        ('X=""', ""),
        ("X=", ""),
        ('"X" = 1', "1"),
        ("X=a=b # no comment", "a=b # no comment"),
        ('X=half "quoted"', 'half "quoted"'),
        ("X=$HOME/bin", "$HOME/bin"),
    ],
)
def test_a_variable_is_read_by_crons_quoting_rules(line: str, value: str) -> None:
    """Outer blanks go unless quoted; nothing is expanded; quotes count only around the whole."""
    assert _only(f"{line}\n* * * * * true").environment == {"X": value}


def test_an_unmatched_quote_is_refused() -> None:
    assert _reason('X="open\n') == 'the value of X begins with " and does not end with it'


def test_mailto_and_the_zone_are_not_variables_of_the_job() -> None:
    entry = _only('MAILTO="ops@example.org"\nCRON_TZ=Europe/Berlin\n0 9 * * * report')

    assert (entry.mailto, entry.zone, entry.environment) == ("ops@example.org", "Europe/Berlin", {})


def test_lines_under_an_unknown_zone_are_refused_and_not_run_in_another() -> None:
    read = crontab.parse("CRON_TZ=Mars/Olympus\n0 9 * * * report\nCRON_TZ=UTC\n0 9 * * * fine\n")

    assert [(refusal.line, refusal.reason) for refusal in read.refusals][1:] == [
        (2, "CRON_TZ on line 1 is not a time zone"),
    ]
    assert read.refusals[0].line == 1
    assert [entry.command for entry in read.entries] == ["fine"]


@pytest.mark.parametrize(
    ("written", "command", "stdin"),
    [
        ("mail -s hi root%line 1%line 2", "mail -s hi root", "line 1\nline 2\n"),
        (r"date +\%F", "date +%F", None),
        (r"cat%50\% off%", "cat", "50% off\n"),
        ("cat%", "cat", None),
        (r"echo a\\%b", r"echo a\\", "b\n"),
        (r"printf '\n'", r"printf '\n'", None),
        (r"cat%back\slash", "cat", "back\\slash\n"),
        (r"cat%ends\ ".rstrip(), "cat", "ends\\\n"),
    ],
)
def test_percent_signs_are_newlines_of_the_input(
    written: str, command: str, stdin: str | None
) -> None:
    entry = _only(f"* * * * * {written}")

    assert (entry.command, entry.stdin) == (command, stdin)


def test_blanks_tabs_carriage_returns_and_a_mark_of_byte_order_do_not_matter() -> None:
    read = crontab.parse(
        "\ufeff\r\n# a comment\r\n \t5\t*/2  * * mon-fri\t run  me \t\r\nX=1\r\n@Daily two"
    )

    assert [(entry.line, entry.expression, entry.command) for entry in read.entries] == [
        (3, "5 */2 * * mon-fri", "run  me"),
        (5, "@Daily", "two"),
    ]
    assert read.refusals == ()


def test_the_system_format_has_a_user_after_the_time() -> None:
    entry = _only("@hourly\twww-data  php -f cron.php", system=True)

    assert (entry.user, entry.command) == ("www-data", "php -f cron.php")


def test_a_leading_minus_is_cronies_and_taken_away() -> None:
    assert _only("-*/5 * * * * quiet").expression == "*/5 * * * *"


def test_reboot_is_refused_with_what_to_do_instead() -> None:
    reason = _reason("@reboot /usr/bin/start")

    assert "an event, not a time" in reason
    assert "systemd" in reason


@pytest.mark.parametrize(
    ("text", "system", "words"),
    [
        ("61 * * * * x", False, "minute"),
        ("0 0 30 2 * x", False, "never comes"),
        ("* * * * *", False, "no command after the time"),
        ("* * * * * root", True, "no command after the user"),
        ("* * * * * %input", False, "no command before the %"),
        ("hello", False, "missing"),
        ("@fortnightly x", False, "@fortnightly"),
        ("@every 5m x", False, "recurring"),
        ("* * * * * caf\udce9", False, "UTF-8"),
        ("N\udce9=1", False, "UTF-8"),
    ],
)
def test_a_bad_line_is_refused_with_its_reason(text: str, words: str, *, system: bool) -> None:
    assert words in _reason(text, system=system)


def test_the_rest_goes_on_after_a_refusal() -> None:
    read = crontab.parse("@reboot a\n99 * * * * b\n\n* * * * * c\n")

    assert [refusal.line for refusal in read.refusals] == [1, 2]
    assert [entry.line for entry in read.entries] == [4]


def test_six_fields_are_seconds_first_when_every_timed_line_has_them() -> None:
    read = crontab.parse("# fast\n*/10 * * * * * poll\n0 30 2 * * mon-fri nightly\n@daily daily\n")

    assert read.has_seconds
    assert [entry.expression for entry in read.entries] == [
        "*/10 * * * * *",
        "0 30 2 * * mon-fri",
        "@daily",
    ]


def test_six_fields_among_lines_of_five_are_refused_rather_than_guessed() -> None:
    read = crontab.parse("*/10 * * * * * poll\n30 2 * * * nightly\n")

    assert not read.has_seconds
    assert [entry.command for entry in read.entries] == ["nightly"]
    assert "looks like a sixth field" in read.refusals[0].reason


def test_a_user_that_is_no_field_keeps_the_system_format_at_five() -> None:
    assert not crontab.parse("* * * * * root true\n", system=True).has_seconds


def test_the_comment_right_above_an_entry_is_its_own() -> None:
    text = (
        "# m h dom mon dow command\n# Sync the mirror.\n# Takes an hour.\n0 1 * * * sync\n"
        "0 2 * * * other\n# 0 3 * * * off\n0 4 * * * third\n"
    )

    assert [entry.comment for entry in crontab.parse(text).entries] == [
        "Sync the mirror. Takes an hour.",
        None,
        None,
    ]


def test_annotations_belong_to_the_entry_below_and_broken_ones_are_reported() -> None:
    read = crontab.parse(
        '#tfui {"priority": 3}\n* * * * * a\n* * * * * b\n#tfui {\n#tfui-only {"name": "x"}\n#tfui []\n'
    )

    assert [dict(entry.annotation) for entry in read.entries] == [{"priority": 3}, {}]
    assert read.wholes == ((5, {"name": "x"}),)
    assert [refusal.line for refusal in read.refusals] == [4, 6]


@given(st.text(max_size=300), st.booleans())
def test_no_text_whatever_raises_anything(text: str, system: bool) -> None:
    crontab.parse(text, system=system)


@given(
    st.lists(
        st.sampled_from(
            ["* * * * * ", "@daily ", "X=", "#", "%", "\\", '"', "'", " ", "\r\n", "#tfui {", "a"]
        ),
        max_size=40,
    ).map("".join)
)
def test_nothing_of_a_crontabs_own_alphabet_raises_anything(text: str) -> None:
    crontab.parse(text)


_commands = st.lists(
    st.sampled_from([*"ab1 -/|&;'\"$%\\#=*\t", "\n", "\r", "é", "\\%", "%%"]),
    min_size=1,
    max_size=20,
).map("".join)


@given(_commands, st.none() | _commands, st.sampled_from([None, "root"]))
def test_a_written_entry_reads_back_as_it_was(
    command: str, stdin: str | None, user: str | None
) -> None:
    line = crontab_text.format_entry("5 4 * * *", command, stdin=stdin, user=user)

    if line is not None:
        entry = _only(line, system=user is not None)
        assert (entry.command, entry.stdin, entry.user) == (command, stdin, user)


@pytest.mark.parametrize(
    ("command", "stdin"),
    [
        ("date +%F", None),
        ("awk '{print $1 % 2}'", None),
        ("mail root", "a\nb\n"),
        ("mail root", "50%\n\n"),
        ("cat", "\n"),
        (r"printf '\t'", "a\\b\n"),
        ("[ -e /x ] || #not", None),
    ],
)
def test_what_cron_can_say_has_a_line(command: str, stdin: str | None) -> None:
    assert crontab_text.format_entry("@daily", command, stdin=stdin) is not None


@pytest.mark.parametrize(
    ("command", "stdin"),
    [("a\nb", None), (" a", None), ("a", "no newline"), ("a", ""), (r"a\%b", None), ("* a", None)],
)
def test_what_cron_cannot_say_has_none(command: str, stdin: str | None) -> None:
    assert crontab_text.format_entry("0 0 * * *", command, stdin=stdin) is None


@given(st.text(st.sampled_from("ab ='\"\\\n%#é"), max_size=12))
def test_a_written_variable_reads_back_as_it_was(value: str) -> None:
    line = crontab_text.format_variable("X", value)

    if line is not None:
        assert _only(f"{line}\n* * * * * a").environment == {"X": value}


@pytest.mark.parametrize("value", ["", "a b", " a ", '"', "it's", "a=b", "/bin:/usr/bin"])
def test_a_value_that_can_be_quoted_is_written(value: str) -> None:
    assert crontab_text.format_variable("X", value) is not None


@pytest.mark.parametrize(
    ("expression", "portable"),
    [
        ("*/5 1-5,7 1 JAN mon-fri", False),
        ("*/5 1-5,7 1 JAN MON", True),
        ("@daily", True),
        ("0 22-2 * * *", False),
        ("5/10 * * * *", False),
        ("0 0 L * *", False),
        ("H * * * *", False),
        ("0 0 ? * 1", False),
        ("0 0 * * 1#2", False),
        ("0 * * * * *", False),
        ("10-50/20 * * * 7", True),
    ],
)
def test_only_what_every_cron_reads_alike_is_portable(expression: str, *, portable: bool) -> None:
    """Ranges of names are read by some crons and not by others, so they are not relied upon."""
    assert crontab_text.is_portable(expression) is portable


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("/usr/local/bin/backup.sh --full >> /var/log/backup.log 2>&1", "backup.sh"),
        ("cd /srv/app && ./manage.py clearsessions", "manage.py-clearsessions"),
        ("[ -x /usr/bin/x ] && flock -n /run/x.lock nice -n 10 /usr/bin/x tidy | logger", "x-tidy"),
        ("perl -e 'sleep rand 9' && certbot -q renew", "certbot-renew"),
        ("A=1 B=2 rsync -a /a /b", "rsync"),
        ("/usr/bin/python3 /opt/report.py daily", "report.py-daily"),
        ("if [ -e /x ]; then /opt/run now; fi", "run-now"),
        ("сделай это", "сделай"),
        ("'", "job"),
        ("\n", "job"),
        ("sh -c 'echo hi'", "sh"),
    ],
)
def test_a_name_says_what_the_command_is_about(command: str, name: str) -> None:
    assert name_for(command, set()) == name


def test_names_are_unique_and_in_the_order_of_the_lines() -> None:
    assert name_for("run", {"run", "run-2"}) == "run-3"


@given(st.text(max_size=200))
def test_every_command_gets_a_name_of_a_legal_length(command: str) -> None:
    assert 1 <= len(name_for(command, set())) <= 100
