"""The vault: what is sealed opens again, for its own tenant and field, under its own keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.core.errors import VaultError
from bot.storage.secrets.vault import Vault, new_key

VAULT = Vault([new_key()])


@given(st.text(), st.text(), st.text())
def test_a_secret_opens_again(tenant: str, field: str, secret: str) -> None:
    sealed = VAULT.seal(tenant, field, SecretStr(secret))
    assert VAULT.open(tenant, field, sealed).get_secret_value() == secret
    assert len(secret) < 4 or secret.encode(errors="replace") not in sealed


@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_a_secret_opens_for_its_own_tenant_and_field_alone(
    owner: tuple[str, str], other: tuple[str, str]
) -> None:
    sealed = VAULT.seal(*owner, SecretStr("xq_secret"))
    if owner != other:
        with pytest.raises(VaultError, match="or to another purpose"):
            VAULT.open(*other, sealed)


def test_an_older_key_opens_what_it_sealed_and_rotation_moves_it_to_the_newest() -> None:
    old, new = new_key(), new_key()
    sealed = Vault([old]).seal("slack:T1", "xquik.key", SecretStr("xq_secret"))
    both = Vault([new, old])
    rotated = both.rotate("slack:T1", "xquik.key", sealed)
    assert rotated is not None
    assert Vault([new]).open("slack:T1", "xquik.key", rotated).get_secret_value() == "xq_secret"
    assert both.rotate("slack:T1", "xquik.key", rotated) is None


@pytest.mark.parametrize("damage", [b"", b"x", b"\xff\x00"])
def test_a_wrong_key_or_damaged_ciphertext_is_reported(damage: bytes) -> None:
    sealed = VAULT.seal("t", "xquik.key", SecretStr("xq_secret"))
    with pytest.raises(VaultError, match="None of the keys"):
        VAULT.open("t", "xquik.key", damage + sealed[: len(sealed) // 2])
    with pytest.raises(VaultError, match="None of the keys"):
        Vault([new_key()]).open("t", "xquik.key", sealed)


def test_no_key_is_reported_with_what_to_do() -> None:
    with pytest.raises(VaultError) as error:
        Vault([])
    assert error.value.code == "vault_key_missing"
    assert "keys new" in error.value.remedy
    assert "vault.keys" in error.value.remedy


@pytest.mark.parametrize("key", ["", "hunter2", "é" * 44, "A" * 43, "A" * 45])
def test_a_malformed_key_is_named_by_its_place_and_not_shown(key: str) -> None:
    with pytest.raises(VaultError, match=r"Key 2 of `vault\.keys`") as error:
        Vault([new_key(), SecretStr(key)])
    assert not key or key not in str(error.value) + error.value.remedy
    assert error.value.__cause__ is None
