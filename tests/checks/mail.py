# SPDX-License-Identifier: Apache-2.0
"""The example feeds as Python's email package mails them and OpenSSL signs and encrypts them: the same alerts."""
import base64
import gzip
import html
import os
import subprocess
import sys
import zlib
from email.message import EmailMessage
from email.policy import SMTP

import common

with open(os.path.join(common.SRCDIR, "examples/feeds/air_manifest.edi"), "rb") as opened:
    AIR = opened.read()
KEY, CERTIFICATE = os.path.join(common.SCRATCH, "key.pem"), os.path.join(common.SCRATCH, "certificate.pem")
SECRETS = ["a@secret.example", "Basic c2VjcmV0", "PRIVATE-SUBJECT"]
MEMORY = 96 << 10  # KiB, as unwrap.py has it
TEXT = "Dear all,\n\nplease find the manifest attached.\n\nRegards\n-- \nZ Z\n"


def openssl(*arguments, data=b""):
    return subprocess.run(("openssl", *arguments), input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=True).stdout


def make_key(name):
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", os.path.join(common.SCRATCH, name + "key.pem"),
            "-out", os.path.join(common.SCRATCH, name + "certificate.pem"), "-subj", "/CN=made up")


def mail(text=TEXT, **how):
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = SECRETS[0], "b@y.example", SECRETS[2]
    message["Date"] = "Fri, 20 Nov 2026 10:00:00 +0000"
    message["Authorization"] = SECRETS[1]
    if text is not None:
        message.set_content(text, **how)
    return message


def attached(data=AIR, name="air.edi", **how):
    message = mail()
    message.add_alternative("<html><body><p>Dear all,<br>please find it attached</body></html>", subtype="html")
    message.get_payload()[1].add_related(bytes(range(256)) * 3, "image", "png", cid="<logo>", disposition="inline")
    message.add_attachment(data, "application", "octet-stream", filename=name, **how)
    return message.as_bytes()


def entity(data=AIR):
    return b"Content-Type: application/edifact\r\nContent-Transfer-Encoding: binary\r\n\r\n" + data


def sign(data, *more):
    return openssl("cms", "-binary", "-sign", "-signer", CERTIFICATE, "-inkey", KEY, *more, data=data)


def encrypt(data, *more):
    return openssl("cms", "-binary", "-encrypt", *more, CERTIFICATE, data=data)


def tlv(tag, *values):
    value = b"".join(values)
    return bytes([tag, 0x84]) + len(value).to_bytes(4, "big") + value


def compress(data):
    """RFC 3274, 1.1: Debian's OpenSSL has no zlib."""
    smime = bytes.fromhex("060b2a864886f70d010910")
    inner = tlv(0x30, bytes.fromhex("06092a864886f70d010701"), tlv(0xa0, tlv(4, zlib.compress(data))))
    return tlv(0x30, smime + b"\1\x09", tlv(0xa0, tlv(0x30, b"\2\1\0", tlv(0x30, smime + b"\3\x08"), inner)))


def as_mail(der, kind):
    return (b"From: x\nTo: y\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=%s\n"
            b"Content-Transfer-Encoding: base64\n\n" % kind + base64.encodebytes(der))


