"""The records of a page, cut out of its bytes one by one, so that a bad one costs itself alone. Pure.

What lives here: the records, each one's id and the day it states, the facets beside them. What does not:
how a body that is no JSON is taken apart (``walk``), what a record says (``interpret``), how its faults are
mended (``repair``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence  # noqa: TC003  a named tuple's fields are read at run time
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Raw, Struct

from jobmarket.sources.france_travail.contract.repair import offer_id_of, repaired_json
from jobmarket.sources.france_travail.contract.walk import Walk

ID_BYTES = 20  # the source's ids have 7
FACETS = 50  # of one answer; the source gives 4
FACET_VALUES = 5_000  # of one facet; the source gives up to 19
STATED_ID_CHARS = 100

# How the source begins an offer: its id is found here without decoding anything.
_ID_FIRST = b'{"id":"'
_ID = re.compile(rb'\s*\{\s*"id"\s*:\s*"([0-9A-Za-z]{1,20})"')
_DAY = re.compile(rb'"dateCreation"\s*:\s*"(\d{4}-\d\d-\d\d)T')
_CREATION = re.compile(rb'"dateCreation"\s*:\s*"([0-9TZ:.+-]{1,40})"')


class Cut(NamedTuple):
    """A page taken apart.

    :param records: each record as it stands in the bytes of the page, in order.
    :param facets: ``filtresPossibles`` as {filter: {code of a value: offers}}; ``None`` if it is absent or
        cannot be read.
    :param is_whole: the records can be told apart to the end of their list; otherwise ``records`` holds those
        before the break.
    :param unknown: fields beside the records that the source is not known to send.
    """

    records: Sequence[bytes | Raw]
    facets: dict[str, dict[str, int]] | None
    is_whole: bool
    unknown: tuple[str, ...] = ()


class _Answer(Struct, forbid_unknown_fields=True):
    resultats: list[Raw]
    filtresPossibles: Raw = Raw()  # noqa: N815  the source's name; facets of the whole query, not of the page


class _FacetValue(Struct):
    valeurPossible: str  # noqa: N815  the API's name
    nbResultats: Annotated[int, Meta(ge=0, le=2**53)]  # noqa: N815


class _Facet(Struct):
    filtre: str
    agregation: Annotated[list[_FacetValue], Meta(max_length=FACET_VALUES)]


class _Stub(Struct):
    id: str
    dateCreation: str  # noqa: N815  the API's name


class _Identified(Struct):
    id: str


_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)

_answer = msgspec.json.Decoder(_Answer)
_fields = msgspec.json.Decoder(dict[str, Raw])
_raws = msgspec.json.Decoder(list[Raw])
_facets = msgspec.json.Decoder(Annotated[list[_Facet], Meta(max_length=FACETS)], strict=False)
_stub = msgspec.json.Decoder(_Stub)
_identified = msgspec.json.Decoder(_Identified)
_anything = msgspec.json.Decoder()


def cut_records(body: bytes) -> Cut:
    """Cut a page into its records, none decoded; never raises.

    :param body: the answer of the search endpoint; empty for a 204.
    """
    if not body:
        return Cut([], None, is_whole=True)
    try:
        answer = _answer.decode(body)
    except _UNREADABLE:
        return _cut_of_unknown(body)
    return Cut(answer.resultats, _facets_of(answer.filtresPossibles), is_whole=True)


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
        except _UNREADABLE:
            content = _content_of(record)
            stated = offer_id_of(content.get("id")) if content else None
            met = _ID.match(record) if content is None else None
            found = met[1] if met else (stated or "").encode(errors="replace")
    # bytes.isalnum knows ASCII only: no escape, blank or quote can pass
    return found.decode() if found.isalnum() and len(found) <= ID_BYTES else None


def stated_day(record: bytes) -> str | None:
    """Return the day that even a broken record states, ``YYYY-MM-DD``; None if it states none."""
    found = _DAY.search(record)
    return found[1].decode() if found else None


def sighting(record: bytes) -> tuple[str, str | None, bool]:
    """Return what any record, however broken, says of itself.

    :return: its id, or a stand-in made from its bytes (``without-id:`` and 24 hexadecimal digits); the text
        of its ``dateCreation``, or None; whether it could be read as JSON at all.
    """
    try:
        stub = _stub.decode(record)
    except _UNREADABLE:
        pass
    else:
        if 0 < len(stub.id) <= STATED_ID_CHARS:
            return stub.id, stub.dateCreation, True
    content = _content_of(record)
    if content is None:
        met, created = _ID.match(record), _CREATION.search(record)
        return (
            met[1].decode() if met else _stand_in(record),
            created[1].decode() if created else None,
            False,
        )
    stated, created_text = offer_id_of(content.get("id")), content.get("dateCreation")
    return (
        stated if stated and len(stated) <= STATED_ID_CHARS else _stand_in(record),
        created_text if isinstance(created_text, str) else None,
        True,
    )


def _stand_in(record: bytes) -> str:
    return f"without-id:{hashlib.sha256(record).hexdigest()[:24]}"


def _content_of(record: bytes) -> dict[str, Any] | None:
    """Return the fields of a record, its JSON mended if need be; None if it is no object even then."""
    try:
        content = _anything.decode(record)
    except _UNREADABLE:
        try:
            content = _anything.decode(repaired_json(record)[0])
        except _UNREADABLE:
            return None
    return content if isinstance(content, dict) else None


def _facets_of(raw: bytes | Raw | None) -> dict[str, dict[str, int]] | None:
    if not raw:
        return None
    try:
        facets = _facets.decode(raw)
    except _UNREADABLE:
        return None
    return {
        f.filtre: {value.valeurPossible: value.nbResultats for value in f.agregation}
        for f in facets
    }


def _cut_of_unknown(body: bytes) -> Cut:
    try:
        fields = _fields.decode(body)
        records = _raws.decode(fields["resultats"])
    except (*_UNREADABLE, KeyError):
        found, facets, is_whole = Walk(body).cut()
        return Cut(found, _facets_of(facets), is_whole)
    unknown = tuple(sorted(fields.keys() - {"resultats", "filtresPossibles"}))
    return Cut(records, _facets_of(fields.get("filtresPossibles")), True, unknown)
