# SPDX-License-Identifier: Apache-2.0
"""The transports that carry a feed, as conversations of tests/network/packets.py.

Each is a function of a feed's bytes that gives the packets of one flow or more. What is
said follows the RFCs named with each; the passwords are SECRET, which no event may show.
"""
import base64
import gzip
import os
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from packets import Flow  # noqa: E402

SECRET = b"0pen-Sesame"
BASIC = base64.b64encode(b"user:" + SECRET)


def plain(feed, **how):
    return Flow(**how).say(0, feed).close()


def plain_from_server(feed, **how):
    return Flow(**how).say(1, feed).close()


def plain_gzip(feed, **how):
    return Flow(**how).say(0, gzip.compress(feed)).close()


def request(feed, fields=b"Content-Type: application/edifact\r\n"):
    return (b"POST /inbox HTTP/1.1\r\nHost: example.com\r\nAuthorization: Basic " + BASIC +
            b"\r\nCookie: session=" + SECRET + b"\r\n" + fields +
            b"Content-Length: %d\r\n\r\n" % len(feed) + feed)


def chunks(feed, size=1000):
    """RFC 9112, section 7.1."""
    return b"".join(b"%x\r\n" % len(feed[i:i + size]) + feed[i:i + size] + b"\r\n"
                    for i in range(0, len(feed), size)) + b"0\r\n\r\n"


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
GET = b"GET /outbox/1 HTTP/1.1\r\nHost: example.com\r\n\r\n"


def http_post(feed, **how):
    return Flow(**how).say(0, request(feed)).say(1, OK).close()


def http_pipelined(feed, **how):
    """Three requests in a row, the feed in the second (RFC 9112, section 9.3.2)."""
    return Flow(**how).say(0, GET + request(feed) + GET).say(1, OK * 3).close()


def http_continue(feed, **how):
    whole = request(feed, b"Expect: 100-continue\r\n")
    head = whole.index(b"\r\n\r\n") + 4
    flow = Flow(**how).say(0, whole[:head]).say(1, b"HTTP/1.1 100 Continue\r\n\r\n")
    return flow.say(0, whole[head:]).say(1, OK).close()


def http_chunked(feed, **how):
    return Flow(**how).say(0, GET).say(1, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
                                       chunks(feed)).close()


def http_until_close(feed, **how):
    return Flow(**how).say(0, GET.replace(b"1.1", b"1.0")).say(1, b"HTTP/1.0 200 OK\r\n\r\n" + feed).close()


def http_gzip(feed, **how):
    packed = gzip.compress(feed)
    return Flow(**how).say(0, GET).say(
        1, b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(packed)).close()


def http_deflate(feed, **how):
    import zlib
    packed = zlib.compress(feed)
    return Flow(**how).say(0, GET).say(
        1, b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed).close()


def http_form(feed, **how):
    """RFC 7578."""
    body = (b'--=-=\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n--=-=\r\n'
            b'Content-Disposition: form-data; name="file"; filename="a.edi"\r\n'
            b"Content-Type: application/octet-stream\r\n\r\n" + feed + b"\r\n--=-=--\r\n")
    return Flow(**how).say(0, request(body, b'Content-Type: multipart/form-data; boundary="=-="\r\n')).say(1, OK).close()


AS2 = b'AS2-From: "Example Air"\r\nAS2-To: CUSTOMS\r\nMessage-ID: <1@example.com>\r\n'


def as2(feed, **how):
    """RFC 4130, with the receipt in the answer."""
    report = (b"--r\r\nContent-Type: text/plain\r\n\r\nreceived\r\n--r\r\n"
              b"Content-Type: message/disposition-notification\r\n\r\n"
              b"Original-Message-ID: <1@example.com>\r\n\r\n--r--\r\n")
    answer = (b"HTTP/1.1 200 OK\r\nAS2-From: CUSTOMS\r\nAS2-To: Example\r\n"
              b'Content-Type: multipart/report; report-type=disposition-notification; boundary="r"\r\n'
              b"Content-Length: %d\r\n\r\n" % len(report) + report)
    return Flow(**how).say(0, request(feed, AS2 + b"Content-Type: application/edifact\r\n")).say(1, answer).close()


def as2_signed(feed, **how):
    body = (b"--s\r\nContent-Type: application/edifact\r\n\r\n" + feed + b"\r\n--s\r\n"
            b"Content-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--s--\r\n")
    fields = AS2 + b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha256; boundary="s"\r\n'
    return Flow(**how).say(0, request(body, fields)).say(1, OK).close()


def mail(feed):
    return (b"From: a@example.com\r\nTo: b@example.org\r\nSubject: manifest\r\nMIME-Version: 1.0\r\n"
            b'Content-Type: multipart/mixed; boundary="-m"\r\n\r\n---m\r\nContent-Type: text/plain\r\n\r\n'
            b"Please find attached.\r\n.hidden line\r\n---m\r\nContent-Type: application/edifact\r\n"
            b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.edi\r\n\r\n" +
            base64.encodebytes(feed).replace(b"\n", b"\r\n") + b"---m--\r\n")


def smtp_begin(flow):
    flow.say(1, b"220 mx.example.org ESMTP\r\n").say(0, b"EHLO a\r\n")
    flow.say(1, b"250-mx.example.org\r\n250-PIPELINING\r\n250 CHUNKING\r\n")
    flow.say(0, b"AUTH PLAIN " + base64.b64encode(b"\0user\0" + SECRET) + b"\r\n").say(1, b"235 ok\r\n")
    return flow


