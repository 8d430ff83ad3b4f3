"""The account's id and key out of an answer, in every spelling, before it is landed. Pure.

Adzuna writes the id of the account that asks into the address of each ad, as ``utm_source``. What is masked
is replaced by a word that serves as well: an address without it is refused, with any value it works.

What lives here: finding and replacing. What does not: how a message is cleaned (``foreign_text``).
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from binascii import a2b_base64
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import msgspec

from jobmarket.foundation.foreign_text import any_spelling_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MASK = "masked"
DEPTH = 3
"""Encodings within encodings that are looked into: Base64 of a percent-encoded address is two."""

LONGEST_TOKEN = 4_000
"""Signs of one run without a blank; those of an ad have two hundred. A longer one is not kept."""

_TOKEN = re.compile(r"[A-Za-z0-9+/_%-]{8,}={0,6}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+")
_HEX = re.compile(r"[0-9A-Fa-f]+")
_BASE32 = re.compile(r"[A-Za-z2-7]+")
_TO_STANDARD = str.maketrans("-_", "+/")
# words of a sentence, which nothing is encoded as: most tokens, and not worth decoding
_WORD = re.compile(r"[-/_]*(?:[A-Za-z][a-z]*(?:[-/_]+|$))*|[A-Z]{1,12}|\d+(?:-\d+)*")
_ESCAPED = re.compile(r"\\{1,8}(?:u\{?([0-9a-fA-F]{1,6})\}?|x([0-9a-fA-F]{2}))")
# what an escape begins with: only in a text with one a character may be written in another way
_SIGNS = re.compile(r"%[0-9A-Fa-f]{2}|&(?:#|[A-Za-z]{2,8};)|\\")


def without_account(body: bytes, secrets: Iterable[str]) -> bytes:
    """Return an answer in which no text holds a secret, in any spelling; every other byte as received.

    Only where a secret is written otherwise than in its own letters, the answer is written anew.

    :param body: JSON in UTF-8.
    :param secrets: the account's id and key, each of four characters at least.

    Raise :class:`ValueError` if the body is no JSON: then nothing of it may be kept.
    """
    known = [_Secret(secret) for secret in sorted(secrets, key=len, reverse=True)]
    try:
        found = msgspec.json.decode(body)
        masked = body.decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise ValueError(f"the body is no JSON ({type(exc).__name__})") from None
    for secret in known:
        masked = secret.as_it_is.sub(MASK, masked)
    try:
        found = msgspec.json.decode(masked)
        is_whole = True
    except msgspec.DecodeError:
        is_whole = False  # its first letter belonged to an escape
    clean = _mapped(found, lambda text: _cleaned(text, known))
    return masked.encode() if is_whole and clean == found else msgspec.json.encode(clean)


class _Secret:
    """How one secret is found.

    :param as_it_is: finds its own letters, whatever their case.
    :param spelled: finds it in every spelling of one encoding.
    :param written: in lower case, how it is written by encodings without escapes.
    """

    def __init__(self, secret: str) -> None:
        self.as_it_is = re.compile(re.escape(secret), re.IGNORECASE)
        self.spelled = any_spelling_of(secret)
        raw = secret.encode()
        coded = [base64.b64encode(b"\0" * before + raw).decode() for before in range(3)]
        # the first and the last sign may hold bits of the neighbours
        cores = [text.rstrip("=")[first:-1] for text, first in zip(coded, (0, 2, 3), strict=True)]
        self.written = [secret.lower(), raw.hex(), *(core.lower() for core in cores)]
        self.written += [core.translate(_TO_URL) for core in self.written]


_TO_URL = str.maketrans("+/", "-_")


def _cleaned(text: str, secrets: list[_Secret]) -> str:
    if len(text) < _SHORTEST:
        return text
    has_sign = _SIGNS.search(text) is not None
    lower = text.lower()
    for secret in secrets:
        if has_sign or any(written in lower for written in secret.written):
            text = secret.spelled.sub(MASK, text)
    patterns = [secret.spelled for secret in secrets]
    if has_sign and _holds_in_whole(text, patterns):
        return MASK  # an escape that stands between its signs: none of the text can be kept
    return _TOKEN.sub(lambda met: MASK if _is_hiding(met[0], patterns, DEPTH) else met[0], text)


_SHORTEST = 4


def _holds_in_whole(text: str, patterns: list[re.Pattern[str]]) -> bool:
    for _ in range(DEPTH):
        plain = _ESCAPED.sub(lambda met: chr(min(int(met[1] or met[2], 16), 0x10FFFF)), text)
        plain = html.unescape(unquote(plain, errors="replace"))
        if plain == text:
            return False
        if any(pattern.search(plain) for pattern in patterns):
            return True
        text = plain
    return False


def _is_hiding(token: str, patterns: list[re.Pattern[str]], depth: int) -> bool:
    """Return whether something encoded holds a secret, or something encoded that does."""
    if len(token) > LONGEST_TOKEN:
        return True
    if not depth or _WORD.fullmatch(token):
        return False
    for plain in _decoded(token):
        if any(pattern.search(plain) for pattern in patterns):
            return True
        if any(_is_hiding(met[0], patterns, depth - 1) for met in _TOKEN.finditer(plain)):
            return True
    return False


def _decoded(token: str) -> Iterator[str]:
    """Yield what a run of letters and digits may stand for."""
    if "%" in token:
        yield unquote(token, errors="replace")
    plain = token.rstrip("=")
    for raw in _bytes_of(plain):
        yield raw.decode("utf-8", "replace")
        if b"\0" in raw:  # UTF-16 of such a secret is itself with zeros between
            yield raw.replace(b"\0", b"").decode("utf-8", "replace")


def _bytes_of(text: str) -> Iterator[bytes]:
    if _BASE64.fullmatch(text):
        standard = text.translate(_TO_STANDARD)
        # what stands before it in the same run, `land/` say, moves where its groups of four begin
        for start in range(4):
            moved = standard[start:]
            if len(moved) % 4 == 1:
                moved = moved[:-1]  # no number of bytes is written so: it belongs to a neighbour
            yield a2b_base64(moved + "=" * (-len(moved) % 4))
    if len(text) % 2 == 0 and _HEX.fullmatch(text):
        yield bytes.fromhex(text)
    if _BASE32.fullmatch(text):
        try:
            yield base64.b32decode(text.upper() + "=" * (-len(text) % 8))
        except binascii.Error:
            return  # a word


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(item, change) for item in value]
    if isinstance(value, dict):
        return {change(name): _mapped(item, change) for name, item in value.items()}
    return value
