#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes precursor_spellings.tsv from precursors.tsv: near spellings of the strongest names.

usage: make_spellings.py

By rule: a letter lost, doubled or swapped with the next, letters that sound or look
alike exchanged, and up to three digits in place of the letters they look like. What is a word of another list, or shorter than seven letters,
is left out. Two wrong letters are left to the detector, on texts about chemicals.
"""
import itertools
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ("ephedrine pseudoephedrine norephedrine phenylpropanolamine chloroephedrine phenylacetone isosafrole "
         "piperonal heliotropin piperidone piperidinone anilinopiperidine norfentanyl phenylacetoacetonitrile "
         "seudoefedrina efedrina norpseudoephedrine").split()
ALIKE = (("ph", "f"), ("ph", "p"), ("y", "i"), ("i", "y"), ("e", "i"), ("n", "m"), ("c", "k"),
         ("o", "0"), ("i", "1"), ("e", "3"), ("l", "1"))
DIGITS = {"o": "0", "i": "1", "e": "3"}


def read(name):
    """Header and rows of a list, without comments."""
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#") and line.strip()]
    return lines[0], lines[1:]


def spellings(word):
    for i in range(1, len(word)):
        yield word[:i] + word[i + 1:]
        yield word[:i] + word[i - 1] + word[i:]
        if i + 1 < len(word):
            yield word[:i] + word[i + 1] + word[i] + word[i + 2:]
    for letters, others in ALIKE:
        for found in re.finditer(letters, word):
            yield word[:found.start()] + others + word[found.end():]
    places = [i for i, letter in enumerate(word) if letter in DIGITS]
    for count in (2, 3):
        for chosen in itertools.combinations(places, count):
            yield "".join(DIGITS[c] if i in chosen else c for i, c in enumerate(word))


def main():
    header, rows = read("precursors.tsv")
    column = {name: i for i, name in enumerate(header)}
    known = {word for row in rows + read("solvents.tsv")[1] + read("precursor_context.tsv")[1]
             for word in re.findall(r"\w+", row[0].lower())}
    out = []
    for name in NAMES:
        base = next(row for row in rows if row[0].lower() == name)
        for word in dict.fromkeys(spellings(name)):
            if len(word) < 7 or word in known:
                continue
            known.add(word)
            row = list(base)
            row[column["term"]] = word
            row[column["weight"]] = "%.2f" % (float(base[column["weight"]]) * 0.75)
            row[column["status"]] = "recalled"
            row[column["needs"]] = row[column["fuzzy"]] = ""
            out.append(row)
    with open(os.path.join(HERE, "precursor_spellings.tsv"), "w", encoding="utf-8") as file:
        file.write("# Near spellings of the strongest names of precursors.tsv, made by make_spellings.py.\n")
        file.write("# Columns as there. All recalled.\n")
        for row in [header] + out:
            file.write("\t".join(row) + "\n")


if __name__ == "__main__":
    main()
