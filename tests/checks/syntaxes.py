# SPDX-License-Identifier: Apache-2.0
"""One set of shipments, written in every syntax that can carry it: the model has to be the same.

The texts are chosen so that the cuts of each format (15, 20, 45, 50, 65, 70
characters) fall inside words, and so that every release and escape is needed.
What a format has no element for is not compared, and stands in LACKS.
"""
import glob
import os
import xml.sax.saxutils

import common

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
     "consignee": ("HUDSON DENTAL WHOLESALE CORP", "410 MERCER STREET", "NEW YORK", "10003", "US")},
]
LANE = 2300001  # Asia through a US gateway to the Mexican border
PARTY = ("name", "address", "city", "postcode", "country")


def cut(text, limit):
    """As senders cut: at the limit, inside words too. A piece must not begin or end with a blank here."""
    pieces = [text[at:at + limit] for at in range(0, len(text), limit)]
    assert all(piece.strip() == piece for piece in pieces), (text, limit)
    return pieces


# ---- EDIFACT ------------------------------------------------------------------------------------------------------

def edifact(type_and_segments):
    kind, segments = type_and_segments
    segments = ["UNH+1+" + kind] + segments
    return common.interchange([segments + ["UNT+%d+1" % (len(segments) + 1)]])


def nad(role, party):
    name, address, city, postcode, country = party
    return "NAD+%s+++%s+%s+%s++%s+%s" % (role, name, address, city, postcode, country)


def edifact_goods(one):
    return ["MOA+44:%s:%s" % (one["value"], one["currency"]), "GID+1+%d:CT" % one["pieces"], "FTX+AAA+++" + ":".join(cut(one["description"], 70)),
            "MEA+AAE+G+KGM:%s" % one["weight_kg"], "MEA+AAE+AAW+MTQ:%s" % one["volume_m3"],
            "PIA+5+%s:HS" % one["hs"]]


def cuscar(one):
    return edifact(("CUSCAR:D:95B:UN", ["BGM+785+M1+9", "CNI+1+" + one["house"], "RFF+MWB:" + one["master"],
                                        "LOC+9+" + one["origin"], "LOC+11+" + one["destination"],
                                        nad("CZ", one["shipper"]), nad("CN", one["consignee"]), *edifact_goods(one)]))


def iftmcs(one):
    return edifact(("IFTMCS:D:99B:UN", ["BGM+703+%s+9" % one["house"], "RFF+MWB:" + one["master"],
                                        "LOC+9+" + one["origin"], "LOC+11+" + one["destination"],
                                        nad("CZ", one["shipper"]), nad("CN", one["consignee"]), *edifact_goods(one)]))


# ---- X12 ----------------------------------------------------------------------------------------------------------

def x12(kind, group, segments):
    isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261112*0830*U*00401*000000001*0*P*>"
    body = ["ST*%s*0001" % kind] + segments
    lines = [isa, "GS*%s*SENDER*RECEIVER*20261112*0830*1*X*004010" % group] + body
    lines += ["SE*%d*0001" % (len(body) + 1), "GE*1*1", "IEA*1*000000001"]
    return "".join(line + "~\n" for line in lines).encode("ascii")


def n1(role, party):
    name, address, city, postcode, country = party
    return ["N1*%s*%s" % (role, name), "N3*" + address, "N4*%s**%s*%s" % (city, postcode, country)]


def x12_309(one):
    first, *rest = cut(one["description"], 45)
    goods = ["N10*%d*%s**J*%s**K*%s" % (one["pieces"], first, one["hs"], one["weight_kg"])]
    return x12("309", "SO", ["M10*TWLU*O*HK*9074729*NORTH WIND*12W*1*1*6", "P4*%s*20261120" % one["destination"], "LX*1",
                             "M11*%s*%s*%d*CTN*%s*K*%s*X*00****TWLU" % (
                                 one["house"], one["origin"], one["pieces"], one["weight_kg"], one["volume_m3"]),
                             "N9*MB*" + one["master"], *n1("SH", one["shipper"]), *n1("CN", one["consignee"]),
                             "VID*CN*TWLU*3000012", *goods, *["N10**" + more for more in rest]])


def x12_310(one):
    first, *rest = cut(one["description"], 50)
    return x12("310", "IO", ["B3**%s*%s*PP**20261112*0****TWLU" % (one["house"], one["house"]), "N9*MB*" + one["master"],
                             *n1("SH", one["shipper"]), *n1("CN", one["consignee"]),
                             "R4*L*UN*" + one["origin"], "R4*D*UN*" + one["destination"], "LX*1",
                             "L0*1***%s*G*%s*X*%d*CTN**K" % (one["weight_kg"], one["volume_m3"], one["pieces"]),
                             "L5*1*%s*%s*J" % (first, one["hs"]), *["L5*1*" + more for more in rest]])


# ---- Cargo-IMP ----------------------------------------------------------------------------------------------------

def imp_party(party):
    name, address, city, postcode, country = party
    return ["/" + name, "/" + address, "/" + city, "/%s/%s" % (country, postcode)]


def imp(lines):
    return "".join(line + "\r\n" for line in lines).encode("ascii")


def fwb(one):
    route = one["origin"] + one["destination"]
    head = "%s%s/T%dK%s" % (one["master"], route, one["pieces"], one["weight_kg"])
    texts = cut(one["description"], 20)
    goods = ["RTD/1/P%d/K%s/CQ/W%s/R1.00/T%s" % (one["pieces"], one["weight_kg"], one["weight_kg"], one["weight_kg"]),
             "/NG/" + texts[0]]
    numbered = ["NG/" + more for more in texts[1:]] + ["NV/MC%s" % one["volume_m3"], "NH/" + one["hs"]]
    goods += ["/%d/%s" % (number, line) for number, line in enumerate(numbered, 2)]
    return imp(["FWB/16", head, "FLT/CX880/12", "RTG/%sCX" % one["destination"], "SHP", *imp_party(one["shipper"]), "CNE",
                *imp_party(one["consignee"]),
                "CVD/%s/PP/PP/NVD/%s/XXX" % (one["currency"], one["value"]), *goods, "ISU/12NOV26/HONG KONG"])


