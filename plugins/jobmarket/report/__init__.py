"""The report of a day: rows -> figures -> page.

::

    query.py         the warehouse's answers: a frame for each file of include/sql/report, and the run's facts
    registry.py      the analyses of the report: add one here
    facts.py         what is known of the run: certificate, load, checks
    text.py          what has to be said about an analysis
    tables.py        a frame ready to be shown: ranked, small groups folded away; CSV
    figures.py       a table drawn as PNG, wide and narrow
    themes.py        its colours, and their exchange for those of dark pages
    page.py          frames + facts -> index.html, figures/*.png, tables/*.csv; pure
    fr/              everything a reader sees in French; English would be a second such folder
    templates/       the page

To add an analysis: one SQL file, one line in ``registry.py``, one text in ``fr/analyses.py``.
"""
