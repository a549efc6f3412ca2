# SPDX-License-Identifier: Apache-2.0
"""EDIFACT and a second syntax (tests/parsers/tp_tide.c) in one file, cut into blocks at every place, and truncated."""
import json
import os
import shutil

import common
from common import bill, interchange, message

TIDE_MAP = """# The made-up syntax of the tests.
map tide LOG
role manifest

in header
  BILL: open consignment; new document; document.role = "house"; document.number = 1

in consignment
  BILL: open consignment; new document; document.role = "house"; document.number = 1
  GOODS: new goods; goods.description = 1
"""
BLOCK = 4096  # the smallest engine.block_bytes
OPTIONS = ["--set", "engine.block_bytes=4KiB", "--set", "engine.batch_bytes=4KiB"]


def edifact(name, number):
    return interchange([message([bill(number)])], name)


def tide(name, number):
    return ("TIDE HARBOUR %s\nBILL T%d\nGOODS COTTON SHIRTS\nBILL T%d\nGOODS CERAMIC TILES\nEBB\n" % (
        name, number, number + 1)).encode("ascii")


# Bytes, and what is seen of them: the reference of an interchange, or the unknown run behind it.
TEXT, BINARY = b"some junk, and more of it", bytes(range(1, 9)) * 5
PARTS = [(edifact("E1", 1), "E1"), (tide("T1", 1), "T1"), (tide("T2", 3), "T2"), (b"\r\n\0\0\0 \n", None),
         (edifact("E2", 2), "E2"), (edifact("E3", 3), "E3"), (TEXT, "text"), (tide("T3", 5), "T3"),
         (BINARY, "binary data"), (edifact("E4", 4), "E4"), (b"\n\n", None), (tide("T4", 7), "T4")]
WHOLE = b"".join(part for part, _ in PARTS)


def expected():
    """Receipts and unknown runs in input order, with offset and length."""
    at, wanted = 0, []
    for part, seen in PARTS:
        if seen is not None:
            # Line ends behind UNZ are no part of the interchange.
            wanted.append((seen, at, len(part.rstrip(b"\n") if seen.startswith("E") else part)))
        at += len(part)
    return wanted


def seen_of(found, shift=0):
    seen = []
    for event in found:
        place = event["feed"]["offset"] - shift, event["feed"].get("length", 0)
        if event["event_type"] == "receipt":
            seen.append((event["message"]["interchange"], *place))
        elif event["event_type"] == "anomaly" and event["anomaly"]["code"] == "source.unknown":
            reason = event["anomaly"]["reason"]
            seen.append(("text" if "bytes of text" in reason else "binary data" if "of binary data" in reason else
                         reason, *place))
    return seen


def run_folder(name, files, *options):
    """One run over many files; the events of each, in order."""
    folder = common.scratch(name)
    os.mkdir(folder)
    for number, data in enumerate(files):
        with open(os.path.join(folder, "%05d.edi" % number), "wb") as file:
            file.write(data)
    done = common.run("-o", "-", "--messages", *options, folder, timeout=600)
    by_file = [[] for _ in files]
    for line in done.out.decode("utf-8").splitlines():
        event = json.loads(line)
        by_file[int(os.path.basename(event["feed"]["path"])[:5])].append(event)
    return done, by_file


def every_cut(checks, words):
    """The first border between blocks falls on each byte of the feed, in files that begin with blanks."""
    shifts = [BLOCK - n for n in range(1, len(WHOLE) + 1, 7 if common.SANITIZED else 1)]
    done, by_file = run_folder("shifted", [b"\n" * shift + WHOLE for shift in shifts], *words, *OPTIONS)
    checks.equal("blocks cut at every byte: exit status", done.status, 3)
    wanted = expected()
    for shift, found in zip(shifts, by_file):
        if not checks.equal("border at byte %d" % (BLOCK - shift), seen_of(found, shift), wanted):
            break
        bills = [shipment["house"] for event in common.of_type(found, "message") for shipment in event["shipments"]]
        checks.equal("border at byte %d: bills" % (BLOCK - shift), [one for one in bills if one.startswith("T")],
                     ["T%d" % n for n in range(1, 9)])
        checks.equal("border at byte %d: bills of EDIFACT" % (BLOCK - shift),
                     [one for one in bills if one.startswith("HB")], ["HB%07d" % n for n in range(1, 5)])


