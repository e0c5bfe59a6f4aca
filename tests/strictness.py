"""What is skipped where everything must be at hand has failed.

`XQUIK_BOT_TEST_STRICT=1` (set by `.ci/run`) turns a skip into a failure: a browser, a database server or a
file that is missing must not look like a pass. What a platform has not got at all is no such thing: its
tests skip with `NOT_THERE` before their reason.
"""

from __future__ import annotations

import os

import pytest

STRICT = os.environ.get("XQUIK_BOT_TEST_STRICT", "") not in ("", "0")
NOT_THERE = "not on this platform: "


def judged(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure, unless its platform has no such thing."""
    if not STRICT or report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if NOT_THERE not in reason:
        report.outcome = "failed"
        report.longrepr = f"{reason}\n(a skip is a failure here: XQUIK_BOT_TEST_STRICT is set)"
