"""The life of an offer: until when it stood, and what is kept of it then.

What lives here: sweeps of the whole stock (``sweep``), what they miss (``absence``), what that closes
(``conclusion``), what closing erases (``erasure``). What does not: what an offer said and when
(``offers.history``), how a sweep is collected (``sources``).
"""
