# SPDX-License-Identifier: Apache-2.0
"""Makes cms/: cryptographic messages by OpenSSL's command line, with a key and certificate made for it.

    python3 make_cms.py [FOLDER]

Run by hand where a sample is added; what it makes is checked in, but for the key, of which nobody has need: what is
encrypted is opaque here, and tests/checks/mail.py decrypts with a key of its own.
Debian's OpenSSL has no zlib: CompressedData (RFC 3274) is written here. expect.tsv is as sample_folder.py says.
"""
import base64
import os
import subprocess
import zlib

from sample_folder import SampleFolder, edi, goods

EDI = edi(b"\r\n")
LONG = goods(60)
ENTITY = b"Content-Type: application/EDIFACT\r\nContent-Disposition: attachment; filename=\"orders.edi\"\r\n\r\n" + EDI
HEAD = b"From: a@x.example\nTo: b@y.example\nSubject: manifest\nDate: Fri, 20 Nov 2026 10:00:00 +0000\n"
PKCS7 = bytes.fromhex("06092a864886f70d0107")
SMIME = bytes.fromhex("060b2a864886f70d01091001")
FOLDER = SampleFolder("cms")
sample = FOLDER.sample


def openssl(*arguments, data=b""):
    return subprocess.run(("openssl", *arguments), input=data, stdout=subprocess.PIPE, check=True, cwd=FOLDER.path).stdout


def cms(*arguments, data):
    return openssl("cms", "-binary", *arguments, data=data)


def tlv(tag, *values):
    value = b"".join(values)
    length = len(value)
    size = bytes([length]) if length < 128 else b"\x82" + length.to_bytes(2, "big")
    return bytes([tag]) + size + value


def indefinite(tag, *values):
    return bytes([tag, 0x80]) + b"".join(values) + b"\0\0"


def pieces(data, size):
    return [tlv(4, data[at:at + size]) for at in range(0, len(data), size)]


def compressed(data, make=tlv, size=None):
    """RFC 3274, 1.1."""
    packed = zlib.compress(data, 9)
    octets = tlv(4, packed) if size is None else make(0x24, *pieces(packed, size))
    inner = make(0x30, PKCS7 + b"\x01", make(0xa0, octets))
    algorithm = tlv(0x30, SMIME[:-1] + b"\x03\x08")
    return make(0x30, SMIME + b"\x09", make(0xa0, make(0x30, b"\2\1\0", algorithm, inner)))


def wrapped(data, kind):
    return (HEAD + b"MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=%s; name=smime.p7m\n"
            b"Content-Transfer-Encoding: base64\n\n" % kind + base64.encodebytes(data))


def signed():
    sign = ("-sign", "-signer", "certificate.pem", "-inkey", "key.pem", "-nodetach")
    der = cms(*sign, "-outform", "DER", data=EDI)
    seen = ("cms:signed-data", EDI)
    sample("signed.p7m", der, seen)
    stream = cms(*sign, "-outform", "DER", "-stream", data=EDI)
    assert stream[1] == 0x80
    sample("signed_stream.p7m", stream, seen)
    sample("signed_long.p7m", cms(*sign, "-outform", "DER", "-stream", "-nocerts", data=LONG * 40), ("cms:signed-data", LONG * 40))
    sample("trailing.p7m", der + b"\n", seen)
    sample("pem.p7m", cms(*sign, "-outform", "PEM", data=EDI), ("pem > " + seen[0], EDI))
    sample("open_base64.p7m", base64.encodebytes(der), ("pem > " + seen[0], EDI))
    sample("open_signed.eml", HEAD + cms(*sign, "-outform", "SMIME", data=ENTITY),
           ("mime:1:smime.p7m > cms:signed-data > mime:1:orders.edi", EDI))
    clear = cms("-sign", "-signer", "certificate.pem", "-inkey", "key.pem", "-outform", "SMIME", data=ENTITY)
    sample("clear.eml", HEAD + clear, ("mime:1:orders.edi", EDI))
    sample("twice.p7m", cms(*sign, "-outform", "DER", "-econtent_type", "pkcs7-signedData", data=der),
           ("cms:signed-data > cms:signed-data", EDI))
    sample("detached.p7s", cms("-sign", "-signer", "certificate.pem", "-inkey", "key.pem", "-outform", "DER", data=EDI),
           "unwrap.detached")
    sample("digest.p7m", cms("-digest_create", "-outform", "DER", data=EDI), ("cms:digested-data", EDI))
    sample("data.p7m", cms("-data_create", "-outform", "DER", data=EDI), ("cms:data", EDI))
    sample("open_signed_compressed.eml", wrapped(cms(*sign, "-outform", "DER", data=wrapped(compressed(ENTITY), b"compressed-data")),
                                            b"signed-data"),
           ("mime:1:smime.p7m > cms:signed-data > mime:1:smime.p7m > cms:compressed-data > mime:1:orders.edi", EDI))
    sample("open_compressed_signed.eml", wrapped(compressed(HEAD + cms(*sign, "-outform", "SMIME", data=ENTITY)), b"compressed-data"),
           ("mime:1:smime.p7m > cms:compressed-data > mime:1:smime.p7m > cms:signed-data > mime:1:orders.edi", EDI))


