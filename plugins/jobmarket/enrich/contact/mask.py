"""E-mail addresses and telephone numbers in free text, masked. Pure.

What lives here: what an address and a number look like, and the words that stand in their place. What does
not: which texts are looked at without reading them (``contact_guard``), how a record's texts are reached
(``france_travail.interpret``), how the digits of a number are told from others (``contact_number``).

Employers write both in spite of the fields that are made for them; the source masks only some. An address is
taken in every way that people write one, hidden from robots or not. A text is read in linear time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.enrich.contact.guard import may_hold_number
from jobmarket.enrich.contact.number import LEAST_DIGITS, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

EMAIL = "[adresse e-mail masquée]"
PHONE = "[téléphone masqué]"

# What stands for the sign: itself, full-width, small, encoded for a page; between brackets; a word.
_OPEN, _CLOSE = r"[(\[{]", r"[)\]}]"
_AT_SIGN = re.compile(r"[@＠﹫][^\S\n]{0,2}")
# In lower case, what every other way has.
_HIDDEN = (
    "(at",
    "[at",
    "{at",
    "( at",
    "[ at",
    "(a)",
    "[a]",
    "arob",
    "arrob",
    "%40",
    "%2540",
    "(@",
    "[@",
    "( @",
    "[ @",
)
_AT = re.compile(
    rf"\s{{0,3}}{_OPEN}\s{{0,2}}(?:at|arr?obas?e?|a|@)\s{{0,2}}{_CLOSE}\s{{0,3}}"
    r"|[^\S\n]{0,2}[@＠﹫][^\S\n]{0,2}|%(?:25){0,2}40"
    r"|\s{1,3}arr?obase?\s{1,3}",
    re.IGNORECASE,
)
# « nom at domaine point fr »: `at` is a word of other texts, too: the rest must be written so as well.
_AT_WORD = re.compile(r" (?:at|AT) ")

_LOCAL = re.compile(r"[\w.+%&'’=-]{1,80}$")
_LOCAL_REACH = 80
# « nom . prenom », « nom point prenom » before a sign that is hidden, too
_DOT = (
    rf"(?:\s?[.．]|\s{{0,2}}{_OPEN}\s?(?:\.|dot|point)\s?{_CLOSE}\s{{0,2}}"
    r"|\s{1,2}(?:dot|point)\s{1,2})"
)
_LOCAL_MORE = re.compile(
    rf"\w[\w+-]{{0,60}}(?:{_OPEN}\s?(?:dot|point)\s?{_CLOSE}|\s(?:dot|point)\s)$", re.IGNORECASE
)
_TOP = (
    "fr|com|net|org|eu|io|info|biz|be|ch|lu|de|es|it|pt|uk|re|gp|mq|gf|yt|pm|nc|pf|mc|ad|nl|at|pl|ca|us|pro|coop"
    "|asso|paris|bzh|alsace|corsica|app|dev|co|tech|jobs|email|immo|agency|group|online|site|store|shop|cloud"
)
_PROVIDERS = (
    "gmail|hotmail|outlook|yahoo|orange|wanadoo|free|sfr|laposte|icloud|live|msn|aol|gmx|bbox|neuf|numericable"
    "|protonmail|proton|ymail|googlemail"
)
_LABEL = r"[^\W_](?:[\w-]{0,62}[^\W_])?"
# A domain as it should be; one with blanks or words for its dots; one whose end is missing, at the end of a
# text that was cut, or of a provider that all know.
_DOMAIN = re.compile(
    rf"{_LABEL}(?:[.．]{_LABEL}){{0,4}}[.．][^\W\d_]{{2,24}}(?![\w])"
    rf"|{_LABEL}(?:{_DOT}\s?{_LABEL}){{0,3}}?{_DOT}\s?(?:{_TOP})\b(?:[.](?:{_TOP})\b)?"
    rf"|{_LABEL},(?:fr|com|net|org|eu)\b"
    rf"|(?:{_PROVIDERS})\b"
    rf"|{_LABEL}[.．]?$",
    re.IGNORECASE,
)
_DOMAIN_OF_WORDS = re.compile(
    rf"{_LABEL}(?:\s{{1,2}}(?:dot|point)\s{{1,2}}{_LABEL}){{0,3}}?"
    rf"(?:\s{{1,2}}|\s?{_OPEN}\s?|-)(?:dot|point)(?:\s{{1,2}}|\s?{_CLOSE}\s?|-)(?:{_TOP})\b"
    rf"|(?:{_PROVIDERS})\s?\.\s?(?:{_TOP})\b",
    re.IGNORECASE,
)
_DOMAIN_REACH = 260  # a name of the DNS has 253 characters at most


class Masked(NamedTuple):
    """A text without contacts.

    :param emails: addresses masked in it.
    :param phones: numbers masked in it.
    """

    text: str
    emails: int
    phones: int


@lru_cache(maxsize=64)  # a text with a contact is looked at twice: alone, and with its record
def mask(text: str) -> Masked:
    """Return a text with its e-mail addresses and telephone numbers masked; the rest as it was."""
    emails = list(_addresses(text))
    if emails:
        text = _replaced(text, emails, EMAIL)
    phones = list(numbers(text)) if _has_number(text) else []
    if phones:
        text = _replaced(text, phones, PHONE)
    return Masked(text, len(emails), len(phones))


def _has_number(text: str) -> bool:
    return len(text) > LEAST_DIGITS and may_hold_number(text.encode("utf-8", "surrogatepass"))


def _replaced(text: str, places: list[tuple[int, int]], words: str) -> str:
    parts, at = [], 0
    for start, end in places:
        parts += [text[at:start], words]
        at = end
    return "".join([*parts, text[at:]])


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield where addresses stand, in the order of the text."""
    reached = 0
    lower = text.lower()
    # the pattern of all signs takes a fifth of a millisecond for a long text
    at = _AT if any(word in lower for word in _HIDDEN) else _AT_SIGN
    for pattern, domains in ((at, _DOMAIN), (_AT_WORD, _DOMAIN_OF_WORDS)):
        # the words are looked for only where no sign was: both in one text are not worth a second order
        if reached or (pattern is _AT_WORD and " at " not in lower):
            return
        for sign in pattern.finditer(text):
            if sign.start() < reached:
                continue
            domain = domains.match(text, sign.end(), sign.end() + _DOMAIN_REACH)
            start = _local_start(text, sign.start(), reached) if domain else None
            if domain and start is not None and _is_one(text, start, sign, domain):
                reached = domain.end()
                yield start, reached


