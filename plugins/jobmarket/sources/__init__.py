"""Where offers come from: one folder a source.

::

    contract.py    what a source has to give
    registry.py    which sources there are
"""
