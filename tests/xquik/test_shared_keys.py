"""Places that share an Xquik key share its limits, and no others."""

from __future__ import annotations

from pydantic import SecretStr

from bot.xquik.limits import bucket


def test_a_key_is_counted_under_a_name_that_tells_nothing_about_it() -> None:
    one, same, other = (SecretStr("xq_" + letter * 64) for letter in "aab")
    assert bucket(one) == bucket(same) != bucket(other)
    assert "a" * 8 not in bucket(one) and len(bucket(one)) == 32
