#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the golden cases of chemical_precursor beside itself: NAME.edi and NAME.expect. All of it is made up.

usage: make_cases.py

What is expected is the policy of the detector (plugins/chemical_precursor/README.md), not what it prints.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import make_edi as e  # noqa: E402

NAMED, HS, SOLVENT, FIRM, DENSITY, PAIR = range(2200001, 2200007)
LANE, WEIGHT = 2300001, 2300004
LAB = ("EASTGATE LABORATORIES INC", "12 SCIENCE PARK DR", "NEWARK", "DE", "19711", "US")
SOAPS = ("ORCHARD FRAGRANCES INC", "77 BLOSSOM ST", "EDISON", "NJ", "08817", "US")
TRADER = ("OMNI GLOBAL IMPORT EXPORT LLC", "19 PIER ST", "HOUSTON", "TX", "77011", "US")
PHONES = ("SKYBELL ELECTRONICS CO LTD", "31 TIANHE ROAD", "SHENZHEN", "", "518000", "CN")
STORE = ("KEYWORD COMPUTER SUPPLY INC", "600 MEMORY LN", "BOISE", "ID", "83702", "US")
AUTOSHOP = ("EL TORO AUTO PARTS", "1500 COUNTY RD", "ALBUQUERQUE", "NM", "87102", "US")


def names():
    f = e.Feed("names", "strong substances by name, synonym, salt, ester, other language", utf8=True)
    rows = [
        ("4-PIPERIDONE HYDROCHLORIDE", "4 PIPERIDONE HYDROCHLORIDE"),
        ("N-PHENETHYL-4-PIPERIDONE, 25 KG DRUM", "N PHENETHYL 4 PIPERIDONE"),
        ("1-BOC-4-PIPERIDONE POWDER", "1 BOC 4 PIPERIDONE"),
        ("4-ANPP", "4 ANPP"),
        ("PMK ETHYL GLYCIDATE", "PMK ETHYL GLYCIDATE"),
        ("BMK GLYCIDIC ACID SODIUM SALT", "-"),
        ("PHENYLACETONE", "PHENYLACETONE"),
        ("PSEUDOEPHEDRINE HYDROCHLORIDE USP", "PSEUDOEPHEDRINE HYDROCHLORIDE"),
        ("EFEDRINA", "EFEDRINA"),
        ("NORÉPHÉDRINE", "NOREPHEDRINE"),
        ("麻黄素", "麻黄素"),
        ("偽麻黃鹼 25公斤", "偽麻黃鹼"),
        ("эфедрин", "-"),
        ("MAHUANGSU", "MAHUANGSU"),
        ("SASSAFRAS OIL IN DRUMS", "SASSAFRAS OIL"),
        ("HUILE DE SASSAFRAS", "HUILE DE SASSAFRAS"),
        ("4-PIPER IDONE", "4 PIPER IDONE"),
        ("P I P E R O N A L", "-"),
        ("NORFENTANYI 99%", "NORFENTANYI"),
        ("4-PIPERIDNE ONE / 4-PIPERIDOME POWDER", "PIPERIDOME"),
        ("PSEUD0EPHEDR1NE POWDER", "PSEUD0EPHEDR1NE"),
        ("ЕPНEDRINE", "EPHEDRINE"),                # two Cyrillic letters
        ("Èphédrine", "EPHEDRINE"),
        ("PLASTIC TOYS CAS 39742-60-4", "39742 60 4"),
        ("SAMPLE 21409-26-7", "21409 26 7"),
        ("PIGMENT, CAS 28578 16 7", "28578 16 7"),
        ("PMK, CAS AVAILABLE, PURITY 99%", "PMK"),
        ("METHYL PHENYLACETATE", "PHENYLACETATE"),
    ]
    for i, (text, match) in enumerate(rows, 1):
        f.bill("CPN%03d" % i, text, 25 + 23 * i, shipper=e.CHEMFIRM, consignee=e.FIRM, sid=NAMED, match=match,
               also=(WEIGHT,) if "TOYS" in text else ())
    f.write(HERE)


