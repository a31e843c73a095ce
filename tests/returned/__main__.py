"""`make returned`: the figures of the judge over rounds of returned files, by their seeds.

make returned                          240 files with the seeds that judge, 40 of them saved by LibreOffice
make returned ARGS="--develop 20"      20 rounds with the seeds of development, and every fault
"""

from __future__ import annotations

import argparse

from tests.returned.judge import judge_rounds
from tests.returned.seeds import DEVELOPING, IN_LIBREOFFICE, JUDGING
from tests.tools import libreoffice


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--develop", type=int, metavar="ROUNDS", help="show the faults of so many rounds")
    options = parser.parse_args()
    if options.develop is not None:
        total = judge_rounds(DEVELOPING[: options.develop])
        print("\n".join(total.faults))
    else:
        total = judge_rounds(JUDGING)
        print(f"as Word writes them: {total}")
        if (missing := libreoffice.missing()) is not None:
            print(f"saved by LibreOffice: none, {missing}")
        else:
            saved = judge_rounds(IN_LIBREOFFICE, in_word=False)
            print(f"saved by LibreOffice: {saved}")
            total.add(saved)
    print(f"all: {total}")


if __name__ == "__main__":
    main()
