"""HTTP: one request and its whole answer, within bounds, whatever the other side does.

::

    transport.py    a pool of connections: begin here
    decoding.py     a body as it comes, never beyond a bound
    address.py      whether a secret would go there in the clear
"""
