# SPDX-License-Identifier: Apache-2.0
"""What the Cargo-IMP parser and its maps make of messages: from bytes to the model, as `--messages` tells it.

The messages are made up, line for line after public descriptions: grammars of FWB/14, FWB/17, FHL/5, FFM/8, FBL/4,
FFA/4 and FSA/15, published messages of FWB/16, FHL/4 and FHL/5, and CBP's lists of message line identifiers. So the
facts can be checked against those, or by hand.
"""
import common

AWB = "020-" + common.check_digit(1234567)  # 1234567 mod 7 = 5

FWB16 = f"""FWB/16
{AWB}HKGLAX/T10K79.0MC0.5
FLT/LH797/20/LH456/21
RTG/FRALH/LAXLH
SHP/ACC1
/KOWLOON PHARMA LTD
/88 NATHAN ROAD
/HONG KONG/KLN
/HK/999077/FX/85211111111/TE/85212345678
CNE
/LAREDO WAREHOUSE
/100 BORDER AVE
/LAREDO/TX
/US/78040
AGT//1234567/0011
/FAST FORWARD
/HONG KONG
SSR/A NOTE OF SIXTY-FIVE CHARACTERS IS CUT INSIDE A WORD BY MOST SEND
/ERS OF MESSAGES
NFY/MR ALSO NOTIFY
/NOTIFY ADDRESS
/AN PLACE/AN STATE
/KR/3321/TE/556644
CVD/HKD/PP/PP/NVD/1500.00/XXX
RTD/1/P4/K30.0/CQ/W30.0/R4.5/T355.50
/NG/TOOTHBRUSHES AND TOO
/2/NG/THPASTE
/3/NH/960321
/4/NH/330610
/5/P6/K49.0/CQ/W49.0/R4.5/T355.50
/NC/OTHER ASSORTED PARTS
/7/ND//CMT50-50-50/1
/8/NV/MC0.2
/9/NU/PMC12541ET
OTH/P/MYC196
PPD/WT735
/CT997.15
ISU/19NOV26/HONG KONG
OSI/PLEASE NOTIFY
REF//HK0001/FFW/CW/HKG
COR/T1
SPH/EAW/ELI
OCI/HK/ISS/RA/RANUM123
///ED/0127
/US/DNR/D/UN3480
//KC/X/KNOWN
"""

FWB17 = f"""FWB/17
{AWB}HKGLAX/T1L100
RTG/LAXCX
SHP
NAM/A COMPANY WITH A NAME OF 35 CHARACT
/ERS AND MORE
ADR/1 FIRST ROAD
/SECOND FLOOR
LOC/SHANGHAI/SH
/CN/200000/TE/8621
CNE
NAM/BETA INC
ADR/2 SECOND ST
LOC/RENO/NV
/US/89502
NFY
NAM/GAMMA LLC
CVD/USD/PP/PP/NVD/NCV/XXX
RTD/1/P1/L100
/NG/BOOKS
ISU/19NOV26/SHANGHAI
"""

FHL4 = f"""FHL/4
MBI/{AWB}HKGLAX/T30K400
HBS/HB0001/HKGSFO/4/K24.5/4/WILD CHERRY BAR
/NSC/EAW
TXT/WILD CHERRY BAR OF CHOCOLATE DIMS 13X12X15 IN X 2 DIMS 48X40X40 I
/N X 1
HTS/180632
/180690
OCI/US/SHP/T/USC7788
/US/DNR/D/UN1234
SHP/HARRIS FORD LLC
/9307 EAST 56TH STREET
/INDIANAPOLIS/IN
/US/46216/TE/13175910000
CNE/WELLA MANUFACTURING GMBH
/WELLASTRASSE 2-4
/HUENFELD
/DE/36088/TE/49665279340
CVD/USD/CC/NVD/4289.68/XXX
HBS/HB0002/PVGLAX/1/L10//TOYS
"""

