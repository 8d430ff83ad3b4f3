"""The contract: what an ad of Adzuna may look like, and reading one strictly. Pure.

What lives here: the shape of an ad, field by field, the reason of each field that is not read, and how a
record becomes one. What does not: which columns come of it (``reader``).

A field that is in neither the classes below nor :data:`IGNORED` is *drift*: reported, and the ad is read
without it; so is an optional field of another type. An ad without id, title or creation date *breaches* the
contract.
"""

from __future__ import annotations

import html
import re
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta, Struct, field, inspect

from jobmarket.enrich.contact.guard import may_hold_contact
from jobmarket.enrich.contact.mask import mask
from jobmarket.offers.drift import Shape, shape_of, take_out_unknown
from jobmarket.offers.reading import ContractBreach, Notes

if TYPE_CHECKING:
    from collections.abc import Mapping

# path of a field that is not read -> why; everything below such a path is ignored with it
IGNORED: Mapping[str, str] = {
    "__CLASS__": "the name of a class in Adzuna's programs, as in each object below",
    "adref": "a token for Adzuna's own pages, another one with each answer",
    "redirect_url": "address of the ad, made anew with each answer; it leads there with the id alone",
    "full_description": "documented, never met",
    "salary_currency": "documented for other countries",
    "company.canonical_name": "the name again, without its case",
    "company.count": "documented for the leaders' list",
}

CONTRACT_TYPES = frozenset(["permanent", "contract"])
CONTRACT_TIMES = frozenset(["full_time", "part_time"])

MAX_LIST = 100  # names of an area; five were met
ENTITY_LEVELS = 3
_REQUIRED = ("id", "title", "created")
_PATH = re.compile(r"`\$\.([a-z_]+)")
# what a search with words puts around them
_MARKED = re.compile(r"</?(?:strong|em|b)>", re.IGNORECASE)
_is_id = re.compile(r"[0-9A-Za-z]{1,20}").fullmatch  # Adzuna's have ten digits
_find_letter_or_digit = re.compile(r"\w").search


class _Part(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What all objects share: an unknown field is an error, which :func:`read_ad` turns into drift."""


class Company(_Part, frozen=True):
    """``company``."""

    class_: Any = field(default=None, name="__CLASS__")
    display_name: str | None = None
    canonical_name: Any = None
    count: Any = None


class Location(_Part, frozen=True):
    """``location``: a name for persons, and names from the country down."""

    class_: Any = field(default=None, name="__CLASS__")
    display_name: str | None = None
    area: Annotated[list[str], Meta(max_length=MAX_LIST)] | None = None


class Category(_Part, frozen=True):
    """``category``."""

    class_: Any = field(default=None, name="__CLASS__")
    tag: str | None = None
    label: str | None = None


class Ad(_Part, frozen=True, kw_only=True):
    """One ad as the search gives it."""

    id: str | int
    title: Annotated[str, Meta(min_length=1)]
    created: str
    description: str | None = None
    company: Company | None = None
    location: Location | None = None
    category: Category | None = None
    latitude: float | None = None
    longitude: float | None = None
    salary_min: Annotated[float, Meta(ge=0, le=1e9)] | None = None
    salary_max: Annotated[float, Meta(ge=0, le=1e9)] | None = None
    salary_is_predicted: str | int | bool | None = None
    contract_type: str | None = None
    contract_time: str | None = None
    class_: Any = field(default=None, name="__CLASS__")
    adref: Any = None
    redirect_url: Any = None
    full_description: Any = None
    salary_currency: Any = None

    def __post_init__(self) -> None:
        """Raise :class:`ValueError`, which breaches the contract, if id or title name nothing."""
        if not _is_id(str(self.id)):
            raise ValueError("Expected 1 to 20 letters and digits - at `$.id`")
        if not _find_letter_or_digit(self.title):
            raise ValueError("Expected a letter or a digit - at `$.title`")


_anything = msgspec.json.Decoder()


def read_ad(record: bytes, notes: Notes) -> Ad:
    """Read one record.

    All its texts are read without the marks of a search, HTML entities, NUL and contacts, so that none of
    these reaches a column or a message.

    :param notes: where drift and repairs are counted.

    Raise :class:`ContractBreach` if the record breaks the contract.
    """
    try:
        content = _anything.decode(record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        raise ContractBreach(str(exc)) from None
    if not isinstance(content, dict):
        raise ContractBreach(f"Expected `object`, got `{type(content).__name__}`")
    repairs: set[str] = set()
    content = {
        name: value if name in _AS_THEY_ARE else _cleaned(value, repairs)
        for name, value in content.items()
    }
    ad = _converted(content, notes)
    for kind in sorted(repairs):
        notes.note_repair(kind)
    for name, known in (("contract_type", CONTRACT_TYPES), ("contract_time", CONTRACT_TIMES)):
        value = getattr(ad, name)
        if value is not None and value not in known:
            notes.note_drift(f"{name}={value}")
    return ad


_AS_THEY_ARE = frozenset(["id", "created", "adref", "redirect_url", "__CLASS__"])


def _converted(content: dict[str, Any], notes: Notes) -> Ad:
    unknown: set[str] = set()
    for _ in range(len(Ad.__struct_fields__) + 1):
        try:
            ad = msgspec.convert(content, Ad)
        except msgspec.ValidationError as exc:
            if not unknown:
                take_out_unknown(content, _known_fields(), "", unknown)
                if unknown:
                    continue
            odd = _PATH.search(str(exc))
            if odd is None or odd[1] in _REQUIRED or odd[1] not in content:
                raise ContractBreach(str(exc)) from None
            unknown.add(f"{odd[1]} of another type")
            del content[odd[1]]
        else:
            for path in sorted(unknown):
                notes.note_drift(path)
            return ad
    raise ContractBreach("Expected an ad, got an object of which no field can be read")


def _cleaned(value: Any, repairs: set[str]) -> Any:
    """Return a value with all its texts cleaned."""
    if isinstance(value, str):
        return _text(value, repairs)
    if isinstance(value, list):
        return [_cleaned(item, repairs) for item in value]
    if isinstance(value, dict):
        return {
            name: item if name == "__CLASS__" else _cleaned(item, repairs)
            for name, item in value.items()
        }
    return value


def _text(text: str, repairs: set[str]) -> str:
    if "\0" in text:
        text = text.replace("\0", "")
        repairs.add("nul_removed")
    for _ in range(ENTITY_LEVELS):
        if "&" not in text or (plain := html.unescape(text)) == text:
            break
        text = plain.replace("\0", "")
        repairs.add("entities_decoded")
    if "<" in text:
        text = _MARKED.sub("", text)
    if may_hold_contact(text.encode("utf-8", "surrogatepass")):
        masked = mask(text)
        text = masked.text
        if masked.emails:
            repairs.add("emails_masked")
        if masked.phones:
            repairs.add("phones_masked")
    return text


@cache
def _known_fields() -> Shape | None:
    return shape_of(inspect.type_info(Ad))
