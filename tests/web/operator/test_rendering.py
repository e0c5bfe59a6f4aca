"""The templates: everything is escaped, nothing may be missing, and Jinja2 comes with the first page."""

from __future__ import annotations

import subprocess
import sys

import pytest
from jinja2 import UndefinedError

from bot.web.operator.pages import message_page
from bot.web.operator.rendering import TEMPLATES, rendered


def test_what_is_missing_is_an_error_and_no_empty_place() -> None:
    with pytest.raises(UndefinedError, match="'text' is undefined"):
        rendered("message.html", {"title": "There is no text"})


def test_markup_and_what_nobody_sees_are_written_out() -> None:
    page = message_page("<b>\"'&", "a\u202eb\nc\x1b[31m")
    assert "<h1>&lt;b&gt;&#34;&#39;&amp;</h1>" in page
    assert r"<p>a\u202eb\nc\x1b[31m</p>" in page


def test_no_template_goes_round_the_escaping() -> None:
    texts = [path.read_text("utf-8") for path in TEMPLATES.glob("*.html")]
    assert texts
    for text in texts:
        assert "safe" not in text
        assert "autoescape" not in text
        assert "style=" not in text and "<script" not in text, "the content security policy forbids it"


def test_starting_loads_no_template_engine() -> None:
    program = "import sys, bot.web.operator.app, bot.cli.main; assert 'jinja2' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
