#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the cases of the message types: one message of each, and the facts it states.

The messages are hand-written after the segment tables of the UN/EDIFACT directories
and the published samples; all parties and numbers are invented. The facts were
read off the segments, not off the program. What stands about a published sample
(its .expect has a line `input`) is written by hand, not by this program.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import make_edi as e  # noqa: E402

FOLDER = os.path.dirname(os.path.abspath(__file__))
MACHINE, STRONG = 2100001, 2200001
CZ, CN = e.party("CZ", *e.FACTORY), e.party("CN", *e.FIRM)
SAFROLE = "SAFROLE"


def interchange(version, reference, segments):
    """One message with right counts."""
    body = ["UNH+1+" + version] + segments
    body.append("UNT+%d+1" % (len(body) + 1))
    return "'\n".join(["UNB+UNOC:3+TDWLEDI+GATEWAY+261120:1000+" + reference] + body +
                      ["UNZ+1+" + reference]) + "'\n"


def case(name, story, version, segments, *lines):
    """A feed of one message, and what is expected of it: lines of the runner's language."""
    with open(os.path.join(FOLDER, name + ".edi"), "w", encoding="latin-1", newline="") as file:
        file.write(interchange(version, name.upper(), segments))
    with open(os.path.join(FOLDER, name + ".expect"), "w", encoding="utf-8") as file:
        file.write("# Written by make_cases.py: %s\ncomplete|yes\n" % story)
        file.write("fact|message.map|edifact/%s\n" % version.split(":")[0])
        file.write("\n".join(lines) + "\n")


