# SPDX-License-Identifier: Apache-2.0
"""Writes a shipment in every syntax that can carry it, for checks and for the bench.

A shipment is a dictionary: house, master, pieces, weight_kg, volume_m3, hs,
value, currency, origin, destination, description, and shipper and consignee as
(name, address, city, postcode, country). volume_m3, hs and value may be None;
of a `via`, an airport between the two, only a FWB can tell. Layouts as the maps
name them; texts are cut where senders of the format cut them.
"""
import json
import xml.sax.saxutils

import common


def cut(text, limit):
    """As senders cut: at the limit, inside words too."""
    return [text[at:at + limit] for at in range(0, len(text), limit)]


# ---- EDIFACT ------------------------------------------------------------------------------------------------------

def edifact(type_and_segments):
    kind, segments = type_and_segments
    segments = ["UNH+1+" + kind] + segments
    return common.interchange([segments + ["UNT+%d+1" % (len(segments) + 1)]])


def released(text):
    return "".join("?" + c if c in "?+:'" else c for c in text)


def nad(role, party):
    name, address, city, postcode, country = map(released, party)
    return "NAD+%s+++%s+%s+%s++%s+%s" % (role, name, address, city, postcode, country)


def known(line, *values):
    """The line as a list; an empty one where a value is not known."""
    return [] if None in values else [line % values]


def edifact_goods(one):
    return [*known("MOA+44:%s:%s", one["value"], one["currency"]), "GID+1+%d:CT" % one["pieces"],
            "FTX+AAA+++" + ":".join(map(released, cut(one["description"], 70))),
            "MEA+AAE+G+KGM:%s" % one["weight_kg"], *known("MEA+AAE+AAW+MTQ:%s", one["volume_m3"]),
            *known("PIA+5+%s:HS", one["hs"])]


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
    goods = ["N10*%d*%s**J*%s**K*%s" % (one["pieces"], first, one["hs"] or "", one["weight_kg"])]
    return x12("309", "SO", ["M10*TWLU*O*HK*9074729*NORTH WIND*12W*1*1*6", "P4*%s*20261120" % one["destination"], "LX*1",
                             "M11*%s*%s*%d*CTN*%s*K*%s*X*00****TWLU" % (
                                 one["house"], one["origin"], one["pieces"], one["weight_kg"], one["volume_m3"]),
                             "N9*MB*" + one["master"], *n1("SH", one["shipper"]), *n1("CN", one["consignee"]),
                             "VID*CN*TWLU*3000018", *goods, *["N10**" + more for more in rest]])


def x12_310(one):
    first, *rest = cut(one["description"], 50)
    return x12("310", "IO", ["B3**%s*%s*PP**20261112*0****TWLU" % (one["house"], one["house"]), "N9*MB*" + one["master"],
                             *n1("SH", one["shipper"]), *n1("CN", one["consignee"]),
                             "R4*L*UN*" + one["origin"], "R4*D*UN*" + one["destination"], "LX*1",
                             "L0*1***%s*G*%s*X*%d*CTN**K" % (one["weight_kg"], one["volume_m3"], one["pieces"]),
                             "L5*1*" + first + "".join(known("*%s*J", one["hs"])), *["L5*1*" + more for more in rest]])


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
    numbered = ["NG/" + more for more in texts[1:]] + known("NV/MC%s", one["volume_m3"]) + known("NH/%s", one["hs"])
    goods += ["/%d/%s" % (number, line) for number, line in enumerate(numbered, 2)]
    legs = "".join("/%sCX" % place for place in (one.get("via"), one["destination"]) if place)
    return imp(["FWB/16", head, "FLT/CX880/12", "RTG" + legs, "SHP", *imp_party(one["shipper"]), "CNE",
                *imp_party(one["consignee"]),
                "CVD/%s/PP/PP/NVD/%s/XXX" % (one["currency"], one["value"] or "NCV"), *goods, "ISU/12NOV26/HONG KONG"])


