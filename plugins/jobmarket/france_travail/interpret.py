"""From the bytes of a page to offers of the contract. Pure, no Airflow.

What lives here: taking a page apart without decoding it, mending what sources are known to break,
reading an offer strictly, telling drift from a breach. What does not: the shape of an offer
(``offer``), its columns (``rows``).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import unescape
from html.entities import html5
from typing import TYPE_CHECKING, Any

import msgspec
from ahocorasick_rs import BytesAhoCorasick
from msgspec import Raw, Struct, inspect

from jobmarket.france_travail.offer import CONTRACT_TYPES, EXPERIENCES, ApiOffer

if TYPE_CHECKING:
    from collections.abc import MutableMapping

ENTITY_LEVELS = 3  # an offer passes through up to three systems that each escape HTML once
NOTES = 200  # distinct paths reported of a run: more only say the same
NOTE_CHARS = 120
ID_BYTES = 20  # the source's ids have 7

# How the source begins an offer: its id is found here without decoding anything.
_ID_FIRST = b'{"id":"'

# Only entities that end with their semicolon: `&lang=fr` in the address of a page is not one.
_ENTITY = re.compile(rb"(&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")
# JSON escapes of NUL, which PostgreSQL refuses, and of an ampersand; not `\\u0000`, an escaped
# backslash before u0000
_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\u00(00|26)")
# Says that there is none, as in most records, in a tenth of the time of ``in``.
_escapes_in = BytesAhoCorasick([rb"\u00"]).find_matches_as_indexes

_DAY = re.compile(rb'"dateCreation"\s*:\s*"(\d{4}-\d\d-\d\d)T')


class ContractBreach(ValueError):
    """A record that breaks the contract; the message says what was expected and what was met."""


class Notes(Struct, frozen=True):
    """What is worth telling of a run's records, each with the number of offers it was met in.

    :param drift: fields and categories that the contract does not know, by path
        (``lieuTravail.altitude``, ``typeContrat=XYZ``).
    :param repairs: what was put right: ``entities_decoded``, ``nul_removed``, ``coordinates_swapped``.
    """

    drift: MutableMapping[str, int]
    repairs: MutableMapping[str, int]

    def note_drift(self, path: str) -> None:
        """Count a path once more; new ones only up to a bound, since the source names them."""
        path = path[:NOTE_CHARS].replace("\0", "")
        if path in self.drift or len(self.drift) < NOTES:
            self.drift[path] = self.drift.get(path, 0) + 1

    def note_repair(self, kind: str) -> None:
        """Count a repair once more."""
        self.repairs[kind] = self.repairs.get(kind, 0) + 1


class _Answer(Struct, forbid_unknown_fields=True):
    resultats: list[Raw]
    filtresPossibles: Raw = Raw()  # noqa: N815  the source's name; facets of the whole query, not of the page


class _Identified(Struct):
    id: str


_answer = msgspec.json.Decoder(_Answer)
_identified = msgspec.json.Decoder(_Identified)
_offer = msgspec.json.Decoder(ApiOffer)
_anything = msgspec.json.Decoder()


def records_of(body: bytes, notes: Notes) -> list[Raw]:
    """Return the records of a page as they stand in its bytes, none decoded.

    :param body: the answer of the search endpoint; empty for a 204.

    Raise :class:`ContractBreach` if the body is not an answer of the search endpoint.
    """
    if not body:
        return []
    try:
        return _answer.decode(body).resultats
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        return _records_of_unknown(body, notes, exc)


def identify(record: bytes) -> str | None:
    """Return the id of a record, or None if it has none that a key could be made of.

    Almost always a look at the first bytes, since the source writes the id first.
    """
    if record.startswith(_ID_FIRST):
        start = len(_ID_FIRST)
        found = record[start : record.find(b'"', start)]
    else:
        try:
            found = _identified.decode(record).id.encode()
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return None
    # bytes.isalnum knows ASCII only: no escape, blank or quote can pass
    return found.decode() if found.isalnum() and len(found) <= ID_BYTES else None


def read_offer(record: bytes, notes: Notes) -> ApiOffer:
    """Decode one record strictly.

    Before that, HTML entities are decoded, up to three levels deep, and NUL is taken out, since
    PostgreSQL cannot hold it; half a surrogate pair is no text and a breach.

    :param notes: where drift and repairs are counted.

    Raise :class:`ContractBreach` if the record breaks the contract.
    """
    record = _mended(record, notes)
    try:
        offer = _offer.decode(record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        offer = _read_with_drift(record, notes, exc)
    if offer.type_contrat is not None and offer.type_contrat not in CONTRACT_TYPES:
        notes.note_drift(f"typeContrat={offer.type_contrat}")
    if offer.experience_exige is not None and offer.experience_exige not in EXPERIENCES:
        notes.note_drift(f"experienceExige={offer.experience_exige}")
    return offer


def stated_day(record: bytes) -> str | None:
    """Return the day that even a broken record states, ``YYYY-MM-DD``; None if it states none."""
    found = _DAY.search(record)
    return found[1].decode() if found else None


def _records_of_unknown(body: bytes, notes: Notes, cause: Exception) -> list[Raw]:
    try:
        answer = msgspec.json.decode(body, type=dict[str, Raw])
        records = msgspec.json.decode(answer["resultats"], type=list[Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError):
        raise ContractBreach(f"not an answer of the search endpoint: {cause}") from None
    for name in answer.keys() - {"resultats", "filtresPossibles"}:
        notes.note_drift(f"(page).{name}")
    return records


def _read_with_drift(record: bytes, notes: Notes, cause: Exception) -> ApiOffer:
    """Read a record again without the fields that the contract does not know, if it has any."""
    try:
        content = _anything.decode(record)
        paths: set[str] = set()
        _take_out_unknown(content, _known_fields(), "", paths)
        if not paths:
            raise ContractBreach(str(cause))
        for path in paths:
            notes.note_drift(path)
        return _offer.decode(msgspec.json.encode(content))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as exc:
        raise ContractBreach(str(exc)) from None


def _take_out_unknown(value: Any, shape: dict[str, Any] | None, path: str, found: set[str]) -> None:
    if shape is None:
        return
    if isinstance(value, list):
        for item in value:
            _take_out_unknown(item, shape, path, found)
    elif isinstance(value, dict):
        for name in list(value):
            if name in shape:
                _take_out_unknown(value[name], shape[name], f"{path}{name}.", found)
            else:
                found.add(f"{path}{name}")
                del value[name]


def _shape(kind: inspect.Type) -> dict[str, Any] | None:
    """Return the known fields below a type: name -> the same for its own fields; None if it has none."""
    match kind:
        case inspect.StructType(fields=fields):
            return {field.encode_name: _shape(field.type) for field in fields}
        case inspect.UnionType(types=types):
            return next((shape for shape in map(_shape, types) if shape is not None), None)
        case inspect.ListType(item_type=item):
            return _shape(item)
        case _:
            return None


@cache
def _known_fields() -> dict[str, Any] | None:
    return _shape(inspect.type_info(ApiOffer))


def _mended(record: bytes, notes: Notes) -> bytes:
    if _escapes_in(record):
        mended = _ESCAPE.sub(_unescaped, record)
        if len(mended) != len(record) and b"\\u0000" in record:
            notes.note_repair("nul_removed")
        record = mended
    if b"&" in record:
        mended = _without_entities(record)
        if mended != record:
            notes.note_repair("entities_decoded")
        record = mended
    return record


def _unescaped(match: re.Match[bytes]) -> bytes:
    return match[1] + (b"&" if match[2] == b"26" else b"")


def _without_entities(record: bytes) -> bytes:
    for _ in range(ENTITY_LEVELS):
        if not _has_entity(record):
            break
        parts = _ENTITY.split(record)  # text, entity, text, …
        parts[1::2] = map(_decoded, parts[1::2])
        record = b"".join(parts)
    return record


def _has_entity(record: bytes) -> bool:
    # ten times faster than a search with the pattern: most ampersands stand in addresses of pages
    at = record.find(b"&")
    while at >= 0:
        if _ENTITY.match(record, at):
            return True
        at = record.find(b"&", at + 1)
    return False


@lru_cache(maxsize=4096)
def _decoded(entity: bytes) -> bytes:
    """Return an entity as it must stand within a JSON string; an unknown one as it is."""
    text = entity.decode()
    if text[1] != "#" and text[1:] not in html5:
        return entity
    return msgspec.json.encode(unescape(text))[1:-1]
