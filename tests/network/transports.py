# SPDX-License-Identifier: Apache-2.0
"""What is true of a feed as a file is true of it on the wire.

Every transport, times everything that may happen to packets on their way, raises the
alerts (alert_id) that the plain file raises, or says what is missing. No password shows.
"""
import base64
import gzip
import hashlib
import json
import os
import quopri
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../checks")]
from common import SCRATCH, SRCDIR, Checks, anomalies, events, of_type, receipts, run, scratch  # noqa: E402
import carriers  # noqa: E402
from packets import ACK, PSH, Flow, fragments, interleave, overlapped, payload, tunnelled, write_pcap, write_pcapng  # noqa: E402

checks = Checks()
FEEDS = {}
for name in ("air_manifest.edi", "ocean_manifest.edi"):
    with open(os.path.join(SRCDIR, "examples/feeds", name), "rb") as file:
        FEEDS[name] = file.read()
AIR, OCEAN = FEEDS["air_manifest.edi"], FEEDS["ocean_manifest.edi"]


def ids(found):
    return [event["alert_id"] for event in of_type(found, "alert")]


def replay(name, packets, *more):
    path = scratch(name + ".pcap")
    write_pcap(path, packets)
    return run("-j", "1", "-o", "-", "-r", path, *more)


EXPECTED = {name: ids(events(run("-j", "1", "-o", "-", scratch("plain.edi", feed)))) for name, feed in FEEDS.items()}
checks.check("the feeds alert at all", all(EXPECTED.values()), EXPECTED)
HIDDEN = (carriers.SECRET, carriers.SECRET.decode().encode("cp037"), carriers.BASIC,
          base64.b64encode(b"\0user\0" + carriers.SECRET))


def reorder(packets):
    """Every three packets of data backwards; the handshake stays."""
    mixed = list(packets)
    for i in range(4, len(mixed) - 6, 3):
        mixed[i:i + 3] = mixed[i:i + 3][::-1]
    return mixed


def twice(packets):
    return [packet for packet in packets for _ in range(2)]


def in_fragments(packets):
    pieces = [piece for packet in packets for piece in fragments(packet, 256)]
    return pieces


def shuffled_fragments(packets):
    out = []
    for packet in packets:
        pieces = fragments(packet, 256)
        random.Random(len(out)).shuffle(pieces)
        out += pieces
    return out


def in_tunnel(packets):
    return [frame for i, packet in enumerate(packets) for frame in tunnelled(packet, identification=i, size=800)]


def same(packets):
    return packets


WAYS = {
    "as_is": (same, {}),
    "reordered": (reorder, {}),
    "twice": (twice, {}),
    "overlapping": (overlapped, {}),
    "tunnelled": (in_tunnel, {}),
    "fragmented": (in_fragments, {}),
    "fragments_shuffled": (shuffled_fragments, {}),
    "vlan": (same, {"vlan": (100,)}),
    "qinq": (same, {"vlan": (200, 100)}),
    "ipv6": (same, {"client": ("2001:db8::1", 40001), "server": ("2001:db8::2", 5000)}),
    "midstream": (same, {"handshake": False}),
    "one_byte": (same, {"size": 1}),
}


def check_hidden(name, done):
    checks.check(name + ": no password shows", not any(secret in done.out + done.err for secret in HIDDEN))


def check_transports():
    for carrier, (make, application) in carriers.CARRIERS.items():
        for way, (change, how) in [("as_is", WAYS["as_is"])] if carrier in carriers.ONCE else WAYS.items():
            name = carrier + " " + way
            done = replay("transport", change(make(AIR, **how)))
            found = events(done)
            checks.check(name, ids(found) == EXPECTED["air_manifest.edi"] and done.status == 0,
                         (done.status, len(ids(found)), anomalies(found), done.err[-200:]))
            checks.check(name + ": receipts", receipts(found) == ["complete"] * 3, receipts(found))
            flows = {event["app_proto"] for event in of_type(found, "alert")}
            checks.check(name + ": protocol", flows == {application}, flows)
            check_hidden(name, done)


def check_event():
    """Where an alert says it comes from, held against the packets themselves."""
    packets = carriers.http_post(AIR, vlan=(200, 100))
    alert = of_type(events(replay("event", packets)), "alert")[0]
    unh = AIR.rfind(b"UNH", 0, alert["feed"]["offset"])
    position = sum(len(payload(p)) for p in packets[:3]) + len(carriers.request(AIR)) - len(AIR) + unh
    seen, number = 0, 0
    for number, packet in enumerate(packets, 1):
        if packet.source.compressed == "10.1.0.1":
            seen += len(payload(packet))
        if seen > position:
            break
    facts = {key: alert[key] for key in ("src_ip", "src_port", "dest_ip", "dest_port", "proto", "app_proto", "flow_id", "vlan")}
    checks.check("an alert's flow", facts == {"src_ip": "10.1.0.1", "src_port": 40001, "dest_ip": "10.2.0.1",
                                              "dest_port": 5000, "proto": "TCP", "app_proto": "http",
                                              "flow_id": 1, "vlan": [200, 100]}, facts)
    checks.check("the packet in which its message began", alert["feed"]["packet"] == number, (alert["feed"], number))
    checks.check("feed time is packet time", alert["timestamp"][:19] == "2026-11-20T10:00:00", alert["timestamp"])
    # github.com/corelight/community-id-spec: seed, the smaller address first, protocol, zero, ports.
    digest = hashlib.sha1(bytes.fromhex("0000" "0a010001" "0a020001" "0600") +
                          (40001).to_bytes(2, "big") + (5000).to_bytes(2, "big")).digest()
    checks.check("community id", alert["community_id"] == "1:" + base64.b64encode(digest).decode(), alert["community_id"])
    as2 = of_type(events(replay("as2", carriers.as2(AIR))), "alert")[0].get("as2")
    checks.check("AS2 header fields", as2 == {"from": "Example Air", "to": "CUSTOMS", "message_id": "<1@example.com>"}, as2)


