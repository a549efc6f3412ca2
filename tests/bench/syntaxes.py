#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast each syntax goes through everything.

usage: syntaxes.py [--bytes 64M] [--seed 1] [--rounds 3] [--programs FOLDER]

Takes the shipments of the bench's feed (generate, read by tidewaiter --messages),
writes them again in each syntax until there are so many bytes, and prints for
each the median MB/s per CPU-second and consignments/s with one thread. A MB is
1,000,000 bytes. $TIDEWAITER is the program (default ./tidewaiter).

Weakness: one message holds one consignment, so headers weigh more than in a
manifest of many.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../checks"))
sys.dont_write_bytecode = True
from renderers import SYNTAXES  # pylint: disable=wrong-import-position

SAMPLE = 6 << 20  # bytes of the feed whose shipments are written again


def party(found):
    keys = ("name", "address", "city", "postcode", "country")
    return tuple((found or {}).get(key) or "X" for key in keys)


def shipments(tidewaiter, programs, seed, folder):
    """The shipments that say enough to be written in any syntax."""
    feed = os.path.join(folder, "feed.edi")
    with open(feed, "wb") as file:
        subprocess.run([os.path.join(programs, "generate"), "--bytes", str(SAMPLE), "--seed", str(seed)], stdout=file,
                       stderr=subprocess.DEVNULL, check=True)
    done = subprocess.run([tidewaiter, "--messages", "-o", "-", feed], capture_output=True, check=False)
    for number, line in enumerate(done.stdout.splitlines()):
        event = json.loads(line)
        for one in event.get("shipments", ()):
            goods = (one.get("goods") or [{}])[0]
            texts = goods.get("description") or ["GOODS"]
            ascii_text = (texts if isinstance(texts, str) else texts[0]).encode("ascii", "replace").decode()
            serial = number % 10000000
            yield {"house": "H%07d" % serial, "master": "160-%07d%d" % (serial, serial % 7),
                   "pieces": int(one.get("pieces") or 1), "weight_kg": one.get("weight_kg") or 1.0,
                   "volume_m3": one.get("volume_m3") or 0.1, "hs": (one.get("hs") or ["392690"])[0], "value": 100.0,
                   "currency": "USD", "origin": "HKG", "destination": "LAX",
                   "description": ascii_text.replace("*", " ").replace("~", " ").replace("/", " "),
                   "shipper": party(one.get("shipper")), "consignee": party(one.get("consignee"))}


def plain(one):
    """Delimiters of X12 and Cargo-IMP cannot be escaped."""
    for role in ("shipper", "consignee"):
        one[role] = tuple("".join(c if c.isalnum() or c in " .-" else " " for c in
                                  value.encode("ascii", "ignore").decode()) or "X" for value in one[role])
    return one


def write(render, sample, size, path):
    """A feed of at least so many bytes; returns bytes and consignments."""
    texts = [render(one) for one in sample]
    total = count = 0
    with open(path, "wb") as file:
        while total < size:
            for text in texts:
                total += file.write(text)
                count += 1
    return total, count


def cpu_seconds(command):
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 3):
        sys.exit("%s: exit status %d" % (" ".join(command), child.returncode))
    return usage.ru_utime + usage.ru_stime


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--bytes", default="64M")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--programs", default="./tests/bench")
    chosen = options.parse_args()
    size = int(chosen.bytes.rstrip("kMG")) << {"k": 10, "M": 20, "G": 30}.get(chosen.bytes[-1], 0)
    tidewaiter = os.environ.get("TIDEWAITER", "./tidewaiter")
    with tempfile.TemporaryDirectory() as folder:
        sample = [plain(one) for one in shipments(tidewaiter, chosen.programs, chosen.seed, folder)]
        print("%-8s %10s %22s %16s" % ("syntax", "MB", "MB/s per CPU-second", "consignments/s"))
        for name, render in SYNTAXES.items():
            path = os.path.join(folder, "feed")
            total, count = write(render, sample, size, path)
            command = [tidewaiter, "-j", "1", "-o", "/dev/null", path]
            seconds = statistics.median(cpu_seconds(command) for _ in range(chosen.rounds))
            print("%-8s %10.1f %22.1f %16.0f" % (name, total / 1e6, total / 1e6 / seconds, count / seconds), flush=True)


main()
