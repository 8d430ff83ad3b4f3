"""Pay written freely, in a remark or in a label that is not composed by the source. Pure.

What lives here: the texts that can be read without doubt. A remark must say that its amount is gross and by
what period: ``A partir de 28 k€ brut annuel`` can be read; ``1850€ net``, ``12 € de l'heure``, ``2000`` and
all texts of scales and collective agreements cannot. A label is a field for gross pay, so an amount in euros
is enough: ``35/40K€``, ``13 € de l'heure``. The source cuts remarks at some 35 characters, so a number that
stands last may have lost its end: such a text is left alone. What does not live here: whether a text speaks
of money at all, of net pay, of another currency (``pay_money``).
"""

from __future__ import annotations

import re

from jobmarket.enrich.pay.label import NUMBER, amounts_of, number_of
from jobmarket.enrich.pay.money import NET, names_foreign_currency
from jobmarket.enrich.pay.scale import Written

_UNIT = r"(?: ?(?:k ?(?:€|euros?\b|eur\b|e\b)|k\b|€|euros?\b|eur\b|e\b)|(?![\w]))"
_CURRENCY = r"(?:(?:€|\beur(?:os?)?\b) ?)?"
_TO = r"(?:a|et|to|-|–|—|/)"
_FREE = re.compile(
    rf"(?P<before>[^\d€]*?)(?P<mark>{_CURRENCY})(?P<low>{NUMBER})(?P<low_unit>{_UNIT})"
    rf"(?:(?: ?bruts?)? ?{_TO} ?{_CURRENCY}(?P<high>{NUMBER})(?P<high_unit>{_UNIT}))?(?P<after>.*)"
)
_WORD = re.compile(r"[^\W\d_]+")
# « 11€88 », « 12 euros 50 »: the unit stands where the point would
_EUROS_AND_CENTS = re.compile(
    r"(?<![\d.,])(\d{1,4})(?: ?€| euros?) ?(\d\d)(?![\d.,]| ?(?:€|k|euros?|h\b|mois|%))"
)
# « an hour » names one period, not two
_AN_HOUR = re.compile(r"\ban hour\b")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that may stand before the amount: any other may say that it is a bonus, a share, a scale.
BEFORE = _words(
    """
    a partir de du des entre jusqu minimum mini min maximum maxi max superieur moins au salaire
    remuneration fixe base brut brute bruts annuel annuelle mensuel mensuelle horaire taux environ est
    le la un une d l fourchette en selon profil et experience
    """
)
_ADDED = re.compile(r"[+<>]")
_AT_LEAST = _words("partir minimum mini min superieur moins")
_AT_MOST = _words("jusqu maximum maxi max")
# what may follow the amount, word by word: « de l'heure brut », « brut / an »
_SPECIFICATION = re.compile(
    r"(?:[ /.,:()-]*\b(?:l'|(?:l|brute?s?|annuel\w*|mensuel\w*|horai\w*|heures?|heu|h|mois|annee|an|par|de|"
    r"la|le|du|en|fixe|minimum|mini|min|maximum|maxi|max|per|hour|hourly|month|monthly|year|yearly|annum|a)\b))*"
)
_PERIODS = (
    ("hour", re.compile(r"\b(?:horai\w*|heures?|heu|h|hour|hourly)\b")),
    ("month", re.compile(r"\b(?:mensuel\w*|mois|month|monthly)\b")),
    ("year", re.compile(r"\b(?:annuel\w*|annee|an|year|yearly|annum)\b")),
)
_GROSS = re.compile(r"\bbrute?s?\b")
_REST_AT_LEAST = re.compile(r"\b(?:minimum|mini|min)\b|\bet (?:plus|\+)")
_REST_AT_MOST = re.compile(r"\b(?:maximum|maxi|max)\b")
_MONTHS = re.compile(r"\b(?:sur|x) ?(\d\d(?:[.,]\d)?)(?: ?mois)?\b")
_OPEN_END = re.compile(r"(?:\b(?:a|et)|[-–])$")
_FULL_TIME = re.compile(r"\b3[5-9] ?h(?:eures?)?\b")
_NO_HOURLY_MONTHLY_OR_YEARLY_PAY = re.compile(
    r"%|\bpartiel\b|\bmi[- ]temps\b|jour|/ ?jr?\b|\bday\b|\bdaily\b|\bhebdo|semaine|\bweek|\bcoef|\bindice"
)
# « 30 000 € à Euros »: a bound is missing
_BOUND_MISSING = re.compile(r"^ ?(?:a|et|-|–|to) ?(?:k|€|euros?\b|eur\b)")
# « 2 000 € de prime »: what the amount is, if it is not pay
_OF_SOMETHING_ELSE = re.compile(
    r"^[ (:/]*(?:brute?s? )?(?:(?:de|en|d'|par|l'|la|le|du|au) ?)*\b(?:primes?|bonus|indemnit|panier"
    r"|commission"
    r"|gratification|honoraire|frais|tickets?|mission|intervention|acte|vacation|variable|forfait|cachet|kilom"
    r"|km|vente|contrat|nuit|repas|cheque|budget|ca\b|chiffre)"
)


