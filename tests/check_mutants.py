#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Breaks the program on purpose, one line at a time: each time a test must fail.

usage: check_mutants.py [--jobs N] [--only NAME]... [--list] [--verify] [--configure OPTIONS]
                        [--source FOLDER] [--build FOLDER] [--mutants FILE]

The tree is copied to a scratch folder and built there once, out of tree. Then,
for every row of tests/mutants.tsv, its change is made, the build brought up to
date and the row's test run: `killed` if it fails, `survived` if not. A text that
is not found exactly once, a mutant that does not build and a test that fails
already without any mutant are errors. Ends with `N killed, N survived, N errors`.

A row has five columns, separated by tabs: name, file, old text, new text, test.
In the texts \\n, \\t and \\\\ stand for line end, tab and backslash. The test is
the value of TESTS for `make check`, or, after `$ `, a command for the shell, run
in the build folder with `srcdir` and `TIDEWAITER` in its environment. Lines that
start with '#' and empty ones are comments.

--verify only looks whether each old text is found exactly once: quick enough for
every test run. --source is the tree to copy (default: the one this stands in),
--build keeps the scratch folder for the next run.
"""
import argparse
import collections
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TEST_SECONDS = 300    # a mutant that makes a test hang is killed, too
BUILD_SECONDS = 1800

Mutant = collections.namedtuple("Mutant", "name file old new test")


def unescape(text):
    result, at = "", 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            result += {"n": "\n", "t": "\t", "\\": "\\"}.get(text[at + 1], text[at:at + 2])
            at += 2
        else:
            result += text[at]
            at += 1
    return result


def read_mutants(path):
    mutants = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if not line.strip() or line.startswith("#"):
                continue
            cells = line.split("\t")
            if len(cells) != 5:
                sys.exit("%s:%d: %d columns, expected name, file, old, new, test" % (path, number, len(cells)))
            mutants.append(Mutant(cells[0], cells[1], unescape(cells[2]), unescape(cells[3]), cells[4]))
    names = [mutant.name for mutant in mutants]
    for name in names:
        if names.count(name) > 1:
            sys.exit("%s: the name %s stands twice" % (path, name))
    return mutants


def problem_of(mutant, root):
    """Why a mutation cannot be made, or None."""
    try:
        with open(os.path.join(root, mutant.file), encoding="utf-8") as file:
            found = file.read().count(mutant.old)
    except OSError as error:
        return str(error)
    if mutant.old == mutant.new:
        return "changes nothing"
    return None if found == 1 else "its text is found %d times in %s" % (found, mutant.file)


def run(command, folder, environment=None, seconds=BUILD_SECONDS):
    """Exit status and output; 124 where it ran too long."""
    try:
        done = subprocess.run(command, cwd=folder, env=environment, timeout=seconds, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, shell=isinstance(command, str))
    except subprocess.TimeoutExpired as expired:
        return 124, (expired.stdout or b"").decode("utf-8", "replace")
    return done.returncode, done.stdout.decode("utf-8", "replace")


def not_sources(folder, names):
    """What a build leaves behind, and whole build folders: not to be copied."""
    ignored = shutil.ignore_patterns(".git", "autom4te.cache", ".libs", ".deps", "*.o", "*.lo", "*.la", "__pycache__",
                                     "config.status", "config.log", "Makefile", "libtool")(folder, names)
    builds = {name for name in names if os.path.exists(os.path.join(folder, name, "config.status"))}
    return ignored | builds


class Workshop:
    """The scratch copy and its build."""

    def __init__(self, root, scratch, jobs, configure):
        self.root = root
        self.source = os.path.join(scratch, "source")
        self.build = os.path.join(scratch, "build")
        self.jobs, self.configure = jobs, configure

    def copy(self):
        """Brings the copy up to date; a file that is the same is left alone, so that little is built again."""
        for folder, folders, files in os.walk(self.root):
            ignored = not_sources(folder, folders + files)
            folders[:] = sorted(name for name in folders if name not in ignored)
            target = os.path.join(self.source, os.path.relpath(folder, self.root))
            os.makedirs(target, exist_ok=True)
            for name in files:
                source, copy = os.path.join(folder, name), os.path.join(target, name)
                if name in ignored or (os.path.exists(copy) and filecmp.cmp(source, copy, shallow=False)):
                    continue
                shutil.copy(source, copy)

    def make_all(self):
        """Program, modules and test programs; returns the output where it fails."""
        jobs = "-j%d" % self.jobs
        for command in (["make", jobs], ["make", jobs, "check", "TESTS="]):
            status, output = run(command, self.build)
            if status != 0:
                return output[-3000:]
        return None

    def prepare(self):
        self.copy()
        os.makedirs(self.build, exist_ok=True)
        steps = [] if os.path.exists(os.path.join(self.source, "configure")) else [("./autogen.sh", self.source)]
        if not os.path.exists(os.path.join(self.build, "Makefile")):
            steps.append(("'%s/configure' %s" % (self.source, self.configure), self.build))
        for command, folder in steps:
            status, output = run(command, folder)
            if status != 0:
                sys.exit("%s failed:\n%s" % (command, output[-3000:]))
        output = self.make_all()
        if output is not None:
            sys.exit("the build failed:\n" + output)

    def test(self, test):
        """Whether a row's test passes, and what it said."""
        environment = dict(os.environ, srcdir=self.source, TIDEWAITER=os.path.join(self.build, "tidewaiter"))
        if test.startswith("$ "):
            status, output = run(test[2:], self.build, environment, TEST_SECONDS)
        else:
            # The environment's srcdir must not reach automake, which sets its own.
            del environment["srcdir"]
            status, output = run(["make", "check", "TESTS=" + test], self.build, environment, TEST_SECONDS)
        return status == 0, output

    def write(self, name, text):
        path = os.path.join(self.source, name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)

    def read(self, name):
        with open(os.path.join(self.source, name), encoding="utf-8", newline="") as file:
            return file.read()


