"""The roles of the warehouse: who may do what is in ``include/sql/access``, who has which in ``connections``.

A role is a set of rights and no account: accounts are members of it. Besides them there is the owner of the
schemas, whatever it is called.
"""

from __future__ import annotations

from typing import Literal

LOADER: Literal["jobmarket_loader"] = "jobmarket_loader"
"""Loads days, checks them, forgets them."""
REPORTER: Literal["jobmarket_reporter"] = "jobmarket_reporter"
"""Reads all that reports and pages tell; writes the receipts of its tasks, and nothing else."""
READER: Literal["jobmarket_reader"] = "jobmarket_reader"
"""Reads ``mart``: analysts."""
ROLES = (LOADER, REPORTER, READER)

Role = Literal["jobmarket_loader", "jobmarket_reporter", "jobmarket_reader"]
