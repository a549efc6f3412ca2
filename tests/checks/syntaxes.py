# SPDX-License-Identifier: Apache-2.0
"""One set of shipments, written in every syntax that can carry it: the model has to be the same.

The texts are chosen so that the cuts of each format (15, 20, 45, 50, 65, 70
characters) fall inside words; names need release characters and escapes.
What a format has no element for is not compared, and stands in LACKS.
"""
import glob
import os

import common
from renderers import SYNTAXES, cut

# All invented. The air waybill numbers have the check digit of IATA Resolution 600a.
SHIPMENTS = [
    {"house": "HKG8800417", "master": "160-12345675", "pieces": 1, "weight_kg": 79.0, "volume_m3": 0.1,
     "hs": "847160", "value": 120.0, "currency": "USD", "origin": "HKG", "destination": "LAX",
     "description": "KEYBOARDS",
     "shipper": ("SHENZHEN BRIGHT RIVER TRADING CO LTD", "88 NANSHAN AVENUE", "SHENZHEN", "518000", "CN"),
     "consignee": ("SIEMPRE VIVA CROSS DOCK INC", "9000 AIRWAY ROAD", "SAN DIEGO", "92154", "US")},
    {"house": "HKG8800418", "master": "160-12345686", "pieces": 40, "weight_kg": 812.5, "volume_m3": 3.75,
     "hs": "392690", "value": 4810.5, "currency": "EUR", "origin": "HKG", "destination": "FRA",
     "description": "PLASTIC HOUSEHOLD STORAGE CONTAINERS WITH TRANSPARENT REMOVABLE LIDS IN CARTONS",
     "shipper": ("NINGBO HARBOUR LIGHT PLASTICS CO LTD", "12 BEILUN ROAD", "NINGBO", "315800", "CN"),
     "consignee": ("MAINTAL HAUSHALTSWAREN GMBH", "KIRSCHENALLEE 7", "MAINTAL", "63477", "DE")},
    {"house": "HKG8800419", "master": "160-12345690", "pieces": 7, "weight_kg": 63.0, "volume_m3": 0.5,
     "hs": "300490", "value": 999.0, "currency": "USD", "origin": "HKG", "destination": "JFK",
     "description": "SMALL DENTAL INSTRUMENTS MADE OF STAINLESS STEEL NOT RESTRICTED IN FIBREBOARD DRUMS ON PALLETS",
     "shipper": ("KWAI CHUNG MEDICAL SUPPLY LTD", "3 CONTAINER PORT ROAD", "HONG KONG", "999077", "HK"),
     "consignee": ("HUDSON & O'NEIL DENTAL CORP", "410 MERCER STREET", "NEW YORK", "10003", "US")},
]
LANE = 2300001  # Asia through a US gateway to the Mexican border
PARTY = ("name", "address", "city", "postcode", "country")
CUTS = (20, 45, 50, 65, 70)  # where NG lines, N10, L5, TXT and FTX are cut
# What a format has no element for.
LACKS = {"FWB": {"house"}, "FHL": {"volume_m3"}, "XFWB": {"house"}, "ONE Record": {"house"}, "X12 309": {"value", "currency"},
         "X12 310": {"value", "currency"}, "WCO DEC": {"master", "volume_m3", "origin", "destination"}}


def facts_of(shipment):
    """The facts that are compared, of a shipment of a message event."""
    facts = {key: shipment.get(key) for key in ("house", "master", "pieces", "weight_kg", "volume_m3", "value", "currency",
                                                "origin", "destination")}
    facts["hs"] = (shipment.get("hs") or [None])[0]
    goods = shipment.get("goods") or [{}]
    # FHL has the text twice: cut at 15 characters behind HBS, and whole in TXT.
    described = goods[0].get("description") or ""
    facts["description"] = max([described] if isinstance(described, str) else described, key=len)
    for role in ("shipper", "consignee"):
        party = shipment.get(role) or {}
        facts[role] = tuple(party.get(key) for key in PARTY)
    return facts


def main():
    checks = common.Checks()
    for one in SHIPMENTS:
        pieces = [piece for limit in CUTS for piece in cut(one["description"], limit)]
        checks.check("cuts inside words", all(piece.strip() == piece for piece in pieces), pieces)
        for name, write in SYNTAXES.items():
            path = common.scratch("one", write(one))
            found = common.events(common.run("--messages", "-o", "-", path))
            title = "%s of %s" % (name, one["house"])
            shipments = [shipment for event in common.of_type(found, "message") for shipment in event["shipments"]]
            if not checks.equal(title + ": shipments", len(shipments), 1):
                continue
            facts = facts_of(shipments[0])
            for key, wanted in one.items():
                if key not in LACKS.get(name, ()):
                    checks.equal("%s: %s" % (title, key), facts[key], wanted)
            checks.equal(title + ": anomalies", common.anomalies(found), [])
            lane = [sid for sid, _ in common.alerts(found) if sid == LANE]
            checks.equal(title + ": alert", lane, [LANE] if one["description"] == "KEYBOARDS" else [])
            checks.equal(title + ": inspection", common.receipts(found), ["complete"])
    shown = glob.glob(os.path.join(common.SRCDIR, "examples/syntaxes/*.*"))
    checks.equal("examples/syntaxes: files", len(shown), len(SYNTAXES))
    for path in shown:
        found = common.alerts(common.events(common.run("-o", "-", path)))
        checks.check(os.path.basename(path), LANE in [sid for sid, _ in found], found)
    checks.end()


main()
