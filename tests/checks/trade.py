# SPDX-License-Identifier: Apache-2.0
"""Do the detectors find it, and do they cry wolf: a table of made-up shipments by sea, air and post.

LAWFUL must stay silent, each of SUSPICIOUS must alert, by one of the detectors named in its row. What is which
follows the published red flags and court cases that the detectors' READMEs sum up; all parties are invented.
Prints precision and recall.
"""
import os
import sys

import common

sys.path.insert(0, os.path.join(common.SRCDIR, "tests", "golden"))
import make_edi as e  # noqa: E402

PILL, CHEM, ROUTE = "pill_press", "chemical_precursor", "routing_anomaly"
PAIR = 2200006


def firm(name, city="COLUMBUS", region="OH", postcode="43215", country="US", street="200 COMMERCE BLVD"):
    return (name, street, city, region, postcode, country)


MAKER = firm("NORTHMERE PHARMACEUTICALS INC", "RALEIGH", "NC", "27601", street="22 RESEARCH DR")
VITAMINS = firm("GREENLEAF NUTRACEUTICALS LLC", "OREM", "UT", "84057", street="415 HARVEST PKWY")
UNIVERSITY = firm("LAKESHORE UNIVERSITY DEPT OF CHEMISTRY", "MADISON", "WI", "53706", street="1101 COLLEGE AVE")
LAB = firm("EASTGATE LABORATORIES INC", "NEWARK", "DE", "19711", street="12 SCIENCE PARK DR")
PLASTICS = firm("TRI RIVERS PLASTICS MANUFACTURING INC", "ERIE", "PA", "16501", street="77 MOLD WAY")
PAINT = firm("CASCADE COATINGS MANUFACTURING INC", "VANCOUVER", "WA", "98661", street="6100 RESIN WAY")
CANDY = firm("HARBOR LIGHT CONFECTIONERY CO", "HERSHEY", "PA", "17033", street="9 COCOA ST")
ROASTER = firm("THREE PEAKS COFFEE ROASTERS LLC", "PORTLAND", "OR", "97209", street="31 BEAN ALLEY")
STORE = firm("KEYWORD COMPUTER SUPPLY INC", "BOISE", "ID", "83702", street="600 MEMORY LN")
TOYSHOP = firm("PLAYTOWN DISTRIBUTION INC", "JOLIET", "IL", "60431", street="4500 WAREHOUSE RD")
FORGE = firm("GREYSTONE FORGE AND TOOL LLC", "TULSA", "OK", "74103", street="900 FOUNDRY PKWY")
WATERWORKS = firm("CITY OF BRAZOS WATER UTILITY", "BRYAN", "TX", "77803", street="1 RESERVOIR RD")
HOSPITAL = firm("LAREDO REGIONAL HOSPITAL", "LAREDO", "TX", "78041", street="1700 E SAUNDERS ST")
MAQUILA = firm("SIERRA WIRING MANUFACTURING SA DE CV", "JUAREZ", "CHH", "32470", "MX", "PARQUE INDUSTRIAL 14")
BAKERY = firm("SUNRISE BAKERY SUPPLY INC", "OMAHA", "NE", "68102", street="55 FLOUR ST")
PRINTER = firm("INKWELL PRINTING COMPANY", "DAYTON", "OH", "45402", street="8 GALLEY CT")
GERMAN = firm("RHEINTAL PHARMA GMBH", "KOELN", "", "50667", "DE", "INDUSTRIESTRASSE 12")
PERSON = ("MARTHA J HOLLOWAY", "118 ORCHARD ST", "SALEM", "OR", "97301", "US")
PERSON2 = ("KEVIN L BRANDT", "27 WILLOW CT", "PEORIA", "IL", "61602", "US")
PERSON3 = ("SUSAN K DELANEY", "904 RIDGE RD", "TOLEDO", "OH", "43604", "US")
PRESSES = firm("HENAN LONGWAY PHARMACEUTICAL MACHINERY CO LTD", "ZHENGZHOU", "", "450001", "CN", "18 KEXUE ROAD")
TRADING = firm("SHENZHEN BRIGHTWAY TRADING CO LTD", "SHENZHEN", "", "518000", "CN", "88 SHENNAN ROAD")
CHEMFIRM = firm("HEBEI SUNRIVER CHEMICAL CO LTD", "SHIJIAZHUANG", "", "050000", "CN", "66 HUAYUAN ROAD")
BIOTECH = firm("WUHAN FENGYUAN BIOTECH CO LTD", "WUHAN", "", "430000", "CN", "5 GUANGGU AVENUE")
PHONES = firm("SKYBELL ELECTRONICS CO LTD", "SHENZHEN", "", "518000", "CN", "31 TIANHE ROAD")
KOREAN = firm("HANSUNG MACHINERY CO LTD", "INCHEON", "", "21999", "KR", "12 SONGDO RO")
INDIAN = firm("MALABAR CHEMICALS PRIVATE LIMITED", "MUMBAI", "", "400001", "IN", "PLOT 9 MIDC")
BELGIAN = firm("SCHELDE SOLVENTS NV", "ANTWERPEN", "", "2030", "BE", "HAVEN 114")
ITALIAN = firm("BONOMI MACCHINE PACKAGING SPA", "BOLOGNA", "", "40121", "IT", "VIA EMILIA 9")
FORWARDER = firm("RIO VISTA FORWARDING INC", "LAREDO", "TX", "78045", street="8900 SAN GABRIEL DR")
WAREHOUSE = firm("BORDER STAR WAREHOUSE LLC", "LAREDO", "TX", "78045", street="13200 MINES RD DOCK 7")
MAILBOX = firm("SOUTH BAY PARCEL AND MAILBOX", "SAN YSIDRO", "CA", "92173", street="4492 CAMINO DE LA PLAZA PMB 211")
SALON = firm("GLAMOUR NAILS AND BEAUTY", "MACON", "GA", "31201", street="310 MAIN ST")
AUTOSHOP = firm("EL TORO AUTO PARTS", "ALBUQUERQUE", "NM", "87102", street="1500 COUNTY RD")
MEXICAN = firm("COMERCIALIZADORA DEL PACIFICO SA DE CV", "CULIACAN", "SIN", "80000", "MX", "BLVD MADERO 120")