FHL5 = f"""FHL/5
MBI/{AWB}ICNSGN/T23K2923
HBS/DGL080888/ICNSGN/16/K1747/4/LENS LINER
/AVI/PER
TXT/LENS LINER
SHP
NAM/AIR EXPRESS INTL
ADR/CARGO COMPLEX
LOC/AIRLINES ROAD/KOREA
/KR/1738/FX/651234567
CNE
NAM/AIE EXPRESS INTL
ADR/CENTRAL STREET 13
LOC/JAMAICA/NY
/US/11434/TE/12125550100
CVD/USD/PP/NVD/NCV/XXX
"""

FFM8 = f"""FFM/8
1/KZ134/15APR1200/HKG/JA13KZ
ANC/NIL/15APR0200/15APR0330
ORD//15APR1235
{AWB}HKGORD/S10K206MC0.15T92/SLIPPERS
/GEN/PER
/ATLKZ136/16APR
OCI/HK/ISS/RA/RA1
///ED/1299
ULD/PMC12345KZ/REMARK
020-{common.check_digit(2000000)}HKGORD/T3L10MC1.5/BOOKS
COR/T1
LAST
"""

FFR8 = f"""FFR/8
{AWB}HKGLAX/T2K15MC0.3/TOYS
/EAW
KZ134/15APR/HKGANC/NN
KZ135/16APR/ANCLAX/NN
SSR/KEEP DRY
REF/HKGFMLH/FILE1
PID/A/Q/2199
SHP/ACC1
/KOWLOON PHARMA LTD
/88 NATHAN ROAD
/HONG KONG/KLN
/HK/999077/TE/85212345678
CUS//1234567/0011
/FAST FORWARD
/HONG KONG
"""

FSU15 = f"""FSU/15
{AWB}HKGLAX/T10K79
RCS/19NOV1200/HKG/T10K79/KOWLOON PHARMA
DEP/LH797/20NOV/HKGFRA/T10K79/A1215
020-{common.check_digit(2000000)}FRALAX/P1K5T4
DLV/21NOV0900/LAX/T1K5/J SMITH
"""

FNA = f"""FNA/1
ACK/INVALID WEIGHT
FWB/16
{AWB}HKGLAX/T10K79
RTD/1/P1/K79
/NG/TABLET PRESS
"""

FRI = f"""FRI
LAXLH
{AWB}-HAWB12345
WBL/HKGPHX/T10/K79.5/KEYBOARDS AND MICE/23NOV
ARR/LH456/21NOV
AGT/LHLAXFF
SHP/KOWLOON PHARMA LTD
/88 NATHAN ROAD
/HONG KONG
/HK/999077
CNE/LAREDO WAREHOUSE
/100 BORDER AVE
/LAREDO/TX
/US/78040/1234567
CSD/CN/1500-HKD/847160
"""


def shipments(text, checks, anomalies=()):
    """The shipments of all messages in `text`, each with its message; other anomalies are failures."""
    done = common.run("--messages", "-o", "-", common.scratch("feed.imp", text.encode("latin-1")))
    found = common.events(done)
    name = text.split("\n", 1)[0]
    checks.equal(name + ": anomalies", common.anomalies(found), list(anomalies))
    checks.equal(name + ": inspection", set(common.receipts(found)), {"complete"})
    return [dict(shipment, message=event["message"]) for event in common.of_type(found, "message")
            for shipment in event["shipments"]]


def party(shipment, role):
    return next((party for party in shipment["parties"] if party["role"] == role), {})


def notes(shipment, *subjects):
    return [(note.get("country"), text) for note in shipment["notes"] if note.get("subject") in subjects
            for text in note["text"]]


def legs(shipment):
    return [(leg.get("voyage"), leg.get("from"), leg.get("to")) for leg in shipment["legs"]]


def facts(checks, name, shipment, expected):
    for key, value in expected.items():
        checks.equal("%s: %s" % (name, key), shipment.get(key), value)