def transport():
    case("iftmbf", "a firm booking", "IFTMBF:D:99B:UN:2.0", [
        "BGM+335+BKG4711+9", "CTA+IC+:MR LI", "COM+LI@EXAMPLE.ORG:EM", "DTM+137:202611201000:203", "FTX+AAI+++NO TRANSHIPMENT",
        "LOC+88+CNZGZ", "RFF+CT:CONTRACT9", "TCC+FC1+PP", "QTY+1:700:KGM", "MOA+23:1500:USD", "TDT+20+123W+1++TDWL:172:182+++9074729:146::NORTH WIND",
        "LOC+9+CNSHA", "DTM+133:20261202:102", "LOC+11+USLAX", "NAD+ZZZ+++BOOKER", CZ, CN,
        "GID+1+10:CT", "LOC+27+CN", "LOC+80+CNZGZ", "FTX+AAA+++TABLET PRESS, USED", "NAD+ST+++WAREHOUSE", "GDS+1",
        "MEA+AAE+G+KGM:640", "MEA+AAE+AAW+MTQ:2.1", "GID+2+1:PK", "FTX+AAA+++SPARE BELT", "MEA+AAE+G+KGM:2",
        "EQD+CN++45G1:102:5", "EQN+2"],
         "fact|message.role|booking", "fact|shipments|1", "fact|1.id|booking:BKG4711",
         "fact|1.documents[role=booking].number|BKG4711", "fact|1.conveyance|NORTH WIND", "fact|1.voyage|123W",
         "fact|1.places[role=origin].code|CNZGZ", "fact|1.destination|USLAX", "fact|1.legs[1].departure|2026-12-02T00:00:00.000000Z",
         "fact|1.goods[1].packages|10", "fact|1.goods[1].gross_kg|640", "fact|1.goods[1].volume_m3|2.1",
         "# a place or a party within an item does not end it; a charge is no fact of the goods",
         "fact|1.goods[1].origin|CN", "fact|1.parties[role=delivery].name|WAREHOUSE", "fact|1.goods[1].net_kg|-",
         "fact|1.goods[2].gross_kg|2", "fact|1.weight_kg|642", "fact|1.value|-",
         "fact|1.equipment[1].type|45G1", "fact|1.notes[subject=AAI].text|NO TRANSHIPMENT",
         "fact|1.references[qualifier=CT].value|CONTRACT9",
         "%d|BKG4711|goods.description|TABLET PRESS" % MACHINE)
    case("iftmbc", "a booking confirmation: the carrier repeats the booking, which counts nowhere",
         "IFTMBC:D:99B:UN:2.0", [
             "BGM+770+CONF1+9", "DTM+137:202611201000:203", "RFF+BN:TDWL4711", "TDT+20+123W+1++TDWL:172:182",
             "LOC+9+CNSHA", "LOC+11+USLAX", CZ, "GID+1+10:CT", "FTX+AAA+++TABLET PRESS, USED"],
         "fact|message.role|response", "fact|1.documents[role=booking].number|TDWL4711",
         "fact|1.references[qualifier=BGM].value|CONF1", "fact|1.goods[1].description|TABLET PRESS, USED",
         "silent|TDWL4711")
    case("iftmbp", "a provisional booking", "IFTMBP:D:99B:UN", [
        "BGM+335+BKG4712+9", "DTM+137:202611201000:203", "LOC+9+CNSHA", "LOC+11+USLAX", CZ, "GID+1+10:CT",
        "FTX+AAA+++CAPSULE FILLING MACHINE"],
         "fact|message.role|booking", "fact|1.id|booking:BKG4712", "fact|1.destination|USLAX",
         "%d|BKG4712|goods.description|-" % MACHINE)
    case("iftmca", "a forwarder's advice", "IFTMCA:D:99B:UN", [
        "BGM+780+ADV1+9", "RFF+BM:TDWL900016", "TDT+20+123W+1++TDWL:172:182", "LOC+9+CNSHA", "LOC+11+USLAX", CZ, CN,
        "GID+1+10:CT", "FTX+AAA+++KEYBOARDS"],
         "fact|message.role|instruction", "fact|1.house|TDWL900016", "fact|1.goods[1].description|KEYBOARDS",
         "silent|TDWL900016")
    case("iftman", "an arrival notice", "IFTMAN:D:96A:UN", [
        "BGM+781+NOTICE1+9", "DTM+132:202612050600:203", "CNT+7:640:KGM", "CNT+11:10", "RFF+BM:TDWL900017",
        "TDT+20+123W+1++TDWL:172:182+++9074729:146::NORTH WIND", "LOC+9+CNSHA", "LOC+11+USLAX", CZ, CN,
        "GID+1+10:CT", "FTX+AAA+++CAPSULE FILLING MACHINE", "EQD+CN+CSQU3054383+45G1:102:5+++5", "SEL+SEAL1+CA"],
         "fact|message.role|transport document", "fact|1.id|bill:TDWL:900017", "fact|1.house|TDWL900017",
         "fact|1.pieces|10", "fact|1.weight_kg|640", "fact|1.containers|CSQU3054383", "fact|1.seals|SEAL1",
         "fact|1.dates[role=arrival].time|2026-12-05T06:00:00.000000Z",
         "%d|TDWL900017|goods.description|-" % MACHINE)
    case("iftdgn", "dangerous goods: a listed precursor and a lawful paint", "IFTDGN:D:03A:UN:PROT20", [
        "BGM+89N+DGN1+9", "HAN+L", "TDT+20+333N+1+:CONTAINER VESSEL++++9074729:146::NORTH WIND", "RFF+VM:VM1",
        "LOC+5+CNSHA:139:6", "LOC+61+USLAX:139:6", "DTM+132:261205:101", "DTM+133:261118:101",
        "EQD+CN+CSQU3054383+22G1", "MEA+WT+G+TNE:8.5",
        "CNI+1+DGN001", "HAN+L", "LOC+9+CNSHA:139:6", "LOC+11+USLAX:139:6", CZ,
        "GID+1+40:DR", "FTX+AAA+++ENVIRONMENTALLY HAZARDOUS SUBSTANCE, LIQUID, N.O.S.",
        "DGS+IMD+9+3082+97:CEL+3+F-A?,S-F", "FTX+AAD+++" + SAFROLE, "MEA+WT+AAL+KGM:7800", "MEA+WT+G+KGM:8200",
        "SGP+CSQU3054383+30", "LOC+147+0180284", "MEA+WT+AAL+KGM:5000", "MEA+WT+G+KGM:5300",
        "CNI+2+DGN002", "LOC+9+CNSHA:139:6", "LOC+11+USLAX:139:6", CZ,
        "GID+1+12:DR", "FTX+AAA+++PAINT", "DGS+IMD+3+UN1263+23:CEL+3", "FTX+AAD+++PAINT, FLAMMABLE",
        "MEA+WT+AAL+KGM:240", "MEA+WT+G+KGM:300", "SGP+CSQU3054383+12"],
         "fact|message.role|declaration", "fact|shipments|2", "fact|1.house|DGN001", "fact|1.un|3082",
         "fact|1.goods[1].danger_class|9", "fact|1.goods[1].packing_group|3", "fact|1.goods[1].packages|40",
         "# not the share of it that is in the container",
         "fact|1.goods[1].net_kg|7800", "fact|1.goods[1].gross_kg|8200", "fact|1.weight_kg|8200",
         "fact|1.goods[1].description|ENVIRONMENTALLY HAZARDOUS SUBSTANCE, LIQUID, N.O.S.;" + SAFROLE,
         "fact|1.containers|CSQU3054383", "fact|1.voyage|333N", "fact|1.conveyance|NORTH WIND",
         "fact|1.places[role=stowage]|-", "fact|1.eta|2026-12-05T00:00:00.000000Z",
         "fact|2.un|1263", "fact|2.goods[1].danger_class|3", "fact|2.goods[1].gross_kg|300",
         "anomaly|map.missing|0", "%d|DGN001|goods.description|SAFROLE" % STRONG, "silent|DGN002")
    case("iftiag", "a list of the dangerous cargo aboard", "IFTIAG:D:95B:UN", [
        "BGM+810+LIST1+9", "CNT+10:1", "TDT+20+333N+1++TDWL:172:20+++9074729:146::NORTH WIND", "LOC+5+CNSHA", "LOC+61+USLAX",
        "EQD+CN+CSQU3054383+22G1", "SEL+SEAL1", "CNI+1+DGN004", "LOC+9+CNSHA", "LOC+11+USLAX", CZ, "GID+1+40:DR",
        "FTX+AAA+++LIQUID IN DRUMS", "DGS+IMD+3+2924", "FTX+AAD+++" + SAFROLE, "MEA+WT+AAL+KGM:7800", "SGP+CSQU3054383+40",
        "LOC+147+0180284", "MEA+WT+AAL+KGM:7800"],
         "fact|message.role|manifest", "fact|1.house|DGN004", "fact|1.un|2924", "fact|1.goods[1].net_kg|7800",
         "fact|1.seals|SEAL1", "fact|1.places[role=stowage]|-", "fact|1.voyage|333N", "anomaly|map.missing|0",
         "%d|DGN004|goods.description|SAFROLE" % STRONG)
    case("iftdgn_bare", "dangerous goods without their number and weight", "IFTDGN:D:16A:UN", [
        "BGM+890+DGN2+9", "TDT+20++3+++++:::12-BXG-3", "EQD+CN+CSQU3054383", "CNI+1+DGN003",
        "LOC+9+:::ROTTERDAM", "LOC+11+:::DUISBURG", CZ, "GID+1+4::::DRUMS", "FTX+AAA+++RESIN SOLUTION", "DGS+ADR+3",
        "SGP+CSQU3054383+4"],
         "fact|1.mode|road", "fact|1.origin|ROTTERDAM", "fact|1.destination|DUISBURG",
         "fact|1.goods[1].description|RESIN SOLUTION", "# DGS has no UN number, and no weight follows it",
         "anomaly|map.missing|2", "silent|DGN003")
    case("iftsta", "a status report counts nowhere, whatever text it has", "IFTSTA:D:00B:UN", [
        "BGM+23+STAT1+9", "DTM+137:202611201000:203", "NAD+CA+TDWL:172:182", "CNI+1+TDWL900018",
        "STS+1+24", "RFF+BN:BK900018", "DTM+78:202611190800:203", "LOC+175+USLAX",
        "TDT+20+123W+1++TDWL:172:182", "LOC+9+CNSHA", "DTM+186:202611011200:203", "LOC+11+USLAX",
        "EQD+CN+CSQU3054383+45G1:102:5+++5", "GID+1+10:CT", "FTX+AAA+++TABLET PRESS, USED",
        "CNI+2+TDWL900019", "STS+1+24", "LOC+175+USLAX"],
         "fact|message.role|status", "fact|shipments|2", "fact|1.id|bill:TDWL:900018", "fact|1.house|TDWL900018",
         "fact|1.documents[role=booking].number|BK900018", "fact|1.notes[subject=STS].text|24",
         "fact|1.dates[role=event].time|2026-11-19T08:00:00.000000Z",
         "fact|1.legs[1].departure|2026-11-01T12:00:00.000000Z",
         "fact|1.goods[1].description|TABLET PRESS, USED", "fact|2.house|TDWL900019", "fact|2.containers|",
         "%d|TDWL900018|goods.description|TABLET PRESS|severity=3" % MACHINE, "silent|TDWL900019")


