"""What must stand wherever something of a source is shown: source, date, licence, modifications. Pure.

What lives here: the one function that says it, and what was done to the offers, each with the module that
does it. What does not: names and addresses of the sources (``publisher``), where it is shown
(``report.page``, ``report.rendering``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobmarket.report.words.fr.publisher import publisher
from jobmarket.report.words.fr.typography import moment, typeset

if TYPE_CHECKING:
    from jobmarket.report.facts import PeriodFacts

MODIFICATIONS = (
    ("les offres ont été dédoublonnées par identifiant", "offers.batches"),
    ("rattachées à leur jour de création (heure de Paris)", "foundation.day"),
    ("comptées et regroupées", "report.tables"),
    ("les libellés ont été décodés", "sources.france_travail.contract.repair"),
    ("les coordonnées géographiques inversées remises dans l’ordre", "enrich.place.coordinates"),
    (
        "le lieu, le salaire, le télétravail et les technologies lus dans l’offre par des règles",
        "offers.conclude",
    ),
    ("les contacts ont été retirés", "sources.france_travail.contract.contacts"),
    ("aucun texte d’offre n’est reproduit", "report.query"),
    (
        "ce qui nomme l’employeur ou la commune d’une offre retirée est effacé",
        "offers.history.erased",
    ),
)
"""What was done to the offers, and the module under ``jobmarket`` that does it."""


class Attribution(NamedTuple):
    """What must stand beside what is shown.

    :param title: of the source, with ``url``.
    :param update: when it was read, and the last update by the source.
    :param licence: under which it is reused, with ``licence_url``.
    :param modifications: what was done to it.
    :param credit: words that the source wants to stand there; empty if there are none.
    """

    title: str
    url: str
    update: str
    licence: str
    licence_url: str
    modifications: str
    credit: str

    @property
    def text(self) -> str:
        """All of it, for a file."""
        lines = (
            f"{self.title} ({self.url})" if self.url else self.title,
            self.credit,
            self.update,
            f"{self.licence} : {self.licence_url}" if self.licence else "",
            self.modifications,
        )
        return "\n".join(line for line in lines if line)


def attribution(facts: PeriodFacts) -> Attribution:
    """Return what must stand beside all that is shown of a period's offers."""
    by = publisher(facts.source)
    said = {"update": update(facts), "modifications": modifications(facts)}
    if facts.is_generated:
        title = typeset(
            f"Données générées par le bac à sable de jobmarket : aucune offre {by.of_name} n’y figure."
        )
        return Attribution(title=title, url="", licence="", licence_url="", credit="", **said)
    return Attribution(
        title=by.title,
        url=by.url,
        licence=by.licence,
        licence_url=by.licence_url,
        credit=by.credit,
        **said,
    )


def update(facts: PeriodFacts) -> str:
    """Return the date of the last update, as the licence asks."""
    read = f"Données lues le {moment(facts.read_at)} (heure de Paris)"
    if facts.updated_at is None or facts.is_generated:
        return f"{read}."
    return typeset(
        f"{read} ; dernière mise à jour d’une offre par {publisher(facts.source).name} : "
        f"{moment(facts.updated_at)}."
    )


def modifications(facts: PeriodFacts) -> str:
    """Return what was done to the offers."""
    done = " ; ".join(said for said, _ in MODIFICATIONS)
    return typeset(
        f"Modifications apportées : {done}. {publisher(facts.source).name} n’est pas l’auteur de ces calculs."
    )
