# SPDX-License-Identifier: Apache-2.0
"""Every setting limits.* lowered to its least value meets its anomaly, or its counter, on a feed made for it.

A setting without a row here fails, so a new limit comes with its test.
"""
import gzip
import io
import json
import os
import re
import shutil
import subprocess
import zipfile

import common
from common import SUSPICIOUS, bill, interchange, message

HOLD = """# A manifest whose consignments wait for the end of their message.
map edifact HOLDME
version D:95B
role manifest
hold message

in header
  CNI 2.1: open consignment; new document; document.role = "house"; document.number = 2.1

in consignment
  CNI 2.1: open consignment; new document; document.role = "house"; document.number = 2.1
  GID: open goods
  FTX: goods.description = 4

in goods
  CNI 2.1: open consignment; new document; document.role = "house"; document.number = 2.1
  FTX: goods.description = 4
"""

PRESS = bill(1, SUSPICIOUS)
SMALL = interchange([message([PRESS, bill(2)])])
# Suspicious consignments of many shippers to many and to one consignee: state and ledger fill.
CROWD = interchange([message([bill(n, SUSPICIOUS) for n in range(600)])]) + interchange(
    [message([bill(n, SUSPICIOUS, "SAN YSIDRO FREIGHT PLAZA LLC") for n in range(600, 640)])], "ZZ2")
# A plugin that sleeps longer than the least, and far shorter than the default of limits.callback_seconds.
SLEEPER = ["plugins.bad_moody.mood=sleep", "plugins.bad_moody.goods=" + SUSPICIOUS, "plugins.bad_moody.seconds=1.5"]
PLUGINS = ["td_like_house", "td_linked", "td_reconcile", "td_shippers"]

KEY, CERTIFICATE = common.scratch("key.pem"), common.scratch("certificate.pem")
KEYS = ["unwrap.smime_key=" + KEY, "unwrap.smime_certificate=" + CERTIFICATE]


