"""What an offer of France Travail may look like, and how it becomes rows. Pure.

::

    records.py      the body of an answer -> records; walk.py: through broken ones
    offer.py        the contract, field by field
    interpret.py    bytes -> an offer of the contract; repair.py: what can be mended
    contacts.py     where contacts can stand
    rows.py         an offer -> typed rows
"""
