"""Salary labels in all the spellings of the real ones, the wrong ones included.

What lives here: the ``salaire`` object of a generated offer. What does not: what an offer pays
(``attributes``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

_HOURS_PER_YEAR = 1_820
_PERIODS = (("Horaire", _HOURS_PER_YEAR), ("Mensuel", 12), ("Annuel", 1))
# share of (hourly, monthly, yearly) and of the suffix " sur # mois", by origin
_PERIOD_SHARES = {1: (0.45, 0.36, 0.19), 2: (0.05, 0.16, 0.79)}
_MONTHS = ("12.0", "12.0", "12.0", "12.0", "12", "13.0", "0.0", "14.0", "13")
_COMMENTS = (
    "Salaire selon profil", "N/A", "Selon profil", "selon expérience", "SMIC", "à négocier", ",", ".",
    "A partir de 28 k€ brut annuel", "36 - 42 k€ brut annuel", "Titres restaurant~$~~@~Mutuelle",
    "SMIC + primes", "Selon convention collective", "AUTRES", "13e mois + indemnités",
)  # fmt: skip
_COMPLEMENTS = (
    ("11", "Autre"), ("2", "Primes"), ("4", "Mutuelle"), ("3", "Chèque repas"), ("7", "Restauration"),
    ("6", "CE"), ("8", "Véhicule"), ("9", "Mobile"), ("10", "Pc portable"), ("5", "Hébergement"),
)  # fmt: skip


def salary(random: Random, origin: int, eur_per_year: float | None) -> dict[str, Any]:
    """Return the ``salaire`` object, ``{}`` if the offer says nothing.

    :param random: the offer's own chance.
    :param origin: 1 or 2.
    :param eur_per_year: the lower bound, None if the offer has no salary label.
    """
    found: dict[str, Any] = {}
    if eur_per_year is not None:
        found["libelle"] = _label(random, origin, eur_per_year)
    if random.random() < (_comment_rate(origin, eur_per_year)):
        found["commentaire"] = _COMMENTS[int(random.random() * len(_COMMENTS))]
    if origin == 1 and (eur_per_year is None or random.random() < 0.33):
        _complements(random, found)
    return found


def _comment_rate(origin: int, eur_per_year: float | None) -> float:
    if origin == 2:
        return 0.05
    return 0.97 if eur_per_year is None else 0.03


def _complements(random: Random, found: dict[str, Any]) -> None:
    first = int(random.random() ** 2 * len(_COMPLEMENTS))
    chosen = [_COMPLEMENTS[first]]
    if random.random() < 0.5:
        chosen.append(_COMPLEMENTS[(first + 1) % len(_COMPLEMENTS)])
    for number, (_, label) in enumerate(chosen, 1):
        found[f"complement{number}"] = label
    found["listeComplements"] = [{"code": code, "libelle": label} for code, label in chosen]


def _label(random: Random, origin: int, eur_per_year: float) -> str:
    draw, odd = random.random(), random.random()
    shares = _PERIOD_SHARES[origin]
    at = 0 if draw < shares[0] else 1 if draw < shares[0] + shares[1] else 2
    period, per_year = _PERIODS[at]
    low = eur_per_year / per_year
    high = low * (1 + 0.4 * random.random()) if random.random() < 0.6 else None
    if odd < 0.02:
        return _odd_label(odd / 0.02, origin, low, high or low)
    text = f"{period} de {_amount(low, at, origin)} Euros"
    if high is not None:
        # the same amount twice is a spelling that occurs
        top = low if random.random() < 0.08 else high
        text += f" à {_amount(top, at, origin)} Euros"
    if origin == 1 and random.random() < 0.85:
        text += f" sur {_MONTHS[int(random.random() * len(_MONTHS))]} mois"
    elif origin == 2 and random.random() < 0.2:
        text += " sur 12 mois"
    return text


def _odd_label(draw: float, origin: int, low: float, high: float) -> str:
    """Return one of the labels that a careful reader must refuse or put right."""
    a, b = _amount(low, 1, origin), _amount(high, 1, origin)
    labels = (
        "Annuel de",
        f"Mensuel de {max(low, 30_000):.1f} Euros à {max(high, 40_000):.1f} Euros sur 12.0 mois",
        f"Horaire de {max(low, 2_000):.0f} Euros à {max(high, 2_500):.0f} Euros sur 12 mois",
        f"Autre de {a} Euros à {b} Euros",
        f"De {a} Euros à {b} Euros",
        f"Mensuel de {a} Euros ï¿½ {b} Euros",
        f"Annuel de {max(high, 30_000):.1f} Euros à {max(low, 20_000):.1f} Euros sur 12.0 mois",
    )
    return labels[int(draw * len(labels))]


def _amount(value: float, at: int, origin: int) -> str:
    """Spell an amount: dots for France Travail, comma and cents for partners; hourly ones keep cents."""
    rounded = round(value, 2) if at == 0 else round(value / 50) * 50
    if origin == 2:
        return f"{rounded:.2f}".replace(".", ",")
    return str(float(rounded))
