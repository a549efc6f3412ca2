#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the feeds of the interface tests and what is expected of each.

usage: make_feeds.py [FOLDER]      (default: where it stands)

One feed for each thing a test detector must do and must not do; the feed and the
expectation are made by the same lines, so that a reader sees both at once. The
files are kept in the repository; this makes them again. All parties are invented.

Run with: run.py --modules DIR --sids 1900000-1999999 tests/interface
"""
import datetime
import os
import sys

START = datetime.datetime(2024, 6, 3, 8, 0)
ORIGINAL, CANCEL, CHANGE, REPLACE = 9, 1, 4, 5  # BGM 1225, message function

SHIPPERS = ["LOTUS TEXTILES CO LTD+12 RENMIN ROAD+SHANGHAI++200001+CN",
            "CORAL HARDWARE CO LTD+88 ZHONGSHAN ROAD+NINGBO++315000+CN",
            "JADE TOYS LIMITED+7 NATHAN ROAD+HONG KONG+++HK",
            "SUMMIT CERAMICS CORP+301 JALAN AMPANG+PORT KLANG++42000+MY",
            "APEX LIGHTING CO LTD+45 LE LOI STREET+HO CHI MINH CITY++70000+VN",
            "ORIENT TOOLS INC+9 HARBOUR ROAD+KAOHSIUNG++80200+TW"]
CONSIGNEES = ["KEYSTONE DISTRIBUTORS LLC+1400 COMMERCE DRIVE+COLUMBUS+OH+43215+US",
              "HARBOR FURNITURE INC+22 MARKET STREET+SAVANNAH+GA+31401+US",
              "REGENT FOODS LLC+700 LAKE SHORE DRIVE+CHICAGO+IL+60601+US",
              "PIONEER TILES INC+5 WAREHOUSE WAY+DENVER+CO+80202+US"]
TO_ORDER = "TO ORDER"


def released(text):
    return "".join("?" + c if c in "?'+:" else c for c in text)


class Bill:
    """One consignment; what is None is not written."""

    def __init__(self, number, shipper=None, consignee=None, text="COTTON SHIRTS", pieces=10, weight=200.0,
                 master=None, booking=None):
        self.number, self.shipper, self.consignee = number, shipper, consignee
        self.text, self.pieces, self.weight = text, pieces, weight
        self.master, self.booking = master, booking

    def references(self):
        return ([["RFF+MB:" + self.master]] if self.master else []) + (
            [["RFF+BN:" + self.booking]] if self.booking else [])

    def facts(self):
        """Places, parties and goods; nothing for a cancel that carries the number alone."""
        if self.shipper is None:
            return []
        segments = ["LOC+9+CNSHA:139:6", "LOC+11+USLGB:139:6"]
        segments += ["NAD+CZ+++" + self.shipper, "NAD+CN+++" + self.consignee]
        segments += ["GID+1+%d:CT" % self.pieces, "FTX+AAA+++" + released(self.text),
                     "MEA+AAE+G+KGM:%.1f" % self.weight]
        return segments


class Feed:
    """Interchanges, one after the other; `day` is counted from the first."""

    def __init__(self, name, *plugins):
        self.name, self.bytes, self.count = name, "", 0
        self.expect = ["# SPDX-License-Identifier: Apache-2.0", "plugins|" + " ".join(plugins)]

    def interchange(self, day, messages, test=False):
        self.count += 1
        time = START + datetime.timedelta(days=day, minutes=self.count)
        # Syntax 3 has years of two digits, syntax 4 of four.
        level, date = ("UNOC:3", "%y%m%d") if time.year < 2050 else ("UNOC:4", "%Y%m%d")
        reference = "%s%d" % (self.name.upper().replace("_", "")[:8], self.count)
        self.bytes += "UNB+%s+CARRIERONE:ZZ+CUSTOMSGATE:ZZ+%s:%s+%s%s'\n" % (
            level, time.strftime(date), time.strftime("%H%M"), reference, "++++++1" if test else "")
        for number, (kind, segments) in enumerate(messages, 1):
            segments = ["UNH+%d+%s" % (number, kind)] + segments
            segments.append("UNT+%d+%d" % (len(segments) + 1, number))
            self.bytes += "".join(segment + "'\n" for segment in segments)
        self.bytes += "UNZ+%d+%s'\n" % (len(messages), reference)

    def manifest(self, day, *bills, function=ORIGINAL, test=False):
        self.interchange(day, [manifest(bills, function)], test)

    def instruction(self, day, bill, function=ORIGINAL):
        self.interchange(day, [instruction(bill, function)])

    def alert(self, sid, document, field="-", match="-", **options):
        options = "".join("|%s=%s" % item for item in options.items())
        self.expect.append("%d|%s|%s|%s%s" % (sid, document, field, match, options))

    def silent(self, *documents):
        self.expect += ["silent|" + document for document in documents]

    def say(self, sentence):
        self.expect.append("# " + sentence)

    def plain(self, line):
        self.expect.append(line)

    def write(self, folder):
        with open(os.path.join(folder, self.name + ".edi"), "w", encoding="latin-1", newline="") as file:
            file.write(self.bytes)
        with open(os.path.join(folder, self.name + ".expect"), "w", encoding="utf-8") as file:
            file.write("\n".join(self.expect) + "\n")


def manifest(bills, function=ORIGINAL):
    """CUSCAR D.95B, as carriers send it: CNI opens a bill."""
    segments = ["BGM+785+MAN1+%d" % function, "TDT+20+012E+1++TWLU:172:182+++9200005:146:11:TIDE PIONEER",
                "LOC+5+CNSHA:139:6", "LOC+61+USLGB:139:6"]
    for sequence, bill in enumerate(bills, 1):
        segments.append("CNI+%d+%s" % (sequence, bill.number))
        for reference in bill.references():
            segments += reference
        segments += bill.facts()
    return "CUSCAR:D:95B:UN", segments


def instruction(bill, function=ORIGINAL):
    """IFTMIN D.99B of one consignment, known by its booking number only."""
    segments = ["BGM+610+%s+%d" % (bill.booking, function), "RFF+BN:" + bill.booking,
                "TDT+20+012E+1++TWLU:172:182+++9200005:146:11:TIDE PIONEER"]
    return "IFTMIN:D:99B:UN", segments + bill.facts()


def number(index):
    return "TWLU%07d" % index


def numbers(*indices):
    return ",".join(number(index) for index in indices)


def to(index, shipper, consignee=0, **facts):
    receiver = consignee if isinstance(consignee, str) else CONSIGNEES[consignee]
    return Bill(number(index), SHIPPERS[shipper], receiver, **facts)


def only(index):
    return Bill(number(index))


# ---- td_shippers -------------------------------------------------------------------

def shippers():
    feed = Feed("shippers", "td_shippers")
    for index in (0, 1, 2):
        feed.manifest(0, to(101 + index, index))
    feed.say("the fourth unrelated shipper, and each one after it")
    feed.manifest(1, to(104, 3), to(105, 3))
    feed.silent(number(101), number(102), number(103))
    feed.alert(1900001, number(104), match="UNRELATED SHIPPERS", related=numbers(101, 102, 103))
    feed.alert(1900001, number(105), match="UNRELATED SHIPPERS", related=numbers(101, 102, 103, 104))
    feed.say("one shipper four times, and strangers whose consignee is a placeholder")
    feed.manifest(1, *[to(110 + i, 0, 1) for i in range(4)])
    feed.manifest(1, *[to(120 + i, i, TO_ORDER) for i in range(4)])
    feed.silent(*[number(n) for n in (110, 111, 112, 113, 120, 121, 122, 123)])
    feed.say("the same four far apart in time")
    for index in (0, 1, 2, 3):
        feed.manifest(2 + 11 * index, to(130 + index, index, 2))
    feed.silent(*[number(130 + i) for i in range(4)])
    return feed


def shippers_repeat():
    feed = Feed("shippers_repeat", "td_shippers")
    three = [to(201, 0), to(202, 1), to(203, 2)]
    for day in (0, 1, 2):
        feed.manifest(day, *three)
    feed.say("sent three times and amended: still three shippers")
    feed.manifest(2, to(202, 1, weight=210.0, text="COTTON SHIRTS AND SOCKS"), function=CHANGE)
    feed.manifest(3, to(204, 0))
    feed.silent(number(201), number(202), number(203), number(204))
    feed.manifest(3, to(205, 3))
    feed.alert(1900001, number(205), related=numbers(201, 202, 203, 204))
    feed.say("one of them amended to be of another shipper: that is no new shipment, but the next one is the fifth")
    feed.manifest(4, to(204, 4), function=CHANGE)
    feed.manifest(4, to(206, 0))
    feed.alert(1900001, number(206), related=numbers(201, 202, 203, 204, 205))
    return feed


def shippers_cancel():
    feed = Feed("shippers_cancel", "td_shippers")
    feed.manifest(0, to(301, 0), to(302, 1), to(303, 2))
    feed.manifest(1, only(302), function=CANCEL)
    feed.say("a cancelled shipment takes its shipper back")
    feed.manifest(2, to(304, 3))
    feed.silent(number(301), number(302), number(303), number(304))
    feed.manifest(3, to(305, 4))
    feed.alert(1900001, number(305), related=numbers(301, 303, 304))
    return feed


def shippers_roles():
    feed = Feed("shippers_roles", "td_shippers")
    feed.say("instruction and manifest of one shipment count as one")
    for index in (0, 1, 2):
        feed.instruction(0, to(401 + index, index, booking="BK40%d" % (index + 1)))
        feed.manifest(1, to(401 + index, index, booking="BK40%d" % (index + 1)))
    feed.silent(number(401), number(402), number(403), "BK401", "BK402", "BK403")
    feed.manifest(2, to(404, 3))
    feed.alert(1900001, number(404), related=numbers(401, 402, 403))
    return feed


def shippers_test():
    feed = Feed("shippers_test", "td_shippers")
    feed.say("a test interchange feeds no state")
    feed.manifest(2, *[to(410 + i, i, 1) for i in range(3)], test=True)
    feed.manifest(2, to(413, 3, 1))
    feed.silent(*[number(410 + i) for i in range(4)])
    return feed


# ---- td_like_house ------------------------------------------------------------------

def house(index, shipper, consignee, **facts):
    return Bill("H%06d" % index, SHIPPERS[shipper], CONSIGNEES[consignee], master="TWLU0009000", **facts)


def like_house():
    feed = Feed("like_house", "td_like_house")
    feed.manifest(0, house(101, 0, 0, weight=10.0), house(102, 0, 1, weight=10.5))
    feed.manifest(0, house(101, 0, 0, weight=10.0), house(102, 0, 1, weight=10.5))
    feed.manifest(1, house(103, 0, 2, weight=9.8), house(104, 0, 3, weight=20.0),
                  house(105, 0, 3, weight=10.0, text="CERAMIC CUPS"), house(106, 1, 3, weight=10.0))
    feed.alert(1900002, "H000103", match="LIKE HOUSES", related="H000101,H000102")
    feed.silent("H000101", "H000102", "H000104", "H000105", "H000106")
    feed.say("too late to be like, then one taken back")
    feed.manifest(10, house(111, 0, 0, weight=10.0))
    feed.silent("H000111")
    feed.manifest(10, house(112, 0, 1, weight=10.0))
    feed.manifest(11, Bill("H000111", master="TWLU0009000"), function=CANCEL)
    feed.manifest(11, house(113, 0, 2, weight=10.0))
    feed.silent("H000112", "H000113")
    feed.manifest(11, house(114, 0, 3, weight=10.0))
    feed.alert(1900002, "H000114", related="H000112,H000113")
    return feed


def despatch(index, function=ORIGINAL):
    """DESADV D.96A of a bill, by its number, without its shipper."""
    return "DESADV:D:96A:UN", ["BGM+351+ASN1+%d" % function, "RFF+MB:TWLU0009000", "RFF+BM:H%06d" % index,
                               "NAD+SU+++SOMEBODY", "LIN+1", "IMD+F++:::SHIRTS"]


def said_less():
    feed = Feed("said_less", "td_like_house")
    feed.say("an advice between the manifests says nothing of the shipper: the bill counts as before")
    feed.manifest(0, house(201, 0, 0, weight=10.0))
    feed.interchange(0, [despatch(201)])
    feed.manifest(1, house(202, 0, 1, weight=10.0), house(203, 0, 2, weight=10.0))
    feed.alert(1900002, "H000203", related="H000201,H000202")
    feed.silent("H000201", "H000202")
    feed.say("one that replaces what was said does take it back")
    feed.manifest(20, house(211, 0, 0, weight=10.0))
    feed.interchange(20, [despatch(211, function=REPLACE)])
    feed.manifest(21, house(212, 0, 1, weight=10.0), house(213, 0, 2, weight=10.0))
    feed.silent("H000211", "H000212", "H000213")
    return feed


# ---- td_linked, td_bit --------------------------------------------------------------

def linked():
    feed = Feed("linked", "td_bit", "td_linked")
    feed.manifest(0, to(501, 0, 0, text="LEFT GLOVES"), to(502, 1, 0, text="RIGHT GLOVES"))
    feed.alert(1900005, number(502), "goods.description")
    feed.silent(number(501))
    feed.say("the consignee, then the shipper, of the consignment that alerted")
    feed.manifest(30, to(503, 2, 0), to(504, 1, 1))
    feed.alert(1900003, number(503), "party.name", related=number(502))
    feed.alert(1900003, number(504), "party.name", related=number(502))
    feed.say("strangers, what is linked only to a linked one, and the same long after")
    feed.manifest(31, to(505, 3, 3), to(506, 4, 1))
    feed.manifest(200, to(507, 5, 0))
    feed.silent(number(505), number(506), number(507))
    return feed


def bit():
    feed = Feed("bit", "td_bit")
    feed.say("right gloves before the left ones, and for somebody else")
    feed.manifest(0, to(601, 0, 0, text="RIGHT GLOVES"))
    feed.manifest(0, to(602, 0, 0, text="LEFT GLOVES"), to(603, 0, 1, text="RIGHT GLOVES"))
    feed.manifest(0, to(602, 0, 0, text="LEFT GLOVES"))
    feed.silent(number(601), number(602), number(603))
    feed.say("and after it, also next to each other in one message")
    feed.manifest(1, to(604, 2, 0, text="RIGHT GLOVES"), to(605, 2, 0))
    feed.say("what alerted and comes again alerts no second time")
    feed.manifest(1, to(604, 2, 0, text="RIGHT GLOVES"))
    feed.alert(1900005, number(604), "goods.description", count=1)
    feed.silent(number(605))
    feed.manifest(1, to(606, 1, 2, text="LEFT GLOVES"), to(607, 1, 2, text="RIGHT GLOVES"))
    feed.alert(1900005, number(607), "goods.description")
    feed.silent(number(606))
    feed.say("a cancel raises nothing, however much it carries")
    feed.manifest(1, to(608, 1, 2, text="RIGHT GLOVES"), function=CANCEL)
    feed.silent(number(608))
    return feed


# ---- td_threshold, td_cancel --------------------------------------------------------

def threshold():
    feed = Feed("threshold", "td_threshold")
    feed.manifest(0, to(701, 0, text="SAMPLES OF TILES"), to(702, 1, text="SAMPLES OF TILES"))
    feed.manifest(0, to(701, 0, text="SAMPLES OF TILES"), to(702, 1, text="SAMPLES OF TILES"))
    feed.manifest(0, to(703, 2, text="TILES"), to(704, 2, 1, text="SAMPLES OF TILES"))
    feed.silent(number(701), number(702), number(703), number(704))
    feed.manifest(0, to(705, 2, text="SAMPLES OF TILES"))
    feed.alert(1900004, number(705), "goods.description", least=1)
    feed.say("a day and more later it begins anew; a cancel takes one back")
    feed.manifest(3, to(706, 0, text="SAMPLES"), to(707, 1, text="SAMPLES"))
    feed.manifest(3, only(706), function=CANCEL)
    feed.manifest(3, to(708, 0, text="SAMPLES"))
    feed.silent(number(706), number(707), number(708))
    feed.manifest(3, to(709, 0, text="SAMPLES"))
    feed.alert(1900004, number(709), "goods.description")
    return feed


def cancel():
    feed = Feed("cancel", "td_cancel")
    feed.manifest(0, to(801, 0))
    feed.manifest(0, to(801, 0))
    feed.silent(number(801))
    feed.manifest(0, to(802, 1))
    feed.alert(1900006, number(802), match="HELD")
    feed.say("both cancelled, by number alone, one of them twice: the next is the first again")
    feed.manifest(1, only(801), only(802), function=CANCEL)
    feed.manifest(1, only(801), function=CANCEL)
    feed.manifest(1, to(803, 2))
    feed.silent(number(803))
    feed.manifest(1, to(804, 2))
    feed.alert(1900006, number(804), match="HELD")
    feed.say("a bill cancelled that nobody ever saw; one whose consignee changes leaves the old one free")
    feed.manifest(2, only(899), function=CANCEL)
    feed.manifest(2, to(805, 0, 1))
    feed.manifest(2, to(805, 0, 2), function=CHANGE)
    feed.manifest(2, to(806, 0, 1))
    feed.silent(number(899), number(805), number(806))
    feed.manifest(2, to(807, 0, 2))
    feed.alert(1900006, number(807), match="HELD")
    feed.say("an instruction and the bill that names its booking are one shipment")
    feed.instruction(2, to(0, 1, 3, booking="BK801"))
    feed.manifest(2, to(808, 1, 3, booking="BK801"))
    feed.silent("BK801", number(808))
    return feed


# ---- td_reconcile, td_missing_bill --------------------------------------------------

def parts(master, *pieces):
    return [Bill("H%s%d" % (master[-3:], i), SHIPPERS[0], CONSIGNEES[0], pieces=n, master=master)
            for i, n in enumerate(pieces, 1)]


def whole(master, pieces):
    return Bill(master, SHIPPERS[0], CONSIGNEES[0], pieces=pieces, text="CONSOLIDATED CARGO")


def let_time_pass(feed, day, first):
    """The clock of files is the median of the last 64 interchanges: most of them must be late."""
    for index in range(feed.count + 1):
        feed.manifest(day, to(first + index, 5, 3))


def reconcile():
    feed = Feed("reconcile", "td_reconcile")
    good, short, late, mended, gone = [number(900 + i) for i in range(5)]
    feed.interchange(0, [manifest(bills) for bills in (
        [whole(good, 10)], parts(good, 4, 6), [whole(short, 10)], parts(short, 4, 5),
        parts(late, 3, 3), [whole(late, 7)], [whole(mended, 10)], parts(mended, 4, 5), parts(gone, 1, 2),
        [whole(gone, 9)])])
    feed.manifest(0, parts(mended, 4, 6)[1], function=CHANGE)
    feed.manifest(0, Bill(gone), function=CANCEL)
    let_time_pass(feed, 5, 950)
    feed.say("the master first, then the houses first; the last to come is the anchor")
    feed.alert(1900007, "H9012", match="PIECES APART", trigger="deadline")
    feed.alert(1900007, late, match="PIECES APART", trigger="deadline")
    feed.say("those that add up, those that were mended in time, and a master that was cancelled")
    feed.silent(good, "H9001", "H9002", short, "H9011", mended, "H9031", "H9032", gone, "H9041", "H9042")
    feed.say("the end of a run fires nothing early")
    feed.manifest(5, whole(number(910), 3), *parts(number(910), 1, 1))
    feed.silent(number(910), "H9101", "H9102")
    return feed


def missing_bill():
    feed = Feed("missing_bill", "td_missing_bill")
    feed.instruction(0, to(0, 0, booking="BK501"))
    feed.instruction(0, to(0, 1, booking="BK502"))
    feed.manifest(0, to(503, 2, booking="BK503"))
    feed.instruction(0, to(0, 2, booking="BK503"))
    feed.instruction(0, to(0, 3, booking="BK504"))
    feed.instruction(1, Bill(None, booking="BK504"), function=CANCEL)
    feed.say("a message dated 2099 moves no clock")
    feed.plain("anomaly|message.time|1")
    feed.manifest(27500, to(549, 5, 3))
    feed.manifest(3, to(502, 1, booking="BK502"))
    let_time_pass(feed, 20, 550)
    feed.alert(1900008, "BK501", match="NO BILL", trigger="deadline")
    feed.say("billed later, billed before, cancelled")
    feed.silent("BK502", number(502), "BK503", number(503), "BK504")
    feed.instruction(20, to(0, 4, booking="BK505"))
    feed.silent("BK505")
    return feed


def main(arguments):
    folder = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    for make in (shippers, shippers_repeat, shippers_cancel, shippers_roles, shippers_test, like_house, said_less, linked, bit,
                 threshold, cancel, reconcile, missing_bill):
        make().write(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
