"""The image: what its Dockerfile copies is there, is not kept out, and is all that the package is made of."""

from __future__ import annotations

import re
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