DEA = [("AAI", "DEA TRANSACTION ID 2026118834")]


def row(mode, text, kg=None, m3=None, pieces=1, shipper=TRADING, consignee=STORE, by=(), **more):
    """One shipment; `by`: the detectors of which one must alert, none for lawful ones."""
    return mode, by, dict(more, text=text, kg=kg, m3=m3, pieces=pieces, shipper=shipper, consignee=consignee)


LAWFUL = [
    # machines for tablets, declared as such to who makes tablets
    row("sea", "ROTARY TABLET PRESS ZP-35 WITH TOOLING", 2400, 6, 2, PRESSES, MAKER, hs="847989", value=68000, package="CS",
        notes=["DEA TRANSACTION ID 2026118834"]),
    row("sea", "CAPSULE FILLING MACHINE NJP-1200", 1100, 4, 1, PRESSES, VITAMINS, hs="842230", value=31000, package="CS",
        references=[("DEA", "452-2026-008813")]),
    row("air", "PUNCHES AND DIES, TSM B, FOR TABLET PRESS", 120, 0.2, 3, ITALIAN, MAKER, hs="820730", value=14000,
        notes=["DEA FORM 452 TRANSACTION ID 2026004471"]),
    # what only sounds like it
    row("sea", "TABLET PC 10 INCH WITH LEATHER CASES", 640, 3.2, 80, PHONES, STORE, hs="847130", value=41000),
    row("air", "TABLET CRUSHERS AND PILL ORGANIZERS FOR HOSPITALS", 90, 0.8, 12, PHONES, HOSPITAL, hs="847982", value=2100),
    row("sea", "COFFEE CAPSULE FILLING AND SEALING MACHINE", 900, 5, 1, ITALIAN, ROASTER, hs="842230", value=52000,
        package="CS"),
    row("sea", "HYDRAULIC POWER PRESS 100 TON FOR FORGING", 8200, 14, 1, KOREAN, FORGE, hs="846299", value=74000,
        package="CS"),
    row("sea", "INJECTION MOULDS FOR PLASTIC CAPS", 2100, 1.4, 3, KOREAN, PLASTICS, hs="848071", value=38000, package="CS"),
    row("air", "STAMPING DIES FOR SHEET METAL BRACKETS", 310, 0.3, 2, KOREAN, FORGE, hs="820730", value=9800),
    row("sea", "EXTRUSION DIES FOR ALUMINIUM PROFILES", 700, 0.4, 4, ITALIAN, FORGE, hs="820720", value=22000),
    row("sea", "CANDY PRESS AND LOLLIPOP FORMING MACHINE", 1500, 6, 1, ITALIAN, CANDY, hs="843820", value=47000,
        package="CS"),
    row("sea", "BOUILLON CUBE PRESSING MACHINE", 2600, 8, 1, KOREAN, BAKERY, hs="843880", value=56000, package="CS"),
    row("post", "PAPER PUNCH AND DIE CUT SHAPES FOR SCRAPBOOKING", 1.2, None, 1, TRADING, PERSON, value=24),
    row("post", "SILICONE CHOCOLATE MOLDS", 0.6, None, 1, TRADING, PERSON2, value=15),
    row("sea", "SALT LICK TABLETS FOR CATTLE", 19000, 20, 800, INDIAN, FORGE, hs="250100", value=4300, package="BG"),
    row("sea", "DISHWASHER TABLETS, RETAIL PACKS", 9200, 16, 900, PHONES, TOYSHOP, hs="340250", value=17500),
    row("sea", "BRIQUETTE PRESS FOR SAWDUST", 3100, 9, 1, ITALIAN, FORGE, hs="847930", value=29000, package="CS"),
    row("air", "PILL BOTTLES AND CAPS, EMPTY, PLASTIC", 400, 4.2, 60, PHONES, MAKER, hs="392330", value=3900),
    row("sea", "PACKAGING MACHINE SPARE PARTS: BELTS, GEARS", 180, 0.6, 2, ITALIAN, BAKERY, hs="842290", value=5200),
    # chemicals of the trade
    row("sea", "ACETONE IN STEEL DRUMS", 13600, 18, 80, BELGIAN, PAINT, hs="291411", un=("3", "1090"), value=15000,
        package="DR"),
    row("sea", "TOLUENE, 20 IBC", 17400, 21, 20, BELGIAN, PAINT, hs="290230", un=("3", "1294"), value=19000, package="DR"),
    row("air", "HYDROCHLORIC ACID 37 PERCENT ANALYTICAL GRADE 6 X 2.5 L", 22, 0.04, 2, BELGIAN, UNIVERSITY, hs="280610",
        un=("8", "1789"), value=260),
    row("air", "DIETHYL ETHER 4 X 1 L FOR HPLC", 4, 0.01, 1, BELGIAN, LAB, hs="290911", un=("3", "1155"), value=180),
    row("sea", "SULPHURIC ACID 98 PERCENT IN BULK", 23500, 14, 1, BELGIAN, PAINT, hs="280700", un=("8", "1830"), value=4200,
        package="TK"),
    row("sea", "CALCIUM CARBONATE POWDER", 24000, 20, 960, INDIAN, PLASTICS, hs="283650", value=5400, package="BG"),
    row("sea", "CITRIC ACID MONOHYDRATE", 22000, 24, 880, CHEMFIRM, CANDY, hs="291814", value=16000, package="BG"),
    row("sea", "TITANIUM DIOXIDE RUTILE R-996", 24000, 22, 960, CHEMFIRM, PAINT, hs="320611", value=52000, package="BG"),
    row("sea", "MAGNESIUM STEARATE, EXCIPIENT", 4000, 8, 160, INDIAN, MAKER, hs="291570", value=11000, package="BG"),
    row("air", "PARACETAMOL BP POWDER, API", 1500, 2.6, 60, INDIAN, MAKER, hs="292429", value=9000, package="DR"),
    row("sea", "CHLORINE TABLETS FOR POOLS, TRICHLOROISOCYANURIC ACID", 9000, 9, 360, CHEMFIRM, WATERWORKS, hs="293369",
        un=("5.1", "2468"), value=14000, package="DR"),
    row("air", "PIPERAZINE CITRATE", 500, 0.8, 20, INDIAN, MAKER, hs="293359", value=8200, package="DR"),
    row("air", "PHENYLEPHRINE HYDROCHLORIDE USP", 100, 0.2, 4, INDIAN, MAKER, hs="293930", value=12000, package="DR"),
    row("air", "PSEUDOEPHEDRINE TABLETS 60 MG IN BLISTERS", 900, 5, 50, GERMAN, MAKER, hs="300449", value=48000),
    row("air", "COUGH SYRUP WITH EPHEDRINE 100 ML BOTTLES", 700, 2, 40, GERMAN, MAKER, hs="300449", value=21000),
    row("sea", "NAIL POLISH REMOVER, ACETONE, RETAIL PACKS", 4200, 9, 350, TRADING, SALON, hs="330430", un=("3", "1090"),
        value=9600),
    row("sea", "LEAD ACID BATTERIES FILLED WITH SULPHURIC ACID", 9000, 6, 18, KOREAN, AUTOSHOP, hs="850710",
        un=("8", "2794"), value=21000, package="PX"),
    row("air", "MONOCLONAL ANTIBODY REAGENT KIT, CAS 77-92-9 BUFFER", 6, 0.05, 1, GERMAN, UNIVERSITY, hs="382219", value=4200),
    row("sea", "LEMON FLAVOUR OIL AND CAMPHOR OIL, SAFROLE FREE", 800, 1, 4, INDIAN, CANDY, hs="330129", value=7600,
        package="DR"),
    row("air", "REFERENCE STANDARD CAFFEINE, AMPOULES", 0.4, None, 1, GERMAN, LAB, hs="382200", value=380),
    # ordinary goods, also near the border
    row("air", "KEYBOARDS AND MICE, USB", 240, 1.6, 20, PHONES, STORE, hs="847160", value=9400),
    row("sea", "KEYBOARDS, WIRELESS", 3600, 24, 300, PHONES, STORE, hs="847160", value=88000),
    row("post", "USB KEYBOARD", 0.9, None, 1, PHONES, PERSON, value=22),
    row("post", "BOOKS, 4 PIECES", 2.4, None, 1, GERMAN, PERSON2, value=60),
    row("sea", "PLASTIC TOYS, DOLLS AND CARS", 5200, 40, 620, TRADING, TOYSHOP, hs="950300", value=38000),
    row("air", "COTTON T-SHIRTS", 820, 5, 60, TRADING, TOYSHOP, hs="610910", value=14800),
    row("sea", "CERAMIC TILES", 22000, 15, 20, TRADING, FORGE, hs="690721", value=9800, package="PX"),
    row("air", "WIRING HARNESS CONNECTORS FOR VEHICLES, PO 4500118", 420, 1.8, 24, KOREAN, MAQUILA, hs="853669",
        value=26000, references=[("ON", "4500118")], discharge="LAX", final="MXCJS"),
    row("air", "INFUSION PUMPS AND SPARE BATTERIES", 160, 0.9, 10, GERMAN, HOSPITAL, hs="901890", value=48000,
        references=[("ON", "LRH-2291")]),
    row("sea", "PRINTING INK, WATER BASED, IN CANS", 6000, 7, 240, KOREAN, PRINTER, hs="321519", value=21000),
    row("air", "STEEL BOLTS AND NUTS", 900, 0.3, 18, KOREAN, FORGE, hs="731815", value=5100),
    row("air", "SAMPLES OF FLOOR TILES AND PAINT CHIPS", 14, 0.05, 1, KOREAN, PAINT, hs="690721", value=150),
    row("air", "DIAGNOSTIC TEST STRIPS AND LANCETS", 300, 2, 25, GERMAN, HOSPITAL, hs="382219", value=16000,
        references=[("ON", "LRH-2302")]),
    # words of the trade in other company
    row("post", "EMPTY GELATIN CAPSULES SIZE 0, 1000 PIECES", 0.3, None, 1, TRADING, PERSON3, value=14),
    row("air", "EMPTY VEGETABLE CAPSULES SIZE 00", 900, 6, 90, INDIAN, VITAMINS, hs="960200", value=14000),
    row("sea", "VITAMIN C TABLETS AND FISH OIL CAPSULES, RETAIL", 5200, 12, 430, GERMAN, TOYSHOP, hs="210690", value=61000),
    row("post", "HEAT PRESS MACHINE FOR T-SHIRTS", 14, 0.08, 1, TRADING, PERSON, value=160),
    row("post", "GARLIC PRESS, STAINLESS STEEL", 0.5, None, 1, TRADING, PERSON2, value=12),
    row("post", "FRENCH PRESS COFFEE MAKER", 1.4, None, 1, TRADING, PERSON3, value=25),
    row("sea", "DIE CAST TOY CARS AND TRUCKS", 3600, 14, 240, TRADING, TOYSHOP, hs="950300", value=21000),
    row("air", "TABLET STANDS AND SCREEN PROTECTORS", 180, 1, 15, PHONES, STORE, hs="392690", value=4400),
    row("sea", "BATH BOMB PRESS AND MOULDS", 700, 2.2, 6, ITALIAN, firm("LAVENDER LANE SOAP COMPANY", "BEND", "OR", "97701"),
        hs="847989", value=12500, package="CS"),
    row("sea", "SOAP STAMPING MACHINE WITH DIES", 1300, 4, 1, ITALIAN, firm("LAVENDER LANE SOAP COMPANY", "BEND", "OR",
        "97701"), hs="847989", value=26500, package="CS"),
    row("air", "RUBBER STAMPS AND INK PADS", 40, 0.3, 4, TRADING, PRINTER, hs="961100", value=900),
    row("sea", "VULCANISING PRESS FOR RUBBER GASKETS", 5400, 12, 1, KOREAN, PLASTICS, hs="847710", value=64000, package="CS"),
    row("sea", "POWDER COMPACTING PRESS FOR SINTERED BEARINGS", 6400, 10, 1, KOREAN, FORGE, hs="847989", value=88000,
        package="CS"),
    row("air", "TABLET HARDNESS TESTER AND FRIABILITY TESTER", 60, 0.3, 2, INDIAN, LAB, hs="902480", value=5200),
    row("sea", "PRESSURE VALVES, MACHINE PARTS FOR PACKAGING LINE", 420, 1, 6, ITALIAN, BAKERY, hs="842290", value=16000),
    row("sea", "MOULD RELEASE AGENT, SILICONE BASED", 800, 1, 40, KOREAN, PLASTICS, hs="340319", value=6100),
    row("air", "SOUVENIR COIN PRESS, HAND CRANKED", 210, 0.8, 1, ITALIAN, TOYSHOP, hs="847989", value=8900, package="CS"),
    # names beside the listed ones
    row("sea", "ETHYL ACETATE IN DRUMS", 14400, 18, 80, BELGIAN, PAINT, hs="291531", un=("3", "1173"), value=16000,
        package="DR"),
    row("air", "ACETONITRILE GRADIENT GRADE 4 X 4 L", 16, 0.04, 1, BELGIAN, UNIVERSITY, hs="292690", un=("3", "1648"),
        value=420),
    row("sea", "PHENYLETHYL ALCOHOL AND BENZYL ALCOHOL, PERFUMERY GRADE", 3200, 4, 16, INDIAN,
        firm("ORCHARD FRAGRANCES INC", "EDISON", "NJ", "08817"), hs="290629", value=19000, package="DR"),
    row("sea", "SAFFLOWER OIL, REFINED", 18000, 20, 90, INDIAN, BAKERY, hs="151219", value=31000, package="DR"),
    row("air", "PIPERINE 95 PERCENT, BLACK PEPPER EXTRACT", 100, 0.3, 4, INDIAN, VITAMINS, hs="130219", value=14000,
        package="DR"),
    row("sea", "ETHERNET CABLES CAT6", 2400, 9, 160, PHONES, STORE, hs="854442", value=18000),
    row("air", "HYDROGEN CHLORIDE GAS SENSORS", 30, 0.2, 3, GERMAN, PLASTICS, hs="902710", value=9400),
    row("sea", "MILK POWDER, WHOLE", 20000, 34, 800, GERMAN, CANDY, hs="040221", value=62000, package="BG"),
    row("sea", "LAUNDRY POWDER DETERGENT", 18000, 30, 1500, TRADING, TOYSHOP, hs="340250", value=16000, package="BG"),
    row("air", "PROTEIN POWDER, WHEY, SAMPLES", 20, 0.06, 2, GERMAN, VITAMINS, hs="210610", value=240),
    row("air", "SAMPLES OF EPOXY RESIN HARDENER", 6, 0.02, 1, CHEMFIRM, PAINT, hs="390730", value=60),
    row("sea", "LABORATORY GLASSWARE, BEAKERS", 900, 6, 80, CHEMFIRM, UNIVERSITY, hs="701790", value=8800),
    row("sea", "SODIUM HYDROXIDE FLAKES", 24000, 24, 960, CHEMFIRM, WATERWORKS, hs="281511", un=("8", "1823"), value=9800,
        package="BG"),
    row("air", "POVIDONE IODINE SWABS", 260, 2, 22, INDIAN, HOSPITAL, hs="300490", value=8000, references=[("ON", "LRH-2310")]),
    row("air", "ERGOTAMINE AND CAFFEINE TABLETS, BLISTERS", 60, 0.5, 5, GERMAN, MAKER, hs="300449", value=22000),
    # goods with their usual weight
    row("air", "HEADPHONES", 480, 3.6, 40, PHONES, STORE, hs="851830", value=22000),
    row("sea", "UMBRELLAS", 4200, 16, 220, TRADING, TOYSHOP, hs="660199", value=15000),
    row("sea", "SNEAKERS AND SANDALS", 5600, 42, 420, TRADING, TOYSHOP, hs="640419", value=71000),
    row("sea", "LED TELEVISIONS 55 INCH", 7200, 52, 300, PHONES, STORE, hs="852872", value=92000),
    row("air", "KEYBOARDS ON PALLETS", 840, 5.5, 4, PHONES, STORE, hs="847160", value=31000, package="PX"),
    row("air", "LAPTOP COMPUTERS", 620, 3.8, 40, PHONES, firm("EL PASO UNIFIED SCHOOL DISTRICT", "EL PASO", "TX", "79901"),
        hs="847130", value=88000, references=[("ON", "EPISD-7781")]),
    row("sea", "STEEL DOOR FRAMES AND HINGES", 9200, 18, 40, KOREAN, firm("RIO BRAVO BUILDERS INC", "MCALLEN", "TX", "78501"),
        hs="730830", value=24000, package="PX"),
    row("sea", "TRANSFORMERS AND SWITCHGEAR", 14000, 30, 6, KOREAN, firm("IMPERIAL VALLEY ELECTRIC UTILITY", "CALEXICO", "CA",
        "92231"), hs="850422", value=310000, package="CS"),
]

