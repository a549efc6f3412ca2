#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the golden cases of pill_press beside itself: NAME.edi and NAME.expect. All of it is made up.

usage: make_cases.py

What is expected is the policy of the detector (plugins/pill_press/README.md), not what it prints.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import make_edi as e  # noqa: E402

MACHINE, PART, VAGUE = 2100001, 2100002, 2100003
MAILBOX = ("R COLLINS", "PMB 118 2200 OAK ST", "RENO", "NV", "89502", "US")
INLAND = ("SILVERLINE FREIGHT FORWARDING LLC", "40 RUNWAY RD", "ATLANTA", "GA", "30320", "US")
MEXICO = ("INDUSTRIAS NORTE SA DE CV", "AV TALLERES 400", "MONTERREY", "NL", "64000", "MX")
MEXICAN_HOME = ("LUIS ORTEGA PENA", "CALLE ROBLE 12", "PUEBLA", "PU", "72000", "MX")
ROASTER = ("HIGH PEAK COFFEE ROASTERS INC", "5 BEAN ST", "SEATTLE", "WA", "98108", "US")
SUPPLEMENTS = ("MEADOW NUTRITION LLC", "70 WELLNESS WAY", "OREM", "UT", "84057", "US")
MAKER = ("SHANGHAI FENGDA PHARMACEUTICAL MACHINERY CO LTD", "8 BAOAN ROAD", "SHANGHAI", "", "201800", "CN")


def english():
    f = e.Feed("english", "machines, parts and tools named in English")
    f.bill("PPE001", "USED TABLET PRESS, 1 SET", 640, 2.1, hs="847989", sid=MACHINE, match="TABLET PRESS", severity=2)
    f.bill("PPE002", "TABLET PRESS MACHINE", 610, 2.0, hs="847989", consignee=e.HOME, sid=MACHINE, severity=1)
    f.bill("PPE003", "CANDY MAKING TOOLS / PILL PRESS MACHINE", 38, 0.1, consignee=e.SALON, sid=MACHINE,
           match="PILL PRESS MACHINE", severity=1)
    f.bill("PPE004", "AUTOMATIC CAPSULE FILLING MACHINE NJP-400", 700, 3, hs="842230", sid=MACHINE,
           match="CAPSULE FILLING MACHINE", severity=2)
    f.bill("PPE005", "STAINLESS STEEL TDP-5 DIE SET", 2.4, 0.01, hs="820730", consignee=e.HOME, sid=PART, severity=1,
           match="TDP 5 DIE")
    f.bill("PPE006", "PUNCHES AND DIES FOR TABLETS", 60, 0.1, hs="820730", consignee=e.FIRM, sid=PART, severity=2)
    f.bill("PPE007", "METAL STAMP", 4, 0.02, marks="PILL MOLD M30", consignee=e.HOME, sid=PART,
           field="goods.marks", severity=1)
    f.bill("PPE008", "MACHINE PARTS", 55, 0.2, consignee=e.FIRM, notes=["SPARE PARTS FOR TABLET PRESS ZP-9"],
           sid=PART, field="note.text", severity=2)
    f.bill("PPE009", "ENCAPSULATOR, SEMI AUTOMATIC", 190, 1, consignee=INLAND, sid=MACHINE, severity=1)
    f.bill("PPE010", "TABLETTING MACHINE WITH HOPPER", 420, 1.2, consignee=e.DRUGS, sid=MACHINE, severity=2)
    f.bill("PPE011", "TABLET PRESS", 52, 0.2, value=300, consignee=e.FIRM, sid=MACHINE, severity=1)
    f.write(HERE)


