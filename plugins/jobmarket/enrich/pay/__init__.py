"""What an offer pays, in euros gross a year.

::

    read.py       label and comment -> amounts, period, rule: begin here
    label.py      the forms of a label; comment.py: free text; money.py: amounts in a text
    scale.py      from a period to a year, and whether that can be
    base.py       one number for an offer, on one base of hours
"""