def waybills(checks):
    [fwb] = shipments(FWB16, checks)
    facts(checks, "FWB/16", fwb, {
        "id": "awb:" + AWB, "level": "master", "mode": "air", "master": AWB, "carrier": "LH", "origin": "HKG",
        "destination": "LAX", "route": ["HKG", "FRA", "LAX"], "pieces": 10, "weight_kg": 79, "volume_m3": 0.5,
        "value": 1500, "currency": "HKD"})
    checks.equal("FWB/16: role", fwb["message"]["role"], "transport document")
    facts(checks, "FWB/16 shipper", party(fwb, "shipper"), {
        "id": "ACC1", "name": "KOWLOON PHARMA LTD", "address": ["88 NATHAN ROAD"], "city": "HONG KONG",
        "region": "KLN", "postcode": "999077", "country": "HK", "phone": ["85212345678"]})
    facts(checks, "FWB/16 consignee", party(fwb, "consignee"), {
        "name": "LAREDO WAREHOUSE", "city": "LAREDO", "region": "TX", "postcode": "78040", "country": "US"})
    facts(checks, "FWB/16 notify", party(fwb, "notify"), {
        "name": "MR ALSO NOTIFY", "address": ["NOTIFY ADDRESS"], "city": "AN PLACE", "country": "KR",
        "phone": ["556644"]})
    facts(checks, "FWB/16 agent", party(fwb, "forwarder"), {"name": "FAST FORWARD", "city": "HONG KONG"})
    checks.equal("FWB/16: legs", legs(fwb), [("LH797", "HKG", "FRA"), ("LH456", "FRA", "LAX")])
    facts(checks, "FWB/16 goods", fwb["goods"][0], {
        "description": ["TOOTHBRUSHES AND TOOTHPASTE"], "hs": ["960321", "330610"], "packages": 4, "gross_kg": 30})
    facts(checks, "FWB/16 goods 2", fwb["goods"][1], {
        "description": ["OTHER ASSORTED PARTS"], "packages": 6, "gross_kg": 49, "volume_m3": 0.2,
        "equipment": ["PMC12541ET"]})
    checks.equal("FWB/16: UN", fwb["un"], ["3480"])
    checks.equal("FWB/16: SSR", notes(fwb, "SSR"), [
        (None, "A NOTE OF SIXTY-FIVE CHARACTERS IS CUT INSIDE A WORD BY MOST SENDERS OF MESSAGES")])
    checks.equal("FWB/16: SPH", notes(fwb, "SPH"), [(None, "EAW"), (None, "ELI")])
    # An empty country is that of the line before.
    checks.equal("FWB/16: OCI", notes(fwb, "ISS RA", "ED", "DNR D", "KC X"), [
        ("HK", "RANUM123"), ("HK", "0127"), ("US", "UN3480"), ("US", "KNOWN")])
    [fwb] = shipments(FWB17.replace("/NG/BOOKS", "/NG/CONSOLIDATION AS PER\n/2/NG/ATTACHED LIST"), checks)
    facts(checks, "FWB/17, consolidation", fwb, {
        "level": "master", "description": "CONSOLIDATION AS PERATTACHED LIST"})
    [fwb] = shipments(FWB17, checks)
    facts(checks, "FWB/17", fwb, {"level": "simple", "weight_kg": 45.359237, "value": None})
    facts(checks, "FWB/17 shipper", party(fwb, "shipper"), {
        "name": "A COMPANY WITH A NAME OF 35 CHARACTERS AND MORE", "address": ["1 FIRST ROAD", "SECOND FLOOR"],
        "city": "SHANGHAI", "region": "SH", "postcode": "200000", "country": "CN", "phone": ["8621"]})
    facts(checks, "FWB/17 consignee", party(fwb, "consignee"), {"name": "BETA INC", "city": "RENO"})
    facts(checks, "FWB/17 notify", party(fwb, "notify"), {"name": "GAMMA LLC"})