def severity():
    f = e.Feed("severity", "how high an alert for a named substance is")
    f.bill("CPG001", "N-PHENETHYL-4-PIPERIDONE", 25, consignee=e.HOME, sid=NAMED, severity=1)
    f.bill("CPG002", "PSEUDOEPHEDRINE HYDROCHLORIDE", 500, hs="293942", consignee=e.DRUGS, sid=NAMED, severity=2)
    f.bill("CPG003", "ACETIC ANHYDRIDE", 12800, 12, pieces=64, package="DR", hs="291524", un=("8", "1715"),
           shipper=e.CHEMFIRM, consignee=e.COATER, sid=NAMED, severity=3)
    f.bill("CPG004", "ACETIC ANHYDRIDE", 440, pieces=2, package="DR", hs="291524", un=("8", "1715"),
           shipper=e.CHEMFIRM, consignee=AUTOSHOP, sid=NAMED, severity=1)
    f.bill("CPG005", "POTASSIUM PERMANGANATE", 5000, 6, pieces=100, package="DR", shipper=e.CHEMFIRM,
           consignee=TRADER, sid=NAMED, severity=2)
    f.bill("CPG006", "METHYLAMINE HYDROCHLORIDE", 2585, 4, pieces=80, package="BG", consignee=e.HOME,
           shipper=e.CHEMFIRM, sid=NAMED)
    f.bill("CPG007", "BENZALDEHYDE", 9100, 10, pieces=40, package="DR", hs="291221", un=("9", "1990"),
           shipper=e.CHEMFIRM, consignee=SOAPS, sid=NAMED, severity=3)
    f.write(HERE)


def headings():
    f = e.Feed("headings", "an HS line of one listed substance under another text")
    f.bill("CPH001", "PLASTIC DECORATIONS", 4, hs="293337", consignee=e.FIRM, sid=HS, field="goods.hs", severity=2)
    f.bill("CPH002", "CHEMICAL PRODUCT", 55, hs="29143100", consignee=e.HOME, sid=HS, field="goods.hs", severity=1)
    f.bill("CPH003", "FOOD ADDITIVE", 75, hs="2932.94", consignee=e.FIRM, sid=HS, field="goods.hs")
    f.bill("CPH004", "WATER TREATMENT AGENT", 1000, 2, pieces=40, package="DR", hs="284161", shipper=e.CHEMFIRM,
           consignee=e.FIRM, sid=HS, field="goods.hs", severity=3)
    f.bill("CPH005", "GLUTARALDEHYDE 50 PERCENT", 900, 1, hs="291219", shipper=e.CHEMFIRM, consignee=LAB,
           silent="a line of many substances")
    f.bill("CPH006", "PYRIDINE", 800, 1, hs="293331", un=("3", "1282"), shipper=e.CHEMFIRM, consignee=LAB,
           silent="the line beside it")
    f.bill("CPH007", "PIGMENT HS CODE 2933.36", 120, 0.2, consignee=e.FIRM, sid=HS, match="2933 36", severity=2)
    f.bill("CPH008", "PIGMENT HSCODE293336", 120, 0.2, shipper=PHONES, consignee=e.FIRM, silent="run together with another word")
    f.bill("CPH009", "PIGMENT, INVOICE 293336", 120, 0.2, shipper=PHONES, consignee=e.FIRM, silent="nothing says that it is an HS line")
    f.bill("CPH010", "FOIL BAG 39742604", 2, 0.01, consignee=e.HOME, sid=NAMED, match="39742604", severity=1)
    f.bill("CPH011", "FOIL BAG 3974-2604", 2, 0.01, shipper=PHONES, consignee=e.HOME, silent="no number of eight digits")
    f.write(HERE)


