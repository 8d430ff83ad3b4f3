"""What the sentences of our errors say to do, done: one case for each, by the words of its remedy.

What lives here: the cases that need no run of a DAG, a module for each part that may be broken. A case breaks
something real, yields what is then done and fails, and does what the sentence says; done again, it succeeds.
What does not: which sentences there are, and that each has its case (``test_every_remedy``).
"""

from tests.support.remedies import (
    of_adzuna,
    of_asking,
    of_deployment,
    of_history,
    of_lake,
    of_migration,
    of_source,
    of_warehouse,
)
from tests.support.remedies.parts import CASES, Parts

__all__ = [
    "CASES",
    "Parts",
    "of_adzuna",
    "of_asking",
    "of_deployment",
    "of_history",
    "of_lake",
    "of_migration",
    "of_source",
    "of_warehouse",
]
