"""What a user installs: the styles travel with the package, in an sdist and in a wheel."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from that sdist."""
    target = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return target


def _names(built: Path, pattern: str) -> set[str]:
    (path,) = built.glob(pattern)
    if pattern.endswith(".whl"):
        with zipfile.ZipFile(path) as wheel:
            return set(wheel.namelist())
    with tarfile.open(path) as sdist:
        return {name.split("/", 1)[-1] for name in sdist.getnames()}


def test_the_wheel_carries_every_style_and_every_migration(built: Path) -> None:
    names = _names(built, "*.whl")
    styles = {f"tfui/_styles/{path.name}" for path in (ROOT / "styles").glob("*.tcss")}
    migrations = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "tfui/store/migrations").rglob("*.py")
    }

    assert styles
    assert styles <= names
    assert migrations <= names
    assert "tfui/py.typed" in names
    assert not [name for name in names if name.startswith("tests")]


def test_the_sdist_carries_the_styles_where_the_checkout_has_them(built: Path) -> None:
    names = _names(built, "*.tar.gz")

    assert {f"styles/{path.name}" for path in (ROOT / "styles").glob("*.tcss")} <= names
    assert {"README.md", "LICENSE", "CHANGELOG.md"} <= names


def test_the_app_starts_from_the_wheel_alone(built: Path, tmp_path: Path) -> None:
    """Unpacked away from the checkout, the wheel finds its own styles and draws a frame."""
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = """
import asyncio, sys
from pathlib import Path
import tfui
assert Path(tfui.__file__).is_relative_to(sys.argv[1]), tfui.__file__
from tfui.assembly import dashboard
from tfui.settings import Settings
app = dashboard(Settings(db=sys.argv[2]), engine=False)
async def drive():
    async with app.run_test(size=(120, 36)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.stylesheet.source, "no styles were loaded"
        assert app.return_code is None
asyncio.run(drive())
print("drew a frame")
"""
    found = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "site"), str(tmp_path / "tfui.db")],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.stderr == ""
    assert found.stdout == "drew a frame\n"