def solvents():
    f = e.Feed("solvents", "solvents and acids: only with a second sign")
    drums = {"package": "DR", "shipper": e.CHEMFIRM}
    f.bill("CPO001", "ACETONE IN STEEL DRUMS", 13600, 18, pieces=80, hs="291411", un=("3", "1090"), consignee=e.COATER,
           silent="drums with UN number and fitting HS between firms of the trade", **drums)
    f.bill("CPO002", "TOLUENE", 320, 0.4, pieces=2, hs="290230", un=("3", "1294"), consignee=e.HOME, sid=SOLVENT,
           severity=2, **drums)
    f.bill("CPO003", "HYDROCHLORIC ACID 32 PERCENT", 1200, 1.1, pieces=5, hs="280610", un=("8", "1789"),
           consignee=e.SALON, sid=SOLVENT, severity=2, **drums)
    f.bill("CPO004", "METHYL ETHYL KETONE", 9600, 12, pieces=60, hs="291412", consignee=e.COATER, sid=SOLVENT,
           match="METHYL ETHYL KETONE", severity=3, **drums)
    f.bill("CPO005", "SHAMPOO AND LOTION / ACETONE, 20 DRUMS", 3300, 4, pieces=20, un=("3", "1090"),
           hs="291411", consignee=e.COATER, sid=SOLVENT, severity=2, **drums)
    f.bill("CPO006", "SULPHURIC ACID 98", 24000, 14, pieces=1, hs="280700", un=("8", "1830"), package="TK",
           consignee=TRADER, sid=SOLVENT, shipper=e.FACTORY)
    f.bill("CPO007", "SULPHURIC ACID 98", 23000, 14, pieces=1, hs="280700", un=("8", "1830"), package="TK",
           shipper=e.CHEMFIRM, consignee=e.COATER, silent="bulk between firms of the trade")
    f.bill("CPO008", "ACETONE HPLC GRADE 4 X 2.5 L", 9, 0.03, hs="291411", un=("3", "1090"), shipper=e.CHEMFIRM,
           consignee=LAB, silent="a laboratory pack")
    f.bill("CPO009", "NAIL POLISH REMOVER WITH ACETONE, RETAIL PACKS", 900, 3, pieces=100, hs="330430",
           consignee=STORE, silent="retail packs")
    f.bill("CPO010", "ACETONE FREE NAIL POLISH REMOVER", 600, 3, pieces=90, hs="330430", consignee=STORE,
           silent="it says free of it")
    f.bill("CPO011", "TOLUENE DIISOCYANATE TDI 80/20", 20000, 18, pieces=80, hs="292910", un=("6.1", "2078"),
           consignee=e.COATER, silent="another substance", **drums)
    f.bill("CPO012", "ACETONE PUMPS AND VALVES", 700, 2, hs="841370", consignee=e.FIRM, silent="pumps")
    f.bill("CPO013", "LEAD ACID BATTERIES, FILLED WITH SULPHURIC ACID", 4000, 3, pieces=20, hs="850710",
           un=("8", "2794"), consignee=e.FIRM, silent="batteries")
    f.write(HERE)


def firms():
    f = e.Feed("firms", "a chemical firm that sends something else", mode="air", load="PVG", discharge="ORD")
    f.bill("CPF001", "WHITE POWDER SAMPLES", 12, 0.03, shipper=e.CHEMFIRM, consignee=e.HOME, sid=FIRM, severity=2)
    f.bill("CPF002", "CRYSTALS", 25, 0.04, shipper=e.CHEMFIRM, consignee=TRADER, sid=FIRM, severity=3)
    f.bill("CPF003", "PLASTIC TOYS", 130, 0.2, pieces=4, shipper=e.CHEMFIRM, consignee=TRADER, sid=FIRM,
           match="PLASTIC TOYS", also=(WEIGHT,))
    f.bill("CPF008", "COSMETICS", 27, 0.04, shipper=e.CHEMFIRM, consignee=e.HOME, sid=FIRM, match="COSMETICS")
    f.bill("CPF009", "COSMETICS", 270, 0.4, pieces=20, shipper=e.CHEMFIRM, consignee=e.HOME,
           silent="dense, as cosmetics are")
    f.bill("CPF004", "CALCIUM CARBONATE POWDER", 1000, 1.2, pieces=40, package="BG", hs="283650", shipper=e.CHEMFIRM,
           consignee=e.COATER, silent="a named lawful powder")
    f.bill("CPF005", "SAMPLES OF TITANIUM DIOXIDE PIGMENT R-902", 4, 0.02, hs="320611", shipper=e.CHEMFIRM,
           consignee=e.COATER, silent="a named sample for a firm of the trade")
    f.bill("CPF006", "PLASTIC TOYS", 130, 0.9, pieces=14, shipper=PHONES, consignee=STORE,
           silent="no chemical firm, ordinary weight")
    f.bill("CPF007", "PHOTO CRYSTALS AND GLASS AWARDS", 60, 0.2, pieces=4, shipper=PHONES, consignee=STORE,
           silent="no chemical firm")
    f.write(HERE)


def density():
    f = e.Feed("density", "light goods as heavy as powder, from Asia to the border", mode="air", load="PVG",
               discharge="LAX")
    f.bill("CPD001", "KEYBOARDS", 79.4, 0.1, shipper=PHONES, consignee=e.BORDER, sid=DENSITY, match="KEYBOARDS",
           also=(LANE,))
    f.bill("CPD002", "KEYBOARDS", 79.4, 0.4, pieces=20, shipper=PHONES, consignee=STORE, silent="inland and light")
    f.bill("CPD003", "STEEL BOLTS AND BRASS KEYBOARD STANDS", 79.4, 0.05, shipper=PHONES, consignee=STORE,
           silent="inland, heavy goods")
    f.write(HERE)


