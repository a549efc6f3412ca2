# SPDX-License-Identifier: Apache-2.0
"""The example feeds wrapped in whatever carriers wrap them in: the same alerts, at the same bytes; and what is broken is told."""
import gzip
import io
import os
import subprocess
import sys
import tarfile
import zipfile
import zlib

import common

FEEDS = {}
for feed in ("air_manifest.edi", "ocean_manifest.edi"):
    with open(os.path.join(common.SRCDIR, "examples/feeds", feed), "rb") as opened:
        FEEDS[feed] = opened.read()
AIR, OCEAN = "air_manifest.edi", "ocean_manifest.edi"
MEMORY = 96 << 10  # KiB that no wrapping may need beyond: the program alone has about 30 MiB


class Pipe(io.RawIOBase):
    """What zipfile cannot seek in: it writes sizes behind the data."""

    def __init__(self):
        super().__init__()
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def make_zip(members, method=zipfile.ZIP_DEFLATED, out=None):
    out = out or io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return bytes(out.data) if isinstance(out, Pipe) else out.getvalue()


def make_tar(members, form=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


BOTH = [("in/" + AIR, FEEDS[AIR]), (OCEAN, FEEDS[OCEAN])]
ZIPPED = make_zip(BOTH)
# Name, bytes, layers of the air manifest and of the ocean manifest.
WRAPPED = [
    ("zip", ZIPPED, ["zip:in/" + AIR], ["zip:" + OCEAN]),
    ("zip, stored", make_zip(BOTH, zipfile.ZIP_STORED), ["zip:in/" + AIR], ["zip:" + OCEAN]),
    ("zip to a pipe", make_zip(BOTH, out=Pipe()), ["zip:in/" + AIR], ["zip:" + OCEAN]),
    ("zip to a pipe, stored", make_zip(BOTH, zipfile.ZIP_STORED, Pipe()), ["zip:in/" + AIR], ["zip:" + OCEAN]),
    ("tar, ustar", make_tar(BOTH, tarfile.USTAR_FORMAT), ["tar:in/" + AIR], ["tar:" + OCEAN]),
    ("tar, GNU", make_tar(BOTH, tarfile.GNU_FORMAT), ["tar:in/" + AIR], ["tar:" + OCEAN]),
    ("tar, pax, in gzip", gzip.compress(make_tar(BOTH)), ["gzip", "tar:in/" + AIR], ["gzip", "tar:" + OCEAN]),
    ("gzip in zip", make_zip([(name + ".gz", gzip.compress(data)) for name, data in BOTH]),
     ["zip:in/" + AIR + ".gz", "gzip"], ["zip:" + OCEAN + ".gz", "gzip"]),
    ("EBCDIC in zip", make_zip([(name, data.decode().encode("cp037")) for name, data in BOTH]),
     ["zip:in/" + AIR, "ebcdic"], ["zip:" + OCEAN, "ebcdic"]),
    ("zip in tar in gzip", gzip.compress(make_tar([("a.zip", ZIPPED)])), ["gzip", "tar:a.zip", "zip:in/" + AIR],
     ["gzip", "tar:a.zip", "zip:" + OCEAN]),
]


def told(found, paths):
    """Of each alert its id, the member's place in `paths`, offset, and the spans of its evidence."""
    return sorted((event["alert_id"], paths.index(event["feed"]["layers"]), event["feed"]["offset"],
                   event["feed"]["length"], [one.get("spans") for one in event["evidence"]])
                  for event in common.of_type(found, "alert"))


def plain_alerts():
    wanted = []
    for place, feed_name in enumerate((AIR, OCEAN)):
        done = common.run("-o", "-", common.scratch(feed_name, FEEDS[feed_name]))
        wanted += [(one[0], place, *one[2:]) for one in told(common.events(done), [[]])]
    return sorted(wanted)


def whole(checks):
    wanted = plain_alerts()
    checks.equal("the feeds as they are: alerts", len(wanted), 5)
    for name, data, *paths in WRAPPED:
        file = common.scratch("wrapped", data)
        first = None
        for options in (["-j", "1"], ["-j", "3"], ["--set", "engine.block_bytes=4KiB", "--set", "engine.batch_bytes=1KiB"]):
            done = common.run("-o", "-", *options, file)
            found = common.events(done)
            checks.equal("%s %s: exit status" % (name, options), done.status, 0)
            checks.equal("%s %s: anomalies" % (name, options), common.anomalies(found), [])
            checks.equal("%s %s: alerts" % (name, options), told(found, paths), wanted)
            first = first or done.out
            checks.check("%s %s: the same bytes" % (name, options), done.out == first)
        done = common.run("-o", "-", "-", stdin=data)
        checks.equal(name + " from a pipe: alerts", told(common.events(done), paths), wanted)


def cut(checks):
    """Cut in the second member: the first is whole, the rest is told."""
    for name, data, *paths in WRAPPED[:6]:
        done = common.run("-o", "-", common.scratch("cut", data[:len(data) * 4 // 5]))
        found = common.events(done)
        checks.equal(name + " cut: exit status", done.status, 3)
        checks.check(name + " cut: told", "unwrap.truncated" in common.anomalies(found), common.anomalies(found))
        checks.equal(name + " cut: alerts of the first member",
                     sum(event["feed"]["layers"] == paths[0] for event in common.of_type(found, "alert")), 3)


def broken(checks):
    secret = bytearray(ZIPPED)
    secret[6] |= 1
    wrong = bytearray(ZIPPED)
    wrong[14] ^= 0xff
    many = make_zip([("%05d" % number, b"") for number in range(5000)])
    deep = FEEDS[AIR]
    for _ in range(10):
        deep = make_zip([("z", deep)])
    rows = [("an encrypted member", secret, 3, ["unwrap.opaque"], 2), ("a wrong checksum", wrong, 3, ["unwrap.checksum"], 5),
            ("wrapped ten times", deep, 3, ["unwrap.layers"], 0),
            ("no members", make_zip([]), 0, ["source.empty"], 0),
            ("five thousand empty members", many, 0, ["source.empty"] * 5000, 0),
            ("bytes behind the end", ZIPPED + b"more", 3, ["unwrap.corrupt"], 5),
            ("a member of no known kind", make_zip([("picture", bytes(range(256)) * 9)] + BOTH), 3, ["source.unknown"], 5)]
    for name, data, status, codes, alerts in rows:
        done = common.run("-o", "-", common.scratch("broken", bytes(data)))
        found = common.events(done)
        checks.equal(name + ": exit status", done.status, status)
        checks.equal(name + ": anomalies", common.anomalies(found), codes)
        checks.equal(name + ": alerts", len(common.of_type(found, "alert")), alerts)


def peak_of(*arguments):
    """Exit status, output and peak memory in KiB of one run."""
    script = ("import resource, subprocess, sys\n"
              "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)\n"
              "sys.stdout.buffer.write(done.stdout)\n"
              "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, done.returncode, file=sys.stderr)\n")
    done = subprocess.run([sys.executable, "-c", script, common.PROGRAM, *arguments], capture_output=True, check=False,
                          timeout=common.TIMEOUT)
    peak, status = done.stderr.split()[-2:]
    return int(status), done.stdout, int(peak)


def bombs(checks):
    """As the well-known 42 kB one: archives in archives of zeros, 16 in each, gigabytes in all."""
    bomb = make_zip([("0", b"\0" * (32 << 20))])
    for level in range(3):
        bomb = make_zip([("%d.zip" % number, bomb) for number in range(16)])
        checks.check("the bomb of level %d is small" % level, len(bomb) < 1 << 20, len(bomb))
    status, out, peak = peak_of("-o", "-", common.scratch("bomb.zip", bomb))
    found = common.events(common.Run(status, out, b""))
    checks.equal("a bomb: exit status", status, 3)
    checks.check("a bomb: told", common.anomalies(found).count("unwrap.expansion") == 1, common.anomalies(found)[:20])
    checks.check("a bomb: memory", peak < MEMORY or common.SANITIZED, "%d KiB" % peak)
    big = make_zip([("big.edi", FEEDS[AIR] * 400)], zipfile.ZIP_STORED)
    peak = peak_of("-o", "-", common.scratch("big.zip", big))[2]
    checks.check("a large member: memory", peak < MEMORY or common.SANITIZED, "%d KiB of %d" % (peak, len(big) >> 10))


def main():
    checks = common.Checks()
    whole(checks)
    cut(checks)
    broken(checks)
    bombs(checks)
    checks.end()


main()
