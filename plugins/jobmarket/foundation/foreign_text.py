"""What a server or a record says, made fit for a message: one line, short, without any secret. Pure.

What lives here: the one way for a foreign text into a sentence, a log or a terminal. What does not: which
secrets this process knows (``known_secrets``), what is written into tables and pages (bound, escaped there).
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from base64 import b64encode
from functools import lru_cache
from html.entities import html5
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_TEXT = 200
"""Characters of a foreign text in a message."""

LONGEST_READ = 16_384
"""Characters of a foreign text that are looked at: what stands behind them is never shown."""

SHORTEST_SECRET = 4
"""A shorter one would be found in every sentence, and its stars would tell where."""

HIDDEN = "***"
CUT = " […]"

# control, format (bidi, zero width), surrogate, private, unassigned, line and paragraph separators
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_URL = re.compile(
    r"\b([a-z][a-z0-9+.-]{0,20}://)(?:[^\s/?#]*@)?([^\s?#]*)(?:[?#]\S*)?", re.IGNORECASE
)
_NAMED = {sign: name.rstrip(";") for name, sign in html5.items() if len(sign) == 1}


def clean(text: object, secrets: Iterable[str] = (), longest: int | None = LONGEST_TEXT) -> str:
    """Return a foreign text in one printable line, without secrets, userinfo and queries of addresses.

    :param secrets: each is hidden as it is and in every spelling: percent, backslash and HTML escapes of any
        of its characters, Base64 (alone or within a longer text), hexadecimal.
    :param longest: characters to keep; ``None`` for a sentence of our own that holds foreign parts.
    """
    said = str(text)
    read = said[:LONGEST_READ]
    known = _patterns(frozenset(secrets))
    # once as received, once without what somebody may have put between two characters
    shown = _hidden(_one_line(_hidden(read, known)), known)
    if len(said) > LONGEST_READ:
        # the cut may have left the beginning of a secret
        shown = shown[: -6 * max((len(secret) for secret in secrets), default=1)]
    shown = _URL.sub(r"\1\2", shown)
    if longest is not None and len(shown) > longest:
        shown = shown[: longest - len(CUT)] + CUT
    return shown


def address_of(url: str) -> str:
    """Return scheme, host, port and path of an address: its userinfo and query may be secret."""
    return clean(url)


def spellings(secret: str) -> set[str]:
    """Return how programs write a secret: for a masker that knows plain words only."""
    raw = secret.encode("utf-8", "surrogatepass")
    percent = {quote(raw, safe=safe) for safe in ("", "/", "~()*!'")}
    return {
        secret,
        *percent,
        *(re.sub("%..", lambda met: met[0].lower(), one) for one in percent),
        *(one.replace("%20", "+") for one in percent),
        *(repr(one)[1:-1] for one in (secret, raw.decode("latin-1"))),
        secret.replace("\\", "\\\\").replace('"', '\\"'),
        secret.encode("ascii", "backslashreplace").decode(),
        html.escape(secret),
        b64encode(raw).decode(),
        raw.hex(),
        raw.hex().upper(),
    }


@lru_cache(maxsize=64)
def any_spelling_of(secret: str) -> re.Pattern[str]:
    """Return what finds a secret in any text, in every spelling that :func:`clean` knows, case put aside."""
    return re.compile(_pattern(secret).pattern, re.IGNORECASE)


def repeats(body: bytes, secrets: Iterable[str]) -> bool:
    """Tell whether a body holds a secret as it is, or as JSON or an address writes it.

    For what is stored as received: 0.2 ms for each secret in a page of 150 offers (0.5 MB).
    """
    return any(written in body for secret in secrets for written in _written(secret))


@lru_cache(maxsize=64)
def _written(secret: str) -> frozenset[bytes]:
    if len(secret) < SHORTEST_SECRET:
        return frozenset()
    ways = (
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, ""),
    )
    return frozenset(way.encode("utf-8", "surrogatepass") for way in ways)


def _one_line(text: str) -> str:
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    # what stands between words stays a blank; what is invisible goes, so that it hides nothing
    spaced = re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text)
    return " ".join(
        "".join(c for c in spaced if unicodedata.category(c) not in _UNPRINTABLE).split()
    )


def _hidden(text: str, patterns: Iterable[re.Pattern[str]]) -> str:
    for pattern in patterns:
        text = pattern.sub(HIDDEN, text)
    return text


@lru_cache(maxsize=64)
def _patterns(secrets: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    """Return what finds the secrets, the longest first: one may be part of another."""
    known = sorted((s for s in secrets if len(s) >= SHORTEST_SECRET), key=lambda s: (-len(s), s))
    return tuple(_pattern(secret) for secret in known)


@lru_cache(maxsize=256)
def _pattern(secret: str) -> re.Pattern[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    written = "".join(_any_spelling(sign) for sign in secret)
    hexadecimal = r"[\s:]?".join(f"(?i:{byte:02x})" for byte in raw)
    return re.compile("|".join([written, *_base64_of(raw), hexadecimal]))


def _any_spelling(sign: str) -> str:
    """Return a pattern for one character, as it is or escaped, once or twice.

    Each repetition in it has a bound: what is searched may be made to be searched for long.
    """
    raw = sign.encode("utf-8", "surrogatepass")
    units = sign.encode("utf-16-be", "surrogatepass")
    percent = "".join(f"%(?:25)?(?i:{byte:02x})" for byte in raw)
    unicode_escape = "".join(
        rf"\\{{1,8}}u(?i:{units[at : at + 2].hex()})" for at in range(0, len(units), 2)
    )
    byte_escape = "".join(rf"\\{{1,8}}(?:x(?i:{byte:02x})|0{{0,2}}{byte:o})" for byte in raw)
    decimal, hexadecimal = f"&#0{{0,8}}{ord(sign)};?", f"&#(?i:x0{{0,8}}{ord(sign):x});?"
    ways = [
        rf"\\{{0,8}}{re.escape(sign)}",
        percent,
        unicode_escape,
        byte_escape,
        decimal,
        hexadecimal,
    ]
    if len(raw) > 1:  # UTF-8 read as Latin-1, and a letter of Latin-1 as repr() writes it
        ways += [re.escape(raw.decode("latin-1")), rf"\\{{1,8}}x(?i:{ord(sign):02x})"]
    ways.append(rf"\\{{1,8}}(?:U(?i:{ord(sign):08x})|u\{{(?i:0{{0,8}}{ord(sign):x})\}})")
    if sign in _NAMED:
        ways.append(f"&(?:amp;)?{_NAMED[sign]};")
    if sign == " ":
        ways.append(r"\+")
    if sign.isspace():
        ways.append(r"\s{1,8}")  # blanks are joined before the second look
    short = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}.get(sign)
    if short:
        ways.append(rf"\\{{1,8}}{short}")
    any_way = f"(?:{'|'.join(ways)})"
    return any_way if sign.isprintable() or sign.isspace() else f"{any_way}?"


def _base64_of(raw: bytes) -> list[str]:
    """Return the Base64 of some bytes wherever they begin in what was encoded: `login:password`, say."""
    found = []
    for before in range(3):
        coded = b64encode(b"\0" * before + raw).decode().rstrip("=")
        # the first and the last sign may hold bits of the neighbours
        first = (0, 2, 3)[before]
        last = len(coded) - (1 if (before + len(raw)) % 3 else 0)
        core = coded[first:last]
        if len(core) >= SHORTEST_SECRET:
            either = "".join({"+": "[+-]", "/": r"[/_]"}.get(sign, sign) for sign in core)
            found.append(f"[A-Za-z0-9+/_-]{{0,2}}{either}[A-Za-z0-9+/_-]{{0,2}}={{0,2}}")
    return found
