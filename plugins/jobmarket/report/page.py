"""Answers -> the files of a report. Pure: the same input gives the same bytes, and no clock is read.

What lives here: the template's data. What does not: words (``words``), what is shown of an analysis
(``rendering``), questions to the warehouse (``query``).

``index.html`` needs nothing beside it: style, figures and tables are inside. The same figures and
tables also stand as files beside it, for slides and spreadsheets.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobmarket.report.headline import headline
from jobmarket.report.registry import ANALYSES
from jobmarket.report.rendering import plain_figures, render_analysis
from jobmarket.report.self_contained import require_self_contained
from jobmarket.report.words.fr import certificate, checks, effort, news, proof
from jobmarket.report.words.fr import headline as fr_headline
from jobmarket.report.words.fr import page as fr
from jobmarket.report.words.fr.attribution import attribution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobmarket.report.analysis import Analysis
    from jobmarket.report.answers import Answers
    from jobmarket.report.headline import Headline

TEMPLATES = Path(__file__).parent / "templates"
_PARTS = ("own", "partners", "absent", "new", "late", "unread", "total")


def render_report(answers: Answers, analyses: Iterable[Analysis] = ANALYSES) -> dict[str, bytes]:
    """Return the files of a report: path below the prefix of its period -> content.

    :param answers: as ``query_report`` returns them.
    :param analyses: the sections of the page, in their order.
    """
    files: dict[str, bytes] = {}
    sections: list[dict[str, Any]] = []
    is_in_section = False
    with plain_figures():
        for analysis in analyses:
            is_stated = analysis.attribute not in answers.facts.never_stated
            is_shown = is_stated and analysis.builder.is_known(answers)
            if not analysis.is_part:
                is_in_section = is_shown
            if not is_shown:
                continue
            shown, own_files = render_analysis(analysis, analysis.table(answers), answers)
            files |= own_files
            if analysis.is_part and is_in_section:
                sections[-1]["parts"].append(shown)
            else:  # a part whose section is not shown is one of its own
                sections.append({**shown, "parts": []})
                is_in_section = True
    story = headline(answers)
    page = require_self_contained(_page(answers, story, sections))
    if files:  # a table that is taken alone has its source beside it
        stem = fr.ATTRIBUTION_STEM + (fr.GENERATED_STEM if answers.facts.is_generated else "")
        files[f"tables/{stem}.txt"] = f"{attribution(answers.facts).text}\n".encode()
    return {"index.html": page.encode(), **files}


def _page(answers: Answers, story: Headline, sections: list[dict[str, Any]]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))  # noqa: S704  ours
    template = environment.get_template("report.html.jinja")
    return (
        template.render(
            t=fr,
            h=fr_headline,
            n=news,
            p=certificate,
            proof=proof,
            effort=effort.took,
            c=checks,
            facts=answers.facts,
            by=attribution(answers.facts),
            story=story,
            band=_band(story, answers.facts.offers),
            parts=_parts(story),
            see_also=[one for one in _flat(sections) if one["is_on_quality"]],
            sections=sections,
            style=style,
        )
        + "\n"
    )


def _flat(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for section in sections for one in (section, *section["parts"])]


def _parts(story: Headline) -> dict[str, Any]:
    """Return the table of what explains the differences: its columns, and a row of numbers for each part."""
    compared = [comparison for comparison in story.comparisons if comparison.difference]
    rows = [
        (name, [getattr(comparison.difference, name) for comparison in compared]) for name in _PARTS
    ]
    # a cause that explains nothing anywhere is not worth a line
    kept = [
        (name, numbers)
        for name, numbers in rows
        if name in ("own", "partners", "total") or any(map(round, numbers))
    ]
    return {"columns": compared, "rows": kept}


def _band(story: Headline, offers: int) -> dict[str, float] | None:
    """Return where the band and the day lie on a line, in percent of its length."""
    if story.band is None:
        return None
    low, high = story.band
    first, last = min(low, offers), max(high, offers)
    margin = max((last - first) * 0.15, 1)
    span = last - first + 2 * margin

    def across(number: float) -> float:
        return round((number - first + margin) / span * 100, 1)

    return {
        "start": across(low),
        "width": round(across(high) - across(low), 1),
        "at": across(offers),
    }