def _local_start(text: str, end: int, reached: int) -> int | None:
    """Return where the part before the sign begins; None if there is none."""
    while end > reached and text[end - 1] in " \t\u00a0\u202f":
        end -= 1
    local = _LOCAL.search(text[max(reached, end - _LOCAL_REACH) : end])
    if not local:
        return None
    start = end - (local.end() - local.start())
    # the name of a parameter is no part of the address: ?email=nom@domaine.fr
    start += local[0].rfind("=") + 1
    more = _LOCAL_MORE.search(text[max(reached, start - _LOCAL_REACH) : start])
    if more:
        start -= more.end() - more.start()
    return start if start < end else None


def _is_one(text: str, start: int, sign: re.Match[str], domain: re.Match[str]) -> bool:
    """Return whether what stands around a sign is an address: with blanks only if it ends as one."""
    found = domain[0]
    has_end = bool(re.search(rf"[.,．\s)\]}}>](?:{_TOP})$", found, re.IGNORECASE))
    is_provider = bool(re.fullmatch(_PROVIDERS, found, re.IGNORECASE))
    is_spaced = text[sign.start() - 1].isspace() or sign[0] != sign[0].strip()
    if sign[0].strip() in ("@", "＠", "﹫") and is_spaced and not has_end:
        return False  # « suivez-nous : @free », « 3 @ 10 €. Nous »
    is_plain = sign[0] in "@＠﹫" or sign[0].startswith("%")
    if not is_plain and not has_end:
        # « 3 @ 10 €. Nous »; « motivé (a) »
        return is_provider or ("." in found and " " not in found and sign[0].strip() != "@")
    if "." not in found and not has_end and not is_provider:
        # the end of a text that was cut, not « candidat@s »
        return domain.end() == len(text) and len(found) > 2
    return start < sign.start()
