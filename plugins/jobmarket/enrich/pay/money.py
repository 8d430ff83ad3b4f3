"""What a text on pay says beside its amounts: is it money at all, net, a share, another currency. Pure.

What lives here: the words by which a remark takes an amount back, and by which an unread text is called
unreadable instead of absent. What does not: reading an amount as pay (``label``, ``comment``).
"""

from __future__ import annotations

import re

from jobmarket.enrich.pay.label import NUMBER, number_of

NET = re.compile(r"(?<![a-z])nett?e?s?(?![a-z])")
_GROSS_OR_NET = re.compile(
    rf"(?P<number>{NUMBER})(?P<unit> ?k)?(?P<no_money> ?(?:%|e(?:me)? ?mois|eme|mois|h\b|heures|jours?))?"
    r"|(?P<gross>(?<![a-z])bru?te?s?(?![a-z]))|(?P<net>(?<![a-z])nett?e?s?(?![a-z]))"
)
_TO = re.compile(r" ?(?:k ?)?(?:€|e|euros?|eur)? ?(?:a|et|-|–|/) ?")
# « + prime nette », « % sur CA net »: what is net there is not the pay
_NET_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:primes?|paniers?|commissions?|ca|chiffre|marge|pourboires?|indemnit\w*|tickets?|honoraires?|avantages?"
    r"|tips|bonus|participation|interessement|pas|non|impots?)\b[^+]{0,20}\bnet|\bnett?e?s? d'impot"
)

# Codes that are words or abbreviations of French, too (cad, mad, cfa), count only behind a number.
_FOREIGN = re.compile(
    r"[$£¥₽₹₺]|(?<![a-z])(?:chf|usd|gbp|xpf|fcfa|xof|xaf)(?![a-z])|\bdollars?\b|\blivres? (?:sterling|st\b)"
    r"|\bpounds?\b|\bfrancs? (?:suisses?|cfa|cfp|pacifiques?)|\d ?k? ?(?:cad|aud|cfp|cfa|mad|dhs?"
    r"|dirhams?|dinars?"
    r"|tnd|dzd|sek|nok|dkk|pln|zlotys?|jpy|yens?|ron|lei|czk|francs?|s?frs?|f\.? ?cf[ap])(?![a-z])"
    r"|\bdirhams?\b|\bdinars?\b|\bf\.? ?cf[ap]\b|\bfr\.? suisses?\b"
)
_SHARE_OF_MINIMUM_WAGE = re.compile(
    r"(?P<number>\d{1,3}(?:[.,]\d+)? ?)?%[^%+\w]*(?:(?:de|du|le|la|les|l|legal|legale|sur|selon"
    r"|suivant|en|fonction"
    r"|minimum|mini|brut|conventionnel|reglementaires?|et|ou)\b[^%+\w]*)*(?:smic|smc|age)\b"
)
# « ou % SMIC/âge si contrat alternance »: the share is another case's, the label stands
_IN_ANOTHER_CASE = re.compile(r"\b(?:ou|si|sauf|en cas)\b")

_CURRENCY = r"(?:e?uros?|eur|€|k?€)"
_NO_MONEY_BEHIND = (
    r"(?! ?(?:e\b|eme|mois|h\b|h/|heures|%|jours?|semaines?|points?|an\b|ans\b|rtt|x\b))"
)
_TO_PERIOD = r" ?(?:/|par|de l[' ]|de la|l'|a l'|p/) ?"
_BETWEEN = (
    r"[ :/=]*(?:(?:de|a|d'|mensuel\w*|annuel\w*|horaire|par|/|mois|an|l'heure|entre|partir|minimum|mini)"
    r" ?:? ?)*"
)
_MONEY = re.compile(
    # 12 €, 30 k€, 35K, 13EUROS/H, 1500e; not « 13e mois », « + 13e »
    rf"\d ?k? ?{_CURRENCY}|\d ?k(?![a-z])|\d ?ke\b|\d{{3}} ?e(?!\w)|\d ?(?:cts?|centimes?)\b"
    r"|(?:€|\beur(?:os?)?\b) ?\d"
    # 2000NET, 12 BRUT, brut : 2000
    rf"|\d ?(?:en )?(?:bru?te?s?|nett?e?s?)(?![a-z])|\d ?mensuels? (?:bru|net)"
    rf"|(?<![a-z])(?:bru?te?s?|nett?e?s?)(?![a-z]){_BETWEEN}\d{{2,}}+{_NO_MONEY_BEHIND}"
    # 14/heure, 2000 par mois, 80/jour
    rf"|\d\d ?e?{_TO_PERIOD}(?:h|heure|hour|mois|month|an|annee|jour|journee|jr|j)s?\b"
    rf"|\d{{3}}{_TO_PERIOD}(?:semaine|week)\b|\d{{4}} ?(?:mensuel|annuel)"
    rf"|\b(?:mensuel|annuel)\w* ?:? ?(?:de )?\d{{3,}}+{_NO_MONEY_BEHIND}|\btjm\b\D{{0,12}}\d{{2}}"
    # 11.88, 1 950, 2.100
    rf"|\d[.,]\d\d(?!\d){_NO_MONEY_BEHIND}|(?<![\d.])\d{{1,3}}[ '.,]\d{{3}}(?!\d){_NO_MONEY_BEHIND}"
)
_RANGE = re.compile(r"(?<!\d)(\d{4,6}) ?(?:a|et|-|–|/) ?(\d{4,6})(?!\d)")
_AMOUNT = re.compile(r"(?P<before>[^\d+]*)(?P<number>\d{4,6})(?:[.,]\d+)?(?P<after>\D*)")
_LAST_NUMBER = re.compile(rf"(?P<before>[^\d+]*){NUMBER}")
_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"19[5-9]\d|20[1-4]\d")


