"""A record without the contacts that its texts hold. Pure, no Airflow.

What lives here: which records are looked through, and how all their texts are reached. What does not: what a
contact looks like (``enrich.contact``).

It happens before a record is decoded by the contract, so that a contact reaches nothing: no column, of
whatever field, no name of an unknown field, no message about a breach, no reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jobmarket.enrich.contact.guard import likely_contacts, may_hold_contact
from jobmarket.enrich.contact.mask import mask
from jobmarket.enrich.contact.number import LEAST_DIGITS
from jobmarket.sources.france_travail.contract.offer import IGNORED
from jobmarket.sources.france_travail.contract.parts import Part

if TYPE_CHECKING:
    from collections.abc import MutableMapping

EMAILS_MASKED, PHONES_MASKED = "emails_masked", "phones_masked"
"""Kinds of ``repairs``: offers in which addresses, or numbers, were masked."""

# The id, which is a key, and what is never read.
_AS_THEY_ARE = ("id", *(path for path in IGNORED if "." not in path))
# Fields of the contract and of its parts, which hold no contact in their names.
_NAMES = frozenset(
    name.encode_name for part in Part.__subclasses__() for name in msgspec.structs.fields(part)
)
_anything = msgspec.json.Decoder()
_text = msgspec.json.Decoder(str)
_BACKSLASH = ord("\\")


def without_contacts(record: bytes, repairs: MutableMapping[str, int]) -> bytes:
    """Return a record with the e-mail addresses and telephone numbers in its texts masked.

    Its own id stays as it is, and so does what is never read, and every byte of a record that holds none.

    :param repairs: where a record is counted in which something was masked, by :data:`EMAILS_MASKED` and
        :data:`PHONES_MASKED`.

    Raise :class:`msgspec.MsgspecError`, :class:`UnicodeDecodeError`, :class:`OverflowError` or
    :class:`RecursionError` if a record that must be looked through is no JSON.
    """
    places = likely_contacts(record)
    if not places or not any(_is_in_text(record, place) for place in places):
        return record
    content = _anything.decode(record)
    if not isinstance(content, dict):
        return record  # no offer: it breaks the contract
    as_they_are = {name: content.pop(name) for name in _AS_THEY_ARE if name in content}
    found = _Found()
    masked = found.masked(content) | as_they_are
    if not (found.emails or found.phones):
        return record
    for kind, count in ((EMAILS_MASKED, found.emails), (PHONES_MASKED, found.phones)):
        if count:
            repairs[kind] = repairs.get(kind, 0) + 1
    return msgspec.json.encode(masked)


def _is_in_text(record: bytes, place: int) -> bool:
    """Return whether the text around a place holds a contact, or cannot be read by itself.

    One text is sooner looked at than all: most likely places are none. A place outside of a text (of a
    number) is looked at with its neighbours, which does no harm.
    """
    end = record.find(b'"', place)
    while end >= 0 and _is_escaped(record, end):
        end = record.find(b'"', end + 1)
    start = record.rfind(b'"', 0, place)
    while start >= 0 and _is_escaped(record, start):
        start = record.rfind(b'"', 0, start)
    try:
        text = _text.decode(record[start : end + 1])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return True
    result = mask(text)
    return bool(result.emails or result.phones)


def _is_escaped(record: bytes, quote: int) -> bool:
    first = quote
    while record[first - 1] == _BACKSLASH:
        first -= 1
    return (quote - first) % 2 == 1


class _Found:
    """What was masked in the texts of a record."""

    def __init__(self) -> None:
        self.emails = 0
        self.phones = 0

    def masked(self, value: Any) -> Any:
        """Return a value with all its texts masked, names of fields included."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.masked(item) for item in value]
        if isinstance(value, dict):
            return {
                name if name in _NAMES else self._text(name): self.masked(item)
                for name, item in value.items()
            }
        return value

    def _text(self, text: str) -> str:
        if len(text) < LEAST_DIGITS and "@" not in text and "%" not in text and "(" not in text:
            return text  # as most are: codes
        if not may_hold_contact(text.encode("utf-8", "surrogatepass")):
            return text
        result = mask(text)
        self.emails += result.emails
        self.phones += result.phones
        return result.text
