# SPDX-License-Identifier: Apache-2.0
"""Odd and bad input in its three classes: lawful, read in full with an anomaly, not inspected."""
import array
import fcntl
import gzip
import os
import socket
import stat
import subprocess
import sys
import termios
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import common
from common import SUSPICIOUS, bill, interchange, message

BILLS = [bill(1, SUSPICIOUS), bill(2)]
GOOD = interchange([message(BILLS)])
OTHER = interchange([message([bill(3, SUSPICIOUS), bill(4)])], "ZZ2")
FIRST, SECOND = "house:990-10000001/HB0000001", "house:990-10000001/HB0000003"
UNT, UNZ = GOOD.rindex(b"UNT"), GOOD.rindex(b"UNZ")


def with_delimiters(data):
    """The same interchange with other delimiters, announced in its UNA."""
    return b"UNA=*.! ~" + data.translate(bytes.maketrans(b"+:'?", b"*=~!"))


# Trailers are missed where the last segment ended: at the line end before them.
# Name, bytes, the shipments pill_press must alert for.
LAWFUL = [
    ("as it should be", GOOD, [FIRST]),
    ("without line ends", interchange([message(BILLS)], end=""), [FIRST]),
    ("with CR LF", interchange([message(BILLS)], end="\r\n"), [FIRST]),
    ("a byte order mark", b"\xef\xbb\xbf" + GOOD, [FIRST]),
    ("UNA inside text", GOOD.replace(b"LADIES WOOL", b"UNA WOOL").replace(b"SUNGLASSES", b"UNA?:?+.??? ?'"), [FIRST]),
    ("UNA at the beginning of text", GOOD.replace(b"SUNGLASSES AND", b"UNA:+.?? ?'"), [FIRST]),
    ("UNB and UNZ inside text", GOOD.replace(b"SUNGLASSES", b"?'UNB?+UNOC ?'UNZ?+1?+ZZ1?'"), [FIRST]),
    ("a chain ???' is a text's question mark and apostrophe", GOOD.replace(b"SUNGLASSES", b"SUN???'GLASSES"), [FIRST]),
    ("chains ??????' and ????", GOOD.replace(b"SUNGLASSES", b"SUN???????'GLASSES????"), [FIRST]),
    ("a text that ends in ??", GOOD.replace(b"EYEGLASS FRAMES", b"EYEGLASS FRAMES??"), [FIRST]),
    ("a line end inside a text", GOOD.replace(b"EYEGLASS FRAMES", b"EYEGLASS\r\nFRAMES"), [FIRST]),
    ("two interchanges", GOOD + OTHER, [FIRST, SECOND]),
    ("two interchanges without a line end", interchange([message(BILLS)], end="") + OTHER, [FIRST, SECOND]),
    ("two interchanges with different delimiters", GOOD + with_delimiters(OTHER), [FIRST, SECOND]),
    ("the other way round", with_delimiters(GOOD) + OTHER, [FIRST, SECOND]),
    ("blanks and line ends between interchanges", GOOD + b"\r\n \t\n\n" + OTHER, [FIRST, SECOND]),
    ("empty segments below the limit", GOOD.replace(b"\nGID", b"\n" + b"'" * 15 + b"GID"), [FIRST]),
    ("an empty text", GOOD.replace(b"SUNGLASSES AND EYEGLASS FRAMES", b""), [FIRST]),
    ("a message without consignments", interchange([message(BILLS), message([], 2)]), [FIRST]),
]