def houses(checks):
    first, second = shipments(FHL4, checks)
    facts(checks, "FHL/4", first, {
        "id": "house:%s/HB0001" % AWB, "level": "house", "master": AWB, "house": "HB0001", "origin": "HKG",
        "destination": "SFO", "pieces": 4, "weight_kg": 24.5, "value": 4289.68, "currency": "USD", "un": ["1234"],
        "hs": ["180632", "180690"]})
    checks.equal("FHL/4: goods", first["goods"][0]["description"], [
        "WILD CHERRY BAR", "WILD CHERRY BAR OF CHOCOLATE DIMS 13X12X15 IN X 2 DIMS 48X40X40 IN X 1"])
    checks.equal("FHL/4: one item of goods", len(first["goods"]), 1)
    facts(checks, "FHL/4 shipper", party(first, "shipper"), {
        "name": "HARRIS FORD LLC", "address": ["9307 EAST 56TH STREET"], "city": "INDIANAPOLIS", "region": "IN",
        "postcode": "46216", "country": "US", "phone": ["13175910000"]})
    facts(checks, "FHL/4 consignee", party(first, "consignee"), {
        "name": "WELLA MANUFACTURING GMBH", "city": "HUENFELD", "country": "DE"})
    checks.equal("FHL/4: SPH", notes(first, "SPH"), [(None, "NSC"), (None, "EAW")])
    facts(checks, "FHL/4, second house", second, {
        "house": "HB0002", "master": AWB, "origin": "PVG", "pieces": 1, "weight_kg": 4.535924, "value": None,
        "parties": []})
    [house] = shipments(FHL5, checks)
    facts(checks, "FHL/5 consignee", party(house, "consignee"), {
        "name": "AIE EXPRESS INTL", "address": ["CENTRAL STREET 13"], "city": "JAMAICA", "region": "NY",
        "postcode": "11434", "phone": ["12125550100"]})


def flights(checks):
    part, whole = shipments(FFM8, checks)
    [short, _] = shipments(FFM8.replace(AWB + "HKGORD", AWB + "ORD"), checks)
    facts(checks, "FFM/8, without origin", short, {"destination": "ORD", "part_pieces": 10})
    checks.equal("FFM/8, without origin: places", short["places"], [{"role": "final", "code": "ORD"}])
    # A part: 10 of 92 pieces; its weight is not the consignment's.
    facts(checks, "FFM/8, part", part, {
        "id": "awb:" + AWB, "pieces": 92, "weight_kg": None, "origin": "HKG", "destination": "ORD",
        "part": "split", "part_pieces": 10, "part_weight_kg": 206, "description": "SLIPPERS"})
    checks.equal("FFM/8: legs", legs(part), [("KZ134", "HKG", "ORD"), ("KZ136", "ORD", "ATL")])
    checks.equal("FFM/8: notes", notes(part, "SPH", "ISS RA", "ED"), [
        (None, "GEN"), (None, "PER"), ("HK", "RA1"), ("HK", "1299")])
    facts(checks, "FFM/8, whole", whole, {
        "part": "total", "pieces": 3, "weight_kg": 4.535924, "volume_m3": 1.5, "containers": ["PMC12345KZ"]})
    checks.equal("FFM/8: no unit load before the line that names one", part["containers"], [])
    [booking] = shipments(FFR8, checks)
    facts(checks, "FFR/8", booking, {
        "id": "awb:" + AWB, "pieces": 2, "weight_kg": 15, "volume_m3": 0.3, "description": "TOYS"})
    checks.equal("FFR/8: role", booking["message"]["role"], "booking")
    checks.equal("FFR/8: legs", legs(booking), [("KZ134", "HKG", "ANC"), ("KZ135", "ANC", "LAX")])
    checks.equal("FFR/8: customer", party(booking, "forwarder").get("name"), "FAST FORWARD")
    facts(checks, "FFR/8 shipper", party(booking, "shipper"), {
        "id": "ACC1", "name": "KOWLOON PHARMA LTD", "address": ["88 NATHAN ROAD"], "city": "HONG KONG",
        "region": "KLN", "country": "HK", "postcode": "999077", "phone": ["85212345678"]})
    # A part of ten pieces: the weight is the part's.
    [booking] = shipments(FFR8.replace("/T2K15MC0.3/", "/P2K15T10/"), checks)
    facts(checks, "FFR/8, part", booking, {
        "part": "part", "pieces": 10, "weight_kg": None, "part_pieces": 2, "part_weight_kg": 15})


