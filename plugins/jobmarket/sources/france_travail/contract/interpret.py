"""From the bytes of a record to an offer of the contract. Pure, no Airflow.

What lives here: mending what sources are known to break, reading an offer strictly, telling drift from a
breach. What does not: cutting a page into records (``records``), the repair of a record that cannot be read
as it stands (``repair``), the shape of an offer and its columns (``offer``).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import unescape
from html.entities import html5
from typing import Any

import msgspec
from ahocorasick_rs import BytesAhoCorasick
from msgspec import inspect

from jobmarket.offers.drift import shape_of, take_out_unknown
from jobmarket.offers.reading import ContractBreach, Notes
from jobmarket.sources.france_travail.contract.contacts import without_contacts
from jobmarket.sources.france_travail.contract.offer import (
    CONTRACT_TYPES,
    EXPERIENCES,
    ApiOffer,
)
from jobmarket.sources.france_travail.contract.parts import ORIGINS
from jobmarket.sources.france_travail.contract.repair import repaired_json, repaired_offer

ENTITY_LEVELS = 3  # an offer passes through up to three systems that each escape HTML once

# Only entities that end with their semicolon: `&lang=fr` in the address of a page is not one.
_ENTITY = re.compile(rb"(&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")
# JSON escapes of NUL, which PostgreSQL refuses, and of an ampersand; not `\\u0000`, an escaped
# backslash before u0000
_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\u00(00|26)")
# Says that there is none, as in most records, in a tenth of the time of ``in``.
_escapes_in = BytesAhoCorasick([rb"\u00"]).find_matches_as_indexes


_offer = msgspec.json.Decoder(ApiOffer)
_anything = msgspec.json.Decoder()


def read_offer(record: bytes, notes: Notes) -> ApiOffer:
    """Decode one record strictly.

    Before that, HTML entities are decoded, up to three levels deep, and NUL is taken out, since
    PostgreSQL cannot hold it. Only a record that cannot be read so is read again: without the fields that
    the contract does not know, and with what is plainly meant in place of what is written. E-mail addresses
    and telephone numbers are masked in all its texts, so that they reach no column and no message.

    :param notes: where drift and repairs are counted.

    Raise :class:`ContractBreach` if the record breaks the contract.
    """
    record = _mended(record, notes)
    try:
        record = without_contacts(record, notes.repairs)
        offer = _offer.decode(record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as exc:
        offer = _read_again(record, notes, exc)
    if offer.type_contrat is not None and offer.type_contrat not in CONTRACT_TYPES:
        notes.note_drift(f"typeContrat={offer.type_contrat}")
    if offer.experience_exige is not None and offer.experience_exige not in EXPERIENCES:
        notes.note_drift(f"experienceExige={offer.experience_exige}")
    if offer.origine_offre.origine not in ORIGINS:
        notes.note_drift(f"origineOffre.origine={offer.origine_offre.origine}")
    return offer


def _read_again(record: bytes, notes: Notes, cause: Exception) -> ApiOffer:
    """Read a record without the fields that the contract does not know, and with its faults repaired."""
    paths: set[str] = set()
    repairs: set[str] = set()
    try:
        try:
            content = _anything.decode(record)
        except msgspec.DecodeError:
            record, repairs = repaired_json(record)
            content = _anything.decode(without_contacts(record, notes.repairs))
        take_out_unknown(content, _known_fields(), "", paths)
        content = repaired_offer(content, _offer_type(), repairs)
        if not paths and not repairs:
            raise ContractBreach(str(cause))
        for path in paths:
            notes.note_drift(path)
        offer = _offer.decode(msgspec.json.encode(content))
    except (msgspec.MsgspecError, UnicodeError, RecursionError, OverflowError) as exc:
        raise ContractBreach(str(exc)) from None
    for kind in repairs:
        notes.note_repair(kind)
    return offer


@cache
def _offer_type() -> inspect.Type:
    return inspect.type_info(ApiOffer)


@cache
def _known_fields() -> dict[str, Any] | None:
    return shape_of(_offer_type())


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