def languages():
    f = e.Feed("languages", "other languages and scripts, broken and disguised words", utf8=True)
    rows = [
        ("MAQUINA TABLETEADORA ROTATIVA", MACHINE, "TABLETEADORA"),
        ("PRENSA PARA HACER PASTILLAS", MACHINE, "PRENSA PARA HACER PASTILLAS"),
        ("MÁQUINA LLENADORA DE CÁPSULAS", MACHINE, "LLENADORA DE CAPSULAS"),
        ("MOLDES PARA PASTILLAS", PART, "MOLDES PARA PASTILLAS"),
        ("PRENSA DE COMPRIMIDOS USADA", MACHINE, "PRENSA DE COMPRIMIDOS"),
        ("PRESSE À COMPRIMÉS", MACHINE, "PRESSE A COMPRIMES"),
        ("GÉLULEUSE SEMI-AUTOMATIQUE", MACHINE, "GELULEUSE"),
        ("Tablettenpresse, gebraucht", MACHINE, "TABLETTENPRESSE"),
        ("Kapselfüllmaschine", MACHINE, "KAPSELFULLMASCHINE"),
        ("压片机", MACHINE, "压片机"),
        ("旋轉式壓片機 1台", MACHINE, "-"),
        ("全自动胶囊填充机", MACHINE, "胶囊填充机"),
        ("YA PIAN JI", MACHINE, "YA PIAN JI"),
        ("таблеточный пресс", MACHINE, "-"),
        ("пресс-форма для таблеток", PART, "-"),
        ("TABLET PRE SS MACHINE", MACHINE, "-"),
        ("T A B L E T   P R E S S", MACHINE, "-"),
        ("TABLET-PRESS", MACHINE, "TABLET PRESS"),
        ("ТABLEТ РRESS", MACHINE, "TABLET PRESS"),   # Cyrillic letters among them
        ("Tàblét Préss", MACHINE, "TABLET PRESS"),
        ("ＴＡＢＬＥＴ ＰＲＥＳＳ", MACHINE, "TABLET PRESS"),
        ("TAB1ET PRESS", MACHINE, "-"),
        ("PIL PRESS", MACHINE, "PIL PRESS"),
        ("COMPRESSION MACHINE FOR TABLETS", MACHINE, "-"),   # a word for a press near one for pills
        ("TROQUEL M30 ACERO", PART, "TROQUEL"),
    ]
    for i, (text, sid, match) in enumerate(rows, 1):
        f.bill("PPL%03d" % i, text, 30 + 17 * i, 0.4, sid=sid, match=match)
    f.write(HERE)


def cuts():
    f = e.Feed("cuts", "terms cut at the 70th column and across release characters")
    head = "ONE LOT OF SECOND HAND WORKSHOP GOODS FROM A CLOSED FACTORY 1 UNIT"
    assert len(head) == 66
    f.bill("PPC001", head[:65] + " TABLET PRESS AND BENCH", 610, 2, sid=MACHINE, match="TABLET PRESS")
    f.bill("PPC002", "A" * 69 + " " + "B" * 69 + " " + "C" * 69 + " " + "D" * 69 + " " + "E" * 57 + " TABLET PRESS",
           900, 2, sid=MACHINE, match="TABLET PRESS")
    f.bill("PPC003", "PRENSA P/ TABLETAS L'ATELIER: 'TABLET'+'PRESS' NO?", 880, 2, sid=MACHINE, match="TABLET PRESS")
    f.bill("PPC004", "PUNCH+DIE SET: PILL+PRESS", 70, 1, sid=MACHINE, match="PILL PRESS")
    f.write(HERE)


