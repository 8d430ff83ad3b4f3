"""The report in French.

::

    typography.py    numbers, shares, dates, and the spaces of French punctuation
    page.py          title, certificate, source and licence
    checks.py        the checks
    analyses.py      title, columns and finding of each analysis
"""
