"""Telephone numbers among the digits of a text: told from dates, pay, lists, identifiers. Pure.

What lives here: how a number is written. What does not: what is done with it (``contact``).

Digits are taken in groups as they are written. A number of France has ten digits from a zero (Arcep, plan
national de numérotation), in one of the ways people group them, with one separator between the groups; one
with a country's code (ITU-T E.164) has nine to fifteen digits. Beside a word such as « Tél. » any grouping
will do.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.enrich.contact.beside import (
    ADDRESS,
    ADDRESS_OF_NUMBER,
    ADDRESS_REACH,
    AMOUNT,
    CUE,
    CUE_REACH,
    IDENTIFIER,
    PLACES,
    STRONG_CUE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# What stands between the digits of a number; invisible marks of pasted ones too, no end of a line.
_GAP = (
    r" \t\u00ad\u00a0\u1680\u180e\u2000-\u200f\u202a-\u202f\u2060-\u2064\u2066-\u206f\u3000\ufeff"
    r".\-‐‑‒–—―−－．/／_·•∙*|~:()\[\]\\,'’"
)
_RUN = re.compile(rf"(?:(?<![^\W_])[Oo](?=[1-9])|\d)(?:[{_GAP}]{{0,6}}\d)+")
_GROUP = re.compile(r"[Oo]?\d+|[Oo]")
_INVISIBLE = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_BLANK = re.compile(r"\s")

LEAST_DIGITS, MOST_DIGITS = 9, 15  # of a number with its country's code
_NATIONAL = 10
_GROUPINGS_WRITTEN = (
    "22222 4222 433 46 1333 13222 28 19 112222 244 2224 226 2422 2242 622 442 2332 262 82"
    " 1111111111"
)
_GROUPINGS = frozenset(tuple(map(int, lengths)) for lengths in _GROUPINGS_WRITTEN.split()) | {(10,)}

_PLUS = re.compile(r"[+＋][\s(]{0,2}$")
# « 06 12 34 56 78 / 79 »: the end of a second number
_SECOND = re.compile(r"\s?/\s?\d\d(?![\d/])(?!\s?(?:[hH%€]|ans|jours|heures))")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTRIES_WRITTEN = (
    "33 32 41 352 49 44 34 39 351 377 376 31 353 43 45 46 47 48 30 40 420 421 36 212 213 216 221 222 "
    "223 225 226 227 228 229 230 237 241 242 243 253 261 262 269 508 590 594 596 681 687 689 1 7 52 "
    "54 55 57 60 61 63 64 65 66 81 82 84 86 90 91 92 94 961 962 963 964 965 966 971 972 974 98"
)
COUNTRIES = _COUNTRIES_WRITTEN.split()
"""Codes of the countries whose numbers are met in offers of France."""


class _Digits(NamedTuple):
    """A group of digits: its place, the group itself, and what stands before it within the run."""

    start: int
    end: int
    digits: str
    gap: str


def numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield where telephone numbers stand in a text, in the order of the text."""
    for run in _RUN.finditer(text):
        groups = _groups(text, run)
        if sum(len(group.digits) for group in groups) >= 4:
            yield from _in_run(text, groups)


def _groups(text: str, run: re.Match[str]) -> list[_Digits]:
    groups: list[_Digits] = []
    end = run.start()
    for found in _GROUP.finditer(text, run.start(), run.end()):
        digits = "".join("0" if c in "Oo" else str(int(c)) for c in found[0])
        gap = _INVISIBLE.sub("", _BLANK.sub(" ", text[end : found.start()]))
        if groups and not gap:  # only invisible marks between them
            before = groups.pop()
            groups.append(_Digits(before.start, found.end(), before.digits + digits, before.gap))
        else:
            groups.append(_Digits(found.start(), found.end(), digits, gap))
        end = found.end()
    return groups


