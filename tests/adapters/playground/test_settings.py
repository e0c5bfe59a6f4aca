"""What the playground may be told, and what it refuses to be."""

from __future__ import annotations

import re

import pytest

from adapters.playground.platform import STATIC
from adapters.playground.settings import PlaygroundSettings, is_loopback


def test_serving_others_needs_the_names_it_is_opened_by() -> None:
    with pytest.raises(ValueError, match="allowed_hosts"):
        PlaygroundSettings(host="0.0.0.0")
    assert not PlaygroundSettings(host="0.0.0.0", allowed_hosts=("bot.example.org",)).is_local


def test_a_picture_source_cannot_smuggle_a_rule_into_the_policy() -> None:
    with pytest.raises(ValueError, match="origin"):
        PlaygroundSettings(image_sources=("http://127.0.0.1:1; script-src *",))


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.4", False),
        ("example.org", False),
    ],
)
def test_what_counts_as_this_machine(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_every_module_of_the_page_is_fetched_at_once() -> None:
    page = (STATIC / "index.html").read_text()
    named = set(re.findall(r"static/js/(\w+)\.js", page))
    assert named == {path.stem for path in (STATIC / "js").glob("*.js")}


def test_the_page_holds_nothing_inline_and_nothing_from_elsewhere() -> None:
    """Its own policy would refuse it."""
    page = (STATIC / "index.html").read_text()
    assert not re.search(r"<style|style=|\son\w+=|https?://", page)
    for script in re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL):
        assert script == ""
    for path in STATIC.rglob("*.*"):
        text = path.read_text()
        assert "innerHTML" not in text
        assert not re.search(r"(?:@import|url\(|from|src=)\s*[\"']?https?:", text)
