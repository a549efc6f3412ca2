# SPDX-License-Identifier: Apache-2.0
"""Real traffic: nginx, an FTP and an SMTP server of Debian, and curl, on a loopback of their own.

The feed goes over each; tidewaiter -i watches and tcpdump writes. Both find the alerts of
the plain file once for each transport, counted as repeated but for the first. What --pcap-out
keeps of the flow that alerted replays to the same alerts.
"""
import json
import os
import signal
import socket
import subprocess
import sys
import threading
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
PATH = os.path.join(ROOT, "feed.edi")
with open(PATH, "wb") as file:
    file.write(FEED)
HTTP, FTP, SMTP = 18080, 18021, 18025
PASSWORD = "0pen-Sesame"
NGINX = """user root; daemon off; master_process off; pid %(dir)s/nginx.pid; error_log stderr;
events {}
http {
  access_log off; client_body_temp_path %(dir)s/body; proxy_temp_path %(dir)s/p; fastcgi_temp_path %(dir)s/f;
  uwsgi_temp_path %(dir)s/u; scgi_temp_path %(dir)s/s; types { text/plain edi; }
  server { listen 127.0.0.1:%(port)d; root %(dir)s/root; gzip on; gzip_types text/plain; gzip_min_length 1;
    location /in/ { dav_methods PUT; client_max_body_size 10m; } }
}
"""


def wait_for(port):
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


def start_ftp():
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.servers import FTPServer
    import logging
    logging.basicConfig(level=logging.CRITICAL)
    authorizer = DummyAuthorizer()
    authorizer.add_user("user", PASSWORD, ROOT, perm="elradfmw")
    handler = type("Handler", (FTPHandler,), {"authorizer": authorizer, "permit_foreign_addresses": True})
    server = FTPServer(("127.0.0.1", FTP), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def start_smtp():
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Sink
    controller = Controller(Sink(), hostname="127.0.0.1", port=SMTP, data_size_limit=10 ** 8)
    controller.start()
    return controller


def mail_path():
    from email.message import EmailMessage
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.org", "manifest"
    message.set_content("Please find attached.\n.a line with a dot\n")
    message.add_attachment(FEED, maintype="application", subtype="edifact", filename="a.edi")
    return scratch("mail.eml", message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def curl(*arguments):
    done = subprocess.run(["curl", "-sS", "--max-time", "20", "-o", "/dev/null", *arguments], capture_output=True, check=False)
    checks.check("curl " + " ".join(arguments[-3:]), done.returncode == 0, done.stderr)


def carry():
    """Each call is one transfer of the feed."""
    http, ftp = "http://127.0.0.1:%d/" % HTTP, "ftp://user:%s@127.0.0.1:%d/" % (PASSWORD, FTP)
    transfers = [
        [http + "feed.edi"],
        ["--compressed", "-u", "user:" + PASSWORD, http + "feed.edi"],
        ["-T", PATH, http + "in/a.edi"],
        ["-T", PATH, "-H", "Expect: 100-continue", "-H", "Transfer-Encoding: chunked", http + "in/b.edi"],
        ["-X", "PUT", "-F", "file=@" + PATH, http + "in/form"],
        [ftp + "feed.edi"],
        ["--disable-epsv", ftp + "feed.edi"],
        ["-T", PATH, "--ftp-port", "127.0.0.1", ftp + "in/c.edi"],
        ["-T", PATH, "--ftp-port", "127.0.0.1", "--disable-eprt", ftp + "in/d.edi"],
        ["--mail-from", "a@example.com", "--mail-rcpt", "b@example.org", "-T", mail_path(), "smtp://127.0.0.1:%d" % SMTP],
    ]
    for transfer in transfers:
        curl(*transfer)
        time.sleep(0.1)
    return len(transfers)


def check_found(name, found, transfers, expected):
    got = [event["alert_id"] for event in of_type(found, "alert")]
    checks.equal(name + ": the alerts of the plain file", got, expected)
    checks.equal(name + ": every interchange of every transfer is whole", receipts(found), ["complete"] * 3 * transfers)
    seen = [event["app_proto"] for event in of_type(found, "receipt")]
    checks.equal(name + ": over these protocols", {word: seen.count(word) // 3 for word in set(seen)},
                 {"http": 5, "ftp-data": 4, "smtp": 1})
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


def main():
    expected = [event["alert_id"] for event in of_type(events(run("-o", "-", PATH)), "alert")]
    live_path, capture, kept = scratch("live.json"), scratch("traffic.pcap"), scratch("kept")
    os.mkdir(kept)
    config = scratch("nginx.conf", (NGINX % {"dir": SCRATCH, "port": HTTP}).encode())
    nginx = subprocess.Popen(["nginx", "-c", config], stderr=subprocess.DEVNULL)
    start_ftp()
    controller = start_smtp()
    watch = ["tcpdump", "-i", "lo", "-U", "-Z", "root", "-w", capture]
    try:
        checks.check("servers", wait_for(HTTP) and wait_for(FTP) and wait_for(SMTP))
        dump = subprocess.Popen(watch, stderr=subprocess.DEVNULL)
        live = subprocess.Popen([PROGRAM, "-j", "2", "-i", "lo", "-o", live_path, "--pcap-out", kept], stderr=subprocess.PIPE)
        time.sleep(5 if SANITIZED else 1.5)
        transfers = carry()
        time.sleep(2)
        for process in (dump, live):
            process.send_signal(signal.SIGINT)
        problems = live.communicate(timeout=30)[1]
        dump.wait(timeout=30)
    finally:
        controller.stop()
        nginx.terminate()
        nginx.wait(timeout=30)
    with open(live_path, "rb") as file:
        lines = file.read()
    checks.equal("live: nothing is wrong", (live.returncode, problems), (0, b""))
    found = [json.loads(line) for line in lines.decode().splitlines()]
    check_found("live", found, transfers, expected)
    check_kept(kept, found)
    checks.equal("live: the interface is named", {event["feed"].get("in_iface") for event in found}, {"lo"})
    replayed = run("-o", "-", "-r", capture)
    checks.equal("captured: nothing is wrong", (replayed.status, replayed.err), (0, b""))
    check_found("captured", events(replayed), transfers, expected)
    for name, text in (("live", lines), ("captured", replayed.out)):
        checks.check(name + ": no password shows", PASSWORD.encode() not in text)
    other = run("-j", "3", "-o", "-", "-r", capture)
    checks.check("captured: the same for three threads", other.out == replayed.out)


main()
checks.end()
