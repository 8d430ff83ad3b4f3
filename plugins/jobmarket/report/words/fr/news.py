"""The French of what moved: each piece of news, where it comes from, or that there is none. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.words.fr.typography import counted, integer, signed_percent, typeset
from jobmarket.report.words.fr.values import contract, departement, technology, trade

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.report.comparison import Group
    from jobmarket.report.headline import Headline

NEWS = "Ce qui a bougé"
UP, DOWN = "en hausse", "en baisse"
_KINDS: dict[str, tuple[str, Callable[..., str]]] = {
    "contract_type": ("Contrat", contract),
    "departement": ("Département", departement),
    "rome": ("Métier", trade),
    "technology": ("Technologie", technology),
    "partner": ("Site partenaire", str),
}


def kind_of(group: Group) -> str:
    """Return what a group is."""
    return _KINDS[group.dimension][0]


def name_of(group: Group, story: Headline) -> str:
    """Return the name of a group, that of a trade as the offers of the period call it."""
    if group.dimension == "rome":
        return trade(group.code, story.trade_labels)
    return _KINDS[group.dimension][1](group.code)


def numbers_of(group: Group) -> str:
    """Return the offers of a group on the days compared, against the usual."""
    offers = counted(round(group.compared), "offre", "offres")
    return f"{offers} contre {integer(round(group.usual))} habituellement"


def change_of(group: Group) -> str:
    """Return the change of a group."""
    return signed_percent(group.change or 0)


def origin_of(group: Group, story: Headline) -> str:
    """Say where the excess of a group comes from: the market, or perhaps the coverage."""
    if group.dimension == "partner":
        return "livraison d’un partenaire : couverture"
    if not group.is_partner_driven:
        return "porté par les dépôts à France Travail : marché"
    if story.disrupted:
        return "porté par les partenaires : couverture possible"
    return "porté par les partenaires, aux flux habituels : marché"


def explanation(group: Group, story: Headline) -> str:
    """Return the line below a piece of news."""
    return typeset(f"{numbers_of(group)} ; {origin_of(group, story)}")


def no_news(story: Headline) -> str:
    """Say that nothing moved, or that nobody can know."""
    if not story.has_reference:
        return typeset("Sans jours comparables certifiés, rien ne peut être dit de ce qui a bougé.")
    return typeset(
        "Aucun contrat, département, métier, technologie ou partenaire ne s’écarte de son niveau "
        "habituel au-delà du hasard."
    )


def nomenclature(story: Headline) -> str:
    """Say that activities of employers do not compare, where NAF 2025 stands on one side; else nothing."""
    if not story.is_naf_changed:
        return ""
    return typeset(
        "La NAF 2025 remplace la NAF rév. 2 le 1er janvier 2027 : les activités des employeurs n’ont pas la "
        "même nomenclature dans les deux périodes, ou dans une seule, et ne sont pas comparées ici ; un même "
        "numéro n’y désigne pas toujours la même activité."
    )


DISRUPTED = typeset(
    "Couverture inhabituelle : une évolution de ce tableau peut en venir (voir « Marché ou couverture ? »)."
)
NEWS_NOTE = typeset(
    "Habituel : moyenne des mêmes jours de semaine, certifiés et non fériés, des quatre semaines "
    "précédentes. N’est dit que ce qui dépasse nettement le hasard et le mouvement d’ensemble."
)
