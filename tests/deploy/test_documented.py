"""Every alert is in the documentation with what to look at first, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_of_alerts_is_the_file_of_rules() -> None:
    text = (ROOT / "docs" / "admin" / "monitoring.md").read_text(encoding="utf-8")
    content = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
    rules = [rule["alert"] for group in content["groups"] for rule in group["rules"]]
    assert re.findall(r"^\| `(XquikBot\w+)` \| .+ \| .+ \|$", text, re.MULTILINE) == rules
