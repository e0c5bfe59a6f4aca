"""One cookie of a request."""

from __future__ import annotations

import time
from itertools import product

import pytest

from bot.core.http.cookies import cookie


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ([], ""),
        ([b""], ""),
        ([b"a=1"], "1"),
        ([b"b=2; a=1; c=3"], "1"),
        ([b"a=1;a=2"], "2"),
        ([b"b=2", b"a=1"], "1"),
        ([b"xa=1; aa=2; A=3"], ""),
        ([b"b=a=1"], ""),
        ([b"a= 1 ; b=2"], "1"),
        ([b'a="1"'], '"1"'),
        ([b"a=\\061\xff"], "\\061\xff"),
    ],
)
def test_a_cookie_is_what_stands_there(sent: list[bytes], found: str) -> None:
    headers = [(b"host", b"a=9"), *((b"cookie", value) for value in sent)]
    assert cookie(headers, "a") == found


def test_a_name_is_no_pattern() -> None:
    assert cookie([(b"cookie", b"ab=1")], "a.") == ""


def test_whatever_was_sent_takes_no_time() -> None:
    began = time.process_time()
    for sign, other in product((b";", b" ", b"=", b'"', b"a", b";a="), repeat=2):
        cookie([(b"cookie", sign * 8_000 + other * 8_000)], "a")
    assert time.process_time() - began < 1.0
