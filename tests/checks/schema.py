# SPDX-License-Identifier: Apache-2.0
"""Every event of every sample against the schema; the schema the program prints is the committed one."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys

import common

GOOD = ["td_bit", "td_cancel", "td_like_house", "td_linked", "td_missing_bill", "td_reconcile", "td_shippers",
        "td_threshold"]


def files(*patterns):
    found = sorted(path for pattern in patterns for path in glob.glob(os.path.join(common.SRCDIR, pattern)))
    return [path for path in found if os.path.isfile(path)]


def good_plugins():
    folder = common.scratch("plugins")
    os.mkdir(folder)
    for name in GOOD:
        shutil.copy(os.path.join(common.MODULES, name + ".so"), folder)
    return folder


def inputs():
    found = files("tests/golden/*/*.edi", "tests/interface/*.edi", "examples/feeds/*", "tests/corpus/edifact/*",
                  "tests/corpus/x12/*", "tests/corpus/invalid/*")
    return found + [common.scratch("nowhere.edi"), common.scratch("empty.edi", b""),
                    common.scratch("binary.edi", bytes(range(256)) * 20)]


def write_events(checks, plugins):
    """The files with the events of all runs: each sample for itself, so that one does not hide what another
    brings about; all at once where only the way of writing differs."""
    written = []
    masked = ["--messages", "--set", "output.privacy.messages=masked", "--set", "output.privacy.alerts=omitted"]
    runs = [([], [path]) for path in inputs()] + [(["--messages"], inputs()), (masked, inputs())]
    for number, (options, paths) in enumerate(runs):
        target = common.scratch("events-%d.json" % number)
        log = target + ".log"
        os.mkdir(log)
        done = common.run("-P", plugins, "-o", target, "-l", log, *options, *paths)
        checks.check("%s %s: ends" % (paths[0], " ".join(options)), done.status in (0, 3),
                     (done.status, done.err[-300:]))
        written += [target, os.path.join(log, "stats.json")]
    return written


def known_codes(checks, written):
    """Every anomaly is one that anomalies.def explains."""
    with open(os.path.join(common.SRCDIR, "core/output/anomalies.def"), encoding="utf-8") as file:
        known = set(re.findall(r'^TW_ANOMALY\("([^"]+)"', file.read(), re.M))
    seen = set()
    for path in written:
        with open(path, encoding="utf-8") as file:
            seen |= {json.loads(line)["anomaly"]["code"] for line in file if '"event_type":"anomaly"' in line}
    checks.equal("anomalies that anomalies.def does not know", sorted(seen - known), [])


def main():
    checks = common.Checks()
    with open(os.path.join(common.SRCDIR, "core/output/events.schema.json"), "rb") as file:
        committed = file.read()
    checks.check("--print schema is core/output/events.schema.json",
                 common.run("--print", "schema").out == committed)
    written = write_events(checks, good_plugins())
    checker = os.path.join(common.SRCDIR, "tests/schema_check.py")
    sizes = [path for path in written if os.path.getsize(path) > 0]
    done = subprocess.run([sys.executable, "-W", "ignore", checker, *sizes], capture_output=True, check=False,
                          env=dict(os.environ, srcdir=common.SRCDIR))
    said = done.stdout.decode("utf-8", "replace").strip()
    checks.check("all events are right", done.returncode == 0, said + done.stderr.decode("utf-8", "replace"))
    for event_type in ("alert", "message", "receipt", "anomaly", "stats"):
        checks.check("there are %s events" % event_type, done.returncode != 0 or event_type in said, said)
    known_codes(checks, written)
    bad = common.scratch("bad.json", b'{"event_type":"alert"}\n')
    done = subprocess.run([sys.executable, "-W", "ignore", checker, bad], capture_output=True, check=False)
    checks.equal("an event that is wrong is refused", done.returncode, 1)
    print(said)
    checks.end()


if __name__ == "__main__":
    main()