def try_mutant(workshop, mutant):
    """killed, survived or error, and a sentence."""
    original = workshop.read(mutant.file)
    workshop.write(mutant.file, original.replace(mutant.old, mutant.new))
    try:
        output = workshop.make_all()
        if output is not None:
            return "error", "does not build:\n" + output
        passed, _ = workshop.test(mutant.test)
        return ("survived", "nobody notices: " + mutant.test) if passed else ("killed", mutant.test)
    finally:
        workshop.write(mutant.file, original)


def try_all(workshop, mutants):
    counts = collections.Counter()
    for test in sorted({mutant.test for mutant in mutants}):
        passed, output = workshop.test(test)
        if not passed:
            print("error     without any mutant this test fails already: %s\n%s" % (test, output[-2000:]))
            counts["error"] += 1
    if counts["error"]:
        return counts
    for mutant in mutants:
        start = time.monotonic()
        verdict, sentence = try_mutant(workshop, mutant)
        counts[verdict] += 1
        print("%-9s %s (%.0f s): %s" % (verdict, mutant.name, time.monotonic() - start, sentence))
        sys.stdout.flush()
    return counts


def main(arguments):
    parser = argparse.ArgumentParser(description="mutation tests")
    parser.add_argument("--source", default=ROOT, help="the tree to copy")
    parser.add_argument("--mutants", help="the rows, default tests/mutants.tsv of that tree")
    parser.add_argument("--only", action="append", default=[], help="these rows only")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--configure", default="CFLAGS='-O1 -g'", help="options for configure")
    parser.add_argument("--build", help="scratch folder that is kept")
    parser.add_argument("--list", action="store_true", help="print the rows' names")
    parser.add_argument("--verify", action="store_true", help="only look whether every text is found")
    options = parser.parse_args(arguments)
    options.source = os.path.abspath(options.source)
    rows = read_mutants(options.mutants or os.path.join(options.source, "tests", "mutants.tsv"))
    mutants = [mutant for mutant in rows if not options.only or mutant.name in options.only]
    if options.list:
        print("\n".join(mutant.name for mutant in mutants))
        return 0
    wrong = [(mutant, problem_of(mutant, options.source)) for mutant in mutants]
    wrong = [(mutant, problem) for mutant, problem in wrong if problem]
    for mutant, problem in wrong:
        print("error     %s: %s" % (mutant.name, problem))
    if wrong or options.verify or not mutants:
        print("%d mutants, %d errors" % (len(mutants), len(wrong)))
        return 1 if wrong or not mutants else 0
    scratch = options.build or tempfile.mkdtemp(prefix="tidewaiter-mutants-")
    try:
        workshop = Workshop(options.source, scratch, options.jobs, options.configure)
        workshop.prepare()
        counts = try_all(workshop, mutants)
    finally:
        if not options.build:
            shutil.rmtree(scratch, ignore_errors=True)
    print("%d killed, %d survived, %d errors" % (counts["killed"], counts["survived"], counts["error"]))
    return 1 if counts["survived"] or counts["error"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
