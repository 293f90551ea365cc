"""The image, the compose file and the unit keep their promises, as far as can be seen without Docker."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import yaml

HOME = Path(__file__).parent.parent / "docker"


def test_a_linter_finds_nothing_in_the_dockerfile() -> None:
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    assert program is not None, "hadolint comes with the development list: make test"
    result = subprocess.run([program, HOME / "Dockerfile"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_the_image_runs_without_root() -> None:
    lines = (HOME / "Dockerfile").read_text().splitlines()
    users = [line for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] == "USER 10001:10001"
    assert not any("curl" in line and line.startswith("RUN") for line in lines)


def test_compose_gives_nothing_that_is_not_needed() -> None:
    bot = yaml.safe_load((HOME / "compose.yaml").read_text())["services"]["bot"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in bot["security_opt"]
    assert "ports" not in bot
    assert not any("TOKEN" in name and not name.endswith("_FILE") for name in bot["environment"])


def test_every_variable_of_compose_and_unit_is_a_setting() -> None:
    from bot.settings import SETTINGS

    names = {f"OPTOUT_{setting.name}" for setting in SETTINGS}
    names |= {f"{name}_FILE" for name in names}
    compose = yaml.safe_load((HOME / "compose.yaml").read_text())["services"]["bot"]["environment"]
    unit = (HOME / "optout-bot.service").read_text().splitlines()
    pairs = [pair for line in unit if line.startswith("Environment=") for pair in line.split("=", 1)[1].split()]
    given = {pair.split("=")[0] for pair in pairs}
    assert {*compose, *given} <= names
