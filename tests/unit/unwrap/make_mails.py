# SPDX-License-Identifier: Apache-2.0
"""Makes mails/: mails written by Python's email package, and by hand where it writes none like that.

    python3 make_mails.py [FOLDER]

Run by hand where a sample is added; what it makes is checked in, with expect.tsv as sample_folder.py says;
prose and picture are what a mail carries beside messages.
"""
import base64
import gzip
import io
import quopri
import zipfile
from email.message import EmailMessage
from email.policy import SMTP, default

from sample_folder import SampleFolder, edi, goods, noise

EDI = edi(b"\r\n")
LONG = goods(60)
NOISE = noise(700)
# Looks like delimiters at every turn.
DASHES = b"--\r\n----\r\n--oute\n\r\n--outerx\r\n\n\r\r\n-- outer\r\n -\n-\r\n--oute\r\n--outer -\r\n--outer-"
HEAD = b"From: a@x.example\nTo: b@y.example\nSubject: manifest\nDate: Fri, 20 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n"
TEXT = "Dear all,\n\nplease find it attached: 100 % = all.\n\nRegards\n"
FOLDER = SampleFolder("mails")
sample = FOLDER.sample


def crlf(data):
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def mail(subject):
    message = EmailMessage()
    message["Received"] = "from x.example by y.example; Fri, 20 Nov 2026 10:00:00 +0000"
    message["From"], message["To"], message["Subject"] = "a@x.example", "b@y.example", subject
    message["Date"] = "Fri, 20 Nov 2026 10:00:00 +0000"
    return message


def bounded(message):
    """Boundaries are random: these are not."""
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        if part.get_content_maintype() == "multipart":
            part.set_boundary("=====%d==" % number)
    return message


def attach(message):
    message.add_attachment(EDI, "application", "edifact", filename="orders.edi")
    message.add_attachment(LONG, "application", "octet-stream", filename="L\u00e4nge \"x\".edi", cte="quoted-printable")
    message.add_attachment(EDI.decode(), subtype="x-edi", filename="text.edi")
    return message


def by_python():
    lines = {default: b"\n", SMTP: b"\r\n"}
    for policy, end in lines.items():
        text = TEXT.encode().replace(b"\n", end)
        wire = EDI.replace(b"\r\n", end)
        seen = [("mime:1", text, "prose"), ("mime:2:orders.edi", EDI),
                ("mime:3:L\u00e4nge \"x\".edi", LONG), ("mime:4:text.edi", wire)]
        message = mail("attached")
        message.set_content(TEXT)
        name = "crlf" if policy is SMTP else "lf"
        data = bounded(attach(message)).as_bytes(policy=policy)
        sample("attached_%s.eml" % name, data, *seen)
        outer = mail("forwarded")
        outer.set_content(TEXT)
        outer.add_attachment(bounded(attach(mail("inner"))))
        sample("forwarded_%s.eml" % name, bounded(outer).as_bytes(policy=policy), seen[0],
               *[("mime:2 > mime:%d%s" % (n, layers[6:]), content) for n, (layers, content, *_) in
                 enumerate(seen) if n > 0])
    message = mail("alternative")
    message.set_content(TEXT)
    message.add_alternative("<html><style>p {a: b}</style><!-- <b> --><P class='a>b'>Dear&nbsp;all,<br/>\n"
                            "it is &lt;attached&gt; &amp;c&#39;&#x2b;</P></html>\n", subtype="html")
    message.get_payload()[1].add_related(NOISE, "image", "png", cid="<logo>", disposition="inline")
    message.add_attachment(gzip.compress(LONG, mtime=0), "application", "gzip", filename="long.gz")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a/b.edi", (2026, 11, 20, 10, 0, 0)), EDI)
    message.add_attachment(packed.getvalue(), "application", "zip", filename="b.zip")
    shown = b"\nDear all,\n it is <attached> &c'+\n "
    sample("alternative.eml", bounded(message).as_bytes(), ("mime:1.1", TEXT.encode(), "prose"),
           ("mime:1.2.1 > html", shown, "prose"), ("mime:1.2.2", NOISE, "picture"), ("mime:2:long.gz > gzip", LONG),
           ("mime:3:b.zip > zip:a/b.edi", EDI))
    for cte in ("7bit", "quoted-printable", "base64"):
        message = mail("pasted")
        message.set_content(EDI.decode().replace("\r", ""), cte=cte)
        sample("open_%s.eml" % cte, message.as_bytes(), ("mime:1", EDI.replace(b"\r", b""), "prose"))
    one = mail("one")
    one.set_content("one\n")
    two = attach(mail("two"))
    separator = b"From a@x.example Fri Nov 20 10:00:00 2026\n"
    sample("open_two.mbox", separator + one.as_bytes() + b"\n" + separator + bounded(two).as_bytes() + b"\n",
           ("mbox:1 > mime:1", b"one\n\n", "prose"), ("mbox:2 > mime:1:orders.edi", EDI),
           ("mbox:2 > mime:2:L\u00e4nge \"x\".edi", LONG), ("mbox:2 > mime:3:text.edi", EDI.replace(b"\r", b"")))


def multipart(subtype, boundary, *parts, close=b"--\n", preamble=b"", blanks=b""):
    out = b"Content-Type: multipart/%s; boundary=\"%s\"\n\n%s" % (subtype, boundary, preamble)
    for number, part in enumerate(parts):
        out += (b"" if number == 0 and not preamble else b"\n") + b"--" + boundary + blanks + b"\n" + part
    return out + b"\n--" + boundary + close


