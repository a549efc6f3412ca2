# SPDX-License-Identifier: Apache-2.0
"""Detectors in processes of their own: what a fault costs, that it is told, that others run on, and that it has an end."""
import json
import os
import re
import shutil
import time

import common
from common import SUSPICIOUS, bill, interchange, message

BAD = "BAD GOODS"
COUNT = 24
BADS = (5, 6, 17)  # numbers of the consignments that are bad to the plugin
FEED = b"".join(interchange([message([bill(n, BAD if n in BADS else SUSPICIOUS if n % 6 == 1 else None)
                                      for n in range(first, first + 8)])], "ZZ%d" % first) for first in (0, 8, 16))
# Mood, further settings, what the anomaly says of the end.
MOODS = [("crash", [], r"signal (11|6)|status \d+"), ("exit", [], "status 7"),
         ("loop", ["limits.callback_seconds=0.5"], r"longer than limits\.callback_seconds"),
         ("eat", ["plugins.isolate_memory=32MiB"], r"signal|status|no results")]
ISOLATED = [("auto", []), ("yes", ["plugins.isolate=yes"])]


def settings(words):
    return [argument for word in words for argument in ("--set", word)]


def number_of(shipment):
    return int(re.search(r"HB(\d+)", shipment).group(1))


def alerts_of(found, least, most):
    return [number_of(shipment) for sid, shipment in common.alerts(found) if least <= sid <= most]


def faults(found):
    return [event["anomaly"] for event in common.of_type(found, "anomaly") if event["anomaly"]["code"] == "plugin.failed"]


def misbehaving(checks, modules, path, shipped):
    for mood, more, says in MOODS:
        for where in ("inspect", "correlate", "conclude"):
            for threads, (isolated, how) in ((1, ISOLATED[0]), (3, ISOLATED[0]), (2, ISOLATED[1])):
                if common.SANITIZED and (threads == 3 or mood == "eat"):
                    continue
                name = "%s in %s, isolate %s, -j %d" % (mood, where, isolated, threads)
                log = common.scratch("log-%s-%s-%s-%d" % (mood, where, isolated, threads))
                os.mkdir(log)
                words = ["plugins.bad_moody.mood=" + mood, "plugins.bad_moody.where=" + where, *more, *how]
                done = common.run("-j", threads, "-l", log, "-o", "-", "-P", modules, *settings(words), path)
                found = common.events(done)
                if not checks.equal(name + ": exit status", done.status, 3):
                    print(done.err[-400:])
                told = faults(found)
                checks.equal(name + ": told once for each", len(told), len(BADS))
                checks.check(name + ": names plugin, consignment and end", all(
                    "bad_moody" in one["reason"] and re.search(says, one["reason"]) and
                    "HB%07d" % number in one["reason"] for one, number in zip(told, BADS)),
                             [one["reason"] for one in told])
                got = alerts_of(found, 1900120, 1900120)
                lost = BADS if where != "correlate" else ()  # evidence of inspect is there all the same
                checks.equal(name + ": its findings on all others", got, [n for n in range(COUNT) if n not in lost])
                checks.equal(name + ": the shipped detectors' alerts", [one for one in common.alerts(found)
                                                                        if one[0] != 1900120], shipped)
                receipts = [event["receipt"] for event in common.of_type(found, "receipt")]
                checks.equal(name + ": receipts", [(one["inspection"], one["fault"]) for one in receipts],
                             [("incomplete", True), ("complete", False), ("incomplete", True)])
                with open(os.path.join(log, "stats.json"), encoding="utf-8") as file:
                    stats = json.loads(file.readlines()[-1])
                checks.equal(name + ": restarts are counted", stats["stats"]["plugin_restarts"], len(BADS))


def well_behaved(checks, modules, path):
    """Isolated or not, the same bytes."""
    wanted = common.run("-o", "-", "-P", modules, *settings(["plugins.isolate=no"]), path)
    checks.equal("not isolated: exit status", wanted.status, 0)
    for threads in (1, 3):
        for name, how in ISOLATED:
            got = common.run("-j", threads, "-o", "-", "-P", modules, *settings(how), path)
            checks.check("isolate %s, -j %d: the same bytes" % (name, threads), got.out == wanted.out)
    checks.equal("every consignment has its finding", alerts_of(common.events(wanted), 1900120, 1900120),
                 list(range(COUNT)))


def bounded(checks, modules):
    """A plugin that always crashes is started again so often, then it is out, once for each interchange."""
    data = b"".join(interchange([message([bill(n, BAD) for n in range(first, first + 50)])], "Z%d" % first)
                    for first in range(0, 200, 50))
    path = common.scratch("bad.edi", data)
    words = ["plugins.bad_moody.mood=crash", "plugins.isolate_restarts=7"]
    done = common.run("-o", "-", "-P", modules, *settings(words), path)
    reasons = [one["reason"] for one in faults(common.events(done))]
    checks.equal("always crashing, 7 restarts: exit status", done.status, 3)
    # Eight crashes, the last of which is told in the first interchange; then once for each of the other three.
    checks.equal("always crashing, 7 restarts: told", len(reasons), 8 + 3)
    checks.equal("always crashing: said to be out", ["plugins.isolate_restarts" in reason for reason in reasons],
                 [False] * 7 + [True] * 4)
    checks.equal("always crashing: receipts", common.receipts(common.events(done)), ["incomplete"] * 4)


def patient(checks, modules, path):
    """Time counts for one callback, not for a batch of them."""
    words = ["plugins.bad_moody.mood=sleep", "plugins.bad_moody.seconds=0.3", "plugins.bad_moody.goods=PLUSH TOYS",
             "limits.callback_seconds=2"]
    begun = time.monotonic()
    done = common.run("-o", "-", "-P", modules, *settings(words), path)
    checks.equal("slow, but within its time: exit status", done.status, 0)
    checks.check("slow: it did sleep", time.monotonic() - begun > 0.3)


def main():
    checks = common.Checks()
    modules = common.scratch("modules")
    os.mkdir(modules)
    shutil.copy(os.path.join(common.MODULES, "bad_moody.so"), modules)
    path = common.scratch("feed.edi", FEED)
    shipped = common.alerts(common.events(common.run("-o", "-", path)))
    checks.check("the shipped detectors speak", len(shipped) >= 4, shipped)
    well_behaved(checks, modules, path)
    misbehaving(checks, modules, path, shipped)
    bounded(checks, modules)
    patient(checks, modules, path)
    checks.end()


if __name__ == "__main__":
    main()
