# SPDX-License-Identifier: Apache-2.0
"""Every message type of tests/golden/messages: cut anywhere, fed in pieces of any size.

A message that lost its end is told as incomplete and hurts nobody. How the input
is cut into blocks and batches changes no byte of what is said.
"""
import glob
import os
import sys

import common

FEEDS = sorted(glob.glob(os.path.join(common.SRCDIR, "tests/golden/messages/*.edi")))
STEP = 7 if common.SANITIZED else 1
TINY = ("--set", "engine.batch_bytes=1KiB", "--set", "engine.block_bytes=4KiB", "-j", 2)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def folder(name):
    path = common.scratch(name)
    os.mkdir(path)
    return path


def cuts(checks, feed):
    """One folder of all beginnings of an interchange, in one run: none of them is whole."""
    data = content(feed)
    name = os.path.basename(feed)
    place = folder("cut-" + name)
    lengths = range(1, data.find(b"UNZ"), STEP)
    for length in lengths:
        with open(os.path.join(place, "%05d.edi" % length), "wb") as file:
            file.write(data[:length])
    done = common.run("-o", "-", place)
    if not checks.equal(name + ": cut anywhere it ends by itself, as incomplete", done.status, 3):
        print(done.err[-600:].decode("utf-8", "replace"))
        return
    incomplete = {event["feed"]["path"] for event in common.events(done)
                  if event["event_type"] == "anomaly" and event["anomaly"]["inspection"] == "incomplete"}
    silent = [length for length in lengths if os.path.join(place, "%05d.edi" % length) not in incomplete]
    checks.check(name + ": each beginning is told as incomplete", not silent, silent[:10])


def splits(checks):
    """All feeds, in blocks that end inside every segment."""
    place = folder("whole")
    for feed in FEEDS:
        # What stands before moves each byte of the next to another place in its block.
        for shift in (0, 1500, 3001):
            name = "%s-%d.edi" % (os.path.basename(feed)[:-4], shift)
            with open(os.path.join(place, name), "wb") as file:
                file.write(b"\n" * shift + content(feed))
    whole = common.run("--messages", "-o", "-", place)
    checks.check("whole: exit status", whole.status in (0, 3), whole.err[-300:])
    pieces = common.run(*TINY, "--messages", "-o", "-", place)
    checks.check("in pieces: the same bytes", whole.out == pieces.out and len(whole.out) > 0)


def main():
    checks = common.Checks()
    checks.check("there are feeds", FEEDS)
    for feed in FEEDS:
        cuts(checks, feed)
    splits(checks)
    checks.end()


if __name__ == "__main__":
    sys.exit(main())
