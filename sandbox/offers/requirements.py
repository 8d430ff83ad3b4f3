"""What a generated offer asks of a person: training, languages, licences, skills, soft skills.

Each takes the facts of the offer and its own chance, and returns JSON-ready values. Rates are those of
4,893 real offers, by origin.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sandbox import labels
from sandbox.offers.details import one_of
from sandbox.offers.wording import one, several
from sandbox.reference import Skill, skills, trainings

if TYPE_CHECKING:
    from random import Random

    from sandbox.offers.facts import Facts


def requirements(facts: Facts, random: Random) -> dict[str, Any]:
    """Return ``formations``, ``langues``, ``permis``, ``outilsBureautiques`` and ``competences``.

    An empty list is absent, as in the API.
    """
    found: dict[str, Any] = {}
    if facts.level:
        found["formations"] = [
            _training(facts.level, random) for _ in range(2 if random.random() < 0.11 else 1)
        ]
    if random.random() < (0.062 if facts.origin == 1 else 0.008):
        codes = ("AN", "FR", "AN", "FR", "AN", "ES", "AL", "IT", "PO", "LS")
        label = labels.LANGUAGES[one_of(random, codes)]
        found["langues"] = [{"libelle": label, "exigence": _exigence(random)}]
    if facts.licence:
        found["permis"] = [
            {"libelle": labels.LICENCES[facts.licence], "exigence": _exigence(random)}
        ]
    if facts.origin == 1 and random.random() < 0.001:
        found["outilsBureautiques"] = ["Tableur", "Traitement de texte"]
    if facts.origin == 1 and random.random() < 0.61:
        found["competences"] = _skills(facts, random)
    return found


def _training(level: str, random: Random) -> dict[str, str]:
    found: dict[str, str] = {}
    if random.random() < 0.63:
        code, label = trainings()[int(random.random() * len(trainings()))]
        found = {"codeFormation": code, "domaineLibelle": label}
    found["niveauLibelle"] = labels.EDUCATION_LEVELS[level]
    if random.random() < 0.38:
        found["commentaire"] = "Diplôme ou titre équivalent"
    return found | {"exigence": _exigence(random)}


def _skills(facts: Facts, random: Random) -> list[dict[str, str]]:
    pool = _skills_of(facts.job.code[0])
    count = min(
        len(pool), 1 + int(random.random() * 6 if random.random() < 0.85 else random.random() * 24)
    )
    start = int(random.random() * len(pool))
    found: list[dict[str, str]] = []
    for i in range(count):
        skill = pool[(start + i) % len(pool)]
        if random.random() < 0.035:
            found.append({"libelle": one(random, "uncoded_skill"), "exigence": "S"})
        else:
            found.append(
                {"code": skill.code, "libelle": skill.label, "exigence": _exigence(random)}
            )
    return found


@cache
def _skills_of(domain: str) -> tuple[Skill, ...]:
    return tuple(skill for skill in skills() if skill.domain == domain) or skills()[:20]


def _exigence(random: Random) -> str:
    return "E" if random.random() < 0.35 else "S"


def soft_skills(random: Random) -> list[dict[str, str]]:
    """Return ``qualitesProfessionnelles``: two or three, mostly three."""
    lines = several(random, "soft_skill", 3 if random.random() < 0.9 else 2)
    return [_soft_skill(line) for line in lines]


@cache
def _soft_skill(line: str) -> dict[str, str]:
    label, text = line.split("|")
    return {"libelle": label, "description": text}