SUSPICIOUS = [
    # presses and parts
    row("air", "TABLET PRESS MACHINE TDP-5", 60, 0.15, 1, PRESSES, PERSON, (PILL,), value=420),
    row("post", "PILL PRESS DIE MOLD SET", 1.1, None, 1, TRADING, PERSON2, (PILL,), value=35),
    row("air", "MANUAL CANDY MACHINE TDP 0", 24, 0.06, 1, PRESSES, PERSON, (PILL,), value=180),
    row("sea", "MACHINE PARTS", 62, 0.1, 1, PRESSES, PERSON2, (PILL,), hs="847990", value=150),
    row("air", "PUNCH AND DIE SET M30 STAMP FOR TABLETS", 2, None, 1, TRADING, PERSON3, (PILL,), value=40),
    row("air", "单冲压片机", 58, 0.12, 1, PRESSES, FORWARDER, (PILL,), value=400),
    row("sea", "MAQUINA TABLETEADORA ROTATIVA", 700, 2, 1, PRESSES, MEXICAN, (PILL,), hs="847989", value=5200),
    row("air", "T A B L E T  P R E S S", 55, 0.1, 1, TRADING, MAILBOX, (PILL,), value=300),
    row("air", "ENCAPSULATION MACHINE PARTS", 40, 0.1, 1, PRESSES, SALON, (PILL,), value=600),
    row("sea", "ROTARY TABLETTING MACHINE ZP9", 480, 1.2, 1, PRESSES, AUTOSHOP, (PILL,), hs="842230", value=3800),
    row("air", "TDP5 MOLD, LETTERING A215, 8 MM", 1.6, None, 1, TRADING, PERSON, (PILL,), value=55),
    row("post", "HAND OPERATED CAPSULE FILLING MACHINE 100 HOLES", 1.8, None, 1, TRADING, PERSON, (PILL,), value=48),
    row("air", "TROQUELES PARA PASTILLAS", 3, None, 1, TRADING, MEXICAN, (PILL,), value=80),
    row("air", "PRENSA PARA HACER PASTILLAS", 42, 0.1, 1, TRADING, MEXICAN, (PILL,), value=500),
    row("air", "TABLET MAKING MACHINE", 66, 0.1, 1, TRADING, PERSON2, (PILL,), value=450),
    row("air", "PILL MAKER WITH MOLD", 9, None, 1, TRADING, PERSON3, (PILL,), value=120),
    row("air", "ТАБЛЕТОЧНЫЙ ПРЕСС", 55, 0.1, 1, TRADING, PERSON, (PILL,), value=400),
    row("air", "MACHINE A COMPRIMER LES COMPRIMES", 55, 0.1, 1, TRADING, PERSON2, (PILL,), value=400),
    row("air", "TABLETTENPRESSE", 55, 0.1, 1, TRADING, PERSON3, (PILL,), value=400),
    row("air", "YAPIANJI MUJU", 4, None, 1, TRADING, PERSON, (PILL,), value=60),
    row("air", "THDP-3 MOULD SET", 2, None, 1, PRESSES, PERSON2, (PILL,), value=60),
    row("air", "STEEL MOLDS", 6, None, 1, PRESSES, PERSON3, (PILL,), hs="820730", value=60),
    row("air", "HARDWARE", 58, 0.1, 1, PRESSES, SALON, (PILL,), hs="847989", value=150),
    row("air", "TABLET PRES MACHINE", 60, 0.1, 1, TRADING, PERSON, (PILL,), value=400),
    row("air", "PlLL PRESS", 20, 0.05, 1, TRADING, PERSON, (PILL,), value=300),
    row("air", "ZP-17 ROTARY PRESS", 420, 0.9, 1, TRADING, PERSON2, (PILL,), value=3000),
    row("air", "冲模 压片", 3, None, 1, TRADING, PERSON3, (PILL,), value=60),
    row("air", "STAMP DIE FOR TABLETTING, LOGO", 2, None, 1, TRADING, PERSON, (PILL,), value=60),
    # precursors
    row("air", "P2P OIL", 20, 0.04, 1, BIOTECH, PERSON, (CHEM,), value=300),
    row("air", "4,4-PIPERIDINEDIOL HYDROCHLORIDE", 20, 0.04, 1, BIOTECH, PERSON2, (CHEM,), value=300),
    row("air", "N-PHENETHYL-4-PIPERIDONE", 25, 0.04, 1, CHEMFIRM, PERSON, (CHEM,), value=600),
    row("air", "PLASTIC PIGMENT CAS 40064-34-4", 50, 0.08, 2, BIOTECH, WAREHOUSE, (CHEM,), value=500),
    row("air", "4-ANPP 99 PERCENT", 5, 0.01, 1, BIOTECH, PERSON2, (CHEM,), value=200),
    row("air", "P-I-P-E-R-I-D-O-N-E FOR RESEARCH", 10, 0.02, 1, BIOTECH, PERSON3, (CHEM,), value=150),
    row("sea", "PMK ETHYL GLYCIDATE, 20 DRUMS", 500, 0.9, 20, CHEMFIRM, MEXICAN, (CHEM,), value=9000, package="DR"),
    row("air", "NORPSEUDOEPHEDR1NE HCL", 12, 0.03, 1, CHEMFIRM, MAILBOX, (CHEM,), value=300),
    row("sea", "METHYLAMINE HYDROCHLORIDE", 2585, 4, 80, CHEMFIRM, MEXICAN, (CHEM,), value=3200, package="BG"),
    row("air", "FOOD ADDITIVE", 75, 0.1, 3, CHEMFIRM, WAREHOUSE, (CHEM,), hs="293337", value=300),
    row("sea", "TOLUENE", 640, 0.8, 4, TRADING, SALON, (CHEM,), hs="290230", value=900, package="DR"),
    row("air", "WHITE POWDER SAMPLES", 12, 0.03, 1, CHEMFIRM, PERSON, (CHEM,), value=30),
    row("air", "DAILY NECESSITIES, SHAMPOO", 300, 0.3, 12, CHEMFIRM, FORWARDER, (CHEM, ROUTE), value=500),
    row("air", "1-BOC-4-AP", 20, 0.04, 1, BIOTECH, AUTOSHOP, (CHEM,), value=400),
    row("sea", "ACETIC ANHYDRIDE", 880, 1, 4, CHEMFIRM, AUTOSHOP, (CHEM,), hs="291524", un=("8", "1715"), value=1500,
        package="DR"),
    row("air", "BENZYL METHYL KETONE", 200, 0.2, 8, INDIAN, WAREHOUSE, (CHEM,), value=900),
    row("air", "PARACETAMOL TABLETS; EPHEDRINE HCL POWDER 25 KG", 90, 0.3, 4, INDIAN, FORWARDER, (CHEM,), value=900),
    row("air", "DYE, CAS: 125541-22-2", 25, 0.05, 1, BIOTECH, AUTOSHOP, (CHEM,), value=300),
    row("air", "COSMETIC RAW MATERIAL CAS NO 79099-07-3", 25, 0.05, 1, INDIAN, SALON, (CHEM,), value=300),
    row("air", "APAAN", 25, 0.05, 1, CHEMFIRM, AUTOSHOP, (CHEM,), value=300),
    row("air", "3,4-METHYLENEDIOXYPHENYL-2-PROPANONE", 20, 0.05, 1, BIOTECH, MEXICAN, (CHEM,), value=900),
    row("sea", "ISOSAFROLE IN DRUMS", 400, 0.6, 2, INDIAN, MEXICAN, (CHEM,), value=6000, package="DR"),
    row("air", "EPHEDRIN HYDROCHLORID", 25, 0.05, 1, INDIAN, PERSON, (CHEM,), value=900),
    row("air", "PSEUDO EPHEDRINE HCL", 25, 0.05, 1, INDIAN, PERSON2, (CHEM,), value=900),
    row("air", "麻黄碱", 25, 0.05, 1, BIOTECH, PERSON3, (CHEM,), value=900),
    row("air", "ERGOTAMINE TARTRATE", 1, None, 1, INDIAN, PERSON, (CHEM,), value=900),
    row("air", "ANTHRANILIC ACID", 50, 0.1, 2, CHEMFIRM, SALON, (CHEM,), value=300),
    row("sea", "HYDRIODIC ACID 57 PERCENT", 200, 0.2, 8, INDIAN, PERSON2, (CHEM,), value=3000),
    row("sea", "POTASSIUM PERMANGANATE", 1000, 1, 20, INDIAN, WAREHOUSE, (CHEM,), value=2400, package="DR"),
    row("air", "4-P1PERID0NE", 20, 0.04, 1, BIOTECH, SALON, (CHEM,), value=300),
    row("air", "PIPERADONE", 20, 0.04, 1, BIOTECH, MAILBOX, (CHEM,), value=300),
    row("air", "2-(3,4-METHYLENEDIOXYPHENYL)ACETYL GLYCIDATE PMK POWDER", 25, 0.04, 1, CHEMFIRM, TOYSHOP, (CHEM,), value=300),
    # routes and weights
    row("air", "KEYBOARDS", 79.4, 0.1, 1, PHONES, WAREHOUSE, (CHEM, ROUTE), value=120),
    row("air", "ACCESSORIES", 320, 0.6, 14, TRADING, FORWARDER, (ROUTE,), value=400),
    row("air", "GENERAL MERCHANDISE", 450, 1.4, 22, TRADING, WAREHOUSE, (ROUTE,), value=600),
    row("air", "PLUSH TOYS", 210, 0.25, 6, TRADING, MAILBOX, (ROUTE, CHEM), value=300),
    row("air", "T-SHIRTS", 500, 0.5, 10, TRADING, FORWARDER, (ROUTE, CHEM), value=700),
]