def answers(checks):
    first, second = shipments(FSU15, checks)
    checks.equal("FSU/15: role", first["message"]["role"], "status")
    facts(checks, "FSU/15", first, {"id": "awb:" + AWB, "pieces": 10, "weight_kg": 79, "goods": []})
    checks.equal("FSU/15: status", notes(first, "RCS", "DEP"), [
        (None, "19NOV1200 HKG T10K79 KOWLOON PHARMA"), (None, "LH797 20NOV HKGFRA T10K79 A1215")])
    facts(checks, "FSU/15, part", second, {
        "pieces": 4, "weight_kg": None, "part": "part", "part_pieces": 1, "part_weight_kg": 5, "origin": "FRA"})
    checks.equal("FSU/15: second", notes(second, "DLV"), [(None, "21NOV0900 LAX T1K5 J SMITH")])
    [answer] = shipments(FNA, checks)
    checks.equal("FNA: role", answer["message"]["role"], "response")
    facts(checks, "FNA", answer, {"id": "awb:" + AWB, "goods": []})
    checks.equal("FNA: reason", notes(answer, "ACK"), [(None, "INVALID WEIGHT")])


def customs(checks):
    [house] = shipments(FRI, checks)
    facts(checks, "FRI", house, {
        "id": "house:%s/HAWB12345" % AWB, "level": "house", "action": "original", "origin": "HKG",
        "destination": "PHX", "pieces": 10, "weight_kg": 79.5, "description": "KEYBOARDS AND MICE",
        "carrier": "LH", "hs": ["847160"]})
    facts(checks, "FRI goods", house["goods"][0], {"origin": "CN", "value": 1500, "currency": "HKD"})
    checks.equal("FRI: legs", legs(house), [("LH456", "HKG", "LAX")])
    checks.equal("FRI: unverified", house["message"].get("unverified"), None)
    [joined] = shipments(FRI.replace("T10/K79.5/", "T10K79.5/"), checks)
    facts(checks, "FRI, weight behind the pieces", joined, {
        "pieces": 10, "weight_kg": 79.5, "description": "KEYBOARDS AND MICE"})
    [bare] = shipments(FRI.replace("/KEYBOARDS AND MICE/23NOV", ""), checks, ["map.missing"])
    facts(checks, "FRI without a text", bare, {"weight_kg": 79.5, "description": None})
    facts(checks, "FRI consignee", party(house, "consignee"), {
        "name": "LAREDO WAREHOUSE", "city": "LAREDO", "region": "TX", "postcode": "78040", "country": "US"})
    [amended] = shipments(FRI.replace("FRI", "FRC", 1), checks)
    checks.equal("FRC: action", amended["action"], "change")
    [cancelled] = shipments(f"FRX\nLAXLH\n{AWB}-HAWB12345\n", checks)
    facts(checks, "FRX", cancelled, {"id": house["id"], "action": "cancel"})
    [master] = shipments(f"FRI\nLAXLH\n{AWB}-M\nWBL/HKG/T3/K9/CONSOLIDATION\n", checks)
    facts(checks, "FRI, master", master, {"id": "awb:" + AWB, "level": "master"})
    [error] = shipments(f"FER\nLH456/21NOV\n{AWB}-HAWB12345\nERR/101INVALID WBL\n", checks)
    checks.equal("FER: flight", legs(error), [("LH456", None, None)])
    checks.equal("FER: error", notes(error, "ERR"), [(None, "101INVALID WBL")])
    [left] = shipments("FDM\nDEP/LH456/21NOV/20NOV1200/LH456\n", checks)
    checks.equal("FDM: flight", legs(left), [("LH456", None, None)])
    [hold] = shipments(f"FSN\nLAXLH\n{AWB}-HAWB12345\nARR/LH456/21NOV\nCSN/1H-10/21NOV1200\n", checks)
    facts(checks, "FSN", hold, {"id": house["id"], "carrier": "LH"})
    checks.equal("FSN: status", notes(hold, "CSN"), [(None, "1H-10 21NOV1200")])
    checks.equal("FSN: role", hold["message"]["role"], "status")
    [warned] = shipments(f"PSN\nLAXLH\n{AWB}-HAWB12345\nCSN/SF/19NOV1200\n", checks)
    checks.equal("PSN: unverified", warned["message"]["unverified"], True)


