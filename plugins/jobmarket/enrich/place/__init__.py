"""Where an offer is.

::

    locate.py      which evidence wins: begin here
    label.py       what a label says; list.py: several départements in one; name.py: names of communes
    location.py    the forms of a conclusion
    nearest.py     coordinates -> the nearest commune
    reference.py   codes and names of communes, départements, régions
"""
