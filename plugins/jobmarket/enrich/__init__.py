"""What can be concluded from an offer beyond what it states: place, pay, technologies. Pure.

::

    readings.py      place and pay together, as the rows need them, and the fingerprint of all rules
    place.py         label, codes, coordinates -> commune, département, région, with method and confidence
    pay.py           label, comment -> euros gross a year, with the rule that fired
    contact.py       text -> the same without e-mail addresses and telephone numbers
    technology.py    texts of many offers -> tools and languages; the dictionary is technology.toml

What each rests on stands beside it, its name first: ``contact_*.py``, ``place_*.py``, ``pay_*.py``,
``technology_*.py``.

Each says how it came to its conclusion, and leaves what the source wrote as it is: both stand side by side
in ``core.job_offer``. The files the rules rest on are in ``include/reference``.
"""
