"""What can be concluded from an offer beyond what it states. Pure.

::

    place/           label, codes, coordinates -> commune, département, région, with method and confidence
    pay/             label, comment -> euros gross a year, with the rule that fired
    technology/      texts of many offers -> tools and languages; the dictionary is technology.toml
    telework.py      texts -> whether it can be worked from home
    terms.py         labels -> hours, length of the contract, experience as numbers
    contact/         text -> the same without e-mail addresses and telephone numbers

Each says how it came to its conclusion, and leaves what the source wrote as it is: both stand side by side
in ``core.job_offer``. The files the rules rest on are in ``include/reference``.
"""