def _in_run(text: str, groups: list[_Digits]) -> Iterator[tuple[int, int]]:
    at, reached = 0, -1
    while at < len(groups):
        last = _last_of_number(text, groups, at, reached)
        if last is None:
            at += 1
            continue
        start, end = groups[at].start, groups[last].end
        plus = _PLUS.search(text, max(0, start - 3), start)
        start = plus.start() if plus else start
        if (
            text[start:end].count(")") > text[start:end].count("(")
            and start
            and text[start - 1] == "("
        ):
            start -= 1
        second = _SECOND.match(text, end)
        if second and last + 2 >= len(groups):
            end, last = second.end(), last + 1
        yield start, end
        reached, at = last, last + 1


def _last_of_number(text: str, groups: list[_Digits], at: int, reached: int) -> int | None:
    """Return the index of the last group of the number that begins with a group; None if none does."""
    first = groups[at]
    before = text[max(0, first.start - CUE_REACH) : first.start]
    in_address = ADDRESS.search(text[max(0, first.start - ADDRESS_REACH) : first.start])
    if (in_address or before.endswith((":", "=", "/", "+"))) and ADDRESS_OF_NUMBER.search(before):
        return at
    if in_address:
        return None
    has_cue = bool(CUE.search(before))
    plus = before.rstrip(" (").endswith(("+", "＋"))
    last = None
    if plus and first.digits[0] != "0":
        last = _international(text, groups, at, "")
    elif first.digits.startswith("00") and not _is_in_account(groups, at, reached):
        last = _international(text, groups, at, "00")
    elif first.digits[0] == "3" and first.digits.startswith("33"):
        last = _without_plus(groups, at, before, has_cue=has_cue)
    elif first.digits[0] == "0":
        last = _national(text, groups, at, reached, before, has_cue=has_cue)
    if last is None and first.digits[0] == "0" and STRONG_CUE.search(before):
        last = _cued(groups, at)
    return last


def _is_in_account(groups: list[_Digits], at: int, reached: int) -> bool:
    """Return whether a group goes on a longer number, such as that of a bank account."""
    return at > 0 and at - 1 != reached and len(groups[at - 1].digits) > 3


def _national(
    text: str, groups: list[_Digits], at: int, reached: int, before: str, *, has_cue: bool
) -> int | None:
    last = _of_length(groups, at, _NATIONAL)
    if last is None:
        return None
    taken = groups[at : last + 1]
    digits = "".join(group.digits for group in taken)
    if digits[1] == "0":
        return None
    gaps = [group.gap for group in taken[1:]]
    if _is_of_dates(taken) or AMOUNT.match(text, taken[-1].end):
        return None
    if has_cue:
        return last
    lengths = tuple(len(group.digits) for group in taken)
    if lengths not in _GROUPINGS or not (_is_regular(gaps) or _is_mixed(taken)):
        return None
    if lengths == (2, 2, 2, 2, 2):
        return None if _is_of_list(groups, at, last, reached, before) else last
    if before and (before[-1].isalnum() or before[-1] in "_#"):
        return None
    return None if IDENTIFIER.search(before) else last


def _is_regular(gaps: list[str]) -> bool:
    """Return whether one separator stands between the groups, but for the first one: 0475/12.34.56."""
    if any(len(gap) > 4 or "," in gap for gap in gaps):
        return False
    rest = {gap.strip() or gap[:1] for gap in gaps[1:]}
    if not gaps or ":" in gaps[0]:
        return set(gaps) <= {":"}
    return len(rest) <= 1 and ":" not in rest


def _is_mixed(taken: list[_Digits]) -> bool:
    """Return whether pairs stand apart by several signs, as in 06 12 34.56.78, and are no two dates."""
    gaps = [group.gap for group in taken[1:]]
    if len(taken) != _NATIONAL // 2 or not set(gaps) <= {" ", ".", "-"}:
        return False
    is_day = int(taken[0].digits) <= 31 and int(taken[1].digits) <= 12
    return not (is_day and gaps[0] == gaps[1] != gaps[2] and gaps[0] in ".-")


