"""What an offer said before: the states that it was in, in whatever order runs are loaded.

What lives here: which states there are (``chain``), what a difference is worth (``meaning``), how they are
kept (``store``), what earlier observations tell that come late (``late``), what erasing leaves (``erased``).
What does not: how a record becomes rows (``offers.load_records``), until when an offer was open
(``offers.life``).
"""
