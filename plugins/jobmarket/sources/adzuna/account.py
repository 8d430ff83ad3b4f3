"""The account's id and key out of an answer, in every spelling, before it is landed. Pure.

Adzuna writes the id of the account that asks into the address of each ad (``utm_source``). What is masked is
replaced by a word that serves as well: an address without it is refused, with any value it works.

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

_TOKEN = re.compile(r"[A-Za-z0-9+/_%-]{8,}={0,6}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+")
_HEX = re.compile(r"[0-9A-Fa-f]+")
_BASE32 = re.compile(r"[A-Za-z2-7]+")
_TO_STANDARD = str.maketrans("-_", "+/")
_ESCAPED = re.compile(r"\\+(?:u\{?([0-9a-fA-F]{1,6})\}?|x([0-9a-fA-F]{2}))")
_SIGNS = re.compile(r"[%&\\]")


def without_account(body: bytes, secrets: Iterable[str]) -> bytes:
    """Return an answer in which no text holds a secret, in any spelling; every other byte as received.

    Only where replacing in the bytes would break the JSON, or leave a secret in an encoding within an
    encoding, the answer is written anew.

    :param body: JSON in UTF-8.
    :param secrets: the account's id and key, each of four characters at least.

    Raise :class:`ValueError` if the body is no JSON: then nothing of it may be kept.
    """
    patterns = [any_spelling_of(secret) for secret in sorted(secrets, key=len, reverse=True)]
    try:
        before = msgspec.json.decode(body)
        masked = _replaced(body.decode(), patterns).encode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise ValueError(f"the body is no JSON ({type(exc).__name__})") from None
    try:
        after = msgspec.json.decode(masked)
    except msgspec.DecodeError:
        after, masked = before, b""
    clean = _mapped(after, lambda text: _cleaned(text, patterns))
    return masked if masked and clean == after else msgspec.json.encode(clean)


def _replaced(text: str, patterns: list[re.Pattern[str]]) -> str:
    for pattern in patterns:
        text = pattern.sub(MASK, text)
    return text


def _cleaned(text: str, patterns: list[re.Pattern[str]]) -> str:
    text = _replaced(text, patterns)
    if len(text) < 8:
        return text
    if _SIGNS.search(text) and _holds_in_whole(text, patterns):
        return MASK  # an escape that stands between its signs: none of the text can be kept
    return _TOKEN.sub(lambda met: MASK if _is_hiding(met[0], patterns, DEPTH) else met[0], text)


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
    if not depth:
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
