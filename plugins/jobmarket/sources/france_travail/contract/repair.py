"""What is put right in a record that cannot be read as it stands: faults of JSON, values of other types.

Pure. What lives here: repairs that leave no doubt about what was meant, each with the name it is counted
under. What does not: the shape of an offer (``offer``), when a repair is tried (``interpret``).

Nothing is guessed: a text that is no number, or a list of several values where one is expected, stays as it
is, and the contract refuses it.
"""

from __future__ import annotations

import math
import re
from typing import Any

import msgspec
from msgspec import inspect

from jobmarket.sources.france_travail.contract.dates import WallClock

ID_DIGITS = 7
"""Of an id that consists of digits: as a number it is the same text only with all of them."""

# A string, whatever its escapes; a comma before an end; a scalar.
_PIECE = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|,(?=\s*+[}\]])|[^\s"{}\[\],:]++', re.DOTALL)
# In a string: what JSON allows (kept), half a pair of surrogates, other escapes, a raw control character.
_FAULT = re.compile(
    rb"""
    (?P<sound>  \\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}
              | \\u(?![dD][89a-fA-F])[0-9a-fA-F]{4} | \\["\\/bfnrt] )
    | (?P<half> \\u[dD][89a-fA-F][0-9a-fA-F]{2} | \\u[0-9a-fA-F]{1,3}(?![0-9a-fA-F]) )
    | \\(?: x(?P<two>[0-9a-fA-F]{2}) | u\{(?P<any>[0-9a-fA-F]{1,6})\} | (?P<quote>') | (?P<other>.) )
    | (?P<control>[\x00-\x1f])
    """,
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_NUMBER_DIGITS = 300  # beyond, msgspec reads none
_WORDS = {
    b"true": b"true", b"false": b"false", b"null": b"null", b"none": b"null", b"undefined": b"null",
    b"nan": b"null", b"inf": b"null", b"infinity": b"null",
}  # fmt: skip
_REPLACEMENT = rb"\ufffd"

_INTEGER_TEXT = re.compile(r"\s*([+-]?[0-9]{1,9})(?:[.,]0{1,9})?\s*")
_DECIMAL_TEXT = re.compile(r"\s*([+-]?[0-9]{1,9}(?:[.,][0-9]{1,20})?)\s*")
_FLAGS = {"true": True, "false": False, "1": True, "0": False}
# Codes of a fixed length: as a number they have lost their leading zeros.
_COMMUNE_DIGITS = _POSTCODE_DIGITS = 5
_SECTOR_DIGITS = 2
_SIRET_DIGITS = 14


def repaired_json(record: bytes) -> tuple[bytes, set[str]]:
    r"""Return a record as JSON, as far as its faults leave no doubt, and what was put right.

    Raw control characters are escaped, half a pair of surrogates is U+FFFD, ``\x41`` is ``A``, any other
    unknown escape is a backslash that was meant; commas before an end go, ``NaN`` and infinity are null, and
    a number that begins with zeros is a text.
    """
    kinds: set[str] = set()
    return _PIECE.sub(lambda piece: _repaired_piece(piece[0], kinds), record), kinds


def repaired_offer(content: Any, kind: inspect.Type, kinds: set[str]) -> Any:
    """Return a decoded offer with its values in the types of the contract, as far as that is plain.

    :param kind: type information of the contract.
    :param kinds: gets the names of what was put right.
    """
    if isinstance(content, dict):
        if isinstance(content.get("id"), int | float):
            offer_id = offer_id_of(content["id"])
            if offer_id is None:
                return content  # for the contract to refuse
            content["id"] = offer_id
            kinds.add("text_read")
        _restore_zeros(content, kinds)
    return _fitted(content, kind, kinds)


def offer_id_of(value: Any) -> str | None:
    """Return the id that a decoded ``id`` is; a number only with all its digits."""
    if isinstance(value, str):
        return value
    is_whole = _is_integer(value) and 10 ** (ID_DIGITS - 1) <= value < 10**ID_DIGITS
    return str(value) if is_whole else None


def _repaired_piece(piece: bytes, kinds: set[str]) -> bytes:
    if piece.startswith(b'"'):
        return _FAULT.sub(lambda fault: _repaired_text(fault, kinds), piece)
    if piece == b",":
        kinds.add("comma_removed")
        return b""
    if _NUMBER.fullmatch(piece):
        if len(piece) <= _NUMBER_DIGITS and math.isfinite(float(piece)):
            return piece
        read: bytes | None = b"null"
    elif piece.isdigit() and len(piece) <= _SIRET_DIGITS:
        read = b'"%b"' % piece  # leading zeros: a code
    else:
        read = _WORDS.get(piece.lower().lstrip(b"+-"))
    if read is None or read == piece:
        return piece
    kinds.add("literal_read")
    return read


def _repaired_text(fault: re.Match[bytes], kinds: set[str]) -> bytes:
    if fault["sound"]:
        return fault[0]
    if fault["half"]:
        kinds.add("surrogate_replaced")
        return _REPLACEMENT
    if fault["control"]:
        return _escaped(fault["control"][0], kinds, "control_escaped")
    if code := fault["two"] or fault["any"]:
        return _escaped(int(code, 16), kinds, "escape_read")
    kinds.add("escape_read")
    if fault["quote"]:
        return b"'"
    other = fault["other"]
    return rb"\\" + (_escaped(other[0], kinds, "control_escaped") if other < b" " else other)


def _escaped(code: int, kinds: set[str], kind: str) -> bytes:
    if code == 0:
        kinds.add("nul_removed")  # PostgreSQL cannot hold it
        return b""
    kinds.add(kind)
    if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return _REPLACEMENT
    return msgspec.json.encode(chr(code))[1:-1]


def _restore_zeros(offer: dict[str, Any], kinds: set[str]) -> None:
    """Make texts of the numbers that lost leading zeros, where it is certain that they did."""
    place, company = offer.get("lieuTravail"), offer.get("entreprise")
    if isinstance(place, dict):
        _restore(
            place, "commune", _COMMUNE_DIGITS, kinds
        )  # of INSEE: there is none of another length
        if _department_of(place).startswith("0"):
            _restore(place, "codePostal", _POSTCODE_DIGITS, kinds)
    if isinstance(company, dict):
        _restore(company, "siret", _SIRET_DIGITS, kinds)
    _restore(offer, "secteurActivite", _SECTOR_DIGITS, kinds)


def _restore(fields: dict[str, Any], name: str, digits: int, kinds: set[str]) -> None:
    value: Any = fields.get(name)
    if _is_integer(value) and value > 0:
        fields[name] = str(value).zfill(digits)
        kinds.add("text_read")


def _department_of(place: dict[str, Any]) -> str:
    """Return how the commune or else the label of a place begins: ``01004``, ``01 - OYONNAX``."""
    return next(
        (text for name in ("commune", "libelle") if isinstance(text := place.get(name), str)), ""
    )


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _fitted(value: Any, kind: inspect.Type, kinds: set[str], *, is_optional: bool = False) -> Any:
    """Return a value in the type of the contract, or as it is where that is not plain."""
    is_single = isinstance(value, list) and len(value) <= 1
    if is_single and not isinstance(kind, inspect.UnionType | inspect.ListType | inspect.RawType):
        if not value and not is_optional:
            return value
        kinds.add("list_unwrapped")
        return _fitted(value[0], kind, kinds, is_optional=is_optional) if value else None
    match kind:
        case inspect.UnionType():
            return _either(value, kind, kinds)
        case inspect.ListType():
            return _list(value, kind, kinds)
        case inspect.StructType():
            return _object(value, kind, kinds, is_optional=is_optional)
        case inspect.StrType() | inspect.LiteralType():
            return _text(value, kinds)
        case inspect.IntType() | inspect.FloatType():
            return _number(value, kind, kinds, is_optional=is_optional)
        case inspect.BoolType():
            return _flag(value, kinds, is_optional=is_optional)
        case inspect.DateTimeType() if is_optional:
            return _date(value, kinds)
        case _:
            return value


def _either(value: Any, kind: inspect.UnionType, kinds: set[str]) -> Any:
    others = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
    can_be_absent = len(others) < len(kind.types)
    is_text = isinstance(value, str) and any(isinstance(one, inspect.StrType) for one in others)
    if is_text or (value is None and can_be_absent):
        return value
    fullest = next((one for one in others if isinstance(one, inspect.ListType)), others[0])
    return _fitted(value, fullest, kinds, is_optional=can_be_absent)


def _list(value: Any, kind: inspect.ListType, kinds: set[str]) -> Any:
    if value in ("", {}):
        kinds.add("list_wrapped")
        return []
    is_single = (
        isinstance(value, dict)
        if isinstance(kind.item_type, inspect.StructType)
        else isinstance(value, str)
    )
    if is_single:
        kinds.add("list_wrapped")
        value = [value]
    if not isinstance(value, list):
        return value
    items = [item for item in value if item is not None]
    if len(items) < len(value):
        kinds.add("null_removed")
    return [_fitted(item, kind.item_type, kinds) for item in items]


def _object(value: Any, kind: inspect.StructType, kinds: set[str], *, is_optional: bool) -> Any:
    if value == "" and is_optional:
        kinds.add("null_removed")
        return None
    if not isinstance(value, dict):
        return value
    fitted = {}
    for field in kind.fields:
        name = field.encode_name
        if name not in value:
            continue
        if value[name] is None and not field.required and not _takes_null(field.type):
            kinds.add("null_removed")
        else:
            fitted[name] = _fitted(value[name], field.type, kinds)
    return fitted


def _takes_null(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.UnionType | inspect.RawType | inspect.AnyType)


def _text(value: Any, kinds: set[str]) -> Any:
    is_number = _is_integer(value) or (isinstance(value, float) and math.isfinite(value))
    if not is_number:
        return value
    kinds.add("text_read")
    return str(value)


def _number(value: Any, kind: inspect.Type, kinds: set[str], *, is_optional: bool) -> Any:
    is_integer = isinstance(kind, inspect.IntType)
    if isinstance(value, float) and is_integer and value.is_integer():
        kinds.add("number_read")
        return int(value)
    if not isinstance(value, str):
        return value
    if is_optional and not value.strip():
        kinds.add("null_removed")
        return None
    met = (_INTEGER_TEXT if is_integer else _DECIMAL_TEXT).fullmatch(value)
    if not met:
        return value
    kinds.add("number_read")
    return int(met[1]) if is_integer else float(met[1].replace(",", "."))


def _flag(value: Any, kinds: set[str], *, is_optional: bool) -> Any:
    if isinstance(value, str) and is_optional and not value.strip():
        kinds.add("null_removed")
        return None
    is_known = isinstance(value, str | int | float) and not isinstance(value, bool)
    read = _FLAGS.get(f"{value:g}" if isinstance(value, float) else str(value).strip().lower())
    if not is_known or read is None:
        return value
    kinds.add("flag_read")
    return read


def _date(value: Any, kinds: set[str]) -> Any:
    """Return a date that the offer can do without, None if it is none."""
    try:
        msgspec.convert(value, WallClock)
    except msgspec.ValidationError:
        kinds.add("update_not_believed")
        return None
    return value
