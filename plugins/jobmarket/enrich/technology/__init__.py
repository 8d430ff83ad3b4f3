"""Which technologies an offer names.

::

    search.py        texts of many offers -> codes: begin here
    dictionary.py    include/reference/technology.toml, checked
    names.py, text.py    spellings, and texts as they are searched
    judge.py         whether a name found is meant; owner.py: whose it is; refusal.py: named to be refused
    change.py        what an edit of the dictionary changes: a command
"""
