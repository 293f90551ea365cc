"""Where files that the bot sends are put."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from bot.errors import SettingsError

_UNSAFE = re.compile(r"[^\w.\- ]+")


class Folder:
    """Put files into the wanted folder, or into a temporary one that `close` removes."""

    def __init__(self, wanted: Path | None) -> None:
        """Make sure of the wanted folder; raises `SettingsError` when it cannot be made."""
        self._path = wanted
        self._temporary: Path | None = None
        if wanted is not None:
            try:
                wanted.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise SettingsError(f"The folder {wanted} for files cannot be made: {error.strerror}.") from error

    def put(self, name: str, data: bytes) -> Path:
        """Write a file under its name, or a numbered one where that is taken; raises OSError.

        Only its owner may read it, because it holds a person's letter.
        """
        if self._path is None:
            self._path = self._temporary = Path(tempfile.mkdtemp(prefix="optout-"))
        safe = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")[-100:] or "file"
        stem, dot, ending = safe.rpartition(".")
        number = 1
        while True:
            path = self._path / (safe if number == 1 else f"{stem or ending}-{number}{dot + ending if stem else ''}")
            try:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                number += 1
                continue
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            return path.absolute()

    def close(self) -> None:
        """Remove the temporary folder with everything in it; a wanted one stays."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._path = self._temporary = None
