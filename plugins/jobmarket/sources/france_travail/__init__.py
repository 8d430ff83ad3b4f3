"""All that knows the France Travail API, and nothing that knows PostgreSQL.

::

    source.py    what the rest of the project sees
    client/      a question, answered or refused: the only HTTP
    plan/        which question comes next, until the day is proved; the answers landed
    contract/    from the bytes of an answer to typed rows, or a rejection
"""
