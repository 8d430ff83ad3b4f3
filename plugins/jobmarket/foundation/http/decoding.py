"""The body of an HTTP answer, decoded as it comes and never beyond a bound. Pure.

Only gzip is asked for, so nothing else is taken: no chain of encodings, no ``br``, no ``zstd``.
"""

from __future__ import annotations

import zlib

from jobmarket.foundation.foreign_text import clean

LARGEST_BODY_BYTES = 32 * 1024 * 1024
"""Bytes of a body before and after decoding: a page of 150 offers is about 0.7 MB."""

MOST_MEMBERS = 1000
"""Members of one gzip body: each costs time, however little it holds."""

_GZIP = {"gzip", "x-gzip"}
_PLAIN = {"", "identity"}


class UnreadableBodyError(ValueError):
    """A body that cannot be taken; the message says why, in our words."""


class Decoder:
    """Takes a body piece by piece.

    :param encoding: the header ``Content-Encoding`` as received.

    Raise :class:`UnreadableBodyError` for an encoding that was not asked for.
    """

    def __init__(self, encoding: str) -> None:
        named = encoding.strip().lower()
        if named not in _GZIP | _PLAIN:
            raise UnreadableBodyError(
                f"a body encoded as {clean(encoding, longest=40)!r}, which was not asked for"
            )
        self._body = bytearray()
        self._received = 0
        self._members = 0
        self._is_gzip = named in _GZIP
        self._gzip = _member()

    def feed(self, piece: bytes) -> None:
        """Take what has come; raise :class:`UnreadableBodyError` if it is too much or no gzip."""
        self._received += len(piece)
        if self._received > LARGEST_BODY_BYTES:
            raise _too_large()
        if not self._is_gzip:
            self._body += piece
            return
        try:
            while piece:
                if self._gzip.eof:  # a body may be several members, one behind the other
                    self._gzip = _member()
                    self._members += 1
                # one byte more than fits, so that what is too much shows
                room = LARGEST_BODY_BYTES + 1 - len(self._body)
                self._body += self._gzip.decompress(piece, room)
                if len(self._body) > LARGEST_BODY_BYTES:
                    raise _too_large()
                if self._members > MOST_MEMBERS:
                    raise UnreadableBodyError(f"a gzip body of more than {MOST_MEMBERS} members")
                piece = self._gzip.unused_data
        except zlib.error:
            raise UnreadableBodyError("a body that is no gzip, though it says so") from None

    def whole(self) -> bytes:
        """Return the body; raise :class:`UnreadableBodyError` if its end is missing."""
        if self._is_gzip and self._received and not self._gzip.eof:
            raise UnreadableBodyError("a gzip body whose end is missing")
        return bytes(self._body)


def _member() -> zlib._Decompress:
    return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)


def _too_large() -> UnreadableBodyError:
    return UnreadableBodyError(f"a body of more than {LARGEST_BODY_BYTES} bytes")
