"""Whether two states of an offer mean the same: what differs, and what that is worth. Pure.

What lives here: which columns mean something, and what is damage to a text. What does not: which states there
are (``chain``), how a state is kept (``store``).

Of 82 real offers that were given again otherwise, two thirds had not changed for a reader: a new date, a new
name of a trade, another address at a partner, characters that the source lost on the way. These would drown
the changes of employers, so each has a kind of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec import structs

from jobmarket.offers.schema import JOB_OFFER, PARTS, SOURCE

if TYPE_CHECKING:
    from jobmarket.offers.schema import OfferRows, Skill

Kind = Literal["refreshed", "relabelled", "damaged", "changed"]

_IGNORED = {"source", "offer_id"}
DATES = {"created_on", "created_at", "updated_at"}
# The code beside a label decides; the commune, the postcode and the label of the place beside coordinates.
LABELS = {
    "rome_label", "rome_appellation_label", "qualification_label", "sector_label", "travel_label",
    "category_label", "latitude", "longitude", "is_coordinates_swapped",
}  # fmt: skip
_STATED = tuple(
    column.name
    for column in JOB_OFFER.declared
    if column.filled_by == SOURCE and column.name not in _IGNORED
)
_LISTS = tuple(table.part for table in PARTS)

# What stands where a character was lost; real ones: U+FFFD, and the inverted question mark of code pages.
_LOST = frozenset("\ufffd¿?")
# A point or comma between digits is part of a figure.
_NO_LETTER = re.compile(r"(?<!\d)[^\w]+|[^\w.,]+|[^\w]+(?!\d)|_+")
_CUT = ("...", "…")
_MIN_CUT_CHARS = 100


class Difference(NamedTuple):
    """How a state differs from the one before it.

    :param kind: ``changed`` if it means something else.
    :param fields: columns and lists that differ in meaning; of a kind that is none, all that differ.
    """

    kind: Kind
    fields: tuple[str, ...]


def difference(older: OfferRows, newer: OfferRows) -> Difference:
    """Return how two states differ in what the source states; ``refreshed`` where nothing else does."""
    by_kind: dict[Kind, list[str]] = {
        "changed": [],
        "damaged": [],
        "relabelled": [],
        "refreshed": [],
    }
    for name in _STATED:
        before, after = getattr(older.offer, name), getattr(newer.offer, name)
        if before != after:
            by_kind[_kind_of_column(name, before, after)].append(name)
    for name in _LISTS:
        before, after = getattr(older, name), getattr(newer, name)
        if before != after:
            by_kind[_kind_of_list(name, before, after)].append(name)
    for kind, fields in by_kind.items():
        if fields:
            told = (
                fields
                if kind == "changed"
                else [one for all_of in by_kind.values() for one in all_of]
            )
            return Difference(kind, tuple(sorted(told)))
    return Difference("refreshed", ())


def is_damage(before: str, after: str) -> bool:
    """Return whether two texts differ only by characters lost, cut off, or by what is no letter or digit."""
    if _NO_LETTER.sub("", before) == _NO_LETTER.sub("", after):
        return True
    if len(before) == len(after):
        return all(
            one == other or one in _LOST or other in _LOST
            for one, other in zip(before, after, strict=True)
        )
    short, long = sorted((before, after), key=len)
    whole = short.rstrip().removesuffix(_CUT[0]).removesuffix(_CUT[1])
    return (
        len(whole) < len(short)
        and len(whole) >= _MIN_CUT_CHARS
        and is_damage(whole, long[: len(whole)])
    )


def _kind_of_column(name: str, before: Any, after: Any) -> Kind:
    if name in DATES:
        return "refreshed"
    if name in LABELS:
        return "relabelled"
    if isinstance(before, str) and isinstance(after, str) and is_damage(before, after):
        return "damaged"
    return "changed"


def _kind_of_list(name: str, before: list[Any], after: list[Any]) -> Kind:
    if name == "partner":
        # which partners pass it on is how the offer travels, and not what it says
        return "relabelled"
    if name == "skill" and [*map(_coded, before)] == [*map(_coded, after)]:
        return "relabelled"
    if len(before) == len(after) and all(map(_is_damaged_item, before, after)):
        return "damaged"
    return "changed"


def _coded(skill: Skill) -> tuple[str | None, str | None]:
    """Return what a skill is; its label counts where it has no code."""
    return skill.skill_code or skill.skill_label, skill.requirement_code


def _is_damaged_item(before: Any, after: Any) -> bool:
    return all(
        one == other or (isinstance(one, str) and isinstance(other, str) and is_damage(one, other))
        for one, other in zip(structs.astuple(before), structs.astuple(after), strict=True)
    )