# Goods whose names come near to the listed ones, each to a firm of its trade.
NEAR = [
    ("COLD HEADING DIES AND PUNCHES FOR FASTENERS", FORGE, "820730"), ("STAMPING DIES, PROGRESSIVE", FORGE, "820730"),
    ("WOOD PELLET PRESS", FORGE, "847930"), ("CAKE MOULDS AND COOKIE PRESS", BAKERY, "732393"),
    ("GUMMY CANDY DEPOSITOR WITH MOULDS", CANDY, "843820"), ("EFFERVESCENT CLEANING TABLETS, RETAIL", TOYSHOP, "340250"),
    ("GRAPHICS TABLETS AND STYLUS PENS", STORE, "847160"), ("CAPSULE TOYS VENDING MACHINE", TOYSHOP, "847689"),
    ("BLISTER PACKAGING MACHINE FOR TOOTHBRUSHES", PLASTICS, "842240"), ("PLASTIC MOLD KIT PMK", PLASTICS, "848071"),
    ("MATCHBOXES WITH RED PHOSPHORUS STRIKING SURFACE", TOYSHOP, "360500"), ("IODIZED TABLE SALT", CANDY, "250100"),
    ("BENZALDEHYDE-FREE ALMOND FLAVOUR", CANDY, "330210"), ("MEK PEROXIDE CATALYST FOR RESINS", PLASTICS, "290960"),
    ("ACETIC ACID GLACIAL", PAINT, "291521"), ("TRIMETHYLAMINE OXIDE", LAB, "292119"), ("DIMETHYLFORMAMIDE", PAINT, "292419"),
    ("DONEPEZIL HYDROCHLORIDE", MAKER, "293339"), ("LIDOCAINE HYDROCHLORIDE", MAKER, "292429"),
    ("SYNEPHRINE, CITRUS AURANTIUM EXTRACT", VITAMINS, "130219"), ("CREATINE MONOHYDRATE POWDER", VITAMINS, "292529"),
    ("NPP FERTILIZER 20-10-10", FORGE, "310520"), ("MAPA GLOVES", TOYSHOP, "401519"), ("4-AP ACCESS POINT", STORE, "851762"),
]
LAWFUL += [row(("sea", "air")[i % 2], text, 240 + 10 * i, 1.6, 16, GERMAN, consignee, hs=hs, value=9000)
           for i, (text, consignee, hs) in enumerate(NEAR)]

