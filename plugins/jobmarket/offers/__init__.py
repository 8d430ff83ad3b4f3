"""Offers in the warehouse, whichever source they come from.

::

    schema.py       the tables of core and their columns
    load.py         landed pages -> rows of core, in one transaction; batches.py: what is held at once
    writer.py       the statements of a load
    outcome.py      what became of each record; ledger.py: what a load leaves in control
    reference.py    the reference tables of the mart
    forget.py       how a day is deleted
"""
