"""The life of an offer: what it said before, since when, until when it stood, and what is kept after it.

What lives here: versions (``meaning``, ``chain``, ``history``), sweeps of the stock and what they miss
(``sweep``, ``absence``, ``conclusion``), erasing (``erasure``). What does not: how a record becomes rows, and
which state is the current one (``offers.load``, ``offers.state``).
"""
