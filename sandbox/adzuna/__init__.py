"""A stand-in for the search API of Adzuna, as France sees it: invented ads, the traits of the real one.

Where to look::

    settings.py    who may ask, how many ads are live, how it misbehaves
    stock.py       which ads are live at an instant, one array an attribute
    ad.py          one ad as the API spells it
    categories.py  the categories, and which trade is in which
    search.py      from parameters to an answer
    desk.py        who asks, how many at once, what goes wrong; what tests may ask the stand-in itself
"""