def containers():
    case("baplie", "a bayplan: cells, a placeholder for a bill, an empty container", "BAPLIE:D:95B:UN:SMDG22", [
        "BGM++PLAN1+9", "DTM+137:2611201000:201", "TDT+20+123W+++TDWL:172:20+++ABCD7:103::NORTH WIND",
        "LOC+5+CNSHA:139:6", "LOC+61+USLAX:139:6", "DTM+178:261118:101", "DTM+132:261205:101", "RFF+VON:123W",
        "LOC+147+0180284::5", "GID+1", "GDS+IMD", "FTX+AAA+++TABLET PRESS", "MEA+WT++KGM:24500", "LOC+9+CNSHA:139:6",
        "LOC+11+USLAX:139:6", "LOC+83+USLGB:139:6", "RFF+BM:1", "EQD+CN+CSQU3054383+45G1+++5", "NAD+CA+TDWL:172:20",
        "DGS+IMD+3+1263+23:CEL+3", "FTX+AAD+++PAINT", "DGS+IMD+8+1789++2",
        "LOC+147+0180384::5", "MEA+WT++KGM:3900", "LOC+9+CNSHA:139:6", "LOC+11+USLAX:139:6", "RFF+BM:1",
        "EQD+CN+MSKU0000011+22G1+++4", "NAD+CA+TDWL:172:20"],
         "fact|message.role|status", "fact|shipments|2", "fact|1.house|-", "fact|1.documents|",
         "fact|1.places[role=stowage].code|0180284", "fact|1.origin|CNSHA", "fact|1.destination|USLGB",
         "fact|1.route|CNSHA;USLAX;USLGB", "fact|1.weight_kg|24500", "fact|1.containers|CSQU3054383",
         "fact|1.equipment[1].fill|full", "fact|1.un|1263;1789", "fact|1.goods[1].description|TABLET PRESS;PAINT",
         "fact|1.goods[2].danger_class|8", "fact|1.goods[2].packing_group|2", "fact|1.voyage|123W",
         "fact|1.conveyance|NORTH WIND", "fact|2.places[role=stowage].code|0180384", "fact|2.equipment[1].fill|empty",
         "fact|2.goods|", "fact|2.containers|MSKU0000011", "anomaly|map.missing|0",
         "# no number of its own: the place of its first segment", "%d|1#212|goods.description|TABLET PRESS|severity=3" % MACHINE)
    coprar = [
        "BGM+45+ORDER1+9", "RFF+XXX:1", "TDT+20+123W+1++TDWL:172:20+++ABCD7:103::NORTH WIND", "LOC+9+CNSHA:139:6",
        "DTM+133:202611181200:203", "NAD+CF+TDWL:160:20",
        "EQD+CN+CSQU3054383+45G1:102:5++2+5", "RFF+BN:BK1", "LOC+11+USLAX:139:6", "LOC+7+USLGB:139:6",
        "MEA+AAE+VGM+KGM:24500", "SEL+SEAL1+SH", "FTX+AAA+++TABLET PRESS, USED", "DGS+IMD+1263+3",
        "EQD+CN+MSKU0000011+22G1:102:5++2+4", "LOC+11+USLAX:139:6", "CNT+16:2"]
    # No bill names a container's shipment: it goes by the distance of EQD from the message's start.
    text = interchange("COPRAR:D:95B:UN:SMDG16", "COPRAR", coprar)
    first = text.index("EQD") - text.index("UNH")
    case("coprar", "a loading order", "COPRAR:D:95B:UN:SMDG16", coprar,
         "fact|message.role|instruction", "fact|shipments|2", "fact|1.containers|CSQU3054383", "fact|1.seals|SEAL1",
         "fact|1.references[qualifier=BN].value|BK1", "fact|1.documents|", "fact|1.weight_kg|24500",
         "fact|1.origin|CNSHA", "fact|1.destination|USLGB", "fact|1.voyage|123W",
         "fact|1.un|1263", "fact|1.goods[1].danger_class|3", "fact|2.equipment[1].fill|empty", "fact|2.goods|",
         "# class and number stand in each other's place", "anomaly|map.order|1",
         "%d|reference:TDWLEDI:COPRAR:1#%d|goods.description|TABLET PRESS" % (MACHINE, first))
    case("coarri", "a discharge report: an order's twin that counts nowhere", "COARRI:D:95B:UN:ITG13", [
        "BGM+44+REPORT1+9", "TDT+20+123W+1++TDWL:172:20+++ABCD7:103::NORTH WIND", "LOC+11+USLAX:139:6",
        "DTM+178:202612050600:203", "NAD+CF+TDWL:160:20",
        "EQD+CN+CSQU3054383+45G1:102:5++3+5", "RFF+BM:TDWL900020", "DTM+203:202612060730:203", "LOC+147+0180284::5",
        "LOC+9+CNSHA:139:6", "LOC+11+USLAX:139:6", "MEA+AAE+EGW+KGM:24500", "MEA+AAE+T+KGM:3900", "SEL+SEAL1+CA",
        "FTX+AAA+++TABLET PRESS, USED",
        "EQD+CN++22G1:102:5++3+4", "DTM+203:202612060740:203", "CNT+16:2"],
         "fact|message.role|status", "fact|shipments|2", "fact|1.id|bill:TDWL:900020", "fact|1.house|TDWL900020",
         "fact|1.weight_kg|24500", "fact|1.places[role=stowage].code|0180284", "fact|1.route|CNSHA;USLAX",
         "fact|1.dates[role=event].time|2026-12-06T07:30:00.000000Z", "fact|1.seals|SEAL1",
         "# the second has no number", "anomaly|map.missing|1", "%d|TDWL900020|goods.description|TABLET PRESS|severity=3" % MACHINE)
    case("codeco", "gate-in of a full and an empty container", "CODECO:D:95B:UN:ITG14", [
        "BGM+34+GATE1+9", "TDT+20+017N+1++TDWL:172:87+++9074729:146:11:NORTH WIND", "LOC+9+AUADL:139:6+DPIADL",
        "NAD+CA+TDWL:160:184", "NAD+MS+GATEKEEPER", "GID+1", "FTX+AAA+++MEAT",
        "EQD+CN+CSQU3054383+22R1:102:5++2+5", "RFF+BN:BK900021", "DTM+7:202611190956:203", "LOC+8+SGSIN:139:6",
        "LOC+9+AUADL:139:6", "LOC+11+SGSIN:139:6", "LOC+165+AUADL:139:6+DPIADL:TER:ZZZ", "MEA+AAE+G+KGM:17624",
        "SEL+881055+SH", "SEL+88105X+SH", "FTX+AAA+++TABLET PRESS", "TDT+1++3++MAC:172:87+++SX55DP:146:ZZZ",
        "EQD+CN+MSKU0000011+22G1:102:5+++4", "DTM+7:202611191010:203", "LOC+165+AUADL:139:6", "CNT+16:2"],
         "fact|message.role|status", "fact|shipments|2", "fact|1.id|booking:BK900021", "fact|1.weight_kg|17624",
         "fact|1.seals|881055;88105X", "fact|1.origin|AUADL", "fact|1.destination|SGSIN",
         "fact|1.dates[role=event].time|2026-11-19T09:56:00.000000Z", "fact|1.goods[1].description|TABLET PRESS",
         "fact|1.legs[1].conveyance|NORTH WIND", "fact|1.legs[2].mode|road", "fact|2.equipment[1].fill|empty",
         "anomaly|map.missing|0", "%d|BK900021|goods.description|TABLET PRESS|severity=3" % MACHINE)
    case("coparn", "an announcement of containers for a booking", "COPARN:D:95B:UN:SMDG20", [
        "BGM+11+ANN1+9", "RFF+BN:BK900022", "TDT+20+0261+1++TDWL:172:20+++ABCD7:103::NORTH WIND", "LOC+9+ITSAL",
        "NAD+CF+TDWL", "GID+1", "FTX+AAA+++CAPSULE FILLING MACHINE", "EQD+CN++45G1:102:5++2+5", "RFF+SQ:1", "EQN+2",
        "LOC+11+ILHFA", "MEA+AAE+G+KGM:20400", "DGS+IMD+3+1263", "CNT+16:2"],
         "fact|message.role|instruction", "fact|shipments|1", "fact|1.references[qualifier=BN].value|BK900022",
         "fact|1.documents|", "fact|1.goods[1].description|CAPSULE FILLING MACHINE", "fact|1.un|1263",
         "fact|1.weight_kg|20400", "fact|1.equipment[1].type|45G1", "fact|1.equipment[1].fill|full",
         "fact|1.origin|ITSAL", "fact|1.destination|ILHFA",
         "%d|reference:TDWLEDI:COPARN:1#0|goods.description|-" % MACHINE)


    case("coreor", "a release order: as a loading order", "COREOR:D:95B:UN:SMDG20", [
        "BGM+129+REL1+9", "TDT+20+123W+1++TDWL:172:20", "NAD+CF+TDWL:160:20", "GID+1", "FTX+AAA+++TABLET PRESS",
        "EQD+CN+CSQU3054383+45G1:102:5++3+5", "RFF+BN:BK1", "RFF+BM:TDWL1", "LOC+11+USLAX"],
         "fact|message.role|instruction", "fact|1.containers|CSQU3054383", "fact|1.documents|",
         "fact|1.references[qualifier=BM].value|TDWL1", "# goods stand before the containers: no item of this one's",
         "fact|1.goods|", "fact|1.notes[subject=AAA].text|TABLET PRESS",
         "%d|reference:TDWLEDI:COREOR:1#%d|note.text|TABLET PRESS" % (MACHINE, len("UNH+1+COREOR:D:95B:UN:SMDG20'\n"
             "BGM+129+REL1+9'\nTDT+20+123W+1++TDWL:172:20'\nNAD+CF+TDWL:160:20'\nGID+1'\nFTX+AAA+++TABLET PRESS'\n")))
    case("vermas", "a verified mass", "VERMAS:D:16A:UN:SMDG10", [
        "BGM+749+VGM1+5", "DTM+137:202611201000:203", "NAD+TB", "CTA+IC+:JOHN DOE", "COM+TEST@EXAMPLE.COM:EM",
        "EQD+CN+CSQU3054383+22G1:6346:306", "RFF+BN:BK900025", "SEL+45545+CA", "MEA+AAE+VGM+KGM:1212",
        "DTM+798:202611200930:203", "DOC+SM1:VGM:306+DEFAULT", "NAD+SPC+++MY COMPANY"],
         "fact|message.role|status", "fact|1.id|booking:BK900025", "fact|1.containers|CSQU3054383", "fact|1.weight_kg|1212",
         "fact|1.seals|45545", "fact|1.goods|", "anomaly|map.missing|0")
    stuffing = ["BGM+340+STUFF1+9", "TDT+20+123W+1++TDWL:172:20", "NAD+CF+TDWL:160:20", "EQD+CN+CSQU3054383+45G1:102:5++2+5",
                "SEL+SEAL1+SH", "EQD+CN+MSKU0000011+22G1:102:5++2+5", "CNI+1+TDWL900023", "RFF+BN:BK900023", CZ, "GID+1+10:CT",
                "FTX+AAA+++TABLET PRESS, USED", "NAD+CN+++SOMEBODY", "MEA+AAE+G+KGM:640", "SGP+CSQU3054383+4",
                "MEA+AAE+G+KGM:200", "SGP+MSKU0000011+6", "CNI+2+TDWL900024", "GID+1+1:CT", "FTX+AAA+++PLUSH TOYS",
                "SGP+MSKU0000011+1"]
    facts = ["fact|shipments|2", "fact|1.house|TDWL900023", "fact|1.documents[role=booking].number|BK900023",
             "fact|1.containers|CSQU3054383;MSKU0000011", "fact|1.seals|SEAL1", "fact|1.goods[1].gross_kg|640",
             "fact|2.containers|MSKU0000011", "fact|2.goods[1].description|PLUSH TOYS", "silent|TDWL900024"]
    case("costor", "a stuffing order", "COSTOR:D:95B:UN", stuffing, "fact|message.role|instruction", *facts,
         "%d|TDWL900023|goods.description|TABLET PRESS" % MACHINE)
    case("costco", "its confirmation counts nowhere", "COSTCO:D:95B:UN", stuffing, "fact|message.role|status", *facts,
         "%d|TDWL900023|goods.description|TABLET PRESS|severity=3" % MACHINE)


