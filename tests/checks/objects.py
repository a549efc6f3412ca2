# SPDX-License-Identifier: Apache-2.0
"""The example feed as the object of an EDIFACT package (ISO 9735-8) and of an X12 BIN segment: the same alerts."""
import gzip
import io
import os
import zipfile

import common

with open(os.path.join(common.SRCDIR, "examples/feeds/air_manifest.edi"), "rb") as opened:
    AIR = opened.read()
NOISE = bytes(range(256)) * 5


def package(*objects):
    """UNO: 0800 reference, S020, S021, S022 length of the object. UNP: length, reference."""
    out = b"UNB+UNOA:4+SENDER+RECIPIENT+20261120:1000+X1'\n"
    for number, data in enumerate(objects, 1):
        out += b"UNO+R%d+1:2:3+4+%d'" % (number, len(data)) + data + b"UNP+%d+R%d'\n" % (len(data), number)
    return out + b"UNZ+%d+X1'\n" % len(objects)


def bin_segment(*objects, length=None):
    out = (b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECIPIENT      *261120*1000*U*00401*000000001*0*P*>~\n"
           b"GS*MF*SENDER*RECIPIENT*20261120*1000*1*X*004010~\nST*841*0001~\n")
    for data in objects:
        out += b"BIN*%d*" % (len(data) if length is None else length) + data + b"~\n"
    return out + b"SE*%d*0001~\nGE*1*1~\nIEA*1*000000001~\n" % (2 + len(objects))


def make_zip(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


def told(found):
    return sorted((event["alert_id"], event["feed"]["offset"], [one.get("spans") for one in event["evidence"]])
                  for event in common.of_type(found, "alert"))


def layers(found):
    return {tuple(event["feed"]["layers"]) for event in common.of_type(found, "alert")}


def inspect(data, *options):
    done = common.run("-o", "-", *options, common.scratch("object", data))
    return done, common.events(done)


def main():
    checks = common.Checks()
    wanted = told(common.events(common.run("-o", "-", common.scratch("plain", AIR))))
    checks.equal("the feed as it is: alerts", len(wanted), 3)
    inner = package(AIR)
    rows = [("a package", package(AIR), ("uno:R1",)),
            ("a compressed package", package(gzip.compress(AIR)), ("uno:R1", "gzip")),
            ("an archive in a package", package(make_zip("a.edi", AIR)), ("uno:R1", "zip:a.edi")),
            ("a package in a package", package(inner), ("uno:R1", "uno:R1")),
            ("BIN", bin_segment(AIR), ("bin",)),
            ("an archive in BIN", bin_segment(make_zip("a.edi", AIR)), ("bin", "zip:a.edi")),
            ("a package in a zip", make_zip("p.edi", inner), ("zip:p.edi", "uno:R1"))]
    for name, data, place in rows:
        file, first = common.scratch("object", data), None
        for options in (["-j", "1"], ["-j", "3"], ["--set", "engine.block_bytes=4KiB", "--set", "engine.batch_bytes=1KiB"]):
            done = common.run("-o", "-", *options, file)
            found = common.events(done)
            first = first or done.out
            checks.equal("%s %s: alerts" % (name, options), told(found), wanted)
            checks.equal("%s %s: layers" % (name, options), layers(found), {place})
            codes = [code for code in common.anomalies(found) if code in ("edifact.binary", "x12.binary", "source.unknown")]
            checks.equal("%s %s: nothing passed over" % (name, options), codes, [])
            checks.check("%s %s: the same bytes" % (name, options), done.out == first)
    for name, data, code in (("an unknown object", package(NOISE), "edifact.binary"), ("unknown BIN", bin_segment(NOISE), "x12.binary"),
                             ("a package that is cut", package(AIR)[:9000], "edifact.binary_length"),
                             ("BIN that is cut", bin_segment(AIR)[:9000], "x12.binary_length"),
                             ("an archive of noise", package(make_zip("n", NOISE)), "source.unknown")):
        done, found = inspect(data)
        checks.equal(name + ": exit status", done.status, 3)
        checks.check(name + ": told", code in common.anomalies(found), common.anomalies(found))
    mixed = inspect(package(NOISE, AIR, NOISE))[1]
    checks.equal("one of three is known: alerts", [one[0] for one in told(mixed)], [one[0] for one in wanted])
    checks.equal("one of three is known: the others", common.anomalies(mixed).count("edifact.binary"), 2)
    deep = AIR
    for _ in range(12):
        deep = package(deep)
    done, found = inspect(deep)
    checks.equal("too deep: exit status", done.status, 3)
    checks.equal("too deep: told once", common.anomalies(found).count("edifact.binary"), 1)
    checks.end()


main()
