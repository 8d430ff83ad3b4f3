"""Tell every lie and print a table: ``python -m tests.support.lying_api [--seeds 20] [--bad] [NAME …]``."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="jobmarket-lies-"))


def main() -> int:
    """Print how each lie ended; return 1 if one ended as it must not."""
    from tests.support.lying_api.lies import LIES
    from tests.support.lying_api.runs import tell

    parser = argparse.ArgumentParser(prog="python -m tests.support.lying_api", description=__doc__)
    parser.add_argument("names", nargs="*", help="lies to tell (all)")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--bad", action="store_true", help="print only what ended as it must not")
    given = parser.parse_args()
    is_good = True
    print(  # noqa: T201  this is what it is for
        f"{'lie':34} {'kind':6} {'size':>6}  outcomes; searches, CPU at most; what was said"
    )
    for lie in LIES:
        if given.names and lie.__name__ not in given.names:
            continue
        for size in lie.sizes:
            seeds = range(1, given.seeds + 1)
            outcomes = [tell(lie, size, seed) for seed in seeds]
            counts = Counter(
                f"{one.verdict}, then {one.then}" if one.then else one.verdict for one in outcomes
            )
            wrong = [one for one in outcomes if not lie.allows(one.verdict, one.then)]
            is_good &= not wrong
            if given.bad and not wrong:
                continue
            told = "; ".join(f"{name} {count}" for name, count in counts.most_common())
            missing = max(one.missing for one in outcomes)
            said = next((one.said[0] for one in [*wrong, *outcomes] if one.said), "")
            most = max(one.requests for one in outcomes)
            cpu = max(one.seconds for one in outcomes)
            print(  # noqa: T201  this is what it is for
                f"{lie.__name__:34} {lie.kind:6} {size:6}  {'!! ' if wrong else ''}{told}"
                f"{f' (missing up to {missing})' if missing else ''}; {most}; {cpu:.1f} s; {said[:140]}",
                flush=True,
            )
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