def customs():
    case("cusrep", "a ship's departure", "CUSREP:D:99B:UN", [
        "BGM+124+REP1+9", "DTM+136:20261118:102", "DTM+136:0700:401", "RFF+AFM:R1", "LOC+5+AUSYD",
        "TDT+20+N1++11+TDWL::95+++9074729::11", "LOC+8+NZAKL::6"],
         "fact|message.role|declaration", "fact|1.voyage|N1", "fact|1.carrier|TDWL", "fact|1.mode|sea",
         "fact|1.legs[1].conveyance_id|9074729", "fact|1.places[role=departure].code|AUSYD",
         "fact|1.places[role=next].code|NZAKL", "fact|1.goods|",
         "fact|1.dates|{'role': 'departure', 'time': '2026-11-18T00:00:00.000000Z'}")
    case("cusdec", "an import declaration: a tableting machine among its items", "CUSDEC:D:96B:UN", [
        "BGM+929+DEC1+9", "CST++10:105:143", "LOC+9+CNSHA", "LOC+11+USLAX", "LOC+36+US", "DTM+151:20261120:102",
        "GIS+Y:109:143", "MEA+WT+AAD+KGM:950", "RFF+MB:TDWL900030", "RFF+HWB:HOUSE30", "PAC+54++PK",
        "TDT+20+123W+1+++++9074729:146::NORTH WIND", "NAD+IM+++" + e.FIRM[0], CZ, CN, "MOA+39:84361:USD", "UNS+D",
        "DMS+INV1+935", "MOA+77:84361:USD", "LIN+1", "IMD+F++:::MODEL ZP-9", "MOA+203:70000", "QTY+47:5:KGM",
        "CST+1+8479899000G:169:143", "FTX+AAA+++ROTARY TABLET PRESS ZP-9", "LOC+27+CN", "MEA+WT+AAA+KGM:600",
        "NAD+SU+00710841Y:ZZZ:143", "MOA+14:70000.00:USD", "CUX+2++1.00", "MOA+40:70000", "TAX+1+GST", "MOA+161:204.30",
        "RFF+IV:INV1",
        "CST+2+84798990", "FTX+AAA+++CONVEYOR", "LOC+27+CN", "MOA+63:14361:usd", "UNS+S", "CNT+5:2", "CNT+11:54",
        "TAX+4+TOT", "MOA+161:204.30"],
         "fact|message.role|declaration", "fact|shipments|1", "fact|1.id|house:TDWL:900030/HOUSE30",
         "fact|1.master|TDWL900030", "fact|1.house|HOUSE30", "fact|1.documents[role=declaration].number|DEC1",
         "fact|1.documents[role=invoice].number|INV1", "fact|1.pieces|54", "fact|1.weight_kg|950", "fact|1.notes[subject=PAC]|-",
         "fact|1.value|84361", "fact|1.currency|USD", "fact|1.value_scope|invoice", "fact|1.hs|8479899000;84798990",
         "fact|1.goods[1].description|ROTARY TABLET PRESS ZP-9", "fact|1.goods[1].origin|CN",
         "fact|1.goods[1].value|70000", "fact|1.goods[1].currency|USD", "fact|1.goods[1].net_kg|600",
         "fact|1.goods[1].packages|-", "fact|1.goods[2].value|14361", "fact|1.goods[2].net_kg|-",
         "fact|1.notes[subject=IMD].text|MODEL ZP-9", "fact|1.parties[role=importer].name|" + e.FIRM[0],
         "# usd is no currency", "anomaly|map.currency|1", "%d|HOUSE30|goods.description|TABLET PRESS" % MACHINE)
    case("cusdec_heading", "a vague text under a tableting heading, declared for a home", "CUSDEC:D:96B:UN", [
        "BGM+929+DEC2+9", "LOC+9+CNSHA", "LOC+11+USLAX", "RFF+HWB:HOUSE31", "RFF+MB:TDWL900030", CZ, e.party("CN", *e.HOME),
        "UNS+D", "CST+1+847990", "FTX+AAA+++MACHINE PARTS", "MEA+WT+AAD+KGM:61",
        "UNS+S", "CNT+5:1"],
         "fact|1.hs|847990", "fact|1.goods[1].gross_kg|61", "fact|1.consignee.name|" + e.HOME[0],
         "2100003|HOUSE31|goods.hs|-")
    heading = ["LOC+9+CNSHA", "LOC+11+USLAX", CZ, e.party("CN", *e.HOME)]
    case("cusdec_items", "each item is judged by itself: a second one explains nothing away", "CUSDEC:D:96B:UN", [
        "BGM+929+DEC3+9"] + heading + ["RFF+HWB:HOUSE34", "RFF+MB:TDWL900034", "UNS+D",
        "CST+1+61091000", "FTX+AAA+++COTTON SHIRTS FOR CHILDREN", "MEA+WT+AAD+KGM:12",
        "CST+2+847990", "FTX+AAA+++MACHINE PARTS", "MEA+WT+AAD+KGM:61", "UNS+S", "CNT+5:2"],
         "fact|1.hs|61091000;847990", "fact|1.goods[2].gross_kg|61", "2100003|HOUSE34|goods.hs|-")
    case("cusdec_items_heavy", "a heavy item that is worth nothing, beside light and dear ones", "CUSDEC:D:96B:UN", [
        "BGM+929+DEC5+9", "LOC+9+CNSHA", "LOC+11+USLAX", CZ, CN, "RFF+HWB:HOUSE36", "RFF+MB:TDWL900036", "UNS+D",
        "CST+1+61091000", "FTX+AAA+++COTTON SHIRTS FOR CHILDREN", "MEA+WT+AAD+KGM:900", "MOA+63:70000:USD", "PAC+60++CT",
        "CST+2+847990", "FTX+AAA+++MACHINE PARTS", "MEA+WT+AAD+KGM:61", "MOA+63:90:USD", "PAC+1++CT", "UNS+S", "CNT+5:2"],
         "fact|1.goods[2].gross_kg|61", "fact|1.goods[2].value|90", "fact|1.goods[2].packages|1",
         "2100003|HOUSE36|goods.gross_kg|-")
    case("cusdec_items_named", "the vague item is under another heading than the named one", "CUSDEC:D:96B:UN", [
        "BGM+929+DEC4+9"] + heading + ["RFF+HWB:HOUSE35", "RFF+MB:TDWL900035", "UNS+D",
        "CST+1+847990", "FTX+AAA+++SPARE PARTS FOR ASPHALT PAVER VOGELE 1800", "MEA+WT+AAD+KGM:12",
        "CST+2+732690", "FTX+AAA+++METAL PARTS", "MEA+WT+AAD+KGM:6", "UNS+S", "CNT+5:2"],
         "fact|1.hs|847990;732690", "silent|HOUSE35")
    case("cusexp", "express consignments of two waybills", "CUSEXP:D:00A:UN", [
        "BGM+929+EXP1+9", "DTM+137:202611201000:203", "NAD+DT+++BROKER", "TDT+20+ZZ512+4++ZZ:172:3", "LOC+9+HKHKG",
        "LOC+11+USMEM", "RFF+MWB:999-12345675", "CNT+2:2",
        "CNI+1+EXP001", "CNT+8:1", "MEA+WT+AAD+KGM:7.5", CZ, CN, "GDS+1", "FTX+AAA+++TDP-5 DIE SET", "PAC+1++CT",
        "PCI+28+MARK1", "MOA+44:120:USD",
        "CNI+2+EXP002", "MEA+WT+AAD+KGM:2", "NAD+CZ+++OTHER SHIPPER", "FTX+AAA+++COTTON SHIRTS", "MOA+44:20:USD",
        "RFF+MWB:999-22345672", "CNI+1+EXP003", "FTX+AAA+++PHONE CASES"],
         "fact|message.role|declaration", "fact|shipments|3", "fact|1.house|EXP001", "fact|1.master|999-12345675",
         "fact|1.level|house", "fact|1.pieces|1", "fact|1.weight_kg|7.5", "fact|1.value|120",
         "fact|1.goods[1].marks|MARK1", "fact|1.origin|HKHKG", "fact|1.destination|USMEM", "fact|1.mode|air",
         "fact|2.master|999-12345675", "fact|2.shipper.name|OTHER SHIPPER", "fact|2.consignee.name|-",
         "fact|3.house|EXP003", "fact|3.master|999-22345672", "fact|3.description|PHONE CASES",
         "2100002|EXP001|goods.description|-", "silent|EXP002", "silent|EXP003")
    case("cusres", "an authority's answer about two bills", "CUSRES:D:99B:UN", [
        "BGM+961:::IMDR+RES1+11", "DTM+9:202611201000:203", "FTX+AHN+++REJECTED", "TDT+20+936++11++++9074729::11",
        "LOC+12+AUSYD", "GIS+14", "NAD+MR+AAA374M::95", "RFF+ABO:B00227128", "ERP+1", "ERC+15::95", "FTX+AAO+++MANDATORY",
        "DOC+705+TDWL900031", "PAC+5", "RFF+BN:BK900031", "FTX+AAA+++TABLET PRESS", "TAX+7", "MOA+161:20",
        "DOC+705+TDWL900032", "GIS+14"],
         "fact|message.role|response", "fact|shipments|2", "fact|1.house|TDWL900031", "fact|2.house|TDWL900032",
         "fact|1.documents[role=booking].number|BK900031", "fact|1.references[qualifier=BGM].value|RES1",
         "fact|1.references[qualifier=ABO].value|B00227128", "fact|1.notes[subject=AHN].text|REJECTED",
         "fact|1.notes[subject=ERC].text|15", "fact|1.value|-", "fact|2.references[qualifier=BN]|-",
         "silent|TDWL900031", "silent|TDWL900032")
    case("govcbr", "a house bill to an agency", "GOVCBR:D:11B:UN", [
        "BGM+714+8036HOUSE33+9", "RFF+AFM:5707:WH", "RFF+UCN:UCR555", "DOC+23+:24", "DOC+85+9074MASTER", "RCS+15",
        "FTX+ACB+++HANDLE WITH CARE", "TDT+11++1", "UNS+D", "HYN+3", "CNI+1", "STS++0", "MEA+AAX++MTQ:3",
        CN, "CTA+IC+:KENNY", "COM+16135551234:TE", CZ, "LOC+8+0497", "LOC+11+0809", "EQD+CN+CSQU3054383", "SEQ+4",
        "SEL+SML193661", "SEQ+4", "PAC+3++:::PKG", "SEQ+4", "PCI++N/M", "LOC+27+CN", "GID+1", "FTX+AAA+++TABLET PRESS FOR LABORATORY",
        "IMD++8+:::SINGLE PUNCH MACHINE", "IMD++57+:::TDP-5", "TCC+++8479899000:HS", "UNS+S", "CNT+7:836:KGM"],
         "fact|message.role|declaration", "fact|1.house|8036HOUSE33", "fact|1.references[qualifier=85].value|9074MASTER",
         "fact|1.references[qualifier=UCN].value|UCR555", "fact|1.volume_m3|3", "fact|1.weight_kg|836", "fact|1.pieces|3",
         "fact|1.goods[1].package_type|PKG", "fact|1.goods[1].marks|N/M", "fact|1.hs|8479899000", "fact|1.goods[1].origin|CN",
         "fact|1.goods[1].description|TABLET PRESS FOR LABORATORY;SINGLE PUNCH MACHINE",
         "fact|1.notes[subject=IMD].text|TDP-5", "fact|1.containers|CSQU3054383", "fact|1.seals|SML193661",
         "fact|1.consignee.name|" + e.FIRM[0], "%d|8036HOUSE33|goods.description|TABLET PRESS" % MACHINE)
    case("govcbr_answer", "an agency's answer is no declaration", "GOVCBR:D:13A:UN", [
        "BGM+961+10207001002026", "DTM+9:202611201000:203", "RFF+AGO:B00175557", "STS++2:::S002", "ERC+ZZZ",
        "ERP+:MAND SEG MISSING", "UNS+D", "HYN+3", "UNS+S"],
         "fact|message.role|response", "fact|1.references[qualifier=BGM].value|10207001002026",
         "fact|1.notes[subject=STS].text|S002", "fact|1.notes[subject=ERC].text|ZZZ")


