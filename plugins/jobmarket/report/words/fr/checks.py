"""The French of the checks: what each looks at, what it measured, what was expected, its verdict. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.words.fr.typography import integer, percent

if TYPE_CHECKING:
    from jobmarket.foundation.checks import CheckResult

_CHECKS = {
    "certificate_gap": "Offres annoncées et jamais lues",
    "contact_columns": "Colonnes contenant des coordonnées personnelles",
    "contact_texts": "Offres dont un texte contient une adresse e-mail ou un téléphone",
    "contract_type_share": "Offres dont le type de contrat est connu",
    "created_on_mismatch": "Offres rangées sous un autre jour que le leur",
    "day_volume": "Offres du jour",
    "duplicate_keys": "Offres présentes deux fois",
    "sweep_age_hours": "Heures depuis le dernier relevé certifié du stock",
    "naf_2025_codes": "Offres d’un premier jour codé en NAF 2025",
    "partner_share": "Offres venues de sites partenaires",
    "place_share": "Offres rattachées à un département",
    "rejected_share": "Offres écartées, car illisibles",
    "unknown_fields": "Champs inconnus du contrat",
    "rome_share": "Offres dont le métier (ROME) est connu",
    "rows_against_certificate": "Écart entre la base et le certificat",
}
_VERDICTS = {
    "passed": "réussi",
    "warned": "à regarder",
    "failed": "échoué",
    "skipped": "sans objet",
}


def check_name(result: CheckResult) -> str:
    """Return what a check looks at; a new one keeps the name of its file."""
    return _CHECKS.get(result.name, result.name)


def check_value(result: CheckResult) -> str:
    """Return what was measured."""
    return "—" if result.observed is None else _bound(result, result.observed)


def check_bounds(result: CheckResult) -> str:
    """Return what was expected, the strictest bound on each side."""
    low = [bound for bound in (result.fail_below, result.warn_below) if bound is not None]
    high = [bound for bound in (result.fail_above, result.warn_above) if bound is not None]
    if low and high and max(low) == min(high):
        return _bound(result, max(low))
    said = [f"au moins {_bound(result, max(low))}"] if low else []
    said += [f"au plus {_bound(result, min(high))}"] if high else []
    return ", ".join(said) or "—"


def _bound(result: CheckResult, value: float) -> str:
    if not result.is_share:
        return integer(round(value))
    is_whole = value * 100 == round(value * 100)
    return percent(value, 0 if is_whole else 1)


def verdict(result: CheckResult) -> str:
    """Return the verdict in a word."""
    return _VERDICTS[result.verdict]
