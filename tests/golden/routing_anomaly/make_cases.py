#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the golden cases of routing_anomaly beside itself: NAME.edi and NAME.expect.

usage: make_cases.py

Everything in them is made up. The writer is that of examples/make_feeds.py.
What is expected stands beside each bill here, taken from the detector's
definitions (plugins/routing_anomaly/README.md), not from what it prints.
"""
import os
import sys

sys.dont_write_bytecode = True  # nothing but feeds in the folder of feeds
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "examples"))
import make_feeds as edi  # noqa: E402

POWDER = 2200005  # chemical_precursor sees light goods at the density of powder as well
LANE, TRANSIT, DETOUR, WEIGHT, SHIPPERS, PARCELS, AMENDED = range(2300001, 2300008)

# Shippers with nothing in common, one for each number.
WORDS = ("AMBER BASALT CEDAR DAHLIA EMBER FALCON GARNET HERON INDIGO JUNIPER KESTREL LAUREL MAGPIE NUTMEG "
         "OSPREY PEWTER QUARTZ RAVEN SABLE THISTLE UMBER VIOLET WILLOW XENON YARROW ZEPHYR").split()


def shipper(number, name=None):
    word = name or "%s %s TRADING CO LTD" % (WORDS[number % 26], WORDS[(number // 26 + 7 * number + 3) % 26])
    return (word, "%d %s ROAD" % (100 + 17 * number, WORDS[(number + 11) % 26]), "SHENZHEN", "", "5180%02d" % (number % 90), "CN")


def at(name, street, city, region, postcode, country="US"):
    return (name, street, city, region, postcode, country)


class Case:
    """One file: interchanges of bills, and what is expected of each."""

    def __init__(self, name, story, mode="air"):
        self.name, self.mode = name, mode
        self.lines = ["# " + line for line in story.split("\n")]
        self.interchanges = []
        self.bills = []
        self.number = 0

    def bill(self, number, text, consignee, places="HKG LAX", kg=None, pieces=1, sid=None, field="-",
             match="-", silent=True, **more):
        self.number += 1
        route = places.split()
        item = {"pieces": pieces, "type": more.pop("type", "CT"), "text": text}
        if kg is not None:
            item["kg"] = kg
        for key in ("m3", "value", "currency", "hs"):
            if key in more:
                item[key] = more.pop(key)
        ends = [("9", route[0])] + [("13", r[1:]) for r in route if r[0] == "-"]
        ends += [("11", r) for r in route[1:] if r[0] not in "->"]
        ends += [("20", r[1:]) for r in route if r[0] == ">"]
        bill = {"number": number, "places": ends, "consignee": consignee, "goods": [item],
                "shipper": more.pop("shipper", None) or shipper(self.number)}
        if self.mode == "air":
            bill["master"] = edi.awb(990, 2000000 + sum(ord(c) * 31 ** i for i, c in enumerate(number)) % 900000)
        options = "".join("|%s=%s" % (key, more.pop(key)) for key in ("related", "severity", "count") if key in more)
        bill.update(more)
        self.bills.append(bill)
        if sid:
            self.lines.append("%d|%s|%s|%s%s" % (sid, number, field, match, options))
        elif silent:
            self.lines.append("silent|%s" % number)
        return self

    def cancelled(self, number, **more):
        """A bill with nothing but its number."""
        self.bills.append({"number": number, "goods": [], **more})
        return self

    def send(self, time="202611201000", function=9, test=False, gateway="LAX"):
        reference = "%s%02d" % (self.name[:8].upper(), len(self.interchanges) + 1)
        if self.mode == "air":
            transport = edi.flight("ZZ880", "HKG", gateway, time)
        else:
            transport = edi.vessel("614E", "EVENING TIDE", "9999993", "CNSHA", gateway, time[:8])
        message = edi.manifest(reference, function, time, transport, self.bills)
        self.interchanges.append(edi.interchange(reference, time, message, "CASEEDI", test=test))
        self.bills = []
        return self

    def write(self):
        edi.write(HERE, self.name + ".edi", self.interchanges)
        with open(os.path.join(HERE, self.name + ".expect"), "w", encoding="utf-8") as file:
            file.write("\n".join(self.lines) + "\n")


BODEGA = at("NORTE SUR WAREHOUSE", "13310 MINES RD BODEGA 7", "LAREDO", "TX", "78045")


def lane():
    case = Case("lane", "Asia through a US gateway to somebody at the border who passes goods on.\n"
                        "Fires from 100 kg by air with vague, uneconomic or ownerless goods; at any weight with impossible ones.")
    case.bill("LN01", "KEYBOARDS", BODEGA, "PVG LAX", 79, m3=0.1, value=120, type="BX",
              sid=LANE, field="goods.description", match="KEYBOARDS", severity=1)
    case.lines.append("%d|LN01|-|-" % POWDER)
    case.bill("LN02", "GENERAL MERCHANDISE", at("CRUCE RAPIDO LOGISTICS LLC", "9101 SAN DARIO AVE", "LAREDO", "TX", "78041"),
              "CAN LAX", 320, 10, value=900, sid=LANE, field="goods.description", match="GENERAL MERCHANDISE")
    case.bill("LN03", "DAILY NECESSITIES", at("VALLE PARCEL SERVICE", "2201 S 23RD ST", "MCALLEN", "TX", "78503"),
              "HKG ORD", 140, 6, value=3000, sid=LANE, field="party.postcode", match="78503")
    case.bill("LN04", "ALUMINIUM COOKWARE LIDS", at("OTAY FREIGHT FORWARDING INC", "2300 OTAY CENTER DR", "SAN DIEGO", "CA", "92154"),
              "TPE LAX", 260, 12, value=390, hs="761510", sid=LANE, field="goods.value", match="390")
    case.bill("LN05", "SPARE PARTS", at("ALMACENES DEL BRAVO SA DE CV", "AV INDUSTRIAL 450", "NUEVO LAREDO", "TAM", "88275", "MX"),
              "ICN LAX >MXNLD", 180, 4, value=2500, sid=LANE, field="goods.description", match="SPARE PARTS")
    case.bill("LN06", "TOYS", at("EAGLE PASS MINI STORAGE", "1850 DEL RIO BLVD", "EAGLE PASS", "TX", "78852"),
              "SZX DFW", 88, 2, m3=0.09, value=150, sid=LANE, field="goods.description", match="TOYS")
    case.bill("LN07", "ACCESSORIES", at("BODEGA INTERNACIONAL DE NOGALES", "750 W FREEPORT DR, NOGALES AZ 85621", "", "", "", "US"),
              "HKG PHX", 210, 8, value=2000, sid=LANE, field="party.address", match="750 W FREEPORT DR NOGALES AZ 85621")
    case.bill("LN08", "CONSUMER GOODS", at("TO ORDER", "", "CALEXICO", "CA", "92231"), "SGN LAX", 150, 5, value=2500,
              sid=LANE, field="goods.description", match="CONSUMER GOODS")
    # Not: below the weight; specific goods with owner, code and value; makers, hospitals; inland.
    case.bill("LN50", "GENERAL MERCHANDISE", at("LOOP LOGISTICS LLC", "8600 KILLAM INDUSTRIAL BLVD", "LAREDO", "TX", "78045"),
              "CAN LAX", 60, 3, value=900)
    case.bill("LN51", "BALL BEARINGS FOR CONVEYORS", at("RIO BEND AUTOMOTIVE MANUFACTURING INC", "14200 BOB BULLOCK LOOP", "LAREDO", "TX", "78045"),
              "PVG LAX", 480, 10, value=19000, hs="848210", references=[("ON", "4500091238")])
    case.bill("LN52", "SURGICAL DRAPES, STERILE", at("BORDERLANDS REGIONAL HOSPITAL", "1700 MEDICAL PKWY", "EL PASO", "TX", "79902"),
              "PVG LAX", 360, 30, value=8100, hs="630790")
    case.bill("LN53", "CLASSROOM PROJECTORS", at("PASO VERDE SCHOOL DISTRICT", "400 ESCUELA ST", "EAGLE PASS", "TX", "78852"),
              "TPE DFW", 240, 24, value=19200, hs="852862")
    case.bill("LN54", "SOLAR INVERTERS", at("VALLE SUN BUILDERS LLC", "90 FRONTAGE RD", "HARLINGEN", "TX", "78550"),
              "PVG IAH", 420, 12, value=15400, hs="850440")
    case.bill("LN55", "WATER METER REGISTERS", at("CITY OF SAN LUIS WATER UTILITY", "1090 UNION ST", "SAN LUIS", "AZ", "85349"),
              "PVG LAX", 180, 6, value=7400, hs="902890")
    case.bill("LN56", "GENERAL MERCHANDISE", at("MIDWEST PARCEL SERVICE", "60 SORTING RD", "BOLINGBROOK", "IL", "60440"),
              "CAN ORD", 320, 10, value=900)
    case.bill("LN57", "CONSOLIDATED E-COMMERCE GOODS", at("PRAIRIE FULFILLMENT CENTER LLC", "1 HUB DR", "DALLAS", "TX", "75261"),
              "SZX DFW", 940, 60, value=2100)
    case.bill("LN58", "WOVEN LABELS FOR GARMENTS", at("SEAMLINE TRADING INC", "6000 ARTCRAFT RD", "EL PASO", "TX", "79932"),
              "HKG LAX", 130, 8, value=5200, hs="580710", references=[("ON", "77120")])
    case.bill("LN59", "GENERAL MERCHANDISE", at("LAGER UND FRACHT GMBH", "INDUSTRIESTRASSE 7", "VILLINGEN", "", "78045", "DE"),
              "HKG FRA", 320, 10, value=900)
    case.bill("LN60", "MACHINED HOUSINGS OF ALUMINIUM", at("BAJA AEROSPACE SYSTEMS SA DE CV", "BLVD PACIFICO 9217", "TIJUANA", "BCN", "22643", "MX"),
              "PVG LAX >MXTIJ", 290, 9, value=22300, hs="880730", references=[("ON", "MX-5518")])
    # An order in the text clears a maker's agent only with an HS line and a value that bears the freight.
    agent = at("OTAY MESA BROKERAGE LLC", "2400 OTAY CENTER DR", "SAN DIEGO", "CA", "92154")
    case.bill("LN62", "BALL SCREWS PO 22101", agent, "NRT LAX", 310, 6, value=29000, hs="848340")
    case.bill("LN09", "BALL SCREWS PO 22101", agent, "NRT LAX", 310, 6, value=900, hs="848340", sid=LANE, field="goods.value")
    case.bill("LN10", "BALL SCREWS", agent, "NRT LAX", 310, 6, value=29000, hs="848340", sid=LANE, field="party.name")
    case.bill("LN61", "GENERAL MERCHANDISE", at("RIO GRANDE BODEGA", "501 CONVENT AVE", "LAREDO", "TX", "78040"),
              "FRA IAH", 320, 10, value=9000, shipper=at("ALTSTADT HANDEL GMBH", "MARKT 4", "KASSEL", "", "34117", "DE"))
    case.send().write()


def lane_sea():
    case = Case("lane_sea", "The same lane through a seaport: from 500 kg, value does not count.", "sea")
    case.bill("SLN01", "MERCHANDISE", BODEGA, "CNSHA USLGB", 2400, 60, value=9000, sid=LANE,
              field="goods.description", match="MERCHANDISE")
    case.bill("SLN02", "SAID TO CONTAIN GENERAL CARGO", at("FLETES Y BODEGAS DEL NORTE", "45 LOGISTICS DR", "PHARR", "TX", "78577"),
              "CNNGB USLAX", 700, 20, value=4000, sid=LANE, field="goods.description", match="SAID TO CONTAIN")
    case.bill("SLN50", "MERCHANDISE", at("LOOP LOGISTICS LLC", "8600 KILLAM INDUSTRIAL BLVD", "LAREDO", "TX", "78045"),
              "CNSHA USLGB", 300, 12, value=2000)
    case.bill("SLN51", "PLASTIC RESIN PELLETS HDPE", at("FRONTERA PLASTICS MANUFACTURING INC", "12 POLYMER WAY", "EL PASO", "TX", "79936"),
              "KRPUS USLGB", 24500, 20, type="PX", value=28000, hs="390120")
    case.bill("SLN52", "CERAMIC FLOOR TILES", at("BORDER HOME CENTER DISTRIBUTION CENTER", "7700 AIRWAY RD", "SAN DIEGO", "CA", "92154"),
              "CNXMN USLAX", 26000, 24, type="PX", value=14000, hs="690721")
    case.send(gateway="USLAX").write()


def transit():
    case = Case("transit", "Bonded transit by air to Mexico of goods worth less than the freight.")
    case.bill("TR01", "CERAMIC FRAGMENTS FOR MOSAICS", at("COMERCIALIZADORA TRES RIOS SA DE CV", "CALLE 9 NO 14", "MONTERREY", "NLE", "64000", "MX"),
              "PVG LAX >MXMTY", 640, 20, value=450, hs="690790", sid=TRANSIT, field="goods.value", match="450")
    case.bill("TR02", "LAMP HOLDERS", at("IMPORTADORA LOMA ALTA SA DE CV", "AV JUAREZ 100", "GUADALAJARA", "JAL", "44100", "MX"),
              "CAN LAX >GDL", 150, 6, value=3000, currency="MXN", hs="853661", sid=TRANSIT, field="goods.value", match="3000")
    case.bill("TR50", "LAMP HOLDERS", at("ILUMINACION DEL PONIENTE SA DE CV", "AV VALLARTA 900", "GUADALAJARA", "JAL", "44110", "MX"),
              "CAN LAX >GDL", 150, 6, value=3100, hs="853661")
    case.bill("TR51", "LAMP HOLDERS", at("FOCOS Y MAS SA DE CV", "AV HIDALGO 22", "GUADALAJARA", "JAL", "44120", "MX"),
              "CAN GDL", 150, 6, value=300, hs="853661")
    case.bill("TR52", "SAMPLE BUTTONS", at("BOTONES FINOS SA DE CV", "CALLE 4", "PUEBLA", "PUE", "72000", "MX"),
              "CAN LAX >MEX", 4, 1, value=10, hs="960621")
    case.bill("TR53", "PACKING INSERTS OF PAPERBOARD", at("ENSAMBLES AUTOMOTIVE MANUFACTURING SA DE CV", "PARQUE FINSA 8", "SALTILLO", "COA", "25000", "MX"),
              "PVG ORD >MXMTY", 300, 10, value=700, hs="481960", references=[("ON", "450000771")])
    case.send().write()


def detour():
    case = Case("detour", "Routes without sense for goods that do not bear them; hubs are no anomaly.")
    # Hong Kong - Johannesburg - Sao Paulo - Los Angeles: 10,700 + 7,400 + 9,900 km for 11,600.
    case.bill("DT01", "WALL TILES", at("CERAMIC CORNER INC", "10 KILN RD", "FRESNO", "CA", "93706"),
              "HKG -JNB -GRU LAX", 240, 8, value=300, hs="690721", sid=DETOUR, field="consignment.route")
    # Five points, two of them no hubs, for paper worth 1 USD a kilogram.
    case.bill("DT02", "OFFICE PAPER", at("PAPER TRAIL SUPPLY INC", "12 REAM ST", "DENVER", "CO", "80202"),
              "SGN -BKK -DEL -NBO LAX", 300, 12, value=290, hs="480256", sid=DETOUR)
    case.bill("DT50", "WALL TILES", at("TILE OUTPOST INC", "77 GROUT RD", "FRESNO", "CA", "93706"),
              "HKG -ICN -ANC LAX", 240, 8, value=300, hs="690721")
    case.bill("DT51", "COMPUTER SERVERS", at("CLOUDBANK HOSTING INC", "9 RACK ROW", "MIAMI", "FL", "33122"),
              "TPE -DOH -FRA -PTY MIA", 240, 8, value=148000, hs="847150")
    case.bill("DT52", "WALL TILES", at("GROUT AND GO INC", "5 MORTAR CT", "NEWARK", "NJ", "07114"),
              "DEL -DXB JFK", 240, 8, value=300, hs="690721")
    case.bill("DT53", "INTEGRATED CIRCUITS", at("CHIP CIRCLE INC", "1 WAFER DR", "FRESNO", "CA", "93706"),
              "HKG -JNB -GRU LAX", 20, 2, value=90000, hs="854231")
    case.send().write()


def detour_sea():
    case = Case("detour_sea", "Ships go around continents by way of hubs.", "sea")
    case.bill("SDT50", "WOODEN PALLETS", at("LADING LUMBER BV", "HAVENWEG 8", "ROTTERDAM", "", "3011", "NL"),
              "CNSHA -SGSIN -EGPSD NLRTM", 18000, 400, type="PP", value=6000, hs="441520")
    case.bill("SDT51", "CEMENT IN BAGS", at("HARBOR CONCRETE INC", "9 SILO RD", "LOS ANGELES", "CA", "90021"),
              "CNSHA -KRPUS USLAX", 22000, 20, type="PX", value=3000, hs="252329")
    case.bill("SDT52", "SCRAP CARDBOARD", at("ANDES RECYCLING SA", "CALLE 1", "CALLAO", "", "07001", "PE"),
              "USLGB -PABLB PECLL", 20000, 30, type="BL", value=4000, hs="470710")
    case.send(gateway="USLAX").write()


def weight():
    case = Case("weight", "A weight per piece or a density the declared goods cannot have, wherever they go.")
    case.bill("WT01", "COMPUTER KEYBOARDS", at("LAKESIDE OFFICE SUPPLY INC", "88 SHORE DR", "CHICAGO", "IL", "60607"),
              "PVG ORD", 79, value=900, type="BX", sid=WEIGHT, field="goods.description", match="COMPUTER KEYBOARDS", severity=2)
    case.bill("WT02", "PLUSH TOYS", at("CUDDLE CORNER TOYS INC", "4 TEDDY LN", "ATLANTA", "GA", "30303"),
              "HKG ATL", 180, 6, m3=0.2, value=1500, sid=WEIGHT, field="goods.description", match="PLUSH TOYS")
    case.bill("WT03", "LADIES GARMENTS", at("HEMLINE FASHION INC", "6 STITCH ST", "NEW YORK", "NY", "10018"),
              "HKG JFK", 550, 5, value=4400, hs="620443", sid=WEIGHT, field="goods.description", match="GARMENTS")
    case.bill("WT04", "ARTIFICIAL FLOWERS", at("PETAL PARTY SUPPLY INC", "9 BLOOM RD", "DALLAS", "TX", "75207"),
              "CAN DFW", 60, 1, type="BG", value=400, hs="670210", sid=WEIGHT)
    case.bill("WT50", "COMPUTER KEYBOARDS", at("DESKTOP DEPOT INC", "3 CURSOR CT", "CHICAGO", "IL", "60607"),
              "PVG ORD", 520, 40, m3=3.4, value=14200, hs="847160")
    case.bill("WT51", "KEYBOARD STANDS OF STEEL", at("ENCORE MUSIC SUPPLY INC", "8 CHORD AVE", "NASHVILLE", "TN", "37203"),
              "TPE ORD", 79, 1, m3=0.1, value=900, hs="940320", type="BX")
    case.bill("WT52", "LADIES GARMENTS", at("THREADBARE FASHION INC", "61 STITCH ST", "NEW YORK", "NY", "10018"),
              "HKG JFK", 450, 1, type="PX", m3=2.1, value=9400, hs="620443")
    case.bill("WT53", "GARMENT STEAMER MACHINE", at("PRESS AND FOLD LAUNDRY SUPPLY INC", "2 SUDS WAY", "RENO", "NV", "89502"),
              "PVG LAX", 96, 1, type="BX", value=1900, hs="845130")
    case.bill("WT54", "COTTON TOWELS", at("BATHHOUSE LINENS INC", "5 TERRY CT", "BOISE", "ID", "83702"),
              "PVG SEA", 900, 30, m3=2.6, value=6100, hs="630260")
    case.bill("WT55", "TOY MOULDS OF STEEL", at("INJECTRA MANUFACTURING INC", "14 SPRUE RD", "ERIE", "PA", "16501"),
              "SZX ORD", 380, 1, type="CR", m3=0.12, value=9600, hs="848071")
    case.send().write()


def shippers():
    case = Case("shippers", "From the fourth unrelated shipper to one consignee at the border within ten days; the fifth again.\n"
                            "Repeats, a test message, a cancelled shipment and variants of one shipper do not count.")
    one = at("FRONTERA SUPPLY PARTNERS", "8411 KILLAM BLVD", "LAREDO", "TX", "78045")
    two = at("ROSA IMPORTS LLC", "77 BRIDGE ST", "HIDALGO", "TX", "78557")
    three = at("DESERT GATE IMPORTS LLC", "5 TERRACE AVE", "NOGALES", "AZ", "85621")
    four = at("PUENTE IMPORTS LLC", "31 RIVER RD", "DEL RIO", "TX", "78840")
    maker = at("RIO BEND HARNESS MANUFACTURING INC", "14200 BOB BULLOCK LOOP", "LAREDO", "TX", "78045")
    hub = at("CRUCE RAPIDO LOGISTICS LLC", "9101 SAN DARIO AVE", "LAREDO", "TX", "78041")
    goods = ["WALL HOOKS", "KITCHEN SPATULAS", "BATHROOM SHELVES OF WIRE", "DOG LEADS", "CURTAIN RODS"]
    values = dict(places="CAN LAX", pieces=2, value=900)

    def add(number, to, i, which, day_kg, **more):
        case.bill(number, goods[i], to, kg=day_kg, shipper=shipper(which), silent=False, **values, **more)
    add("SH101", one, 0, 1, 52)
    add("SH201", two, 0, 21, 52)
    add("SH301", three, 0, 11, 52)
    add("SH401", four, 0, 31, 52)
    add("SH601", maker, 0, 41, 52)
    add("SH701", hub, 0, 51, 52)
    case.send("202611100800")
    add("SH102", one, 1, 2, 47)
    add("SH202", two, 1, 21, 47)
    add("SH302", three, 1, 12, 47)
    add("SH402", four, 1, 32, 47)
    add("SH602", maker, 1, 42, 47)
    add("SH702", hub, 1, 52, 47)
    case.send("202611120800")
    # The same again: a repeat counts nothing.
    add("SH102", one, 1, 2, 47)
    case.send("202611120900")
    add("SH103", one, 2, 3, 61)
    add("SH203", two, 2, 22, 61)
    add("SH303", three, 2, 13, 61)
    add("SH403", four, 2, 33, 61)
    add("SH603", maker, 2, 43, 61)
    add("SH703", hub, 2, 53, 61)
    case.send("202611140800")
    # A test message feeds no state.
    add("SH499", four, 3, 39, 49)
    case.send("202611140900", test=True)
    # One of the three is taken back by its number alone.
    case.cancelled("SH303", master=edi.awb(990, 2000000 + sum(ord(c) * 31 ** i for i, c in enumerate("SH303")) % 900000))
    case.send("202611150800", function=1)
    add("SH104", one, 3, 4, 49, sid=SHIPPERS, related="SH101,SH102,SH103")
    add("SH204", two, 3, 23, 49)   # the third unrelated one: 21 came twice
    add("SH304", three, 3, 14, 49)
    add("SH604", maker, 3, 44, 49)
    add("SH704", hub, 3, 54, 49)
    case.send("202611160800")
    add("SH105", one, 4, 5, 58, sid=SHIPPERS, related="SH101,SH102,SH103,SH104")
    case.send("202611180800")
    # Eleven days after the first of them.
    add("SH404", four, 4, 34, 58)
    case.send("202611210900")
    for number in ("SH101 SH102 SH103 SH201 SH202 SH203 SH204 SH301 SH302 SH303 SH304 SH401 SH402 SH403 SH404 SH499 "
                   "SH601 SH602 SH603 SH604 SH701 SH702 SH703 SH704").split():
        case.lines.append("silent|" + number)
    case.write()


def variants():
    case = Case("variants", "Names and addresses as they come: one consignee under two names, shippers under two, a postcode in\n"
                            "the address line, pounds, a hub that counts where the goods say nothing.")
    street = "2100 PASEO DR"
    # One consignee, written four ways; four shippers.
    names = ["BRIGADA SUPPLY LLC", "BRIGADA SUPPLY L.L.C.", "BRIGADA SUPPLIES", "BRIGADA SUPPLY LLC"]
    for i, name in enumerate(names):
        case.bill("VA1%d" % i, ["WALL HOOKS", "KITCHEN SPATULAS", "DOG LEADS", "CURTAIN RODS"][i], at(name, street, "PRESIDIO", "TX", "79845"),
                  "CAN LAX", 40 + 9 * i, 2, value=900, shipper=shipper(60 + i), silent=i < 3,
                  **({"sid": SHIPPERS, "related": "VA10,VA11,VA12"} if i == 3 else {}))
    # Four names at one address are one shipper.
    for i, name in enumerate(("PLUM RIVER LTD", "PLUM RIVER TRADING LTD", "PLUM RIVER INTERNATIONAL", "P RIVER COMPANY")):
        case.bill("VA2%d" % i, ["WALL HOOKS", "KITCHEN SPATULAS", "DOG LEADS", "CURTAIN RODS"][i], at("MESQUITE SUPPLY LLC", "4 RIO ST", "ROMA", "TX", "78584"),
                  "CAN LAX", 40 + 9 * i, 2, value=900, shipper=at(name, "9 LOTUS ROAD", "FOSHAN", "", "528000", "CN"))
    # Two firms in one building of Laredo are two consignees.
    for i in range(4):
        case.bill("VA3%d" % i, ["WALL HOOKS", "KITCHEN SPATULAS", "DOG LEADS", "CURTAIN RODS"][i],
                  at(("ALBATROSS DECOR LLC", "GRANITE HOBBY LLC")[i % 2], "1 PLAZA TOWER", "LAREDO", "TX", "78040"),
                  "CAN LAX", 40 + 9 * i, 2, value=900, shipper=shipper(70 + i))
    # A forwarder's hub: from the fourth shipper on whose goods say nothing.
    for i in range(4):
        case.bill("VA4%d" % i, ["GENERAL MERCHANDISE", "DAILY NECESSITIES", "ACCESSORIES", "GIFTS"][i],
                  at("TRES PUENTES FREIGHT LLC", "88 BRIDGE RD", "BROWNSVILLE", "TX", "78521"),
                  "CAN LAX", 30 + 9 * i, 2, value=900, shipper=shipper(80 + i), silent=i < 3,
                  **({"sid": SHIPPERS, "related": "VA40,VA41,VA42"} if i == 3 else {}))
    # One name, its street written four ways.
    streets = ("12 INDUSTRIAL PARKWAY", "12 INDUSTRIAL PKWY STE 4", "INDUSTRIAL PARK 12", "12 INDUSTRIAL PKWAY")
    for i in range(4):
        case.bill("VA6%d" % i, ["WALL HOOKS", "KITCHEN SPATULAS", "DOG LEADS", "CURTAIN RODS"][i],
                  at("VERANO WHOLESALE LLC", streets[i], "DEL RIO", "TX", "78840"),
                  "CAN LAX", 21 + 6 * i, 1, value=990, shipper=shipper(110 + i), silent=i < 3,
                  **({"sid": SHIPPERS, "related": "VA60,VA61,VA62"} if i == 3 else {}))
    # A private person at the border is a consignee like any other; four unrelated shippers alert.
    for i in range(4):
        case.bill("VA5%d" % i, ["WALL HOOKS", "KITCHEN SPATULAS", "DOG LEADS", "CURTAIN RODS"][i],
                  at("HOLLY RENNER", "77 SAGE ST", "SAN LUIS", "AZ", "85349"),
                  "CAN LAX", 12 + 3 * i, 1, value=290, shipper=shipper(90 + i), silent=i < 3,
                  **({"sid": SHIPPERS, "related": "VA50,VA51,VA52"} if i == 3 else {}))
    case.send().write()


def shapes():
    case = Case("shapes", "Facts in other elements: the whole address in C058, no package type, pounds, two items.")
    raw = {"number": "SP01", "master": edi.awb(990, 2999901), "places": [("9", "PVG"), ("11", "LAX")],
           "goods": [{"pieces": 1, "text": "Keyboards", "kg": 45, "m3": 0.1}]}
    case.bills.append(raw)
    case.lines.append("%d|SP01|goods.description|KEYBOARDS" % LANE)
    case.lines.append("%d|SP02|goods.description|KEYBOARDS" % WEIGHT)
    case.bills.append({"number": "SP02", "master": edi.awb(990, 2999902), "places": [("9", "PVG"), ("11", "ORD")],
                       "shipper": shipper(2), "consignee": at("PORT OFFICE SUPPLY INC", "1 QUAY RD", "GARY", "IN", "46401"),
                       "goods": [{"pieces": 1, "text": "KEYBOARDS", "kg": "175.0"}]})
    case.bills.append({"number": "SP50", "master": edi.awb(990, 2999903), "places": [("9", "PVG"), ("11", "ORD")],
                       "shipper": shipper(3), "consignee": at("SLIP OFFICE SUPPLY INC", "2 QUAY RD", "GARY", "IN", "46401"),
                       "goods": [{"pieces": 30, "text": "KEYBOARDS", "kg": 300, "hs": "847160"},
                                 {"pieces": 1, "type": "CR", "text": "LASER ENGRAVING MACHINE", "kg": 260, "hs": "845611"}]})
    case.lines.append("silent|SP50")
    case.bills.append({"number": "SP51", "master": edi.awb(990, 2999904), "places": [("9", "PVG"), ("11", "ORD")],
                       "shipper": shipper(4), "consignee": at("DOCK OFFICE SUPPLY INC", "3 QUAY RD", "GARY", "IN", "46401"),
                       "goods": [{"pieces": 1, "type": "", "text": "KEYBOARDS", "kg": 380, "hs": "847160"}]})
    case.lines.append("silent|SP51")  # one piece of 380 kg is a pallet
    case.send()
    text = case.interchanges[0]
    old = "LOC+11+LAX'GID+1+1:CT'"
    assert old in text
    text = text.replace(old, "LOC+11+LAX'NAD+CZ++LINTAI OFFICE GOODS CO LTD:230 TIANSHAN ROAD:SHANGHAI CN'"
                             "NAD+CN++NORTE SUR WAREHOUSE:13310 MINES RD:LAREDO TX 78045 US'GID+1+1'", 1)
    assert "MEA+AAE+G+KGM:175.0" in text
    text = text.replace("MEA+AAE+G+KGM:175.0", "MEA+AAE+G+LBR:175").replace("GID+1+1:'", "GID+1+1'")
    count = text.count("'", text.index("UNH+"), text.index("UNT+")) + 1
    case.interchanges = [text[:text.index("UNT+")] + "UNT+%d+1'" % count + text[text.index("UNZ+"):]]
    case.write()


def placeholders():
    case = Case("placeholders", "Placeholders never join strangers.")
    for i in range(6):
        case.bill("PH%02d" % i, ["WALL HOOKS", "FISHING REELS", "VASES", "HAND FANS", "KITE LINES", "TEA STRAINERS"][i],
                  at("TO ORDER", "", "", "", "", "MX"), "CNSHA MXZLO", 300 + 70 * i, 12, value=2900)
    case.mode = "sea"
    case.send(gateway="MXZLO").write()


def parcels():
    case = Case("parcels", "The third like house of one shipper to persons within three days; named makers' orders do not count.")
    homes = [at("WALTER PIKE", "14 ELM ST", "DAYTON", "OH", "45402"), at("JUNE ABBOTT", "902 OAK AVE", "TULSA", "OK", "74103"),
             at("OMAR FIELDS", "31 PINE RD", "MACON", "GA", "31201"), at("LENA VOSS", "8 BIRCH LN", "BUTTE", "MT", "59701")]
    one = shipper(5, "ORCHID STAR TRADE LTD")
    other = shipper(9, "MAPLE FOUNTAIN LTD")
    maker = shipper(13, "LUTE AND STRING MANUFACTURING CO LTD")
    for i, kg in enumerate((2.0, 2.1, 2.05, 1.95)):
        case.bill("PC0%d" % (i + 1), "METAL FITTINGS FOR DOORS", homes[i], "HKG ORD", kg, value=45, shipper=one,
                  silent=i < 2, **({"sid": PARCELS, "related": ",".join("PC0%d" % (j + 1) for j in range(i))} if i >= 2 else {}))
    for i, kg in enumerate((2.0, 5.0, 9.0)):
        case.bill("PC5%d" % i, "BRASS DOOR KNOBS", homes[i], "HKG ORD", kg, value=45, shipper=other)
    for i in range(3):
        case.bill("PC6%d" % i, "UKULELES", homes[i], "HKG ORD", 1.2, value=95, shipper=maker,
                  references=[("ON", "WEB-%d" % (5100 + i))])
    # One order in three parcels, of a firm that is no named maker or retailer; and three orders of it.
    trader = shipper(17)
    for i in range(3):
        case.bill("PC7%d" % i, "BRASS HINGES", homes[i], "HKG ORD", 3.0 + 0.1 * i, value=45, shipper=trader,
                  references=[("ON", "7731")], silent=i < 2,
                  **({"sid": PARCELS, "related": "PC70,PC71"} if i == 2 else {}))
    for i in range(3):
        case.bill("PC8%d" % i, "WINDOW LATCHES", homes[i], "HKG ORD", 3.0, value=45, shipper=trader,
                  references=[("ON", "88%d" % i)])
    for i in range(3):
        case.bill("PCD%d" % i, "SHUTTER HOOKS, ORDER 88%d41" % i, homes[i], "HKG ORD", 3.0, value=45, shipper=trader)
    # Shippers whose names are alike, from three addresses; and three that have nothing in common.
    for i in range(3):
        case.bill("PC9%d" % i, "TAP WASHERS", homes[i], "HKG ORD", 4.0, value=45,
                  shipper=("GOLDEN PAGODA %s" % ("LTD", "TRADING", "COMPANY")[i],) + shipper(30 + i)[1:],
                  silent=i < 2, **({"sid": PARCELS, "related": "PC90,PC91"} if i == 2 else {}))
    for i in range(3):
        case.bill("PCA%d" % i, "CUPBOARD HANDLES", homes[i], "HKG ORD", 4.0, value=45, shipper=shipper(40 + i))
    # A firm's order split below the value of simple entry; and one that would have stayed below it whole.
    for i in range(3):
        case.bill("PCB%d" % i, "GEAR WHEELS", at("LATHE AND MILL INC", "5 SHOP RD", "TOLEDO", "OH", "43604"), "HKG ORD", 20.0 + i,
                  value=700, shipper=shipper(45), silent=i < 2, **({"sid": PARCELS, "related": "PCB0,PCB1"} if i == 2 else {}))
    for i in range(3):
        case.bill("PCC%d" % i, "GEAR WHEELS", at("COG AND PULLEY INC", "6 SHOP RD", "TOLEDO", "OH", "43604"), "HKG ORD", 20.0 + i,
                  value=250, shipper=shipper(46))
    case.send()
    # Four days later: out of the window.
    case.bill("PC05", "METAL FITTINGS FOR DOORS", homes[0], "HKG ORD", 2.0, value=45, shipper=one)
    case.send("202611241100")
    case.write()


def amended():
    case = Case("amended", "A shipment that had alerted is cancelled, or amended; one that had not is nobody's business.")
    case.bill("AM01", "KEYBOARDS", BODEGA, "PVG LAX", 79, m3=0.1, value=120, type="BX", sid=LANE)
    case.bill("AM02", "PLUSH TOYS", at("CUDDLE CORNER TOYS INC", "4 TEDDY LN", "ATLANTA", "GA", "30303"), "HKG ATL", 180, 6,
              m3=0.2, value=1500, sid=WEIGHT)
    case.bill("AM03", "OBOE REEDS", at("WOODWIND SUPPLY INC", "3 REED ST", "BOSTON", "MA", "02110"), "HKG BOS", 12, 2, value=3000)
    case.bill("AM04", "SINGLE PUNCH TABLET PRESS", at("CLAUDE BRENNER", "7 FERN ST", "TROY", "NY", "12180"), "HKG JFK", 70, 1, value=300,
              sid=2100001)
    masters = {bill["number"]: bill["master"] for bill in case.bills}
    case.send("202611200800")
    for number in ("AM01", "AM03", "AM04"):
        case.cancelled(number, master=masters[number])
    case.send("202611200900", function=1)
    case.bill("AM02", "PLASTIC GRANULES", at("CUDDLE CORNER TOYS INC", "4 TEDDY LN", "ATLANTA", "GA", "30303"), "HKG ATL", 180, 6,
              m3=0.2, value=1500, silent=False)
    case.send("202611201000", function=4)
    case.lines += ["%d|AM01|-|-" % POWDER, "%d|AM01|-|-" % AMENDED, "%d|AM02|-|-" % AMENDED,
                   "%d|AM04|-|-" % AMENDED]
    case.write()


def lawful():
    case = Case("lawful", "Ordinary trade: nobody's time should be spent on it.")
    rows = [
        ("MENS JACKETS AND TROUSERS", at("UNION SQUARE STORES INC", "1 DISTRIBUTION CENTER DR", "COLUMBUS", "OH", "43217"), "PVG ORD", 900, 60, 5.1, 31000, "620341"),
        ("PHONE CASES", at("GREAT LAKES FULFILLMENT CENTER LLC", "700 HUB PKWY", "JOLIET", "IL", "60433"), "SZX ORD", 620, 50, 4.0, 9900, "392690"),
        ("GENERAL CARGO CONSOLIDATION", at("BLUE HERON FREIGHT FORWARDING INC", "12 AIR CARGO RD", "CHICAGO", "IL", "60666"), "HKG ORD", 1200, 40, 7.5, 0, None),
        ("ELECTRIC MOTORS FOR WASHING MACHINES", at("NUEVO LEON APPLIANCES SA DE CV", "PARQUE INDUSTRIAL 5", "APODACA", "NLE", "66600", "MX"), "ICN MTY", 900, 20, 2.0, 18000, "850140"),
        ("ULTRASOUND PROBES", at("HOSPITAL GENERAL DE TIJUANA", "AV CENTENARIO 10851", "TIJUANA", "BCN", "22010", "MX"), "NRT LAX >TIJ", 30, 2, 0.2, 91000, "901812"),
        ("STUDIO HEADPHONES", at("MESA VERDE COLLEGE", "80 CAMPUS DR", "YUMA", "AZ", "85365"), "TPE LAX", 44, 4, 0.4, 6200, "851830"),
        ("FIREFIGHTER BOOTS AND GLOVES", at("DOUGLAS FIRE DEPARTMENT", "1400 10TH ST", "DOUGLAS", "AZ", "85607"), "PVG LAX", 160, 14, 1.1, 12800, "640192"),
        ("BIRTHDAY PRESENT, KNITTED SCARF", at("CARMEN ORTEGA", "510 CALLE DEL SOL", "LAREDO", "TX", "78041"), "ICN LAX", 0.8, 1, 0.01, 60, "621420"),
        ("RESISTANCE WELDING CONTROLLERS", at("JUAREZ ENSAMBLES AUTOMOTIVE SA DE CV", "AV TECNOLOGICO 2000", "CIUDAD JUAREZ", "CHH", "32500", "MX"), "NRT DFW >MXCJS", 340, 4, 1.6, 61000, "851521"),
        ("SPECTACLE LENSES", at("OPTICA FRONTERA SA DE CV", "CALLE 2 NO 300", "MEXICALI", "BCN", "21000", "MX"), "BKK LAX >MXL", 35, 3, 0.2, 14900, "900150"),
        ("LED FLOODLIGHTS", at("CALEXICO UNIFIED SCHOOL DISTRICT", "901 ANDRADE AVE", "CALEXICO", "CA", "92231"), "CAN LAX", 220, 12, 0.9, 8800, "940542"),
        ("SPARE PARTS", at("SONORA COPPER INDUSTRIES SA DE CV", "MINA 1", "CANANEA", "SON", "84620", "MX"), "NRT PHX >MXNOG", 120, 2, 0.4, 24000, "847490"),
    ]
    for i, (text, consignee, places, kg, pieces, m3, value, hs) in enumerate(rows):
        more = {"value": value} if value else {}
        if hs:
            more["hs"] = hs
        case.bill("LW%02d" % (i + 1), text, consignee, places, kg, pieces, m3=m3, **more)
    case.send().write()


def main():
    for case in (lane, lane_sea, transit, detour, detour_sea, weight, shippers, variants, shapes, placeholders, parcels, amended, lawful):
        case()


if __name__ == "__main__":
    main()
