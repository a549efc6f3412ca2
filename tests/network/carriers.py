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


# OASIS ebXML Messaging Services 3.0 Part 1, SOAP 1.2, WS-Security 1.1, XML Encryption.
SOAP12 = b"http://www.w3.org/2003/05/soap-envelope"
EBMS3 = b"http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/"
WSSE = b"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
XENC = b"http://www.w3.org/2001/04/xmlenc#"
TOKEN = (b'<wsse:UsernameToken><wsse:Username>user</wsse:Username><wsse:Password Type="#PasswordText">' + SECRET +
         b"</wsse:Password></wsse:UsernameToken>")
ENCRYPTED = (b'<xenc:EncryptedData xmlns:xenc="' + XENC + b'" MimeType="application/octet-stream"><xenc:CipherData>'
             b'<xenc:CipherReference URI="cid:p@example.com"/></xenc:CipherData></xenc:EncryptedData>')
USER_MESSAGE = (b"<eb:UserMessage><eb:MessageInfo><eb:Timestamp>2026-11-20T10:00:00Z</eb:Timestamp>"
                b"<eb:MessageId>7@example.com</eb:MessageId></eb:MessageInfo><eb:PartyInfo><eb:From>"
                b'<eb:PartyId type="iata">ZZ &amp; Co</eb:PartyId><eb:Role>Sender</eb:Role></eb:From><eb:To>'
                b"<eb:PartyId> CUSTOMS </eb:PartyId><eb:Role>Receiver</eb:Role></eb:To></eb:PartyInfo>"
                b"<eb:CollaborationInfo><eb:Service>s</eb:Service><eb:Action>a</eb:Action>"
                b"<eb:ConversationId>1</eb:ConversationId></eb:CollaborationInfo><eb:PayloadInfo>"
                b'<eb:PartInfo href="cid:p@example.com"><eb:PartProperties><eb:Property name="CompressionType">'
                b"application/gzip</eb:Property></eb:PartProperties></eb:PartInfo></eb:PayloadInfo></eb:UserMessage>")
RECEIPT = (b"<eb:SignalMessage><eb:MessageInfo><eb:MessageId>8@example.org</eb:MessageId><eb:RefToMessageId>"
           b"7@example.com</eb:RefToMessageId></eb:MessageInfo><eb:Receipt><x xmlns='urn:x'/></eb:Receipt></eb:SignalMessage>")
ERROR = RECEIPT.replace(b"<eb:Receipt><x xmlns='urn:x'/></eb:Receipt>",
                        b'<eb:Error errorCode="EBMS:0004" severity="failure" category="Processing"/>')


def envelope(messaging, security=TOKEN, body=b""):
    return (b'<?xml version="1.0" encoding="UTF-8"?>\n<S12:Envelope xmlns:S12="' + SOAP12 + b'"><S12:Header>'
            b'<wsse:Security xmlns:wsse="' + WSSE + b'">' + security + b"</wsse:Security>"
            b'<eb:Messaging xmlns:eb="' + EBMS3 + b'" S12:mustUnderstand="true">' + messaging +
            b"</eb:Messaging></S12:Header><S12:Body>" + body + b"</S12:Body></S12:Envelope>")


SOAP_TYPE = b"Content-Type: application/soap+xml; charset=UTF-8\r\n"


def as4_request(payload, kind=b"application/gzip", security=TOKEN, encoding=b"8bit", encode=bytes):
    """AS4 Profile 1.0, section 3.1: the envelope first, then the payload as an attachment."""
    body = (b"--=b\r\nContent-Type: application/soap+xml\r\nContent-ID: <root@example.com>\r\n"
            b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" +
            encode(envelope(USER_MESSAGE, security)) + b"\r\n--=b\r\nContent-Type: " + kind + b"\r\n"
            b"Content-ID: <p@example.com>\r\nContent-Transfer-Encoding: binary\r\n\r\n" + payload + b"\r\n--=b--\r\n")
    return request(body, b'Content-Type: multipart/related; type="application/soap+xml"; boundary="=b"; '
                         b'start="<root@example.com>"\r\n')


def soap_answer(text):
    return b"HTTP/1.1 200 OK\r\n" + SOAP_TYPE + b"Content-Length: %d\r\n\r\n" % len(text) + text


def as4(feed, **how):
    """The payload packed, the receipt in the answer."""
    return Flow(**how).say(0, as4_request(gzip.compress(feed))).say(1, soap_answer(envelope(RECEIPT))).close()


def as4_plain(feed, **how):
    return Flow(**how).say(0, as4_request(feed, b"application/edifact")).say(1, soap_answer(envelope(ERROR))).close()


