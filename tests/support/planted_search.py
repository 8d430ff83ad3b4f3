"""Looks for secrets in whatever bytes: each whole, in every spelling, and what all of them begin with.

What does not live here: which secrets there are (``planted_secrets``, ``planted_stack``), where they could
have been left (``planted_places``).
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from ahocorasick_rs import BytesAhoCorasick
from jobmarket.foundation.foreign_text import spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Found = tuple[str, str, bytes]
"""Where, which secret, and what is around it."""


class Search:
    """One pass over some bytes for all of some secrets.

    :param secrets: by what they are.
    :param stem: what they begin with and nothing else does, so that one that was cut short is found, too.
    """

    def __init__(self, secrets: Mapping[str, str], stem: str = "") -> None:
        named = {way: word for word, secret in secrets.items() for way in ways(secret)}
        if stem:
            named |= dict.fromkeys(ways(stem), f"{stem}…")
        self._named = list(named.items())
        self._words = BytesAhoCorasick([way for way, _ in self._named])

    def found(self, name: str, data: bytes) -> set[Found]:
        """Return the secrets that stand in a place."""
        return {
            (name, self._named[which][1], data[max(0, start - 150) : end + 60])
            for which, start, end in self._words.find_matches_as_indexes(data)
        }

    def found_in(self, places: Iterable[tuple[str, bytes]]) -> set[Found]:
        """Return the secrets that stand in any of some places."""
        return {found for name, data in places for found in self.found(name, data)}


def ways(secret: str) -> set[bytes]:
    """Return how programs write a secret, alone or within something longer."""
    raw = secret.encode()
    units = [*zip(secret, raw, strict=True)] if secret.isascii() else []
    escaped = {
        "".join(form.format(byte) for _, byte in units)
        for form in ("%{:02x}", "%{:02X}", "\\u{:04x}", "\\x{:02x}", "&#{};", "&#x{:x};", "{:02x} ")
    }
    found = {word.encode("utf-8", "surrogatepass") for word in spellings(secret) | escaped}
    found |= {secret.encode("utf-16-le"), secret.encode("utf-16-be")}
    return {word.rstrip() for word in found if word} | set(_base64_within(raw))


def _base64_within(raw: bytes) -> Iterable[bytes]:
    """Yield the Base64 of some bytes wherever they begin in what was encoded: ``login:password``, say."""
    for before in range(3):
        coded = b64encode(b"\0" * before + raw).rstrip(b"=")
        # the first and the last sign may hold bits of the neighbours
        core = coded[(0, 2, 3)[before] : len(coded) - (1 if (before + len(raw)) % 3 else 0)]
        yield core
        yield core.translate(bytes.maketrans(b"+/", b"-_"))
