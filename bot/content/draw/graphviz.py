"""Let Graphviz lay out and draw."""

from __future__ import annotations

import shutil
import subprocess

from bot.errors import BotError

_SECONDS = 120


class GraphvizError(BotError):
    """Say that Graphviz is not here or did not draw, and what can be done without it."""


class TooSlow(GraphvizError):
    """Say that Graphviz was stopped because it took too long."""


def graphviz(dot: str, *options: str, seconds: float = _SECONDS) -> bytes:
    """Give what `dot` makes of a picture in its language; raises `GraphvizError` in one sentence."""
    program = shutil.which("dot")
    if program is None:
        raise GraphvizError(
            "the program «dot» of Graphviz is not here. Install it (Debian, Ubuntu: apt-get install graphviz; "
            "macOS: brew install graphviz), or write a file that ends in .mmd or .dot, which needs no program."
        )
    try:
        done = subprocess.run(
            [program, *options], input=dot.encode(), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise TooSlow(f"Graphviz needs more than {seconds:.0f} seconds; draw one dialog, or write .mmd.") from None
    except OSError as error:
        raise GraphvizError(
            f"Graphviz did not draw it ({type(error).__name__}); draw one dialog, or write .mmd."
        ) from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().split("\n")[0]
        raise GraphvizError(f"Graphviz did not draw it ({said[:200]}); write .mmd, or tell us.")
    return done.stdout