def reference():
    f = e.Feed("reference", "the regulatory transaction reference and what it does")
    label = "DEA TRANSACTION ID 452-2026-008813"
    f.bill("PPR001", "TABLET PRESS MACHINE", 610, 2, hs="847989", consignee=e.DRUGS, notes=[label],
           silent="a drug firm with a labelled reference")
    f.bill("PPR002", "TABLET PRESS MACHINE", 650, 2, hs="847989", consignee=SUPPLEMENTS,
           references=[("ABE", "DEA FORM 452 NO. W2615008813")], silent="a supplement firm with a labelled reference")
    f.bill("PPR003", "TABLET PRESS MACHINE", 700, 2, consignee=e.FIRM, notes=[label], sid=MACHINE, severity=3)
    f.bill("PPR004", "TABLET PRESS MACHINE", 66, 0.3, consignee=e.HOME, notes=[label], sid=MACHINE, severity=1)
    f.bill("PPR005", "TABLET PRESS MACHINE", 800, 2, consignee=e.DRUGS, references=[("ABE", "4522026008813")],
           sid=MACHINE, severity=2)                     # a bare number is none
    f.bill("PPR006", "TABLET PRESS MACHINE", 850, 2, consignee=e.DRUGS, notes=["DEA TRANSACTION ID PENDING"],
           sid=MACHINE, severity=2)
    f.bill("PPR007", "TABLET PRESS MACHINE", 900, 2, consignee=e.DRUGS, notes=["DEA REGISTRATION RN0456789"],
           sid=MACHINE, severity=2)                     # a registration is no transaction
    f.bill("PPR008", "TABLET PRESS MACHINE", 72, 0.3, consignee=MAILBOX, notes=[label], sid=MACHINE, severity=1)
    f.bill("PPR009", "TABLET PRESS MACHINE", 950, 2, consignee=e.SALON, notes=[label], sid=MACHINE, severity=2)
    f.bill("PPR010", "CAPSULE FILLING MACHINE", 500, 2, consignee=e.DRUGS, references=[("DEA", "W2615009921")],
           silent="the qualifier is the label")
    f.write(HERE)


def abroad():
    f = e.Feed("abroad", "outside US imports: low without a second sign", discharge="MXZLO")
    f.bill("PPA001", "TABLETEADORA ROTATIVA", 700, 2, consignee=MEXICO, sid=MACHINE, severity=3)
    f.bill("PPA002", "PRENSA DE PASTILLAS", 45, 0.2, consignee=MEXICAN_HOME, sid=MACHINE, severity=2)
    f.bill("PPA003", "PUNZONES PARA COMPRIMIDOS", 3, 0.02, consignee=MEXICO, sid=PART, severity=2)
    f.write(HERE)


def vague():
    f = e.Feed("vague", "vague text under a heading of such machines")
    f.bill("PPV001", "MACHINE PARTS", 61, 0.2, hs="847990", consignee=e.HOME, sid=VAGUE, field="goods.hs", severity=2)
    f.bill("PPV002", "METAL PARTS", 4.2, 0.02, hs="820730", shipper=MAKER, consignee=e.FIRM, sid=VAGUE,
           field="party.name", severity=3)
    f.bill("PPV003", "MACHINERY", 48, 0.2, hs="84798999", consignee=e.SALON, sid=VAGUE, field="goods.hs",
           severity=2)
    f.bill("PPV004", "MACHINE PARTS", 61, 0.2, hs="847990", consignee=e.FIRM, silent="nothing supports it")
    f.bill("PPV005", "SPARE PARTS FOR ASPHALT PAVER VOGELE 1800", 61, 0.2, hs="847990", consignee=e.HOME,
           silent="the text is not vague")
    f.bill("PPV006", "METAL PARTS", 4.2, 0.02, hs="732690", shipper=MAKER, consignee=e.FIRM,
           silent="another heading")
    f.bill("PPV007", "ULTRASONIC AROMA DIFFUSER", 1.2, 0.01, hs="847989", consignee=e.HOME,
           silent="8479.89 holds what homes buy as well")
    f.bill("PPV008", "MACHINE PARTS HS CODE 8479.90", 61, 0.2, consignee=e.HOME, sid=VAGUE, match="8479 90", severity=2)
    f.bill("PPV009", "MACHINE PARTS PO 847990", 61, 0.2, consignee=e.HOME, silent="an order's number, and no HS line")
    f.write(HERE)


def imprints():
    f = e.Feed("imprints", "a mere die or mould counts beside an imprint of pills, and not beside a thread")
    f.bill("PPM001", "STEEL DIE G 3722 ROUND", 2, 0.01, consignee=e.HOME, sid=PART, match="DIE", severity=1)
    f.bill("PPM002", "IP 204 STAMP", 2, 0.01, consignee=e.HOME, sid=PART, match="STAMP")
    f.bill("PPM003", "TAP AND DIE SET M3-M30", 310, 0.2, consignee=e.FIRM, silent="M30 is a thread")
    f.bill("PPM004", "STEEL DIE G 4444 ROUND", 2, 0.01, consignee=e.HOME, silent="no imprint")
    f.bill("PPM005", "STEEL DIE, ONE OF THE ITEMS UNDER INVOICE G 3722", 2, 0.01, consignee=e.HOME,
           silent="the words are too far apart")
    f.write(HERE)


