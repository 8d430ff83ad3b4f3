"""The report in French.

::

    typography.py    numbers, shares, dates, and the spaces of French punctuation
    headline.py      the first screen: how many, against what, and why
    news.py          what moved, and where that comes from
    certificate.py   the certificates: verdict, figures, checks
    proof.py         what a certificate proves, what it found besides, what it doubts
    effort.py        what it took: calls, bytes, time, an estimate of the cost
    standing.py      the words for how far a day may be trusted
    page.py          title, source and licence
    checks.py        the checks
    values.py        what the warehouse has as a code: contracts, places, trades, technologies
    shared.py        what several analyses share; the words of one are in ``report/analyses``
    map.py           the map of the départements
"""
