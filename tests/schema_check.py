#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds event lines against core/output/events.schema.json.

    schema_check.py [FILE]...     without a file: standard input

Prints the first violation with file and line number and exits 1; prints how many
events of which type were right and exits 0. Exit 2: the schema cannot be read.
The schema is found through the environment variable srcdir (default: the folder
above this script) or TIDEWAITER_SCHEMA.
"""
import json
import os
import sys
from collections import Counter

import jsonschema


def load_schema():
    root = os.environ.get("srcdir") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    path = os.environ.get("TIDEWAITER_SCHEMA") or os.path.join(root, "core/output/events.schema.json")
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def refuse_duplicates(pairs):
    keys = Counter(key for key, _ in pairs)
    twice = [key for key, count in keys.items() if count > 1]
    if twice:
        raise ValueError(f"key {twice[0]!r} stands twice")
    return dict(pairs)


def refuse_constant(word):
    raise ValueError(f"{word} is no JSON")


def violation(validator, line):
    """What is wrong with a line, or None; and its event type."""
    if not line.endswith(b"\n"):
        return "the line does not end", None
    try:
        event = json.loads(line.decode("utf-8"), object_pairs_hook=refuse_duplicates,
                           parse_constant=refuse_constant)
    except ValueError as error:
        return str(error), None
    for error in validator.iter_errors(event):
        where = "/".join(str(step) for step in error.absolute_path) or "the event"
        return f"{where}: {error.message[:500]}", None
    return None, event["event_type"]


def check(validator, name, stream, counts):
    for number, line in enumerate(stream, 1):
        wrong, event_type = violation(validator, line)
        if wrong is not None:
            print(f"{name}:{number}: {wrong}")
            return False
        counts[event_type] += 1
    return True


def main(names):
    try:
        validator = jsonschema.Draft202012Validator(load_schema())
    except (OSError, ValueError, jsonschema.SchemaError) as error:
        print(f"schema: {error}", file=sys.stderr)
        return 2
    counts = Counter()
    for name in names or ["-"]:
        if name == "-":
            right = check(validator, "standard input", sys.stdin.buffer, counts)
        else:
            with open(name, "rb") as file:
                right = check(validator, name, file, counts)
        if not right:
            return 1
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "no events")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
