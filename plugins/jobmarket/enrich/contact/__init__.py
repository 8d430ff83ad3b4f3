"""E-mail addresses and telephone numbers, masked in texts.

::

    mask.py      text -> the same without them: begin here
    guard.py     which texts can hold one at all, quickly
    number.py    what is a telephone number, and what only looks like one
    beside.py    what stands beside its digits
"""
