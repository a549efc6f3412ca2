# SPDX-License-Identifier: Apache-2.0
"""Runs that end early, with flows of every protocol open, or files dealt out: the status says so, and nothing stays allocated.

That nothing does is LeakSanitizer's to say, in a build that has it; libltdl keeps a table of its own.
"""
import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../checks")]
from common import PROGRAM, SRCDIR, TIMEOUT, Checks, run, scratch  # noqa: E402
import carriers  # noqa: E402
from packets import interleave, write_pcap  # noqa: E402

checks = Checks()
with open(os.path.join(SRCDIR, "examples/feeds/air_manifest.edi"), "rb") as file:
    AIR = file.read()
FLOWS = [make(AIR, client=("10.1.1.%d" % (i + 1), 40001)) for i, (make, _) in enumerate(carriers.CARRIERS.values())]
CAPTURE = scratch("open.pcap")
write_pcap(CAPTURE, interleave(FLOWS))
with open(CAPTURE, "rb") as file:
    BYTES = file.read()
LEAKS = {**os.environ, "ASAN_OPTIONS": "detect_leaks=1",
         "LSAN_OPTIONS": "suppressions=" + scratch("suppressions", b"leak:lt__malloc\n")}


def check_end(name, status, said):
    checks.equal(name + ": incomplete", status, 3)
    checks.check(name + ": nothing stays allocated", b"LeakSanitizer" not in said, said[-2000:])


def check_output():
    """Nothing can be written: the first alert ends the run."""
    for threads in ("1", "3"):
        for more in ([], ["--set", "engine.batch_bytes=4KiB"]):
            done = run("-j", threads, "-o", "/dev/full", "-r", CAPTURE, *more, environment=LEAKS)
            check_end("output fails, -j %s %s" % (threads, more), done.status, done.err)
            checks.check("and that is said", b"ended early" in done.err, done.err)


def check_files():
    """The same where files are read ahead of what is told."""
    folder = scratch("files")
    os.mkdir(folder)
    for number in range(60):
        scratch(os.path.join("files", "%02d.edi" % number), AIR * 5)
    for threads in ("1", "3"):
        done = run("-j", threads, "-o", "/dev/full", folder, environment=LEAKS)
        check_end("output of files fails, -j " + threads, done.status, done.err)


def check_signal(number):
    """The operator stops it within a capture that goes on."""
    command = [PROGRAM, "-j", "2", "-o", os.devnull, "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=LEAKS) as child:
        child.stdin.write(BYTES[:len(BYTES) // 2])
        child.stdin.flush()
        time.sleep(0.5)
        child.send_signal(number)
        try:
            said = child.communicate(timeout=TIMEOUT)[1]
        except subprocess.TimeoutExpired:
            child.kill()
            said = b"it did not stop"
        check_end(number.name, child.returncode, said)


check_output()
check_files()
for number in (signal.SIGINT, signal.SIGTERM):
    check_signal(number)
done = run("-j", "2", "-o", os.devnull, scratch("cut.pcap", BYTES[:-5]), environment=LEAKS)
check_end("a cut capture", done.status, done.err)
checks.end()
