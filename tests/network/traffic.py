# SPDX-License-Identifier: Apache-2.0
"""Real traffic: nginx, vsftpd, an SMTP server of Debian, and curl, at the ends of a veth pair.

The feed goes over each; tidewaiter -i watches the pair and the loopback, and tcpdump writes. Both find the alerts of
the plain file once for each transport, counted as repeated but for the first. What --pcap-out
keeps of the flow that alerted replays to the same alerts. What the kernel had when the program was stopped is read
yet, and what the kernel dropped is told.
"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../checks")]
from common import PROGRAM, SANITIZED, SCRATCH, SRCDIR, Checks, events, of_type, receipts, run, scratch  # noqa: E402

checks = Checks()
with open(os.path.join(SRCDIR, "examples/feeds/air_manifest.edi"), "rb") as file:
    FEED = file.read()
ROOT = scratch("root")
os.makedirs(os.path.join(ROOT, "in"))
os.chmod(SCRATCH, 0o755)
os.chmod(os.path.join(ROOT, "in"), 0o777)
EMPTY = scratch("empty")
os.mkdir(EMPTY)
PATH = os.path.join(ROOT, "feed.edi")
with open(PATH, "wb") as file:
    file.write(FEED)
with open(os.path.join(ROOT, "ten.edi"), "wb") as file:
    file.write(10 * FEED)  # on the loopback in packets of 64 KiB, and their link's header
HERE_ADDRESS, THERE = "10.9.0.1", "10.9.0.2"
HTTP, FTP, SMTP = 18080, 18021, 18025
PASSWORD = "0pen-Sesame"
NGINX = """user root; daemon off; master_process off; pid %(dir)s/nginx.pid; error_log stderr;
events {}
http {
  access_log off; client_body_temp_path %(dir)s/body; proxy_temp_path %(dir)s/p; fastcgi_temp_path %(dir)s/f;
  uwsgi_temp_path %(dir)s/u; scgi_temp_path %(dir)s/s; types { text/plain edi; }
  server { listen %(port)d; root %(dir)s/root; gzip on; gzip_types text/plain; gzip_min_length 1;
    location /in/ { dav_methods PUT; client_max_body_size 10m; } }
}
"""
# Any password does for who is anonymous.
VSFTPD = """listen=YES
background=NO
listen_address=%s
listen_port=%d
anonymous_enable=YES
anon_root=%s
write_enable=YES
anon_upload_enable=YES
anon_umask=022
secure_chroot_dir=%s
seccomp_sandbox=NO
""" % (HERE_ADDRESS, FTP, ROOT, EMPTY)


def make_pair():
    """One end here, the other in a network of its own, as long as the process that is returned lives."""
    there = subprocess.Popen(["unshare", "-n", "sleep", "600"])
    for _ in range(100):
        if os.readlink("/proc/%d/ns/net" % there.pid) != os.readlink("/proc/self/ns/net"):
            break
        time.sleep(0.05)
    for command in ("ip link add near type veth peer name far", "ip link set far netns %d" % there.pid,
                    "ip addr add %s/24 dev near" % HERE_ADDRESS, "ip link set near up",
                    "nsenter -t %d -n ip addr add %s/24 dev far" % (there.pid, THERE),
                    "nsenter -t %d -n ip link set far up" % there.pid):
        subprocess.run(command.split(), check=True)
    return there


def wait_for(port):
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex((HERE_ADDRESS, port)) == 0:
                return True
        time.sleep(0.05)
    return False


def start_ftp():
    configuration = scratch("vsftpd.conf", VSFTPD.encode())
    return subprocess.Popen(["vsftpd", configuration], stderr=subprocess.DEVNULL)


def start_smtp():
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Sink
    controller = Controller(Sink(), hostname=HERE_ADDRESS, port=SMTP, data_size_limit=10 ** 8)
    controller.start()
    return controller


def mail_path():
    from email.message import EmailMessage
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.org", "manifest"
    message.set_content("Please find attached.\n.a line with a dot\n")
    message.add_attachment(FEED, maintype="application", subtype="edifact", filename="a.edi")
    return scratch("mail.eml", message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def curl(there, *arguments):
    """From the other end of the pair; from here, over the loopback, where there is none."""
    enter = ["nsenter", "-t", str(there.pid), "-n"] if there else []
    done = subprocess.run([*enter, "curl", "-sS", "--max-time", "20", "-o", "/dev/null", *arguments], capture_output=True, check=False)
    checks.check("curl " + " ".join(arguments[-3:]), done.returncode == 0, done.stderr)


def carry(there):
    """Each call is one transfer of the feed."""
    http, ftp = "http://%s:%d/" % (HERE_ADDRESS, HTTP), "ftp://ftp:%s@%s:%d/" % (PASSWORD, HERE_ADDRESS, FTP)
    transfers = [
        [http + "feed.edi"],
        ["--compressed", "-u", "user:" + PASSWORD, http + "feed.edi"],
        ["-T", PATH, http + "in/a.edi"],
        ["-T", PATH, "-H", "Expect: 100-continue", "-H", "Transfer-Encoding: chunked", http + "in/b.edi"],
        ["-X", "PUT", "-F", "file=@" + PATH, http + "in/form"],
        [ftp + "feed.edi"],
        ["--disable-epsv", ftp + "feed.edi"],
        ["-T", PATH, "--ftp-port", THERE, ftp + "in/c.edi"],
        ["-T", PATH, "--ftp-port", THERE, "--disable-eprt", ftp + "in/d.edi"],
        ["--mail-from", "a@example.com", "--mail-rcpt", "b@example.org", "-T", mail_path(), "smtp://%s:%d" % (HERE_ADDRESS, SMTP)],
    ]
    for transfer in transfers:
        curl(there, *transfer)
        time.sleep(0.1)
    return len(transfers)


def check_found(name, found, protocols, expected):
    got = [event["alert_id"] for event in of_type(found, "alert")]
    checks.equal(name + ": the alerts of the plain file", got, expected)
    checks.equal(name + ": every interchange of every transfer is whole", receipts(found), ["complete"] * 3 * sum(protocols.values()))
    seen = [event["app_proto"] for event in of_type(found, "receipt")]
    checks.equal(name + ": over these protocols", {word: seen.count(word) // 3 for word in set(seen)},
                 protocols)
    repeated = sum(event["receipt"]["repeated"] for event in of_type(found, "receipt"))
    checks.check(name + ": later transfers are repeats", repeated > 0, repeated)


def check_kept(folder, found):
    flows = {}
    for alert in of_type(found, "alert"):
        flows.setdefault(alert["flow_id"], []).append(alert["alert_id"])
    files = {int(name.rsplit("-flow-", 1)[1].split(".")[0]): os.path.join(folder, name) for name in os.listdir(folder)}
    checks.equal("kept: a file for each flow that alerted", (sorted(files), len(files) > 0), (sorted(flows), True))
    for flow, path in files.items():
        again = run("-j", "1", "-o", "-", "-r", path)
        checks.equal("kept: it replays to the same alerts", (again.status, [alert["alert_id"] for alert in of_type(events(again), "alert")]),
                     (0, flows.get(flow)))


def watch(path, interfaces, *more):
    names = [word for name in interfaces for word in ("-i", name)]
    live = subprocess.Popen([PROGRAM, "-j", "2", *names, "-o", path, *more], stderr=subprocess.PIPE)
    time.sleep(5 if SANITIZED else 1.5)
    return live


def read_lines(path):
    with open(path, "rb") as file:
        lines = file.read()
    return lines, [json.loads(line) for line in lines.decode().splitlines()]


def check_dropped(there):
    """Who does not read what the kernel has, in a buffer that is too small, loses packets: how many is told."""
    live = watch(scratch("dropped.json"), ["near"], "--set", "capture.buffer_bytes=64KiB")
    live.send_signal(signal.SIGSTOP)
    for _ in range(5):
        curl(there, "http://%s:%d/feed.edi" % (HERE_ADDRESS, HTTP))
    live.send_signal(signal.SIGINT)
    live.send_signal(signal.SIGCONT)
    live.communicate(timeout=30)
    told = [event["anomaly"] for event in of_type(read_lines(scratch("dropped.json"))[1], "anomaly")]
    lost = [re.match(r"(\d+) packets taken, (\d+) dropped by the kernel", anomaly["reason"]) for anomaly in told
            if anomaly["code"] == "capture.dropped"]
    # Five connections of seven packets at least, of which the buffer has room for one or two.
    checks.check("dropped: how many is told", live.returncode == 3 and len(lost) == 1 and lost[0] and
                 int(lost[0][2]) > 0 and int(lost[0][1]) + int(lost[0][2]) >= 35, (live.returncode, told))


def main():
    expected = [event["alert_id"] for event in of_type(events(run("-o", "-", PATH)), "alert")]
    live_path, capture, kept = scratch("live.json"), scratch("traffic.pcap"), scratch("kept")
    os.mkdir(kept)
    config = scratch("nginx.conf", (NGINX % {"dir": SCRATCH, "port": HTTP}).encode())
    there = make_pair()
    nginx = subprocess.Popen(["nginx", "-c", config], stderr=subprocess.DEVNULL)
    vsftpd = start_ftp()
    controller = start_smtp()
    try:
        checks.check("servers", wait_for(HTTP) and wait_for(FTP) and wait_for(SMTP))
        dump = subprocess.Popen(["tcpdump", "--immediate-mode", "-i", "near", "-U", "-Z", "root", "-w", capture], stderr=subprocess.DEVNULL)
        live = watch(live_path, ["near", "lo"], "--pcap-out", kept)
        carry(there)
        live.send_signal(signal.SIGSTOP)
        curl(None, "http://127.0.0.1:%d/ten.edi" % HTTP)
        live.send_signal(signal.SIGINT)
        live.send_signal(signal.SIGCONT)
        problems = live.communicate(timeout=30)[1]
        time.sleep(0.5)
        dump.send_signal(signal.SIGINT)
        dump.wait(timeout=30)
        check_dropped(there)
    finally:
        controller.stop()
        for process in (nginx, vsftpd, there):
            process.terminate()
            process.wait(timeout=30)
    lines, found = read_lines(live_path)
    checks.equal("live: nothing is wrong", (live.returncode, problems), (0, b""))
    check_found("live", found, {"http": 15, "ftp-data": 4, "smtp": 1}, expected)
    check_kept(kept, found)
    seen = [event["feed"].get("in_iface") for event in of_type(found, "receipt")]
    checks.equal("live: the interface is named", {name: seen.count(name) // 3 for name in set(seen)}, {"near": 10, "lo": 10})
    replayed = run("-o", "-", "-r", capture)
    checks.equal("captured: nothing is wrong", (replayed.status, replayed.err), (0, b""))
    check_found("captured", events(replayed), {"http": 5, "ftp-data": 4, "smtp": 1}, expected)
    for name, text in (("live", lines), ("captured", replayed.out)):
        checks.check(name + ": no password shows", PASSWORD.encode() not in text)
    other = run("-j", "3", "-o", "-", "-r", capture)
    checks.check("captured: the same for three threads", other.out == replayed.out)


main()
checks.end()
