# SPDX-License-Identifier: Apache-2.0
"""--pcap-out: the packets of a flow that alerts replay to the same alert, or the file says what it lacks."""
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../checks")]
from common import SRCDIR, Checks, events, of_type, run, scratch  # noqa: E402
import carriers  # noqa: E402
from packets import Flow, fragments, interleave, write_pcap  # noqa: E402

checks = Checks()
with open(os.path.join(SRCDIR, "examples/feeds/air_manifest.edi"), "rb") as feed_file:
    AIR = feed_file.read()
with open(os.path.join(SRCDIR, "examples/feeds/ocean_manifest.edi"), "rb") as feed_file:
    OCEAN = feed_file.read()


def blocks(path):
    """Types and bodies of a pcapng file, little-endian (draft-ietf-opsawg-pcapng, section 3.1)."""
    with open(path, "rb") as file:
        data = file.read()
    found, at = [], 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        assert length == struct.unpack_from("<I", data, at + length - 4)[0], path
        found.append((kind, data[at + 8:at + length - 4]))
        at += length
    return found


def packets_of(path):
    """Stamp in nanoseconds, and bytes."""
    out = []
    for kind, body in blocks(path):
        if kind == 6:
            _, high, low, captured, _ = struct.unpack_from("<IIIII", body)
            out.append((high << 32 | low, body[20:20 + captured]))
    return out


def keep(name, path, *more):
    """Runs with --pcap-out; the files, and the alerts by flow."""
    folder, logs = scratch(name + ".out"), scratch(name + ".logs")
    os.mkdir(folder)
    os.mkdir(logs)
    plain = run("-j", "1", "-o", "-", "-r", path)
    done = run("-j", "1", "-o", "-", "-l", logs, "-r", path, "--pcap-out", folder, *more)
    checks.check(name + ": the events are the same", done.out == plain.out)
    with open(os.path.join(logs, "stats.json"), "rb") as file:
        stats = events(type(done)(0, file.read(), b""))[0]["stats"]
    files = sorted(os.path.join(folder, entry) for entry in os.listdir(folder))
    checks.check(name + ": files are counted", stats["pcap_out_files"] == len(files), (stats, files))
    flows = {}
    for alert in of_type(events(done), "alert"):
        flows.setdefault(alert["flow_id"], []).append(alert["alert_id"])
    return files, flows, stats, done


def check_replay(name, packets, ways=()):
    """Each file raises the alerts of its flow, and no others."""
    path = scratch(name + ".pcap")
    write_pcap(path, packets)
    files, flows, stats, done = keep(name, path, *ways)
    checks.check(name + ": a file for each flow that alerts", len(files) == len(flows) > 0, (files, list(flows)))
    for file in files:
        flow = int(file.rsplit("-flow-", 1)[1].split(".")[0])
        again = [alert["alert_id"] for alert in of_type(events(run("-j", "1", "-o", "-", "-r", file)), "alert")]
        checks.check("%s: flow %d replays to its alerts" % (name, flow), again == flows[flow], (again, flows[flow]))
    checks.check(name + ": nothing lacks", stats["pcap_out_incomplete"] == 0 and done.err == b"", (stats, done.err))
    return files


def check_flows():
    noise = Flow(client=("10.9.0.1", 50000)).say(0, b"nothing of interest\r\n" * 400).close()
    for name in ("http_post", "plain_gzip", "smtp"):
        alerting = carriers.CARRIERS[name][0](AIR)
        files = check_replay(name, interleave([alerting, noise]))
        checks.check(name + ": all its packets and no others, as they came",
                     [data for _, data in packets_of(files[0])] == [packet.frame() for packet in alerting])
    for name in ("ftp_passive", "ftp_active"):
        alerting = carriers.CARRIERS[name][0](AIR)
        files = check_replay(name, interleave([alerting, noise]))
        checks.check(name + ": control and data together",
                     [data for _, data in packets_of(files[0])] == [packet.frame() for packet in alerting],
                     (len(packets_of(files[0])), len(alerting)))
    pieces = [piece for packet in carriers.http_post(AIR, vlan=(7,)) for piece in fragments(packet, 256)]
    files = check_replay("fragments", pieces)
    checks.check("fragments and tags as they came",
                 [data for _, data in packets_of(files[0])] == [piece.frame() for piece in pieces])
    two = [carriers.http_post(AIR, client=("10.1.0.%d" % i, 40001)) for i in (1, 2)]
    check_replay("twice", two[0] + two[1])  # the second repeats: no alert, no file