def headers(checks):
    """Addresses, a repetition, and a line of nobody's."""
    head = "=HEADER\nRCV,2026/11/19 12:00\n=PRIORITY\nQU\n=DESTINATION TYPE B\nSTX,HKGFMLH\n=ORIGIN\nFRAFMLH\n" \
           "=MSGID\n191200\n=TEXT\n"
    [first, second] = shipments(head + FHL5 + "PDM\n" + FHL5 + "and a word of mine: TABLET PRESS\n", checks,
                                ["cargo_imp.line"])
    facts(checks, "header", first["message"], {
        "sender": "FRAFMLH", "recipient": "HKGFMLH", "interchange": "191200"})
    checks.equal("an original", first["action"], "unknown")
    checks.equal("a duplicate", second["action"], "duplicate")
    checks.equal("a broken line is a note", notes(second, "LINE"), [(None, "and a word of mine: TABLET PRESS")])


def envelopes(checks):
    """An EDIFACT envelope, which the EDIFACT parser knows as well: whose message it is, UNH says."""
    data = ("UNA:+.? 'UNB+IATA:1+AGT01HKG:PIMA+LH/FRA85:PIMA+261119:1200+51+0'UNH+1+CIMFHL:0+51'" + FHL5
            + "'UNT+3+1'UNZ+1+51'\n")
    [house] = shipments(data, checks)
    facts(checks, "envelope", house["message"], {
        "format": "cargo_imp", "type": "FHL", "version": "5", "sender": "AGT01HKG", "recipient": "LH/FRA85"})
    facts(checks, "envelope", house, {"house": "DGL080888"})
    others = common.interchange([common.message([common.bill(1)])])
    found = common.of_type(common.events(common.run(
        "--messages", "-o", "-", common.scratch("other.edi", others))), "message")
    checks.equal("EDIFACT itself is left alone", [event["message"]["format"] for event in found], ["edifact"])


def cuts(checks):
    """What was cut is inspected as far as it goes, and said to be incomplete."""
    whole = "\x01QU HKGFMLH\n.FRAFMLH 191200\n\x02" + FWB16 + "\x03"
    for name, text, exit_status, expected in (
            ("whole", whole, 0, []), ("without its end mark", whole[:-1], 3, ["cargo_imp.end_mark"]),
            ("within a line", FWB16[:FWB16.index("/NG/") + 14], 3, ["cargo_imp.truncated"]),
            ("a list", FFM8[:-5], 3, ["cargo_imp.list_end"])):
        done = common.run("--messages", "-o", "-", common.scratch("feed.imp", text.encode("latin-1")))
        found = common.events(done)
        checks.equal("cut %s: anomalies" % name, common.anomalies(found), expected)
        checks.equal("cut %s: exit status" % name, done.status, exit_status)
        checks.check("cut %s: what is there was read" % name, AWB in done.out.decode("utf-8"))


def main():
    checks = common.Checks()
    waybills(checks)
    houses(checks)
    flights(checks)
    answers(checks)
    customs(checks)
    headers(checks)
    envelopes(checks)
    cuts(checks)
    checks.end()


if __name__ == "__main__":
    main()
