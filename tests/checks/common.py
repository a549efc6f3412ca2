# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end checks share: running the program, counting checks, making feeds.

The environment says where things are: srcdir (the project), builddir (what was
built), TIDEWAITER (the program). Checks write to a temporary folder only.
"""
import atexit
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile

SRCDIR = os.path.abspath(os.environ.get("srcdir") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
BUILDDIR = os.path.abspath(os.environ.get("builddir") or os.path.join(SRCDIR, "build"))
PROGRAM = os.path.abspath(os.environ.get("TIDEWAITER") or os.path.join(BUILDDIR, "tidewaiter"))
MODULES = os.path.join(BUILDDIR, "tests/detectors/.libs")
SCRATCH = tempfile.mkdtemp(prefix="tidewaiter-check-")
TIMEOUT = 120  # seconds for one run: whoever needs more hangs
try:
    with open(os.path.join(BUILDDIR, "Makefile"), encoding="utf-8") as makefile:
        SANITIZED = "-fsanitize=" in makefile.read()  # such a build has its own ideas of memory, and of speed
except OSError:
    SANITIZED = False
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

Run = collections.namedtuple("Run", "status out err")


def run(*arguments, stdin=b"", timeout=TIMEOUT, environment=None):
    """Runs the program. A status of None: it did not end in time."""
    try:
        done = subprocess.run([PROGRAM] + [str(a) for a in arguments], input=stdin, capture_output=True,
                              timeout=timeout, check=False, env=environment)
    except subprocess.TimeoutExpired:
        return Run(None, b"", b"still running after %d seconds" % timeout)
    return Run(done.returncode, done.stdout, done.stderr)


def events(done):
    """The events of a run with `-o -`."""
    return [json.loads(line) for line in done.out.decode("utf-8").splitlines() if line]


def of_type(found, event_type):
    return [event for event in found if event["event_type"] == event_type]


def anomalies(found):
    """The anomalies' codes, in the order of the events."""
    return [event["anomaly"]["code"] for event in of_type(found, "anomaly")]


def receipts(found):
    """What the receipts say of the inspection, in the order of the events."""
    return [event["receipt"]["inspection"] for event in of_type(found, "receipt")]


def alerts(found):
    return [(event["alert"]["sid"], event["shipment"]["id"]) for event in of_type(found, "alert")]


def scratch(name, data=None):
    """A path in the temporary folder; with data: a file that holds it."""
    path = os.path.join(SCRATCH, name)
    if data is not None:
        with open(path, "wb") as file:
            file.write(data)
    return path


class Checks:
    """Counts what held and says what did not."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, holds, detail=""):
        if holds:
            self.passed += 1
            return True
        self.failed += 1
        print("FAILED %s%s" % (name, ": %s" % (detail,) if detail != "" else ""))
        sys.stdout.flush()
        return False

    def equal(self, name, got, expected):
        return self.check(name, got == expected, "got %r, expected %r" % (got, expected))

    def end(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        sys.exit(1 if self.failed or not self.passed else 0)


# Feeds: air manifests, one consignment each CNI. All names are invented.
GOODS = ["MOBILE PHONE CASES AND SCREEN PROTECTORS", "LADIES WOOL COATS AND SILK BLOUSES",
         "SUNGLASSES AND EYEGLASS FRAMES", "DENTAL IMPLANT SCREWS OF TITANIUM", "PLUSH TOYS",
         "BALL BEARINGS AND ROLLER BEARINGS FOR TRACTORS", "LEATHER HANDBAGS AND WALLETS"]


def check_digit(serial):
    """IATA Resolution 600a: seven digits and their remainder by seven."""
    return "%07d%d" % (serial % 10000000, serial % 10000000 % 7)


def bill(number, goods=None, consignee=None, extra=()):
    """The segments of one house consignment."""
    goods = goods or GOODS[number % len(GOODS)]
    consignee = consignee or "ORCHARD LANE IMPORTS %d INC" % (number % 700)
    return ["CNI+%d+HB%07d" % (number % 9999 + 1, number), "RFF+MWB:990-%s" % check_digit(1000000 + number // 50),
            "LOC+9+HKG", "LOC+11+LAX",
            "NAD+CZ+++KITE HILL EXPORTS %d LTD+%d HARBOUR ROAD+HONG KONG+++HK" % (number % 900, number % 90 + 1),
            "NAD+CN+++%s+%d ELM ST+FRESNO+CA+93725+US" % (consignee, number % 80 + 1),
            "GID+1+%d:CT" % (number % 40 + 1), "FTX+AAA+++%s" % goods, "MEA+AAE+G+KGM:%d" % (number % 300 + 20),
            "MEA+AAE+AAW+MTQ:%d.%d" % (number % 4 + 1, number % 10), "PIA+5+950300:HS", *extra]


# A shipment that pill_press tells of at once.
SUSPICIOUS = "ROTARY TABLET PRESS MACHINE ZP9 WITH PUNCH AND DIE SET M30"


def message(bills, reference=1, head=(), day=12, unt=None):
    """One CUSCAR from lists of segments; its UNT counts right unless told otherwise."""
    segments = ["UNH+%s+CUSCAR:D:95B:UN" % reference, "BGM+785+DOC%s-%02d+9" % (reference, day),
                "DTM+137:202611%02d0830:203" % day, "TDT+20+ZZ880+4++ZZ:172:3", "LOC+9+HKG", "LOC+11+LAX",
                "DTM+132:202611%02d2140:203" % day, *head]
    for segments_of_bill in bills:
        segments += segments_of_bill
    return segments + ["UNT+%d+%s" % (len(segments) + 1 if unt is None else unt, reference)]


def interchange(messages, reference="ZZ1", count=None, closing=None, end="\n", unb="UNOC:3", day=12):
    """The bytes of one interchange; every segment ends in ' and `end`."""
    segments = ["UNB+%s+SENDER+RECEIVER+2611%02d:0830+%s" % (unb, day, reference)]
    for one in messages:
        segments += one
    segments.append("UNZ+%d+%s" % (len(messages) if count is None else count, closing or reference))
    return "".join(segment + "'" + end for segment in segments).encode("latin-1")
