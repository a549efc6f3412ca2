#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes golden cases in X12 beside itself: NAME.edi and NAME.expect. All of it is made up.

usage: make_cases.py

309 customs manifests and 310 bills of lading: texts that are cut at the columns of N10-02 (45) and
L5-02 (50), goods that stand under another heading, dangerous goods that tell what the description
does not, and lawful ones. What is expected is the policy of the detectors (their READMEs).

Then what each map reads: of the published samples in tests/corpus, as their bytes and index say, and
of messages made here after public guides.
"""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
MACHINE, PRECURSOR = 2100001, 2200001
SHIPPER = ("SHENZHEN HUIXIN TRADING CO LTD", "12 BAOAN INDUSTRY ROAD", "SHENZHEN", "GD", "518000", "CN")
# A pair that had an alert is remembered: lawful goods go between others.
MILL = ("NINGBO EASTERN TEXTILE CO LTD", "88 YINZHOU ROAD", "NINGBO", "ZJ", "315100", "CN")
SHOP = ("LAKESIDE DEPARTMENT STORES INC", "1500 LAKE STREET", "OAK PARK", "IL", "60301", "US")
FIRM = ("PACIFIC OFFICE SUPPLY INC", "900 COMMERCE AVE", "ONTARIO", "CA", "91761", "US")


def cut(text, width):
    """The text as lines of a field: cut where it is full, whatever stands there."""
    return [text[at:at + width] for at in range(0, len(text), width)]


class Feed:
    def __init__(self, name, what, kind, group, element="*", component=">", terminator="~\n"):
        self.name, self.what, self.kind, self.group = name, what, kind, group
        self.element, self.component, self.terminator = element, component, terminator
        self.messages, self.expect = [], []

    def party(self, role, party):
        name, street, city, region, postcode, country = party
        return ["N1*%s*%s" % (role, name), "N3*" + street, "N4*%s*%s*%s*%s" % (city, region, postcode, country)]

    def says(self, document, sid=None, field="goods.description", match="-"):
        self.expect.append("silent|" + document if sid is None else "%d|%s|%s|%s" % (sid, document, field, match))

    def message(self, segments):
        number = "%04d" % (len(self.messages) + 1)
        body = ["ST*%s*%s" % (self.kind, number)] + segments
        self.messages.append(body + ["SE*%d*%s" % (len(body) + 1, number)])

    def write(self, sep="*"):
        isa = "ISA*00*%10s*00*%10s*ZZ*%-15s*ZZ*%-15s*261120*1000*U*00401*000000077*0*P*%s" % (
            "", "", "CARRIER", "CUSTOMS", self.component)
        head = [isa, "GS*%s*CARRIER*CUSTOMS*20261120*1000*7*X*004010" % self.group]
        tail = ["GE*%d*7" % len(self.messages), "IEA*1*000000077"]
        lines = head + [s for message in self.messages for s in message] + tail
        text = "".join(line.replace("*", self.element) + self.terminator for line in lines)
        with open(os.path.join(HERE, self.name + ".edi"), "w", encoding="ascii", newline="") as file:
            file.write(text)
        with open(os.path.join(HERE, self.name + ".expect"), "w", encoding="ascii") as file:
            file.write("# Written by make_cases.py: %s\ncomplete|yes\n" % self.what)
            file.write("".join(line + "\n" for line in self.expect))


def bill(feed, number, goods, **more):
    """A bill of a 309: M11, parties, container, N10 lines of 45 columns, H1 behind the last."""
    lines = cut(goods, 45)
    heading = "*J*%s" % more["hs"] if "hs" in more else ""
    return (["LX*%d" % int(number[-3:]), "M11*%s*57035*%d*CTN*%d*K*12.5*X*00*SHENZHEN**MSCU" % (
                number, more.get("packages", 40), more.get("weight", 900))]
            + feed.party("SH", more.get("shipper", SHIPPER)) + feed.party("CN", more.get("consignee", FIRM))
            + ["VID*CN*MSCU*1234566*SL%s*****45G1*L" % number[-3:],
               "N10*%d*%s*N/M%s" % (more.get("packages", 40), lines[0], heading)]
            + ["N10**" + line for line in lines[1:]] + more.get("danger", []))


def manifest():
    for name, delimiters in (("manifest", {}), ("manifest_hex15", {"terminator": "\x15"}),
                             ("manifest_bars", {"element": "|", "component": ":", "terminator": "\r\n"})):
        lawful = {"shipper": MILL, "consignee": SHOP}
        f = Feed(name, "a 309: cut at 45 columns, another heading, dangerous goods", "309", "SO", **delimiters)
        segments = ["M10*MSCU*O*DK*9313917*MSC EXAMPLE*123W*654321*6*W*L", "P4*2704*20261210*6"]
        segments += bill(f, "MEX001", "COMPUTER KEYBOARDS AS PER INVOICE NO 4711 TABLET PRESS ZP9 1 SET",
                         hs="8471606000", weight=620)
        f.says("MEX001", MACHINE, match="TABLET PRESS")
        f.expect.append("fact|1.goods[1].description|COMPUTER KEYBOARDS AS PER INVOICE NO 4711 TABLET PRESS ZP9 1 SET")
        segments += bill(f, "MEX002", "INDUSTRIAL CHEMICALS, IN 25 KG DRUMS: PSEUDOEPHEDRINE HCL", weight=500)
        # Where ':' separates components the text falls into two pieces, the last of which is not full.
        f.says("MEX002", PRECURSOR, match="-" if f.component == ":" else "PSEUDOEPHEDRINE HCL")
        segments += bill(f, "MEX003", "STEEL COILS, HOT ROLLED", weight=800,
                         danger=["H1*1993*3*I*FLAMMABLE LIQUID NOS PHENYLACE*****III", "H2*TONE"])
        f.says("MEX003", PRECURSOR, match="PHENYLACETONE")
        segments += bill(f, "MEX004", "COMPUTER KEYBOARDS, WIRELESS, WITH TABLET HOLDER", hs="8471606000", **lawful)
        f.says("MEX004")
        segments += bill(f, "MEX005", "COTTON SHIRTS FOR MEN, PRESSED, ON HANGERS, AS PER ORDER 88 AND 89",
                         hs="6205202016", **lawful)
        f.says("MEX005")
        segments += bill(f, "MEX006", "PAINT, WATER BASED, WHITE", hs="3209100000", **lawful, danger=["H1*1263*3**PAINT*****III"])
        f.says("MEX006")
        f.message(segments)
        f.write()


def ladings():
    f = Feed("lading", "310s: cut at 50 columns, clauses, lawful goods", "310", "IO")
    rows = [
        ("LEX001", "1 X 20'DV 12 PALLETS OF OFFICE FURNITURE AND 1 TABLET PRESS, ROTARY, USED, 19 STATIONS", MACHINE,
         "TABLET PRESS"),
        ("LEX002", "SHIPPER LOAD AND COUNT: CLEANING AGENTS, 4-PIPERIDONE HYDROCHLORIDE 200 KG NET", PRECURSOR,
         "4 PIPERIDONE HYDROCHLORIDE"),
        ("LEX003", "NET WEIGHT 16.837 KG. MOULDINGS OF MEDIUM DENSITY FIBERBOARD (MECHANICALLY WORKED)", None, None),
        ("LEX004", "ENGINES AND MOTOR PARTS", None, None),
    ]
    for number, goods, sid, match in rows:
        f.message(["B3*B*%s*%s*PP**20261118*500****MSCU*20261118*PP" % (number, number), "B2A*00*BL",
                   "N9*BN*BK%s" % number, "V1*9313917*MSC EXAMPLE*DK*123W****L"]
                  + f.party("SH", SHIPPER if sid else MILL) + f.party("CN", FIRM if sid else SHOP)
                  + ["R4*L*UN*CNSHA*SHANGHAI*CN", "DTM*140*20261118", "R4*D*D*2704*LOS ANGELES*US", "LX*1",
                     "N7*MSCU*123456*900*G****12*X**CN******K*6****45G1", "M7*SEAL%s" % number[-3:],
                     "L0*1***900*G*12*X*12*PCS**K"]
                  + ["L5*1*" + line for line in cut(goods, 50)])
        f.says(number, sid, match=match or "-")
    f.write()


# Samples: file, facts.
SAMPLES = [
    ("x12/309_v005010_typestest.x12", "309", {
        "message.role": "manifest", "message.test": True, "1.house": "BOL123", "1.carrier": "ZZ", "1.goods[1].description[1]": "WIDGETS",
        "1.goods[1].packages": 10, "1.goods[1].un": ["1234"], "1.seals": ["SEAL1"], "1.containers": ["CONT14500"],
        "1.shipper.name": "SHIPPER"}),
    ("invalid/309_v006050_short_isa.x12", "309", {
        "1.conveyance": "VESSEL", "1.voyage": "320N", "1.destination": "USJAX", "1.documents[1].number": "123"}),
    ("x12/x12types_310_v004010_0.x12", "310", {
        "message.role": "transport document", "1.house": "IDENTIFIER123", "1.carrier": "WHT", "1.conveyance": "POLAR ECUADOR",
        "1.voyage": "234N", "1.route": ["CLSVE", "PAMIT", "USBAL"], "1.shipper.name": "MADERAS ARAUCO S.A.",
        "1.consignee.city": "ATLANTA", "1.notify.name": "GEODIS USA INC", "1.containers": ["TCNU6849731"],
        "1.seals": ["MLCL0008628"], "1.goods[1].packages": 36, "1.goods[1].gross_kg": 17007, "1.weight_kg": 17007,
        "1.volume_m3": 42.42, "1.documents[2].number": "1XXX011114", "1.notes[1].text[1]": "WHT CODE: 4411.1400",
        # Line 1 has 49 characters, line 2 48 and was cut in a word, line 3 was not.
        "1.description": "1 X 40'HC 21 PACKAGES WITH 31.320 MCUB AND 16.837NET WEIGHT . MOULDINGS OF MEDIUM DENSITY "
                       "FIBERBOARD ( MECHANICALLY WORKED (WITH SURFACED COVER ED) . REF.INT: 111111 . ALSO CONSIGNEE: "
                       "ATTN: AW"}),
    ("x12/x12types_310_v004010_2.x12", "310", {
        "1.route": ["USMEM", "USLGB", "AUMEL"], "1.containers": ["MRKU9999999"], "1.pieces": 1, "1.weight_kg": 14999.99,
        "1.goods[2].description[1]": "ENGINES AND MOTOR PARTS", "1.goods[1].packages": 30}),
    ("x12/x12types_301_v004010_0.x12", "301", {
        "message.role": "booking", "1.id": "booking:ERXX412223", "1.carrier": "SNDR", "1.shipper.city": "MUNICH",
        "1.route": ["DEWKD", "DEHAM", "BRIOA"], "1.goods[1].description[1]": "VEHICLES:PARTS", "1.weight_kg": 14000,
        "1.conveyance": "CAP SAN ANTONIO"}),
    ("x12/x12types_301_v004010_2.x12", "301", {
        "1.id": "booking:3JAX019999", "1.un": ["1325"], "1.goods[1].danger_class[1]": "4.1", "1.goods[1].packing_group[1]": "II",
        "1.goods[1].description[1]": "CHEMICALS:(NOS)"}),
    ("x12/x12types_301_v004010_4.x12", "301", {
        # Schedule D 1808, UN USPEF, Schedule K 33779 and 33776, as R402 and R404 tell.
        "1.route": ["USORL", "USPEF", "CLSAI", "CLSCL"], "1.weight_kg": 19504.47}),
    ("x12/x12types_315_v004010_0.x12", "315", {
        "message.role": "status", "1.containers": ["GMCU6094137"], "1.equipment[1].fill": "empty", "1.origin": "USMEM",
        "1.documents[1].number": "21001ASK5V9U", "1.documents[2].number": "1NAN910141", "1.conveyance": "MARIM"}),
    ("x12/x12types_315_v004010_3.x12", "315", {
        "1.containers": ["MRSU4371639"], "1.equipment[1].fill": "full", "1.equipment[1].type": "45G1", "1.seals": ["5512862"],
        "1.carrier": "SUDU", "1.route": ["KRPUS", "MXZLO", "MXQRO"], "1.voyage": "242S"}),
    ("x12/x12types_322_v004010_1.x12", "322", {
        "1.containers": ["HASU4316170"], "1.seals": ["SN1234567", "SN1234568"], "1.documents[1].number": "6PHLSA1234"}),
    ("x12/350_v005010_ba1_export.x12", "350", {
        "message.role": "status", "1.house": "BOL789", "1.documents[3].number": "ENTRY003", "1.references[1].value": "AR",
        "1.notes[1].text[1]": "EXPORT REMARK", "1.pieces": 1}),
    ("x12/353_events.x12", "353", {
        "message.role": "status", "1.references[1].value": "EVENT1", "1.places[1].code": "PORT1",
        "1.notes[1].text[1]": "EVENT NOTE"}),
    ("x12/358_consist.x12", "358", {"message.role": "status", "1.house": "CC", "1.documents[2].issuer": "AA", "1.carrier": "AAA"}),
    ("x12/x12types_204_v004010_1.x12", "204", {
        "message.role": "instruction", "1.id": "booking:3PHLT0XXXX", "1.carrier": "SUDU", "1.containers": ["MSKU9131096"],
        "1.shipper.name": "KAWASAKI MOTORS MFG CORP", "1.shipper.phone": "1 4024766600", "1.un": ["3166"],
        "1.goods[1].description[2]": "VEHICLE, FLAMMABLE LIQUID", "1.goods[1].danger_class[1]": "9"}),
    ("x12/edinet_210-MGCTLYST-SAMPLE.EDI", "210", {
        "message.role": "transport document", "1.id": "booking:75027674", "1.documents[1].number": "09851270",
        "1.carrier": "SCAC", "1.shipper.name": "CATALYST PAPER", "1.goods[1].description[1]": "SKIDS PAPER",
        "1.goods[1].gross_kg": 7889}),
    ("x12/x12types_214_v004010_0.x12", "214", {
        "message.role": "status", "1.id": "booking:99948782", "1.carrier": "XXXX", "1.references[1].value": "995551"}),
    ("x12/staedi_ts214_ellipses_segterm.edi", "214", {
        "1.id": "booking:7727019", "1.shipper.name": "HEATCO INC", "1.consignee.city": "ORLANDO", "1.weight_kg": 945.740091}),
    ("x12/edinet_990-MGCTLYST-SAMPLE.EDI", "990", {"message.role": "response", "1.id": "booking:75027674"}),
    ("x12/x12types_404_v004010_0.x12", "404", {
        "message.role": "transport document", "1.containers": ["MRSU3602965"], "1.seals": ["ML-XX0697792"],
        "1.origin": "SHANGHAI SH XX", "1.conveyance": "ANNA XXXXXX", "1.value": 209373, "1.consignee.city": "PALATINE",
        "1.goods[1].description[1]": "XXX XXXXX 112 CTNS/112 PCS HTS: 7321.11.6000", "1.pieces": 112}),
    ("x12/x12types_404_v005030_0.x12", "404", {
        "1.un": ["3077"], "1.goods[1].packing_group[1]": "III", "1.containers": ["HASU5162253"],
        "1.goods[1].description[2]": "ENVIRONMENTALLY HAZARDOUS", "1.goods[1].description[4]": "(MANCOZEB)"}),
    ("x12/x12types_856_v004010_2.x12", "856", {
        "message.role": "commercial", "1.house": "01140824", "1.carrier": "JBHT", "1.weight_kg": 20675.647409,
        "1.shipper.name": "SUPPLIER NAME", "1.consignee.name": "WAL-MART DC 6094J-JIT", "1.seals": ["30394938483234"],
        "1.goods[1].packages": 4, "1.goods[2].packages": 9}),
    ("x12/edinet_x12.850a.edi", "850", {
        "message.role": "commercial", "1.documents[1].number": "4600000406", "1.hs": ["5811.00.3000"],
        "1.consignee.city": "Laredo", "1.goods[1].packages": 2500, "1.goods[2].description[1]": "8oz Quilted Flannel"}),
    ("x12/x12-types_004010_850.edi", "850", {
        "1.documents[1].number": "A99999-01", "1.consignee.name": "BUYSNACKS PORT",
        "1.goods[7].description[1]": "MINI CHIPS LSS", "1.goods[6].packages": 85}),
    ("x12/staedi_simple997.edi", "997", {"message.role": "response", "1.references[1].value": "000001"}),
]

# Made here after public guides: type, group, segments, facts.
PARTIES = ["N1*SH*EASTERN EXPORTS LTD", "N3*1 QUAY ROAD", "N4*NINGBO**315000*CN", "N1*CN*WESTERN IMPORTS INC",
           "N4*RENO*NV*89502*US"]
MADE = [
    ("309", "SF", ["M10*ABCD*O*DK*9313917*EXAMPLE*12W*777", "P4*2709*20261210", "LX*1", "M11*BILL7*57035*5*CTN*50*K******ABCD",
                   "N1*MF*MAKER CO", "N1*SE*SELLER CO", "N1*BY*BUYER INC", "N1*ST*STORE INC", "N1*IM*IMPORTER INC",
                   "N1*CS*STUFFER LTD", "N10*5*TABLET COVERS**J*392690"],
     {"message.type": "309/SF", "message.role": "declaration", "1.house": "BILL7", "1.parties[1].role": "manufacturer",
      "1.parties[2].role": "seller", "1.parties[3].role": "buyer", "1.parties[5].role": "importer", "1.hs": ["392690"],
      "1.destination": "USLGB", "1.origin": "CNSHA"}),
    # An amendment names its bill, and the bill follows: one consignment.
    ("309", "SO", ["M10*ABCD*O*DK*9313917*EXAMPLE*12W*777", "P4*2709*20261210", "LX*1", "M13*ABCD*2709*C*BILL8",
                   "M11*BILL8*57035*5*CTN*50*K*****MAST9*ABCD*EFGH", *PARTIES, "N10*5*TOYS"],
     {"1.house": "BILL8", "1.master": "MAST9", "1.action": "change", "1.weight_kg": 50, "1.goods[1].description[1]": "TOYS"}),
    ("309", "SO", ["M10*ABCD*O*DK*9313917*EXAMPLE*12W*777", "P4*2709*20261210", "LX*1", "M13*ABCD*2709*D*X8"],
     {"1.house": "X8", "1.action": "cancel", "1.id": "house:ABCD:X8"}),
    ("355", "SO", ["M10*ABCD*O*DK*9313917*EXAMPLE*12W*777", "P4*2709*20261210", "LX*1", "M11*BILL9*57035*5*CTN*50*K******ABCD",
                   "K1*BILL ALREADY ON FILE"],
     {"message.role": "response", "1.house": "BILL9", "1.notes[1].text[1]": "BILL ALREADY ON FILE"}),
    ("300", "RO", ["B1*ABCD*BOOK1*20261120", *PARTIES, "R4*L*UN*CNNGB*NINGBO*CN", "R4*D*D*2704*LOS ANGELES*US", "LX*1",
                   "L0*1***5000*G*20*X*100*CTN**K", "L5*1*BATTERIES, LITHIUM", "H1*3480*9"],
     {"message.role": "booking", "1.id": "booking:BOOK1", "1.route": ["CNNGB", "USLAX"], "1.un": ["3480"],
      "1.description": "BATTERIES, LITHIUM", "1.goods[1].packages": 100, "1.goods[1].volume_m3": 20}),
    ("303", "RQ", ["B1*ABCD*BOOK1*20261121"], {"1.id": "booking:BOOK1", "1.action": "cancel"}),
    ("304", "SO", ["B2**ABCD**SHIP1**PP", "B2A*05", "N9*BN*BOOK1", *PARTIES, "LX*1", "N7*ABCU*123456*******S**CN",
                   "L0*1***10*G*0.1*X*1*CTN**L", "L5*1*KEYBOARDS*847160*J*CTN*MARK"],
     {"message.role": "instruction", "message.function": "replace", "1.id": "booking:BOOK1", "1.hs": ["847160"],
      "1.goods[1].marks[1]": "MARK", "1.goods[1].gross_kg": 4.535924}),
    ("312", "IO", ["B3*B*INV1*BILL3*PP", "N9*BM*BILL3", *PARTIES, "LX*1", "L0*1***10*G***1*CTN**K", "L5*1*TEA"],
     {"message.role": "transport document", "1.house": "BILL3", "1.description": "TEA"}),
    ("211", "BL", ["BOL*SCAC*PP*BOL123456*20200101", "B2A*00", "N1*SH*SHIPPER NAME*93*SHIP01", "N3*123 MAIN ST",
                   "AT1*1", "AT4*GENERAL MERCHANDISE", "AT2*10*CTN*G*L*5000", "MAN*GM*1234567890", "AT1*2",
                   "AT4*HAZARDOUS GOODS", "LH1*UN*1*UN1203", "LH2*3", "LH3*GASOLINE"],
     {"message.role": "transport document", "1.carrier": "SCAC", "1.house": "BOL123456", "1.un": ["1203"],
      "1.goods[1].gross_kg": 2267.96185, "1.goods[1].packages": 10, "1.goods[2].description[2]": "GASOLINE"}),
    ("417", "WB", ["BX*00*R*PP*WB1*ABCD", "N8*4711*20261120", "F9**CHICAGO*IL", "D9**TORONTO*ON", *PARTIES, "LX*1",
                   "L5*1*PLASTIC PELLETS", "L0*1***90000*G***1*CTN**L"],
     {"1.origin": "CHICAGO", "1.destination": "TORONTO", "1.mode": "rail", "1.references[2].value": "4711",
      "1.goods[1].gross_kg": 40823.3133}),
    ("110", "IA", ["B3*B*INV7**PP**20261120*100", "LX*1", "N9*AW*16012345675", *PARTIES, "L5*1*PHONES", "L0*1***5*G***2*CTN**K"],
     {"message.role": "transport document", "1.master": "16012345675", "1.mode": "air", "1.description": "PHONES"}),
    ("999", "FA", ["AK1*SO*7*004010", "AK2*309*0001", "AK9*A*1*1*1"],
     {"message.role": "response", "1.references[1].value": "7"}),
]


def written(value):
    """A value as a line of facts has it."""
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else "%.10g" % value


def write_facts(name, what, facts, more):
    lines = ["# Written by make_cases.py: " + what] + more
    lines += ["fact|%s|%s" % (path, written(value)) for path, value in facts.items()]
    with open(os.path.join(HERE, name + ".expect"), "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")


def samples():
    for path, kind, facts in SAMPLES:
        name = os.path.splitext(os.path.basename(path))[0].replace("-", "_").replace(".", "_").lower()
        trailer = ["exit|3"] if "856_v004010_2" in path else []  # GE announces two, and there is one
        write_facts("sample_" + name, "a published sample of %s" % kind, facts, ["input|corpus/" + path] + trailer)


def excluded():
    """Health messages are counted, and nothing of them is shown."""
    for name, codes in (("staedi_sample837-original.edi", ["anomaly|message.excluded|1", "complete|yes"]),
                        ("staedi_sample275_with_HL7_valid_BIN01.edi", ["anomaly|message.excluded|1", "anomaly|x12.binary|1", "complete|yes"])):
        write_facts("excluded_" + name[13:16], "a health message", {"shipments": "0"},
                    ["input|corpus/x12/" + name] + codes)


def cut_off():
    """A health message that ends inside its binary data is incomplete all the same."""
    f = Feed("excluded_cut", "a health message that is cut off", "275", "PI")
    f.message(["BGN*11*1*20261120", "BIN*2000*HEALTH RECORD OF NOBODY"])
    f.write()
    write_facts(f.name, f.what, {"shipments": "0"}, ["anomaly|message.excluded|1", "complete|no", "exit|3"])


def made():
    for number, (kind, group, segments, facts) in enumerate(MADE, 1):
        feed = Feed("made_%s_%d" % (kind, number), "a %s made after public guides" % kind, kind, group, terminator="~")
        feed.message(segments)
        feed.write()
        write_facts(feed.name, feed.what, facts, ["complete|yes"])


if __name__ == "__main__":
    manifest()
    ladings()
    samples()
    excluded()
    cut_off()
    made()
