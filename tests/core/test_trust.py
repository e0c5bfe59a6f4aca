"""Whom connections trust."""

from __future__ import annotations

import shutil
import ssl
from pathlib import Path

import certifi
import pytest

from bot.core.http.trust import trusted


def test_it_is_read_once_for_all_connections() -> None:
    found = trusted()
    assert trusted() is found
    assert found.verify_mode is ssl.CERT_REQUIRED and found.check_hostname


def test_what_the_environment_names_counts_whenever_it_was_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = trusted()
    authorities = tmp_path / "authorities.pem"
    shutil.copyfile(certifi.where(), authorities)
    monkeypatch.setenv("SSL_CERT_FILE", str(authorities))
    named = trusted()
    assert named is not before and named.cert_store_stats()["x509_ca"] > 100
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    assert trusted() not in (before, named)