def lawful():
    f = e.Feed("lawful", "unlisted neighbours in name or number, finished medicines, other meanings")
    rows = [
        ("PIPERAZINE ANHYDROUS", "293359", "a neighbour in name"),
        ("PIPERINE 95 PERCENT BLACK PEPPER EXTRACT", "130219", "a neighbour in name"),
        ("PHENYLEPHRINE HYDROCHLORIDE", "292250", "a neighbour in name"),
        ("EPINEPHRINE BASE", "293790", "a neighbour in name"),
        ("N-METHYL-4-PIPERIDONE", "293339", "a substituent makes another substance"),
        ("4-HYDROXY PIPERIDINE", "293339", "a substituent makes another substance"),
        ("2-PIPERIDONE", "293379", "another place in the ring"),
        ("N-METHYL PYRROLIDONE", "293379", "another ring"),
        ("PIPERONYL BUTOXIDE", "293299", "an insecticide's helper"),
        ("ETHYL ACETATE", "291531", "an acetate, no anhydride"),
        ("PHENYL ACETATE", "291539", "an acetate, not phenylacetate"),
        ("MALEIC ANHYDRIDE BRIQUETTES", "291714", "another anhydride"),
        ("ORTHO TOLUIDINE", "292143", "a neighbour in name"),
        ("P-XYLENE", "290243", "a neighbour in use"),
        ("POTASSIUM IODIDE", "282760", "a salt of iodine"),
        ("SODIUM HYPOCHLORITE SOLUTION", "282890", "no hypophosphite"),
        ("PSEUDOEPHEDRINE TABLETS 60 MG, BLISTER", "300449", "a finished medicine"),
        ("COUGH SYRUP WITH EPHEDRINE", "300449", "a finished medicine"),
        ("POVIDONE IODINE SOLUTION 10 PERCENT", "300490", "an antiseptic"),
        ("SAFROLE FREE CAMPHOR OIL", "330129", "it says free of it"),
        ("BMK MUFFLER PARTS FOR TRUCKS", "870892", "an abbreviation that means something else"),
        ("NPP NUCLEAR POWER PLANT CABLES", "854449", "an abbreviation that means something else"),
        ("4 AP WIFI ROUTERS", "851762", "access points"),
        ("PAA AIRLINE MODEL KITS", "950300", "an abbreviation that means something else"),
        ("CITRIC ACID CAS 77-92-9", "291814", "an unlisted number"),
        ("DIOCTYL TEREPHTHALATE CAS 6422-86-2", "291739", "an unlisted number"),
        ("INVOICE 39742-60-5 OFFICE CHAIRS", "940130", "a number that fails its check digit"),
        ("P2P NETWORK CAMERA", "852589", "an abbreviation that means something else"),
        ("EPHEDRA PLANT SEEDS FOR GARDENING", "120930", "a plant"),
    ]
    for i, (text, hs, why) in enumerate(rows, 1):
        f.bill("CPS%03d" % i, text, 100 + 37 * i, 1 + 0.3 * i, pieces=10 + i, hs=hs, shipper=e.CHEMFIRM,
               consignee=e.DRUGS if hs.startswith(("29", "30", "28")) else LAB, silent=why)
    f.write(HERE)


def pairs():
    f = e.Feed("pairs", "a pair of parties after an alert, within and beyond 180 days")
    f.day = "20240105"
    f.bill("CPP001", "PMK GLYCIDATE", 25, shipper=e.CHEMFIRM, consignee=e.FIRM, sid=NAMED)
    f.bill("CPP002", "ACETONE", 900, 1, pieces=5, package="DR", hs="291411", shipper=e.FACTORY, consignee=e.HOME,
           sid=SOLVENT)
    f.close()
    f.day = "20240310"
    f.bill("CPP003", "CERAMIC TILES", 500, 0.5, pieces=20, shipper=e.CHEMFIRM, consignee=e.FIRM, sid=PAIR, field="party.name",
           extra="|related=CPP001")
    f.bill("CPP004", "CERAMIC TILES", 520, 0.5, pieces=21, shipper=e.FACTORY, consignee=e.HOME,
           silent="a pair that alerted for a solvent only")
    f.bill("CPP005", "CERAMIC TILES", 540, 0.5, pieces=22, shipper=e.CHEMFIRM, consignee=LAB, silent="another pair")
    f.close()
    f.day = "20240901"
    f.bill("CPP006", "CERAMIC TILES", 560, 0.5, pieces=23, shipper=e.CHEMFIRM, consignee=e.FIRM,
           silent="240 days after the alert")
    f.write(HERE)


