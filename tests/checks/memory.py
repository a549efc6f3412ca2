# SPDX-License-Identifier: Apache-2.0
"""Peak memory of 64 MB and 256 MB of feed, in many messages and in one: at most 1.1 times."""
import json
import subprocess
import sys
import threading

import common
from common import bill, interchange, message

SIZES = (64 << 20, 256 << 20)
BILLS = 400  # of one template


def template():
    """The bytes before the bills, of many bills, after them, and where the bills' numbers stand."""
    whole = interchange([message([bill(n) for n in range(BILLS)])])
    start, end = whole.index(b"CNI+"), whole.index(b"UNT+")
    bills = bytearray(whole[start:end])
    places = []
    at = bills.find(b"+HB")
    while at >= 0:
        places.append(at + 3)
        at = bills.find(b"+HB", at + 1)
    return whole[:start], bills, whole[end:], places


def many(size, write):
    """Interchanges of 400 bills, of which no two are alike."""
    head, bills, tail, places = template()
    written = block = 0
    while written < size:
        renumber(bills, places, block)
        parts = head + bills + tail
        written += len(parts)
        block += 1
        write(parts)


def one(size, write):
    """One message."""
    head, bills, _, places = template()
    write(head)
    written = block = 0
    while written < size:
        renumber(bills, places, block)
        written += len(bills)
        block += 1
        write(bytes(bills))
    segments = bytes(bills).count(b"'\n") * block + head.count(b"'\n")  # UNT counts itself, not UNB
    write(b"UNT+%d+1'\nUNZ+1+ZZ1'\n" % segments)


def renumber(bills, places, block):
    for number, at in enumerate(places):
        bills[at:at + 7] = b"%07d" % (block * BILLS + number)


# Runs a program and prints its exit status and its peak memory in KiB: this process is small,
# so that what it hands down at the fork does not count.
MEASURE = ("import os,resource,subprocess,sys\nstatus=subprocess.run(sys.argv[2:],stdin=0,"
           "stdout=open(sys.argv[1],'wb')).returncode\n"
           "print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")


def peak(checks, name, make, size, options):
    """Peak memory in KiB for a feed through standard input."""
    target = common.scratch("events.json")
    child = subprocess.Popen([sys.executable, "-c", MEASURE, target, common.PROGRAM, "-o", "-", *options, "-"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def feed():
        try:
            make(size, child.stdin.write)
            child.stdin.close()
        except BrokenPipeError:
            pass
    writer = threading.Thread(target=feed)
    writer.start()
    said = child.stdout.read().split()
    writer.join()
    child.wait()
    checks.equal("%s, %d MiB: exit status" % (name, size >> 20), int(said[0]), 0)
    with open(target, encoding="utf-8") as file:
        found = [json.loads(line) for line in file if '"event_type":"alert"' not in line]
    checks.check("%s, %d MiB: no anomaly but those limits'" % (name, size >> 20),
                 set(common.anomalies(found)) <= {"limit.shipments", "limit.state_keys"}, common.anomalies(found)[:8])
    checks.equal("%s, %d MiB: receipts" % (name, size >> 20), set(common.receipts(found)), {"complete"})
    return int(said[1])


def main():
    checks = common.Checks()
    # The ledger and the states grow up to their own limits: those are set where the smaller feed
    # meets them, so that what is left to grow is what reads and inspects.
    options = ["--set", "limits.shipments=2000", "--set", "limits.state_keys=50"]
    for name, make in (("many messages", many), ("one message", one)):
        peaks = [peak(checks, name, make, size, options) for size in SIZES]
        print("%s: %s" % (name, ", ".join("%d MiB of feed: %.1f MiB" % (size >> 20, kib / 1024)
                                          for size, kib in zip(SIZES, peaks))))
        checks.check("%s: at most 1.1 times" % name, peaks[1] <= 1.1 * peaks[0], peaks)
        checks.check("%s: under 256 MiB" % name, max(peaks) < 256 * 1024, peaks)
    checks.end()


if __name__ == "__main__":
    main()
