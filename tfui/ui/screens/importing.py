"""Importing a crontab: a path, what would come of it, and then the same for real."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tfui.errors import TfuiError
from tfui.ui import own_crontab
from tfui.ui.keys import closing
from tfui.ui.office import office_of
from tfui.ui.plain import fit, plain
from tfui.ui.screens.scrolling import ScrolledDialog
from tfui.ui.widgets.facts import Fact, Facts
from tfui.ui.widgets.hint import Hint

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tfui.service.exchange import ImportReport

MOST_BYTES = 5_000_000  # a crontab is a page of text; anything like this is another file
_CRON_GOES_ON = "cron goes on running these itself until their lines are taken out there"
_SIGNS = {
    "created": ("+", "$st-ok"),
    "edited": ("~", "$st-retry"),
    "unchanged": ("=", "$dim"),
    "kept": ("=", "$dim"),
}
_COUNTED = {
    "created": "would be created",
    "edited": "would be edited",
    "unchanged": "here already, the same",
    "kept": "edited here since, kept so",
}
_WIDEST = 24  # cells of a name or a time
_SYSTEM = ("/etc/crontab", "/etc/cron.d/")


class ImportScreen(ScrolledDialog[int | None]):
    """Gives the number of schedules created or changed, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [*closing()]

    def __init__(self, timezone: str, path: str = "") -> None:
        super().__init__()
        self._timezone = timezone
        self._path = path
        self._shown: str | None = None
        """The path whose outcome is on the screen; Enter imports that one."""

    def compose(self) -> ComposeResult:
        """Lay out the path and what would come of it."""
        with Vertical(classes="dialog -wide-dialog"):
            yield Static("Import a crontab", classes="dialog-title")
            path = Input(
                self._path,
                placeholder=f"/path/to/crontab, or {own_crontab.COMMAND} for your own",
                id="import-path",
                select_on_focus=False,
                compact=True,
            )
            path.cursor_blink = False
            yield path
            with VerticalScroll(id="help-scroll", can_focus=False):
                yield Static("", id="import-report", markup=False)
                yield Facts(id="import-lines")
                yield Static("", id="import-closing", markup=False)
            yield Hint("⏎ look", id="import-hint")

    def on_mount(self) -> None:
        """Look at once at what it was opened with."""
        self._tell(None)
        if self._path:
            self._go(self._path, dry_run=True)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        if event.value.strip() == self._shown:
            return
        self._shown = None
        self.query_one(Hint).say("⏎ look")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._go(event.value.strip(), dry_run=event.value.strip() != self._shown)

    @work(exclusive=True, group="import")
    async def _go(self, path: str, *, dry_run: bool) -> None:
        say = self.query_one("#import-report", Static).update
        self._tell(None)
        caller = office_of(self).caller

        def carry_out() -> ImportReport:
            from tfui.service import exchange

            return exchange.import_crontab(
                caller,
                _read(path),
                source=path,
                timezone=self._timezone,
                system=path.startswith(_SYSTEM),
                dry_run=dry_run,
            )

        try:
            report = await asyncio.to_thread(carry_out)
        except TfuiError as refused:
            say(Content.styled(plain(str(refused)), "$st-fail"))
        except OSError as trouble:
            say(Content.styled(f"{plain(path)}: {trouble.strerror or trouble}", "$st-fail"))
        except UnicodeDecodeError:
            say(Content.styled(f"{plain(path)} is not a text file", "$st-fail"))
        else:
            if dry_run:
                self._shown = None if report.is_idle else path
                say(summary_text(report))
                self._tell(report)
                self.query_one(Hint).say("⏎ look" if report.is_idle else "⏎ import")
            else:
                self.dismiss(sum(line.change in {"created", "edited"} for line in report.lines))

    def _tell(self, report: ImportReport | None) -> None:
        """Tell of the lines; of none where the crontab could not be read."""
        lines, end = self.query_one(Facts), self.query_one("#import-closing", Static)
        lines.display = end.display = report is not None
        if report is not None:
            lines.show(line_facts(report))
            end.update(closing_text(report))


def _read(path: str) -> str:
    if path == own_crontab.COMMAND:
        if (text := own_crontab.read()) is None:
            raise OSError("there is no crontab of yours")
        return text
    with Path(path).expanduser().open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise OSError(f"larger than {MOST_BYTES // 1_000_000} MB")
    return content.decode()


def summary_text(report: ImportReport) -> Content:
    """Count what would become of the lines."""
    parts = [f"{count} {_COUNTED[change]}" for change, count in report.counts.items() if count]
    parts += [f"{len(report.refusals)} refused"] if report.refusals else []
    nothing = "Nothing to import: " if report.is_idle and parts else ""
    return Content.styled(nothing + ", ".join(parts) or "no lines that cron runs", "bold")


def line_facts(report: ImportReport) -> list[Fact]:
    """Tell what would become of each line: refusals first, since they need a person."""
    facts = [
        Fact(
            f"x line {refusal.line}",
            Content.assemble(
                (plain(refusal.text), "bold"), "\n", (plain(refusal.reason), "$st-fail")
            ),
            "$st-fail",
        )
        for refusal in report.refusals
    ]
    times = max((len(line.schedule_expression) for line in report.lines), default=0)
    common = report.carried_by_all
    for line in report.lines:
        sign, style = _SIGNS[line.change]
        own = ", ".join(plain(each) for each in line.carries if each not in common)
        if line.change == "kept":
            differing = ", ".join(field.replace("_", " ") for field in line.fields)
            own = f"kept as edited here: {differing}"
        facts.append(
            Fact(
                f"{sign} {fit(line.name, _WIDEST).rstrip()}",
                Content.assemble(
                    (f"{plain(line.schedule_expression):<{min(times, _WIDEST)}}  ", "bold"),
                    plain(line.command),
                    (f"\n{own}" if own else "", "$dim"),
                ),
                style,
            )
        )
    return facts


def closing_text(report: ImportReport) -> Content:
    """Say what comes with every line, and who goes on running them."""
    said = []
    if report.carried_by_all:
        said.append(f"each schedule {plain(', '.join(report.carried_by_all))}")
    if any(line.change == "created" for line in report.lines):
        said.append(_CRON_GOES_ON)
    return Content.styled("\n".join(said), "$dim")