# Name, bytes, the anomaly.
IN_FULL = [
    ("an empty file", b"", "source.empty"),
    ("UNT counts more segments", interchange([message(BILLS, unt=999)]), "edifact.segment_count"),
    ("UNT counts fewer segments", interchange([message(BILLS, unt=7)]), "edifact.segment_count"),
    ("UNT counts no number", GOOD.replace(b"UNT+", b"UNT+X"), "edifact.segment_count"),
    ("UNT of another reference", GOOD[:UNT] + GOOD[UNT:].replace(b"+1'", b"+2'", 1), "edifact.message_reference"),
    ("UNZ of another reference", interchange([message(BILLS)], closing="OTHER"), "edifact.interchange_reference"),
    ("UNZ counts fewer messages", interchange([message(BILLS), message([bill(5)], 2)], count=1),
     "edifact.interchange_count"),
    ("too many empty segments", GOOD.replace(b"\nGID", b"\n" + b"'" * 40 + b"GID"), "edifact.empty_segments"),
    ("a message without an interchange header", GOOD[GOOD.index(b"UNH"):UNZ], "edifact.no_interchange"),
    ("a tag that is no tag", GOOD.replace(b"PIA+5", b"P!A+5"), "edifact.segment_tag"),
    ("bytes beyond the announced character set", GOOD.replace(b"UNOC", b"UNOA").replace(b"ELM", b"\xc9LM"),
     "text.charset"),
    ("a weight that is no number", GOOD.replace(b"KGM:", b"KGM:X"), "map.number"),
    ("a date that is none", GOOD.replace(b"DTM+132:202611122140", b"DTM+132:202619942140"), "map.date"),
    ("an unknown unit", GOOD.replace(b"KGM:", b"QQQ:"), "map.unit"),
    ("a container number with a wrong check digit", interchange([message([bill(1, SUSPICIOUS, extra=["EQD+CN+CSQU3054384"])],
                                                                      head=["EQD+CN+CSQU3054384"])]), "map.identifier"),
    ("an air waybill number with a wrong check digit", GOOD.replace(b"990-10000001", b"990-10000002"), "map.identifier"),
    ("a net weight above the gross one", interchange([message([bill(1, SUSPICIOUS, extra=["MEA+AAE+AAL+KGM:9999"])])]),
     "map.net_weight"),
    ("a currency that is none", interchange([message([bill(1, SUSPICIOUS, extra=["MOA+44:9000:US$"])])]), "map.currency"),
    ("an invoice without a number", interchange([["UNH+9+INVOIC:D:96A:UN", "DTM+137:20261112:102", "UNT+3+9"],
                                                 message(BILLS)]), "map.missing"),
    ("a version that no map is made for", GOOD.replace(b"D:95B", b"D:01B"), "map.nearest"),
    ("a passenger list", GOOD.replace(b"CUSCAR", b"PAXLST"), "message.excluded"),
]

# Name, bytes, the anomaly, the offset it must name (None: any), alerts that come all the same.
LOST = [
    ("a message without UNT", GOOD[:UNT] + GOOD[UNZ:] + OTHER, "edifact.message_trailer", UNT - 1, [FIRST, SECOND]),
    ("an interchange without UNZ", GOOD[:UNZ] + OTHER, "edifact.interchange_trailer", UNZ - 1, [FIRST, SECOND]),
    ("an interchange without UNT and UNZ", GOOD[:UNT] + OTHER, "edifact.interchange_trailer", UNT - 1, [FIRST, SECOND]),
    ("the last interchange without UNZ", OTHER + GOOD[:UNZ], "edifact.interchange_trailer", len(OTHER) + UNZ - 1,
     [SECOND, FIRST]),
    ("UNZ counts more messages", interchange([message(BILLS)], count=3), "edifact.interchange_missing", UNZ, [FIRST]),
    ("junk between interchanges", GOOD + b"some junk, and more of it\n" + OTHER, "source.unknown", len(GOOD),
     [FIRST, SECOND]),
    ("binary junk between interchanges", GOOD + bytes(range(1, 32)) * 9 + OTHER, None, len(GOOD), [FIRST, SECOND]),
    ("junk at the end", GOOD + b"some junk, and more of it\n", "source.unknown", len(GOOD), [FIRST]),
    ("junk at the beginning", b"some junk, and more of it\n" + GOOD, None, 0, [FIRST]),
    ("a binary file", bytes(range(1, 256)) * 20, "source.unknown", 0, []),
    ("another kind of file", b"%PDF-1.4\n1 0 obj << /Type /Catalog >>\n" * 50, "source.unknown", 0, []),
    ("a kind of message that no map is made for", GOOD.replace(b"CUSCAR", b"NOBODY"), "map.none", None, None),
    ("a header without a syntax identifier", GOOD.replace(b"UNOC:3", b""), "edifact.interchange_header", 0, None),
]


