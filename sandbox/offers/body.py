"""A generated offer as the API spells it: fields, labels, empty objects and absent keys.

What lives here: the order of the fields, and which are absent how often, by origin. What does not: the
attributes (``attributes``), the smaller objects (``details``), sentences (``wording``), pay (``pay``).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sandbox import labels
from sandbox.offers import details, requirements, wording
from sandbox.offers.columns import (
    DAY_MS,
    EPOCH_ORDINAL,
    FLAG_ACCESSIBLE,
    FLAG_ADAPTED_COMPANY,
    FLAG_DISABILITY_COMMITTED,
    FLAG_FEW_CANDIDATES,
)
from sandbox.offers.pay import salary

if TYPE_CHECKING:
    from random import Random

    from sandbox.offers.facts import Facts

OFFER_URL = "https://candidat.francetravail.fr/offres/recherche/detail/"
_NON_EXECUTIVE_QUALIFICATIONS = "66666665555532223871"
_HEADCOUNTS = (
    "1 ou 2 salariés", "3 à 5 salariés", "6 à 9 salariés", "10 à 19 salariés", "20 à 49 salariés",
    "50 à 99 salariés", "100 à 199 salariés", "200 à 249 salariés", "500 à 999 salariés",
)  # fmt: skip
# the partners' newer pipeline leaves fields out; one offer in 38
_NEWER_PIPELINE = 0.026
_REPUBLISHED = 0.03


def write(facts: Facts, text: Random, random: Random) -> dict[str, Any]:
    """Return one offer as a JSON-ready object.

    :param facts: what the offer is.
    :param text: the chance of its wording; an offer that copies another's text begins with its chance.
    :param random: the chance of all the rest; may be the same as ``text``, which is drawn from first.
    """
    company = wording.company_name(text, facts.contract == "MIS")
    title = _title(facts, text)
    description = _description(facts, text, company)
    is_newer = facts.origin == 2 and random.random() < _NEWER_PIPELINE
    created = spell_time(facts.created_ms)
    offer: dict[str, Any] = {
        "id": facts.id,
        "intitule": title,
        "description": _with_dirt(facts, random, description),
        "dateCreation": created,
    }
    if not is_newer:
        updated_ms = _updated_ms(facts, random)
        offer["dateActualisation"] = (
            created if updated_ms == facts.created_ms else spell_time(updated_ms)
        )
    offer["lieuTravail"] = details.place(facts, random)
    offer["romeCode"] = facts.job.code
    offer["romeLibelle"] = facts.job.label
    offer["appellationlibelle"] = _appellation(facts, random)
    offer["entreprise"] = _company(facts, random, company, is_newer)
    _add_contract(offer, facts, random, is_newer)
    offer |= requirements.requirements(facts, random)
    offer["salaire"] = salary(random, facts.origin, facts.salary_eur_per_year)
    hours = details.working_time(facts, random)
    _add_hours(offer, facts, random, hours)
    offer["alternance"] = facts.nature in labels.APPRENTICESHIP_NATURES
    if facts.origin == 1:
        offer["contact"], offer["agence"] = details.contact_and_agency(facts, random, company)
    elif is_newer:
        offer["contact"] = {}
    offer["nombrePostes"] = 1 if random.random() < 0.966 else 2 + int(random.random() ** 3 * 19)
    if not is_newer:
        offer["accessibleTH"] = bool(facts.flags & FLAG_ACCESSIBLE)
    if facts.origin == 1:
        offer |= details.travel(random)
    _add_employer(offer, facts, random)
    _add_origin(offer, facts, random)
    offer["contexteTravail"] = details.work_context(facts, random, hours)
    offer["entrepriseAdaptee"] = bool(facts.flags & FLAG_ADAPTED_COMPANY)
    offer["employeurHandiEngage"] = bool(facts.flags & FLAG_DISABILITY_COMMITTED)
    return offer


def spell_time(ms: int) -> str:
    """Spell naive Paris milliseconds since 1970 as the API does, with its false ``Z``."""
    days, rest = divmod(ms, DAY_MS)
    seconds, milli = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_date(days)}T{hour:02d}:{minute:02d}:{second:02d}.{milli:03d}Z"


@lru_cache(maxsize=1_000)
def _date(days: int) -> str:
    return date.fromordinal(days + EPOCH_ORDINAL).isoformat()


def _title(facts: Facts, text: Random) -> str:
    titles = wording.job_titles(facts.job.code)
    title = titles[int(text.random() * len(titles))]
    draw = text.random()
    if draw < 0.08 and facts.commune:
        return f"{title} - {facts.commune.upper_name}"
    if draw < 0.14:
        return f"{title} - {facts.contract}"
    if draw < 0.16:
        return f"{title} - {int(text.random() * 90_000) + 10_000}"
    if draw < 0.161 and facts.origin == 2:
        return title.replace("'", "&apos;")
    return title


def _description(facts: Facts, text: Random, company: str) -> str:
    words = {
        "metier": wording.job_titles(facts.job.code)[1],
        "ville": facts.commune.name if facts.commune else "proximité de chez vous",
        "entreprise": company,
        "secteur": facts.naf.label.lower() if facts.naf else "services",
        "contrat": labels.CONTRACT_TYPES[facts.contract],
    }
    made = wording.description(text, facts.origin, facts.job.code[0], words)
    return wording.with_tools(text, facts.job.code, made)


def _with_dirt(facts: Facts, random: Random, made: str) -> str:
    draw = random.random()
    if draw < (0.10 if facts.origin == 2 else 0.002):
        return wording.with_entities(random, made)
    if draw > 0.997:
        return wording.with_tags(made)
    return made


def _updated_ms(facts: Facts, random: Random) -> int:
    """Return ``dateActualisation``: never before creation, hours later when published again."""
    draw = random.random()
    if draw < _REPUBLISHED:
        later = 3_600_000 + int(random.random() * 5 * 3_600_000)
    elif facts.origin == 2 or draw < 0.20:
        return facts.created_ms
    else:
        later = 50 + int(random.random() ** 4 * 300_000)
    return facts.created_ms + (later if facts.origin == 1 else later // 1000 * 1000)


def _appellation(facts: Facts, random: Random) -> str:
    if random.random() < 0.35:
        return facts.job.label
    return wording.job_titles(facts.job.code)[1].removesuffix(" (H/F)")


def _company(facts: Facts, random: Random, company: str, is_newer: bool) -> dict[str, Any]:
    named, described = (0.94, 0.26) if facts.origin == 1 else (0.47, 0.66)
    found: dict[str, Any] = {}
    if random.random() < named:
        found["nom"] = company
    if random.random() < described:
        about = " ".join(wording.several(random, "about", 1 + int(random.random() * 3)))
        town = facts.commune.name if facts.commune else "France"
        words = {
            "entreprise": company,
            "ville": town,
            "adj": "de référence",
            "public": "nos clients",
        }
        found["description"] = about % words
    if facts.origin == 1 and random.random() < 0.15:
        found["logo"] = f"https://logos.example.org/{facts.id.lower()}"
    if facts.origin == 1 and random.random() < 0.03:
        found["url"] = "https://www.example.org"
    if not is_newer:
        found["entrepriseAdaptee"] = bool(facts.flags & FLAG_ADAPTED_COMPANY)
    return found


def _add_contract(offer: dict[str, Any], facts: Facts, random: Random, is_newer: bool) -> None:
    offer["typeContrat"] = facts.contract
    offer["typeContratLibelle"] = details.contract_label(facts, random)
    offer["natureContrat"] = labels.CONTRACT_NATURES[facts.nature]
    offer["experienceExige"] = facts.exigence
    label, note = details.experience(facts, random)
    if not is_newer:
        offer["experienceLibelle"] = label
    if note:
        offer["experienceCommentaire"] = note


def _add_hours(offer: dict[str, Any], facts: Facts, random: Random, hours: str | None) -> None:
    if hours is not None and facts.hours_min is not None:
        offer["dureeTravailLibelle"] = hours
        is_full = facts.hours_min >= 34 * 60
        offer["dureeTravailLibelleConverti"] = "Temps plein" if is_full else "Temps partiel"
    if random.random() < 0.028:
        offer["complementExercice"] = (
            "Temps plein" if facts.origin == 2 else "un week-end sur deux "
        )
    if facts.origin == 1 and random.random() < 0.004:
        offer["conditionExercice"] = "Possibilité de renouvellement"


def _add_employer(offer: dict[str, Any], facts: Facts, random: Random) -> None:
    if facts.is_executive is not None:
        code = labels.EXECUTIVE
        if not facts.is_executive:
            code = details.one_of(random, tuple(_NON_EXECUTIVE_QUALIFICATIONS))
        offer["qualificationCode"] = code
        offer["qualificationLibelle"] = labels.QUALIFICATIONS[code]
    if facts.naf:
        offer["codeNAF"] = facts.naf.code
        offer["secteurActivite"] = facts.naf.code[:2]
        offer["secteurActiviteLibelle"] = facts.naf.label
    if facts.origin == 1 and random.random() < 0.435:
        offer["qualitesProfessionnelles"] = requirements.soft_skills(random)
    if facts.origin == 1 and random.random() < 0.48:
        offer["trancheEffectifEtab"] = details.one_of(random, _HEADCOUNTS)


def _add_origin(offer: dict[str, Any], facts: Facts, random: Random) -> None:
    origin: dict[str, Any] = {"origine": str(facts.origin), "urlOrigine": f"{OFFER_URL}{facts.id}"}
    if facts.partner:
        names = [facts.partner] + (["EMPLOIVIF"] if random.random() < 0.01 else [])
        origin["partenaires"] = [_partner(name, facts.id) for name in names]
    offer["origineOffre"] = origin
    if facts.origin == 1 and random.random() < 0.983:
        offer["offresManqueCandidats"] = bool(facts.flags & FLAG_FEW_CANDIDATES)


def _partner(name: str, offer_id: str) -> dict[str, str]:
    slug = name.lower().replace(" ", "-").replace("_", "-")
    return {
        "nom": name,
        "url": f"https://{slug}.example.org/annonce/{offer_id}?utm_source=francetravail",
        "logo": f"https://logos.example.org/partenaires/{slug}80.png",
    }