def part(content, kind=b"application/edifact", encoding=None, more=b""):
    if encoding == b"base64":
        content, more = base64.encodebytes(content)[:-1], more + b"Content-Transfer-Encoding: base64\n"
    elif encoding == b"quoted-printable":
        content, more = quopri.encodestring(content), more + b"Content-Transfer-Encoding: QUOTED-Printable\n"
    elif encoding is not None:
        more += b"Content-Transfer-Encoding: %s\n" % encoding
    return b"Content-Type: %s\n%s\n%s" % (kind, more, content)


def by_hand():
    sample("open_binary.eml", HEAD + multipart(b"mixed", b"outer", part(DASHES, encoding=b"binary"), part(EDI)),
           ("mime:1", DASHES), ("mime:2", EDI))
    sample("trailing_blanks.eml", crlf(HEAD + multipart(b"mixed", b"a b'()+_,-./:=?", part(LONG), part(LONG, encoding=b"base64"),
                                              preamble=b"This is a multi-part message.\n--a\n", blanks=b" \t ",
                                              close=b"--  \n\n  \n")),
           ("mime:1", crlf(LONG)), ("mime:2", LONG))
    deep = multipart(b"mixed", b"outer.", part(EDI), multipart(b"related", b"outer..", part(LONG), part(NOISE, b"application/x", b"base64")))
    sample("deep.eml", HEAD + multipart(b"mixed", b"outer", deep, part(EDI), b"\n" + EDI, b"", b"\n"),
           ("mime:1.1", EDI), ("mime:1.2.1", LONG), ("mime:1.2.2", NOISE), ("mime:2", EDI), ("mime:3", EDI, "prose"),
           ("mime:4", b"", "prose"), ("mime:5", b"", "prose"))
    sample("inner_open.eml", HEAD + multipart(b"mixed", b"outer", multipart(b"mixed", b"in", part(EDI), close=b"\n" + part(LONG)),
                                             part(EDI)),
           ("mime:1.1", EDI), ("mime:1.2", LONG), "unwrap.boundary", ("mime:2", EDI))
    whole = HEAD + multipart(b"mixed", b"outer", part(EDI), part(LONG))
    sample("no_close.eml", whole[:whole.rindex(b"--outer--")] + b"\nUNZ", ("mime:1", EDI),
           ("mime:2", LONG + b"\n\nUNZ", "broken"), "unwrap.truncated")
    sample("never.eml", HEAD + multipart(b"mixed", b"outer", part(EDI)).replace(b"--outer", b"--inner"), "unwrap.corrupt")
    sample("open_no_parameter.eml", HEAD + b"Content-Type: multipart/mixed\n\n" + EDI, ("mime:1", EDI), "unwrap.boundary")
    sample("open_trailing_mail.eml", whole + b"\n" + HEAD + multipart(b"mixed", b"outer", part(EDI), part(LONG)), ("mime:1", EDI),
           ("mime:2", LONG), ("mime:epilogue > mime:1", EDI), ("mime:epilogue > mime:2", LONG))
    sample("open_trailing_text.eml", whole + b"\nsent by x\n", ("mime:1", EDI), ("mime:2", LONG), ("mime:epilogue", b"sent by x\n", "prose"))
    first, second = (HEAD + part(one) for one in (EDI, LONG))
    sample("digest.eml", HEAD + multipart(b"digest", b"outer", b"\n" + first, b"\n" + second, part(EDI)), ("mime:1 > mime:1", EDI),
           ("mime:2 > mime:1", LONG), ("mime:3", EDI))
    sample("encoding.eml", HEAD + multipart(b"mixed", b"outer", part(NOISE, encoding=b"x-uuencode"), part(EDI)),
           ("mime:1", b"", "opaque"), "unwrap.opaque", ("mime:2", EDI))
    sample("encrypted.eml", HEAD + multipart(b"encrypted; protocol=\"application/pgp-encrypted\"", b"outer",
                                             part(b"Version: 1", b"application/pgp-encrypted"), part(b"-----BEGIN PGP MESSAGE-----")),
           ("mime:1", b"", "opaque"), "unwrap.opaque", ("mime:2", b"", "opaque"), "unwrap.opaque")
    sample("base64_cut.eml", HEAD + multipart(b"mixed", b"outer", part(EDI, encoding=b"base64")[:-3], part(EDI)),
           ("mime:1", EDI[:-1], "broken"), "unwrap.truncated", ("mime:2", EDI))
    sample("partial.eml", HEAD + multipart(b"mixed", b"outer", part(EDI, b"message/partial; id=\"1\"; number=2; total=3"), part(EDI)),
           ("mime:1", EDI), "unwrap.missing", ("mime:2", EDI))
    sample("elsewhere.eml", HEAD + multipart(b"mixed", b"outer", part(b"Content-Type: text/x\n\n", b"message/external-body; access-type=x")),
           ("mime:1", b"", "opaque"), "unwrap.opaque")
    sample("folded.eml", HEAD.replace(b"\n", b"\n x\n", 1) + b"content-type:\n\tMULTIPART/mixed;\n\tboundary=outer; x=(y)\n\n"
           b"--outer\n" + part(EDI, encoding=b"quoted-printable") + b"\n--outer--\n", ("mime:1", EDI))
    sample("report.eml", HEAD + multipart(b"report", b"outer", part(b"Thank you.\n", b"text/plain"),
                                          part(b"Disposition: automatic-action/MDN-sent; processed\n", b"message/disposition-notification")),
           ("mime:1", b"Thank you.\n", "prose"), ("mime:2", b"Disposition: automatic-action/MDN-sent; processed\n", "prose"))


by_python()
by_hand()
FOLDER.write_table()
