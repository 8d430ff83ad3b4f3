"""What is left of an offer after its closure. Pure.

What lives here: which columns go, the same for current and past states. What does not: when offers are erased
(``offers.life.erasure``), what brings them back (``restored``).

The licence of France Travail (article 7) asks of everyone who keeps an offer after its withdrawal to keep it
without name, description and address of the company, contacts, addresses for applying, postcode, code and
label of the commune; and the list is open. Coordinates say the commune, and what employers write freely names
all of that, so these go, too. What statistics are made of was concluded before: département, région, trade,
activity, pay, skills, technologies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

if TYPE_CHECKING:
    from jobmarket.offers.schema import JobOffer, OfferRows

ERASED_COLUMNS = (
    "company_name", "company_description", "company_url", "company_siret_code", "description",
    "place_label", "commune_code", "located_commune_code", "postcode", "latitude", "longitude",
    "experience_comment", "salary_comment", "working_time_comment", "working_condition_comment",
)  # fmt: skip
"""Columns that become null. The title becomes the name of the trade: employers stand in titles, too."""

ERASED_LIST_COLUMNS = {"education": "education_comment", "partner": "partner_url"}
"""Columns of lists that become null, by their list."""

_NOTHING = dict.fromkeys(ERASED_COLUMNS)


def without_erased(rows: OfferRows) -> OfferRows:
    """Return an offer as it is after erasing. Pure; the statements of ``offers.life.erasure`` do the same."""
    offer: JobOffer = structs.replace(
        rows.offer,
        title=rows.offer.rome_appellation_label or rows.offer.rome_label or "",
        **_NOTHING,
    )
    lists = {
        name: [structs.replace(item, **{column: None}) for item in getattr(rows, name)]
        for name, column in ERASED_LIST_COLUMNS.items()
    }
    return structs.replace(rows, offer=offer, **lists)