def truncated(checks, words):
    """Cut at every byte: what stood before is unchanged, and that something is missing is said."""
    lengths = list(range(1, len(WHOLE), 7 if common.SANITIZED else 1))
    done, by_file = run_folder("cut", [WHOLE[:length] for length in lengths], *words)
    checks.equal("truncated: exit status", done.status, 3)
    wanted = expected()
    for length, found in zip(lengths, by_file):
        before = [one for one in wanted if one[1] + one[2] <= length]
        seen = seen_of(found)[:len(before)]
        # A start that is cut is no start: it goes to the unknown bytes before it.
        if before and before[-1][0] not in "text binary data":
            if not checks.equal("cut at byte %d: what stands before" % length, seen, before):
                break
        begun = [one for one in wanted if one[1] < length < one[1] + one[2]]
        if begun:
            feeds = [event["feed"] for event in common.of_type(found, "anomaly")]
            checks.check("cut at byte %d within %s: an anomaly says so" % (length, begun[0][0]),
                         any(feed["offset"] >= begun[0][1] or feed["offset"] + feed.get("length", 0) == length
                             for feed in feeds), feeds)


# What ends only where something else begins, with the type of its message.
FWB = b"FWB/16\n020-12345675HKGLAX/T3K100MC1\nRTG/LAXLH\nSHP\n/FACTORY\n/1 ROAD\n/HONG KONG\n/HK\n"
CAMIR = b"ACRZZZZ      MI\nM01ZZZZ11LRTIDEWATER STAR         0042W\nP012704\n"
BARE = b"UNH+1+CUSREP:D:99B:UN'BGM+98+A1+9'UNT+3+1'"
SET = b"ST*309*0001~M10*TDWL*O*HK*9074729*NORTH WIND*12W~SE*3*0001~"
LEFT = [((FWB, "FWB"), (edifact("E1", 1), "CUSCAR")), ((CAMIR, "M01"), (edifact("E1", 1), "CUSCAR")),
        ((SET, "309"), (edifact("E1", 1), "CUSCAR")), ((BARE, "CUSREP"), (FWB, "FWB")), ((SET, "309"), (FWB, "FWB"))]


def left(checks):
    """What has no trailer is left for what follows it, wherever the border between blocks is."""
    places = [(one, other, behind) for one, other in LEFT for behind in range(-3, 4)]
    done, by_file = run_folder("left", [b"\n" * (BLOCK - len(one[0]) - behind) + one[0] + other[0]
                                        for one, other, behind in places], *OPTIONS)
    checks.check("without trailers: exit status", done.status in (0, 3), done.err[-300:])
    for (one, other, behind), found in zip(places, by_file):
        title = "%s and %s, a border %d bytes behind" % (one[1], other[1], behind)
        checks.equal(title, [event["message"]["type"] for event in common.of_type(found, "message")], [one[1], other[1]])
        passed = [event["receipt"]["bytes_not_inspected"] for event in common.of_type(found, "receipt")]
        checks.equal(title + ": bytes that were not inspected", passed, [0, 0])


def hidden(checks):
    """A header that is cut before its delimiters can be told hides nothing of what follows it."""
    cut = b"ISA*00*          *00*          *ZZ*SENDER\n"
    found = common.events(common.run("-o", "-", "--messages", common.scratch("hidden.edi", cut + edifact("E1", 1))))
    checks.equal("a cut header: the message behind it", [event["message"]["type"] for event in common.of_type(found, "message")],
                 ["CUSCAR"])
    checks.equal("a cut header: unknown bytes", seen_of(found), [("text", 0, len(cut) - 1), ("E1", len(cut), len(edifact("E1", 1)) - 1)])


def alone(checks, words):
    """Blanks, padding and a byte order mark are no anomaly; each run of unknown bytes is one."""
    path = common.scratch("plain.edi", b"\xef\xbb\xbf" + edifact("E1", 1) + b"\0" * 5000 + tide("T1", 1) + b"\x1a\n")
    done = common.run("-o", "-", *words, *OPTIONS, path)
    checks.equal("padding: exit status", done.status, 0)
    checks.equal("padding: anomalies", common.anomalies(common.events(done)), [])
    checks.equal("padding: receipts", common.receipts(common.events(done)), ["complete"] * 2)
    junk = b"UNB UNA ISA TIDE-RIP " * 20000
    path = common.scratch("junk.edi", junk + tide("T1", 1) + junk)
    found = common.events(common.run("-o", "-", *words, path))
    checks.equal("420 kB of near misses: unknown runs", [one for one in seen_of(found) if one[0] == "text"],
                 [("text", 0, len(junk) - 1), ("text", len(junk) + len(tide("T1", 1)), len(junk) - 1)])


def main():
    checks = common.Checks()
    modules, maps = common.scratch("modules"), common.scratch("maps")
    os.mkdir(modules)
    os.mkdir(maps)
    shutil.copy(os.path.join(common.BUILDDIR, "tests/parsers/.libs/tp_tide.so"), modules)
    with open(os.path.join(maps, "LOG.map"), "w", encoding="ascii") as file:
        file.write(TIDE_MAP)
    words = ["-P", modules, "--set", "paths.maps=" + maps]
    left(checks)
    hidden(checks)
    alone(checks, words)
    every_cut(checks, words)
    truncated(checks, words)
    checks.end()


if __name__ == "__main__":
    main()