def read_free(folded: str, *, is_label: bool) -> list[Written] | None:
    """Return the amounts of a folded free text, or None unless they can be read without doubt.

    There are two readings where ``2.100`` may be thousands or cents.

    :param is_label: an amount in euros counts as gross, and may leave its period to be inferred; of a remark
        both must be written.
    """
    folded = _AN_HOUR.sub("/ hour", _EUROS_AND_CENTS.sub(r"\1,\2 €", folded))
    found = _FREE.fullmatch(folded)
    if found is None or _is_in_doubt(folded) or _ADDED.search(found["before"]):
        return None
    before = frozenset(_WORD.findall(found["before"]))
    specification, rest = _split(found["after"])
    named = _periods(f"{found['before']} {specification}")
    is_gross = _GROSS.search(f"{found['before']} {specification}") is not None
    units = (found["mark"] + found["low_unit"] + (found["high_unit"] or "")).strip()
    is_enough = units and len(named) <= 1 if is_label else is_gross and len(named) == 1
    if (
        not is_enough
        or not before <= BEFORE
        or not _is_rest_harmless(rest)
        or _BOUND_MISSING.search(found["after"])
        or (is_label and _OF_SOMETHING_ELSE.search(found["after"]))
    ):
        return None
    readings = amounts_of(found["low"], found["low_unit"], found["high"], found["high_unit"])
    months = _MONTHS.search(rest)
    at_most = bool(before & _AT_MOST) or (
        is_label and _REST_AT_MOST.search(found["after"]) is not None
    )
    at_least = bool(before & _AT_LEAST) or _REST_AT_LEAST.search(found["after"]) is not None
    if not is_label and any(low > high for low, high in readings):
        return None
    return [
        Written(
            named[0] if named else None,
            None if at_most else low,
            None if at_least and not at_most else high,
            number_of(months[1]) if months else None,
        )
        for low, high in readings
    ]


def _is_in_doubt(folded: str) -> bool:
    return (
        _NO_HOURLY_MONTHLY_OR_YEARLY_PAY.search(folded) is not None
        or NET.search(folded) is not None
        or names_foreign_currency(folded)
        or _may_be_cut(folded)
    )


def _may_be_cut(folded: str) -> bool:
    """Tell whether a text ends in a number or in the middle of a range."""
    return (folded[-1].isdigit() and not _MONTHS.search(folded)) or _OPEN_END.search(
        folded
    ) is not None


def _split(after: str) -> tuple[str, str]:
    specification = _SPECIFICATION.match(after)
    end = specification.end() if specification else 0
    return after[:end], after[end:]


def _periods(text: str) -> list[str]:
    """Return the periods that a text names."""
    return [period for period, pattern in _PERIODS if pattern.search(text)]


def _is_rest_harmless(rest: str) -> bool:
    # a further number may be a second amount, hours of part time, or the rest of a cut one
    without = _FULL_TIME.sub("", _MONTHS.sub("", rest))
    return not any(char.isdigit() for char in without)