def zipped():
    seen = ("cms:compressed-data", LONG)
    sample("compressed.p7z", compressed(LONG), seen)
    sample("compressed_pieces.p7z", compressed(LONG, size=7), seen)
    sample("compressed_stream.p7z", compressed(LONG, make=indefinite, size=50), seen)
    packed = bytearray(compressed(LONG))
    at = packed.index(b"\x78\xda") + 60
    packed[at:at + 10] = b"\xff" * 10
    sample("open_damaged.p7z", bytes(packed), ("cms:compressed-data", b"", "part"), "unwrap.corrupt")
    half = zlib.compress(LONG, 9)[:60]
    inner = tlv(0x30, PKCS7 + b"\x01", tlv(0xa0, tlv(4, half)))
    sample("half.p7z", tlv(0x30, SMIME + b"\x09", tlv(0xa0, tlv(0x30, b"\2\1\0", tlv(0x30, SMIME[:-1] + b"\x03\x08"), inner))),
           ("cms:compressed-data", b"", "part"), "unwrap.corrupt")


def nested():
    """Octet strings in each other, with definite lengths and without."""
    octets = indefinite(0x24, tlv(4, EDI[:9]), tlv(0x24, tlv(4, EDI[9:20]), tlv(4), indefinite(0x24, tlv(4, EDI[20:60]))), tlv(4, EDI[60:]))
    sample("octets.p7m", indefinite(0x30, PKCS7 + b"\x01", indefinite(0xa0, octets)), ("cms:data", EDI))
    tall = tlv(4, EDI)
    for _ in range(40):
        tall = indefinite(0x24, tall)
    sample("tall.p7m", indefinite(0x30, PKCS7 + b"\x01", indefinite(0xa0, tall)), ("cms:data", b"", "broken"), "unwrap.corrupt",
           "unwrap.corrupt")
    sample("longer.p7m", tlv(0x30, PKCS7 + b"\x01", tlv(0xa0, b"\4\x7f" + EDI)), ("cms:data", b"", "broken"), "unwrap.corrupt",
           "unwrap.corrupt")
    sample("joined_junk.p7m", tlv(0x30, PKCS7 + b"\x01", tlv(0xa0, tlv(4, EDI))) + b"junk", ("cms:data", EDI), "unwrap.corrupt")


def encrypted():
    for name, more in (("enveloped", ("-aes-256-cbc",)), ("enveloped_stream", ("-aes-128-cbc", "-stream")),
                       ("auth_enveloped", ("-aes-256-gcm",)), ("tripledes", ("-des3",))):
        data = cms("-encrypt", *more, "-outform", "DER", "certificate.pem", data=ENTITY)
        kind = "auth-enveloped-data" if "gcm" in more[0] else "enveloped-data"
        sample(name + ".p7m", data, ("cms:" + kind, b"", "opaque"), "unwrap.opaque")
    sample("open_enveloped.eml", HEAD + cms("-encrypt", "-aes-256-cbc", "-outform", "SMIME", "certificate.pem", data=ENTITY),
           ("mime:1:smime.p7m > cms:enveloped-data", b"", "opaque"), "unwrap.opaque")
    sample("encrypted.p7m", cms("-EncryptedData_encrypt", "-secretkey", "00" * 16, "-aes-128-cbc", "-outform", "DER", data=EDI),
           ("cms:encrypted-data", b"", "opaque"), "unwrap.opaque")


openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "certificate.pem", "-days", "36500",
        "-subj", "/CN=made up for tests")
signed()
zipped()
nested()
encrypted()
for name in ("key.pem", "certificate.pem"):
    os.remove(os.path.join(FOLDER.path, name))
FOLDER.write_table()
