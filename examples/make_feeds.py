#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the example feeds of this folder: made up, the same bytes every time.

usage: make_feeds.py [FOLDER]

Ports, airports, postcodes and HS lines are real, everything else is invented:
carriers (TDWL, ZZ), numbers, firms, persons, streets.
"""
import os
import re
import sys

SEPARATOR = "'"


def escape(text):
    """Release characters for what would end a component, element or segment."""
    for character in "?':+":
        text = text.replace(character, "?" + character)
    return text


def awb(prefix, serial):
    """An air waybill number: the eighth digit is the remainder of the first seven by 7."""
    return "%03d-%07d%d" % (prefix, serial, serial % 7)


def container(prefix, serial):
    """ISO 6346: letters count from 10 leaving out multiples of 11, weights are powers of two."""
    text = "%s%06d" % (prefix, serial)
    values = {c: v for c, v in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                                   [n for n in range(10, 39) if n % 11])}
    total = sum((values.get(c) or int(c)) << i for i, c in enumerate(text))
    return "%s%d" % (text, total % 11 % 10)


def party(qualifier, name, street, city, region, postcode, country):
    return "NAD+%s+++%s+%s+%s+%s+%s+%s" % (
        qualifier, escape(name), escape(street), escape(city), region, postcode, country)


def free_text(text, width=70):
    """FTX+AAA as carriers write it: five components of 70, cut wherever the seventieth falls."""
    pieces = [text[i:i + width] for i in range(0, len(text), width)][:5]
    return "FTX+AAA+++" + ":".join(escape(piece) for piece in pieces)


def goods(number, item):
    """One goods item group; `item` is a dictionary."""
    segments = ["GID+%d+%d:%s" % (number, item["pieces"], item.get("type", "CT")),
                free_text(item["text"])]
    if "marks" in item:
        segments.append("PCI+28+" + escape(item["marks"]))
    if "kg" in item:
        segments.append("MEA+AAE+G+KGM:%s" % item["kg"])
    if "m3" in item:
        segments.append("MEA+AAE+AAW+MTQ:%s" % item["m3"])
    if "value" in item:
        segments.append("MOA+44:%s:%s" % (item["value"], item.get("currency", "USD")))
    if "hs" in item:
        segments.append("PIA+5+%s:HS" % item["hs"])
    for box in item.get("containers", []):
        segments.append("SGP+%s+%d" % (box, item["pieces"]))
    if "dg" in item:
        segments.append("DGS+IMD+%s+%s" % item["dg"])
    return segments


def consignment(number, bill):
    """One CNI group; `bill` is a dictionary."""
    segments = ["CNI+%d+%s" % (number, bill["number"])]
    if "master" in bill:
        segments.append("RFF+%s:%s" % (bill.get("master_qualifier", "MWB"), bill["master"]))
    for qualifier, value in bill.get("references", []):
        segments.append("RFF+%s:%s" % (qualifier, escape(value)))
    for qualifier, code in bill.get("places", []):
        segments.append("LOC+%s+%s" % (qualifier, code))
    for qualifier, name in (("CZ", "shipper"), ("CN", "consignee"), ("N1", "notify")):
        if name in bill:
            segments.append(party(qualifier, *bill[name]))
    for i, item in enumerate(bill["goods"], 1):
        segments += goods(i, item)
    return segments


def interchange(reference, time, message, sender="TDWLEDI", recipient="GATEWAY", test=False):
    """One interchange of one message. `message` lists the segments between UNH and UNT."""
    body = ["UNH+1+CUSCAR:D:95B:UN"] + message
    body.append("UNT+%d+1" % (len(body) + 1))
    head = "UNB+UNOC:3+%s+%s+%s:%s+%s" % (sender, recipient, time[2:8], time[8:12], reference)
    if test:
        head += "++++++1"
    return SEPARATOR.join([head] + body + ["UNZ+1+%s" % reference]) + SEPARATOR


def manifest(number, function, time, transport, bills, equipment=()):
    """The segments of a CUSCAR cargo report."""
    segments = ["BGM+785+%s+%s" % (number, function), "DTM+137:%s:203" % time] + list(transport)
    segments += equipment
    for i, bill in enumerate(bills, 1):
        segments += consignment(i, bill)
    return segments


def vessel(voyage, ship, imo, loading, discharge, arrival):
    return ["TDT+20+%s+1++TDWL:172:20+++%s:146::%s" % (voyage, imo, escape(ship)),
            "LOC+9+%s" % loading, "LOC+11+%s" % discharge, "DTM+132:%s:102" % arrival]


def flight(number, loading, discharge, arrival):
    return ["TDT+20+%s+4++ZZ:172:3" % number, "LOC+9+%s" % loading, "LOC+11+%s" % discharge,
            "DTM+132:%s:203" % arrival]


def write(folder, name, interchanges):
    """One file; a line feed behind each segment, as many gateways deliver it."""
    text = "".join(interchanges).replace("?'", "\0").replace(SEPARATOR, SEPARATOR + "\n")
    with open(os.path.join(folder, name), "w", encoding="latin-1", newline="") as file:
        file.write(text.replace("\0", "?'"))


# ---- the ocean manifest ---------------------------------------------------------------

SHANGHAI = ("CNSHA", "SHANGHAI", "", "200120", "CN")
NINGBO = ("CNNGB", "NINGBO", "", "315000", "CN")
YANTIAN = ("CNYTN", "SHENZHEN", "", "518081", "CN")
QINGDAO = ("CNTAO", "QINGDAO", "", "266000", "CN")
XIAMEN = ("CNXMN", "XIAMEN", "", "361000", "CN")
HONG_KONG = ("HKHKG", "HONG KONG", "", "", "HK")
KAOHSIUNG = ("TWKHH", "KAOHSIUNG", "", "806", "TW")
BUSAN = ("KRPUS", "BUSAN", "", "48943", "KR")
TOKYO = ("JPTYO", "TOKYO", "", "1350064", "JP")
HAIPHONG = ("VNHPH", "HAI PHONG", "", "180000", "VN")
CAI_MEP = ("VNVUT", "HO CHI MINH CITY", "", "700000", "VN")
LAEM_CHABANG = ("THLCH", "CHONBURI", "", "20230", "TH")
PORT_KLANG = ("MYPKG", "SHAH ALAM", "", "40150", "MY")
JAKARTA = ("IDJKT", "TANGERANG", "", "15117", "ID")
NHAVA_SHEVA = ("INNSA", "MUMBAI", "", "400707", "IN")

# shipper, street, origin | consignee, street, city, state, postcode, discharge |
# text, HS, pieces, type, kg, m3, value | more
OCEAN = [
    ("JINHAI GARMENT CO LTD", "88 FENGHE ROAD", SHANGHAI,
     "CEDAR LANE APPAREL INC", "4400 HARBOR GATE DR", "CARSON", "CA", "90745", "USLAX",
     "MEN S COTTON KNITTED T-SHIRTS 95 PERCENT COTTON 5 PERCENT ELASTANE", "610910", 820, "CT", 9020, 58.2, 71400, {}),
    ("TAIHUA TOYS FACTORY LIMITED", "12 LONGTENG INDUSTRIAL ZONE", YANTIAN,
     "BRIGHT KITE TOYS LLC", "7100 COMMERCE CENTER BLVD", "ONTARIO", "CA", "91761", "USLAX",
     "PLASTIC TOYS BATTERY OPERATED CARS AND PLUSH TOYS, PO 448120", "950300", 1240, "CT", 8600, 66.0, 88300, {}),
    ("ORIENTAL LAKE FURNITURE CO LTD", "9 HEPING AVENUE", NINGBO,
     "MAPLE HARBOR HOME FURNISHINGS", "2200 DISTRIBUTION WAY", "TACOMA", "WA", "98421", "USTIW",
     "WOODEN DINING CHAIRS AND TABLES KNOCKED DOWN", "940161", 310, "CT", 11800, 64.5, 38900, {}),
    ("SUNFIELD ELECTRONICS CO LTD", "55 KEJI ROAD", KAOHSIUNG,
     "WESTGATE COMPUTER SUPPLY INC", "910 TECHNOLOGY DR", "FREMONT", "CA", "94538", "USOAK",
     "COMPUTER KEYBOARDS AND MICE FOR DESKTOP USE", "847160", 1500, "CT", 12300, 61.7, 214000, {}),
    ("HANSEONG TIRE CO LTD", "30 SINHANG RO", BUSAN,
     "PACIFIC ROADS TIRE DISTRIBUTION", "1500 PORT ACCESS RD", "LONG BEACH", "CA", "90813", "USLGB",
     "NEW PNEUMATIC RADIAL TIRES FOR PASSENGER CARS 205/55R16", "401110", 1180, "PP", 11210, 67.0, 59000, {}),
    ("VIET SONG FOOTWEAR JSC", "KM 14 NATIONAL ROAD 5", HAIPHONG,
     "STRIDEWELL FOOTWEAR INC", "3600 RAIL SPUR RD", "SUMNER", "WA", "98390", "USSEA",
     "LADIES SPORTS SHOES WITH RUBBER SOLES TEXTILE UPPERS", "640411", 980, "CT", 7900, 62.3, 142000, {}),
    ("MEKONG DELTA SEAFOOD CO", "2 TRAN HUNG DAO", CAI_MEP,
     "GOLDEN GULL SEAFOODS INC", "18 COLD STORE ROW", "OAKLAND", "CA", "94607", "USOAK",
     "FROZEN PANGASIUS FILLETS IN CARTONS OF 10 KG, KEEP AT MINUS 18 C", "030462", 2100, "CT", 21900, 52.0, 67800, {}),
    ("SIAM GOLDEN RICE CO LTD", "118 SUKHUMVIT ROAD", LAEM_CHABANG,
     "LOTUS POND FOODS INC", "640 FOODLAND AVE", "CITY OF INDUSTRY", "CA", "91746", "USLAX",
     "THAI HOM MALI RICE IN BAGS OF 25 KG", "100630", 880, "BG", 22050, 31.0, 24100, {}),
    ("KLANG VALLEY LATEX SDN BHD", "LOT 7 JALAN PERINDUSTRIAN", PORT_KLANG,
     "CLEARWATER MEDICAL SUPPLY INC", "77 HOSPITAL PARK DR", "PORTLAND", "OR", "97210", "USTIW",
     "NITRILE EXAMINATION GLOVES POWDER FREE NON STERILE", "401519", 2600, "CT", 14300, 60.0, 54700, {}),
    ("PT NUSANTARA RATTAN", "JL INDUSTRI RAYA 22", JAKARTA,
     "ISLE HOME DECOR LLC", "505 SHOWROOM PLAZA", "LOS ANGELES", "CA", "90021", "USLAX",
     "RATTAN BASKETS AND WOVEN SEAGRASS BASKETS", "460212", 740, "CT", 4100, 59.5, 29800, {}),
    ("DECCAN STONE EXPORTS PVT LTD", "PLOT 4 MIDC", NHAVA_SHEVA,
     "GRANITE RIDGE SURFACES INC", "2900 QUARRY RD", "KENT", "WA", "98032", "USSEA",
     "POLISHED GRANITE SLABS 2 CM AND 3 CM", "680223", 14, "CR", 24100, 9.2, 18700, {}),
    ("SHANGHAI HONGYUN VALVE CO LTD", "2001 BAOSHAN ROAD", SHANGHAI,
     "SIERRA FLOW CONTROLS INC", "840 FOUNDRY ST", "RENO", "NV", "89502", "USOAK",
     "CAST STEEL GATE VALVES CLASS 150 WITH FLANGES", "848180", 22, "CS", 13150, 14.1, 81900, {}),
    ("QINGDAO BLUE COAST CHEMICAL CO LTD", "1 HUANGHE ROAD", QINGDAO,
     "CASCADE COATINGS MANUFACTURING INC", "6100 RESIN WAY", "VANCOUVER", "WA", "98661", "USSEA",
     "ACETONE, TECHNICAL GRADE, IN STEEL DRUMS", "291411", 80, "DR", 13600, 17.9, 15900, {"dg": ("3", "1090")}),
    ("NINGBO SEVEN STARS BATTERY CO LTD", "78 BINHAI ROAD", NINGBO,
     "HIGH DESERT SOLAR STORAGE INC", "3300 SUNRISE HWY", "PHOENIX", "AZ", "85034", "USLGB",
     "LITHIUM ION BATTERIES FOR ENERGY STORAGE 48V 100AH", "850760", 120, "CT", 6200, 8.8, 132000, {"dg": ("9", "3480")}),
    ("XIAMEN RIVERSIDE STONEWARE CO", "16 HULI AVENUE", XIAMEN,
     "TABLE AND TERRACE INC", "1200 KITCHEN SQUARE", "HAYWARD", "CA", "94545", "USOAK",
     "CERAMIC DINNER PLATES AND STONEWARE MUGS", "691200", 1320, "CT", 17800, 40.7, 36500, {}),
    ("HARBOUR CREST WATCHES LTD", "3 KWUN TONG ROAD", HONG_KONG,
     "MERIDIAN GIFTS AND TIME INC", "450 MARKET PLAZA", "SAN FRANCISCO", "CA", "94103", "USOAK",
     "QUARTZ WRIST WATCHES WITH STAINLESS STEEL CASE", "910211", 140, "CT", 1680, 5.0, 96000, {}),
    ("KANTO PRECISION MACHINE CO LTD", "4-2 AOMI KOTO-KU", TOKYO,
     "ALPINE MACHINE TOOL SALES INC", "75 SPINDLE CT", "TUKWILA", "WA", "98188", "USSEA",
     "CNC VERTICAL MACHINING CENTER MODEL VM-560 SERIAL 11207", "845710", 1, "CR", 6900, 18.3, 118000, {}),
    ("BUSAN MARINE PLYWOOD CO", "101 GAMCHEON RO", BUSAN,
     "NORTHWEST PANEL SUPPLY INC", "900 LUMBER YARD RD", "TACOMA", "WA", "98409", "USTIW",
     "PLYWOOD SHEETS 18 MM FILM FACED", "441233", 24, "PE", 22900, 46.0, 21500, {}),
    ("LUCKY CLOUD STATIONERY CO LTD", "66 YIWU ROAD", NINGBO,
     "SCHOOLBELL SUPPLY INC", "8800 BACKPACK BLVD", "RIALTO", "CA", "92376", "USLAX",
     "BALLPOINT PENS, PENCILS AND STICKERS FOR SCHOOL USE", "960810", 610, "CT", 7300, 27.4, 41200, {}),
    ("YUELAI CHRISTMAS GIFTS FACTORY", "7 XIANGYANG ROAD", YANTIAN,
     "FESTIVE HOUSE IMPORTS INC", "1010 WREATH AVE", "FONTANA", "CA", "92335", "USLAX",
     "ARTIFICIAL CHRISTMAS TREES AND LED STRING LIGHTS", "950510", 930, "CT", 8200, 65.9, 52600, {}),
    ("SHANGHAI TENGDA PAPER MACHINERY CO LTD", "300 JIADING HIGHWAY", SHANGHAI,
     "SALISH PACKAGING MANUFACTURING INC", "22 CORRUGATED LN", "EVERETT", "WA", "98203", "USSEA",
     "PAPER CUP FORMING MACHINE WITH SPARE MOULDS FOR PAPER CUPS", "844130", 3, "CR", 4900, 21.0, 62500, {}),
    ("TAINAN FASTENER INDUSTRIES CO LTD", "12 GUANTIAN ROAD", KAOHSIUNG,
     "RIVET CITY HARDWARE INC", "400 BOLT ST", "VERNON", "CA", "90058", "USLGB",
     "STEEL SCREWS, BOLTS AND NUTS, ZINC PLATED", "731815", 36, "PX", 25800, 16.5, 48900, {}),
    ("SEOUL BEAUTY LAB CO LTD", "45 SEONGSU RO", BUSAN,
     "ROSE QUARTZ COSMETICS INC", "2300 FASHION DISTRICT WAY", "LOS ANGELES", "CA", "90015", "USLAX",
     "FACIAL SHEET MASKS AND SKIN CREAM", "330499", 860, "CT", 9900, 30.4, 158000, {}),
    ("SAIGON COFFEE ROASTERS CO", "18 NGUYEN HUE", CAI_MEP,
     "DRIFTWOOD COFFEE COMPANY", "60 ROASTERY ROW", "SEATTLE", "WA", "98134", "USSEA",
     "COFFEE CAPSULES OF ALUMINIUM, FILLED, AND CAPSULE COFFEE MACHINES FOR THE HOME", "090121", 700, "CT", 6100, 34.0, 73900, {}),
    ("BANGKOK FRUIT CANNERS PCL", "200 BANG NA ROAD", LAEM_CHABANG,
     "ORCHARD GATE GROCERS INC", "555 PANTRY RD", "STOCKTON", "CA", "95206", "USOAK",
     "CANNED PINEAPPLE SLICES IN LIGHT SYRUP", "200820", 1500, "CT", 23800, 29.0, 31700, {}),
    ("SELANGOR RUBBERWOOD SDN BHD", "9 JALAN KAPAR", PORT_KLANG,
     "EVERGREEN BEDROOM OUTLET INC", "70 OUTLET PKWY", "AUBURN", "WA", "98001", "USTIW",
     "RUBBERWOOD BEDROOM FURNITURE, BEDS AND NIGHTSTANDS", "940350", 260, "CT", 10900, 60.6, 34600, {}),
    ("CHENNAI AUTO COMPONENTS LTD", "22 ORAGADAM ROAD", NHAVA_SHEVA,
     "GOLDEN STATE BRAKE PARTS INC", "19 ROTOR RD", "COMPTON", "CA", "90220", "USLGB",
     "BRAKE DISCS AND BRAKE PADS FOR PASSENGER CARS PO 77310", "870830", 40, "PX", 21900, 17.2, 69500, {}),
    ("XIAMEN SKYLINE LUGGAGE CO LTD", "31 TONGAN ROAD", XIAMEN,
     "WANDERWELL TRAVEL GOODS INC", "85 TERMINAL DR", "BURBANK", "CA", "91502", "USLAX",
     "SUITCASES OF POLYCARBONATE AND BACKPACKS", "420212", 640, "CT", 5300, 63.3, 47100, {}),
    ("QINGDAO HAIXIN TEXTILE CO LTD", "900 JIAOZHOU ROAD", QINGDAO,
     "HARVEST MOON LINENS INC", "41 COTTON CT", "TRACY", "CA", "95304", "USOAK",
     "COTTON TOWELS AND BED SHEETS", "630260", 1100, "CT", 13900, 57.8, 92400, {}),
    ("SHENZHEN LINGHANG LIGHTING CO LTD", "10 BAOAN ROAD", YANTIAN,
     "LUMEN RIDGE LIGHTING INC", "600 FIXTURE AVE", "SACRAMENTO", "CA", "95828", "USOAK",
     "LED LAMPS AND LIGHT FIXTURES FOR OFFICES", "940511", 900, "CT", 8700, 48.9, 84200, {}),
    ("NANTONG GREEN FIELD BICYCLE CO LTD", "5 TONGZHOU ROAD", SHANGHAI,
     "SPOKE AND CHAIN CYCLES INC", "12 VELODROME WAY", "BEAVERTON", "OR", "97005", "USTIW",
     "BICYCLES 26 INCH UNASSEMBLED AND BICYCLE HELMETS", "871200", 420, "CT", 7400, 62.0, 58700, {}),
    ("GUANGDONG SHUNYI APPLIANCE CO LTD", "77 BEIJIAO ROAD", YANTIAN,
     "HEARTH AND KETTLE INC", "3000 APPLIANCE CT", "MORENO VALLEY", "CA", "92551", "USLAX",
     "ELECTRIC KETTLES AND TOASTERS 120V", "851671", 1300, "CT", 6900, 58.0, 66800, {}),
    ("HANOI BAMBOO CRAFT JSC", "44 LE LOI", HAIPHONG,
     "BAMBOO AND BEYOND INC", "5 GARDEN CT", "EUGENE", "OR", "97402", "USSEA",
     "BAMBOO CUTTING BOARDS AND KITCHEN UTENSILS", "441911", 880, "CT", 7700, 33.1, 39900, {}),
    ("DALIAN BAY PUMP WORKS", "8 GANJINGZI ROAD", QINGDAO,
     "COLUMBIA BASIN IRRIGATION SUPPLY INC", "1600 CANAL RD", "PASCO", "WA", "99301", "USSEA",
     "CENTRIFUGAL WATER PUMPS FOR IRRIGATION WITH MOTORS", "841370", 18, "CR", 7600, 15.2, 52300, {}),
    ("NINGBO EASTWIND GARDEN TOOLS CO LTD", "3 CIXI ROAD", NINGBO,
     "EVERBLOOM GARDEN CENTER DISTRIBUTION INC", "2500 GREENHOUSE BLVD", "SALEM", "OR", "97301", "USTIW",
     "GARDEN HOSES, SPRINKLERS AND HAND TOOLS", "391739", 960, "CT", 10100, 46.3, 43800, {}),
    ("ZHEJIANG PURE PHARMA EQUIPMENT CO LTD", "60 WENZHOU ROAD", NINGBO,
     "NATURAL SPRING SUPPLEMENTS INC", "9000 VITAMIN WAY", "CORONA", "CA", "92880", "USLAX",
     "ROTARY TABLET PRESS ZP-27, DEA TRANSACTION ID 20261104-0021-77", "847989", 1, "CR", 1850, 3.4, 48500,
     {"references": [("ABE", "DEA TRANSACTION ID 20261104-0021-77")]}),
    ("TIANHE TRADING CO LTD", "2 TIANHE NORTH ROAD", SHANGHAI,
     "BAYVIEW HOSPITALITY SUPPLY INC", "31 BANQUET RD", "SAN MATEO", "CA", "94402", "USOAK",
     "STAINLESS STEEL CUTLERY AND GLASSWARE FOR RESTAURANTS", "821599", 720, "CT", 11700, 24.9, 57200, {}),
    # A pill press that is called something else, for a house in a side street.
    ("WENZHOU KUAIDA MACHINERY CO LTD", "118 LONGWAN ROAD", NINGBO,
     "DAVID HOLLOWAY", "2217 ASPEN CT", "MODESTO", "CA", "95350", "USOAK",
     "PACKING MACHINE TDP-5 SINGLE PUNCH TABLET PRESS WITH DIE SET", "842230", 1, "CT", 78.5, 0.14, 310, {}),
    # A precursor under a hair-care text, cut by the 70th column.
    ("HEBEI RUNFENG NEW MATERIAL TECHNOLOGY CO LTD", "19 XINSHI ROAD", QINGDAO,
     "GREEN TRAIL GENERAL TRADING LLC", "840 WESTERN AVE UNIT 6", "LOS ANGELES", "CA", "90029", "USLAX",
     "HAIR CARE RAW MATERIAL IN FIBRE DRUMS, WHITE CRYSTALS, N-PHENETHYL-4-PIPERIDONE CAS 39742-60-4, NOT DANGEROUS",
     "330590", 8, "1G", 200, 0.5, 1400, {}),
    ("FUZHOU MINJIANG TEA CO LTD", "6 WUYI ROAD", XIAMEN,
     "JADE LEAF TEA COMPANY", "88 TEAHOUSE LN", "SAN JOSE", "CA", "95112", "USOAK",
     "GREEN TEA AND JASMINE TEA IN CARTONS", "090210", 500, "CT", 5600, 22.7, 48200, {}),
]


def ocean_bills():
    """The bills of the manifest and the equipment they travel in."""
    bills, equipment = [], []
    for i, row in enumerate(OCEAN):
        (shipper, street, origin, name, where, city, state, postcode, discharge,
         text, hs, pieces, kind, kg, cubic, value, more) = row
        box = container("TDWU", 410200 + 37 * i)
        equipment += ["EQD+CN+%s+%s:102:5+++5" % (box, "45G1" if cubic > 35 else "22G1"),
                      "SEL+TD%06d+CA" % (558100 + 13 * i)]
        item = {"pieces": pieces, "type": kind, "text": text, "hs": hs, "kg": kg, "m3": cubic,
                "value": value, "containers": [box], "marks": "%s / NO 1-%d" % (name[:20], pieces)}
        if "dg" in more:
            item["dg"] = more["dg"]
        bills.append({"number": "TDW%07d" % (2611001 + i), "references": more.get("references", []),
                      "places": [("9", origin[0]), ("11", discharge)],
                      "shipper": (shipper, street) + origin[1:],
                      "consignee": (name, where, city, state, postcode, "US"),
                      "goods": [item]})
    return bills, equipment


def ocean_manifest():
    bills, equipment = ocean_bills()
    transport = vessel("614E", "EVENING TIDE", "9999993", "CNNGB", "USLAX", "20261205")
    return [interchange("TDWL00614", "202611201000",
                        manifest("TDWL614E", 9, "202611201000", transport, bills, equipment))]


# ---- the air manifest --------------------------------------------------------------------

AIR_CITIES = {
    "HKG": ("HONG KONG", "", "", "HK"), "PVG": ("SHANGHAI", "", "201202", "CN"),
    "CAN": ("GUANGZHOU", "", "510470", "CN"), "SZX": ("SHENZHEN", "", "518128", "CN"),
    "ICN": ("INCHEON", "", "22382", "KR"), "TPE": ("TAOYUAN", "", "337", "TW"),
    "SGN": ("HO CHI MINH CITY", "", "700000", "VN"), "SIN": ("SINGAPORE", "", "819643", "SG"),
}
MINES_ROAD = ("FRONTERA SUPPLY PARTNERS", "8411 KILLAM BLVD", "LAREDO", "TX", "78045", "US")

# flight day | shipper, street, airport | consignee ... | text, HS, pieces, kg, m3, value
AIR = [
    (0, "SUNWAH PHONE PARTS CO LTD", "12 HUAQIANG NORTH ROAD", "SZX",
     ("CELLPOINT REPAIR SUPPLY INC", "700 GATEWAY BLVD", "SAN JOSE", "CA", "95110", "US"),
     "MOBILE PHONE CASES AND SCREEN PROTECTORS", "392690", 22, 264, 1.6, 6100),
    (0, "TAOYUAN SEMICONDUCTOR TEST CO LTD", "5 SCIENCE PARK ROAD", "TPE",
     ("REDWOOD CHIP LABS INC", "3100 SILICON DR", "SANTA CLARA", "CA", "95054", "US"),
     "INTEGRATED CIRCUITS TEST SAMPLES", "854231", 4, 41, 0.3, 182000),
    (0, "KINGS ROAD FASHION LTD", "221 KINGS ROAD", "HKG",
     ("MISSION STREET BOUTIQUE INC", "2400 MISSION ST", "SAN FRANCISCO", "CA", "94110", "US"),
     "LADIES WOOL COATS AND SILK BLOUSES", "620211", 18, 210, 1.5, 19400),
    (0, "PEARL DELTA OPTICS CO LTD", "80 PANYU AVENUE", "CAN",
     ("CLEARVIEW EYEWEAR INC", "16 OPTICIAN WAY", "DENVER", "CO", "80202", "US"),
     "SUNGLASSES AND EYEGLASS FRAMES", "900410", 12, 132, 0.9, 15800),
    (0, "SAIGON TAILORS CO", "9 LE DUAN", "SGN",
     ("BRIDAL PARLOR INC", "77 CHAPEL RD", "LAS VEGAS", "NV", "89109", "US"),
     "WEDDING DRESSES", "620443", 9, 96, 1.1, 11300),
    (0, "HUAYANG GENERAL TRADING CO LTD", "70 BAIYUN AVENUE", "CAN", MINES_ROAD,
     "WALL HOOKS AND PICTURE HANGERS", None, 4, 52, 0.3, 640),
    (0, "INCHEON DENTAL CO LTD", "7 SONGDO RO", "ICN",
     ("SMILE VALLEY DENTAL SUPPLY INC", "54 MOLAR AVE", "PHOENIX", "AZ", "85016", "US"),
     "DENTAL IMPLANT SCREWS OF TITANIUM", "902129", 2, 18, 0.1, 38700),
    (0, "EASTERN LAB GLASS CO LTD", "900 MINHANG ROAD", "PVG",
     ("BORDERLANDS REGIONAL HOSPITAL", "1700 MEDICAL CENTER BLVD", "LAREDO", "TX", "78041", "US"),
     "LABORATORY PIPETTES AND TEST TUBES OF GLASS, ORDER 66120", "701790", 20, 340, 2.4, 9800),
    (0, "SHENZHEN DRONEWORKS CO LTD", "3 NANSHAN AVENUE", "SZX",
     ("HORIZON FILM RENTAL INC", "900 STUDIO LN", "BURBANK", "CA", "91505", "US"),
     "CAMERA DRONES WITH REMOTE CONTROL", "880621", 6, 58, 0.5, 24600),
    (0, "SINGAPORE BEARING TRADING PTE LTD", "20 CHANGI NORTH RISE", "SIN",
     ("CENTRAL VALLEY FARM MACHINERY INC", "88 HARVEST RD", "FRESNO", "CA", "93725", "US"),
     "BALL BEARINGS AND ROLLER BEARINGS FOR TRACTORS", "848210", 5, 240, 0.2, 8700),
    (0, "HONG KONG TOY SHOWROOM LTD", "14 CANTON ROAD", "HKG",
     ("LITTLE PUFFIN TOYS INC", "250 PLAYGROUND WAY", "SEATTLE", "WA", "98109", "US"),
     "PLUSH TOYS", "950300", 30, 240, 2.9, 4300),
    (0, "GUANGZHOU LEATHERCRAFT CO LTD", "31 SANYUANLI ROAD", "CAN",
     ("SADDLE AND STRAP INC", "12 TANNERY ROW", "AUSTIN", "TX", "78701", "US"),
     "LEATHER HANDBAGS AND WALLETS", "420221", 15, 175, 1.2, 13900),
    (4, "SHANGHAI AEROPARTS CO LTD", "40 ZHUQIAO ROAD", "PVG",
     ("MESA AIRFRAME SERVICES INC", "500 RUNWAY DR", "TUCSON", "AZ", "85756", "US"),
     "AIRCRAFT CABIN SEAT COVERS, PO 90441", "880730", 8, 120, 0.9, 17200),
    (4, "QIYUAN SILICONE PRODUCTS FACTORY", "6 DALANG ROAD", "SZX", MINES_ROAD,
     "KITCHEN SPATULAS", None, 3, 47, 0.3, 410),
    (4, "NEW TERRITORIES CLOCK LTD", "8 TAI PO ROAD", "HKG",
     ("CHIMES AND DIALS INC", "19 PENDULUM CT", "PORTLAND", "OR", "97205", "US"),
     "WALL CLOCKS", "910521", 14, 130, 0.9, 5200),
    (4, "BRIGHT COURIER EXPORT LTD", "66 KWAI CHUNG ROAD", "HKG",
     ("SAM WHITFIELD", "418 BIRCH ST", "BOISE", "ID", "83702", "US"),
     "ACOUSTIC GUITAR WITH CASE", "920290", 1, 6.5, 0.1, 340),
    (4, "TAIPEI BIKE PARTS CO LTD", "71 DAJIA ROAD", "TPE",
     ("SUMMIT CYCLES INC", "33 TRAILHEAD RD", "BOULDER", "CO", "80301", "US"),
     "BICYCLE DERAILLEURS AND CHAINS", "871499", 11, 186, 0.7, 22400),
    (4, "SEOUL SKINCARE CO LTD", "13 GANGNAM DAERO", "ICN",
     ("PETAL AND DEW COSMETICS INC", "88 BEAUTY BLVD", "IRVINE", "CA", "92614", "US"),
     "SKIN CREAM AND FACE MASKS", "330499", 24, 288, 1.2, 17600),
    (4, "PUDONG CABLE ASSEMBLY CO LTD", "5 JINQIAO ROAD", "PVG",
     ("RIO BEND HARNESS MANUFACTURING INC", "14200 BOB BULLOCK LOOP", "LAREDO", "TX", "78045", "US"),
     "WIRE HARNESS CONNECTORS AND TERMINALS FOR AUTOMOTIVE USE, ORDER 4500091238", "853669", 16, 280, 1.0, 14900),
    (4, "CHANGI MEDICAL DEVICES PTE LTD", "10 LOYANG WAY", "SIN",
     ("CASCADIA CARDIOLOGY SUPPLY INC", "21 VALVE ST", "SEATTLE", "WA", "98104", "US"),
     "CATHETERS, STERILE", "901839", 7, 64, 0.6, 58100),
    (4, "FOSHAN TILE SAMPLES CO LTD", "2 NANZHUANG ROAD", "CAN",
     ("DESERT TILE SHOWROOM INC", "4800 CERAMIC WAY", "TUCSON", "AZ", "85714", "US"),
     "CERAMIC TILE SAMPLE BOARDS", "690721", 6, 118, 0.2, 900),
    (4, "LIENFA ZIPPER CO LTD", "90 SANCHONG ROAD", "TPE",
     ("STITCHWORKS SEWING SUPPLY INC", "5 BOBBIN RD", "DALLAS", "TX", "75207", "US"),
     "ZIPPERS AND BUTTONS FOR GARMENTS", "960711", 10, 205, 0.7, 6400),
    (4, "HK HOBBY MODELS LTD", "41 MONG KOK ROAD", "HKG",
     ("PAUL ERIKSEN", "90 LAKEVIEW DR", "DULUTH", "MN", "55803", "US"),
     "PLASTIC MODEL KIT OF A SHIP", "950300", 1, 1.9, 0.02, 85),
    (4, "MEKONG ORCHIDS CO", "7 CU CHI ROAD", "SGN",
     ("GREENHOUSE GALLERY INC", "1400 ORCHID LN", "SAN DIEGO", "CA", "92128", "US"),
     "LIVE ORCHIDS IN POTS", "060290", 25, 300, 2.8, 5600),
    (8, "YIXING HOUSEHOLD ARTICLES CO LTD", "18 HUSHAN ROAD", "PVG", MINES_ROAD,
     "BATHROOM SHELVES OF WIRE", None, 5, 61, 0.4, 580),
    (8, "ORION PETCARE PRODUCTS LTD", "9 SHATIN ROAD", "HKG", MINES_ROAD,
     "DOG LEADS AND COLLARS", None, 4, 49, 0.3, 520),
    # The shipment this program was written for.
    (8, "LINTAI SPECIALTY CHEMICAL TECHNOLOGY CO LTD", "230 TIANSHAN ROAD", "PVG",
     ("NORTE SUR WAREHOUSE", "13310 MINES RD BODEGA 7", "LAREDO", "TX", "78045", "US"),
     "KEYBOARDS", None, 1, 79, 0.1, 120),
    (8, "SHENZHEN KEYTRONIC CO LTD", "17 LONGHUA ROAD", "SZX",
     ("BAY AREA OFFICE COMPUTERS INC", "600 MONITOR AVE", "OAKLAND", "CA", "94621", "US"),
     "COMPUTER KEYBOARDS, WIRELESS", "847160", 40, 520, 3.4, 14200),
    (8, "INCHEON DISPLAY CO LTD", "200 AIRPORT RO", "ICN",
     ("PIXEL HARBOR INC", "44 SCREEN ST", "LOS ANGELES", "CA", "90016", "US"),
     "LCD MONITORS 27 INCH", "852852", 30, 240, 2.4, 8600),
    (8, "TAOYUAN OPTICAL FIBER CO LTD", "14 GUISHAN ROAD", "TPE",
     ("HIGHLINE NETWORKS INC", "9 FIBER LOOP", "SALT LAKE CITY", "UT", "84101", "US"),
     "OPTICAL FIBER PATCH CABLES", "854470", 9, 99, 0.5, 21700),
    (8, "GUANGZHOU WIGS AND HAIR CO LTD", "22 BAIYUN ROAD", "CAN",
     ("CROWN HAIR STUDIO SUPPLY INC", "77 SALON CT", "ATLANTA", "GA", "30303", "US"),
     "WIGS OF SYNTHETIC HAIR", "670411", 16, 190, 1.3, 12800),
    (8, "SHANGHAI PUMP AND SEAL CO LTD", "5 FENGXIAN ROAD", "PVG",
     ("PASO VERDE WATER UTILITY", "300 RESERVOIR RD", "EL PASO", "TX", "79901", "US"),
     "MECHANICAL SEALS FOR WATER PUMPS, PURCHASE ORDER 2026-118", "848420", 3, 110, 0.3, 7800),
    (8, "SINGAPORE MARINE ELECTRONICS PTE LTD", "8 TUAS AVENUE", "SIN",
     ("ANCHORLINE MARINE SUPPLY INC", "60 DOCK ST", "SAN PEDRO", "CA", "90731", "US"),
     "MARINE RADAR DISPLAYS", "852610", 4, 88, 0.5, 41000),
    (8, "SAIGON CERAMICS STUDIO", "12 BINH DUONG ROAD", "SGN",
     ("CLAY AND KILN GALLERY INC", "5 POTTERY WAY", "SANTA FE", "NM", "87501", "US"),
     "HAND PAINTED CERAMIC VASES", "691310", 12, 168, 1.4, 4900),
    (8, "HONG KONG JEWELLERY MART LTD", "30 NATHAN ROAD", "HKG",
     ("OPAL AND SON JEWELERS INC", "120 DIAMOND ST", "SAN FRANCISCO", "CA", "94108", "US"),
     "SILVER RINGS AND NECKLACES", "711311", 2, 14, 0.1, 62000),
    (8, "SHENZHEN FITNESS GEAR CO LTD", "66 PINGSHAN ROAD", "SZX",
     ("IRON PEAK GYM EQUIPMENT INC", "2 BARBELL BLVD", "MESA", "AZ", "85201", "US"),
     "FITNESS RESISTANCE BANDS AND DUMBBELLS", "950691", 10, 310, 0.4, 5900),
    (8, "NANSHA LED DISPLAY CO LTD", "19 NANSHA AVENUE", "CAN",
     ("MARQUEE SIGNS INC", "14 NEON RD", "LAS VEGAS", "NV", "89118", "US"),
     "LED DISPLAY PANELS AND POWER SUPPLIES", "852852", 20, 420, 2.2, 28700),
    (8, "TAIPEI BAKING MOLD CO LTD", "4 WUGU ROAD", "TPE",
     ("SUGAR CRUMB BAKERY SUPPLY INC", "11 WHISK WAY", "SACRAMENTO", "CA", "95814", "US"),
     "SILICONE BAKING MOLDS FOR CAKES", "392410", 8, 84, 0.5, 2600),
    (8, "SEOUL STAGE COSTUME CO", "1 DONGDAEMUN RO", "ICN",
     ("CURTAIN CALL THEATER SUPPLY INC", "8 BROADWAY PLZ", "LOS ANGELES", "CA", "90014", "US"),
     "STAGE COSTUMES AND SCARVES", "621149", 7, 77, 0.6, 6800),
    (8, "PVG TEA EXPORT CO LTD", "10 HANGZHOU ROAD", "PVG",
     ("MORNING BREW TEA INC", "50 KETTLE ST", "DENVER", "CO", "80205", "US"),
     "OOLONG TEA IN TINS", "090240", 12, 148, 0.6, 5300),
]


def air_bills(day, first):
    """The houses of one flight: a master for every airport of origin."""
    bills, masters = [], {}
    for i, row in enumerate(AIR):
        flown, shipper, street, airport, consignee, text, hs, pieces, kg, cubic, value = row
        if flown != day:
            continue
        master = masters.setdefault(airport, awb(990, first + 11 * len(masters)))
        item = {"pieces": pieces, "type": "BX" if pieces == 1 else "CT", "text": text, "kg": kg,
                "m3": cubic, "value": value}
        if hs:
            item["hs"] = hs
        order = re.search(r", (?:PURCHASE )?(?:ORDER|PO) ([0-9-]+)$", text)
        bills.append({"number": "ZZH%06d" % (700100 + 7 * i), "master": master,
                      "references": [("ON", order.group(1))] if order else [],
                      "places": [("9", airport), ("11", "LAX")],
                      "shipper": (shipper, street) + AIR_CITIES[airport],
                      "consignee": consignee, "goods": [item]})
    return bills


def air_manifest():
    """Three flights in nine days: what one consignee gets shows only over all of them."""
    interchanges = []
    for i, (day, date) in enumerate(((0, "20261112"), (4, "20261116"), (8, "20261120"))):
        transport = flight("ZZ88%d" % i, "HKG", "LAX", date + "2140")
        message = manifest("ZZ88%d-%s" % (i, date), 9, date + "0830", transport,
                           air_bills(day, 1234500 + 500 * i))
        interchanges.append(interchange("ZZ0088%d" % i, date + "0830", message, "ZZAIREDI"))
    return interchanges


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "feeds")
    write(folder, "ocean_manifest.edi", ocean_manifest())
    write(folder, "air_manifest.edi", air_manifest())


if __name__ == "__main__":
    main()
