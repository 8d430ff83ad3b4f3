"""The few remarks on pay that can be read without doubt: a gross amount with its period. Pure.

``A partir de 28 k€ brut annuel`` can; ``1850€ net``, ``12 € de l'heure``, ``2000`` and all texts of scales
and collective agreements cannot. The source cuts remarks at some 35 characters, so a number that stands last
may have lost its end: such a remark is left alone.
"""

from __future__ import annotations

import re

from jobmarket.enrich.pay_label import NUMBER, amounts_of, number_of
from jobmarket.enrich.pay_scale import Written

_UNIT = r"(?: ?(?:k ?(?:€|euros?\b|eur\b|e\b)|k\b|€|euros?\b|eur\b|e\b)|(?![\w]))"
_COMMENT = re.compile(
    rf"(?P<before>[^\d]*?)(?P<low>{NUMBER})(?P<low_unit>{_UNIT})"
    rf"(?:(?: ?bruts?)? ?(?:a|et|-|–|/) ?(?P<high>{NUMBER})(?P<high_unit>{_UNIT}))?(?P<after>.*)"
)
_WORD = re.compile(r"[^\W\d_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that may stand before the amount: any other may say that it is a bonus, a share, a scale.
_BEFORE = _words(
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
    r"(?:[ /.,()-]*\b(?:l'|(?:brute?s?|annuel\w*|mensuel\w*|horai\w*|heures?|heu|h|mois|annee|an|par|de|"
    r"la|le|du|en|fixe)\b))*"
)
_PERIODS = (
    ("hour", re.compile(r"\b(?:horai\w*|heures?|heu|h)\b")),
    ("month", re.compile(r"\b(?:mensuel\w*|mois)\b")),
    ("year", re.compile(r"\b(?:annuel\w*|annee|an)\b")),
)
_GROSS = re.compile(r"\bbrute?s?\b")
_REST_AT_LEAST = re.compile(r"\b(?:minimum|mini|min)\b|\bet (?:plus|\+)")
_MONTHS = re.compile(r"\b(?:sur|x) ?(\d\d(?:[.,]\d)?)(?: ?mois)?\b")
_OPEN_END = re.compile(r"(?:\b(?:a|et)|[-–])$")
_FULL_TIME = re.compile(r"\b3[5-9] ?h(?:eures?)?\b")
_NET = re.compile(r"\bnett?e?s?\b")
_DOUBT = re.compile(
    r"\d[.,]\d{3}(?!\d)"  # thousands by a point, or not
    r"|%|[$£]|\bchf\b|\bpartiel\b|\bmi[- ]temps\b|jour|\bhebdo|semaine|\bcoef|\bindice|\bnett?e?s?\b"
)
_MONEY = re.compile(
    rf"{NUMBER} ?(?:k?€|k ?(?:euros?|eur|e)?\b|euros?\b|eur\b|e\b|[$£])|\d[.,]\d\d(?!\d)|\d \d{{3}}(?!\d)"
    rf"|\d{{3}}\D{{0,8}}\b(?:bruts?|nett?e?s?)\b"
)
_FOUR_DIGITS = re.compile(r"\d{4}")
_LAST_NUMBER = re.compile(rf"(?P<before>\D*){NUMBER}")
_SHARE_OF_MINIMUM_WAGE = re.compile(r"%[^%+]{0,30}\b(?:smic|age)\b")


def states_net(folded: str) -> bool:
    """Tell whether a remark speaks of net pay."""
    return _NET.search(folded) is not None


def states_share_of_minimum_wage(folded: str) -> bool:
    """Tell whether a remark makes the pay a share of the minimum wage by age, as apprentices' is."""
    return _SHARE_OF_MINIMUM_WAGE.search(folded) is not None


def states_money(folded: str) -> bool:
    """Tell whether a remark has an amount of money at all."""
    if _MONEY.search(folded):
        return True
    alone = _LAST_NUMBER.fullmatch(folded)
    if alone is not None and frozenset(_WORD.findall(alone["before"])) <= _BEFORE:
        return True
    return bool(_FOUR_DIGITS.search(folded) and (_GROSS.search(folded) or _NET.search(folded)))


def amounts_in(folded: str) -> frozenset[float]:
    """Return all numbers of a remark."""
    return frozenset(map(number_of, re.findall(NUMBER, folded)))


def read_comment(folded: str) -> Written | None:
    """Return the amounts of a folded remark, or None unless they are gross, with a period, without doubt."""
    found = _COMMENT.fullmatch(folded)
    if found is None or _DOUBT.search(folded) or _may_be_cut(folded):
        return None
    if _ADDED.search(found["before"]):
        return None
    before = frozenset(_WORD.findall(found["before"]))
    specification, rest = _split(found["after"])
    period = _period(f"{found['before']} {specification}")
    if not before <= _BEFORE or period is None or not _is_rest_harmless(rest):
        return None
    low, high = amounts_of(found["low"], found["low_unit"], found["high"], found["high_unit"])
    if low > high:
        return None
    months = _MONTHS.search(rest)
    return Written(
        period,
        None if before & _AT_MOST else low,
        None if before & _AT_LEAST or _REST_AT_LEAST.search(rest) else high,
        number_of(months[1]) if months else None,
    )


def _may_be_cut(folded: str) -> bool:
    """Tell whether a remark ends in a number or in the middle of a range."""
    return (folded[-1].isdigit() and not _MONTHS.search(folded)) or _OPEN_END.search(
        folded
    ) is not None


def _split(after: str) -> tuple[str, str]:
    specification = _SPECIFICATION.match(after)
    end = specification.end() if specification else 0
    return after[:end], after[end:]


def _period(text: str) -> str | None:
    """Return the one period that a text names, if it says « brut » too."""
    named = [period for period, pattern in _PERIODS if pattern.search(text)]
    return named[0] if len(named) == 1 and _GROSS.search(text) else None


def _is_rest_harmless(rest: str) -> bool:
    # a further number may be a second amount, hours of part time, or the rest of a cut one
    without = _FULL_TIME.sub("", _MONTHS.sub("", rest))
    return not any(char.isdigit() for char in without)
