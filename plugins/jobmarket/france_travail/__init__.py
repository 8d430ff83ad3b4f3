"""All that knows the France Travail API, and nothing that knows PostgreSQL.

Where to look, in the order of the work::

    settings, access_token, pace, transport, verdict, hook    a request, answered or refused: the only HTTP
    answer          what an answer of the search endpoint holds (pure)
    partition, filters    where to cut a day so that each piece fits (pure)
    proof           when a piece was read whole (pure)
    slices, division, tally, shift, plan    which question comes next, until the day is proved (pure)
    workers, landing, extraction     questions asked at the full rate, answers landed, the manifest
    offer, interpret, rows           the contract: API offer -> typed rows, or a rejection (pure)
"""
