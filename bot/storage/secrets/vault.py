"""The vault: encrypts secrets so that a copy of the database alone opens none of them.

Fernet (AES-128-CBC with HMAC-SHA256) under one or more keys, the newest first. Inside the plaintext
stand the tenant and the field a secret belongs to, and reading checks them: whoever can write to
the database still cannot give one tenant's key to another by copying a row.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from bot.core.errors import VaultError
from bot.core.messages.message import msg

_NEW_KEY = msg("Make a key with `xquik-bot keys new` and put it into `vault.keys`.")


def new_key() -> SecretStr:
    """A fresh key for `vault.keys`."""
    return SecretStr(Fernet.generate_key().decode())


class Vault:
    """Seals and opens secrets."""

    def __init__(self, keys: Sequence[SecretStr]) -> None:
        """keys: `vault.keys`, the newest first. VaultError when there is none or one is malformed."""
        if not keys:
            none = msg("There is no vault key, so no secret can be stored or read.")
            raise VaultError(none, remedy=_NEW_KEY, code="vault_key_missing")
        fernets = [_fernet(key, place) for place, key in enumerate(keys, start=1)]
        self.marks = tuple(_mark(key) for key in keys)
        self._newest = fernets[0]
        self._all = MultiFernet(fernets)

    def seal(self, tenant: str, field: str, secret: SecretStr) -> bytes:
        """The ciphertext of a secret of that tenant and field, under the newest key."""
        return self._newest.encrypt(json.dumps([tenant, field, secret.get_secret_value()]).encode())

    def open(self, tenant: str, field: str, ciphertext: bytes) -> SecretStr:
        """The secret; VaultError when no key opens it or it was sealed for something else."""
        try:
            plaintext = self._all.decrypt(ciphertext)
        except InvalidToken:
            wrong = msg("None of the keys in `vault.keys` opens the stored {field}.", field=field)
            # What Fernet knows of a wrong key helps nobody, and its frames hold the key.
            raise VaultError(wrong, code="vault_key_wrong") from None
        sealed_tenant, sealed_field, secret = json.loads(plaintext)
        if (sealed_tenant, sealed_field) != (tenant, field):
            moved = msg(
                "The stored {field} belongs to another server or workspace, or to another purpose.",
                field=field,
            )
            raise VaultError(moved, remedy=msg("Enter the secret again."), code="vault_moved")
        return SecretStr(secret)

    def rotate(self, tenant: str, field: str, ciphertext: bytes) -> bytes | None:
        """The same secret under the newest key; None when it is already. VaultError as for `open`."""
        secret = self.open(tenant, field, ciphertext)
        try:
            self._newest.decrypt(ciphertext)
        except InvalidToken:
            return self.seal(tenant, field, secret)
        return None


def _mark(key: SecretStr) -> str:
    """What a key is told by without being shown: it is 256 random bits, which no digest gives away."""
    return sha256(b"xquik-bot vault key " + key.get_secret_value().encode()).hexdigest()[:16]


def _fernet(key: SecretStr, place: int) -> Fernet:
    try:
        return Fernet(key.get_secret_value())
    except ValueError:
        malformed = msg(
            "Key {place} of `vault.keys` is not a key: one is 32 bytes, as 44 characters of base64.",
            place=place,
        )
        raise VaultError(malformed, remedy=_NEW_KEY, code="vault_key_malformed") from None