def check_session():
    """Two transfers of one FTP session: each has a file, with its own data and all that was said over control."""
    control = carriers.ftp_begin(Flow())
    packets, transfers, said = [], [], 0
    for port, feed in ((51210, AIR), (51211, OCEAN)):
        control.say(0, b"PASV\r\n").say(1, b"227 Entering Passive Mode (10,2,0,1,%d,%d).\r\n" % divmod(port, 256))
        control.say(0, b"STOR a.edi\r\n").say(1, b"150 send\r\n")
        transfers.append(Flow(client=("10.1.0.1", port - 9000), server=("10.2.0.1", port)).say(0, feed).close())
        packets += control.packets[said:] + transfers[-1]
        said = len(control.packets)
        control.say(1, b"226 done\r\n")
    control.close()
    files = check_replay("session", packets + control.packets[said:])
    for file, others in zip(files, reversed(transfers)):
        wanted = [packet.frame() for packet in packets + control.packets[said:] if packet not in others]
        checks.check("one transfer with its session", [data for _, data in packets_of(file)] == wanted,
                     (len(packets_of(file)), len(wanted)))


def check_times():
    """Nanoseconds are kept."""
    path, packets = scratch("nano.pcap"), carriers.http_post(AIR)
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        for i, packet in enumerate(packets):
            data = packet.frame()
            file.write(struct.pack("<IIII", 1795168800, 123456789 + i, len(data), len(data)) + data)
    files = keep("nano", path)[0]
    checks.check("nanoseconds", [stamp for stamp, _ in packets_of(files[0])] ==
                 [1795168800123456789 + i for i in range(len(packets))], packets_of(files[0])[:2])
    # What was written replays to the same packets again.
    again = keep("nano_again", files[0])[0]
    checks.check("nanoseconds of pcapng", packets_of(again[0]) == packets_of(files[0]))


def check_limits():
    path = scratch("large.pcap")
    write_pcap(path, carriers.http_post(AIR))
    files, _, stats, done = keep("large", path, "--set", "capture.out_flow_memory=4KiB", "--set", "engine.batch_bytes=64KiB")
    comment = blocks(files[0])[0][1]
    checks.check("too large a flow: its file says so", b"first packets are missing" in comment and
                 stats["pcap_out_incomplete"] == 1 and b"capture.out_flow_memory" in done.err, (comment, stats, done.err))
    others = [Flow(client=("10.9.0.1", 50000 + i)).say(0, b"X" * 60000).close() for i in range(8)]
    path = scratch("many.pcap")
    write_pcap(path, carriers.plain(AIR)[:4] + [p for flow in others for p in flow] + carriers.plain(AIR)[4:])
    files, _, stats, done = keep("many", path, "--set", "capture.out_memory=64KiB")
    checks.check("too many flows: the file says so", len(files) == 1 and b"first packets are missing" in blocks(files[0])[0][1] and
                 stats["pcap_out_incomplete"] == 1, (files, stats))


def check_files():
    path = scratch("over.pcap")
    write_pcap(path, carriers.http_post(AIR))
    files, _, _, done = keep("over", path)
    with open(files[0], "wb") as file:
        file.write(b"somebody's")
    again = run("-j", "1", "-o", "-", "-r", path, "--pcap-out", os.path.dirname(files[0]))
    with open(files[0], "rb") as file:
        checks.check("nothing is overwritten, and that is told", file.read() == b"somebody's" and again.status == 3 and
                     os.path.basename(files[0]).encode() + b": is there already" in again.err and again.out == done.out,
                     (again.status, again.err))
    missing = run("-o", "-", "-r", path, "--pcap-out", scratch("nowhere"))
    checks.check("no such folder: nothing is started", missing.status == 2 and b"capture.out" in missing.err, missing)
    quiet = scratch("quiet.pcap")
    write_pcap(quiet, Flow().say(0, b"nothing of interest\r\n" * 400).close())
    checks.check("no alert, no file", keep("quiet", quiet)[0] == [])


for test in (check_flows, check_session, check_times, check_limits, check_files):
    test()
checks.end()