def smtp(feed, **how):
    """RFC 5321 with RFC 2920; lines that begin with a dot are stuffed."""
    flow = smtp_begin(Flow(**how))
    flow.say(0, b"MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n")
    flow.say(1, b"250 ok\r\n250 ok\r\n354 go on\r\n")
    flow.say(0, mail(feed).replace(b"\r\n.", b"\r\n..") + b".\r\n").say(1, b"250 queued\r\n")
    return flow.say(0, b"QUIT\r\n").say(1, b"221 bye\r\n").close()


def smtp_refused(feed, **how):
    """A refused DATA is followed by commands, not by a mail."""
    flow = smtp_begin(Flow(**how))
    flow.say(0, b"MAIL FROM:<a@example.com>\r\nRCPT TO:<x@example.org>\r\nDATA\r\n")
    flow.say(1, b"250 ok\r\n550 no\r\n554 no valid recipients\r\n")
    flow.say(0, b"RSET\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\n")
    flow.say(1, b"250 ok\r\n250 ok\r\n250 ok\r\n").say(0, b"DATA\r\n").say(1, b"354 go on\r\n")
    flow.say(0, mail(feed).replace(b"\r\n.", b"\r\n..") + b".\r\nQUIT\r\n")
    return flow.close()


def smtp_bdat(feed, **how):
    """RFC 3030, section 2: chunks, their lines not stuffed."""
    text, flow = mail(feed), smtp_begin(Flow(**how))
    flow.say(0, b"MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nBDAT 1000\r\n" + text[:1000] +
             b"BDAT %d\r\n" % (len(text) - 1000) + text[1000:] + b"BDAT 0 LAST\r\nQUIT\r\n")
    return flow.close()


def ftp_begin(flow):
    flow.say(1, b"220 ready\r\n").say(0, b"USER user\r\n").say(1, b"331 password\r\n")
    return flow.say(0, b"PASS " + SECRET + b"\r\n").say(1, b"230 in\r\n")


def ftp(feed, announce, answer, data, **how):
    """The data connection stands between the control connection's packets."""
    control = ftp_begin(Flow(**how))
    control.say(0, announce).say(1, answer).say(0, b"STOR a.edi\r\n").say(1, b"150 send\r\n")
    before = len(control.packets)
    packets = control.say(1, b"226 done\r\n").close()
    return packets[:before] + data + packets[before:]


def ends(how):
    return how.get("client", ("10.1.0.1", 40001))[0], how.get("server", ("10.2.0.1", 5000))[0]


def ftp_passive(feed, **how):
    client, server = ends(how)
    data = Flow(**{**how, "client": (client, 40777), "server": (server, 51210)}).say(0, feed).close()
    if ":" in server:
        return ftp(feed, b"EPSV\r\n", b"229 Entering Extended Passive Mode (|||51210|)\r\n", data, **how)
    return ftp(feed, b"PASV\r\n", b"227 Entering Passive Mode (%s,200,10).\r\n" %
               server.replace(".", ",").encode(), data, **how)


def ftp_active(feed, **how):
    client, server = ends(how)
    data = Flow(**{**how, "client": (server, 20), "server": (client, 45056)}).say(1, feed).close()
    if ":" in server:
        return ftp(feed, b"EPRT |2|%s|45056|\r\n" % client.encode(), b"200 ok\r\n", data, **how)
    return ftp(feed, b"PORT %s,176,0\r\n" % client.replace(".", ",").encode(), b"200 ok\r\n", data, **how)


def client_hello(name):
    """RFC 8446, section 4.1.2, with the server's name (RFC 6066, section 3)."""
    host = struct.pack(">HBH", len(name) + 3, 0, len(name)) + name
    extensions = struct.pack(">HH", 0, len(host)) + host
    hello = b"\3\3" + b"r" * 32 + b"\0" + b"\0\2\x13\x01" + b"\1\0" + struct.pack(">H", len(extensions)) + extensions
    handshake = b"\1" + struct.pack(">I", len(hello))[1:] + hello
    return b"\x16\3\1" + struct.pack(">H", len(handshake)) + handshake


def tls(name=b"edi.example.com", **how):
    flow = Flow(**how).say(0, client_hello(name))
    flow.say(1, b"\x16\3\3\0\4\2\0\0\0").say(0, b"\x17\3\3\0\x20" + b"?" * 32)
    return flow.close()


def smtp_starttls(**how):
    flow = smtp_begin(Flow(**how)).say(0, b"STARTTLS\r\n").say(1, b"220 go ahead\r\n")
    flow.say(0, client_hello(b"mx.example.org")).say(1, b"\x16\3\3\0\4\2\0\0\0")
    return flow.close()


CARRIERS = {
    "plain": (plain, "tcp"),
    "plain_from_server": (plain_from_server, "tcp"),
    "plain_gzip": (plain_gzip, "tcp"),
    "http_post": (http_post, "http"),
    "http_pipelined": (http_pipelined, "http"),
    "http_continue": (http_continue, "http"),
    "http_chunked": (http_chunked, "http"),
    "http_until_close": (http_until_close, "http"),
    "http_gzip": (http_gzip, "http"),
    "http_deflate": (http_deflate, "http"),
    "http_form": (http_form, "http"),
    "as2": (as2, "http"),
    "as2_signed": (as2_signed, "http"),
    "smtp": (smtp, "smtp"),
    "smtp_refused": (smtp_refused, "smtp"),
    "smtp_bdat": (smtp_bdat, "smtp"),
    "ftp_passive": (ftp_passive, "ftp-data"),
    "ftp_active": (ftp_active, "ftp-data"),
}
