"""Start, watch and stop one bot: a process of its own on a core of its own, in a fresh folder, with a fresh account."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.telegram.contestant import BOT_CORE, pin
from tests.kit.synapse import Synapse, User

HERE = Path(__file__).parent / "contestants"
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_SECONDS = 60.0


def cpu(pid: int) -> float:
    """Give the seconds of CPU that a process and its threads used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory(pid: int) -> float:
    """Give the resident memory of a process in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE / 1e6


@dataclass
class Contestant:
    """One bot: what it is called and how it is started; ours where there is no script."""

    name: str
    script: str = ""
    python: str = sys.executable
    folder: Path = field(default_factory=Path)
    process: subprocess.Popen[bytes] | None = None

    @property
    def ours(self) -> bool:
        """Whether this is our bot."""
        return not self.script

    @property
    def pid(self) -> int:
        """Give the id of the running process."""
        assert self.process is not None
        return self.process.pid

    async def start(self, server: Synapse, user: User) -> None:
        """Start it and wait until it reads messages."""
        self.folder = Path(tempfile.mkdtemp(prefix="optout-bench-"))
        clean = {name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")}
        if self.ours:
            command = [self.python, "-m", "bot", "run"]
            clean |= {
                "OPTOUT_DATA_DIR": str(self.folder),
                "OPTOUT_MATRIX__HOMESERVER": server.url,
                "OPTOUT_MATRIX__USER_ID": user.id,
                "OPTOUT_MATRIX__PASSWORD": user.password,
                "OPTOUT_HTTP__LISTEN": "127.0.0.1:0",
                "OPTOUT_LOG__LEVEL": "error",
            }
        elif self.script == "floor.py":
            command = [self.python, str(HERE / self.script), server.url, user.token, str(self.folder)]
        else:
            command = [self.python, str(HERE / self.script), server.url, user.id, user.password, str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=clean, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=Path(__file__).parents[3]
            )
        pin(self.pid, BOT_CORE)
        ready = self.folder / ("ready.json" if self.ours else "ready")
        end = time.monotonic() + _SECONDS
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.name} does not come up; its last words: {self.log()}")
            await asyncio.sleep(0.05)

    def log(self) -> str:
        """Give the last line it wrote."""
        lines = (self.folder / "log").read_text("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "nothing"

    def kill(self) -> None:
        """End it and remove its folder."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        shutil.rmtree(self.folder, ignore_errors=True)


class Watch:
    """Look at the memory of a process while something goes on: `async with Watch(pid) as watch:`."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.start = memory(pid)
        self.peak = self.start
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Watch:
        """Begin."""
        self._task = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop looking."""
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _look(self) -> None:
        while True:
            self.peak = max(self.peak, memory(self._pid))
            await asyncio.sleep(0.2)


def simplematrixbotlib(folder: Path) -> Contestant | str:
    """Install simplematrixbotlib into an environment of its own; gives one sentence where that cannot be done."""
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "simplematrixbotlib>=2.13,<3"]
    try:
        for command in ([sys.executable, "-m", "venv", str(folder)], install):
            subprocess.run(command, check=True, capture_output=True, timeout=300)
    except (OSError, subprocess.SubprocessError):
        return "simplematrixbotlib is left out: it could not be installed."
    return Contestant("simplematrixbotlib, echo", "simplebot.py", str(python))