def cuts():
    f = e.Feed("cuts", "terms cut at the 70th column and across release characters")
    head = "SPECIALITY INTERMEDIATES FOR SYNTHESIS AS PER CONTRACT NO 11872 XX"
    assert len(head) == 66
    f.bill("CPC001", head[:65] + " PSEUDOEPHEDRINE BASE", 300, shipper=e.CHEMFIRM, sid=NAMED, match="PSEUDOEPHEDRINE")
    f.bill("CPC002", head[:60] + " CAS 39742-60-4", 330, shipper=e.CHEMFIRM, sid=NAMED, match="39742 60 4")
    f.bill("CPC003", "3,4-MDP-2-P: 'PMK'+'GLYCIDATE' ?", 360, shipper=e.CHEMFIRM, sid=NAMED, match="PMK GLYCIDATE")
    f.bill("CPC004", "TERT-BUTYL 4-(PHENYLAMINO)PIPERIDINE-1-CARBOXYLATE", 390, shipper=e.CHEMFIRM, sid=NAMED)
    f.bill("CPC005", "STEEL COILS", 410, shipper=e.CHEMFIRM, notes=["PRODUCT: 1-PHENYL-2-PROPANONE"], sid=NAMED,
           field="note.text", match="1 PHENYL 2 PROPANONE")
    f.bill("CPC006", "STEEL COILS", 430, shipper=e.CHEMFIRM, marks="APAAN 25 KG", sid=NAMED, field="goods.marks",
           match="APAAN")
    f.write(HERE)


def item(number, text, kg=None, m3=None, pieces=1, package="CT", hs=None, un=None):
    """A further line of goods."""
    segments = ["GID+%d+%d:%s" % (number, pieces, package)] + (e.free_texts("AAA", text) if text else [])
    segments += ["MEA+AAE+G+KGM:%s" % kg] if kg is not None else []
    segments += ["MEA+AAE+AAW+MTQ:%s" % m3] if m3 is not None else []
    segments += ["PIA+5+%s:HS" % hs] if hs else []
    return segments + (["DGS+IMD+%s+%s" % un] if un else [])


