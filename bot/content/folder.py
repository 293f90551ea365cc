"""Find and read content folders: those of a checkout, of an installed wheel, or an operator's own."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ContentError, NoContent
from bot.reader import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Content:
    """Where content lies: the folder of the pack and the folder of the translations."""

    pack: Path
    locales: Path

    @property
    def name(self) -> str:
        """The name of the pack."""
        return self.pack.name

    @property
    def check(self) -> str:
        """The command that checks this content: the shipped one needs no name."""
        shipped = {(home / "dialogs").resolve() for home in _homes()}
        mine = "" if self.pack.parent.resolve() in shipped else f" {shlex.quote(str(self.pack))}"
        return f"optout-bot check{mine}"


INSTALLED = "_content"
"""The folder inside the installed package that holds its content."""


def find(root: Path | None = None, pack: str | None = None) -> Content:
    """Find the content: `root` if given, else inside the installed package, else beside it in a checkout.

    A folder with a single pack needs no name; with several, `pack` says which.
    """
    places = [root] if root is not None else _homes()
    for place in places:
        dialogs = place / "dialogs"
        if not dialogs.is_dir():
            continue
        packs = sorted(folder.name for folder in dialogs.iterdir() if (folder / "pack.yaml").is_file())
        if not packs:
            raise NoContent(f"{dialogs}: there is no pack here; a pack is a folder with a pack.yaml.")
        if pack is not None and pack not in packs:
            raise NoContent(f"{dialogs}: there is no pack «{pack}»; there is {', '.join(packs)}.")
        if pack is None and len(packs) > 1:
            raise NoContent(
                f"{dialogs}: there are several packs ({', '.join(packs)}); say which with --pack or OPTOUT_PACK."
            )
        return Content(dialogs / (pack or packs[0]), place / "locales")
    raise NoContent(f"{places[0]}: there is no folder «dialogs» here; give the folder that holds it.")


def _homes() -> list[Path]:
    """Give the folders where shipped content can lie: in the installed package, and beside it in a checkout."""
    here = Path(__file__).resolve().parent.parent
    return [here / INSTALLED, here.parent]


def read_files(content: Content) -> dict[str, str]:
    """Read the YAML files of a pack: path inside the pack -> text. Links that lead out of the folder are refused."""
    files: dict[str, str] = {}
    home = content.pack.resolve()
    for path in sorted(content.pack.rglob("*.yaml")):
        inside = path.relative_to(content.pack).as_posix()
        if not path.resolve().is_relative_to(home):
            raise ContentError(f"{path}: this link leads out of the pack; put the file itself here.")
        try:
            if path.stat().st_size > 4 * MAX_BYTES:
                raise ContentError(f"{path}: the file is larger than {4 * MAX_BYTES:,} bytes; split it.")
            files[inside] = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ContentError(f"{path}: the file is not UTF-8 text; save it with the encoding UTF-8.") from None
        except OSError as error:
            raise ContentError(f"{path}: the file cannot be read ({error.strerror}).") from None
    return files
