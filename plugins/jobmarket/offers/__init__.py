"""Offers in the warehouse, whichever source they come from.

::

    schema.py       the columns of core, declared once: types, and who fills each
    reading.py      what the reader of a source gives to the load
    conclude.py     what follows from the columns that a source states, by the rules of enrich
    version.py      the version of all that reads an offer
    load.py         landed pages -> rows of core, in one transaction; batches.py: what is held at once
    state.py        what orders the states of an offer
    writer.py       the statements of a load; columns.py: whether the warehouse has the columns
    counted.py      by what of an offer its day is counted
    outcome.py      what became of each record; ledger.py: what a load leaves in control
    history/        what an offer said before, whatever the order in which runs are loaded
    life/           sweeps of the whole stock: what they miss, close and erase
    reference.py    the reference tables of the mart
    forget.py       how a day is deleted
"""
