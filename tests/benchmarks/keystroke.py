"""From a keystroke in the editor to the painted frame: with the preview of a plan, and without one.

`cron` types into the plan of a schedule, which is parsed, explained and shown with its next runs at
each keystroke; `name` types into its name. One JSON line: milliseconds each, and the ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import os

os.environ["TEXTUAL_ANIMATIONS"] = "none"

import time
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from textual.widgets import Input

from tests.benchmarks import measure
from tests.benchmarks.list import painted
from tests.ui.editor_desk import BILLING, editing, settle
from tfui.ui.widgets.editor_form import Form

if TYPE_CHECKING:
    from textual.pilot import Pilot

TEXTS = {"cron": "15,45 8-18/2 1-28 * mon-fri", "name": "billing-export-of-the-day-x"}


async def typed(pilot: Pilot[None], text: str) -> list[float]:
    """Type into the field that has the focus; give the milliseconds to each painted frame."""
    field = pilot.app.screen.focused
    if not isinstance(field, Input):
        raise TypeError(f"{field} cannot be typed into")
    field.value = ""
    await settle(pilot)
    taken = []
    for letter in text:
        begun = time.perf_counter()
        field.insert_text_at_cursor(letter)
        await painted(pilot)
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


async def measured(rounds: int) -> dict[str, list[float]]:
    """Type both texts in turns; the first round warms up."""
    draft = replace(BILLING, schedule_expression="0 0 * * *")
    taken: dict[str, list[float]] = {name: [] for name in TEXTS}
    async with editing(draft, UUID(int=7), 12) as pilot:
        form = pilot.app.screen.query_one(Form)
        for turn in range(rounds + 1):
            for name, key in (("cron", "schedule_expression"), ("name", "name")):
                form.field(key).query_one(Input).focus()
                await settle(pilot)
                each = await typed(pilot, TEXTS[name])
                if turn:
                    taken[name].append(sum(each) / len(each))
    return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    taken = asyncio.run(measured(options.rounds))
    measure.report(
        "keystroke",
        {"rounds": options.rounds},
        ["textual"],
        milliseconds={name: measure.spread(values) for name, values in taken.items()},
        ratios={"cron_over_name": measure.ratios(taken, "cron")["name"]},
    )


if __name__ == "__main__":
    main()