def wrapped():
    """Name, bytes, layers of the alerts, how many pieces of text beside it."""
    inner = mail()
    forwarded = EmailMessage()
    forwarded["From"], forwarded["To"] = "x", "y"
    forwarded.set_content("see below\n")
    inner.add_attachment(AIR, "application", "edifact", filename="air.edi")
    forwarded.add_attachment(inner)
    opaque = ("-outform", "DER", "-nodetach")
    pasted = "Hello,\n\n" + AIR.decode() + "\nZ Z\n"
    return [
        ("attached", attached(), ["mime:2:air.edi"], 3),
        ("attached, quoted-printable", attached(cte="quoted-printable"), ["mime:2:air.edi"], 3),
        ("forwarded", forwarded.as_bytes(), ["mime:2", "mime:2:air.edi"], 2),
        ("pasted", mail(pasted, cte="quoted-printable").as_bytes(), ["mime:1"], 2),
        ("pasted into HTML", mail("<p>Hello,<br>" + html.escape(AIR.decode()).replace("\n", "<br>\n") + "Z Z</p>",
                                  subtype="html", cte="quoted-printable").as_bytes(), ["mime:1", "html"], 2),
        ("zipped and attached", attached(gzip.compress(AIR), "air.gz"), ["mime:2:air.gz", "gzip"], 3),
        ("a part of its own, as AS2 has it", entity(), ["mime:1"], 0),
        ("signed in clear", b"From: x\nTo: y\n" + sign(entity(), "-outform", "SMIME"), ["mime:1"], 0),
        ("signed", sign(AIR, *opaque), ["cms:signed-data"], 0),
        ("signed, a stream", sign(AIR, *opaque, "-stream"), ["cms:signed-data"], 0),
        ("signed, PEM", sign(AIR, "-outform", "PEM", "-nodetach"), ["pem", "cms:signed-data"], 0),
        ("signed, mailed", b"From: x\nTo: y\n" + sign(entity(), "-outform", "SMIME", "-nodetach"),
         ["mime:1:smime.p7m", "cms:signed-data", "mime:1"], 0),
        ("compressed", compress(AIR), ["cms:compressed-data"], 0),
        ("compressed and signed", as_mail(sign(as_mail(compress(entity()), b"compressed-data"), *opaque), b"signed-data"),
         ["mime:1", "cms:signed-data", "mime:1", "cms:compressed-data", "mime:1"], 0),
        ("signed and compressed", as_mail(compress(as_mail(sign(entity(), *opaque), b"signed-data")), b"compressed-data"),
         ["mime:1", "cms:compressed-data", "mime:1", "cms:signed-data", "mime:1"], 0),
    ]


def encrypted():
    der = ("-outform", "DER")
    return [
        ("enveloped", encrypt(AIR, "-aes-256-cbc", *der), ["cms:enveloped-data"]),
        ("enveloped, a stream", encrypt(AIR, "-aes-128-cbc", "-stream", *der), ["cms:enveloped-data"]),
        ("authenticated", encrypt(AIR, "-aes-256-gcm", *der), ["cms:auth-enveloped-data"]),
        ("signed and enveloped", b"From: x\nTo: y\n" + encrypt(sign(entity(), "-outform", "SMIME"), "-aes-256-cbc",
                                                             "-outform", "SMIME"),
         ["mime:1:smime.p7m", "cms:enveloped-data", "mime:1"]),
    ]


def told(found):
    return sorted((event["alert_id"], [one["value"] for one in event["evidence"]])
                  for event in common.of_type(found, "alert"))


def inspect(data, *options):
    return common.run("-o", "-", *options, common.scratch("wrapped", data))


def check_one(checks, name, data, layers, wanted, options=()):
    """The alerts of the plain feed, whatever the blocks and threads; nothing of the mail's head in any event."""
    first, prose, file = None, [], common.scratch("wrapped", data)
    for more in (["-j", "1"], ["-j", "3"], ["--set", "engine.block_bytes=4KiB", "--set", "engine.batch_bytes=1KiB"]):
        done = common.run("-o", "-", *options, *more, file)
        found = common.events(done)
        first = first or done.out
        prose = [code for code in common.anomalies(found) if code == "unwrap.prose"]
        checks.equal("%s %s: exit status" % (name, more), done.status, 0)
        checks.equal("%s %s: no word of GMime or OpenSSL" % (name, more), done.err, b"")
        checks.equal("%s %s: alerts" % (name, more), told(found), wanted)
        checks.equal("%s %s: layers" % (name, more),
                     [event["feed"]["layers"] for event in common.of_type(found, "alert")], [layers] * len(wanted))
        checks.check("%s %s: complete" % (name, more), set(common.receipts(found)) == {"complete"})
        checks.check("%s %s: the same bytes" % (name, more), done.out == first)
        checks.check("%s %s: no secrets" % (name, more), not any(one.encode() in done.out for one in SECRETS))
    return len(prose)