def enveloped(data):
    """S/MIME for a key that is made here."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", KEY, "-out", CERTIFICATE, "-subj",
                    "/CN=made up"], stderr=subprocess.DEVNULL, check=True)
    return subprocess.run(["openssl", "cms", "-encrypt", "-binary", "-aes-256-cbc", "-outform", "DER", CERTIFICATE], input=data,
                          stdout=subprocess.PIPE, check=True).stdout


def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


# Setting: its feed, further arguments (MAPS, PLUGINS: folders), the anomaly, whether all is inspected, and
# whether the press of the feed must alert nevertheless.
ROWS = {
    # The text of the press is longer than 64 bytes and passed over with its segment.
    "segment_bytes": (SMALL, [], "edifact.segment_too_long", False, False),
    "segment_pieces": (interchange([message([PRESS + ["NAD+N1+++" + ":".join("A%d" % n for n in range(20))]])]), [],
                       "edifact.segment_too_many_pieces", False, True),
    "empty_segments": (SMALL.replace(b"\nGID", b"\n''GID"), [], "edifact.empty_segments", True, True),
    "consignment_bytes": (interchange([message([PRESS + ["FTX+AAA+++%d GLASS FRAMES AND MORE OF THEM" % n
                                                         for n in range(200)]])]), [],
                          "limit.consignment_bytes", True, True),
    "held_consignments": (interchange([message([bill(n, SUSPICIOUS) for n in range(1, 6)])]).replace(
        b"CUSCAR", b"HOLDME"), ["MAPS"], "limit.held_consignments", False, True),
    "equipment": (interchange([message([PRESS], head=["EQD+CN+CSQU3054383+45G0", "EQD+CN+PALLET 2+45G0"])]), [],
                  "limit.equipment", True, True),
    "evidence": (SMALL, [], "limit.evidence", False, True),
    "observations": (SMALL, ["PLUGINS"], "limit.payload", False, True),
    "callback_seconds": (SMALL, ["SLEEPER"], "plugin.failed", False, True),
    "payload_bytes": (SMALL, ["PLUGINS"], "limit.payload", False, True),
    "state_bytes": (CROWD, ["PLUGINS"], "limit.state", False, True),
    "state_keys": (CROWD, ["PLUGINS"], "limit.state_keys", True, True),
    "state_memory": (CROWD, ["PLUGINS"], "limit.state_keys", True, True),
    "shipments": (CROWD, ["PLUGINS"], "limit.shipments", True, True),
    "ledger_memory": (CROWD, ["PLUGINS"], "limit.shipments", True, True),
    "expansion_ratio": (gzip.compress(SMALL + interchange([message([bill(n) for n in range(8000)])], "ZZ2"), mtime=0), [],
                        "source.expansion", False, True),
    # An archive with the feed and an archive: the second stays shut.
    "layers": (zipped(("a.edi", SMALL), ("b.zip", zipped(("c.edi", SMALL)))), [], "unwrap.layers", False, True),
    # One that is larger than the least is not decrypted.
    "decrypted_bytes": (zipped(("a.edi", SMALL), ("b.p7m", enveloped(SMALL * 2))), ["KEYS"], "unwrap.opaque", False, True),
    "expanded_bytes": (gzip.compress(SMALL * 20, mtime=0), [], "source.expansion", False, True),
}


def booked(number):
    """A bill that names its booking."""
    segments = bill(number)
    return segments[:2] + ["RFF+BN:BK%05d" % number] + segments[2:]


# Setting: its feed, and the counter in the stats. What goes costs nothing yet, so no anomaly cries of it:
# 100 bills with their bookings, of which none counts anywhere.
COUNTED = {
    "aliases_memory": (interchange([message([PRESS] + [booked(n) for n in range(2, 102)])]), "aliases", 100),
}


def settings():
    """Name and least value of every limit, as --dump-config tells them."""
    text = common.run("--dump-config").out.decode("utf-8")
    part = re.search(r"^limits:\n((?:  .*\n)+)", text, re.M).group(1)
    return re.findall(r"^  # \w+, (?:at least )?([0-9.]+(?:[KMG]iB)?)\b.*\n  (\w+):", part, re.M)


def folders():
    maps, plugins = common.scratch("maps"), common.scratch("plugins")
    os.mkdir(maps)
    os.mkdir(plugins)
    with open(os.path.join(maps, "HOLDME.map"), "w", encoding="ascii") as file:
        file.write(HOLD)
    for name in PLUGINS:
        shutil.copy(os.path.join(common.MODULES, name + ".so"), plugins)
    sleeper = common.scratch("sleeper")
    os.mkdir(sleeper)
    shutil.copy(os.path.join(common.MODULES, "bad_moody.so"), sleeper)
    return {"KEYS": [word for one in KEYS for word in ("--set", one)],
            "MAPS": ["--set", "paths.maps=" + maps], "PLUGINS": ["-P", plugins],
            "SLEEPER": ["-P", sleeper] + [word for one in SLEEPER for word in ("--set", one)]}


def inspect(name, data, arguments, *more):
    path = common.scratch("input-%s.edi" % name, data)
    return common.run("-o", "-", *arguments, *more, path)


def presses(found):
    return [shipment for sid, shipment in common.alerts(found) if sid == 2100001]


def lower(checks, name, least, row, words):
    data, also, code, complete, alerts = row
    arguments = [word for one in also for word in words[one]]
    wide = inspect(name, data, arguments)
    checks.equal("%s at its default: exit status" % name, wide.status, 0)
    checks.equal("%s at its default: anomalies" % name, common.anomalies(common.events(wide)), [])
    for threads in (1, 3):
        title = "limits.%s=%s, -j %d" % (name, least, threads)
        done = inspect(name, data, arguments, "-j", threads, "--set", "limits.%s=%s" % (name, least))
        if not checks.equal(title + ": exit status", done.status, 0 if complete else 3):
            print(done.err[-300:])
        found = common.events(done)
        codes = common.anomalies(found)
        checks.check(title + ": anomaly " + code, code in codes, codes[:8])
        if "PLUGINS" not in also and code != "plugin.failed":
            checks.check(title + ": no detector failed", "plugin.failed" not in codes, codes[:8])
        said = common.of_type(found, "anomaly")
        checks.check(title + ": an anomaly names the setting", any(
            "limits." + name in event["anomaly"]["reason"] + event["anomaly"]["meaning"] for event in said),
                     [event["anomaly"] for event in said[:2]])
        # What ends between two interchanges, or is not opened at all, is in none of them.
        if name not in ("expanded_bytes", "layers", "decrypted_bytes"):
            wanted = "complete" if complete else "incomplete"
            checks.check(title + ": a receipt says " + wanted, wanted in common.receipts(found), common.receipts(found))
        if alerts:
            wanted = presses(common.events(wide))
            if name == "expanded_bytes":
                wanted = wanted[:1]
            checks.check(title + ": alerts all the same", presses(found)[:len(wanted)] == wanted and wanted,
                         "%d alerts of pill_press, expected %d" % (len(presses(found)), len(wanted)))
        done = inspect(name, data, arguments, "--set", "limits.%s=0" % name)
        checks.equal("limits.%s=0 is refused: exit status" % name, done.status, 2)


def count(checks, name, least, row):
    """What is held and what went are all there were, and only the least lets any go."""
    data, counter, expected = row
    alerts = []
    for threads, value in ((1, None), (1, least), (3, least)):
        folder = common.scratch("%s-%d-%s" % (name, threads, value))
        os.mkdir(folder)
        more = [] if value is None else ["--set", "limits.%s=%s" % (name, value)]
        done = inspect(name, data, [], "-j", threads, "-l", folder, *more)
        title = "limits.%s=%s, -j %d: " % (name, value, threads)
        found = common.events(done)
        with open(os.path.join(folder, "stats.json"), encoding="utf-8") as file:
            stats = json.loads(file.readlines()[-1])["stats"]
        checks.equal(title + "exit status", done.status, 0)
        checks.equal(title + "anomalies", common.anomalies(found), [])
        checks.equal(title + "held and gone", stats[counter] + stats[counter + "_evicted"], expected)
        checks.check(title + "some went", (stats[counter + "_evicted"] > 0) == (value is not None), stats)
        alerts.append(common.alerts(found))
    checks.check("limits.%s: the same alerts" % name, alerts[0] and alerts[1:] == alerts[:1] * 2, alerts)
    done = inspect(name, data, [], "--set", "limits.%s=0" % name)
    checks.equal("limits.%s=0 is refused: exit status" % name, done.status, 2)


def instruction(booking):
    """The press once more, under the number of its booking alone."""
    return [["UNH+1+IFTMIN:D:99B:UN", "BGM+610+%s+9" % booking, "RFF+BN:" + booking, "TDT+40+ZZ880+4++ZZ:172:3",
             "LOC+9+HKG", "LOC+11+LAX", PRESS[4], PRESS[5], "GID+1+1:CT", "FTX+AAA+++" + SUSPICIOUS,
             "MEA+AAE+G+KGM:21", "UNT+12+1"]]


def aliases(checks):
    """The alias of a shipment that alerted stays when those of a hundred others went: it alerts once."""
    for name, first in (("bill", PRESS[:2] + ["RFF+BN:BK1"] + PRESS[2:]), ("bill without its booking", PRESS)):
        data = interchange([message([first] + [booked(n) for n in range(2, 102)])]) + interchange(
            instruction("BK1"), "ZZ2", day=13)
        done = inspect("aliases", data, [], "--set", "limits.aliases_memory=1KiB")
        checks.equal(name + ", then booking: exit status", done.status, 0)
        found = [shipment.split(":")[0] for shipment in presses(common.events(done))]
        checks.equal(name + ", then booking: alerts", found, ["house"] if name == "bill" else ["house", "booking"])


def entries(checks):
    """A record has a most number of values whatever the setting: the consignment is divided."""
    data = interchange([message([PRESS + ["PIA+5+%06d:HS" % n for n in range(70000)]])])
    found = common.events(inspect("entries", data, [], "--set", "limits.consignment_bytes=256MiB"))
    checks.equal("70,000 values in one consignment: anomalies", common.anomalies(found), ["limit.consignment_entries"])
    checks.equal("70,000 values in one consignment: one alert", len(presses(found)), 1)


def equipment(checks):
    """Containers that stand before the consignments are kept up to a limit, which has its name too."""
    head = ["EQD+CN+CSQU3054383+45G0"] + ["EQD+CN+PALLET %d+45G0" % n for n in range(70000)]
    data = interchange([message([PRESS], head=head)])
    found = [event["anomaly"] for event in common.of_type(common.events(inspect("equipment", data, [])), "anomaly")
             if event["anomaly"]["code"].startswith("limit.")]
    checks.equal("70,000 containers in one header: anomalies of a limit", len(found), 1)
    reference = common.run("--print", "anomalies").out.decode("utf-8")
    for anomaly in found:
        checks.check("--print anomalies knows " + anomaly["code"], anomaly["code"] in reference)
        checks.check(anomaly["code"] + " names a setting",
                     re.search(r"limits\.\w", anomaly["reason"] + anomaly.get("meaning", "")), anomaly)


def main():
    checks = common.Checks()
    words = folders()
    known = settings()
    checks.check("--dump-config tells the limits", len(known) >= 15, known)
    for least, name in known:
        if name in COUNTED:
            count(checks, name, least, COUNTED[name])
        elif checks.check("limits.%s has a row" % name, name in ROWS):
            lower(checks, name, least, ROWS[name], words)
    checks.equal("rows for settings that are none", sorted({*ROWS, *COUNTED} - {name for _, name in known}), [])
    aliases(checks)
    entries(checks)
    equipment(checks)
    checks.end()


if __name__ == "__main__":
    main()
