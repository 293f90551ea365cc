from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError, StoreError
from bot.store.crypto import Cipher, keyed_hash, place
from bot.store.keys import Keyring, keyring_from_file, keyring_from_text, keyring_in_memory
from tests.store.files import an_ordinary_user

HERE = place("sessions", "data", 7)
CIPHER = Cipher(b"k" * 32)


@given(st.binary(max_size=3000))
def test_what_was_sealed_opens_in_its_place_and_hides_its_words(data: bytes) -> None:
    value = CIPHER.seal(data, HERE)
    assert CIPHER.open(value, HERE) == data
    assert len(value) == len(data) + 33
    assert len(data) < 4 or data not in value


def test_the_same_words_never_look_the_same_twice() -> None:
    assert CIPHER.seal(b"words", HERE) != CIPHER.seal(b"words", HERE)


@pytest.mark.parametrize("elsewhere", [("sessions", "data", 8), ("sessions", "state", 7), ("cases", "data", 7)])
def test_a_value_moved_elsewhere_does_not_open(elsewhere: tuple[str, str, int]) -> None:  # P05
    with pytest.raises(StoreError, match="changed or belongs elsewhere"):
        CIPHER.open(CIPHER.seal(b"words", HERE), place(*elsewhere))


def test_any_flipped_bit_or_missing_byte_is_noticed() -> None:  # P05
    value = CIPHER.seal(b"words", HERE)
    for index in range(len(value)):
        broken = bytearray(value)
        broken[index] ^= 1
        for bad in (bytes(broken), value[:index]):
            with pytest.raises(StoreError):
                CIPHER.open(bad, HERE)


def test_another_key_is_named_as_the_reason() -> None:
    with pytest.raises(StoreError, match="another key"):
        Cipher(b"x" * 32).open(CIPHER.seal(b"words", HERE), HERE)


def test_a_complaint_about_a_value_does_not_tell_whose_it_is() -> None:
    with pytest.raises(StoreError) as caught:
        CIPHER.open(b"", place("sessions", "data", 4711))
    assert "4711" not in str(caught.value)
    assert "sessions.data" in str(caught.value)


def test_keyed_hashes_depend_on_key_and_every_part() -> None:
    hashes = {
        keyed_hash(b"a", "x", "y"),
        keyed_hash(b"b", "x", "y"),
        keyed_hash(b"a", "xy"),
        keyed_hash(b"a", "y", "x"),
        keyed_hash(b"a", "\ud800"),
    }
    assert len(hashes) == 5


@pytest.mark.parametrize("text", [(b"k" * 32).hex(), base64.b64encode(b"k" * 32).decode(), "a2tr" * 10 + "a2s"])
def test_a_key_is_read_as_hexadecimal_or_base64(text: str) -> None:
    assert keyring_from_text(f" {text}\n").id == Keyring(b"k" * 32).id


@pytest.mark.parametrize("text", ["", "secret", "ab" * 31, "ü" * 64, "A" * 43 + "!", "k" * 32])
def test_a_wrong_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(SettingsError, match="32 bytes") as caught:
        keyring_from_text(text)
    assert not text or text not in str(caught.value)


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "key"
    first = keyring_from_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert keyring_from_file(path).id == first.id
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o620])
def test_a_key_file_others_can_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    keyring_from_file(path)
    path.chmod(mode)
    with pytest.raises(StoreError, match="chmod 600"):
        keyring_from_file(path)


def test_a_key_file_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is missing"):
        keyring_from_file(tmp_path / "key", make=False)
    with pytest.raises(StoreError, match="folder writable"):
        keyring_from_file(tmp_path / "nowhere" / "key")
    with pytest.raises(StoreError, match="is no file"):
        keyring_from_file(tmp_path)
    (tmp_path / "empty").touch(mode=0o600)
    with pytest.raises(StoreError, match="32 bytes"):
        keyring_from_file(tmp_path / "empty")


def test_a_key_file_of_somebody_else_is_explained() -> None:
    with an_ordinary_user() as folder:
        keyring_from_file(folder / "key")
        (folder / "key").chmod(0o000)
        with pytest.raises(StoreError, match="cannot be read"):
            keyring_from_file(folder / "key")


def test_keys_never_show_in_a_representation() -> None:
    key = os.urandom(32)
    shown = repr(Keyring(key))
    assert key.hex() not in shown
    assert base64.b64encode(key).decode() not in shown


def test_derived_keys_differ_by_purpose_and_stay_the_same() -> None:
    keyring = Keyring(b"k" * 32)
    assert keyring.derive("matrix") == Keyring(b"k" * 32).derive("matrix")
    assert len({keyring.derive("matrix"), keyring.derive("other"), Keyring(b"x" * 32).derive("matrix")}) == 3
    assert keyring_in_memory().id != keyring_in_memory().id