def examine(checks, name, data, **expected):
    """Runs one input and holds it against what is expected of it."""
    done = common.run("-o", "-", common.scratch("input.edi", data))
    return judge(checks, name, done, **expected)


def judge(checks, name, done, status=None, codes=None, code=None, offset=None, inspection=None, alerts=None):
    if not checks.check(name + ": ends by itself", done.status in (0, 3), (done.status, done.err[-400:])):
        return []
    found = common.events(done)
    if status is not None:
        checks.equal(name + ": exit status", done.status, status)
    if codes is not None:
        checks.equal(name + ": anomalies", common.anomalies(found), codes)
    if code is not None:
        checks.check(name + ": anomaly %s" % code, code in common.anomalies(found), common.anomalies(found))
    if offset is not None:
        places = [event["feed"]["offset"] for event in common.of_type(found, "anomaly")]
        checks.check(name + ": an anomaly at offset %d" % offset, offset in places, places)
    for event in common.of_type(found, "anomaly"):
        checks.check(name + ": an anomaly names file and reason",
                     "path" in event["feed"] and event["anomaly"].get("reason"), event)
    if inspection is not None:
        checks.check(name + ": receipts say %s" % inspection, inspection in common.receipts(found)
                     if inspection == "incomplete" else set(common.receipts(found)) <= {"complete"},
                     common.receipts(found))
    if alerts is not None:
        got = [shipment for sid, shipment in common.alerts(found) if sid == 2100001]
        checks.equal(name + ": alerts of pill_press", got, alerts)
    return found


def classes(checks):
    for name, data, alerts in LAWFUL:
        examine(checks, name, data, status=0, codes=[], inspection="complete", alerts=alerts)
    for name, data, code in IN_FULL:
        alerts = [] if data == b"" or code == "message.excluded" else None if code == "map.identifier" else [FIRST]
        examine(checks, name, data, status=0, code=code, inspection="complete", alerts=alerts)
    for name, data, code, offset, alerts in LOST:
        found = examine(checks, name, data, status=3, code=code, offset=offset, alerts=alerts)
        if code and code.startswith("edifact."):
            checks.check(name + ": a receipt says incomplete", "incomplete" in common.receipts(found),
                         common.receipts(found))
        lost = [event for event in common.of_type(found, "anomaly") if event["anomaly"]["inspection"] == "incomplete"]
        checks.check(name + ": an anomaly says incomplete", lost)


def truncation(checks):
    """A manifest cut at every byte. Where the last segment lost a byte, that is said, with its place."""
    data = interchange([message(BILLS)], end="")
    def cut(length):
        return length, common.run("-j", 1, "-o", "-", common.scratch("cut-%d.edi" % length, data[:length]))
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(cut, range(1, len(data), 3 if common.SANITIZED else 1)))
    for length, done in results:
        name = "cut at byte %d of %d" % (length, len(data))
        if not checks.check(name + ": ends by itself", done.status in (0, 3), (done.status, done.err[-300:])):
            continue
        checks.equal(name + ": exit status", done.status, 3)
        lost = [event for event in common.of_type(common.events(done), "anomaly")
                if event["anomaly"]["inspection"] == "incomplete"]
        checks.check(name + ": an anomaly says what is missing, within the file",
                     lost and all(event["feed"]["offset"] <= length for event in lost),
                     [(event["feed"], event["anomaly"]["code"]) for event in lost])
        begun = data.rfind(b"'", 0, length) + 1
        if begun > 4 and begun < length:
            places = [(event["feed"]["offset"], event["anomaly"]["code"]) for event in lost]
            checks.check(name + ": edifact.truncated at the segment that is cut, byte %d" % begun,
                         (begun, "edifact.truncated") in places, places)