def fhl(one):
    route = one["origin"] + one["destination"]
    first, *rest = cut(one["description"], 65)
    shipper, consignee = imp_party(one["shipper"]), imp_party(one["consignee"])
    return imp(["FHL/4", "MBI/%s%s/T%dK%s" % (one["master"], route, one["pieces"], one["weight_kg"]),
                "HBS/%s/%s/%d/K%s//%s" % (one["house"], route, one["pieces"], one["weight_kg"],
                                          one["description"][:15].strip()),
                "TXT/" + first, *["/" + more for more in rest], *known("HTS/%s", one["hs"]),
                "SHP" + shipper[0], *shipper[1:], "CNE" + consignee[0], *consignee[1:],
                "CVD/%s/PP/NVD/%s/XXX" % (one["currency"], one["value"] or "NCV")])


# ---- XML ----------------------------------------------------------------------------------------------------------

def element(name, content, **attributes):
    words = "".join(" %s=%s" % (key, xml.sax.saxutils.quoteattr(str(value))) for key, value in attributes.items())
    return "<%s%s>%s</%s>" % (name, words, content, name)


def text(name, content, **attributes):
    """An element with a text; nothing where that is not known."""
    return "" if content is None else element(name, xml.sax.saxutils.escape(str(content)), **attributes)


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


# ---- JSON ---------------------------------------------------------------------------------------------------------

ONE_RECORD = "https://onerecord.iata.org/ns/"


def record_term(vocabulary, name):
    return {"@id": "%s%s#%s" % (ONE_RECORD, vocabulary, name)}


def record_value(value, unit):
    return {"@type": "cargo:Value", "cargo:numericalValue": value,
            "cargo:unit": record_term("coreCodeLists", "MeasurementUnitCode_" + unit)}


def record_code(value):
    return {"@type": "cargo:CodeListElement", "cargo:code": value}


def record_party(role, party):
    name, address, city, postcode, country = party
    place = {"@type": "cargo:Address", "cargo:streetAddressLines": [address], "cargo:cityName": city,
             "cargo:textualPostCode": postcode, "cargo:country": record_code(country)}
    return {"@type": "cargo:Party", "cargo:partyRole": record_term("coreCodeLists", "ParticipantIdentifier_" + role),
            "cargo:partyDetails": {"@type": "cargo:Company", "cargo:name": name,
                                   "cargo:basedAtLocation": {"@type": "cargo:Location", "cargo:address": place}}}


def record_place(code):
    return {"@type": "cargo:Location", "cargo:locationCodes": [record_code(code)]}


def one_record(one):
    """As an index of nodes, "@graph": the waybill names its shipment, which stands before it."""
    prefix, number = one["master"].split("-")
    piece = {"@type": "cargo:Piece", "@id": "_:piece", "cargo:goodsDescription": one["description"],
             "cargo:contentProducts": [{"@type": "cargo:Product", "cargo:hsCode": record_code(one["hs"])}] if one["hs"] else []}
    shipment = {"@type": "cargo:Shipment", "@id": "_:shipment", "cargo:waybill": {"@id": "_:waybill"},
                "cargo:pieces": [piece], "cargo:totalGrossWeight": record_value(one["weight_kg"], "KGM"),
                "cargo:totalDimensions": [{"@type": "cargo:Dimensions",
                                           "cargo:volume": record_value(one["volume_m3"], "MTQ")}],
                "cargo:involvedParties": [record_party("SHP", one["shipper"]), record_party("CNE", one["consignee"])]}
    waybill = {"@type": "cargo:Waybill", "@id": "_:waybill", "cargo:shipment": {"@id": "_:shipment"},
               "cargo:waybillType": record_term("cargo", "DIRECT"), "cargo:waybillPrefix": prefix,
               "cargo:waybillNumber": number, "cargo:departureLocation": record_place(one["origin"]),
               "cargo:arrivalLocation": record_place(one["destination"]),
               "cargo:declaredValueForCustoms": {"@type": "cargo:CurrencyValue", "cargo:numericalValue": one["value"],
                                                 "cargo:currencyUnit": one["currency"]},
               "cargo:waybillLineItems": [{"@type": "cargo:WaybillLineItem", "cargo:pieceCountForRate": one["pieces"]}]}
    return (json.dumps({"@context": {"cargo": ONE_RECORD + "cargo#"}, "@graph": [shipment, waybill]}) + "\n").encode("utf-8")


SYNTAXES = {"CUSCAR": cuscar, "IFTMCS": iftmcs, "X12 309": x12_309, "X12 310": x12_310, "FWB": fwb, "FHL": fhl,
            "XFWB": xfwb, "XFZB": xfzb, "WCO DEC": wco, "ONE Record": one_record}
