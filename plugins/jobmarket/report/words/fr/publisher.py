"""Who published the offers: names, licence and credit of each source, in French.

What lives here: what a report says of a source. What does not: where on the page it is said (``page`` and its
neighbours), what a source allows (``sources``).
"""

from __future__ import annotations

from typing import NamedTuple

_SITE_OF_LICENCES = "https://francetravail.io/produits-partages/documentation"


class Publisher(NamedTuple):
    """A source as readers know it.

    :param name: alone, and behind « par » and « chez »; ``of_name`` is it behind « de ».
    :param title: of what is asked, with ``url``.
    :param licence: under which its data are reused, with ``licence_url``.
    :param withdrawn: what it does with offers that are withdrawn, one sentence.
    :param credit: words that must stand wherever it is shown; empty if there are none.
    """

    name: str
    of_name: str
    title: str
    url: str
    licence: str
    licence_url: str
    withdrawn: str
    credit: str = ""


FRANCE_TRAVAIL = Publisher(
    name="France Travail",
    of_name="de France Travail",
    title="France Travail, API « Offres d’emploi v2 »",
    url="https://www.francetravail.fr/",
    licence="Licence de réutilisation de la base de données des offres d’emploi de France Travail",
    licence_url=f"{_SITE_OF_LICENCES}/conditions-dutilisation-api/licence-offres-emploi",
    withdrawn="France Travail ne donne plus les offres déjà retirées au moment de la lecture.",
)
PUBLISHERS = {
    "france_travail": FRANCE_TRAVAIL,
    "adzuna": Publisher(
        name="Adzuna",
        of_name="d’Adzuna",
        title="Adzuna, API de recherche d’annonces",
        url="https://www.adzuna.fr/",
        licence="Conditions d’utilisation de l’API d’Adzuna",
        licence_url="https://developer.adzuna.com/docs/terms_of_service",
        withdrawn="Ce n’est qu’une part des annonces d’Adzuna, qui ne donne plus celles déjà retirées ; les "
        "salaires qu’Adzuna estime ne sont pas comptés.",
        credit="Jobs by Adzuna",
    ),
}


def publisher(source: str) -> Publisher:
    """Return what is said of a source; its bare name where nothing is."""
    known = PUBLISHERS.get(source)
    return known or Publisher(source, f"de {source}", source, "", "", "", "")