def _is_of_dates(taken: list[_Digits]) -> bool:
    """Return whether three groups are a day: 01/09/2026, or 2026-09-01."""
    return any(
        _YEAR.fullmatch(year.digits)
        and len(day.digits) <= 2
        and len(month.digits) <= 2
        and month.gap == year.gap
        and month.gap in {"/", ".", "-", "–", " / ", "\\"}
        and int(month.digits) <= 12
        and int(day.digits) <= 31
        for day, month, year in zip(taken, taken[1:], taken[2:], strict=False)
    )


def _is_of_list(groups: list[_Digits], at: int, last: int, reached: int, before: str) -> bool:
    """Return whether pairs of digits are those of a list: départements, months, levels."""
    gap = groups[at + 1].gap
    if at and at - 1 != reached and len(groups[at - 1].digits) == 2 and groups[at].gap == gap:
        return True
    values = [int(group.digits) for group in groups[at : last + 1]]
    if all(b - a == 1 for a, b in pairwise(values)):
        return True
    if PLACES.search(before):
        return True
    following = groups[last + 1 : last + 2]
    is_longer = bool(following) and len(following[0].digits) == 2 and following[0].gap == gap
    return is_longer and values == sorted(values) and int(following[0].digits) > values[-1]


def _international(text: str, groups: list[_Digits], at: int, prefix: str) -> int | None:
    """Return the last group of a number with its country's code."""
    digits, ends = "", []
    for number, group in enumerate(groups[at : at + MOST_DIGITS + 3]):
        if number and (len(group.gap) > 5 or any(sign in group.gap for sign in ",|:")):
            break
        is_other = number and "/" in group.gap and group.gap != groups[at + 1].gap
        is_of_france = digits.startswith(prefix + "33")  # whose length is known
        if is_other and not is_of_france and len(digits) - len(prefix) >= LEAST_DIGITS:
            break
        digits += "" if group.digits == "0" and "(" in group.gap else group.digits
        if len(digits) - len(prefix) > MOST_DIGITS:
            break
        ends.append((len(digits) - len(prefix), at + number))
    code = digits[len(prefix) :]
    country = next((code[:size] for size in (3, 2, 1) if code[:size] in COUNTRIES), None)
    if country is None:
        return None
    if country == "33":
        size = 12 if code[2:3] == "0" else 11
        return next((last for count, last in ends if count == size), None)
    fitting = [last for count, last in ends if count >= LEAST_DIGITS]
    if not fitting or AMOUNT.match(text, groups[fitting[-1]].end):
        return None
    return None if groups[fitting[-1]].digits == "000" else fitting[-1]


def _without_plus(groups: list[_Digits], at: int, before: str, *, has_cue: bool) -> int | None:
    """Return the last group of « 33 6 12 34 56 78 », which lacks its plus; not of FR33… (VAT)."""
    last = _of_length(groups, at, 11)
    if last is None or before.rstrip()[-2:].upper() == "FR":
        return None
    lengths = tuple(len(group.digits) for group in groups[at : last + 1])
    is_mobile = lengths == (11,) and groups[at].digits[2] in "67" and not IDENTIFIER.search(before)
    is_mobile = is_mobile or (lengths == (2, 1, 2, 2, 2, 2) and groups[at + 1].digits in "67")
    return (
        last
        if is_mobile
        or (has_cue and "".join(group.digits for group in groups[at : at + 3])[2] in "67")
        else None
    )


def _cued(groups: list[_Digits], at: int) -> int | None:
    """Return the last group of whatever number stands behind « Tél. »."""
    if _is_of_dates(groups[at : at + 3]):
        return None
    count, last = 0, None
    for number, group in enumerate(groups[at : at + MOST_DIGITS + 1]):
        if number and (len(group.gap) > 3 or ":" in group.gap):
            break
        count += len(group.digits)
        if count > MOST_DIGITS:
            break
        last = at + number
    return last if count > 8 else None


def _of_length(groups: list[_Digits], at: int, length: int) -> int | None:
    """Return the last of the groups from one on that hold so many digits together."""
    for last in range(at, len(groups)):
        length -= len(groups[last].digits)
        if length <= 0:
            return None if length else last
    return None
