"""The image: what its Dockerfile copies is there, is not kept out, and is all that the package is made of."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _copied() -> Iterator[str]:
    """The files and folders of the repository that the Dockerfile copies."""
    for line in re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.M):
        yield from line.split()[:-1]


def test_what_is_copied_is_there_and_is_sent_to_the_builder() -> None:
    sent = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().split()
        if line.startswith("!")
    }
    copied = set(_copied())
    assert {name for name in copied if not (ROOT / name).exists()} == set()
    assert copied == sent


def test_the_package_is_made_of_what_is_copied(tmp_path: Path) -> None:
    """As the image makes it: without git, with the version that it was told."""
    for name in _copied():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, target)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "made"]
    told = {"SETUPTOOLS_SCM_PRETEND_VERSION": "9.8.7"}
    subprocess.run(command, cwd=tmp_path, env=told, check=True, capture_output=True, timeout=120)
    made = tmp_path / "made" / "xquik_bot-9.8.7-py3-none-any.whl"
    here = {
        path.relative_to(ROOT).as_posix()
        for package in ("bot", "adapters")
        for path in (ROOT / package).rglob("*.py")
    }
    assert here <= set(zipfile.ZipFile(made).namelist())
