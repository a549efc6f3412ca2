# SPDX-License-Identifier: Apache-2.0
"""Makes samples/: wrapped streams from other people's tools, and samples/expect.tsv with what went in.

    python3 make_samples.py [FOLDER]

Run by hand where a sample is added; what it makes is checked in, with expect.tsv as sample_folder.py says.
"""
import gzip
import io
import struct
import tarfile
import zipfile
import zlib

from sample_folder import SampleFolder, edi, goods, noise

EDI = edi(b"\n")
LONG = goods(120)
NOISE = noise(900)
WHEN = (2026, 11, 20, 10, 0, 0)
FOLDER = SampleFolder("samples")
sample = FOLDER.sample


class Unseekable(io.RawIOBase):
    """What zipfile writes to a pipe: sizes stand behind the data."""

    def __init__(self):
        super().__init__()
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def make_zip(members, stream=False, **extra):
    out = Unseekable() if stream else io.BytesIO()
    with zipfile.ZipFile(out, "w", **extra) as archive:
        for name, content, method in members:
            info = zipfile.ZipInfo(name, WHEN)
            info.compress_type = method
            if stream == "zip64":
                with archive.open(info, "w", force_zip64=True) as member:
                    member.write(content)
            else:
                archive.writestr(info, content)
    return out.data if stream else out.getvalue()


def make_tar(members, **extra):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", **extra) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.mtime = 1763632800
            if content is None:
                info.type = tarfile.DIRTYPE
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
PAIR = [("a/b.edi", EDI, DEFLATED), ("noise.bin", NOISE, STORED)]
PAIR_SEEN = [("zip:a/b.edi", EDI), ("zip:noise.bin", NOISE)]


def zips():
    sample("plain.zip", make_zip(PAIR), *PAIR_SEEN)
    sample("stream.zip", make_zip(PAIR, stream=True), *PAIR_SEEN)
    sample("stream64.zip", make_zip(PAIR, stream="zip64"), *PAIR_SEEN)
    sample("folders.zip", make_zip([("a/", b"", STORED), ("a/long.edi", LONG, DEFLATED), ("empty", b"", STORED),
                                    ("N\u00e4me \u4e0a\u6d77.edi", EDI, STORED)]),
           ("zip:a/long.edi", LONG), ("zip:empty", b""), ("zip:N\u00e4me \u4e0a\u6d77.edi", EDI))
    sample("empty.zip", make_zip([]))
    sample("joined.zip", make_zip(PAIR) + make_zip([("second.edi", EDI, DEFLATED)]), *PAIR_SEEN,
           ("zip:second.edi", EDI))
    sample("methods.zip", make_zip([("a.bz2", EDI, zipfile.ZIP_BZIP2), ("b.edi", EDI, DEFLATED),
                                    ("c.lzma", EDI, zipfile.ZIP_LZMA)]),
           ("zip:a.bz2", b"", "opaque"), "unwrap.opaque", ("zip:b.edi", EDI), ("zip:c.lzma", b"", "opaque"),
           "unwrap.opaque")
    sample("methods_stream.zip", make_zip([("a.bz2", EDI, zipfile.ZIP_BZIP2), ("b.edi", EDI, DEFLATED)], stream=True),
           ("zip:a.bz2", b"", "opaque"), "unwrap.opaque", ("zip:b.edi", EDI))
    plain = make_zip(PAIR)
    secret = bytearray(plain)
    secret[6] |= 1  # general purpose bit 0: encrypted
    sample("encrypted.zip", bytes(secret), ("zip:a/b.edi", b"", "opaque"), "unwrap.opaque", PAIR_SEEN[1])
    wrong = bytearray(plain)
    wrong[14] ^= 0xff
    sample("checksum.zip", bytes(wrong), ("zip:a/b.edi", EDI, "broken"), "unwrap.checksum", PAIR_SEEN[1])
    wrong = bytearray(plain)
    wrong[22] ^= 1
    sample("size.zip", bytes(wrong), ("zip:a/b.edi", EDI, "broken"), "unwrap.size", PAIR_SEEN[1])
    streamed = bytearray(make_zip(PAIR, stream=True))
    streamed[streamed.index(b"PK\x07\x08") + 4] ^= 1
    sample("checksum_stream.zip", bytes(streamed), ("zip:a/b.edi", EDI, "broken"), "unwrap.checksum", PAIR_SEEN[1])
    sample("trailing.zip", plain + b"and more", *PAIR_SEEN, "unwrap.corrupt")
    sample("padded.zip", plain + b"\0" * 100, *PAIR_SEEN)
    second = plain.index(b"PK\3\4", 4)
    sample("junk.zip", plain[:second] + b"PK junk PK\1" + plain[second:], PAIR_SEEN[0], "unwrap.corrupt", PAIR_SEEN[1])
    sample("missing.zip", plain[:second] + plain[plain.index(b"PK\1\2"):], PAIR_SEEN[0], "unwrap.missing")
    only = make_zip(PAIR[:1])
    sample("deleted.zip", plain[:plain.index(b"PK\1\2")] + only[only.index(b"PK\1\2"):], *PAIR_SEEN,
           "unwrap.directory")
    sample("nested_stored.zip", make_zip([("in.zip", make_zip(PAIR, stream=True), STORED), ("b.edi", EDI, STORED)],
                                         stream=True),
           ("zip:in.zip > zip:a/b.edi", EDI), ("zip:in.zip > zip:noise.bin", NOISE), ("zip:b.edi", EDI))
    name = b"caf\x82.edi"  # code page 437, and the same in UTF-8 beside it
    extra = struct.pack("<HHBL", 0x7075, 5 + 9, 1, zlib.crc32(name)) + "caf\u00e9.edi".encode()
    local = struct.pack("<LHHHHHLLLHH", 0x04034b50, 20, 0, 0, 0, 0, zlib.crc32(EDI), len(EDI), len(EDI), len(name),
                        len(extra)) + name + extra
    central = struct.pack("<LHHHHHHLLLHHHHHLL", 0x02014b50, 20, 20, 0, 0, 0, 0, zlib.crc32(EDI), len(EDI), len(EDI),
                          len(name), len(extra), 0, 0, 0, 0, 0) + name + extra
    end = struct.pack("<LHHHHLLH", 0x06054b50, 0, 0, 1, 1, len(central), len(local) + len(EDI), 0)
    sample("unicode_path.zip", local + EDI + central + end, ("zip:caf\u00e9.edi", EDI))


