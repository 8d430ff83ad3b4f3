"""The report in French.

::

    typography.py    numbers, shares, dates, and the spaces of French punctuation
    headline.py      the first screen: how many, against what, what moved, and why
    certificate.py   what the certificates prove
    page.py          title, source and licence
    checks.py        the checks
    analyses.py      contracts, times and places: title, columns and finding of each analysis
    market.py        trades, pay, technologies, employers, partners
    map.py           the map of the départements
"""
