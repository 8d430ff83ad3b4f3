"""Which question comes next, until a day is proved; and the answers landed.

::

    extraction.py    a day or the stock read: begin here; workers.py: at the full rate;
                     landing.py: into the lake
    plan.py          the next questions, whatever was answered; questions.py: which are open
    day_plan.py, stock_plan.py, terms.py    what a day and the live stock are to it; reach.py: how far back
    partition.py     where to cut a day so that each piece fits; filters.py: what cuts a second
    slices.py, division.py, piece.py, desk.py    a piece of the day, read, divided, asked again
    proof.py         when a piece was read whole; states.py, as_read.py: what was seen of it;
                     recheck.py: looked at again
    verification.py  the day asked again in other words; clock.py, zero.py, comparison.py,
                     expectation.py: how; day_view.py: what these need from the plan
    collection.py    what was read; shift.py: by how much the date filter is off; budget.py: what it may cost
"""
