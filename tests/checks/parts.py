# SPDX-License-Identifier: Apache-2.0
"""What a large consignment gives in parts must be what it gives whole: alerts, scores, evidence, spans, counts."""
import os
import shutil

import common
from common import SUSPICIOUS, bill, interchange, message

WHOLE = []
PARTS = ["--set", "limits.consignment_bytes=16KiB"]
DIES = "PUNCH AND DIE SET M30 FOR TABLET PRESS"
PRECURSOR = "PHENYLACETONE 99 PCT IN DRUMS"


def goods(first, count):
    """Goods items that nobody minds."""
    for number in range(first, first + count):
        yield from ("GID+%d+1:CT" % number, "FTX+AAA+++%d GLASS FRAMES FOR PICTURES, LOT %d" % (number, number),
                    "MEA+AAE+G+KGM:%d" % (number % 9 + 1))


def large(number, consignee=None):
    """A press in front, 400 other goods, dies in the middle and a precursor at the end."""
    extra = [*goods(2, 200), "GID+202+1:CT", "FTX+AAA+++" + DIES, *goods(203, 200), "GID+403+1:DR",
             "FTX+AAA+++" + PRECURSOR]
    return bill(number, SUSPICIOUS, consignee, extra)


FEED = interchange([message([bill(1), large(2), bill(3, SUSPICIOUS)])])


def told(found):
    """Alerts with all that must not depend on where the consignment was cut."""
    return [(event["alert"]["sid"], event["shipment"]["id"], event["alert"]["score"], event["alert"]["reason"],
             event["alert_id"], sorted(str([row.get(key) for key in ("field", "value", "match", "spans", "weight")])
                                       for row in event["evidence"])) for event in common.of_type(found, "alert")]


def same_as_whole(checks):
    path = common.scratch("large.edi", FEED)
    whole = common.events(common.run("-o", "-", *WHOLE, path))
    checks.equal("whole: no anomaly", common.anomalies(whole), [])
    sids = [sid for sid, shipment in common.alerts(whole) if "HB0000002" in shipment]
    checks.check("whole: two detectors speak of the large one", len(sids) >= 2, common.alerts(whole))
    texts = {row.get("value") for event in common.of_type(whole, "alert") for row in event["evidence"]}
    checks.check("whole: evidence from front, middle and end", {SUSPICIOUS, DIES, PRECURSOR} <= texts, texts)
    for threads in (1, 3):
        for more in ([], ["--set", "plugins.isolate=yes"], ["--set", "engine.batch_bytes=1KiB"]):
            name = "in parts, -j %d %s" % (threads, " ".join(more))
            done = common.run("-o", "-", "-j", threads, *PARTS, *more, path)
            found = common.events(done)
            checks.equal(name + ": exit status", done.status, 0)
            checks.equal(name + ": said once", common.anomalies(found), ["limit.consignment_bytes"])
            checks.equal(name + ": alerts", common.alerts(found), common.alerts(whole))
            for got, wanted in zip(told(found), told(whole)):
                checks.equal(name + ": sid %d" % wanted[0], got, wanted)
            checks.equal(name + ": consignments", [event["receipt"]["consignments"]
                                                   for event in common.of_type(found, "receipt")], [3])


def correlated(checks):
    """Observations of a consignment in parts count once, and are taken back with it."""
    modules = common.scratch("modules")
    os.mkdir(modules)
    for name in ("td_shippers", "td_like_house", "td_cancel"):
        shutil.copy(os.path.join(common.MODULES, name + ".so"), modules)
    to = "SAN YSIDRO FREIGHT PLAZA LLC"
    feed = b"".join(interchange([message([large(10 * n, to), large(10 * n, to)], n)], "ZZ%d" % n, day=n)
                    for n in range(1, 6))
    cancel = interchange([message([["CNI+1+HB0000010"], large(20, to)], 9)], "ZZ9", day=9).replace(
        b"+9'\nDTM", b"+1'\nDTM", 1)
    path = common.scratch("many.edi", feed + cancel)
    whole = common.events(common.run("-o", "-", "-P", modules, *WHOLE, path))
    found = common.events(common.run("-o", "-", "-P", modules, *PARTS, path))
    checks.check("observed: a test detector speaks", any(sid // 1000 == 1900 for sid, _ in common.alerts(whole)),
                 common.alerts(whole))
    checks.equal("observed in parts: alerts", common.alerts(found), common.alerts(whole))
    checks.equal("observed in parts: repeated", [event["receipt"].get("repeated")
                                                 for event in common.of_type(found, "receipt")],
                 [event["receipt"].get("repeated") for event in common.of_type(whole, "receipt")])


def limited(checks):
    """limits.evidence holds for the consignment, not for each part."""
    texts = [SUSPICIOUS, DIES, PRECURSOR, "ACETIC ANHYDRIDE 200 L", "PIPERONAL", "SAFROLE", "EPHEDRINE HCL"]
    many = [segment for number, text in enumerate(texts) for segment in (
        "GID+%d+1:CT" % (1000 * number), "FTX+AAA+++" + text, *goods(1000 * number + 1, 200))]
    path = common.scratch("evidence.edi", interchange([message([bill(1, "SAMPLES", extra=many)])]))
    def counts(*options):
        found = common.events(common.run("-o", "-", *PARTS, *options, path))
        return common.anomalies(found), [len(event["evidence"]) for event in common.of_type(found, "alert")
                                         if event["alert"]["sid"] == 2200001]
    said, free = counts()
    checks.equal("seven texts in as many parts: no limit met", said, ["limit.consignment_bytes"])
    checks.check("seven texts in as many parts: one alert", len(free) == 1 and free[0] >= 4, free)
    said, limited_to = counts("--set", "limits.evidence=3")
    checks.equal("limits.evidence=3: one alert with as many", limited_to, [3])
    checks.check("limits.evidence=3: said", "limit.evidence" in said, said)


def main():
    checks = common.Checks()
    same_as_whole(checks)
    correlated(checks)
    limited(checks)
    checks.end()


if __name__ == "__main__":
    main()