def names_foreign_currency(folded: str) -> bool:
    """Tell whether a text names a currency that is not the euro."""
    return _FOREIGN.search(folded) is not None


def states_net(folded: str) -> bool:
    """Tell whether a text speaks of net pay."""
    return NET.search(folded) is not None


def makes_net(folded: str, low: float | None, high: float | None) -> bool:
    """Tell whether a remark makes the pay of its label a net one.

    It does if it says « net » of the same amount, of one so near that it cannot be the net of the label's
    gross pay, or of none at all.

    :param low: lower bound of the label, euros in its period; ``high``: its upper bound.
    """
    if NET.search(folded) is None:
        return False
    net, others = _net_amounts(folded)
    if not net and not others:
        return _NET_OF_SOMETHING_ELSE.search(folded) is None and " brut" not in f" {folded}"
    if not net:
        return False
    most = high or low or 0.0
    return bool(net & {low, high}) or _MOST_NET * most < max(net) <= 1.2 * most


# Net pay is some 78 % of gross, up to 80 % for the lowest paid: what is nearer contradicts the label.
_MOST_NET = 0.87


def _net_amounts(folded: str) -> tuple[set[float], set[float]]:
    """Return the amounts of a text that are net, and all others; « 13ème mois » and « 35 h » are none."""
    marks: list[tuple[str, set[float], int, int]] = []
    for found in _GROSS_OR_NET.finditer(folded):
        if found["no_money"]:
            continue
        kind = found.lastgroup if found.lastgroup in ("gross", "net") else "number"
        amounts: set[float] = set()
        if kind == "number":
            amounts = {number_of(found["number"]), number_of(found["number"], thousands=True)}
            amounts |= {1000 * amount for amount in amounts} if found["unit"] else set()
        marks.append((kind, amounts, found.start(), found.end()))
    names_first = bool(marks) and marks[0][0] != "number"
    net: set[float] = set()
    others: set[float] = set()
    for at, (kind, amounts, _, end) in enumerate(marks):
        if kind != "number":
            continue
        (net if _mark_of(marks, at, end, folded, names_first) == "net" else others).update(amounts)
    return net, others


def _mark_of(
    marks: list[tuple[str, set[float], int, int]], at: int, end: int, folded: str, names_first: bool
) -> str | None:
    """Return whether the number at a place is said to be gross or net."""
    if names_first:
        return next((kind for kind, *_ in reversed(marks[:at]) if kind != "number"), None)
    for kind, _, start, stop in marks[at + 1 :]:
        if kind != "number":
            return kind
        if not _TO.fullmatch(folded[end:start]):
            return None
        end = stop
    return None


def states_share_of_minimum_wage(folded: str) -> bool:
    """Tell whether a remark makes the pay a share of the minimum wage by age, as apprentices' is.

    Not one of a hundred per cent or more, nor one for another case.
    """
    if "%" not in folded or _IN_ANOTHER_CASE.search(folded):
        return False
    found = _SHARE_OF_MINIMUM_WAGE.search(folded)
    if found is None:
        return False
    shares = re.findall(r"(\d{1,3})(?:[.,]\d+)? ?(?:%|a\b|-)", folded)
    return not shares or min(map(int, shares)) < 100


def states_money(folded: str, words: frozenset[str]) -> bool:
    """Tell whether a text has an amount of money at all.

    :param words: that may stand before an amount without a unit.
    """
    if _MONEY.search(folded) or (_FOREIGN.search(folded) and any(map(str.isdigit, folded))):
        return True
    if any(not (_YEAR.match(low) and _YEAR.match(high)) for low, high in _RANGE.findall(folded)):
        return True
    last = _LAST_NUMBER.fullmatch(folded)
    if last is not None:
        return _are_all(last["before"], words)
    alone = _AMOUNT.fullmatch(folded)
    return (
        alone is not None
        and not _YEAR.fullmatch(alone["number"])
        and _are_all(alone["before"], words)
    )


def _are_all(text: str, words: frozenset[str]) -> bool:
    return frozenset(_WORD.findall(text)) <= words
