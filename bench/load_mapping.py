"""Which field of an offer goes into which column, for the peers of the load, who write the same tables.

What lives here: the columns as the peers fill them, and one offer as a row. What does not: how rows are
written (``load_contestants``); what this project's own load reads (``jobmarket``).
"""

from __future__ import annotations

from typing import Any

SOURCE, RUN = "france_travail", "bench"
OBSERVED_AT = "2026-11-19T00:00:00Z"
DATES = {"created_at": "dateCreation", "updated_at": "dateActualisation"}
FIELDS = {
    "offer_id": "id",
    "position_count": "nombrePostes",
    "latitude": "lieuTravail.latitude",
    "longitude": "lieuTravail.longitude",
    "is_work_study": "alternance",
    "is_accessible_to_disabled": "accessibleTH",
    "is_adapted_company": "entreprise.entrepriseAdaptee",
    "is_disability_employer": "employeurHandiEngage",
    "is_short_of_candidates": "offresManqueCandidats",
    "origin_code": "origineOffre.origine",
    "title": "intitule",
    "description": "description",
    "place_label": "lieuTravail.libelle",
    "commune_code": "lieuTravail.commune",
    "postcode": "lieuTravail.codePostal",
    "rome_code": "romeCode",
    "rome_label": "romeLibelle",
    "rome_appellation_label": "appellationlibelle",
    "company_name": "entreprise.nom",
    "company_description": "entreprise.description",
    "company_url": "entreprise.url",
    "company_size_label": "trancheEffectifEtab",
    "contract_type_code": "typeContrat",
    "contract_type_label": "typeContratLibelle",
    "contract_nature_label": "natureContrat",
    "experience_code": "experienceExige",
    "experience_label": "experienceLibelle",
    "experience_comment": "experienceCommentaire",
    "salary_label": "salaire.libelle",
    "salary_comment": "salaire.commentaire",
    "salary_complement_1_label": "salaire.complement1",
    "salary_complement_2_label": "salaire.complement2",
    "working_time_label": "dureeTravailLibelle",
    "working_time_category_label": "dureeTravailLibelleConverti",
    "working_time_comment": "complementExercice",
    "working_condition_comment": "conditionExercice",
    "travel_code": "deplacementCode",
    "travel_label": "deplacementLibelle",
    "qualification_code": "qualificationCode",
    "qualification_label": "qualificationLibelle",
    "naf_code": "codeNAF",
    "sector_code": "secteurActivite",
    "sector_label": "secteurActiviteLibelle",
}
CHILDREN: dict[str, tuple[Any, dict[str, str]]] = {
    "job_offer_skill": (
        lambda offer: offer.get("competences", ()),
        {"skill_code": "code", "skill_label": "libelle", "requirement_code": "exigence"},
    ),
    "job_offer_language": (
        lambda offer: offer.get("langues", ()),
        {"language_label": "libelle", "requirement_code": "exigence"},
    ),
    "job_offer_licence": (
        lambda offer: offer.get("permis", ()),
        {"licence_label": "libelle", "requirement_code": "exigence"},
    ),
    "job_offer_education": (
        lambda offer: offer.get("formations", ()),
        {
            "level_label": "niveauLibelle",
            "field_code": "codeFormation",
            "field_label": "domaineLibelle",
            "education_comment": "commentaire",
            "requirement_code": "exigence",
        },
    ),
    "job_offer_partner": (
        lambda offer: offer["origineOffre"].get("partenaires", ()),
        {"partner_name": "nom", "partner_url": "url"},
    ),
}
BESIDE = ("is_coordinates_swapped", "soft_skill_labels", "observed_at", "content_hash", "run_id")
COLUMNS = ("source", "created_on", *DATES, *FIELDS, *BESIDE)


def labels(qualities: Any) -> list[str] | None:
    """Return the labels of a list of objects; None if there is no list."""
    return [quality["libelle"] for quality in qualities] if isinstance(qualities, list) else None


def row_of(offer: dict[str, Any]) -> tuple[Any, ...]:
    """Return an offer as a row of ``COLUMNS``; a date without its ``Z`` is one of Paris."""
    return (
        SOURCE,
        offer["dateCreation"][:10],
        *((offer.get(path) or "").removesuffix("Z") or None for path in DATES.values()),
        *(_at(offer, path) for path in FIELDS.values()),
        False,
        labels(offer.get("qualitesProfessionnelles")),
        OBSERVED_AT,
        b"",
        RUN,
    )


def _at(offer: dict[str, Any], path: str) -> Any:
    first, _, second = path.partition(".")
    value = offer.get(first)
    return value.get(second) if second and value is not None else value
