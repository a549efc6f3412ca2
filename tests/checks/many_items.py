# SPDX-License-Identifier: Apache-2.0
"""The time for goods grows with their number, not with its square: 20,000 items in one bill, against the same
in bills of twenty. Processor time, of two runs beside each other; the best of three each."""
import os

import common
from common import bill, interchange, message

ITEMS, FEW = 20000, 20
CHEMIST = "NINGBO FINE CHEMICAL TECHNOLOGY CO LTD"
# What is in each of the items, and who sends them (None: anybody): what makes a detector look at each item.
CARGO = [
    ("consumer goods", None, "COMPUTER KEYBOARDS LOT %d", 4, "950300"),
    ("powders of a chemical firm", CHEMIST, "WHITE POWDER LOT %d", 25, "382499"),
    ("near spellings among medicines", None, "EPHEDRIEN TABLETS LOT %d", 5, "300490"),
]


def items(first, count, text, weight, heading):
    for number in range(first, first + count):
        yield from ("GID+%d+1:CT" % number, "FTX+AAA+++" + text % number, "MEA+AAE+G+KGM:%d" % weight,
                    "MEA+AAE+AAW+MTQ:1", "PIA+5+%s:HS" % heading)


def feed(shipper, cargo, bills):
    segments = []
    for number in range(bills):
        one = bill(number, cargo[0] % 0, extra=list(items(2, ITEMS // bills, *cargo)))
        if shipper is not None:
            one = ["NAD+CZ+++%s+1 DOCK ROAD+NINGBO+++CN" % shipper if segment.startswith("NAD+CZ") else segment
                   for segment in one]
        segments.append(one)
    return interchange([message(segments)])


def seconds(checks, name, path):
    """Processor time of a run of its own."""
    best = None
    for _ in range(3):
        before = os.times()
        done = common.run("-j", 1, "-o", os.devnull, path)
        after = os.times()
        checks.equal(name + ": exit status", done.status, 0)
        spent = after.children_user - before.children_user + after.children_system - before.children_system
        best = spent if best is None else min(best, spent)
    return best


def main():
    checks = common.Checks()
    for number, (name, shipper, *cargo) in enumerate(CARGO):
        one = seconds(checks, name, common.scratch("one-%d.edi" % number, feed(shipper, cargo, 1)))
        many = seconds(checks, name, common.scratch("many-%d.edi" % number, feed(shipper, cargo, ITEMS // FEW)))
        print("%s: %.2f s in one bill, %.2f s in bills of %d" % (name, one, many, FEW))
        checks.check(name + ": time grows with the items", one <= 2 * many + 0.3, (one, many))
    checks.end()


if __name__ == "__main__":
    main()
