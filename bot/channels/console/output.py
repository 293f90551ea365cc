"""Writing to the terminal or a pipe: in its encoding, as near to the text as that allows, until nobody reads."""

from __future__ import annotations

import codecs
import errno
import os
import unicodedata
from contextlib import suppress
from typing import TextIO

_NEAREST = str.maketrans(
    {
        "–": "-", "—": "-", "‑": "-", "−": "-", "─": "-", "…": "...", "·": "-", "•": "*", "→": "->", "›": ">",
        "‘": "'", "’": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss",
        "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d",
        "æ": "ae", "œ": "oe", "§": "Sec.", "€": "EUR",
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2066\u2067\u2068\u2069\ufe0e\ufe0f"),
    }
)  # fmt: skip
"""What stands for a character that the output cannot write; None leaves it out."""


def nearest(text: str) -> str:
    """Write a text in ASCII: a flag becomes its two letters, an accent goes, what has no likeness becomes «?»."""
    written = []
    for char in text.translate(_NEAREST):
        if char.isascii():
            written.append(char)
        elif "\U0001f1e6" <= char <= "\U0001f1ff":
            written.append(chr(ord(char) - 0x1F1E6 + ord("A")))
        else:
            plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode("ascii")
            written.append(plain or ("" if unicodedata.combining(char) else "?"))
    return "".join(written)


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return nearest(error.object[error.start : error.end]), error.end


codecs.register_error("bot.nearest", _replace)


_LEFT = {errno.EPIPE, errno.EIO, errno.ECONNRESET, errno.EBADF}
"""Errors that only mean that the reader has left: a closed pipe, a closed window."""


class Gone(Exception):
    """Say that nothing can be written any more; `why` is empty when the reader has simply left."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


class Output:
    """Write text to a stream. Raises `Gone` when whoever read it has left."""

    def __init__(self, stream: TextIO | None, encoding: str | None = None) -> None:
        """Take the stream's own encoding unless another one is given; None is a stream closed from the start."""
        self._stream = stream
        self._buffer = getattr(stream, "buffer", None)
        self._encoding = encoding or getattr(stream, "encoding", None) or "utf-8"

    def write(self, text: str) -> None:
        """Write and flush: whoever waits for the answer must have it now."""
        if self._stream is None:
            raise Gone
        try:
            if self._buffer is None:
                self._stream.write(text)
            else:
                self._buffer.write(text.encode(self._encoding, "bot.nearest"))
                self._buffer.flush()
        except ValueError as error:  # the stream was closed on our side
            raise Gone from error
        except OSError as error:
            _silence(self._stream)
            raise Gone("" if error.errno in _LEFT else f"The output cannot be written: {error.strerror}.") from error

    def near(self, text: str) -> str:
        """Give a text as near as this output can write it, for others who write to the same stream."""
        return text.encode(self._encoding, "bot.nearest").decode(self._encoding)

    def note(self, text: str) -> None:
        """Write something that is not part of the conversation; nobody may be there to read it."""
        with suppress(Gone):
            self.write(text)


def _silence(stream: TextIO) -> None:
    """Let what is still buffered go nowhere, or Python would complain about it at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
