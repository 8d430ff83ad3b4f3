"""What is assumed of what stands in an answer: fields, facets, order, filters, single offers, code lists."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from jobmarket.foundation.known_secrets import redacted
from jobmarket.sources.france_travail.contract.offer import ApiOffer
from jobmarket.sources.france_travail.evidence.finding import REPORT, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.sources.france_travail.evidence.finding import Finding
    from jobmarket.sources.france_travail.evidence.inquiry import Exchange, Inquiry

FACETS = ("typeContrat", "experience", "qualification", "natureContrat")
SUMMED = FACETS[1:]
"""Facets whose counts add up to the total: a contract type may be one that no filter knows."""

_KNOWN_FIELDS = {one.encode_name for one in msgspec.structs.fields(ApiOffer)}
_ID = re.compile(r"[0-9A-Z]{7}")
_MOST_INVERSIONS = 0.05
_FIELDS = "contract/offer.py"
_FILTERS = "FILTERS in plan/filters.py"
_ORDER = "nothing: no proof rests on an order; a day takes more questions (choose_cut in plan/partition.py)"


def ask(api: Inquiry) -> Iterator[Finding]:
    """Ask for pages and read them; ask for one offer, for code lists, with filters and wrong values."""
    page = api.search(**api.of_day())
    partners = api.search(**api.of_day(sort="1", origineOffre="2"))
    yield from _fields([*page.offers, *partners.offers])
    yield from _order(api, page, partners)
    yield from _facets(api, page)
    yield from _single(api, page)
    yield from _lists(api)
    yield from _refusals(api)


def _fields(offers: list[dict[str, Any]]) -> Iterator[Finding]:
    unknown = sorted({name for offer in offers for name in offer} - _KNOWN_FIELDS)
    yield found(
        "fields",
        "none that the contract does not know",
        redacted(", ".join(unknown)) or f"none in {len(offers)} offers",
        not unknown if offers else None,
        _FIELDS,
    )
    empty = sorted({name for offer in offers for name, value in offer.items() if value is None})
    yield found(
        "null",
        "what is unknown is left out, never null",
        redacted(", ".join(empty)) or "no null",
        not empty if offers else None,
        _FIELDS,
    )
    odd = [
        redacted(offer.get("id"), 20) for offer in offers if not _ID.fullmatch(str(offer.get("id")))
    ]
    yield found(
        "ids",
        "seven digits and capitals",
        ", ".join(odd[:5]) or "all of them",
        not odd if offers else None,
        "_ID_FIRST and ID_BYTES in contract/records.py",
    )


def _order(api: Inquiry, page: Exchange, partners: Exchange) -> Iterator[Finding]:
    origins = [_origin(offer) for offer in page.offers]
    yield found(
        "order without sort",
        "France Travail's own offers first, then partners'",
        f"{origins.count('1')} of {len(origins)} are its own",
        origins == sorted(origins) and origins[0] == "1" if origins else None,
        _ORDER,
    )
    dates = [str(offer.get("dateCreation", ""))[:19] for offer in partners.offers]
    wrong = sum(later > earlier for earlier, later in pairwise(dates))
    yield found(
        "order by date",
        "newest first within one origin",
        f"{wrong} of {len(dates)} stand before an older one",
        wrong <= _MOST_INVERSIONS * len(dates) if dates else None,
        _ORDER,
    )
    again = api.search(**api.of_day(sort="1", origineOffre="2"))
    first, second = ([offer.get("id") for offer in one.offers] for one in (partners, again))
    yield found(
        "same question twice",
        "the same offers in the same order",
        "the same"
        if first == second
        else f"{len(set(first) ^ set(second))} others, or another order",
        first == second if first else None,
        "nothing: pages are chained, and asked again where they do not fit",
    )
    own = api.search(**api.of_day(range="0-0", origineOffre="1"))
    total = (own.total or 0) + (partners.total or 0)
    yield found(
        "origins",
        "each offer has one of the two origins",
        f"{own.total or 0} and {partners.total or 0} of {page.total}",
        None if page.total is None else total == page.total,
        "ORIGINS in plan/day_plan.py; the day is asked for without this filter, too",
    )


def _facets(api: Inquiry, page: Exchange) -> Iterator[Finding]:
    facets = _facets_of(page)
    yield found(
        "facets",
        ", ".join(FACETS),
        redacted(", ".join(facets)) or "none",
        tuple(facets) == FACETS,
        "read_answer in client/answer.py",
    )
    sums = {name: sum(facets.get(name, {}).values()) for name in SUMMED}
    yield found(
        "facets add up",
        "each counts the whole result",
        f"{', '.join(f'{name} {count}' for name, count in sums.items())}; total {page.total}",
        set(sums.values()) == {page.total},
        "states in plan/states.py",
    )
    contracts = facets.get("typeContrat", {})
    for name, values in (("filter", ("CDI",)), ("filter with several values", ("CDI", "CDD"))):
        counted = sum(contracts.get(value, 0) for value in values)
        met = api.search(**api.of_day(range="0-0", typeContrat=",".join(values)))
        yield found(
            name,
            "gives as many as the facet counts",
            f"{met.told()}; counted {counted}",
            (met.total or 0) == counted if contracts else None,
            _FILTERS,
        )


def _single(api: Inquiry, page: Exchange) -> Iterator[Finding]:
    if page.offers:
        offer = page.offers[0]
        met = api.get(f"/offres/{offer.get('id')}")
        is_same = met.status == 200 and met.json == offer
        yield found("one offer", "200, as on its page", met.told(), is_same)
    met = api.get("/offres/000BBBB")
    yield found("unknown offer", "204", met.told(), met.status == 204)
    met, text = api.get("/offres/x"), "Le format de l'id de l'offre recherchée est incorrect."
    yield found("malformed id", f"400 {text}", met.told(), (met.status, met.message) == (400, text))


def _lists(api: Inquiry) -> Iterator[Finding]:
    for name, least in (("metiers", 500), ("departements", 101), ("typesContrats", 11)):
        met = api.get(f"/referentiel/{name}")
        rows = met.json if isinstance(met.json, list) else []
        codes = {row.get("code") for row in rows if isinstance(row, dict)}
        yield found(
            f"list {name}",
            f"at least {least} codes",
            f"{met.status}, {len(codes)} codes",
            met.status == 200 and len(codes) >= least,
            "_REFERENTIALS in plan/filters.py",
        )
    met = api.get("/referentiel/inconnu")
    yield found("unknown list", "404", met.told(), met.status == 404)


def _refusals(api: Inquiry) -> Iterator[Finding]:
    texts = {
        "publieeDepuis": ("2", "Format du paramètre « publieeDepuis » incorrect. 1, 3, 7, 14 ou 31 attendu."),
        "departement": ("00", "Valeur du paramètre « departement » incorrecte."),
    }  # fmt: skip
    for name, (value, text) in texts.items():
        met = api.search(**{name: value})
        yield found(
            f"wrong {name}", f"400 {text}", met.told(), (met.status, met.message) == (400, text)
        )
    body = met.json if isinstance(met.json, dict) else {}
    yield found(
        "error body",
        "codeErreur, codeHttp, message",
        redacted(", ".join(sorted(body))) or "no JSON object",
        sorted(body) == ["codeErreur", "codeHttp", "message"],
        f"{REPORT}; require_success in client/verdict.py reads message",
    )


def _origin(offer: dict[str, Any]) -> str:
    origin = offer.get("origineOffre")
    return str(origin.get("origine", "")) if isinstance(origin, dict) else ""


def _facets_of(page: Exchange) -> dict[str, dict[str, int]]:
    try:
        return {
            str(facet["filtre"]): {
                str(one["valeurPossible"]): int(one["nbResultats"]) for one in facet["agregation"]
            }
            for facet in page.json["filtresPossibles"]
        }
    except (KeyError, TypeError, ValueError):
        return {}
