"""The report of a day, a week or a month: counts and rows -> tables and figures -> page.

::

    query.py         asks the warehouse; answers.py: what it answered; queries.py: what an analysis asks
    baseline.py      which days a period is compared with, and how much each weighs
    comparison.py    counts beside what is usual; which groups have really moved
    coverage.py      a difference told apart: did the market move, or what is read of it?
    headline.py      the first screen
    analyses/        one module an analysis: what it asks, its table, its words; analysis.py: what each has
    registry.py      finds them, and puts them into their order
    table_builders.py  tables that several analyses have; comparison_cells.py: usual, change, rate
    persons.py       which names may be printed; partners.py: counts without those of sites that may not
    facts.py         what is known of the runs: certificates, loads, checks
    reference.py     what a code means
    text.py          what has to be said about an analysis
    tables.py        the rule of small groups
    table_files.py   a table as CSV and Parquet
    draw/            a table drawn: bars and lines as PNG, a map of the départements as SVG
    rendering.py     one analysis rendered for the page
    page.py          answers -> index.html, figures/*, tables/*; pure
    words/fr/        everything else a reader sees in French; English would be a second such folder
    templates/       the page

To add an analysis: see ``analyses``.
"""