def ebcdic(checks):
    """From a mainframe, untranslated, and compressed there: the same events, but for the layers."""
    plain = common.events(common.run("-o", "-", common.scratch("input.edi", GOOD + OTHER)))
    for page in ("037", "500"):
        data = (GOOD + OTHER).decode("latin-1").encode("cp" + page)
        for name, layers, packed in (("EBCDIC " + page, ["ebcdic"], data),
                                     ("EBCDIC %s in gzip" % page, ["gzip", "ebcdic"], gzip.compress(data, mtime=0))):
            done = common.run("-o", "-", "--set", "feed.ebcdic=" + page, common.scratch("input.edi", packed))
            judge(checks, name, done, status=0, codes=[], inspection="complete", alerts=[FIRST, SECOND])
            found = common.events(done)
            checks.equal(name + ": layers", {tuple(event["feed"]["layers"]) for event in found}, {tuple(layers)})
            checks.equal(name + ": places", [(event["feed"]["offset"], event.get("evidence")) for event in found],
                         [(event["feed"]["offset"], event.get("evidence")) for event in plain])
    done = common.run("-o", "-", "--set", "feed.ebcdic=no", common.scratch("input.edi", data))
    judge(checks, "EBCDIC, not to be translated", done, status=3, codes=["source.unknown"])