# Houses of one order over several persons: one expectation for all of them together.
SPLIT = [row("air", "METAL PARTS", 14 + 0.2 * i, 0.02, 1, PRESSES, person, (ROUTE, PILL), value=45)
         for i, person in enumerate((PERSON, PERSON2, PERSON3))]
MODES = {"sea": ("sea", "CNSHA", "USLAX"), "air": ("air", "PVG", "LAX"), "post": ("post", "CNSZX", "USLAX")}


def inspect(checks, rows, prefix):
    """The detectors that alerted for each row, every mode in a feed of its own."""
    found = [set() for _ in rows]
    for mode in MODES:
        kind, load, discharge = MODES[mode]
        feed = e.Feed("trade" + mode, "", mode=kind, load=load, discharge=discharge, utf8=True)
        for number, (row_mode, _, facts) in enumerate(rows):
            if row_mode == mode:
                facts = dict(facts)
                feed.bill("%s%03d" % (prefix, number), facts.pop("text"), facts.pop("kg"), facts.pop("m3"), **facts)
        folder = os.path.join(common.SCRATCH, prefix + mode)
        os.makedirs(folder)
        feed.write(folder)
        done = common.run("-o", "-", os.path.join(folder, feed.name + ".edi"))
        checks.check("%s by %s is read" % (prefix, mode), done.status == 0, done.err[-300:])
        for alert in common.of_type(common.events(done), "alert"):
            # That a pair alerted before says nothing about this shipment.
            if alert["alert"]["sid"] != PAIR:
                found[int(alert["shipment"]["id"][-3:])].add(alert["alert"]["detector"])
    return found


def main():
    checks = common.Checks()
    lawful, suspicious = inspect(checks, LAWFUL, "LAW"), inspect(checks, SUSPICIOUS, "SUS")
    split = inspect(checks, SPLIT, "SPL")
    hits = 0
    for number, (_, _, facts) in enumerate(LAWFUL):
        checks.check("lawful: " + facts["text"], not lawful[number], sorted(lawful[number]))
    for number, (_, by, facts) in enumerate(SUSPICIOUS):
        hit = bool(set(by) & suspicious[number])
        hits += hit
        checks.check("suspicious: " + facts["text"], hit, sorted(suspicious[number]))
    hit = any(set(by) & found for (_, by, _), found in zip(SPLIT, split))
    checks.check("suspicious: one order over three homes", hit, split)
    hits += hit
    wrong = sum(map(bool, lawful))
    print("precision %.2f, recall %.2f of %d lawful and %d suspicious shipments" % (
        hits / max(1, hits + wrong), hits / (len(SUSPICIOUS) + 1), len(LAWFUL), len(SUSPICIOUS) + 1))
    checks.end()


if __name__ == "__main__":
    main()
