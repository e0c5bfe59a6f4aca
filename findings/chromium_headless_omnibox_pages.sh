#!/usr/bin/env bash
# Chromium (156, Debian 12): headless, driven by Playwright, it loads two pages of its own for every window – those of
# its address bar, chrome://omnibox-popup.top-chrome/ – in renderers of their own, although there is no address bar to
# see. They take more processor than a small page under test. Playwright lists neither as a page; they are targets
# of the type "browser_ui".
# Expected: a context with one empty page costs one page.
# Needs Debian's Chromium. Exits 0 while the behaviour is as described, 1 when it changed.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q "playwright==1.65.2"
"$here/venv/bin/python" - <<'PY'
import shutil
import sys
import time

from playwright.sync_api import sync_playwright

OWN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")


def seen(*arguments: str) -> tuple[str, list[str], float]:
    """The version, Chromium's own pages beside an empty one, and the seconds of processor of all renderers."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", *arguments])
        session = browser.new_browser_cdp_session()
        browser.new_context().new_page().goto("about:blank")
        time.sleep(3)  # until they are loaded
        targets = session.send("Target.getTargets", {"filter": [{}]})["targetInfos"]
        processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
        version = browser.version
        browser.close()
    own = sorted(target["url"] for target in targets if target["type"] == "browser_ui")
    return version, own, sum(process["cpuTime"] for process in processes if process["type"] == "renderer")


version, own, seconds = seen()
_, without, fewer = seen(f"--disable-features={','.join(OWN)}")
print(f"Chromium {version}, playwright 1.65.2")
print("expected: one page, about:blank")
print(f"seen: beside it {own}; all renderers took {seconds:.2f} s of processor")
print(f"seen without {' and '.join(OWN)}: beside it {without}; {fewer:.2f} s")
sys.exit(0 if len(own) == 2 and not without else 1)
PY
