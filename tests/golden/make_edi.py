#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes golden cases: correct EDIFACT and what is expected of it, from a compact description.

A description is a Python program beside its cases (make_cases.py) that says

    import make_edi
    feed = make_edi.Feed("english", "pill presses named in English")
    feed.bill("PPE001", "TABLET PRESS, USED", kg=79, consignee=make_edi.HOME, sid=2100001, match="TABLET PRESS")
    feed.bill("PPE002", "TABLET CRUSHER", silent="crushes tablets, presses none")
    feed.write(folder)

and gets english.edi and english.expect. Counts in UNT and UNZ are right, text is
cut into components of 70 wherever the seventieth character falls, what needs a
release character has one. All parties are invented; so are carriers and numbers.
Segment layouts: UN/EDIFACT D.95B CUSCAR and IFTMCS.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "examples"))
from make_feeds import escape, party  # noqa: E402

FACTORY = ("HENAN LONGWAY MACHINE CO LTD", "18 KEXUE ROAD", "ZHENGZHOU", "", "450001", "CN")
CHEMFIRM = ("HEBEI SUNRIVER CHEMICAL CO LTD", "66 HUAYUAN ROAD", "SHIJIAZHUANG", "", "050000", "CN")
HOME = ("DANIEL R WHITLOCK", "4417 ELM TREE LN", "DAYTON", "OH", "45402", "US")
FIRM = ("GREYSTONE INDUSTRIES LLC", "900 FOUNDRY PKWY", "TULSA", "OK", "74103", "US")
DRUGS = ("NORTHMERE PHARMACEUTICALS INC", "22 RESEARCH DR", "RALEIGH", "NC", "27601", "US")
SALON = ("GLAMOUR NAILS AND BEAUTY", "310 MAIN ST", "MACON", "GA", "31201", "US")
BORDER = ("RIO VISTA FORWARDING INC", "8900 SAN GABRIEL DR", "LAREDO", "TX", "78045", "US")
COATER = ("CASCADE COATINGS MANUFACTURING INC", "6100 RESIN WAY", "VANCOUVER", "WA", "98661", "US")


def components(text, width=70):
    return ":".join(escape(text[i:i + width]) for i in range(0, len(text), width))


def free_texts(qualifier, text):
    """One FTX for each 350 characters: five components of 70."""
    return ["FTX+%s+++%s" % (qualifier, components(text[i:i + 350])) for i in range(0, len(text), 350)]


class Feed:
    """One file of one or more interchanges, and what is expected of each bill."""

    def __init__(self, name, story, mode="sea", utf8=False, load="CNSHA", discharge="USLAX"):
        self.name, self.mode, self.utf8 = name, mode, utf8
        self.load, self.discharge = load, discharge
        self.expect = ["# Written by make_cases.py: " + story, "complete|yes"]
        self.interchanges, self.bills = [], []
        self.day = "20261120"

    def bill(self, number, text, kg=None, m3=None, pieces=1, package="CT", hs=None, un=None, value=None,
             shipper=FACTORY, consignee=FIRM, load=None, discharge=None, final=None, marks=None,
             references=(), notes=(), sid=None, field="goods.description", match="-", silent=None,
             also=(), severity=None, extra="", more=()):
        """A bill with one item of goods; `also`: alerts of other detectors; `more`: raw segments."""
        segments = ["CNI+%%d+%s" % number]
        segments += ["RFF+%s:%s" % (qualifier, escape(reference)) for qualifier, reference in references]
        segments += ["LOC+9+%s" % (load or self.load), "LOC+11+%s" % (discharge or self.discharge)]
        if final:
            segments.append("LOC+20+%s" % final)
        segments += [party(q, *p) for q, p in (("CZ", shipper), ("CN", consignee)) if p]
        segments.append("GID+1+%d:%s" % (pieces, package))
        segments += free_texts("AAA", text) if text else []
        for note in notes:
            segments += free_texts("AAI", note)
        segments += ["PCI+28+" + escape(marks)] if marks else []
        segments += ["MEA+AAE+G+KGM:%s" % kg] if kg is not None else []
        segments += ["MEA+AAE+AAW+MTQ:%s" % m3] if m3 is not None else []
        segments += ["MOA+44:%s:USD" % value] if value is not None else []
        segments += ["PIA+5+%s:HS" % hs] if hs else []
        segments += ["DGS+IMD+%s+%s" % un] if un else []
        self.bills.append(segments + list(more))
        if silent:
            self.expect += ["# %s: %s" % (number, silent), "silent|" + number]
        if sid:
            step = "" if severity is None else "|severity=%d" % severity
            self.expect.append("%d|%s|%s|%s%s%s" % (sid, number, field, match, step, extra))
        self.expect += ["%d|%s|-|-" % (other, number) for other in also]

    def close(self, function="9", reference=None, message="CUSCAR:D:95B:UN", test=False):
        """Ends an interchange: what was added since the last stands in it."""
        reference = reference or "%s%d" % (self.name.upper().replace("_", "")[:10], len(self.interchanges) + 1)
        # UN/ECE recommendation 19: 1 by sea, 4 by air, 5 by post.
        mode, carrier = {"sea": ("1", "TDWL:172:20+++9074729:146::NORTH WIND"), "air": ("4", "ZZ:172:3"),
                         "post": ("5", "ZZ:172:3")}[self.mode]
        body = ["UNH+1+" + message, "BGM+785+%s+%s" % (reference, function), "DTM+137:%s1000:203" % self.day,
                "TDT+20+ZZ512+%s++%s" % (mode, carrier), "LOC+9+" + self.load, "LOC+11+" + self.discharge,
                "DTM+132:20261202:102"]
        for number, segments in enumerate(self.bills, 1):
            body += [segments[0] % number] + segments[1:]
        body.append("UNT+%d+1" % (len(body) + 1))
        # Syntax version 4 has dates with a century and the level UNOW for UTF-8.
        level, day = ("UNOW:4", self.day) if self.utf8 else ("UNOC:3", self.day[2:])
        head = "UNB+%s+TDWLEDI+GATEWAY+%s:1000+%s%s" % (level, day, reference, "++++++1" if test else "")
        self.interchanges.append("'\n".join([head] + body + ["UNZ+1+%s" % reference]) + "'\n")
        self.bills = []

    def write(self, folder):
        if self.bills:
            self.close()
        encoding = "utf-8" if self.utf8 else "latin-1"
        with open(os.path.join(folder, self.name + ".edi"), "w", encoding=encoding, newline="") as file:
            file.write("".join(self.interchanges))
        with open(os.path.join(folder, self.name + ".expect"), "w", encoding="utf-8") as file:
            file.write("\n".join(self.expect) + "\n")


def contract(number, text, shipper, consignee, more=()):
    """The segments of an IFTMCS, one bill of lading."""
    return ["BGM+705+%s+9" % number, "DTM+137:202611201000:203", "LOC+9+CNSHA", "LOC+11+USLAX",
            party("CZ", *shipper), party("CN", *consignee), "GID+1+1:CT"] + free_texts("AAA", text) + list(more)


def message(name, reference, segments):
    """One interchange of one message with correct counts."""
    body = ["UNH+1+%s:D:95B:UN" % name] + segments
    body.append("UNT+%d+1" % (len(body) + 1))
    return "'\n".join(["UNB+UNOC:3+TDWLEDI+GATEWAY+261120:1000+" + reference] + body +
                      ["UNZ+1+" + reference]) + "'\n"
