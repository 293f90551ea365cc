"""Start and stop the bots that are compared: a process each, on a core of its own, in a fresh folder."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.telegram import quiz

_HERE = Path(__file__).parent / "contestants"
_TOKEN = "424242:" + "x" * 35
BOT_CORE, API_CORE = 0, 1
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Contestant:
    """One bot: what it is called, the arguments of its script, and the content it needs if it is ours."""

    name: str
    script: str = ""
    extra: tuple[str, ...] = ()
    buttons: bool | None = None
    folder: Path = field(default_factory=Path)
    process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Make a fresh folder."""
        self.folder = Path(tempfile.mkdtemp(prefix="optout-bench-"))
        if self.buttons is not None:
            quiz.make(self.folder / "content", buttons=self.buttons)

    def start(self, port: int) -> None:
        """Start it on its core, or start it again on what it left behind."""
        url = f"http://127.0.0.1:{port}"
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        if self.buttons is None:
            command = [sys.executable, str(_HERE / self.script), url, str(self.folder), *self.extra]
        else:
            command = [sys.executable, "-m", "bot", "run"]
            environment |= {
                "OPTOUT_DATA_DIR": str(self.folder / "data"),
                "OPTOUT_CONTENT": str(self.folder / "content"),
                "OPTOUT_HTTP__LISTEN": "127.0.0.1:0",
                "OPTOUT_LOG__LEVEL": "error",
                "OPTOUT_TELEGRAM__TOKEN": _TOKEN,
                "OPTOUT_TELEGRAM__API_URL": url,
                "OPTOUT_TELEGRAM__LIMITS": "off",
            }
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=Path(__file__).parents[3],
            )
        pin(self.process.pid, BOT_CORE)

    def cpu(self) -> float:
        """Give the seconds of CPU its threads used so far."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """Give its resident memory in MB."""
        assert self.process is not None
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def log(self) -> str:
        """Give the last line it wrote, for when it does not come up."""
        lines = (self.folder / "log").read_text("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "nothing"

    def clear(self) -> None:
        """Remove its folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Redis:
    """A Redis server for aiogram's storage, on a free port, keeping nothing on disk."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [shutil.which("redis-server") or "", "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"],
            stdout=subprocess.DEVNULL,
        )
        pin(self.process.pid, API_CORE)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("redis-server did not come up")

    @property
    def url(self) -> str:
        """Give its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    @staticmethod
    def available() -> bool:
        """Say whether the server and Python's client of it are here; without them its row is left out."""
        return shutil.which("redis-server") is not None and importlib.util.find_spec("redis") is not None

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


def pin(process: int, core: int) -> None:
    """Keep a process on one core, where the machine has two and lets us choose."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        with suppress(OSError):
            os.sched_setaffinity(process, {core})


def everyone(redis: Redis | None) -> list[Contestant]:
    """List the contestants, the one that ratios refer to first."""
    found = [
        Contestant("PTB + PicklePersistence", "ptb.py"),
        Contestant("aiogram, memory", "aiogram_fsm.py"),
        Contestant("ours, one call a turn", buttons=False),
        Contestant("ours, edited in place", buttons=True),
        Contestant("floor: raw, durable", "floor.py"),
    ]
    if redis is not None:
        found.insert(2, Contestant("aiogram, Redis", "aiogram_fsm.py", (redis.url,)))
    return found
