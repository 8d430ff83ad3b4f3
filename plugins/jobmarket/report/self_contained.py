"""A page that stays where it is: what a stored report may hold besides text.

A report is opened from S3, too, where no header can say ``sandbox``, and a policy in a ``meta`` cannot
either. So what could lead its reader away, or load or run something, must not be in it. Texts are escaped
when the page is made; this looks at the page as made, and trusts no template. Pure.
"""

from __future__ import annotations

import re

from jobmarket.foundation.errors import PermanentError

_TAG = re.compile(r"<(/?[a-z!?][^\s/>]*)", re.IGNORECASE)
# everything that the pages are made of; neither script, base, frame, object, form nor what animates a link
_ALLOWED = frozenset(
    {
        "!",
        "!doctype",
        "a",
        "abbr",
        "aside",
        "b",
        "body",
        "br",
        "caption",
        "circle",
        "clippath",
        "code",
        "col",
        "colgroup",
        "dd",
        "defs",
        "desc",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "footer",
        "g",
        "h1",
        "h2",
        "h3",
        "h4",
        "head",
        "header",
        "hr",
        "html",
        "i",
        "img",
        "li",
        "line",
        "link",
        "main",
        "meta",
        "nav",
        "ol",
        "p",
        "path",
        "pattern",
        "picture",
        "polygon",
        "polyline",
        "rect",
        "section",
        "small",
        "source",
        "span",
        "strong",
        "style",
        "sub",
        "summary",
        "sup",
        "svg",
        "symbol",
        "table",
        "tbody",
        "td",
        "text",
        "tfoot",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "tspan",
        "ul",
        "use",
    }
)
_META = re.compile(r"<meta\b[^>]*>", re.IGNORECASE)
_HARMLESS_META = re.compile(
    r'<meta (?:charset="utf-8"|name="(?:viewport|color-scheme|referrer|description|robots)" content="[^"]*"|'
    r'http-equiv="Content-Security-Policy" content="[^"]*")>'
)
_LINK = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_HARMLESS_LINK = '<link rel="icon" href="data:,">'


def require_self_contained(html: str) -> str:
    """Return a page; raise :class:`PermanentError` if it holds more than texts, tables and pictures."""
    tags = {name.lstrip("/").lower() for name in set(_TAG.findall(html))}
    odd = sorted(name for name in tags if name not in _ALLOWED and not name.startswith("!--"))
    odd += ["meta" for tag in _META.findall(html) if not _HARMLESS_META.fullmatch(tag)]
    odd += ["link" for tag in _LINK.findall(html) if tag != _HARMLESS_LINK]
    if odd:
        raise PermanentError(
            f"The page of the report holds <{odd[0][:20]}>, which could lead its reader away, so it was not "
            f"written: a text was not escaped; correct the template."
        )
    return html
