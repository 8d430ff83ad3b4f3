"""The sandbox serves whatever offer the contract accepts: made from the contract's own types."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jobmarket.enrich.contact.guard import may_hold_contact
from jobmarket.offers.reading import Notes
from jobmarket.sources.france_travail.contract.interpret import read_offer
from jobmarket.sources.france_travail.contract.offer import ApiOffer
from msgspec import inspect

from sandbox.offers.file import FileSource, redate
from sandbox.query import parse_query
from sandbox.settings import Settings
from sandbox.world import World

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 18)
# words that a reader of these fields looks for, beside any text
_WORDS = st.sampled_from(
    [
        "",
        "Mensuel de 2000 Euros",
        "35H/semaine",
        "Contrat - 6 Mois",
        "2 an(s)",
        "D",
        "59 - Lille",
        "CDI",
        "97",
    ]
)
_TIMES = st.sampled_from(
    ["2026-11-18T09:30:00.250Z", "2026-11-18T00:00:00Z", "2026-11-18T23:59:59.999+02:00"]
)


def values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Return JSON values of a type of the contract; a field that need not be there may be missing or null."""
    if isinstance(kind, inspect.StructType):
        needed = {f.encode_name: values(f.type) for f in kind.fields if f.required}
        free = {f.encode_name: values(f.type) for f in kind.fields if not f.required}
        return st.fixed_dictionaries(needed, optional=free)
    if isinstance(kind, inspect.UnionType):
        return st.one_of([values(one) for one in kind.types])
    if isinstance(kind, inspect.ListType):
        return st.lists(values(kind.item_type), max_size=2)
    if isinstance(kind, inspect.LiteralType):
        return st.sampled_from(kind.values)
    if isinstance(kind, inspect.StrType):
        shortest, longest = kind.min_length or 0, kind.max_length or 1_000
        return st.text(min_size=shortest, max_size=min(12, longest)) | _WORDS.filter(
            lambda text: shortest <= len(text) <= longest
        )
    plain: dict[type, st.SearchStrategy[Any]] = {
        inspect.NoneType: st.none(),
        inspect.BoolType: st.booleans(),
        inspect.IntType: st.integers(0, 1_000_000),
        inspect.FloatType: st.floats(-90, 90),
        inspect.DateTimeType: _TIMES,
        inspect.RawType: st.none() | st.text(max_size=5) | st.fixed_dictionaries({}),
    }
    return plain[type(kind)]


OFFERS = values(inspect.type_info(ApiOffer))


def serve(folder: Path, offers: list[dict[str, Any]], day: date | None = DAY) -> World:
    file = folder / "offers.jsonl"
    file.write_text("\n".join(json.dumps(offer) for offer in offers), encoding="utf-8")
    now = datetime.fromisoformat("2026-11-20")
    return World(Settings(offers_file=file, redate=day, now=now))


@given(offer=OFFERS)
@settings(max_examples=60, deadline=None)
def test_every_offer_of_the_contract_is_served(
    tmp_path_factory: pytest.TempPathFactory, offer: dict[str, Any]
) -> None:
    assume(any(letter.isalnum() for letter in offer["intitule"]))
    # a mask may be longer than what a field may hold: see test_contact.py
    assume(not may_hold_contact(json.dumps(offer, ensure_ascii=False).encode(errors="replace")))
    # it is one: the contract itself reads it
    read_offer(json.dumps(offer).encode(), Notes(Counter(), Counter()))
    world = serve(tmp_path_factory.mktemp("offers"), [offer])
    asked = {"minCreationDate": "2026-11-18T00:00:00Z", "maxCreationDate": "2026-11-19T00:00:00Z"}
    _, found = world.search(parse_query(asked))
    assert found.total == 1
    served = world.offer(offer["id"])
    if served is not None:  # an id that the sandbox finds in its file, as it stands there
        again = msgspec.json.decode(served)
        redate(wanted := dict(offer), DAY)
        assert again == wanted


@pytest.mark.parametrize(
    "changes",
    [
        {"formations": [{"domaineLibelle": "soudage"}]},
        {"formations": [None]},
        {"formations": None, "permis": None, "langues": None, "competences": None},
        {"salaire": None},
        {"salaire": {"libelle": None}},
        {"lieuTravail": None},
        {"lieuTravail": {}},
        {"lieuTravail": {"libelle": None, "latitude": None, "longitude": None}},
        {"origineOffre": {"origine": "2", "partenaires": [{"url": "https://example.org"}]}},
        {"origineOffre": {"origine": "2", "partenaires": [{"nom": None}, {"nom": "JOBATOUT"}]}},
        {"origineOffre": {"origine": "2", "partenaires": None}},
        {"entreprise": None, "contexteTravail": None, "alternance": None, "accessibleTH": None},
        {"dateActualisation": None, "typeContratLibelle": None, "dureeTravailLibelle": None},
        {"experienceExige": None, "experienceLibelle": None, "qualificationCode": None},
    ],
)
def test_what_an_offer_may_leave_out(tmp_path: Path, changes: dict[str, Any]) -> None:
    smallest: dict[str, Any] = {
        "id": "0123456",
        "intitule": "Boulanger (H/F)",
        "dateCreation": "2026-11-18T09:30:00.250Z",
        "origineOffre": {"origine": "1"},
    }
    assert serve(tmp_path, [smallest | changes]).ids(DAY) == ["0123456"]


def test_a_partner_without_a_name_is_no_partner_that_can_be_asked_for(tmp_path: Path) -> None:
    nameless = {
        "id": "0123456",
        "intitule": "Boulanger (H/F)",
        "dateCreation": "2026-11-18T09:30:00.250Z",
        "origineOffre": {"origine": "2", "partenaires": [{"url": "https://example.org"}]},
    }
    named = nameless | {
        "id": "0123457",
        "origineOffre": {"origine": "2", "partenaires": [{}, {"nom": "JOBATOUT"}]},
    }
    file = tmp_path / "offers.jsonl"
    file.write_text(f"{json.dumps(nameless)}\n{json.dumps(named)}\n")
    source = FileSource(file, None)
    assert source.partner_names == ["JOBATOUT"]
    assert sorted(source.day(DAY).columns.partner.tolist()) == [-1, 0]
