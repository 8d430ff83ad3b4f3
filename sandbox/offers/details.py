"""The smaller objects of a generated offer: place, contract, experience, hours, travel, contact.

Each takes the facts of the offer and its own chance, and returns JSON-ready values. Rates are those of
4,893 real offers, by origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sandbox import labels
from sandbox.offers.wording import one
from sandbox.reference import departements

if TYPE_CHECKING:
    from random import Random

    from sandbox.offers.facts import Facts

T = TypeVar("T")


def _deck(*table: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return each line of a table as often as its last item, a share in %, says: one draw picks one."""
    return tuple(line[:-1] for line in table for _ in range(round(line[-1] * 10)))


_SHORT_CONTRACTS = {
    "CDI": "CDI",
    "CDD": "CDD",
    "MIS": "Intérim",
    "SAI": "Saisonnier",
    "DDI": "CDD Insertion",
    "DIN": "CDI Intérimaire",
    "DDT": "CDD Tremplin",
}
_MONTHS_OF_EXPERIENCE = {
    "1": ("6 Mois", "3 Mois", "6 Mois", "1 Mois", "6 mois"),
    "2": (
        "1 An(s)",
        "2 An(s)",
        "1 An(s)",
        "12 Mois",
        "2 An(s)",
        "3 An(s)",
        "24 Mois",
        "1 an",
        "2 ans",
    ),
    "3": ("5 An(s)", "4 An(s)", "5 An(s)", "10 An(s)", "7 An(s)", "48 Mois"),
}
_EXPERIENCE_NOTES = (
    "sur poste similaire",
    "sur même type de poste",
    "minimum",
    "dans le métier ",
    "EN MAGASIN",
)
_WORK_CONDITIONS = _deck(
    ("Autre", 85), ("En extérieur", 4), ("Au domicile d’un particulier", 4), ("Station debout prolongée", 3),
    ("Travail répétitif ou cadence imposée", 2), ("En environnement bruyant", 2),
)  # fmt: skip
_SHIFTS = _deck(
    ("Travail en journée", 55), ("Autre", 33), ("Travail posté (2x8, 3x8, 5x8, etc.)", 4),
    ("Travail en horaires décalés", 3), ("Travail le samedi", 2), ("Travail en horaires fractionnés", 3),
)  # fmt: skip
_TRAVEL = _deck(
    ("1", "Jamais", 49.2), ("4", "Quotidiens Zone départementale", 12),
    ("2", "Ponctuels Zone départementale", 9),
    ("3", "Fréquents Zone départementale", 8), ("3", "Fréquents Zone régionale", 5),
    ("4", "Quotidiens Zone régionale", 4), ("2", "Ponctuels Zone régionale", 3), ("4", "Quotidiens", 3),
    ("2", "Ponctuels Zone nationale", 1.5), ("2", "Ponctuels Zone internationale", 1.2),
    (None, "Zone départementale", 0.8),
)  # fmt: skip
_APPLY = "Pour postuler, utiliser le lien suivant : https://candidat.francetravail.fr/offres/recherche/detail/"


def place(facts: Facts, random: Random) -> dict[str, Any]:
    """Return ``lieuTravail``: whole, or with the holes and spellings of the real ones."""
    found: dict[str, Any] = {"libelle": _place_label(facts, random)}
    if facts.latitude is not None and facts.longitude is not None:
        found["latitude"] = round(facts.latitude, 6)
        found["longitude"] = round(facts.longitude, 6)
    if facts.commune:
        if facts.latitude is not None or random.random() < 0.4:
            found["codePostal"] = facts.commune.postcode
        found["commune"] = facts.commune.code
    return found


def _place_label(facts: Facts, random: Random) -> str:
    if facts.commune:
        upper = random.random() < (0.5 if facts.origin == 1 else 0.85)
        name = facts.commune.upper_name if upper else facts.commune.name
        return f"{facts.commune.departement} - {name}"
    if facts.departement:
        return _departement_label(facts.departement, random)
    if facts.region:
        label = labels.REGIONS[facts.region]
        return label.replace("Î", "I") if random.random() < 0.5 else label
    if facts.country != "01":
        label = labels.COUNTRIES[facts.country]
        return f"{label} (Frontalier)" if random.random() < 0.3 else label
    return ("France", "France", "France", "FRANCE", "France entière")[int(random.random() * 5)]


def _departement_label(code: str, random: Random) -> str:
    label = next(d.label for d in departements() if d.code == code)
    spellings = (f"{code} - {label}", f"{code} - {label}", f"{code} - {label} (Dept.)",
                 f"{code} - {label.replace('-', ' ')}", code)  # fmt: skip
    return spellings[int(random.random() * len(spellings))]


