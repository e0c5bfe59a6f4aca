"""A missing tool is a failure where everything must be at hand, and a skip where it need not be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFTEST = """
import pytest
from tests.strictness import judged

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    judged(report)
    return report

@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    report = yield
    judged(report)
    return report
"""
TOOL = "import pytest\n\ndef test_it():\n    pytest.skip('no browser')\n"
PLATFORM = "import pytest\n\ndef test_it():\n    pytest.skip('not on this platform: terminal: no threads')\n"
FILE = "import pytest\n\npytest.importorskip('a_module_that_is_nowhere')\n"


def outcome(directory: Path, text: str, strict: str) -> tuple[int, str]:
    (directory / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (directory / "test_one.py").write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XQUIK_BOT_TEST_STRICT": strict}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(directory)]
    ended = subprocess.run(
        [*command, str(directory)], capture_output=True, text=True, env=environment, check=False
    )
    return ended.returncode, ended.stdout


@pytest.mark.parametrize("text", [TOOL, FILE], ids=["a test", "a whole file"])
def test_a_skip_for_want_of_a_tool_fails_where_everything_must_be_at_hand(tmp_path: Path, text: str) -> None:
    code, said = outcome(tmp_path, text, "1")
    assert code not in (0, 5), said
    assert "a skip is a failure here" in said


@pytest.mark.parametrize(
    ("text", "strict"), [(TOOL, ""), (TOOL, "0"), (PLATFORM, "1")], ids=["unset", "off", "not there at all"]
)
def test_other_skips_stay_skips(tmp_path: Path, text: str, strict: str) -> None:
    code, said = outcome(tmp_path, text, strict)
    assert (code, "1 skipped" in said) == (0, True), said
