"""Seals secrets before they reach PostgreSQL: AES-256-GCM, each bound to the place it is kept in.

A sealed value opens only for the tenant, type and id it was sealed for: one that was swapped,
moved or changed does not open (I8). The first key of the ring seals; the others only open.
Layout: version 1 · length of the key's name · the name · 12 random bytes · ciphertext and tag.
"""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from errors import VaultError

VERSION = 1
HEADER_BYTES = 2
# Random nonces are safe for 2**32 seals under one key (NIST SP 800-38D, 8.3).
NONCE_BYTES = 12
KEY_BITS = 256


@dataclass(frozen=True, slots=True)
class Label:
    """Where a value belongs: `type` and `id` are as unique as the row it is kept in."""

    tenant_id: int
    type: str
    id: str

    def bound_to(self, header: bytes) -> bytes:
        """The associated data; the length keeps ("a|b", "c") and ("a", "b|c") apart."""
        return header + f"{self.tenant_id}|{len(self.type)}|{self.type}|{self.id}".encode()


class Vault:
    """A ring of named 32-byte keys, the sealing one first."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._current = _header(next(iter(keys)))

    @classmethod
    def from_ring(cls, ring: str) -> Self:
        """A vault from the text of EMDIA_VAULT_KEYS, already validated: "k2:base64,k1:base64"."""
        entries = (entry.strip().partition(":") for entry in ring.split(","))
        return cls({name: base64.b64decode(key, validate=True) for name, _, key in entries})

    def seal(self, value: bytes, label: Label) -> bytes:
        """Encrypt `value` for the place `label` names."""
        nonce = os.urandom(NONCE_BYTES)
        cipher = self._ciphers[_name(self._current)]
        return self._current + nonce + cipher.encrypt(nonce, value, label.bound_to(self._current))

    def open(self, sealed: bytes, label: Label) -> bytes:
        """Decrypt what was sealed for `label`.

        Raises:
            VaultError: sealed for another place, changed, cut, or under a key not in the ring.
        """
        if len(sealed) < HEADER_BYTES or sealed[0] != VERSION:
            raise VaultError("not a sealed value")
        header = sealed[: HEADER_BYTES + sealed[1]]
        cipher = self._ciphers.get(_name(header))
        if cipher is None:
            raise VaultError("sealed under a key that is not in the ring")
        nonce, text = sealed[len(header) :][:NONCE_BYTES], sealed[len(header) + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, text, label.bound_to(header))
        except (InvalidTag, ValueError) as error:
            raise VaultError("does not open here") from error

    def is_current(self, sealed: bytes) -> bool:
        """Whether `sealed` is under the key that seals today."""
        return sealed.startswith(self._current)

    def reseal(self, sealed: bytes, label: Label) -> bytes:
        """`sealed` under today's key, so that an older one can leave the ring."""
        return sealed if self.is_current(sealed) else self.seal(self.open(sealed, label), label)


def new_key(name: str) -> str:
    """A fresh entry for EMDIA_VAULT_KEYS."""
    return f"{name}:{base64.b64encode(AESGCM.generate_key(KEY_BITS)).decode()}"


def _header(name: str) -> bytes:
    return bytes([VERSION, len(name)]) + name.encode()


def _name(header: bytes) -> str:
    return header[HEADER_BYTES:].decode("ascii", errors="replace")
