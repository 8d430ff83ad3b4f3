"""A local stand-in for the France Travail API, and for that of Adzuna beside it.

Where to look::

    __main__.py        `python -m sandbox`: the command and its options
    settings.py        what a sandbox is told: volume, pace, misbehaviours
    server.py          HTTP: routes, the uvicorn server, `running()` for tests
    world.py           what one server holds: settings, journal, offers, replicas, vanished offers
    oauth.py           client credentials, tokens, the rate of a client
    parameters.py      the search parameters and their French error texts
    paging.py          `range`, 200 / 206 / 204 and Content-Range
    search.py          query -> ranked rows -> one page; filtresPossibles
    selection.py       which rows a query keeps, and in which order
    referentials.py    the 16 lists of codes
    faults.py          what a misbehaving answer looks like
    journal.py         what was asked, for tests and measurements
    labels.py          codes and labels of the API
    reference.py       bundled public data: ROME, communes, NAF, skills (see data/README.md)
    offers/            the offers themselves: generated from (seed, day), or read from a file
    adzuna/            the stand-in of Adzuna: its ads, its search, its account and faults

Everything under ``/_sandbox/`` is ours and not part of the real API.
"""