def lawful():
    f = e.Feed("lawful", "what uses the same words and is none")
    rows = [
        ("ANDROID TABLET PC 10 INCH WITH KEYBOARD", "computers"),
        ("TABLET STANDS AND TABLET CASES, ALUMINIUM", "for computers"),
        ("GRAPHIC TABLETS WITH PEN FOR DRAWING", "computers"),
        ("INJECTION MOULD FOR TABLET PC HOUSING", "mould of another trade"),
        ("COFFEE CAPSULES COMPATIBLE WITH NESPRESSO", "coffee"),
        ("COFFEE CAPSULE FILLING AND SEALING MACHINE", "for a roaster"),
        ("TABLET CRUSHER FOR HOSPITAL USE", "crushes"),
        ("PILL CUTTER AND PILL BOX 7 DAYS", "for patients"),
        ("TABLET COUNTING MACHINE 16 CHANNEL", "counts"),
        ("TABLET HARDNESS TESTER YD-1", "tests"),
        ("CAPSULE COUNTING AND BOTTLING LINE", "bottles"),
        ("HYDRAULIC PRESS 100 TON FOR FORGING", "another press"),
        ("PROGRESSIVE DIE SET FOR SHEET METAL STAMPING OF BRACKETS", "another trade's dies"),
        ("PUNCHES AND DIES FOR TURRET PUNCHING OF SHEET METAL", "another trade's dies"),
        ("PAPER PUNCH AND STAPLER SET", "office"),
        ("ALUMINIUM DIE CAST HOUSINGS", "die casting"),
        ("MOLDS FOR SOAP AND CHOCOLATE TABLETS, SILICONE", "soap and chocolate"),
        ("PASTILLAS DE FRENO CERAMICAS", "brake pads"),
        ("PILLOW PRESSING BOARDS AND PILLOW CASES", "pillows"),
        ("TABLET PRESSURE SENSOR DISPLAY UNITS", "pressure"),
        ("VITAMIN C TABLETS 500 MG IN BOTTLES", "finished goods"),
        ("FISH OIL SOFTGEL CAPSULES", "finished goods"),
        ("SOLAR MODULE ENCAPSULATION MACHINE FOR EVA FILM", "solar modules"),
        ("GASHAPON CAPSULE MACHINE WITH CAPSULE TOYS", "toys"),
        ("PILL BOTTLES AND CHILD RESISTANT CAPS", "bottles"),
        ("FRUIT PUNCH FLAVORED TABLETS WITH PRESS THROUGH PACK", "a flavour and a pack"),
        ("PRESS RELEASE FOLDERS AND TABLETS OF NOTE PAPER", "paper"),
    ]
    for i, (text, why) in enumerate(rows, 1):
        consignee = ROASTER if "COFFEE" in text else e.FIRM
        f.bill("PPS%03d" % i, text, 20 + 31 * i, 0.5 + 0.4 * i, pieces=10 + i, consignee=consignee, silent=why)
    f.write(HERE)


def actions():
    f = e.Feed("actions", "a cancel alerts for nothing, a test interchange does")
    f.bill("PPX001", "TABLET PRESS", 610, 2, silent="cancelled before it was ever sent")
    f.close(function="1")
    f.bill("PPX002", "TABLET PRESS", 690, 2, sid=MACHINE)
    f.close(test=True)
    f.write(HERE)


def contract():
    f = e.Feed("contract", "the same as a contract of carriage, IFTMCS")
    f.interchanges.append(e.message("IFTMCS", "CONTRACT1", e.contract("PPI001", "PILL PRESS AND DIES", e.FACTORY, e.HOME,
                                                                 ["MEA+AAE+G+KGM:44"])))
    f.expect.append("%d|PPI001|goods.description|PILL PRESS|severity=1" % MACHINE)
    f.write(HERE)


for case in (english, languages, cuts, reference, abroad, vague, imprints, lawful, actions, contract):
    case()
