# SPDX-License-Identifier: Apache-2.0
"""Packets are spread over shards that threads work on side by side.

Fifty flows of every transport at once, some in fragments, some in a tunnel whose long packets
are in fragments and whose short ones are not: whatever the threads and their delays, what is
written is the same bytes, and it is what the plain files say.
"""
import json
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../checks")]
from common import SRCDIR, Checks, events, of_type, receipts, run, scratch  # noqa: E402
import carriers  # noqa: E402
from packets import Flow, fragments, interleave, tunnelled, write_pcap  # noqa: E402

checks = Checks()
with open(os.path.join(SRCDIR, "examples/feeds/air_manifest.edi"), "rb") as file:
    FEED = file.read()
FLOWS = 50
LATE = ["--set", "debug.batch_delay_us=2000"]
SMALL = ["--set", "engine.batch_bytes=4KiB"]


def in_fragments(packets, _):
    return [piece for packet in packets for piece in fragments(packet, 256)]


def in_tunnel(packets, number):
    return [frame for i, packet in enumerate(packets)
            for frame in tunnelled(packet, identification=(number * 400 + i) & 0xFFFF, size=800)]


WAYS = (lambda packets, _: packets, in_fragments, in_tunnel)


def make_capture(path):
    # One message id in several flows is a retry (check_retries of transports.py), and no further message.
    names = [name for name in carriers.CARRIERS if not name.startswith("as")]
    flows, protocols = [], []
    for i in range(FLOWS):
        make, protocol = carriers.CARRIERS[names[i % len(names)]]
        packets = make(FEED, client=("10.1.1.%d" % (i + 1), 40001), server=("10.2.1.%d" % (i + 1), 5000))
        flows.append(WAYS[random.Random(i).randrange(3)](packets, i))
        protocols.append(protocol)
    write_pcap(path, interleave(flows))
    return protocols


def check_threads(path, plain, protocols):
    whole = run("-j", "1", "--messages", "-o", "-", path)
    found = events(whole)
    checks.equal("the alerts of the plain file, once", [e["alert_id"] for e in of_type(found, "alert")],
                 [e["alert_id"] for e in of_type(plain, "alert")])
    checks.equal("a receipt for every interchange of every flow", receipts(found), receipts(plain) * FLOWS)
    checks.equal("each over its protocol, FTP's data known by its control connection",
                 sorted(e["app_proto"] for e in of_type(found, "receipt")),
                 sorted(protocols * len(receipts(plain))))
    for more in (["-j", "1", *SMALL], ["-j", "2"], ["-j", "2", *LATE], ["-j", "3", *SMALL, *LATE], ["-j", "8", *LATE]):
        other = run(*more, "--messages", "-o", "-", path)
        checks.check("the same bytes with " + " ".join(more), (other.out, other.status) == (whole.out, whole.status),
                     other.err)


def check_shards(path):
    """Where no limit is met and nothing waits in vain, their number changes nothing."""
    alone = run("--set", "network.shards=1", "--messages", "-o", "-", path)
    many = run("--set", "network.shards=64", "--messages", "-o", "-", path)
    checks.check("the same bytes for 1 and 64 shards", alone.out == many.out, (len(alone.out), len(many.out)))


def check_counters(path):
    """Every thread has filled batches, and all of them what was handed to them, whoever it was."""
    sums = set()
    for threads in (2, 3):
        folder = scratch("log%d" % threads)
        os.mkdir(folder)
        run("-j", threads, "-l", folder, "-o", os.devnull, *SMALL, *LATE, path)
        with open(os.path.join(folder, "stats.json"), encoding="utf-8") as file:
            filled = json.loads(file.read().splitlines()[-1])["stats"]["worker_packet_bytes"]
        checks.check("each of %d threads filled" % threads, len(filled) == threads and min(filled) > 0, filled)
        sums.add(sum(filled))
    checks.check("as many bytes of packets for any threads", len(sums) == 1, sums)


def check_troubles(path):
    """What several shards meet is told once, and once with their number: fifty wrong checksums."""
    flows = [carriers.plain(FEED, client=("10.1.1.%d" % (i + 1), 40001), server=("10.2.1.%d" % (i + 1), 5000))
             for i in range(FLOWS)]
    for flow in flows:
        flow[3] = flow[3].copy(segment=flow[3].segment[:16] + b"\x12\x34" + flow[3].segment[18:])
    write_pcap(path, interleave(flows))
    found = events(run("-j", "2", "-o", "-", "-k", "all", path))
    told = [e["anomaly"]["reason"] for e in of_type(found, "anomaly") if e["anomaly"]["code"] == "network.checksum"]
    checks.check("wrong checksums are told once, and how many", len(told) == 2 and told[1] == "%d times in all" % FLOWS, told)


def third_host(number):
    """An FTP client that has the server send to, or take from, another host: RFC 959, section 5.2; RFC 2428, section 2."""
    client, server, third = (("10.1.0.%d", "10.2.0.%d", "10.3.0.%d"), ("2001:db8::%d", "2001:db8:1::%d", "2001:db8:2::%d"))[number % 3 == 2]
    client, server, third = (name % (number + 1) for name in (client, server, third))
    commas = third.replace(".", ",").encode()
    how = {"client": (client, 40001), "server": (server, 5000)}
    if number % 3 == 0:  # the client names where to fetch from
        data = Flow(client=(server, 20), server=(third, 45056)).say(1, FEED).close()
        return carriers.ftp(FEED, b"PORT %s,176,0\r\n" % commas, b"200 ok\r\n", data, **how)
    if number % 3 == 1:  # the server names another host of its own
        data = Flow(client=(client, 40777), server=(third, 51210)).say(0, FEED).close()
        return carriers.ftp(FEED, b"PASV\r\n", b"227 Entering Passive Mode (%s,200,10).\r\n" % commas, data, **how)
    data = Flow(client=(server, 20), server=(third, 45056)).say(1, FEED).close()
    return carriers.ftp(FEED, b"EPRT |2|%s|45056|\r\n" % third.encode(), b"200 ok\r\n", data, **how)


def check_third_hosts(path, plain):
    """The data connection has its name whatever its addresses, and so whatever shard it is in."""
    write_pcap(path, interleave(third_host(number) for number in range(24)))
    whole = run("-j", "1", "-o", "-", path)
    names = [e["app_proto"] for e in of_type(events(whole), "receipt")]
    checks.equal("FTP with a third host", names, ["ftp-data"] * 24 * len(receipts(plain)))
    for more in (["-j", "3", *SMALL, *LATE], ["--set", "network.shards=1"], ["--set", "network.shards=64"]):
        checks.check("FTP with a third host: the same with " + " ".join(more), run(*more, "-o", "-", path).out == whole.out)


def main():
    path = scratch("many.pcap")
    protocols = make_capture(path)
    plain = events(run("-j", "1", "-o", "-", scratch("plain.edi", FEED)))
    checks.check("the feed alerts", of_type(plain, "alert"))
    check_threads(path, plain, protocols)
    check_shards(path)
    check_counters(path)
    check_third_hosts(scratch("third.pcap"), plain)
    check_troubles(scratch("troubles.pcap"))


main()
checks.end()
