"""The French of the analyses of trades, technologies, employers and partners. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.persons import LEAST_DEPARTEMENTS, LEAST_OFFERS
from jobmarket.report.reference import technologies, trades
from jobmarket.report.tables import SMALL_GROUP
from jobmarket.report.text import AnalysisText
from jobmarket.report.words.fr.analyses import COMPARED, OFFERS, TOO_FEW, USUAL, groups_of
from jobmarket.report.words.fr.typography import NBSP, and_list, counted, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobmarket.report.tables import Table

_DOMAINS = {  # short enough for a bar; the full names are those of ROME 4.0
    "A": "Agriculture, espaces verts",
    "B": "Artisanat d’art",
    "C": "Banque, assurance, immobilier",
    "D": "Commerce, vente",
    "E": "Communication, médias",
    "F": "Bâtiment et travaux publics",
    "G": "Hôtellerie, restauration",
    "H": "Industrie",
    "I": "Installation et maintenance",
    "J": "Santé",
    "K": "Services à la personne",
    "L": "Spectacle",
    "M": "Support à l’entreprise",
    "N": "Transport et logistique",
}
_METHODS = {
    "commune_code": "Code de la commune",
    "former_commune_code": "Code d’une ancienne commune",
    "postcode": "Code postal",
    "postcode_and_label": "Code postal et libellé",
    "coordinates": "Coordonnées géographiques",
    "label": "Libellé du lieu",
    "label_and_coordinates": "Libellé et coordonnées",
    "none": "Aucun indice",
}


def trade(code: str, labels: Mapping[str, str] | None = None) -> str:
    """Return the label of a ROME code; an unknown code stays as it is.

    :param labels: by code, those that the offers of the period carry: they win over today's, which may be
        another trade's name.
    """
    return ((labels or {}).get(code) or trades().get(code, code)).replace("'", "’")


def domain(code: str) -> str:
    """Return the name of a grand domain of trades, from its letter."""
    return _DOMAINS.get(code, trade(code))


def technology(code: str) -> str:
    """Return the name of a technology; an unknown code stays as it is."""
    known = technologies().get(code)
    return known.label if known else code


def place_method(code: str) -> str:
    """Return which evidence decided the place of an offer."""
    return _METHODS.get(code, code)


def trades_finding(table: Table) -> str:
    """Say the three domains with most offers."""
    groups = groups_of(table)
    if not groups:
        return "Aucun domaine n’atteint le seuil d’affichage."
    named = [f"{label} ({percent(share)})" for label, _, share in groups[:3]]
    return f"En tête : {and_list(named)}."


def technologies_finding(table: Table) -> str:
    """Say the three technologies that most offers name."""
    groups = groups_of(table)
    if not groups:
        return "Aucune technologie n’atteint le seuil d’affichage."
    named = [f"{label} ({counted(number, 'offre', 'offres')})" for label, number, _ in groups[:3]]
    return f"Les plus citées : {and_list(named)}."


def moved_finding(table: Table) -> str:
    """Say how many groups moved."""
    return f"{counted(len(table.labels), 'écart dépasse', 'écarts dépassent')} ce que le hasard explique."


def employers_finding(table: Table) -> str:
    """Say the first employer and how many offers name none."""
    groups = groups_of(table)
    unnamed = sum(
        float(str(share))
        for share, kind in zip(table.series["share"], table.kinds, strict=True)
        if kind == "missing"
    )
    said = f"{percent(unnamed)} de ces offres ne nomment pas l’employeur." if unnamed else ""
    if not groups:
        return f"Aucun employeur n’atteint le seuil d’affichage. {said}".strip()
    label, number, _ = groups[0]
    return f"En tête : {label}, {counted(number, 'offre', 'offres')}. {said}".strip()


def with_hidden_names(label: str, names: int) -> str:
    """Return the label of the rest with how many names in it are not shown."""
    return f"{label} (dont {counted(names, 'nom non affiché', 'noms non affichés')})"


def hidden_partner(number: int) -> str:
    """Return what stands for the name of a partner site that is not shown."""
    return f"Site au nom non affiché ({number})"


def partners_finding(table: Table) -> str:
    """Say how many partner sites delivered, and the first."""
    groups = groups_of(table)
    if not groups:
        return "Aucun site partenaire n’atteint le seuil d’affichage."
    label, number, share = groups[0]
    offers = counted(number, "offre", "offres")
    return f"Le premier site, {label}, a livré {offers}, soit {percent(share)} du total."


def readings_finding(table: Table) -> str:
    """Say the commonest way of reading."""
    groups = groups_of(table)
    if not groups:
        return "Rien n’a été lu."
    label, _, share = groups[0]
    return f"Le plus souvent : {label[:1].lower()}{label[1:]} ({percent(share)} des offres)."


_MOVED = {
    "offers": "Offres",
    "compared": USUAL["compared"],
    "usual": "Habituel",
    "change": "Évolution",
    "excess": "Écart propre",
}
_NOTHING_MOVED = "Aucun écart ne dépasse ce que le hasard explique."

TRADES = AnalysisText(
    title="Les métiers",
    measure="Offres par domaine de métiers (ROME)",
    columns={"code": "Code ROME", "label": "Domaine", **COMPARED},
    finding=trades_finding,
    empty=TOO_FEW,
    say=domain,
    other="Autres domaines",
    missing="Métier non précisé",
)
TRADES_UP = AnalysisText(
    title="Métiers en hausse",
    measure="Métiers au-dessus de leur niveau attendu",
    columns={"code": "Code ROME", "label": "Métier", **_MOVED},
    finding=moved_finding,
    empty=_NOTHING_MOVED,
    say=trade,
    is_of_trades=True,
)
TRADES_DOWN = AnalysisText(
    title="Métiers en baisse",
    measure="Métiers au-dessous de leur niveau attendu",
    columns={"code": "Code ROME", "label": "Métier", **_MOVED},
    finding=moved_finding,
    empty=_NOTHING_MOVED,
    say=trade,
    is_of_trades=True,
    note="Écart propre : offres en plus ou en moins de ce que donnerait le mouvement d’ensemble, offres de "
    "France Travail et des partenaires à part.",
)
TECHNOLOGIES = AnalysisText(
    title="Les technologies",
    measure="Offres qui citent une technologie",
    columns={"code": "Code", "label": "Technologie", **COMPARED},
    finding=technologies_finding,
    empty=TOO_FEW,
    say=technology,
    note="Cherchées dans le titre, le texte et les compétences ; une offre peut en citer plusieurs. "
    "La part est celle de toutes les offres.",
)
TECHNOLOGIES_UP = AnalysisText(
    title="Technologies en hausse",
    measure="Technologies au-dessus de leur niveau attendu",
    columns={"code": "Code", "label": "Technologie", **_MOVED},
    finding=moved_finding,
    empty=_NOTHING_MOVED,
    say=technology,
)
TECHNOLOGIES_DOWN = AnalysisText(
    title="Technologies en baisse",
    measure="Technologies au-dessous de leur niveau attendu",
    columns={"code": "Code", "label": "Technologie", **_MOVED},
    finding=moved_finding,
    empty=_NOTHING_MOVED,
    say=technology,
)
EMPLOYERS = AnalysisText(
    title="Les employeurs",
    measure="Offres par employeur, hors agences",
    columns={"label": "Employeur", **OFFERS},
    finding=employers_finding,
    empty=TOO_FEW,
    other="Autres employeurs",
    hidden=with_hidden_names,
    missing="Employeur non nommé",
)
AGENCIES = AnalysisText(
    title="Agences d’intérim et de recrutement",
    measure=f"Offres par agence (activité NAF{NBSP}78)",
    columns={"label": "Agence", **OFFERS},
    finding=employers_finding,
    empty=TOO_FEW,
    other="Autres agences",
    hidden=with_hidden_names,
    missing="Agence non nommée",
    note=f"Est nommé l’employeur d’au moins {SMALL_GROUP} offres que l’on sait être une entreprise ou un "
    "organisme : son nom le dit (forme juridique, service public), ses offres ont un SIRET, ou elles sont "
    f"au moins {LEAST_OFFERS} dans {LEAST_DEPARTEMENTS} départements. Les autres sont comptés sans leur nom.",
)
PARTNERS = AnalysisText(
    title="Les sites partenaires",
    measure="Offres par site partenaire",
    columns={"label": "Site", **COMPARED},
    finding=partners_finding,
    empty=TOO_FEW,
    note="Une offre livrée par deux sites compte chez chacun. Un site dont le nom pourrait être celui d’une "
    "personne est compté sans lui.",
)
PLACE_READINGS = AnalysisText(
    title="Comment les lieux ont été lus",
    measure="Offres selon l’indice qui a fixé leur lieu",
    columns={"code": "Code", "label": "Indice", **OFFERS},
    finding=readings_finding,
    empty=TOO_FEW,
    say=place_method,
    other="Autres indices",
    missing="Non lu",
)
