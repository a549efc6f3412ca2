# SPDX-License-Identifier: Apache-2.0
"""Identical bytes with 1, 2, 3 and 8 threads, with late batches and with isolated detectors."""
import glob
import hashlib
import io
import json
import os
import zipfile

import common
from common import bill, interchange, message

SMALL = ["--set", "engine.batch_bytes=4KiB"]
SMALLEST = SMALL + ["--set", "engine.block_bytes=4KiB"]
DELAY = ["--set", "debug.batch_delay_us=2000"]
CONDITIONS = (("small batches", SMALL), ("late small batches", SMALL + DELAY),
              ("late small batches and blocks", SMALLEST + DELAY))
REPEATS = {1: 1, 2: 3, 3: 3, 8: 3}


def make_feeds():
    """3,000 consignments, 1,500 of them in one message; now and then one that is suspicious,
    a house that comes again, and one consignee with many shippers."""
    def bills(first, count):
        for number in range(first, first + count):
            goods = common.SUSPICIOUS if number % 97 == 5 else None
            yield bill(number, goods, "SAN YSIDRO FREIGHT PLAZA LLC" if number % 41 == 3 else None)
    feed = [interchange([message(bills(10000 + 75 * n, 75), n + 1)], "A%d" % n, day=n + 1) for n in range(10)]
    large = interchange([message(bills(0, 1500), 1)], "LARGE", day=14)
    feed += [large]
    feed += [interchange([message(bills(10000 + 75 * n, 75), n + 1, day=16)], "B%d" % n, day=16) for n in range(10)]
    return [common.scratch("feed.edi", b"".join(feed))], common.scratch("large.edi", large)


def compare(checks, name, inputs, also):
    """All thread counts and conditions against one thread, undisturbed."""
    wanted = common.run("-o", "-", "-j", 1, *also, *inputs)
    checks.equal("%s: exit status" % name, wanted.status, 0)
    checks.check("%s: it says something" % name, len(wanted.out) > 1000, len(wanted.out))
    for threads, repeats in REPEATS.items():
        for number in range(repeats):
            for what, options in CONDITIONS:
                got = common.run("-o", "-", "-j", threads, *options, *also, *inputs)
                same(checks, "%s, -j %d, %s, run %d" % (name, threads, what, number), got, wanted)
        got = common.run("-o", "-", "-j", threads, *SMALLEST, "--set", "plugins.isolate=yes", *also, *inputs)
        same(checks, "%s, -j %d, isolated" % (name, threads), got, wanted)


def same(checks, name, got, wanted):
    if got.status != wanted.status:
        checks.equal(name + ": exit status", got.status, wanted.status)
        return
    if got.out == wanted.out:
        checks.check(name, True)
        return
    left, right = got.out.splitlines(), wanted.out.splitlines()
    first = next((n for n, pair in enumerate(zip(left, right)) if pair[0] != pair[1]), min(len(left), len(right)))
    checks.check(name, False, "differs: %d lines, expected %d; first at line %d:\n  got      %r\n  expected %r" % (
        len(left), len(right), first + 1, left[first:first + 1], right[first:first + 1]))


def shares(checks, large):
    """One message of 1,500 bills, cut into small batches, is spread over two workers."""
    for name, options in (("4 KiB batches", SMALL + DELAY), ("4 KiB batches and blocks", SMALLEST + DELAY)):
        folder = common.scratch(name.replace(" ", "-"))
        os.mkdir(folder)
        done = common.run("-l", folder, "-j", 2, *options, large)
        name = "one message, -j 2, %s" % name
        checks.equal(name + ": exit status", done.status, 0)
        with open(os.path.join(folder, "stats.json"), encoding="utf-8") as file:
            statistics = json.loads(file.read())["stats"]
        share = statistics["worker_consignments"]
        checks.equal(name + ": consignments", statistics["consignments"], 1500)
        checks.equal(name + ": sum of the shares", sum(share), 1500)
        checks.equal(name + ": workers", len(share), 2)
        checks.check(name + ": each worker has a share", min(share) >= 100, share)


def archive(feeds):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, feed in feeds:
            file.writestr(name, feed)
    return packed.getvalue()


def make_folder():
    """Files from one bill to a hundred, every seventh an archive of three, one without a byte, one that is cut;
    and the references of their interchanges by path."""
    folder, references = common.scratch("folder"), []
    os.mkdir(folder)

    def feed(number, count):
        reference = "F%d" % len(references)
        references.append(reference)
        goods = [common.SUSPICIOUS if n == 0 and number % 5 == 0 else None for n in range(count)]
        return interchange([message([bill(100 * number + n, goods[n]) for n in range(count)], 1)], reference)
    for number in range(42):
        path = os.path.join("folder", "%02d" % number)
        if number % 7 == 3:
            common.scratch(path, archive([("%d.edi" % n, feed(number, 2 + n)) for n in range(3)]))
        else:
            common.scratch(path, feed(number, 1 + number * 37 % 100)[:2000 if number == 30 else None])
    common.scratch(os.path.join("folder", "20a"), b"")
    return folder, references


def files(checks):
    """Files are filled side by side, and told by path, with what is wrong with them in its place."""
    folder, references = make_folder()
    wanted = common.run("-o", "-", "-j", 1, folder)
    found = common.events(wanted)
    told = [event["message"]["interchange"] for event in common.of_type(found, "receipt")]
    checks.equal("a folder: receipts by path", told, references)
    checks.equal("a folder: exit status", wanted.status, 3)
    checks.check("a folder: the empty file is told", "source.empty" in common.anomalies(found), common.anomalies(found))
    for threads in (2, 3, 8):
        for what, options in CONDITIONS:
            same(checks, "a folder, -j %d, %s" % (threads, what),
                 common.run("-o", "-", "-j", threads, *options, folder), wanted)


def main():
    checks = common.Checks()
    feeds, large = make_feeds()
    inputs = feeds + sorted(glob.glob(os.path.join(common.SRCDIR, "examples/feeds/*.edi")))
    found = common.events(common.run("-o", "-", "-j", 1, *inputs))
    checks.check("the feed has alerts", len(common.alerts(found)) > 20, len(common.alerts(found)))
    checks.check("the feed has findings of two detectors", len({sid for sid, _ in common.alerts(found)}) > 1)
    compare(checks, "alerts", inputs, [])
    compare(checks, "with messages", inputs, ["--messages"])
    shares(checks, large)
    files(checks)
    print("sha256 of the events: %s" % hashlib.sha256(common.run("-o", "-", *inputs).out).hexdigest())
    checks.end()


if __name__ == "__main__":
    main()