def compressed(checks):
    whole = gzip.compress(GOOD + OTHER, mtime=0)
    for name, data, alerts in (("gzip", whole, [FIRST, SECOND]),
                               ("two gzip members", gzip.compress(GOOD, mtime=0) + gzip.compress(OTHER, mtime=0),
                                [FIRST, SECOND])):
        examine(checks, name, data, status=0, codes=[], inspection="complete", alerts=alerts)
    for length in sorted(set(range(3, len(whole), 7)) | {len(whole) - n for n in range(1, 9)}):
        found = examine(checks, "gzip cut at byte %d of %d" % (length, len(whole)), whole[:length], status=3)
        checks.check("gzip cut at byte %d: said" % length, set(common.anomalies(found)) & {
            "source.truncated", "source.unknown", "source.corrupt"}, common.anomalies(found))
    damaged = bytearray(gzip.compress(GOOD * 40, mtime=0))
    damaged[-6] ^= 0x55  # within the checksum
    examine(checks, "gzip with a wrong checksum", bytes(damaged), status=3, code="source.corrupt")
    damaged[len(damaged) // 2] ^= 0xff
    found = examine(checks, "gzip damaged in the middle", bytes(damaged), status=3)
    checks.check("gzip damaged in the middle: said", set(common.anomalies(found)) & {
        "source.corrupt", "source.truncated"}, common.anomalies(found))
    bomb = gzip.compress(GOOD + b" " * (64 << 20), mtime=0)
    examine(checks, "a gzip bomb", bomb, status=3, code="source.expansion")


def files(checks):
    """What cannot be read, and what is beside it."""
    good = common.scratch("good.edi", GOOD)
    judge(checks, "a file that is not there, and a good one", common.run("-o", "-", common.scratch("none.edi"), good),
          status=3, code="source.unreadable", alerts=[FIRST])
    judge(checks, "a folder that is not there", common.run("-o", "-", "/nonexistent/folder/"), status=3,
          code="source.unreadable")
    judge(checks, "an empty name", common.run("-o", "-", "", good), status=3, code="source.unreadable", alerts=[FIRST])
    empty = common.scratch("empty-folder")
    os.mkdir(empty)
    done = common.run("-o", "-", empty)
    judge(checks, "an empty folder", done, status=0, codes=[])
    checks.check("an empty folder: said", b"no files" in done.err, done.err)
    judge(checks, "empty standard input", common.run("-o", "-", "-"), status=0, codes=["source.empty"])
    folder = common.scratch("folder")
    os.mkdir(folder)
    for name, data in (("a.edi", GOOD), ("b.bin", b"\0\1\2" * 40), ("c.edi", OTHER)):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    os.symlink("/nonexistent/target", os.path.join(folder, "d.edi"))
    judge(checks, "a folder with a binary file and a dangling link", common.run("-o", "-", folder), status=3,
          code="source.unknown", alerts=[FIRST, SECOND])
    unreadable(checks, good)


def unreadable(checks, good):
    """A socket cannot be opened by anybody, a file of mode 0 by anybody but root."""
    path = common.scratch("socket")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        judge(checks, "a socket", common.run("-o", "-", path, good), status=3, code="source.unreadable", alerts=[FIRST])
    if os.geteuid() != 0:
        secret = common.scratch("secret.edi", GOOD)
        os.chmod(secret, 0)
        judge(checks, "a file without permission", common.run("-o", "-", secret, good), status=3,
              code="source.unreadable", alerts=[FIRST])
        os.chmod(secret, stat.S_IRUSR | stat.S_IWUSR)


# Runs a program and prints its exit status and its peak memory in KiB.
MEASURE = ("import os,resource,subprocess,sys\nstatus=subprocess.run(sys.argv[2:],stdin=0,"
           "stdout=open(sys.argv[1],'wb')).returncode\n"
           "print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")


def large_segment(checks):
    """One segment of 100 MB, through standard input: passed over, in memory that does not grow with it."""
    peaks = {}
    for megabytes in (2, 100):
        target = common.scratch("large.json")
        child = subprocess.Popen([sys.executable, "-c", MEASURE, target, common.PROGRAM, "-o", "-", "-"],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        def write(stream, count):
            head, tail = GOOD.split(b"SUNGLASSES", 1)
            stream.write(head)
            for _ in range(count):
                stream.write(b"SUNGLASSES " * 95325)
            stream.write(tail + OTHER)
            stream.close()
        writer = threading.Thread(target=write, args=(child.stdin, megabytes))
        writer.start()
        said = child.stdout.read().split()
        writer.join()
        child.wait()
        name = "a segment of %d MB" % megabytes
        status, peaks[megabytes] = int(said[0]), int(said[1])
        with open(target, "rb") as file:
            judge(checks, name, common.Run(status, file.read(), b""), status=3, code="edifact.segment_too_long",
                  inspection="incomplete", alerts=[FIRST, SECOND], offset=GOOD.index(b"FTX+AAA+++SUNGLASSES"))
    checks.check("a segment of 100 MB: flat memory", common.SANITIZED or peaks[100] <= 1.1 * peaks[2] + 2048, peaks)


def wait_for_pipe(pipe, is_so):
    """Until so many bytes wait in a pipe, however long the program takes to start."""
    for _ in range(600):
        waiting = array.array("i", [0])
        fcntl.ioctl(pipe.fileno(), termios.FIONREAD, waiting)
        if is_so(waiting[0]):
            break
        time.sleep(0.05)


def shrinking(checks):
    """A file that becomes shorter while it is read. Nobody takes the output at first, so the program waits within it."""
    whole = b"".join(interchange([message([bill(100 * n + m) for m in range(100)])], "ZZ%d" % n) for n in range(250))
    path = common.scratch("shrinking.edi", whole)
    with subprocess.Popen([common.PROGRAM, "-j", "2", "--set", "engine.block_bytes=4KiB", "--set",
                           "engine.batch_bytes=4KiB", "--messages", "-o", "-", path],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        wait_for_pipe(child.stdout, lambda waiting: waiting > 0)
        time.sleep(0.5)
        os.truncate(path, len(whole) - 4321)
        out = child.stdout.read()
        status = child.wait(common.TIMEOUT)
    judge(checks, "a file that shrinks while it is read", common.Run(status, out, b""), status=3,
          code="source.truncated", inspection="incomplete")


def stopped(checks):
    """SIGTERM while it waits for input: what came before is written, and that the run was stopped."""
    with subprocess.Popen([common.PROGRAM, "-o", "-", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as child:
        child.stdin.write(GOOD + OTHER[:300])
        child.stdin.flush()
        wait_for_pipe(child.stdin, lambda waiting: waiting == 0)
        time.sleep(0.5)
        child.terminate()
        try:
            status = child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            checks.check("SIGTERM while waiting for input: ends within 10 seconds", False)
            return
        done = common.Run(status, child.stdout.read(), child.stderr.read())
    judge(checks, "SIGTERM while waiting for input", done, status=3, code="source.stopped", alerts=[FIRST])


def main():
    checks = common.Checks()
    classes(checks)
    ebcdic(checks)
    compressed(checks)
    files(checks)
    large_segment(checks)
    shrinking(checks)
    stopped(checks)
    truncation(checks)
    checks.end()


if __name__ == "__main__":
    main()