def whole(checks, wanted):
    for name, data, layers, prose in wrapped():
        checks.equal(name + ": text beside it", check_one(checks, name, data, layers, wanted), prose)


def with_key(checks, wanted):
    mine = ["--set", "unwrap.smime_key=" + KEY, "--set", "unwrap.smime_certificate=" + CERTIFICATE]
    other = [option.replace("key.pem", "other_key.pem").replace("certificate.pem", "other_certificate.pem") for option in mine]
    for name, data, layers in encrypted():
        check_one(checks, name, data, layers, wanted, mine)
        for which, options in (("no key", []), ("another key", other), ("too large", mine + ["--set", "limits.decrypted_bytes=1KiB"])):
            done = inspect(data, *options)
            checks.equal("%s, %s: exit status" % (name, which), done.status, 3)
            checks.equal("%s, %s: told" % (name, which), common.anomalies(common.events(done)), ["unwrap.opaque"])
    for options in (mine[:2], mine[2:], mine[:2] + other[2:], ["--set", "unwrap.smime_key=/nowhere", *mine[2:]]):
        done = inspect(AIR, *options)
        checks.equal("a key that is none %s: exit status" % options, done.status, 2)
        checks.check("a key that is none %s: named" % options, b"unwrap.smime_key" in done.err, done.err)


def broken(checks):
    cut = attached()
    never = attached().replace(b"\r\n--", b"\r\n-")
    rows = [("a mail that is cut", cut[:len(cut) * 4 // 5], "unwrap.truncated"),
            ("a boundary that never comes", never, "unwrap.corrupt"),
            ("signed data that is cut", sign(AIR, "-outform", "DER", "-nodetach")[:3000], "unwrap.truncated"),
            ("a picture that is attached", attached(bytes(range(256)) * 9, "p.png"), "source.unknown"),
            ("a bomb", compress(b"\0" * (64 << 20)), "unwrap.expansion"),
            ("a bomb, mailed", as_mail(compress(b"\0" * (64 << 20)), b"compressed-data"), "unwrap.expansion")]
    for name, data, code in rows:
        done = inspect(data)
        checks.equal(name + ": exit status", done.status, 3)
        checks.check(name + ": told", code in common.anomalies(common.events(done)), done.out[:300])
    done = inspect(mail().as_bytes())
    checks.equal("a mail that carries nothing: exit status", done.status, 0)
    checks.equal("a mail that carries nothing: told", common.anomalies(common.events(done)), ["unwrap.prose"])


def peak_of(data):
    script = ("import resource, subprocess, sys\n"
              "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
              "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n")
    done = subprocess.run([sys.executable, "-c", script, common.PROGRAM, "-o", "-", common.scratch("large", data)],
                          stdout=subprocess.PIPE, check=True, timeout=common.TIMEOUT)
    return int(done.stdout)


def large(checks):
    """Nothing exists whole: neither a part, nor what is signed, nor what is compressed."""
    data = AIR * 3000
    checks.check("it is large", len(data) > 30 << 20, len(data))
    for name, packed in (("a mail", attached(data)), ("signed data", sign(data, "-outform", "DER", "-nodetach", "-stream")),
                         ("signed data of one length", sign(data, "-outform", "DER", "-nodetach")),
                         ("compressed data", compress(data))):
        peak = peak_of(packed)
        checks.check("%s of %d MiB: memory" % (name, len(data) >> 20), peak < MEMORY or common.SANITIZED, "%d KiB" % peak)


def main():
    checks = common.Checks()
    for name in ("", "other_"):
        make_key(name)
    wanted = told(common.events(inspect(AIR)))
    checks.equal("the feed as it is: alerts", len(wanted), 3)
    whole(checks, wanted)
    with_key(checks, wanted)
    broken(checks)
    large(checks)
    checks.end()


main()
