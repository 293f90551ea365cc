"""Settings explain themselves: which variable, what was read, an example of a right one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.settings import SETTINGS, Secret, load

TOKEN = "12345678:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


def test_defaults_hold_without_any_setting() -> None:
    settings = load({"PATH": "/bin"})
    assert settings["HTTP__LISTEN"] == ("127.0.0.1", 8080)
    assert settings["TELEGRAM__API_URL"] == "https://api.telegram.org"
    assert settings["DEFAULT_LANGUAGE"] == "en"
    assert settings.data_dir.name == "optout-bot"


def test_every_example_of_the_table_is_right_or_plainly_a_hint() -> None:
    for setting in SETTINGS:
        if "…" in setting.example or setting.secret:
            continue
        setting.read(setting.example)


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("OPTOUT_HTTP__LISTEN", "8080", "host:port"),
        ("OPTOUT_HTTP__LISTEN", "localhost:99999", "host:port"),
        ("OPTOUT_TELEGRAM__MODE", "pull", "polling, webhook"),
        ("OPTOUT_TELEGRAM__API_URL", "ftp://x", "https://"),
        ("OPTOUT_MATRIX__USER_ID", "optout", "Matrix id"),
        ("OPTOUT_DATABASE_URL", "mysql://x", "sqlite:///path"),
        ("OPTOUT_DEFAULT_LANGUAGE", "german", "language code"),
        ("OPTOUT_OPERATOR__NAME", "  ", "a text"),
        ("OPTOUT_TELEGRAM__WEBHOOK_SECRET", "short", "16 to 256"),
    ],
)
def test_a_wrong_value_names_variable_expectation_and_example(variable: Any, value: Any, expected: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        load({variable: value})
    sentence = str(caught.value)
    assert sentence.startswith(variable)
    assert expected in sentence
    assert "For example" in sentence
    assert "\n" not in sentence


def test_P02_a_wrong_token_is_never_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"OPTOUT_TELEGRAM__TOKEN": "my secret token"})
    assert "my secret token" not in str(caught.value)


def test_P02_a_secret_hides_itself_everywhere() -> None:
    settings = load({"OPTOUT_TELEGRAM__TOKEN": TOKEN})
    secret = settings["TELEGRAM__TOKEN"]
    assert isinstance(secret, Secret)
    assert secret.reveal() == TOKEN
    for shown in (repr(settings), f"{secret}", str(secret), f"{secret!r:>5}", repr([secret])):
        assert TOKEN not in shown


def test_a_typing_error_in_a_name_is_met_with_the_nearest_right_one() -> None:
    with pytest.raises(SettingsError, match=r"OPTOUT_TELEGRAM__TOKN.*OPTOUT_TELEGRAM__TOKEN"):
        load({"OPTOUT_TELEGRAM__TOKN": TOKEN})


def test_secrets_come_from_files_that_only_their_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(0o600)
    settings = load({"OPTOUT_TELEGRAM__TOKEN_FILE": str(file)})
    assert settings["TELEGRAM__TOKEN"].reveal() == TOKEN
    assert settings.sources["TELEGRAM__TOKEN"] == "OPTOUT_TELEGRAM__TOKEN_FILE"
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        load({"OPTOUT_TELEGRAM__TOKEN_FILE": str(file)})
    with pytest.raises(SettingsError, match="cannot be read"):
        load({"OPTOUT_TELEGRAM__TOKEN_FILE": str(tmp_path / "none")})


def test_the_variable_comes_before_its_file_and_both_before_the_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "bot.toml"
    file.write_text('default_language = "fr"\ndata_dir = "/x"\n[operator]\nname = "From file"\nids = ["a", "b"]\n')
    settings = load({"OPTOUT_DEFAULT_LANGUAGE": "de"}, file)
    assert settings["DEFAULT_LANGUAGE"] == "de"
    assert settings["OPERATOR__NAME"] == "From file"
    assert settings["OPERATOR__IDS"] == ("a", "b")
    assert settings.data_dir == Path("/x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("x = ", "no TOML"), ("telgram = 1", "no setting telgram"), ("[http]\nlisten = 5", "host:port")],
)
def test_a_broken_settings_file_is_told_in_one_sentence(tmp_path: Path, text: Any, expected: Any) -> None:
    file = tmp_path / "bot.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=expected):
        load({}, file)


def test_a_missing_settings_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load({}, tmp_path / "none.toml")


def test_an_empty_variable_is_an_unset_one() -> None:
    assert load({"OPTOUT_OPERATOR__NAME": "", "OPTOUT_TELEGRAM__TOKEN": ""})["OPERATOR__NAME"] == ""


def test_ports_zero_and_six_digit_addresses_are_read() -> None:
    assert load({"OPTOUT_HTTP__LISTEN": "127.0.0.1:0"})["HTTP__LISTEN"] == ("127.0.0.1", 0)
    assert load({"OPTOUT_HTTP__LISTEN": "[::1]:80"})["HTTP__LISTEN"] == ("::1", 80)
