# SPDX-License-Identifier: Apache-2.0
"""Records of level message: header facts, late facts, declared and derived totals; counted and scanned nowhere."""
import os
import shutil

import common
from common import SUSPICIOUS, bill, interchange, message

MAP = """# A manifest that declares its weight in its header (MEA) or behind its consignments (AUT).
map edifact %s
version D:95B
role manifest
%s
in header
  RFF: new document; document.role = "master"; document.number = 1.2
  MEA: consignment.weight_kg = 3.2 unit 3.1
  AUT: consignment.weight_kg = 1.1
  CNI 2.1: open consignment; new document; document.role = "house"; document.number = 2.1

in consignment
  CNI 2.1: open consignment; new document; document.role = "house"; document.number = 2.1
  GID: open goods
  FTX: goods.description = 4
  MEA: goods.gross_kg = 3.2 unit 3.1

in goods
  CNI 2.1: open consignment; new document; document.role = "house"; document.number = 2.1
  FTX: goods.description = 4
  MEA: goods.gross_kg = 3.2 unit 3.1
"""


def feed(kind, weights, head=(), tail=(), reference="ZZ1"):
    bills = []
    for number, weight in enumerate(weights, 1):
        bills += ["CNI+%d+H%d" % (number, number), "GID+1+1:CT", "FTX+AAA+++SUNGLASSES", "MEA+AAE+G+KGM:%s" % weight]
    segments = ["UNH+1+%s:D:95B:UN" % kind, "RFF+MB:TWLU7777777", *head, *bills, *tail]
    return interchange([segments + ["UNT+%d+1" % (len(segments) + 1)]], reference)


DECLARED = ["MEA+WT+G+KGM:60"]
LATE = ["AUT+60"]
# Name, feed, sid expected, and the value and match of its evidence.
CASES = [
    ("declared right", feed("TOTALS", [10, 20, 30], DECLARED), None, None, None),
    ("declared wrong", feed("TOTALS", [10, 20, 31], DECLARED), 1900009, "60", "61"),
    ("declared late and right", feed("TOTALS", [10, 20, 30], tail=LATE), None, None, None),
    ("declared late and wrong", feed("TOTALS", [10, 20, 29.5, 9], tail=LATE), 1900009, "60", "68.5"),
    ("held, declared wrong", feed("HELDTOT", [10, 20, 31], DECLARED), 1900009, "60", "61"),
    ("held, declared late and wrong", feed("HELDTOT", [10, 20, 31], tail=LATE), 1900009, "60", "61"),
    ("held, declared right", feed("HELDTOT", [10, 20, 30], DECLARED), None, None, None),
    ("not declared", feed("TOTALS", [10, 20]), 1900010, "30", ""),
]


def examine(checks, words, name, data, sid, value, match):
    path = common.scratch("totals.edi", data)
    for threads in (1, 3):
        for more in ([], ["--set", "plugins.isolate=yes"], ["--set", "engine.batch_bytes=1KiB"]):
            title = "%s, -j %d %s" % (name, threads, " ".join(more))
            done = common.run("-j", threads, "-o", "-", "--messages", *words, *more, path)
            found = common.events(done)
            checks.equal(title + ": exit status", (done.status, common.anomalies(found)), (0, []))
            alerts = [event for event in common.of_type(found, "alert") if event["alert"]["sid"] // 100 == 19000]
            checks.equal(title + ": alerts", [event["alert"]["sid"] for event in alerts], [sid] if sid else [])
            for event in alerts:
                row = event["evidence"][0]
                checks.equal(title + ": evidence", (row["value"], row.get("match", "")), (value, match))
                checks.equal(title + ": level", event["shipment"]["level"], "message")
                checks.equal(title + ": its own identity", event["shipment"]["id"], "message:SENDER:ZZ1:1")
                for offset, length in row["spans"]:
                    checks.equal(title + ": bytes of the input", data[offset:offset + length].decode(), value)
            count = data.count(b"CNI+")
            checks.equal(title + ": consignments", [event["receipt"]["consignments"] for event in
                                                    common.of_type(found, "receipt")], [count])
            shipments = [one for event in common.of_type(found, "message") for one in event["shipments"]]
            checks.equal(title + ": message event", [one["house"] for one in shipments],
                         ["H%d" % n for n in range(1, count + 1)])


def others(checks, words):
    """The shipped detectors give the same with and without records of messages, and a repeated message does not alert again."""
    data = b"".join(interchange([message([bill(n, SUSPICIOUS if n % 7 == 3 else None) for n in range(k, k + 20)])],
                                "Z%d" % k) for k in (0, 100)) + 2 * feed("TOTALS", [10, 20, 31], DECLARED)
    path = common.scratch("others.edi", data)
    without = common.events(common.run("-o", "-", *[word for word in words if word != "-P"][1:], path))
    found = common.events(common.run("-o", "-", *words, path))
    shipped = [alert for alert in common.alerts(found) if alert[0] // 100 != 19000]
    checks.equal("shipped detectors: the same alerts", shipped, common.alerts(without))
    checks.check("shipped detectors: some alerts", len(shipped) >= 4, shipped)
    checks.equal("a message twice: one alert", [sid for sid, _ in common.alerts(found)].count(1900009), 1)


def main():
    checks = common.Checks()
    modules, maps = common.scratch("modules"), common.scratch("maps")
    os.mkdir(modules)
    os.mkdir(maps)
    shutil.copy(os.path.join(common.MODULES, "td_totals.so"), modules)
    for name, hold in (("TOTALS", ""), ("HELDTOT", "hold message\n")):
        with open(os.path.join(maps, name + ".map"), "w", encoding="ascii") as file:
            file.write(MAP % (name, hold))
    words = ["-P", modules, "--set", "paths.maps=" + maps]
    for case in CASES:
        examine(checks, words, *case)
    others(checks, words)
    checks.end()


if __name__ == "__main__":
    main()