def check_gaps():
    """One segment of data is missing, the acknowledgement of the receiver is not."""
    for carrier in ("plain", "http_post", "http_chunked", "plain_gzip", "matip", "mq_channel"):
        packets = carriers.CARRIERS[carrier][0](AIR)
        data = [i for i, packet in enumerate(packets) if len(payload(packet)) > 500]
        cut = packets[:data[2]] + packets[data[2] + 1:]
        done = replay("gap", cut)
        found = events(done)
        checks.check(carrier + " with a gap: told", done.status == 3 and "tcp.gap" in anomalies(found),
                     (done.status, anomalies(found)))
        checks.check(carrier + " with a gap: an interchange is cut",
                     "tcp.messages_lost" in anomalies(found) and "incomplete" in receipts(found),
                     (anomalies(found), receipts(found)))
        lost = [event["feed"]["length"] for event in of_type(found, "anomaly") if event["anomaly"]["code"] == "tcp.gap"]
        checks.check(carrier + " with a gap: as many bytes as the segment had",
                     lost == [len(payload(packets[data[2]]))], lost)
    # What is before the gap and what is behind it, as two files.
    packets = carriers.plain(AIR)
    data = [i for i, packet in enumerate(packets) if len(payload(packet)) > 500]
    found = events(replay("gap", packets[:data[1]] + packets[data[1] + 1:]))
    rest = AIR.index(b"UNB", 2800)  # behind the trailer, which no interchange has
    files = events(run("-j", "1", "-o", "-", scratch("before.edi", AIR[:1400]), scratch("behind.edi", AIR[rest:])))
    checks.check("around a gap all is found", ids(found) == ids(files) and ids(files), (ids(found), ids(files)))


