"""Adzuna: its search API, a day of it within a small budget, and its ads as rows of the warehouse.

Where to look::

    source.py      what the rest of the project sees of this folder
    settings.py    what the connection says: account, address, limits
    account.py     the account's id and key out of every answer, before anything is landed
    client.py      one answer to one question, within time and budget
    answer.py      what an answer says
    budget.py      the requests made so far, in the warehouse; whether there may be one more
    question.py    what can be asked
    slices.py      what is known of one listing of ads
    collect.py     a day: asked, landed, its manifest
    plan.py        which question next; what was reached at the end
    ad.py          the contract of an ad
    reader.py      its pages, cut and read: what the load asks
    values.py      from an ad to the columns that it states
    place.py       where an ad is
    pay.py         what an ad pays, its own figures and Adzuna's estimates apart
"""