def tars():
    pair = [("a/b.edi", EDI), ("folder", None), ("noise.bin", NOISE), ("empty", b"")]
    seen = [("tar:a/b.edi", EDI), ("tar:noise.bin", NOISE), ("tar:empty", b"")]
    for kind, form in (("ustar", tarfile.USTAR_FORMAT), ("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)):
        sample(kind + ".tar", make_tar(pair, format=form), *seen)
    deep = "/".join("folder%02d" % n for n in range(16)) + "/file.edi"
    sample("prefix.tar", make_tar([(deep, EDI)], format=tarfile.USTAR_FORMAT), ("tar:" + deep, EDI))
    sample("long_gnu.tar", make_tar([(deep, EDI), ("b", NOISE)], format=tarfile.GNU_FORMAT), ("tar:" + deep, EDI),
           ("tar:b", NOISE))
    name = "N\u00e4me " + "x" * 100 + ".edi"
    sample("long_pax.tar", make_tar([(name, EDI), ("b", NOISE)], format=tarfile.PAX_FORMAT), ("tar:" + name, EDI),
           ("tar:b", NOISE))
    plain = make_tar(pair, format=tarfile.USTAR_FORMAT)
    short = plain[:512 * (1 + 1 + 1 + 1 + 2 + 1)]  # headers and data, no end
    sample("joined.tar", short + b"\0" * 1024 + plain, *seen, *seen)
    sample("bad_block.tar", plain[:1024] + b"x" * 512 + plain[1024:], seen[0], "unwrap.corrupt", *seen[1:])
    sample("no_end.tar", short, *seen, "unwrap.truncated")
    old = bytearray(make_tar([("old.edi", EDI)], format=tarfile.USTAR_FORMAT))
    old[257:265] = b"\0" * 8  # before POSIX: no magic
    old[148:156] = b"%06o\0 " % (sum(old[:148]) + 8 * 32 + sum(old[156:512]))
    sample("v7.tar", bytes(old), ("tar:old.edi", EDI))
    big = bytearray(make_tar([("big.edi", EDI)], format=tarfile.GNU_FORMAT))
    big[124:136] = b"\x80" + len(EDI).to_bytes(11, "big")  # GNU: base 256
    big[148:156] = b"%06o\0 " % (sum(big[:148]) + 8 * 32 + sum(big[156:512]))
    sample("base256.tar", bytes(big), ("tar:big.edi", EDI))


def nested():
    inner = make_zip(PAIR)
    sample("zip_in_tar.tar", make_tar([("x.zip", inner), ("y.edi", EDI)]), ("tar:x.zip > zip:a/b.edi", EDI),
           ("tar:x.zip > zip:noise.bin", NOISE), ("tar:y.edi", EDI))
    packed = gzip.compress(EDI, mtime=0) + gzip.compress(LONG, mtime=0) + b"\0\0"
    sample("gzip_in_zip.zip", make_zip([("e.gz", packed, STORED)]), ("zip:e.gz > gzip", EDI + LONG))
    sample("tgz_in_zip.zip", make_zip([("e.tgz", gzip.compress(make_tar([("b", EDI)]), mtime=0), DEFLATED)]),
           ("zip:e.tgz > gzip > tar:b", EDI))
    broken = bytearray(gzip.compress(LONG, mtime=0))
    broken[-6] ^= 1  # its length
    sample("gzip_length.zip", make_zip([("e.gz", bytes(broken), STORED), ("b.edi", EDI, STORED)]),
           ("zip:e.gz > gzip", LONG, "broken"), "unwrap.corrupt", "unwrap.corrupt", ("zip:b.edi", EDI))
    broken = make_zip([("x.edi", LONG, DEFLATED)])
    sample("deflate_in_tar.tar", make_tar([("x.zip", broken[:200]), ("y.edi", EDI)]),
           ("tar:x.zip > zip:x.edi", LONG[:0], "part"), "unwrap.truncated", ("tar:y.edi", EDI))


for make in (zips, tars, nested):
    make()
FOLDER.write_table()
