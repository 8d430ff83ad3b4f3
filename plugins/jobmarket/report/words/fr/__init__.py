"""The report in French.

::

    typography.py    numbers, shares, dates, and the spaces of French punctuation
    headline.py      the first screen: how many, against what, and why
    news.py          what moved, and where that comes from
    certificate.py   the certificates: verdict, figures, checks
    proof.py         what a certificate proves, what it found besides, what it doubts
    standing.py      the words for how far a day may be trusted
    page.py          title, source and licence
    checks.py        the checks
    analyses.py      contracts, times and places: title, columns and finding of each analysis
    market.py        trades, technologies, employers, partners
    pay.py           what is paid, and how it was read
    map.py           the map of the départements
"""
