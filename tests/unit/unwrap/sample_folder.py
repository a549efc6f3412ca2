# SPDX-License-Identifier: Apache-2.0
"""What make_samples.py, make_mails.py and make_cms.py share: a folder of samples with its table, and made-up content.

A row of expect.tsv is
    FILE  member  LAYERS  LENGTH  CRC-32  whole | broken | part | opaque | prose | picture
    FILE  problem CODE
in the order things stand in the stream. A file without rows of problems must be read without any.
"""
import os
import sys
import zlib


def edi(line_end):
    return line_end.join((b"UNB+UNOA:1+SENDER+RECEIVER+261120:1000+ZZ1'", b"UNH+1+CUSCAR:D:95B:UN'", b"BGM+785+MAN1'",
                          b"UNT+3+1'", b"UNZ+1+ZZ1'", b""))


def goods(count):
    """So many lines that compress well, but not to nothing."""
    return b"".join(b"FTX+AAA+++GOODS %05d'\n" % (n * n % 99991) for n in range(count))


def noise(count):
    """So many bytes of any value."""
    return bytes((n * n * 31 + n // 7 * 13) & 255 for n in range(count))


class SampleFolder:
    """The folder named by the first argument, or the one of this name beside the scripts."""

    def __init__(self, name):
        self.path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
        self.rows = []
        os.makedirs(self.path, exist_ok=True)

    def sample(self, name, data, *wanted):
        """wanted: ("layers", content) or ("layers", content, "broken"), or the code of a problem."""
        with open(os.path.join(self.path, name), "wb") as file:
            file.write(data)
        for one in wanted:
            if isinstance(one, str):
                self.rows.append((name, "problem", one))
            else:
                layers, content, *how = one
                self.rows.append((name, "member", layers, "%d" % len(content), "%08x" % zlib.crc32(content), *(how or ["whole"])))
        return data

    def write_table(self):
        with open(os.path.join(self.path, "expect.tsv"), "w", encoding="utf-8") as table:
            table.writelines("\t".join(row) + "\n" for row in self.rows)