def fhl(one):
    route = one["origin"] + one["destination"]
    first, *rest = cut(one["description"], 65)
    shipper, consignee = imp_party(one["shipper"]), imp_party(one["consignee"])
    return imp(["FHL/4", "MBI/%s%s/T%dK%s" % (one["master"], route, one["pieces"], one["weight_kg"]),
                "HBS/%s/%s/%d/K%s//%s" % (one["house"], route, one["pieces"], one["weight_kg"],
                                          one["description"][:15].strip()),
                "TXT/" + first, *["/" + more for more in rest], "HTS/" + one["hs"],
                "SHP" + shipper[0], *shipper[1:], "CNE" + consignee[0], *consignee[1:],
                "CVD/%s/PP/NVD/%s/XXX" % (one["currency"], one["value"])])


# ---- XML ----------------------------------------------------------------------------------------------------------

def element(name, content, **attributes):
    words = "".join(" %s=%s" % (key, xml.sax.saxutils.quoteattr(str(value))) for key, value in attributes.items())
    return "<%s%s>%s</%s>" % (name, words, content, name)


def text(name, content, **attributes):
    return element(name, xml.sax.saxutils.escape(str(content)), **attributes)


def iata_party(role, party):
    name, address, city, postcode, country = party
    place = text("PostcodeCode", postcode) + text("StreetName", address) + text("CityName", city) + text("CountryID", country)
    return element(role, text("Name", name) + element("PostalStructuredAddress", place))


def iata(root, namespace, one, identifier, type_code, contract, consignment, item, itself):
    header = element("MessageHeaderDocument", text("ID", identifier) + text("TypeCode", type_code)) + \
        element("BusinessHeaderDocument", text("ID", identifier))
    goods = element(item, text("TypeCode", one["hs"]) + text("GrossWeightMeasure", one["weight_kg"], unitCode="KGM") +
                    text("GrossVolumeMeasure", one["volume_m3"], unitCode="MTQ") + text("PieceQuantity", one["pieces"]) +
                    element("NatureIdentificationTransportCargo", text("Identification", one["description"])))
    body = text("IncludedTareGrossWeightMeasure", one["weight_kg"], unitCode="KGM") + \
        text("GrossVolumeMeasure", one["volume_m3"], unitCode="MTQ") + text("TotalPieceQuantity", one["pieces"]) + \
        text("DeclaredValueForCustomsAmount", one["value"], currencyID=one["currency"]) + contract + \
        iata_party("ConsignorParty", one["shipper"]) + iata_party("ConsigneeParty", one["consignee"]) + \
        element("OriginLocation", text("ID", one["origin"])) + \
        element("FinalDestinationLocation", text("ID", one["destination"])) + itself(goods)
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
            element(root, header + element(consignment, body), xmlns=namespace)).encode("utf-8")


def xfwb(one):
    return iata("Waybill", "iata:waybill:1", one, one["master"], 740, "", "MasterConsignment",
                "IncludedMasterConsignmentItem", lambda goods: element("ApplicableRating", goods))


def xfzb(one):
    contract = element("TransportContractDocument", text("ID", one["master"]))
    return iata("HouseWaybill", "iata:housewaybill:1", one, one["house"], 703, contract, "IncludedHouseConsignment",
                "IncludedHouseConsignmentItem", lambda goods: goods)


def wco_party(role, party):
    name, address, city, postcode, country = party
    place = text("CityName", city) + text("CountryCode", country) + text("Line", address) + text("PostcodeID", postcode)
    return element(role, text("Name", name) + element("Address", place))


def wco(one):
    commodity = text("Description", one["description"]) + \
        element("Classification", text("ID", one["hs"]) + text("IdentificationTypeCode", "HS")) + \
        element("GoodsMeasure", text("GrossMassMeasure", one["weight_kg"], unitCode="KGM"))
    item = text("SequenceNumeric", 1) + element("Commodity", commodity) + \
        element("Packaging", text("QuantityQuantity", one["pieces"]) + text("TypeCode", "CT"))
    contract = element("TransportContractDocument", text("ID", one["house"]) + text("TypeCode", "703"))
    shipment = element("Consignment", contract) + wco_party("Consignor", one["shipper"]) + \
        wco_party("Consignee", one["consignee"]) + element("GovernmentAgencyGoodsItem", item)
    body = text("FunctionalReferenceID", one["house"]) + text("TypeCode", "IM") + \
        text("InvoiceAmount", one["value"], currencyID=one["currency"]) + element("GoodsShipment", shipment)
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
            element("Declaration", body, xmlns="urn:wco:datamodel:WCO:DEC-DMS:2")).encode("utf-8")


# ---- what is compared ---------------------------------------------------------------------------------------------

SYNTAXES = {"CUSCAR": cuscar, "IFTMCS": iftmcs, "X12 309": x12_309, "X12 310": x12_310, "FWB": fwb, "FHL": fhl,
            "XFWB": xfwb, "XFZB": xfzb, "WCO DEC": wco}
# What a format has no element for.
LACKS = {"FWB": {"house"}, "FHL": {"volume_m3"}, "XFWB": {"house"}, "X12 309": {"value", "currency"},
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
