"""The report of a day, a week or a month: counts and rows -> tables and figures -> page.

::

    query.py         the warehouse's answers: facts of the runs, counts, a frame for each SQL file
    baseline.py      which days a period is compared with, and how much each weighs
    comparison.py    counts beside what is usual; which groups have really moved
    coverage.py      a difference told apart: did the market move, or what is read of it?
    headline.py      the first screen
    registry.py      the analyses of the report: add one here
    shapes.py        which numbers an analysis shows
    beside.py        what stands beside the offers of a group: usual, change, rate
    picks.py         rows picked from a query that serves several analyses
    persons.py       which names may be printed; partners.py: counts without those of sites that may not
    facts.py         what is known of the runs: certificates, loads, checks
    reference.py     what a code means
    text.py          what has to be said about an analysis
    tables.py        the rule of small groups
    table_files.py   a table as CSV and Parquet
    figures.py       a table drawn as PNG, wide and narrow; themes.py: its colours, light and dark
    map.py           a map of the départements as SVG; map_figure.py: as PNG; choropleth.py: of a table
    exhibit.py       one analysis made ready for the page
    page.py          answers -> index.html, figures/*, tables/*; pure
    fr/              everything a reader sees in French; English would be a second such folder
    templates/       the page

To add an analysis: one SQL file (or a dimension of ``mart.offer_count``), one line in ``registry.py``, one
text in ``fr/analyses.py``, ``fr/market.py`` or ``fr/pay.py``.
"""