def check_losses():
    """Whatever packet of a transport is missing, it is told, also where nobody can know that there was a message."""
    for carrier, (make, _) in carriers.CARRIERS.items():
        packets = make(AIR)
        data = [i for i, packet in enumerate(packets) if len(payload(packet)) > 500]
        for at in (data[0], data[len(data) // 2]):
            done = replay("loss", packets[:at] + packets[at + 1:])
            checks.check("%s without packet %d: told" % (carrier, at), done.status == 3 and
                         {"tcp.gap", "tcp.gap_unread", "protocol.desync"} & set(anomalies(events(done))), anomalies(events(done)))
    noise = random.Random(9).randbytes(20000)
    flows = [Flow(client=("10.1.1.%d" % (i + 1), 40001)).say(0, noise).close() for i in range(10)]
    done = replay("loss", interleave(flow[:7] + flow[8:] for flow in flows))
    told = [event["anomaly"]["reason"] for event in of_type(events(done), "anomaly") if event["anomaly"]["code"] == "tcp.gap_unread"]
    checks.equal("what shows no message is told once, and how often", (done.status, len(told), told[1:]),
                 (3, 2, ["10 times in all, 14000 bytes"]))
    done = replay("loss", carriers.tls()[:5] + carriers.tls()[6:])
    checks.check("TLS that lacks bytes is opaque all the same", done.status == 0 and anomalies(events(done)) == [], done.out)


def check_packed():
    """Behind missing bytes of a packed body nothing of it can be read, which is told; the next answer can be."""
    second = AIR.index(b"UNB", 10)
    packed = gzip.compress(AIR, 0)  # stored: the bytes as they are, from somewhere on
    at = packed.index(AIR[:second]) + second
    alone = receipts(events(run("-j", "1", "-o", "-", scratch("first.edi", AIR[:second]))))
    coded = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    for name, head, body in (("a length", b"Content-Length: %d\r\n\r\n" % len(packed), (packed[:at], packed[at:at + 60], packed[at + 60:])),
                             ("chunks", b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(packed),
                              (packed[:at], packed[at:at + 60], packed[at + 60:] + b"\r\n0\r\n\r\n"))):
        flow = Flow().say(0, carriers.GET * 2).say(1, coded + head + body[0])
        missing = len(flow.packets)
        flow.send(1, body[1], ACK | PSH)
        del flow.packets[missing]
        flow.say(1, body[2] + b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(OCEAN) + OCEAN)
        found = events(replay("packed", flow.close()))
        told = [(e["anomaly"]["code"], e["feed"]["length"]) for e in of_type(found, "anomaly")]
        checks.equal("packed with %s: the gap is told, and that messages may be lost" % name, told,
                     [("tcp.gap", 60), ("tcp.messages_lost", 0)])
        checks.equal("packed with %s: what stands before it is read, and the next answer" % name,
                     (receipts(found), set(EXPECTED["ocean_manifest.edi"]) <= set(ids(found)),
                      {e["app_proto"] for e in of_type(found, "receipt")}), (alone + ["complete"], True, {"http"}))


def check_bomb():
    """A packed body that becomes too much is refused, which is told; what stands before is read, and the next answer."""
    packed = gzip.compress(AIR + b" " * (16 << 20))
    coded = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    flow = Flow().say(0, carriers.GET * 2).say(1, coded + packed)
    flow.say(1, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(OCEAN) + OCEAN)
    packets = flow.close()
    for options, codes in (((), ["unwrap.expansion", "unwrap.corrupt"]), (("--set", "limits.expansion_ratio=2000"), [])):
        found = events(replay("bomb", packets, *options))
        checks.equal("bomb %s: what is told" % (options,), [e["anomaly"]["code"] for e in of_type(found, "anomaly")], codes)
        checks.equal("bomb %s: all alerts" % (options,), set(ids(found)), set(EXPECTED["air_manifest.edi"] + EXPECTED["ocean_manifest.edi"]))


def parts_of(kind, payloads, number):
    """A message with these payloads; where the second part's header fields begin, and where its body ends."""
    seam, pieces = b"\r\n---m\r\n", []
    for payload_ in payloads:
        if kind == "mail":
            pieces.append(b"Content-Type: application/edifact\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                          base64.encodebytes(payload_).replace(b"\n", b"\r\n"))
        else:
            pieces.append(b"Content-Type: application/gzip\r\nContent-Transfer-Encoding: binary\r\n\r\n" + gzip.compress(payload_))
    body = seam + seam.join(pieces) + b"\r\n---m--\r\n"
    fields = b"Content-Type: multipart/%s; boundary=\"-m\"\r\n" % (b"mixed" if kind == "mail" else b"related")
    if kind == "mail":
        message = b"From: a@example.com\r\nTo: b@example.org\r\nMIME-Version: 1.0\r\n" + fields + b"\r\n" + body + b".\r\n"
    else:
        soap = carriers.envelope(carriers.USER_MESSAGE.replace(b"7@example", b"%d@example" % number))
        message = carriers.request(seam + carriers.SOAP_TYPE + b"\r\n" + soap + body, fields)
    begin = message.index(pieces[1])
    return in_chunks(message, begin, begin + len(pieces[1])) if kind == "AS4 in chunks" else (message, begin, begin + len(pieces[1]))


def in_chunks(message, begin, end):
    """The same request with chunks instead of a length; where the same part is then."""
    body = message.index(b"\r\n\r\n") + 4
    head = message[:message.index(b"Content-Length")] + b"Transfer-Encoding: chunked\r\n\r\n"
    before, part, behind = (carriers.chunks(text, 400)[:-5] for text in (message[body:begin], message[begin:end], message[end:]))
    return head + before + part + behind + b"0\r\n\r\n", len(head + before), len(head + before + part)


def check_parts():
    """Three parts, and bytes of the second are missing: the first and the third are what they would be without."""
    with open(os.path.join(SRCDIR, "examples/syntaxes/xfwb.xml"), "rb") as file:
        third = file.read()
    expected = ids(events(run("-j", "1", "-o", "-", scratch("1.edi", OCEAN), scratch("3.xml", third))))
    for kind, numbers in (("mail", (1, 3)), ("AS4", (2, 4)), ("AS4 in chunks", (2, 4))):
        flows = []
        _, begin, end = parts_of(kind, (OCEAN, AIR, third), 0)
        places = list(range(begin, end - 60, (end - begin) // 40))
        for number, at in enumerate(places):
            message, _, _ = parts_of(kind, (OCEAN, AIR, third), number)
            flow = Flow(client=("10.1.1.%d" % (number + 1), 40001))
            if kind == "mail":
                carriers.smtp_begin(flow).say(0, b"MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n")
                flow.say(1, b"250 ok\r\n250 ok\r\n354 go on\r\n")
            flow.say(0, message[:at])
            missing = len(flow.packets)
            flow.send(0, message[at:at + 60], ACK | PSH)
            del flow.packets[missing]
            flows.append(flow.say(0, message[at + 60:]).close())
        done = replay("parts", [packet for flow in flows for packet in flow])
        found = events(done)
        whole = {(e["src_ip"], e["feed"]["layers"][0]) for e in of_type(found, "receipt") if e["receipt"]["inspection"] == "complete"}
        wanted = {("10.1.1.%d" % (i + 1), "mime:%d" % number) for i in range(len(flows)) for number in numbers}
        checks.check(kind + ": every part beside one with a gap has its receipt", wanted <= whole, sorted(wanted - whole))
        checks.check(kind + ": and its alerts", set(expected) <= set(ids(found)) and expected, (expected, ids(found)))
        gaps = [e["src_ip"] for e in of_type(found, "anomaly") if e["anomaly"]["code"] == "tcp.gap"]
        checks.check(kind + ": every gap is told once", len(gaps) == len(set(gaps)) == len(flows) and done.status == 3,
                     (len(flows), len(gaps), len(set(gaps)), done.status))
        for more in (["-j", "2"], ["-j", "2", "--set", "engine.batch_bytes=1KiB", "--set", "engine.block_bytes=4KiB"]):
            other = run(*more, "-o", "-", "-r", scratch("parts.pcap"))
            checks.check(kind + ": the same bytes with " + " ".join(more), other.out == done.out and other.status == done.status)


def check_many():
    """Fifty flows at once, each packet of another; every interchange has its receipt."""
    flows = []
    names = list(carriers.CARRIERS)
    for i in range(50):
        make = carriers.CARRIERS[names[i % len(names)]][0]
        feed = AIR if i % 2 == 0 else OCEAN
        flows.append(make(feed, client=("10.1.1.%d" % (i + 1), 40001), server=("10.2.1.%d" % (i + 1), 5000)))
    path = scratch("many.pcap")
    write_pcap(path, interleave(flows))
    whole = run("-j", "1", "-o", "-", path)
    found = events(whole)
    both = set(EXPECTED["air_manifest.edi"]) | set(EXPECTED["ocean_manifest.edi"])
    # The same shipments come fifty times: they alert once, the rest is repeated.
    checks.check("interleaved: the alerts of both feeds, once", set(ids(found)) == both and len(ids(found)) == len(both),
                 (len(ids(found)), len(both)))
    count = 25 * len(receipts(events(run("-o", "-", scratch("a.edi", AIR))))) + \
        25 * len(receipts(events(run("-o", "-", scratch("o.edi", OCEAN)))))
    checks.check("interleaved: a receipt for every interchange", receipts(found) == ["complete"] * count,
                 (len(receipts(found)), count, anomalies(found)))
    for more in (["-j", "2"], ["-j", "3"], ["-j", "3", "--set", "engine.batch_bytes=1KiB"]):
        other = run(*more, "-o", "-", path)
        checks.check("interleaved: the same bytes with " + " ".join(more), other.out == whole.out and other.status == whole.status)
    messages = run("-j", "1", "--messages", "-o", "-", path)
    threads = run("-j", "3", "--messages", "-o", "-", path)
    checks.check("interleaved: the same messages for any threads", messages.out == threads.out)
    parts = len(of_type(events(messages), "message"))
    checks.check("interleaved: each message has its event", parts > 0 and all(
        event["last"] for event in of_type(events(messages), "message")), parts)


def say_twice(flow, first, second):
    """The client sends what differs in the two texts twice, before it is acknowledged."""
    for i in range(0, len(first), flow.size):
        parts = [feed[i:i + flow.size] for feed in (first, second)]
        flow.send(0, parts[0], ACK | PSH)
        if parts[0] != parts[1]:
            flow.numbers[0] -= len(parts[1])
            flow.send(0, parts[1], ACK | PSH)
        flow.send(1, b"", ACK)
    return flow


def said_twice(first, second):
    return say_twice(Flow(), first, second).close()


def check_boundaries():
    """A conflict behind more than network.alternate_bytes of earlier exchanges is read both ways all the same."""
    harmless = OCEAN.replace(b"N-PHENETHYL-4-P:IPERIDONE CAS 39742-60-4", b"SODIUM CHLORIDE:, TECHNICAL GRADE, DRIED")
    alone = ids(events(run("-o", "-", scratch("harmless.edi", harmless))))
    noise = random.Random(8).randbytes(130000)
    other = AIR[:AIR.index(b"UNB", 10)] * 400
    http = Flow()
    for _ in range(9):
        http.say(0, carriers.request(noise)).say(1, carriers.OK)
    say_twice(http, carriers.request(harmless), carriers.request(OCEAN)).say(1, carriers.OK)
    smtp = carriers.smtp_begin(Flow())
    for i, (first, second) in enumerate([(b"nothing", b"nothing")] * 9 + [(harmless, OCEAN)]):
        smtp.say(0, b"MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n").say(1, b"250 ok\r\n250 ok\r\n354 go on\r\n")
        head = b"Subject: s\r\nContent-Type: application/edifact\r\n\r\n"
        pad = b"" if i == 9 else base64.encodebytes(noise).replace(b"\n", b"\r\n")
        say_twice(smtp, head + first + pad + b"\r\n.\r\n", head + second + pad + b"\r\n.\r\n").say(1, b"250 queued\r\n")
    plain = say_twice(Flow().say(0, other), harmless, OCEAN)
    for name, flow in (("HTTP", http), ("SMTP", smtp), ("a plain connection", plain)):
        size = sum(len(payload(p)) for p in flow.packets)
        found = events(replay("boundaries", flow.close()))
        others = [e for e in of_type(found, "alert") if e["alert"].get("reading") == "alternate"]
        hidden = [alert for alert in EXPECTED["ocean_manifest.edi"] if alert not in alone]
        checks.check("late in %s the other reading is inspected" % name,
                     size > 1 << 20 and [e["alert_id"] for e in others] == hidden and
                     "tcp.alternate" not in anomalies(found), (size, [e["alert_id"] for e in others], anomalies(found)))


def check_readings():
    """Bytes sent twice that differ: what only the other reading alerts for is told, and marked."""
    harmless = OCEAN.replace(b"N-PHENETHYL-4-P:IPERIDONE CAS 39742-60-4", b"SODIUM CHLORIDE:, TECHNICAL GRADE, DRIED")
    plain = events(run("-j", "1", "--messages", "-o", "-", scratch("harmless.edi", harmless)))
    alone = ids(plain)
    hidden = [alert for alert in EXPECTED["ocean_manifest.edi"] if alert not in alone]
    checks.check("both alert for a press, one for a precursor",
                 len(harmless) == len(OCEAN) and len(alone) == 1 and len(hidden) == 1, (alone, hidden))
    for policy, packets in (("first", said_twice(harmless, OCEAN)), ("last", said_twice(OCEAN, harmless))):
        done = replay("readings", packets, "--messages", "--set", "network.overlap=" + policy)
        found = events(done)
        alerts = of_type(found, "alert")
        checks.check(policy + " wins: the reading that does is told as ever",
                     [e["alert_id"] for e in alerts if "reading" not in e["alert"]] == alone, alerts)
        checks.check(policy + " wins: of the other what the first lacks",
                     [e["alert_id"] for e in alerts if e["alert"].get("reading") == "alternate"] == hidden, alerts)
        checks.check(policy + " wins: told once but for the alerts",
                     len(of_type(found, "message")) == len(of_type(plain, "message")) and
                     receipts(found) == receipts(plain), (len(of_type(found, "message")), receipts(found)))
        checks.check(policy + " wins: the conflict is told", "tcp.conflict" in anomalies(found), anomalies(found))
        threads = run("-j", "3", "--messages", "-o", "-", "-r", scratch("readings.pcap"),
                      "--set", "network.overlap=" + policy)
        checks.check(policy + " wins: the same bytes for any threads", threads.out == done.out)
        none = events(replay("readings", packets, "--set", "network.overlap=" + policy,
                             "--set", "network.alternate_bytes=0"))
        checks.check(policy + " wins: nothing kept, and told", ids(none) == alone and "tcp.alternate" in anomalies(none),
                     anomalies(none))
    same = events(replay("readings", said_twice(OCEAN, OCEAN)))
    checks.check("sent twice alike is no conflict", ids(same) == EXPECTED["ocean_manifest.edi"] and anomalies(same) == [],
                 anomalies(same))


def check_files():
    """A flow goes on from one file to the next; the folder's order is that of time, not of names."""
    packets = carriers.http_post(AIR)
    folder = scratch("folder")
    os.mkdir(folder)
    half = len(packets) // 2
    write_pcap(os.path.join(folder, "z.pcap"), packets[:half])
    write_pcap(os.path.join(folder, "a.pcap"), packets[half:], start=1795168800.0 + 60)
    done = run("-o", "-", "-r", folder)
    checks.check("a flow over two files", ids(events(done)) == EXPECTED["air_manifest.edi"] and done.status == 0,
                 (done.status, anomalies(events(done))))
    path = scratch("whole.pcap")
    write_pcap(path, packets)
    with open(path, "rb") as file:
        capture = file.read()
    done = run("-o", "-", scratch("cut.pcap", capture[:-5]))
    checks.check("a cut capture: told, and what there was is read",
                 done.status == 3 and anomalies(events(done)) == ["source.truncated"] and
                 ids(events(done)) == EXPECTED["air_manifest.edi"], (done.status, anomalies(events(done))))
    done = run("-o", "-", "-", stdin=capture)
    checks.check("a capture from standard input", ids(events(done)) == EXPECTED["air_manifest.edi"])
    for links in ((1,), (1, 101)):
        write_pcapng(scratch("links.pcapng"), packets, links)
        done = run("-o", "-", "-r", scratch("links.pcapng"))
        checks.equal("a pcapng with %d link types" % len(links), (done.status, ids(events(done))), (0, EXPECTED["air_manifest.edi"]))
    write_pcapng(scratch("dropped.pcapng"), packets, dropped=7)
    done = run("-o", "-", "-r", scratch("dropped.pcapng"))
    checks.equal("what the capturing host dropped is told", (done.status, [(e["anomaly"]["code"], "dropped 7 packets" in e["anomaly"]["reason"])
                 for e in of_type(events(done), "anomaly")], ids(events(done))), (3, [("capture.dropped", True)], EXPECTED["air_manifest.edi"]))
    done = run("-o", "-", "--bpf", "tcp port 5000", path)
    checks.check("a filter that takes it", ids(events(done)) == EXPECTED["air_manifest.edi"])
    done = run("-o", "-", "--bpf", "udp", path)
    checks.check("a filter that takes nothing", ids(events(done)) == [] and anomalies(events(done)) == ["source.empty"],
                 anomalies(events(done)))
    done = run("-o", "-", "--bpf", "port port", path)
    checks.check("a wrong filter is bad usage", done.status == 2 and b"capture.filter" in done.err, done)


def conversation(*requests):
    """Requests of one client, each over a connection of its own; a pair ends its one by a reset behind so many bytes."""
    packets = []
    for number, said in enumerate(requests):
        said, cut = said if isinstance(said, tuple) else (said, None)
        flow = Flow(client=("10.1.0.1", 41000 + number)).say(0, said[:cut])
        packets += flow.reset() if cut else flow.say(1, carriers.OK).close()
    return packets


def replay_retries(name, requests, *more):
    found = events(replay(name, conversation(*requests), "--messages", *more))
    return ids(found), anomalies(found), len(of_type(found, "message")), receipts(found)


def check_retries():
    """RFC 4130, AS4 Profile 3.2: a message id that comes again is the same message, unless its bytes say otherwise."""
    edifact = carriers.AS2 + b"Content-Type: application/edifact\r\n"
    harmless = OCEAN.replace(b"N-PHENETHYL-4-P:IPERIDONE CAS 39742-60-4", b"SODIUM CHLORIDE:, TECHNICAL GRADE, DRIED")
    other = carriers.AS2.replace(b"<1@", b"<2@") + b"Content-Type: application/edifact\r\n"
    alone = events(run("-j", "1", "-o", "-", "--messages", scratch("alone.edi", OCEAN)))
    alerts, messages = ids(alone), len(of_type(alone, "message"))
    both = events(run("-j", "1", "-o", "-", "--messages", scratch("a.edi", harmless), scratch("b.edi", OCEAN)))
    checks.check("the changed feed has fewer alerts", len(ids(events(run("-o", "-", scratch("a.edi"))))) < len(alerts) and len(of_type(both, "message")) == 2 * messages)
    for kind, first, second, changed in (
            ("AS2", carriers.request(OCEAN, edifact), carriers.request(OCEAN, other), carriers.request(harmless, edifact)),
            ("AS4", carriers.as4_request(OCEAN), carriers.as4_request(OCEAN).replace(b"7@example", b"9@example"),
             carriers.as4_request(harmless))):
        got = replay_retries("retry", [first, first, first])
        checks.equal(kind + " retries are told and not inspected", got,
                     (alerts, ["message.retry"] * 2, messages, ["complete"] * messages))
        got = replay_retries("retry", [first, second])
        checks.equal(kind + " another id is another message", got, (alerts, [], 2 * messages, ["complete"] * 2 * messages))
        got = replay_retries("retry", [changed, first])
        checks.equal(kind + " other content under the same id is inspected", got,
                     (ids(both), ["message.changed"], 2 * messages, ["complete"] * 2 * messages))
        ended, told, count, _ = replay_retries("retry", [(first, len(first) - 500), first])
        checks.check(kind + " a retry of a first try that was cut is the message", set(ended) == set(alerts) and
                     count >= messages and "message.retry" not in told, (len(ended), told, count))
        ended, told, count, _ = replay_retries("retry", [first, (first, len(first) - 500)])
        checks.check(kind + " a retry that was cut is inspected", ended == alerts and count > messages and
                     "message.retry" not in told, (len(ended), told, count))
        got = replay_retries("retry", [first, first], "--set", "network.retry_bytes=4KiB")
        checks.equal(kind + " what may not wait is inspected, and told as a retry", got,
                     (alerts, ["message.retry"], 2 * messages, ["complete"] * 2 * messages))
        got = replay_retries("retry", [first, second, first], "--set", "network.message_ids=1")
        checks.equal(kind + " what is forgotten is no retry", got, (alerts, [], 3 * messages, ["complete"] * 3 * messages))
    packets = conversation(carriers.request(OCEAN, edifact), carriers.request(OCEAN, edifact))
    write_pcap(scratch("retry.pcap"), packets)
    told = of_type(events(run("-j", "1", "-o", "-", "-l", SCRATCH, "-r", scratch("retry.pcap"))), "anomaly")[0]
    with open(scratch("stats.json"), "rb") as file:
        stats = json.loads(file.read().splitlines()[-1])["stats"]["network"]
    checks.equal("a retry's event names it", (told["as2"], "<1@example.com>" in told["anomaly"]["reason"], told["src_port"]),
                 ({"from": "Example Air", "to": "CUSTOMS", "message_id": "<1@example.com>"}, True, 41001))
    checks.equal("a retry is counted", stats["retries"], 1)


def check_other_hosts():
    """A sender with several hosts: whichever sends a message again, it is known (RFC 4130, section 5.2.3: by its Message-ID)."""
    alone = ids(events(run("-o", "-", scratch("alone.edi", OCEAN))))
    edifact = carriers.AS2 + b"Content-Type: application/edifact\r\n"
    harmless = OCEAN.replace(b"N-PHENETHYL-4-P:IPERIDONE CAS 39742-60-4", b"SODIUM CHLORIDE:, TECHNICAL GRADE, DRIED")
    for kind, sent, anew, changed in (
            ("AS2", carriers.request(OCEAN, edifact), signed(OCEAN, b"b", b"2"), carriers.request(harmless, edifact)),
            ("AS4", carriers.as4_request(OCEAN), carriers.as4_request(gzip.compress(OCEAN)), carriers.as4_request(harmless))):
        packets = []
        for number, said in enumerate((sent, sent, anew, sent, changed, changed)):
            packets += Flow(client=("10.1.7.%d" % (number + 1), 41000)).say(0, said).say(1, carriers.OK).close()
        done = replay("hosts", packets, "-l", SCRATCH)
        told = [(event["anomaly"]["code"], event["src_ip"]) for event in of_type(events(done), "anomaly")]
        checks.equal(kind + " retries of other hosts are told", told, [
            ("message.retry", "10.1.7.2"), ("message.retry", "10.1.7.3"), ("message.retry", "10.1.7.4"),
            ("message.changed", "10.1.7.5"), ("message.retry", "10.1.7.6")])
        checks.equal(kind + " retries of other hosts alert once", ids(events(done)), alone)
        with open(scratch("stats.json"), "rb") as file:
            checks.equal(kind + " retries of other hosts are counted", json.loads(file.read().splitlines()[-1])["stats"]["network"]["retries"], 4)
        for more in (["-j", "3"], ["-j", "3", "--set", "engine.batch_bytes=1KiB", "--set", "debug.batch_delay_us=2000"]):
            checks.check(kind + " retries of other hosts: the same with " + " ".join(more),
                         run(*more, "-o", "-", "-r", scratch("hosts.pcap")).out == done.out)
        found = events(run("--set", "network.shards=1", "-o", "-", "-r", scratch("hosts.pcap")))
        checks.equal(kind + " retries of other hosts, one shard", [(event["anomaly"]["code"], event["src_ip"]) for event in
                     of_type(found, "anomaly")], told)


def signed(feed, boundary, signature, more=b""):
    """RFC 1847: the same part, with another signature and delimiters each time."""
    seam = b"\r\n--" + boundary + b"\r\n"
    body = (seam + b"Content-Type: application/edifact\r\n\r\n" + feed + more + seam +
            b"Content-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(signature) +
            b"\r\n--" + boundary + b"--\r\n")
    return carriers.request(body, carriers.AS2 + b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; '
                            b'micalg=sha256; boundary="' + boundary + b'"\r\n')


def check_repacked():
    """A retry that was signed or packed anew is one all the same, unless it holds something else."""
    alone = events(run("-j", "1", "-o", "-", "--messages", scratch("alone.edi", OCEAN)))
    once = (ids(alone), ["message.retry"], len(of_type(alone, "message")), receipts(alone))
    again = carriers.TOKEN.replace(b"user", b"another")
    for name, first, second in (
            ("signed anew", signed(OCEAN, b"a", b"1"), signed(OCEAN, b"b", b"2")),
            ("signed at all", carriers.request(OCEAN, carriers.AS2), signed(OCEAN, b"b", b"2")),
            ("in base64", signed(OCEAN, b"a", b"1"), carriers.request(
                base64.encodebytes(OCEAN), carriers.AS2 + b"Content-Transfer-Encoding: base64\r\n")),
            ("packed anew", carriers.as4_request(gzip.compress(OCEAN, 9)), carriers.as4_request(gzip.compress(OCEAN, 1), security=again)),
            ("not packed", carriers.as4_request(gzip.compress(OCEAN)), carriers.as4_request(OCEAN))):
        checks.equal("a retry " + name, replay_retries("repacked", [first, second]), once)
    for name, first, second in (
            ("signed", signed(OCEAN, b"a", b"1"), signed(OCEAN, b"b", b"2", b"\r\n")),
            ("with another part", signed(OCEAN, b"a", b"1"), signed(OCEAN, b"b", b"2", b"\r\n--b\r\n\r\nx")),
            ("packed", carriers.as4_request(gzip.compress(OCEAN)), carriers.as4_request(gzip.compress(OCEAN + b"\n"))),
            ("cut", carriers.as4_request(gzip.compress(OCEAN)), carriers.as4_request(gzip.compress(OCEAN)[:-9]))):
        told, count = replay_retries("repacked", [first, second])[1:3]
        checks.check("no retry, " + name, "message.changed" in told and "message.retry" not in told and
                     count >= len(of_type(alone, "message")), (told, count))


def check_as4():
    """Who sends what; signals are no messages; what is encrypted is told."""
    alert = of_type(events(replay("as4", carriers.as4(AIR))), "alert")[0]
    checks.equal("AS4 parties", alert["as4"], {"from": "ZZ & Co", "to": "CUSTOMS", "message_id": "7@example.com"})
    checks.equal("AS4 layers", alert["feed"]["layers"], ["mime:2", "gzip"])
    for encoding, encode in (("base64", base64.encodebytes), ("quoted-printable", quopri.encodestring),
                             ("binary", lambda text: text.replace(b"UTF-8", b"UTF-16").decode().encode("utf-16")),
                             ("binary", lambda text: text.replace(b"UTF-8", b"UTF-16").decode().encode("utf-16-be"))):
        sent = carriers.as4_request(AIR, b"application/edifact", encoding=encoding.encode(), encode=encode)
        for size in (1400, 7):
            found = events(replay("as4", Flow(size=size).say(0, sent).close()))
            checks.equal("AS4 with its envelope in " + encoding, [(event["alert_id"], event["as4"]) for event in of_type(found, "alert")],
                         [(alert_id, alert["as4"]) for alert_id in EXPECTED["air_manifest.edi"]])
    done = replay("as4", carriers.as4(b"no message at all"))
    checks.equal("AS4 that is no message is told", (done.status, anomalies(events(done))), (3, ["source.unknown"]))
    noise = random.Random(6).randbytes(100000)
    done = replay("as4", Flow().say(0, carriers.as4_request(noise, b"application/octet-stream",
                                                            carriers.TOKEN + carriers.ENCRYPTED)).close())
    told = of_type(events(done), "anomaly")
    checks.equal("an encrypted attachment is opaque", (done.status, [(e["anomaly"]["code"], e["feed"]["length"]) for e in told]),
                 (3, [("unwrap.opaque", len(noise))]))
    check_hidden("as4", done)
    sealed = carriers.envelope(carriers.USER_MESSAGE, body=b'<EncryptedData xmlns="' + carriers.XENC + b'"/>')
    done = replay("as4", Flow().say(0, carriers.request(sealed, carriers.SOAP_TYPE)).close())
    checks.equal("an encrypted SOAP body is opaque", (done.status, anomalies(events(done))), (3, ["unwrap.opaque"]))
    done = replay("as4", Flow().say(0, carriers.request(sealed.replace(b"UTF-8", b"UTF-16").decode().encode("utf-16-le"),
                                                        carriers.SOAP_TYPE.replace(b"UTF-8", b"UTF-16"))).close())
    checks.equal("so is one in UTF-16", (done.status, anomalies(events(done))), (3, ["unwrap.opaque"]))
    for name, signal in (("receipt", carriers.RECEIPT), ("error", carriers.ERROR)):
        done = replay("as4", Flow().say(0, carriers.request(carriers.envelope(signal), carriers.SOAP_TYPE)).close())
        checks.equal("a " + name + " is no message", (done.status, events(done)), (0, []))


def check_checksums():
    packets = carriers.plain(AIR)
    spoilt = [packet.copy(segment=packet.segment[:16] + b"\x12\x34" + packet.segment[18:]) for packet in packets]
    done = replay("spoilt", spoilt, "-k", "all")
    checks.check("-k all refuses wrong checksums", ids(events(done)) == [] and done.status == 3, done.status)
    done = replay("spoilt", spoilt, "-k", "none")
    checks.check("-k none takes them", ids(events(done)) == EXPECTED["air_manifest.edi"], anomalies(events(done)))


def check_opaque():
    found = events(replay("tls", carriers.tls()))
    sent = sum(len(payload(p)) for p in carriers.tls() if p.source.compressed == "10.1.0.1")
    answered = sum(len(payload(p)) for p in carriers.tls() if p.source.compressed == "10.2.0.1")
    checks.check("TLS is opaque", [event["opaque"] for event in of_type(found, "opaque")] == [
        {"reason": "tls", "bytes": sent + answered, "to_server": sent, "to_client": answered,
         "server_name": "edi.example.com"}], found)
    done = replay("ssh", Flow().say(1, b"SSH-2.0-OpenSSH_9.2\r\n").say(0, b"SSH-2.0-x\r\n").close())
    checks.check("SSH is opaque, and no failure", done.status == 0 and
                 [event["opaque"]["reason"] for event in of_type(events(done), "opaque")] == ["ssh"], done.out)
    done = replay("starttls", carriers.smtp_starttls())
    checks.check("SMTP becomes TLS", [event["opaque"].get("server_name") for event in of_type(events(done), "opaque")] ==
                 ["mx.example.org"], done.out)
    check_hidden("starttls", done)
    done = replay("ftps", carriers.ftps())
    checks.equal("FTPS is opaque, control and data", (done.status, [event["opaque"].get("server_name") for event in
                 of_type(events(done), "opaque")]), (0, ["ftp.example.org"] * 2))
    refused = Flow().say(1, b"220 ready\r\n").say(0, b"AUTH TLS\r\n").say(1, b"500 no\r\n")
    refused.say(0, b"USER user\r\n").say(1, b"331 password\r\n").say(0, b"PASS " + carriers.SECRET + b"\r\n")
    done = replay("ftps", refused.close(), "-v")
    checks.equal("FTP without the TLS that was asked for", (done.status, events(done)), (0, []))
    check_hidden("ftps", done)


def check_matip():
    """Type B in its envelope is what the file is; Type A is counted, and shows nowhere."""
    with open(os.path.join(SRCDIR, "examples/syntaxes/fwb.imp"), "rb") as file:
        text = b"QU HKGFMLH\r\n.FRAFMLH 191200\r\n" + file.read().replace(b"\n", b"\r\n")
    expected = events(run("-j", "1", "--messages", "-o", "-", scratch("fwb.imp", text)))
    for name, page, coding in (("ASCII", "latin-1", carriers.ASCII), ("EBCDIC", "cp037", carriers.EBCDIC)):
        packet = carriers.matip_packet(carriers.DATA, text.decode("latin-1").encode(page))
        for opened, begin in (("opened", carriers.matip_open(coding)), ("met midstream", b"")):
            found = events(replay("typeb", Flow().say(0, begin + packet).close(), "--messages"))
            messages = [[event[key] for key in ("message", "shipments")] for event in of_type(found, "message")]
            checks.check("Type B in %s, %s" % (name, opened), len(messages) == 1 and ids(found) == ids(expected) and messages == [
                [event[key] for key in ("message", "shipments")] for event in of_type(expected, "message")], found)
    for opened, begin, names in (("opened", carriers.matip_open_a(), (b"1SMITH/JOHN MR", b"PASSPORT 4711", AIR[:40])),
                                 ("met midstream", b"", (b"1SMITH/JOHN MR", b"PASSPORT 4711"))):
        logs = scratch("logs " + opened)
        os.mkdir(logs)
        said = b"".join(carriers.matip_packet(carriers.DATA, name) for name in names)
        done = replay("typea", Flow().say(0, begin + said).say(1, said).close(), "-l", logs, "--messages", "-v")
        length = sum(map(len, names))
        checks.check("Type A is opaque, " + opened, done.status == 0 and [event["opaque"] for event in of_type(events(done), "opaque")] == [
            {"reason": "matip", "bytes": 2 * length, "to_server": length, "to_client": length}], done.out)
        shown = done.out + done.err
        for name in os.listdir(logs):
            with open(os.path.join(logs, name), "rb") as file:
                shown += file.read()
        checks.check("Type A shows nowhere, " + opened, not any(name in shown for name in names) and b"stats" in shown, shown)
    done = replay("sixbits", Flow().say(0, carriers.matip_open(carriers.SIX_BIT) + carriers.matip_packet(0, bytes(9))).close())
    checks.check("six bits are told", done.status == 3 and anomalies(events(done)) == ["protocol.unread"], done.out)


def check_mq():
    """Compressed segments are counted; users and passwords are in no log either."""
    mq = carriers.Mq()
    logs = scratch("mq logs")
    os.mkdir(logs)
    done = replay("compressed", Flow().say(0, mq.logon() + mq.segment(carriers.MQPUT, b"packed", compressed=2)).close(),
                  "-l", logs, "--messages", "-v")
    checks.check("compressed segments are opaque", done.status == 0 and [event["opaque"] for event in of_type(events(done), "opaque")] == [
        {"reason": "mq", "bytes": 6, "to_server": 6, "to_client": 0}], done.out)
    for name in os.listdir(logs):
        with open(os.path.join(logs, name), "rb") as file:
            checks.check("no user in " + name, carriers.SECRET not in file.read())
    lost = carriers.mq_put(AIR)
    data = [i for i, packet in enumerate(lost) if len(payload(packet)) > 500]
    done = replay("gap", lost[:data[4]] + lost[data[4] + 1:])
    checks.check("MQ with a gap: told", done.status == 3 and "tcp.gap" in anomalies(events(done)), anomalies(events(done)))
    check_hidden("MQ with a gap", done)


def check_others():
    """What is no cargo message is counted, not told; what a protocol says is one, is told."""
    page = b"<!DOCTYPE html><html><body>" + b"<p>nothing of interest</p>" * 5000 + b"</body></html>"
    done = replay("page", Flow().say(0, carriers.GET).say(
        1, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page).close())
    checks.check("a page is passed over", done.status == 0 and events(done) == [], done.out[:300])
    order = b'<?xml version="1.0"?><Order xmlns="urn:example"><Item>TABLET PRESS</Item><Token>' + carriers.SECRET + b"</Token></Order>"
    for name, text in (("document", order), ("SOAP call", carriers.envelope(b"", body=order[21:])),
                       ("broken document", order[:-5]), ("two documents", order + b"\n" + order)):
        done = replay("foreign", Flow().say(0, carriers.request(text, b"Content-Type: text/xml\r\n")).say(1, carriers.OK).close())
        checks.check("a foreign " + name + " is passed over", done.status == 0 and events(done) == [], done.out[:300])
    write_pcap(scratch("foreign.pcap"), Flow().say(0, carriers.request(order)).close())
    run("-o", "-", "-l", SCRATCH, "-r", scratch("foreign.pcap"))
    with open(scratch("stats.json"), "rb") as file:
        stats = json.loads(file.read().splitlines()[-1])["stats"]["network"]
    checks.equal("and counted", (stats["bodies"], stats["recognised"], stats["unrecognised_bytes"]), (1, 0, len(order)))
    done = run("-o", "-", scratch("order.xml", order))
    checks.equal("in a file it is told", (done.status, anomalies(events(done))), (3, ["map.none"]))
    with open(os.path.join(SRCDIR, "examples/syntaxes/xfwb.xml"), "rb") as file:
        waybill = file.read()
    alone = events(run("-o", "-", scratch("waybill.xml", waybill)))
    start = waybill.index(b"?>") + 2 if waybill.startswith(b"<?xml") else 0
    for name, text in (("as it is", waybill), ("behind a foreign document", order + b"\n" + waybill),
                       ("in SOAP", carriers.envelope(b"", body=waybill[start:]))):
        done = replay("waybill", Flow().say(0, carriers.request(text, b"Content-Type: text/xml\r\n")).close())
        checks.equal("a waybill in XML, " + name, (done.status, ids(events(done)), receipts(events(done))),
                     (0, ids(alone), ["complete"]))
        check_hidden("a waybill " + name, done)
    noise = random.Random(4).randbytes(200000)
    done = replay("noise", Flow().say(0, noise).close())
    checks.check("noise is passed over", done.status == 0 and events(done) == [], done.out[:300])
    done = replay("as2", carriers.as2(b"no message at all"))
    checks.check("AS2 that is no message is told", done.status == 3 and anomalies(events(done)) == ["source.unknown"],
                 (done.status, anomalies(events(done))))


for test in (check_event, check_gaps, check_losses, check_packed, check_bomb, check_parts, check_readings, check_boundaries, check_retries, check_other_hosts, check_repacked, check_as4, check_many, check_files, check_checksums,
             check_opaque, check_matip, check_mq, check_others, check_transports):
    test()
checks.end()
