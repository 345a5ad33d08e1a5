"""A sealed value opens in its own place, unchanged, and nowhere else (I8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import VaultError
from storage.vault import Label, Vault, new_key

OLD, NEW = new_key("k1"), new_key("k2")
VAULT = Vault.from_ring(OLD)
HERE = Label(7, "session", "5511@s.whatsapp.net")
SEALED = VAULT.seal(b"secret", HERE)


@given(value=st.binary(max_size=200), tenant=st.integers(), type_=st.text(), id_=st.text())
def test_what_is_sealed_opens_in_the_same_place(
    value: bytes, tenant: int, type_: str, id_: str
) -> None:
    label = Label(tenant, type_, id_)

    assert value == VAULT.open(VAULT.seal(value, label), label)


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param(Label(8, HERE.type, HERE.id), id="another tenant"),
        pytest.param(Label(HERE.tenant_id, "pre-key", HERE.id), id="another type"),
        pytest.param(Label(HERE.tenant_id, HERE.type, "5512@s.whatsapp.net"), id="another id"),
    ],
)
def test_a_moved_value_does_not_open(elsewhere: Label) -> None:
    with pytest.raises(VaultError):
        VAULT.open(SEALED, elsewhere)


@given(
    type_=st.text(min_size=1, max_size=4, alphabet="ab|0123456789"),
    id_=st.text(max_size=4, alphabet="ab|0123456789"),
    cut=st.integers(min_value=1, max_value=4),
)
def test_no_two_places_look_alike(type_: str, id_: str, cut: int) -> None:
    # Moving the border between type and id keeps the letters but changes the place.
    whole = f"{type_}|{id_}"
    other = Label(1, whole[: len(type_) + cut], whole[len(type_) + cut + 1 :])

    assert (Label(1, type_, id_) == other) == (
        Label(1, type_, id_).bound_to(b"") == other.bound_to(b"")
    )


@pytest.mark.parametrize("position", range(len(SEALED)))
def test_a_changed_byte_does_not_open(position: int) -> None:
    changed = bytearray(SEALED)
    changed[position] ^= 1

    with pytest.raises(VaultError):
        VAULT.open(bytes(changed), HERE)


@pytest.mark.parametrize("length", range(len(SEALED)))
def test_a_cut_value_does_not_open(length: int) -> None:
    with pytest.raises(VaultError):
        VAULT.open(SEALED[:length], HERE)


def test_the_same_value_never_looks_the_same() -> None:
    assert VAULT.seal(b"secret", HERE) != VAULT.seal(b"secret", HERE)


def test_a_key_outside_the_ring_is_told() -> None:
    with pytest.raises(VaultError, match="not in the ring"):
        Vault.from_ring(NEW).open(SEALED, HERE)


def test_a_new_first_key_still_opens_what_the_old_one_sealed() -> None:
    assert b"secret" == Vault.from_ring(f"{NEW},{OLD}").open(SEALED, HERE)


def test_a_resealed_value_no_longer_needs_the_old_key() -> None:
    resealed = Vault.from_ring(f"{NEW},{OLD}").reseal(SEALED, HERE)

    assert b"secret" == Vault.from_ring(NEW).open(resealed, HERE)


def test_a_value_under_the_current_key_stays_as_it_is() -> None:
    assert VAULT.reseal(SEALED, HERE) is SEALED