def items():
    f = e.Feed("items", "each of several goods is judged by what is told of it")
    drugs = {"shipper": e.CHEMFIRM, "consignee": e.DRUGS}
    f.bill("CPI001", "EPHEDRINE", 25, pieces=1, more=item(2, "PARACETAMOL TABLETS 500 MG, BLISTER", 300, pieces=20),
           sid=NAMED, match="EPHEDRINE", **drugs)
    f.bill("CPI002", "PARACETAMOL TABLETS 500 MG, BLISTER", 300, pieces=20, hs="300490",
           more=item(2, "EPHEDRINE", 25), sid=NAMED, match="EPHEDRINE", **drugs)
    f.bill("CPI003", "EPHEDRINE TABLETS 30 MG, BLISTER", 300, pieces=20, hs="300449",
           more=item(2, "EMPTY CARTONS", 20), silent="a finished medicine beside something else",
           shipper=e.CHEMFIRM, consignee=LAB)
    f.bill("CPI004", "PSEUDOEPHEDRINE SULFATE", 25, hs="300490", more=item(2, "PARACETAMOL TABLETS", 200, hs="300490"),
           silent="under an HS line of medicines, each by itself", shipper=e.CHEMFIRM, consignee=LAB)
    f.bill("CPI005", "GAUZE BANDAGES", 90, hs="300590", more=item(2, "PSEUDOEPHEDRINE SULFATE", 25, hs="293942"),
           sid=NAMED, match="PSEUDOEPHEDRINE", **drugs)
    f.bill("CPI006", "PMK", 25, hs="870892", more=item(2, "ACETIC ACID", 200, hs="291521"),
           silent="a muffler's number, and a chemical beside it", shipper=e.FACTORY, consignee=e.FIRM)
    f.bill("CPI007", "PMK", 25, hs="291890", more=item(2, "MUFFLER CLAMPS", 200, hs="870892"), sid=NAMED, match="PMK",
           shipper=e.FACTORY, consignee=e.FIRM)
    f.bill("CPI008", "PHENYLACETIC ACID", 25, hs="291634", more=item(2, "CERAMIC TILES", 400, hs="293337"),
           sid=NAMED, match="PHENYLACETIC ACID", shipper=e.CHEMFIRM, consignee=e.FIRM)
    f.bill("CPI009", "CERAMIC TILES", 400, hs="690721", more=item(2, "PLASTIC DECORATIONS", 4, hs="293337"), sid=HS,
           field="goods.hs", shipper=e.FACTORY, consignee=e.FIRM)
    f.bill("CPI010", "TOLUENE", 320, 0.4, pieces=2, package="DR", hs="290230",
           more=item(2, "PAINT BRUSHES", 20, hs="960340", un=("3", "1263")), sid=SOLVENT, shipper=e.CHEMFIRM,
           consignee=e.COATER)
    f.bill("CPI011", "PAINT WITH TOLUENE", 320, 0.4, pieces=20, hs="320890", un=("3", "1263"),
           more=item(2, "STEEL DRUMS, EMPTY", 200, hs="731010"), silent="a preparation, and drums beside it",
           shipper=e.CHEMFIRM, consignee=STORE)
    f.bill("CPI012", "STEEL SHELVES", 900, 4, pieces=10, more=item(2, "WHITE POWDER", 12), sid=FIRM, shipper=e.CHEMFIRM,
           consignee=TRADER)
    f.bill("CPI013", "STEEL SHELVES", 900, 4, pieces=10, more=item(2, "CALCIUM CARBONATE POWDER", 12, hs="283650"),
           silent="a named lawful powder beside shelves", shipper=e.CHEMFIRM, consignee=TRADER)
    f.write(HERE)
    air = e.Feed("items_air", "the weight of one of several goods", mode="air", load="PVG", discharge="LAX")
    air.bill("CPJ001", "MAGNETS", 20, 0.02, more=item(2, "KEYBOARDS", 79.4, 0.1), shipper=PHONES, consignee=e.BORDER,
             sid=DENSITY, match="KEYBOARDS", also=(LANE,))
    air.bill("CPJ002", "KEYBOARDS", 40, 0.4, pieces=10, more=item(2, "STEEL BOLTS", 300, 0.1), shipper=PHONES,
             consignee=STORE, silent="the bolts are what is heavy, and they go inland")
    air.write(HERE)


def whole():
    """What is said of the whole consignment, and several things in one text."""
    f = e.Feed("whole", "a name outside the goods speaks of each of them; a medicine explains its own clause")
    odd = {"shipper": e.CHEMFIRM, "consignee": e.FIRM}
    fair = {"shipper": e.CHEMFIRM, "consignee": LAB}
    medicine, raw = "PARACETAMOL TABLETS 500 MG, BLISTER", "EPHEDRINE HYDROCHLORIDE"
    f.bill("CPW001", raw + " POWDER 25 KG, PARACETAMOL TABLETS", 860, pieces=10, sid=NAMED, match=raw, **odd)
    f.bill("CPW002", "PARACETAMOL TABLETS; 2 DRUMS " + raw, 870, pieces=10, sid=NAMED, match=raw, **odd)
    f.bill("CPW003", "COLD AND FLU TABLETS WITH PARACETAMOL, PSEUDOEPHEDRINE, 25 KG NET", 880, pieces=10,
           silent="what the tablets are made of", **fair)
    f.bill("CPW004", "PSEUDOEPHEDRINE TABLETS 25 KG, CALCIUM CARBONATE POWDER", 890, pieces=10,
           silent="the powder is something else", **fair)
    f.bill("CPW005", medicine, 900, pieces=10, more=item(2, "CERAMIC TILES", 300), notes=["WITH " + raw], sid=NAMED,
           field="note.text", match=raw, **odd)
    f.bill("CPW006", medicine, 910, pieces=10, more=item(2, "COUGH SYRUP", 310), notes=["WITH " + raw],
           silent="all goods are medicines by their texts", **fair)
    f.bill("CPW007", medicine, 920, pieces=10, more=item(2, "NASAL WASH", 320, hs="300490"), notes=["WITH " + raw],
           silent="all goods are medicines by text or HS line", **fair)
    f.bill("CPW008", "CERAMIC TILES", 930, pieces=10, hs="690721",
           more=item(2, "MARBLE SLABS", 850, pieces=4) + item(3, "", 25, hs="293337"), sid=HS, field="goods.hs", **odd)
    f.write(HERE)


for case in (items, whole, names, severity, headings, solvents, firms, density, lawful, pairs, cuts):
    case()
