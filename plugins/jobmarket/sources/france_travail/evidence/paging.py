"""What is assumed of pages: size and depth, statuses and ``Content-Range``, texts of refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.client.answer import CAP, wall_second, wall_text
from jobmarket.sources.france_travail.evidence.finding import REPORT, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.sources.france_travail.evidence.finding import Finding
    from jobmarket.sources.france_travail.evidence.inquiry import Exchange, Inquiry

CAP_SETTING = "CAP in client/answer.py"
READING = "read_answer in client/answer.py"
_TOO_WIDE = "La plage de résultats demandée est trop importante."
_TOO_DEEP = f"La position de début doit être inférieure ou égale à {CAP.last_start}."
_SYNTAX = "Format du paramètre « range » incorrect. <entier>-<entier> attendu."


def ask(api: Inquiry) -> Iterator[Finding]:
    """Ask for pages of the day, at their bounds and beyond."""
    size, last = CAP.page_size, CAP.last_start
    page = api.search(**api.of_day())
    yield found(
        "page without range",
        f"the first {size} offers",
        f"{page.told()}, {len(page.offers)} offers",
        _is_first_page(page),
        CAP_SETTING,
    )
    accepted = page.reply.headers.get("Accept-Range", "")
    yield found(
        "Accept-Range", str(size), accepted[:20] or "none", accepted == str(size), CAP_SETTING
    )
    yield _refused(
        "page too wide", api.search(**api.of_day(range=f"0-{size}")), _TOO_WIDE, CAP_SETTING
    )
    deep = api.search(**api.of_day(range=f"{last}-{last + size - 1}"))
    yield found(
        "deepest page",
        f"a page may start at {last}",
        deep.told(),
        deep.status in (204, 206),
        CAP_SETTING,
    )
    beyond = api.search(**api.of_day(range=f"{last + 1}-{last + size}"))
    yield _refused("page too deep", beyond, _TOO_DEEP, CAP_SETTING)
    yield _refused("range syntax", api.search(**api.of_day(range="abc")), _SYNTAX, REPORT)
    one = api.search(**api.of_day(range="0-0"))
    yield found(
        "part of a result",
        "206, offres 0-0/total",
        one.told(),
        one.status == 206 and one.range == f"offres 0-0/{one.total}",
        READING,
    )
    yield from _small_result(api, page)
    none = api.search(**api.of_day(motsCles="qxzwvkjhbg"))
    yield found(
        "no hit",
        "204 without a body, */0",
        f"{none.told()}, {len(none.reply.body)} bytes",
        none.status == 204 and not none.reply.body and none.range == "*/0",
        READING,
    )
    other = api.search(**api.of_day(range="0-0", inconnu="1"))
    yield found(
        "unknown parameter",
        "ignored: the same total",
        f"{other.told()} beside {one.told()}",
        other.total == one.total,
        "query in plan/partition.py",
    )


def _is_first_page(page: Exchange) -> bool:
    if page.total is not None and page.total <= CAP.page_size:
        return page.status == 200 and len(page.offers) == page.total
    return (
        page.status == 206
        and len(page.offers) == CAP.page_size
        and page.range == f"offres 0-{CAP.page_size - 1}/{page.total}"
    )


def _small_result(api: Inquiry, page: Exchange) -> Iterator[Finding]:
    """Ask for the seconds around one offer, which a page can hold whole, and beyond their end."""
    seconds = [wall_second(str(offer.get("dateCreation", ""))) for offer in page.offers]
    second = next((second for second in seconds if second is not None), None)
    bounds = (
        ("whole result", "200, offres 0-n/total"),
        (
            "page beyond the end",
            "204 without a body, offres -1--1/total",
        ),
    )
    small = None
    if second is not None:
        window = {
            "minCreationDate": wall_text(second - 1),
            "maxCreationDate": wall_text(second + 1),
        }
        small = api.search(**window, range=f"0-{CAP.page_size - 1}")
    if small is None or not small.total or small.total > CAP.page_size:
        met = small.told() if small else "no offer of the day"
        for name, assumed in bounds:
            yield found(name, assumed, met, None, READING)
        return
    total = small.total
    yield found(
        *bounds[0],
        small.told(),
        small.status == 200 and small.range == f"offres 0-{total - 1}/{total}",
        READING,
    )
    beyond = api.search(**window, range=f"{total}-{total + 9}")
    yield found(
        *bounds[1],
        f"{beyond.told()}, {len(beyond.reply.body)} bytes",
        beyond.status == 204 and not beyond.reply.body and beyond.range == f"offres -1--1/{total}",
        READING,
    )


def _refused(name: str, met: Exchange, text: str, where: str) -> Finding:
    return found(name, f"400 {text}", met.told(), (met.status, met.message) == (400, text), where)
