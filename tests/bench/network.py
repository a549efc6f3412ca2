#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The bench of captures: how fast packets become alerts, and what waits in memory.

usage: network.py [--bytes 128M] [--rounds 3] [--seed 1] [--programs FOLDER] [--least GBIT]

First bench_network, which has the packets down to streams and nothing else. Then the
program over captures of generate_capture, with one thread and with two: medians of Gbit/s
of bodies per CPU-second and by the clock, and peak memory. What a run over no connection
takes, which is the start, is taken off both times. "opaque" bodies are bytes that nothing
knows: packets, TCP, HTTP and bodies down to where a parser would be fed. "feeds" are those
of the other bench, with everything. Both are bodies of 1 MB over 16 connections. "short" are
100,000 connections of one exchange each, 16 at a time, and "open" the same number at once,
none of which ends, with the memory of each.

--least makes the bench fail where "opaque" with one thread is below that. $TIDEWAITER is
the program (default ./tidewaiter); the others are looked for in --programs (./tests/bench).
"""
import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
from bench import Run  # pylint: disable=wrong-import-position  # noqa: E402

OPEN = 100000
EXCHANGE = 1000  # bytes that one of the short connections carries


def make_capture(options, folder, feed, path, *how):
    source = os.path.join(folder, "source")
    with open(source, "wb") as file:
        for block in feed:
            file.write(block)
    with open(source, "rb") as given, open(path, "wb") as file:
        subprocess.run([os.path.join(options.programs, "generate_capture"), *how], stdin=given, stdout=file, check=True)
    size = os.path.getsize(source)
    os.unlink(source)
    return size


def feeds(options):
    """A feed of so many bytes, in blocks."""
    with subprocess.Popen([os.path.join(options.programs, "generate"), "--bytes", options.bytes, "--seed",
                           str(options.seed)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        yield from iter(lambda: child.stdout.read(1 << 20), b"")


def noise(options, size):
    source = random.Random(options.seed)
    for at in range(0, size, 1 << 20):
        yield source.randbytes(min(1 << 20, size - at))


def measure(program, path, size, flows, rounds):
    """Each round has one thread and two, so that a slow minute of the machine meets both."""
    runs, starts = {1: [], 2: []}, {1: [], 2: []}
    for _ in range(rounds):
        for threads, several in runs.items():
            several.append(Run([program, "-j", str(threads), "-o", os.devnull, "-r", path]))
            starts[threads].append(Run([program, "-j", str(threads), "-o", os.devnull, "-r",
                                        os.path.join(os.path.dirname(path), "none")]))
    figures = {}
    for threads, several in runs.items():
        start = starts[threads]
        cpu = statistics.median(run.cpu for run in several) - statistics.median(run.cpu for run in start)
        clock = statistics.median(run.seconds for run in several) - statistics.median(run.seconds for run in start)
        figures[threads] = size * 8 / 1e9 / cpu
        print("%-8s -j %d %12.2f %14.2f %12.0f %14.1f" % (
            os.path.basename(path), threads, figures[threads], size * 8 / 1e9 / clock, flows / cpu,
            max(run.peak for run in several) / 2 ** 20), flush=True)
    statuses = {run.status for several in runs.values() for run in several}
    if statuses != {0}:
        print("exit status %s: something is incomplete" % ", ".join(map(str, sorted(statuses))))
    return figures, max(run.peak for run in runs[1]) - max(run.peak for run in starts[1])


def main():
    parser = argparse.ArgumentParser(description="the bench of captures")
    parser.add_argument("--bytes", default="128M")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--programs", default="tests/bench")
    parser.add_argument("--least", type=float, default=0)
    options = parser.parse_args()
    program = os.environ.get("TIDEWAITER", "./tidewaiter")
    print(Run([os.path.join(options.programs, "bench_network")], None).said, end="")
    print("%-8s      %12s %14s %12s %14s" % ("", "Gbit/s / CPU", "Gbit/s clock", "flows/CPU-s", "peak MiB"))
    with tempfile.TemporaryDirectory(prefix="tidewaiter-bench-") as folder:
        paths = {name: os.path.join(folder, name) for name in ("opaque", "feeds", "short", "open", "none")}
        make_capture(options, folder, [], paths["none"], "--flows", "1")
        size = make_capture(options, folder, feeds(options), paths["feeds"])
        measure(program, paths["feeds"], size, 16, options.rounds)
        os.unlink(paths["feeds"])
        make_capture(options, folder, noise(options, size), paths["opaque"])
        opaque, _ = measure(program, paths["opaque"], size, 16, options.rounds)
        os.unlink(paths["opaque"])
        for name, more in (("short", ["--together", "16"]), ("open", ["--open"])):
            small = make_capture(options, folder, noise(options, OPEN * EXCHANGE), paths[name], "--body", str(EXCHANGE),
                                 "--flows", str(OPEN), "--exchanges", "1", *more)
            _, peak = measure(program, paths[name], small, OPEN, options.rounds)
            os.unlink(paths[name])
        print("each connection that stays open takes %.0f bytes" % (peak / OPEN))
    return 0 if opaque[1] >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