def contract_label(facts: Facts, random: Random) -> str:
    """Return ``typeContratLibelle``: short for France Travail (a few long ones), long for partners."""
    long = facts.origin == 2 or random.random() < 0.006
    name = labels.CONTRACT_TYPES[facts.contract]
    if not long:
        name = _SHORT_CONTRACTS.get(facts.contract, name)
    months = facts.contract_months
    if months is None:
        return name
    if months >= 1:
        return f"{name} - {round(months)} Mois"
    return f"{name} - {round(months * 30)} Jour(s)"


def experience(facts: Facts, random: Random) -> tuple[str, str | None]:
    """Return (``experienceLibelle``, ``experienceCommentaire`` or None)."""
    note = one_of(random, _EXPERIENCE_NOTES) if random.random() < _note_rate(facts.origin) else None
    if facts.exigence == "D":
        label = "Débutant accepté"
    else:
        wanted = "souhaitée" if facts.exigence == "S" else "exigée"
        length = _MONTHS_OF_EXPERIENCE.get(facts.experience)
        if length is None:
            label = f"Expérience {wanted}"
        elif facts.origin == 1:
            label = one_of(random, length)
        else:
            label = f"Expérience {wanted} de {one_of(random, length)}"
    if note is None:
        return label, None
    return (f"{label} - {note}" if facts.origin == 1 else f"{label} ({note.upper()})"), note


def _note_rate(origin: int) -> float:
    return 0.069 if origin == 1 else 0.006


def one_of(random: Random, values: tuple[T, ...]) -> T:
    """Return one of some values, all equally likely."""
    return values[int(random.random() * len(values))]


def working_time(facts: Facts, random: Random) -> str | None:
    """Return ``dureeTravailLibelle`` in one of its spellings, None if the offer has no hours."""
    if facts.hours_min is None:
        return None
    hours, minutes = divmod(round(facts.hours_min), 60)
    length = f"{hours}H{minutes or ''}"
    shift = one_of(random, _SHIFTS)[0]
    if facts.origin == 2:
        length = f"{hours} H{minutes or ''}"
        return f"{length}  {shift}" if random.random() < 0.7 else length
    if facts.hours_min < 34 * 60:
        length = f"temps partiel - {length}"
    elif random.random() < 0.3:
        return f"{length}/semaine\n{shift}"
    return f"{length} {shift}"


def work_context(facts: Facts, random: Random, hours: str | None) -> dict[str, Any]:
    """Return ``contexteTravail``, ``{}`` when nothing is known."""
    found: dict[str, Any] = {"horaires": [hours]} if hours else {}
    if facts.origin == 1 and random.random() < 0.4:
        found["conditionsExercice"] = [one_of(random, _WORK_CONDITIONS)[0]]
    return found


def travel(random: Random) -> dict[str, str]:
    """Return ``deplacementCode`` and ``deplacementLibelle`` of a France Travail offer; most have none."""
    if random.random() >= 0.32:
        return {}
    code, label = one_of(random, _TRAVEL)
    return (
        {"deplacementLibelle": label}
        if code is None
        else {"deplacementCode": code, "deplacementLibelle": label}
    )


def contact_and_agency(
    facts: Facts, random: Random, company: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Return ``contact`` and ``agence`` of a France Travail offer: invented, in the real shapes.

    Telephone numbers are of the range that the French regulator keeps for fiction.
    """
    draw = random.random()
    town = facts.commune.name if facts.commune else "Centre"
    link = f"{_APPLY}{facts.id}"
    agency = {"courriel": link} if draw > 0.873 else {}
    if draw < 0.18:
        return {}, agency
    if draw < 0.5:
        office = f"Agence France Travail {town.upper()}"
        return {"nom": office, "coordonnees1": link, "courriel": link}, agency
    if draw < 0.86:
        url = f"https://candidature.example.org/offres/{facts.id}?source=francetravail"
        named = {"nom": f"{company} - Service recrutement"} if draw < 0.7 else {}
        return {**named, "coordonnees1": url, "urlPostulation": url}, agency
    street = f"{1 + int(random.random() * 98)} RUE {one(random, 'place_name')}"
    postal = facts.commune.postcode if facts.commune else "75000"
    contact = {"nom": f"{company} - Service recrutement", "coordonnees1": street}
    if draw > 0.992:
        return contact | {
            "telephone": f"01 99 00 {int(random.random() * 90) + 10} {int(random.random() * 90) + 10}"
        }, {}
    return contact | {"coordonnees2": f"{postal} {town}", "coordonnees3": link}, agency
