"""The offers that the sandbox serves.

Where to look::

    columns.py       what the search filters by, one array an attribute; what a source of offers gives
    generated.py     offers made from (seed, day)
      plan.py        how many, and when (hourly curve, bursts, clock changes)
      life.py        what makes one day unlike another, if the sandbox is lively
      chance.py      stateless random numbers
      attributes.py  what each offer is: job, place, contract, pay
      body.py        the offer as the API spells it
      wording.py     titles and descriptions in French
      pay.py         salary labels in all spellings
      ids.py         ids of both origins, unique across days
    file.py          offers read from a file, on their own days or all on one
"""
