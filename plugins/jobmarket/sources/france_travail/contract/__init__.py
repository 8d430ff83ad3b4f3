"""What an offer of France Travail may look like, and how it becomes rows. Pure.

::

    records.py      the body of an answer -> records; walk.py: through broken ones
    offer.py        the contract, field by field, and the column of each; parts.py: the objects in it
    dates.py        the instants of its dates
    interpret.py    bytes -> an offer of the contract; repair.py: what can be mended
    contacts.py     where contacts can stand
"""
