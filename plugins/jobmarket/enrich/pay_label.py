"""The grammar of ``salaire.libelle``. Pure.

The source composes the label of fields: ``Mensuel de 1801.8 Euros à 2000.0 Euros sur 12.0 mois``. Eight
shapes cover the 9,225 labels measured of June 2025; those of partners and of before 2024 have decimal
commas, no period (``De 20000,00 Euros à 20000,00 Euros``), another (``Autre de``, ``Cachet de``), no
amount (``Annuel de``), or a broken « à ».
"""

from __future__ import annotations

import re
import unicodedata

from jobmarket.enrich.pay_scale import Written

# thousands by a point or a comma only where the other one divides the cents: ``2.000,00``
NUMBER = (
    r"(?:\d{1,3}(?:\.\d{3})+,\d\d|\d{1,3}(?:,\d{3})+\.\d\d"
    r"|(?:\d{1,3}(?: \d{3})+|\d{1,9})(?:[.,]\d{1,6})?)"
)

Amounts = tuple[float, float]

_PERIODS = {"horaire": "hour", "mensuel": "month", "annuel": "year", "cachet": "fee", "autre": None}
_MARKS = re.compile("[\u0300-\u036f]+")  # what decomposing a letter leaves of its accents
_UNIT = r" ?(?:k ?)?(?:euros?|eur\b|€)"
# « à » once read in the wrong character set, folded: U+FFFD, ï¿½, Ã
_TO = r"(?:a|et|-|–|\ufffd|i¿1⁄2|\?)"
_LABEL = re.compile(
    r"(?:(?:salaire|taux)(?: brut)? ?:? ?)?"
    r"(?:(?P<period>horaire|mensuel|annuel|autre|cachet)(?:le)? ?)?(?:brute? )?(?:de )?"
    rf"(?P<low>{NUMBER})(?P<low_unit>{_UNIT})?(?: ?{_TO} ?(?P<high>{NUMBER})(?P<high_unit>{_UNIT}))?"
    rf"(?: sur (?P<months>{NUMBER}) mois)?[ .]*"
)
_TRUNCATED = re.compile(
    r"(?:horaire|mensuel|annuel|autre|cachet|de)(?: brute?)?(?: de)?(?: euros?)?[ .]*"
)


def fold(text: str) -> str:
    """Return a text in small letters without accents, each run of blanks as one space."""
    text = text.replace("à", "a")  # in most labels the only letter that is not ASCII
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text.replace("’", "'")))
    return " ".join(text.lower().split())


def number_of(text: str) -> float:
    """Return ``32 000,50`` or ``32.000,50`` as a number."""
    try:
        return float(text)  # as almost all are written
    except ValueError:
        if "." in text and "," in text:
            text = text.replace(min(".", ",", key=text.index), "")
        return float(text.replace(" ", "").replace(",", "."))


def amounts_of(low: str, low_unit: str | None, high: str | None, high_unit: str | None) -> Amounts:
    """Return two amounts in euros; one « k » serves both bounds of ``30 - 35 k€``.

    :param low: the only one where ``high`` is None; it is both bounds then.
    """
    low_in_thousands, first = "k" in (low_unit or ""), number_of(low)
    if high is None:
        first *= 1000 if low_in_thousands else 1
        return first, first
    high_in_thousands, second = "k" in (high_unit or ""), number_of(high)
    if low_in_thousands or (high_in_thousands and first < 1000):
        first *= 1000
    if high_in_thousands or (low_in_thousands and second < 1000):
        second *= 1000
    return first, second


def read_label(folded: str) -> Written | str:
    """Return the amounts of a folded label, or the name of the rule that calls it unreadable."""
    found = _LABEL.fullmatch(folded)
    if found is None or ("eur" not in folded and "€" not in folded):
        return "no_amount" if _TRUNCATED.fullmatch(folded) else "unknown_shape"
    period, low, low_unit, high, high_unit, months = found.groups()
    amounts = amounts_of(low, low_unit, high, high_unit)
    return Written(
        _PERIODS[period] if period else None,
        *amounts,
        (number_of(months) or None) if months else None,
    )
