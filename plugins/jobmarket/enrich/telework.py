"""Whether an offer can be worked from home, read in its title, text and working conditions. Pure.

What lives here: how telework is named, refused, measured. What does not: where the words come from
(``readings``). Each mention is judged by the words beside it; the widest right that any of them gives counts,
and a refusal only where none gives one. The rules and their error rate are in ``docs/analysts.md``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jobmarket.enrich.pay.label import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A literal beginning is what makes a search fast: what stands before it is looked at where it is found.
_NAMED = re.compile("vail(?:(?<=[lL][eéEÉ][tT]ravail)|(?<=[eéEÉ][lL][eéEÉ][ -][tT]ravail))")
_IN_CAPITALS = re.compile("VAIL(?:(?<=L[EÉ]TRAVAIL)|(?<=[EÉ]L[EÉ][ -]TRAVAIL))")
_VAIL = len("vail")
NAMED_WITHIN = ("letravail", "ele travail")
"""What stands in each text that names telework, if case, accents and kinds of signs are put aside."""
_REMOTE = re.compile(r"\bremote\b(?! (?:desktop|access|control))", re.IGNORECASE)
_WORD_END = re.compile(r"\w*")
_LONGEST_CHARS = 20_000  # a description has 1,640 on average, the longest real one 10,000
_MOST_MENTIONS = 12
_REACH = 80

_NUMBER = r"(?:\d+(?:[.,]\d)?|un|une|deux|trois|quatre|cinq|quelques|plusieurs)"
_DAYS = (
    rf"(?:{_NUMBER} ?(?:(?:a|ou|-|/|et) ?{_NUMBER} ?)?(?:demi[ -])?(?:jours?|jrs?|j\b|journees?))"
)
_AFTER_ADJECTIVES = r"(?:\w+ ){0,2}"

# « pas de télétravail », « ne permet pas le télétravail », « non éligible au télétravail »
_REFUSED_BEFORE = re.compile(
    r"(?:\bpas (?:(?:la |de )?possibilite |possible |ouvert\w* |eligible |accessible |compatible "
    r"|adapte\w* |propice "
    r"|propose\w* |concerne\w* )?(?:(?:de|du|en|d'|au|le|a du|avec le|par le|a) )*"
    r"|\b(?:(?:sans|ni|aucune?|hors|zero|0) )+(?:(?:possibilite|forme|jours?|journees?|acces|droit)\w* )?"
    r"(?:(?:de|du|d'|d'un|en|au|le) ?)*"
    r"|\bincompatible avec (?:le |du )?"
    r"|\bnon[ -](?:(?:eligible|ouvert|accessible|compatible|adapte|concerne)\w* (?:au|en|a|avec le|par le) )?"
    r"|\b(?:exclu\w*|impossibilite|interdi\w*) (?:(?:de|du|le|tout) )*)$"
)
# « télétravail : non », « télétravail impossible », « le télétravail n'est pas prévu »
_REFUSED_AFTER = re.compile(
    r"^ ?(?:a ce poste |sur ce poste |pour ce poste )?(?:[:=(?-] ?)?(?:0 j|0 ?%|zero\b"
    r"|non\b(?! (?:precise|defini|renseigne|communique"
    r"|negligeable|stop))|no\b|impossible|exclu\b|interdit|aucun\b|(?:n'est|ne sera"
    r"|n'etant) (?:malheureusement )?pas"
    r"|ne (?:peut|sont|s'applique)|pas (?:possible|autorise|envisage|propose|prevu|applicable"
    r"|disponible|accepte"
    r"|compatible))"
)
# what is refused is a part of it: « pas de télétravail la première année », « pas de télétravail à 100 % »
_REFUSED_FOR_A_TIME = re.compile(
    r"^ ?(?:pendant|durant|au debut|les? premi|la premiere|lors de|avant|en periode|sur la periode"
    r"|dans un premier)"
)
_REFUSED_AS_FULL = re.compile(r"^ ?(?:complet|total|integral|a 100|100 ?%|full|a temps)")
# somebody else's telework, or the tools for it
_OF_OTHERS = re.compile(
    r"(?:\b(?:utilisateurs?|collaborateurs?|collaboratrices|salaries|agents|collegues|clients?|equipes?|personnels?"
    r"|employes) (?:[\w-]+ ){0,2}en (?:mode |situation de )?"
    r"|\b(?:materiels?|postes(?= de)|acces(?= en)|solutions?|outils?|logiciels?|equipements?|kits?|vpn"
    r"|infrastructures?|gestion|suivi"
    r"|mise en place|mise en oeuvre|deploiement|demandes?|securis\w+|impacts?|developpement) "
    r"(?:(?:de|du|au|en|pour|le|lies?|dedies?) )+)$"
)

_FULL_BEFORE = re.compile(
    r"\b(?:100 ?%|full[ -]?|fully|(?:total|entiere|integrale|exclusive|unique|complete)ment) (?:(?:en"
    r"|du|de|a) )?$"
    r"|\b(?:100 ?%|full)[ -]?remote\b.{0,12}$|(?<![\d.,])(?:\b5|\bcinq) (?:jours?|j)(?: ?(?:/"
    r"|sur) ?(?:5|7|cinq|semaine))? (?:(?:de|en) )?$"
)
_FULL_AFTER = re.compile(
    rf"^ ?[(:-]? ?{_AFTER_ADJECTIVES}(?:(?:jusqu')?a )?(?:100 ?%|complet\b|complete\b|total\b|totale\b"
    rf"|integral\w*"
    r"|a temps (?:plein|complet)|permanent|a plein temps|full)"
    r"|^ ?[(:-]? ?(?:5 ?j\b|5 jours)"
)
_POST_IS_TELEWORK = re.compile(
    r"\b(?:poste|emploi|job|mission|contrat)(?: est)?(?: a pourvoir| base\w*| propose\w*| realise\w*)? en $"
)
_MEASURED_BEFORE = re.compile(
    rf"{_DAYS}(?: (?:maxi\w*|max|fixes?|flexibles?|possibles?|hebdo\w*|minimum|complets?|entiers?|autorises?"
    r"|obligatoires?))?(?: ?(?:/|par|sur la|a la) ?(?:semaine|sem|mois"
    r"|an))?(?: possibles?)? ?(?:\(?(?:de|d'|en|du|au|le) ?)+$"
    r"|\b(?:\d\d ?%|partiel\w*|ponctuel\w*) (?:(?:de|du|en) )?$"
)
_MEASURED_AFTER = re.compile(
    rf"^[^.;!?,•*]{{0,45}}?(?<!\w){_DAYS}(?! (?:de (?:rtt|conge|cp)|rtt|apres|d'anciennete))"
    rf"|^ ?[(:/,-]? ?{_AFTER_ADJECTIVES}(?:partiel\w*|hybride|occasionnel\w*|ponctuel\w*"
    rf"|exceptionnel\w*|alterne"
    r"|\d\d ?%)|^ ?(?:\w+ )?: ?(?:oui )?\(?\d ?(?:j\b|jours?|/)"
    r"|^[^.;!?,•*]{0,12}\b(?:lundi(?! au vendredi)|mardi|mercredi|jeudi|vendredi)\b"
)
# The widest right counts; after an extent no further mention is looked at.
_RANK = {"full": 4, "partial": 3, "possible": 2, "none": 1, None: 0}
_ENOUGH = _RANK["partial"]

# What must stand before a mention for the longer patterns to have a chance: far cheaper to search.
_MAY_REFUSE = re.compile(
    r"pas |sans |aucun|non[ -]|hors |ni |exclu|interdi|imposs|incomp|zero |\b0 "
)
_MAY_BE_FULL = re.compile(r"100|full|ment |[5q] j")
_MAY_MEASURE = re.compile(r"\bj|\dj|%|tuel|tiel")
_MAY_BE_OF_OTHERS = (" en ", " de ", " du ", " au ", " pour ", " le ", " mode ")


class Telework(NamedTuple):
    """Telework as read; the fields are columns of ``core.job_offer``, in their order.

    :param telework_kind: ``full``, ``partial`` (an extent is said), ``possible`` (none is), ``none``
        (refused); None where the offer says nothing.
    :param telework_rule: name of the rule that decided.
    """

    telework_kind: str | None = None
    telework_rule: str | None = None


_NOTHING_SAID = Telework()


def read_telework(
    title: str, description: str, conditions: str = "", places: Sequence[int] | None = None
) -> Telework:
    """Return what an offer says of telework.

    :param conditions: labels of the working conditions, one of which is « Possibilité de télétravail ».
    :param places: where in the description a part of :data:`NAMED_WITHIN` ends, ascending, as a search before
        this has found them; None: they are searched here.
    """
    small = title.lower()
    is_in_title = "travail" in small or "remote" in small
    is_named = bool(
        _named(_NAMED, description, places) or _named(_IN_CAPITALS, description, places)
    )
    if not is_named and not is_in_title:  # nine in ten offers go no further
        if conditions and _NAMED.search(conditions):
            return Telework("possible", "condition")
        return _NOTHING_SAID
    best = _NOTHING_SAID
    mentions = _mentions(
        title if is_in_title else "", description if is_named else "", conditions, places
    )
    for text, start, end in mentions:
        read = _judge(_window(text, start, end))
        if read and _RANK[read.telework_kind] > _RANK[best.telework_kind]:
            best = read
            if _RANK[read.telework_kind] >= _ENOUGH:
                return read
    return best


def _mentions(
    title: str, description: str, conditions: str, places: Sequence[int] | None
) -> Iterator[tuple[str, int, int]]:
    """Yield where telework is named: a text, start and end in it."""
    for found in _REMOTE.finditer(title):
        yield title, found.start(), found.end()
    read = description[:_LONGEST_CHARS]
    for text, known in ((title, None), (read, places), (conditions, None)):
        for pattern in (_NAMED, _IN_CAPITALS):
            for at in _named(pattern, text, known)[:_MOST_MENTIONS]:
                tele = 8 if text[at - 4] in " -" else 7  # « télé travail », « télétravail »
                end = _WORD_END.match(text, at + _VAIL).end()  # type: ignore[union-attr]
                yield text, max(at - tele, 0), end


def _named(pattern: re.Pattern[str], text: str, places: Sequence[int] | None) -> list[int]:
    """Return where the last letters of a mention begin."""
    if places is None:
        return [found.start() for found in pattern.finditer(text)] if text else []
    return [end - _VAIL for end in places if pattern.match(text, end - _VAIL)]


def _window(text: str, start: int, end: int) -> str:
    """Return what stands beside a mention in its line and sentence, with a zero in its place."""
    first, last = max(start - _REACH, 0), end + _REACH
    sentence = text.rfind(". ", first, start)
    first = max(text.rfind("\n", first, start) + 1, sentence + 2 if sentence >= 0 else 0, first)
    last = min(
        at for at in (text.find("\n", end, last), text.find(". ", end, last), last) if at >= 0
    )
    return f"{text[first:start]}\0{text[end:last]}"


@lru_cache(maxsize=8192)  # the same firms write the same sentence in all of their offers
def _judge(window: str) -> Telework | None:
    """Return what one mention says, None if it is not of the job's own telework.

    :param window: the words around it, as written.
    """
    around = fold(window.replace("&nbsp;", " "))
    before, _, after = around.partition("\0")
    if not before.endswith((" ", "'")):
        before += " "
    if _MAY_REFUSE.search(before) and _REFUSED_BEFORE.search(before):
        return _refused(before, after)
    if _REFUSED_AFTER.search(after):
        return Telework("none", "refused_after")
    if before.endswith(_MAY_BE_OF_OTHERS) and _OF_OTHERS.search(before):
        return None
    if (_MAY_BE_FULL.search(before) and _FULL_BEFORE.search(before)) or _FULL_AFTER.search(after):
        return Telework("full", "full")
    if (_MAY_MEASURE.search(before) and _MEASURED_BEFORE.search(before)) or _MEASURED_AFTER.search(
        after
    ):
        return Telework("partial", "measured")
    if "hybride" in before[-30:]:
        return Telework("partial", "hybrid")
    if (
        before.endswith(" en ")
        and _POST_IS_TELEWORK.search(before)
        and not after.lstrip().startswith(("possible", "ou ", "et "))
    ):
        return Telework("full", "post_in_telework")
    return Telework("possible", "offered")


def _refused(before: str, after: str) -> Telework:
    """Return what a refusal leaves."""
    if _REFUSED_FOR_A_TIME.search(after):
        return Telework("possible", "later")
    if _REFUSED_AS_FULL.search(after) or _FULL_BEFORE.search(before):
        return Telework("partial", "not_full")
    return Telework("none", "refused_before")
