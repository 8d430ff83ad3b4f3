"""Where bytes may hold a contact: a look that lets nearly all offers pass unread. Pure.

What lives here: what every address and number begins with. What does not: what they look like (``contact``).
Whatever that masks must be let through here; a test holds the two together.

To look for a number with its pattern would take forty microseconds an offer.
"""

from __future__ import annotations

import re

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from jobmarket.enrich.contact.number import COUNTRIES

# What stands for the sign, or begins a number that begins otherwise. Three bytes or more each and a few dozen
# at most: such a search goes through sixteen bytes at once.
WORDS = tuple(
    word.encode()
    for word in (
        *(
            "(at",
            "[at",
            "{at",
            "(AT",
            "[AT",
            "{AT",
            "(At",
            "[At",
            "(a)",
            "[a]",
            "(A)",
            "robas",
            "ROBAS",
            "Robas",
        ),
        *(" at ", " AT ", "＠", "﹫", "%40", "%2540", "０", "＋"),
        *("336", "337", "33 6", "33 7", "33.6", "33.7", "33-6", "33-7", "O6 ", "O6.", "O7 ", "O7."),
    )
)

# Letters that JSON wrote as escapes: nobody can say what they are until they are decoded.
_ESCAPES = (rb"\u00", rb"\uff", rb"\uFF", rb"\ufe6b")
_MARKS = (*WORDS, *_ESCAPES)
_OF_MOBILE = b"33"
_OF_NUMBERS = frozenset(word.encode() for word in ("０", "＋", "O6 ", "O6.", "O7 ", "O7."))
_IS_MOBILE = re.compile(rb"33[ .-]?[67](?:[^\dA-Za-z\"]{0,4}\d){8}").match
# Leftmost: only so does the search go through sixteen bytes at once.
_marks_in = BytesAhoCorasick(_MARKS, matchkind=MatchKind.LeftmostFirst).find_matches_as_indexes

_DIGITS = "0123456789"
_NOT_ZERO = _DIGITS[1:]
# First bytes of what stands between digits: signs, and blanks, dashes and invisible marks that are not ASCII.
# A hyphen and a full stop are not among them: the dates of each record are full of them.
_SIGNS = [
    *(char.encode() for char in " /_*|~()[]'\t\\"),
    b"\xc2",
    b"\xe1",
    b"\xe2",
    b"\xe3",
    b"\xef",
]
_BLANKS = ("", " ", ".", "-", "(", "\u00a0")
_STARTS = [
    b"@",
    *(f"0{a}{b}{c}".encode() for a in _NOT_ZERO for b in _DIGITS for c in _DIGITS),
    *(f"0{a}".encode() + sign for a in _NOT_ZERO for sign in _SIGNS),
    *(f"0{a}.{b}".encode() for a in _NOT_ZERO for b in f"{_NOT_ZERO} -"),
    *(f"0{a}.0{b}".encode() for a in _NOT_ZERO for b in _NOT_ZERO),
    *(f"0{a}.00{sign}".encode() for a in _NOT_ZERO for sign in ". -"),
    *(f"0{a}-{b:02}-".encode() for a in _NOT_ZERO for b in range(100)),
    *(f"0{a}-{b:03}".encode() for a in _NOT_ZERO for b in range(1000)),
    *(
        f"0{sign}{a}".encode()
        for sign in (" ", ")", ") ", "(", " (", "\u00a0", "\u202f")
        for a in _NOT_ZERO
    ),
    *(f"0{sign}{a}".encode() for sign in ".-/" for a in "8"),
    *(f"00{blank}{code}".encode() for blank in _BLANKS for code in COUNTRIES if len(code) > 1),
    *(f"+{blank}{code}".encode() for blank in _BLANKS for code in COUNTRIES if len(code) > 1),
    *(
        f"{prefix}{code}{blank}".encode()
        for prefix in ("+", "00")
        for code in "17"
        for blank in " -(."
    ),
]
# With three bytes to begin with (@, 0, +) the search leaps from one to the next.
_starts_in = BytesAhoCorasick(_STARTS).find_matches_as_indexes
_BETWEEN = rb"(?:\\u[0-9a-fA-F]{4}|\\[nrt]|[^\dA-Za-z\"\\]|\\(?![nrtu\"])){0,12}"
_IS_LIKELY = re.compile(rb"@|[+0]" + _BETWEEN + rb"(?:\d" + _BETWEEN + rb"){8}").match
_ZERO, _NINE, _AT = b"09@"


def may_hold_contact(data: bytes) -> bool:
    """Return whether data may hold an address or a number.

    :param data: text in UTF-8, or in JSON.
    """
    return bool(likely_contacts(data))


def likely_contacts(data: bytes) -> list[int]:
    """Return where data may hold an address or a number: a place in each, at least.

    :param data: text in UTF-8, or in JSON.
    """
    places = []
    for _, start, _ in _starts_in(data):
        # behind another digit but a zero (the first of 0033) no number begins
        if _ZERO < data[start - 1] <= _NINE and start and data[start] != _AT:
            continue
        if _IS_LIKELY(data, start):
            places.append(start)
    for index, start, _ in _marks_in(data):
        if not _MARKS[index].startswith(_OF_MOBILE) or _IS_MOBILE(data, start):
            places.append(start)
    return places


def may_hold_number(data: bytes) -> bool:
    """Return whether data may hold a number; the same as above without what only addresses have."""
    return any(
        data[start] != _AT and _IS_LIKELY(data, start) for _, start, _ in _starts_in(data)
    ) or any(
        _MARKS[index] in _OF_NUMBERS or _IS_MOBILE(data, start)
        for index, start, _ in _marks_in(data)
    )