def trade():
    lines = ["LIN+1++4711:SA", "PIA+5+847989:HS", "IMD+F++:::TABLET PRESS TDP-5", "MEA+PD+AAA+KGM:45", "QTY+47:1:PCE",
             "ALI+CN", "MOA+203:850", "PRI+AAA:850", "RFF+ON:PO7", "LOC+7+USLAX", "DTM+35:20261201:102",
             "ALC+A+++1", "QTY+1:12:KGM", "MOA+204:12",
             "LIN+2++4712:SA", "IMD+F++:::SPARE BELT", "QTY+47:2:PCE", "MOA+203:20"]
    parties = ["NAD+SE+++HENAN LONGWAY MACHINE CO LTD+18 KEXUE ROAD+ZHENGZHOU++450001+CN",
               "NAD+BY+++DANIEL R WHITLOCK+4417 ELM TREE LN+DAYTON+OH+45402+US"]
    case("invoic", "an invoice for a pill press", "INVOIC:D:97B:UN", [
        "BGM+380+INV4711+9", "DTM+3:20261120:102", "RFF+ON:PO7"] + parties +
         ["TAX+7+VAT+++:::16+S", "MOA+124:5:EUR", "LOC+1+BEBRU", "CUX+2:USD:4", "PAC+3++CT", "ALC+C++6++FC", "QTY+1:152:KGM",
          "MOA+8:125"] + lines +
         ["UNS+S", "CNT+2:2", "MOA+39:870", "MOA+124:0"],
         "fact|message.role|commercial", "fact|1.documents[role=invoice].number|INV4711",
         "fact|1.documents[role=order].number|PO7", "fact|1.value|870", "fact|1.currency|USD",
         "fact|1.value_scope|invoice", "fact|1.pieces|3", "fact|1.hs|847989", "fact|1.goods[1].value|850",
         "fact|1.goods[1].currency|USD", "fact|1.goods[1].net_kg|45", "fact|1.goods[1].origin|CN",
         "fact|1.goods[2].description|SPARE BELT", "fact|1.goods[2].value|20", "fact|1.goods[2].net_kg|-",
         "fact|1.parties[role=seller].country|CN", "fact|1.parties[role=buyer].postcode|45402",
         "fact|1.dates[role=issue].time|2026-11-20T00:00:00.000000Z", "anomaly|map.missing|0",
         "%d|reference:TDWLEDI:INVOIC:1#0|goods.description|TABLET PRESS" % MACHINE)
    case("desadv", "a despatch advice for a pill press", "DESADV:D:96A:UN:EAN005", [
        "BGM+351+ASN1+9", "DTM+137:202611201000:203", "DTM+11:20261121:102", "RFF+ON:PO7",
        "RFF+BM:TDWL900040", "NAD+SU+++HENAN LONGWAY MACHINE CO LTD+18 KEXUE ROAD+ZHENGZHOU++450001+CN", CN,
        "NAD+DP+++RIO VISTA FORWARDING INC+8900 SAN GABRIEL DR+LAREDO+TX+78045+US", "TDT+20+123W+1++TDWL:172:182",
        "EQD+CN+CSQU3054383", "SEL+SEAL1", "CPS+1", "PAC+2++PX", "MEA+PD+AAB+KGM:640", "CPS+2+1", "PAC+10++CT", "MEA+PD+AAB+KGM:400", "PCI+33E", "GIN+BJ+354123450000000014",
        "LIN+1++4711:SA", "IMD+F++:::TABLET PRESS TDP-5", "QTY+12:10:PCE", "CPS+3+1", "PAC+4++CT", "PCI+28+CASE 11-14",
        "LIN+2++4712:SA", "IMD+F++:::SPARE BELT", "QTY+12:4:PCE", "CNT+2:2"],
         "fact|message.role|commercial", "fact|1.id|bill:TDWL:900040", "fact|1.house|TDWL900040",
         "fact|1.references[qualifier=BGM].value|ASN1", "fact|1.documents[role=order].number|PO7", "fact|1.pieces|2",
         "fact|1.weight_kg|640", "fact|1.goods[1].description|TABLET PRESS TDP-5", "fact|1.goods[1].packages|-",
         "fact|1.goods[2].description|SPARE BELT", "fact|1.references[qualifier=PCI].value|CASE 11-14",
         "fact|1.parties[role=delivery].city|LAREDO", "fact|1.containers|CSQU3054383", "fact|1.seals|SEAL1",
         "%d|TDWL900040|goods.description|TABLET PRESS" % MACHINE)
    order = ["BGM+220+PO7+9", "DTM+137:202611201000:203"] + parties + ["CUX+2:USD:9"] + lines + ["UNS+S", "CNT+2:2"]
    case("orders", "an order for a pill press", "ORDERS:D:96A:UN:EAN008", order,
         "fact|message.role|commercial", "fact|1.documents[role=order].number|PO7", "fact|1.hs|847989",
         "fact|1.goods[1].value|850", "fact|1.goods[1].currency|USD", "fact|1.goods[1].net_kg|45",
         "fact|1.goods[2].description|SPARE BELT",
         "%d|reference:TDWLEDI:ORDERS:1#0|goods.description|TABLET PRESS" % MACHINE)
    case("ordrsp", "the answer to it counts nowhere", "ORDRSP:D:96A:UN", ["BGM+231+ANSWER1+29"] + order[1:],
         "fact|message.role|response", "fact|1.references[qualifier=BGM].value|ANSWER1",
         "fact|1.references[qualifier=ON].value|PO7", "fact|1.goods[1].description|TABLET PRESS TDP-5",
         "silent|reference:TDWLEDI:ORDRSP:1#0")
    case("contrl", "a syntax report", "CONTRL:4:1:UN", [
        "UCI+460+TDWLEDI+GATEWAY+7", "UCM+1+CUSDEC:D:96B:UN+4+12"],
         "fact|message.role|response", "fact|1.references[qualifier=UCI].value|460", "fact|1.notes[subject=UCI].text|7",
         "fact|1.references[qualifier=UCM].value|1", "fact|1.notes[subject=UCM].text|4")
    case("aperak", "an application's error", "APERAK:D:01B:UN", [
        "BGM+963+ERR1+27", "DTM+137:202611201145:203", "RFF+ACW:DEC1", "NAD+MR+GATEWAY", "ERC+1",
        "FTX+AAO+++NO SUCH TABLET PRESS"],
         "fact|message.role|response", "fact|1.references[qualifier=ACW].value|DEC1", "fact|1.notes[subject=ERC].text|1",
         "fact|1.notes[subject=AAO].text|NO SUCH TABLET PRESS")


def post():
    case("itmatt", "a postal message read with an unverified map: what no row takes is scanned",
         "ITMATT:1:0:UP", ["BGM+ITM+X1", "CNI+1+EE123456785CN", CZ, CN, "XXX+EE123456785CN+TABLET PRESS", "MEA+WT+G+KGM:1.5"],
         "# that the map is unverified stands in the event", "fact|message.unverified|true",
         "fact|message.role|declaration", "fact|1.shipper.name|" + e.FACTORY[0], "fact|1.weight_kg|1.5",
         "fact|1.raw|EE123456785CN;TABLET PRESS",
         "%d|EE123456785CN|raw.text|TABLET PRESS" % MACHINE)
    for name, role in (("predes", "manifest"), ("cardit", "manifest"), ("resdit", "status"), ("emsevt", "status"),
                       ("cusitm", "declaration"), ("cusrsp", "response")):
        case(name, "a postal message by its role", name.upper() + ":1:0:UP", ["BGM+1+X1", "DTM+137:20261120:102"],
             "fact|message.unverified|true", "fact|message.role|" + role, "fact|1.goods|",
             "fact|1.dates[role=issue].time|2026-11-20T00:00:00.000000Z")


for part in (transport, containers, customs, trade, post):
    part()
