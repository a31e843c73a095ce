"""`make returned`: the figures of the judge over rounds of returned files, by their seeds.

    make returned                          200 files with the seeds that judge
    make returned ARGS="--develop 20"      20 rounds with the seeds of development, and every fault
"""

from __future__ import annotations

import argparse
import time

from tests.returned.judge import Verdict, judge
from tests.returned.returns import round_of
from tests.returned.seeds import DEVELOPING, FILES, JUDGING


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--develop", type=int, metavar="ROUNDS", help="show the faults of so many rounds")
    options = parser.parse_args()
    seeds = JUDGING if options.develop is None else DEVELOPING[: options.develop]
    total, began = Verdict(), time.perf_counter()
    for seed in seeds:
        total.add(judge(*round_of(seed, FILES), where=str(seed)))
    if options.develop is not None:
        print("\n".join(total.faults))
    print(f"{total} ({time.perf_counter() - began:.0f} s)")


if __name__ == "__main__":
    main()