def as4_pulled(feed, **how):
    """AS4 Profile, 2.2: the message is in the answer to a pull request."""
    pull = envelope(RECEIPT.replace(b"eb:Receipt", b"eb:PullRequest"))
    sent = as4_request(feed, b"application/edifact")
    fields, body = sent[sent.index(b"Content-Type"):].split(b"\r\n\r\n", 1)
    return Flow(**how).say(0, request(pull, SOAP_TYPE)).say(1, b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n\r\n" + body).close()


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


def ftps(**how):
    """RFC 4217: the control connection becomes TLS, and so is the data connection."""
    client, server = ends(how)
    control = Flow(**how).say(1, b"220 ready\r\n").say(0, b"AUTH TLS\r\n").say(1, b"234 go ahead\r\n")
    control.say(0, client_hello(b"ftp.example.org")).say(1, b"\x16\3\3\0\4\2\0\0\0")
    return control.close() + tls(b"ftp.example.org", client=(client, 40777), server=(server, 51210))


# ---- MATIP: RFC 2351 ----

SESSION_OPEN, OPEN_CONFIRM, SESSION_CLOSE, DATA = 0xFE, 0xFD, 0xFC, 0
TYPE_A, TYPE_B, SIX_BIT, ASCII, EBCDIC = 0x10, 0, 2, 4, 6


def matip_packet(command, text):
    """Section 7: version, control bit and command, the length of all."""
    return struct.pack(">BBH", 1, command, 4 + len(text)) + text


def matip_open(coding=ASCII):
    """Section 10.1.1: with BATAP, and no identifiers of hosts."""
    return matip_packet(SESSION_OPEN, bytes([TYPE_B | coding, 0x20]))


def matip_open_a():
    """Section 9.1.1: IATA host-to-host."""
    return matip_packet(SESSION_OPEN, bytes([TYPE_A | ASCII, 0x20, 0, 0]) + b"AB" + bytes(4))


CONFIRM, CLOSE = matip_packet(OPEN_CONFIRM, b"\0"), matip_packet(SESSION_CLOSE, b"\0")


def matip_data(feed, page="latin-1"):
    """Each interchange is a message of its own."""
    texts = feed.split(b"UNB+")
    return b"".join(matip_packet(DATA, (b"UNB+" + text).decode("latin-1").encode(page)) for text in texts[1:])


def matip(feed, **how):
    """Packets in a row, and another message from the other side."""
    flow = Flow(**how).say(0, matip_open()).say(1, CONFIRM + matip_packet(DATA, b"QU AAABBCC\r\n.DDDEEFF\r\nHELLO\r\n"))
    return flow.say(0, matip_data(feed) + CLOSE).close()


def matip_no_open(feed, **how):
    """The server's messages; nobody saw the session being opened."""
    return Flow(**how).say(1, matip_data(feed)).close()


def matip_ebcdic(feed, **how):
    flow = Flow(**how).say(1, matip_open(EBCDIC)).say(0, CONFIRM)
    return flow.say(1, matip_data(feed, "cp037")).close()


# ---- IBM MQ, as Wireshark's packet-mq.c has it ----

FIRST, LAST = 0x10, 0x20
INITIAL, MESSAGE, USERID, CONAUTH, ASYNC = 1, 4, 8, 10, 13
MQCONN, MQPUT, MQPUT1, MQGET_REPLY = 0x81, 0x86, 0x87, 0x95


class Mq:
    """One side's way to write: byte order, character set, conversation."""

    def __init__(self, little=True, page="cp850", conversation=None):
        self.order, self.little, self.page, self.conversation = "<" if little else ">", little, page, conversation

    def text(self, words, size):
        return words.ljust(size).encode(self.page)

    def long(self, *values):
        return struct.pack("%s%di" % (self.order, len(values)), *values)

    def segment(self, kind, data, flags=FIRST | LAST, compressed=0):
        many = self.conversation is not None
        fields = struct.pack(self.order + "BBBB8siHH", 2 if self.little else 1, kind, flags, compressed, bytes(8),
                             546 if self.little else 273, 850 if self.page == "cp850" else 37, 0)
        numbers = struct.pack(">II", self.conversation, 1) if many else b""
        head = self.text("TSHM" if many else "TSH ", 4)
        return head + struct.pack(">I", len(head) + 4 + len(numbers) + len(fields) + len(data)) + numbers + fields + data

    def split(self, kind, data, size=4000, prefix=lambda first: b""):
        parts = [data[i:i + size] for i in range(0, len(data), size)]
        return [self.segment(kind, prefix(i == 0) + part, (FIRST if i == 0 else 0) | (LAST if i + 1 == len(parts) else 0))
                for i, part in enumerate(parts)]

    def md(self, kind="MQSTR", size=364):
        """MQMD: encoding at 24, CCSID, format; a user's name at 196."""
        head = self.text("MD", 4) + self.long(2 if size == 364 else 1, 0, 8, -1, 0, 546 if self.little else 273,
                                              850 if self.page == "cp850" else 37) + self.text(kind, 8)
        return (head + bytes(196 - len(head)) + self.text(SECRET.decode(), 12)).ljust(size, b"\0")

    def api(self, length=0):
        return struct.pack(">I", length) + self.long(0, 0, 1)

    def logon(self):
        """What a client says of its user: a name, a password, and what the queue manager is to know."""
        user = self.text(SECRET.decode(), 12)
        return self.segment(INITIAL, self.text("ID", 4) + b"\x0a" + bytes(203)) + \
            self.segment(USERID, (self.text("UID", 4) + user + user).ljust(132, b"\0")) + \
            self.segment(CONAUTH, self.text("CAUT", 4) + self.long(1, 12, 12, 12, 12) + user + user) + \
            self.segment(MQCONN, self.api() + user * 10)

    def rfh2(self):
        """MQRFH2: a length, the encoding, CCSID and format of what follows; a folder."""
        folder = b"<mcd><Msd>jms_text</Msd></mcd>  "
        return self.text("RFH", 4) + self.long(2, 36 + 4 + len(folder), 546 if self.little else 273, 850) + \
            self.text("MQSTR", 8) + self.long(0, 1208, len(folder)) + folder

    def xqh(self):
        return self.text("XQH", 4) + self.long(1) + self.text("Q", 48) + self.text("M", 48) + self.md(size=324)


def mq_put(feed, **how):
    mq = Mq()
    call = mq.api() + mq.md() + (mq.text("PMO", 4) + mq.long(1)).ljust(128, b"\0") + mq.long(len(feed))
    flow = Flow(**how).say(0, mq.logon()).say(1, mq.segment(INITIAL, bytes(100)))
    return flow.say(0, b"".join(mq.split(MQPUT, call + feed))).close()


def mq_put1(feed, **how):
    """A list of two queues: object and response records, then put message records."""
    mq = Mq(little=False)
    od = (mq.text("OD", 4) + mq.long(2)).ljust(168, b"\0") + mq.long(2, 0, 0, 0, 200, 392, 0, 0) + bytes(2 * 104)
    pmo = (mq.text("PMO", 4) + mq.long(2)).ljust(128, b"\0") + mq.long(2, 1, 152, 200, 0, 0) + bytes(2 * (24 + 8))
    call = mq.api() + od + mq.md() + pmo + mq.long(len(feed))
    return Flow(**how).say(0, mq.logon() + b"".join(mq.split(MQPUT1, call + feed))).close()


def mq_get(feed, **how):
    """Two conversations in one connection, whose segments stand between each other."""
    mq, other = Mq(conversation=1), Mq(conversation=3)
    call = mq.api() + mq.md("MQHRF2") + (mq.text("GMO", 4) + mq.long(2)).ljust(80, b"\0") + \
        mq.long(len(feed) + len(mq.rfh2()))
    noise = other.split(MQGET_REPLY, call.replace(b"MQHRF2", b"MQSTR ") + b"Nothing of interest. " * 60, 400)
    feed = mq.split(MQGET_REPLY, call + mq.rfh2() + feed)
    mixed = [piece for pair in zip(noise, feed) for piece in pair] + noise[len(feed):] + feed[len(noise):]
    return Flow(**how).say(0, mq.logon()).say(1, b"".join(mixed)).close()


def mq_async(feed, **how):
    """Messages sent ahead: each segment has a header of its own, the first with a queue's name."""
    mq = Mq(conversation=1)

    def prefix(first):
        name = b"CARGO.IN" if first else b""
        head = mq.long(1, 2, 1, 1, 0) + struct.pack("<HH", 0 if first else 1, 0)
        return head + (bytes(30) + bytes([len(name)]) + name + bytes(-(3 + len(name)) % 4) if first else b"")
    return Flow(**how).say(1, b"".join(mq.split(ASYNC, mq.md() + feed, prefix=prefix))).close()


def mq_channel(feed, **how):
    """Between queue managers, from z/OS: all in EBCDIC, big-endian."""
    mq = Mq(little=False, page="cp037")
    head = mq.text("MSH", 4) + mq.long(1, len(feed), 0, len(feed))
    text = feed.decode("latin-1").encode("cp037")
    return Flow(**how).say(0, mq.logon() + mq.segment(MESSAGE, head + mq.xqh() + text)).close()


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
    "as4": (as4, "as4"),
    "as4_plain": (as4_plain, "as4"),
    "as4_pulled": (as4_pulled, "as4"),
    "smtp": (smtp, "smtp"),
    "smtp_refused": (smtp_refused, "smtp"),
    "smtp_bdat": (smtp_bdat, "smtp"),
    "ftp_passive": (ftp_passive, "ftp-data"),
    "ftp_active": (ftp_active, "ftp-data"),
    "matip": (matip, "matip"),
    "matip_no_open": (matip_no_open, "matip"),
    "matip_ebcdic": (matip_ebcdic, "matip"),
    "mq_put": (mq_put, "mq"),
    "mq_put1": (mq_put1, "mq"),
    "mq_get": (mq_get, "mq"),
    "mq_async": (mq_async, "mq"),
    "mq_channel": (mq_channel, "mq"),
}

# They differ from another one in what is said, not in how it is cut: unit tests do that.
ONCE = ("matip_no_open", "mq_put1", "mq_async")
