"""The parts of an offer: the objects in it, and the columns or the row that each states. Pure, no Airflow.

What lives here: the shape of each object, field by field, and what its fields become. What does not: the
fields of the offer itself, and which fields are not read (``offer``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Raw, Struct

from jobmarket.enrich.place.coordinates import coordinates_are_swapped
from jobmarket.offers import schema
from jobmarket.offers.schema import UNKNOWN_ORIGIN

if TYPE_CHECKING:
    from jobmarket.offers.reading import Notes
    from jobmarket.offers.schema import JobOffer, OfferRows

# Categories the source documents; another one is reported as drift.
ORIGINS = frozenset("12")
MAX_LIST = 1_000  # elements of one list; the longest of 4,893 real offers has 42
Labels = Annotated[list[str], Meta(max_length=MAX_LIST)]


class Part(Struct, frozen=True, gc=False, forbid_unknown_fields=True, rename="camel"):
    """What all objects share: an unknown field is an error, which ``interpret`` turns into drift."""


class Place(Part, frozen=True):
    """``lieuTravail``."""

    libelle: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    code_postal: str | None = None
    commune: str | None = None

    def state(self, row: JobOffer, notes: Notes) -> None:
        """State where the job is; coordinates that are swapped are put right, and counted."""
        row.place_label = self.libelle or None
        row.commune_code = self.commune or None
        row.postcode = self.code_postal or None
        latitude, longitude = self.latitude, self.longitude
        if latitude is not None and longitude is not None:
            row.is_coordinates_swapped = coordinates_are_swapped(latitude, longitude)
            if row.is_coordinates_swapped:
                notes.note_repair("coordinates_swapped")
                latitude, longitude = longitude, latitude
        row.latitude = latitude
        row.longitude = longitude


class Company(Part, frozen=True):
    """``entreprise``."""

    nom: str | None = None
    description: str | None = None
    logo: Raw = Raw()
    url: str | None = None
    siret: str | None = None
    entreprise_adaptee: bool | None = None

    def state(self, row: JobOffer) -> None:
        """State who employs."""
        row.company_name = self.nom or None
        row.company_description = self.description or None
        row.company_url = self.url or None
        row.company_siret_code = self.siret or None
        if self.entreprise_adaptee is not None:
            row.is_adapted_company = self.entreprise_adaptee


class Complement(Part, frozen=True):
    """An element of ``salaire.listeComplements``."""

    code: str = ""
    libelle: str = ""


class Salary(Part, frozen=True):
    """``salaire``."""

    libelle: str | None = None
    commentaire: str | None = None
    complement1: str | None = None
    complement2: str | None = None
    liste_complements: Annotated[list[Complement], Meta(max_length=MAX_LIST)] | None = None

    def state(self, row: JobOffer) -> None:
        """State what the source writes of the pay."""
        row.salary_label = self.libelle or None
        row.salary_comment = self.commentaire or None
        row.salary_complement_1_label = self.complement1 or None
        row.salary_complement_2_label = self.complement2 or None
        if complements := self.liste_complements:
            row.salary_complement_codes = tuple([one.code for one in complements])
            row.salary_complement_labels = tuple([one.libelle for one in complements])


class Skill(Part, frozen=True):
    """An element of ``competences``."""

    libelle: str
    code: str | None = None
    exigence: str | None = None

    def row(self) -> schema.Skill:
        """Return what it states."""
        return schema.Skill(
            skill_code=self.code, skill_label=self.libelle, requirement_code=self.exigence
        )


class Language(Part, frozen=True):
    """An element of ``langues``."""

    libelle: str
    exigence: str | None = None

    def row(self) -> schema.Language:
        """Return what it states."""
        return schema.Language(language_label=self.libelle, requirement_code=self.exigence)


class Licence(Part, frozen=True):
    """An element of ``permis``."""

    libelle: str
    exigence: str | None = None

    def row(self) -> schema.Licence:
        """Return what it states."""
        return schema.Licence(licence_label=self.libelle, requirement_code=self.exigence)


class Education(Part, frozen=True):
    """An element of ``formations``."""

    code_formation: str | None = None
    domaine_libelle: str | None = None
    niveau_libelle: str | None = None
    commentaire: str | None = None
    exigence: str | None = None

    def row(self) -> schema.Education:
        """Return what it states."""
        return schema.Education(
            level_label=self.niveau_libelle,
            field_code=self.code_formation,
            field_label=self.domaine_libelle,
            education_comment=self.commentaire,
            requirement_code=self.exigence,
        )


class Quality(Part, frozen=True):
    """An element of ``qualitesProfessionnelles``."""

    libelle: str
    description: Raw = Raw()


class Partner(Part, frozen=True):
    """An element of ``origineOffre.partenaires``."""

    nom: str | None = None
    url: str | None = None
    logo: Raw = Raw()

    def row(self) -> schema.Partner:
        """Return what it states."""
        return schema.Partner(partner_name=self.nom, partner_url=self.url)


class Origin(Part, frozen=True):
    """``origineOffre``."""

    origine: Annotated[str, Meta(max_length=20)] = UNKNOWN_ORIGIN
    url_origine: Raw = Raw()
    partenaires: Annotated[list[Partner], Meta(max_length=MAX_LIST)] | None = None

    def state(self, rows: OfferRows) -> None:
        """State who published the offer, and from which sites it was taken over."""
        rows.offer.origin_code = self.origine if self.origine in ORIGINS else UNKNOWN_ORIGIN
        if self.partenaires:
            rows.partner = [one.row() for one in self.partenaires]


class WorkContext(Part, frozen=True):
    """``contexteTravail``."""

    horaires: Raw = Raw()
    conditions_exercice: Labels | None = None

    def state(self, row: JobOffer) -> None:
        """State the conditions of work."""
        if self.conditions_exercice:
            row.working_condition_labels = tuple(self.conditions_exercice)
