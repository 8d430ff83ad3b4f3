"""What is concluded from the columns that a source states: place, pay, terms, telework, technologies. Pure.

What lives here: which columns each rule of ``enrich`` is asked about, and which columns it fills. What does
not: the rules, and how a source comes to state its columns (``sources``). It works on columns alone, so that
it holds for every source. What a source has stated itself stays: a place, a pay or a telework that has its
``_kind``, and any other concluded column that has a value.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jobmarket.enrich.pay.base import base_of, minimum_wage_eur_per_year, pay_base
from jobmarket.enrich.pay.read import Pay, read_pay
from jobmarket.enrich.pay.scale import least_by_period
from jobmarket.enrich.place.locate import locate
from jobmarket.enrich.place.reference import read_all
from jobmarket.enrich.technology.search import LONGEST_TEXT, read_texts, searcher
from jobmarket.enrich.telework import read_telework
from jobmarket.enrich.terms import read_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobmarket.offers.reading import Notes
    from jobmarket.offers.schema import JobOffer, OfferRows


def conclude(read: Sequence[OfferRows], notes: Notes) -> None:
    """Fill the concluded columns of offers that do not state them.

    :param read: some hundred offers, whose texts are searched at once.
    :param notes: where texts too long to be searched to their end are counted.
    """
    texts = [text_of(rows) for rows in read]
    for text in texts:
        if len(text) > LONGEST_TEXT:
            notes.note_repair("technology_text_cut")
    names = [f"{rows.offer.company_name or ''}\n{rows.offer.place_label or ''}" for rows in read]
    codes, telework = read_texts(texts, names)
    for at, rows in enumerate(read):
        offer = rows.offer
        if offer.technology_codes is None:
            offer.technology_codes = codes[at] or None
        if offer.place_kind is None:
            _conclude_place(offer)
        _conclude_terms_and_pay(offer)
        if offer.telework_kind is None:
            _conclude_telework(offer, telework.get(at, ()))


def make_ready() -> None:
    """Read the files now that the first offers would wait for, a fifth of a second.

    For a process that forks the ones that load: an Airflow scheduler with local workers.
    """
    searcher()
    read_all()
    least_by_period()
    minimum_wage_eur_per_year(date.min)


def text_of(rows: OfferRows) -> str:
    """Return what may name the technologies of an offer: its title, description, and labels of skills."""
    offer = rows.offer
    return "\n".join(
        [offer.title, offer.description or "", *[skill.skill_label for skill in rows.skill]]
    )


def _conclude_place(offer: JobOffer) -> None:
    place = locate(
        offer.place_label, offer.commune_code, offer.postcode, offer.latitude, offer.longitude
    )
    offer.located_commune_code = place.located_commune_code
    offer.departement_code = place.departement_code
    offer.region_code = place.region_code
    offer.place_kind = place.place_kind
    offer.place_method = place.place_method
    offer.place_confidence = place.place_confidence


def _conclude_terms_and_pay(offer: JobOffer) -> None:
    """Fill hours, length, experience and pay; hours that a source states count for its pay."""
    terms = read_terms(
        offer.working_time_label,
        offer.working_time_category_label,
        offer.contract_type_label,
        offer.experience_code,
        offer.experience_label,
    )
    if offer.weekly_hours is None:
        offer.weekly_hours = terms.weekly_hours
    if offer.contract_length_months is None:
        offer.contract_length_months = terms.contract_length_months
    if offer.experience_months is None:
        offer.experience_months = terms.experience_months
    is_stated = offer.salary_kind is not None
    if not is_stated:
        _conclude_pay(offer)
    if offer.salary_mid_eur_per_year is not None or offer.salary_mid_rule is not None:
        return
    is_work_study = offer.is_work_study is True
    if is_stated:
        base = pay_base(
            _stated_pay(offer),
            created_on=offer.created_on,
            weekly_hours=offer.weekly_hours,
            is_part_time=terms.is_part_time,
            is_work_study=is_work_study,
        )
    else:
        base = base_of(
            offer.salary_label,
            offer.salary_comment,
            offer.created_on,
            offer.weekly_hours,
            terms.is_part_time,
            is_work_study,
        )
    offer.salary_mid_eur_per_year = base.salary_mid_eur_per_year
    offer.salary_mid_rule = base.salary_mid_rule
    offer.is_minimum_wage = base.is_minimum_wage


def _conclude_pay(offer: JobOffer) -> None:
    pay = read_pay(offer.salary_label, offer.salary_comment)
    offer.salary_kind = pay.salary_kind
    offer.salary_rule = pay.salary_rule
    if pay.salary_source is None:
        return  # absent, as of half of the offers
    offer.salary_source = pay.salary_source
    offer.salary_period = pay.salary_period
    offer.salary_min_eur = pay.salary_min_eur
    offer.salary_max_eur = pay.salary_max_eur
    offer.salary_month_count = pay.salary_month_count
    offer.salary_min_eur_per_year = pay.salary_min_eur_per_year
    offer.salary_max_eur_per_year = pay.salary_max_eur_per_year


def _stated_pay(offer: JobOffer) -> Pay:
    """Return the pay that a source has stated in numbers of its own."""
    return Pay(**{name: getattr(offer, name) for name in Pay._fields})


def _conclude_telework(offer: JobOffer, places: Sequence[int]) -> None:
    """Fill telework.

    :param places: where :func:`text_of` the offer may name it, as ``TextsRead.telework`` has them.
    """
    before = len(offer.title) + 1  # the description stands behind the title
    conditions = offer.working_condition_labels
    telework = read_telework(
        offer.title,
        offer.description or "",
        "\n".join(conditions) if conditions else "",
        [at - before for at in places] if places else places,
    )
    offer.telework_kind = telework.telework_kind
    offer.telework_rule = telework.telework_rule
