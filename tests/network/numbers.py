# SPDX-License-Identifier: Apache-2.0
"""Holes in the control numbers of partners: told for what comes in packets, once each, and not where none is."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../checks")]
from common import Checks, bill, events, interchange, message, of_type, receipts, run, scratch  # noqa: E402
import carriers  # noqa: E402
from packets import Flow, interleave, write_pcap  # noqa: E402

checks = Checks()
CODE = "partner.numbers_missing"


def edifact(reference, recipient=b"RECEIVER"):
    return interchange([message([bill(7)])], reference=str(reference)).replace(b"RECEIVER", recipient)


def x12(number, group, test="P"):
    """An empty manifest (309) in an interchange of one group."""
    return ("ISA*00*          *00*          *ZZ*ZZSENDER       *ZZ*ZZCUSTOMS      *261120*1000*U*00401*%09d*0*%s*>~"
            "GS*AM*ZZSENDER*ZZCUSTOMS*20261120*1000*%d*X*004010~ST*309*0001~M10*ZZZZ*O*ZZ*9999999*ZZ TIDE*1E~"
            "SE*3*0001~GE*1*%d~IEA*1*%09d~" % (number, test, group, group, number)).encode()


def posts(bodies):
    """Each in a connection of its own, one behind the other."""
    packets = []
    for i, body in enumerate(bodies):
        packets += carriers.http_post(body, client=("10.1.0.1", 40001 + i))
    return packets


def holes(name, packets, *more):
    path = scratch(name + ".pcap")
    write_pcap(path, packets)
    logs = scratch(name + ".logs")
    os.mkdir(logs)
    done = run("-j", "1", "-o", "-", "-l", logs, "-r", path, *more)
    threads = run("-j", "3", "-o", "-", "-r", path, "--set", "engine.batch_bytes=1KiB", *more)
    checks.check(name + ": the same bytes for any threads", threads.out == done.out)
    with open(os.path.join(logs, "stats.json"), "rb") as file:
        stats = events(type(done)(0, file.read(), b""))[0]["stats"]
    told = [event for event in of_type(events(done), "anomaly") if event["anomaly"]["code"] == CODE]
    checks.check(name + ": counted", stats["number_holes"] == len(told), stats)
    checks.check(name + ": what came is complete", set(receipts(events(done))) == {"complete"}, done.out[-400:])
    checks.check(name + ": exit status", done.status == (3 if told else 0), done.status)
    return told, stats


def silent(name, packets, *more):
    told, _ = holes(name, packets, *more)
    checks.check(name + ": nothing is told", told == [], told)


def check_hole():
    numbers = [n for n in range(101, 125) if n not in (115, 116, 117)]
    bodies = [edifact(n) for n in numbers]
    packets = posts(bodies)
    told, stats = holes("hole", packets)
    checks.check("one anomaly for a range", len(told) == 1 and stats["numbers_missing"] == 3, (told, stats))
    reason = told[0]["anomaly"]["reason"]
    checks.check("the numbers and the partner", all(word in reason for word in ("115 to 117", "UNB 0020", "SENDER", "RECEIVER")), reason)
    behind = numbers.index(118)
    first = sum(len(carriers.http_post(body)) for body in bodies[:behind])
    last = first + len(carriers.http_post(bodies[behind]))
    event = told[0]
    checks.check("the flow behind the hole", event["flow_id"] == first + 1 and event["src_port"] == 40001 + behind and
                 first < event["feed"]["packet"] <= last and event["message"]["interchange"] == "118", event)
    done = run("-j", "1", "-o", "-", scratch("hole.edi", b"".join(bodies)))
    checks.check("of a file nothing is told", CODE.encode() not in done.out and done.status == 0, done.status)


def check_silent():
    silent("whole", posts(edifact(n) for n in range(1, 31)))
    mixed = list(range(1, 31))
    for i in range(0, 28, 4):
        mixed[i:i + 4] = [mixed[i + 2], mixed[i + 3], mixed[i], mixed[i + 1]]
    silent("order", posts(edifact(n) for n in mixed))
    silent("parallel", interleave([carriers.http_post(edifact(n), client=("10.1.0.1", 40000 + n)) for n in range(1, 21)]))
    silent("retries", posts(edifact(n) for n in list(range(1, 16)) + [15, 15, 14] + list(range(16, 25))))
    silent("time", posts(edifact("2611201%03d" % (7 * n)) for n in range(24)))
    silent("shared", posts(edifact(n, b"RECEIVER" if n % 9 else b"OTHER") for n in range(1, 31)))
    silent("few", posts(edifact(n) for n in (1, 2, 3, 5)))
    silent("steps", posts(edifact(n) for n in range(1, 31) if n != 20), "--set", "numbers.steps=40")


def check_x12():
    told, _ = holes("isa", posts(x12(n, n) for n in range(41, 65) if n != 55))
    checks.check("ISA13, and GS06 not a second time", len(told) == 1 and "number (ISA13) 000000055 of ZZSENDER to ZZCUSTOMS" in
                 told[0]["anomaly"]["reason"], told)
    told, _ = holes("gs", posts(x12(1, n) for n in range(41, 65) if n != 55))
    checks.check("GS06 where ISA13 is always the same", len(told) == 1 and "(GS06) 55" in told[0]["anomaly"]["reason"], told)
    silent("isa_test", posts(x12(n, n, "T" if n % 9 == 0 else "P") for n in range(41, 65)))


def check_late():
    numbers = [n for n in range(1, 40) if n != 20]
    told, stats = holes("late", posts(edifact(n) for n in numbers + [20]), "--set", "numbers.interchanges=8")
    checks.check("it came after all: counted", len(told) == 1 and stats["numbers_late"] == 1, stats)
    silent("in_time", posts(edifact(n) for n in numbers + [20]))


def check_one_connection():
    """All in one pipelined connection, which numbers cross just as well."""
    flow = Flow()
    for n in range(1, 30):
        if n != 17:
            flow.say(0, carriers.request(edifact(n)))
            flow.say(1, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    told, _ = holes("one", flow.close())
    checks.check("one connection", len(told) == 1 and " 17 of" in told[0]["anomaly"]["reason"], told)


for test in (check_hole, check_silent, check_x12, check_late, check_one_connection):
    test()
checks.end()
