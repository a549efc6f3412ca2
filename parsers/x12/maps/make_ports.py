#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes schedules.map: codes of US customs for ports as UN/LOCODE, from rules/lists/places.tsv.

places.tsv has the code beside the LOCODE (its source and licence: rules/lists/PLACES.md). Left out are codes
that stand for several places, and those that end in 00 or 99, which mean all other ports of a country.
"""
import collections
import os

HERE = os.path.dirname(os.path.abspath(__file__))
PLACES = os.path.join(HERE, "..", "..", "..", "rules", "lists", "places.tsv")
HEAD = """# Written by make_ports.py from rules/lists/places.tsv, whose source and licence PLACES.md names:
# US customs' codes of ports as UN/LOCODE, Schedule D (US, four digits) and K (foreign, five).
fragment

names ports
"""


def main():
    places = collections.defaultdict(dict)
    with open(PLACES, encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if line.startswith(("#", "code")) or len(cells) < 7 or not cells[6]:
                continue
            digits = 4 if cells[3] == "US" else 5
            places[cells[6].rjust(digits, "0")][cells[0]] = "%s, %s" % (cells[2], cells[3])
    with open(os.path.join(HERE, "schedules.map"), "w", encoding="utf-8") as file:
        file.write(HEAD)
        for code, found in sorted(places.items()):
            ((locode, name),) = list(found.items()) if len(found) == 1 else [(None, None)]
            if locode and not code.endswith(("00", "99")):
                file.write("  %-5s = %-23s # %s\n" % (code, locode, name))


if __name__ == "__main__":
    main()
