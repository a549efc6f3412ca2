#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Loads bad plugins: each must be refused, or contained, with a sentence that helps.

usage: loader.py [--crash] MODULES [-- TIDEWAITER OPTIONS]

MODULES is the folder of the test detectors' .so files (tests/detectors/.libs).
$TIDEWAITER (default ./tidewaiter) is run with -P on a folder of its own for each
case. Refusals are asked for with -T and must end with exit status 2, the name of
the file and the reason. Faults while running must cost the plugin's own findings
only: an anomaly, an incomplete receipt, exit status 3, and the alerts of another
detector all the same. --crash also runs the one that crashes, isolated.
"""
import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FEED = os.path.join(HERE, "shippers.edi")
TIMEOUT = 120

# What is loaded, what is added to the command line, the exit status, and the texts (regular expressions) that must
# stand in what it says. NAME.so in a text is the file as it was loaded.
Case = collections.namedtuple("Case", "name modules arguments status says")

LOADING = [
    Case("good ones", "td_shippers td_like_house td_linked td_threshold td_bit td_cancel td_reconcile td_missing_bill",
         [], 0, []),
    Case("wrong magic", "bad_magic", [], 2, [r"bad_magic\.so", r"magic"]),
    Case("wrong ABI", "bad_abi", [], 2, [r"bad_abi\.so", r"ABI 99\.\d+.* 1\.\d+"]),
    Case("too small a structure", "bad_size", [], 2, [r"bad_size\.so", r"16 bytes"]),
    Case("missing symbol", "bad_symbol", [], 2, [r"bad_symbol\.so", r"tw_detector"]),
    Case("duplicate name", "td_bit bad_name", [], 2, [r"(td_bit|bad_name)\.so", r"name.*td_bit.*taken"]),
    Case("duplicate sid", "td_bit bad_sid", [], 2, [r"(td_bit|bad_sid)\.so", r"1900005.*taken"]),
    Case("open that fails", "bad_open", [], 2, [r"bad_open\.so", r"the tide table harbour\.tsv is missing"]),
    Case("comes after itself", "bad_after", [], 2, [r"bad_after\.so", r"after"]),
    Case("all problems at once", "bad_magic bad_abi bad_open bad_size", [], 2,
         [r"bad_magic\.so", r"bad_abi\.so", r"bad_open\.so", r"bad_size\.so"]),
    Case("a setting that is right", "td_shippers", ["--set", "plugins.td_shippers.shippers=5"], 0, []),
    Case("unknown option", "td_shippers", ["--set", "plugins.td_shippers.shipers=5"], 2,
         [r"td_shippers", r"shipers", r"did you mean .?shippers"]),
    Case("option out of range", "td_shippers", ["--set", "plugins.td_shippers.shippers=1"], 2,
         [r"plugins\.td_shippers\.shippers", r"\b2 to 100\b"]),
    Case("option that is no number", "td_shippers", ["--set", "plugins.td_shippers.days=soon"], 2,
         [r"plugins\.td_shippers\.days", r"soon"]),
    Case("option of no plugin", "td_shippers", ["--set", "plugins.td_shipers.days=5"], 2,
         [r"td_shipers", r"did you mean .?td_shippers"]),
    Case("unknown option in a file", "td_shippers", ["-c", "CONFIGURATION"], 2,
         [r"bad\.yaml:4:", r"shipers", r"did you mean .?shippers"]),
    Case("a text that calls itself .so", "TEXT", [], 2, [r"text\.so: .*no module"]),
    Case("a folder that is not there", "MISSING", [], 2, [r"nowhere"]),
]

RUNNING = [
    Case("an error in inspect", "bad_error", [], 3, ["plugin.failed", "bad_error"]),
    Case("an undeclared table", "bad_table", [], 3, ["plugin.failed", "bad_table"]),
    Case("too much evidence", "bad_evidence", [], 3, ["limit.evidence", "bad_evidence"]),
    Case("too large a state", "bad_state", [], 3, ["limit.state", "bad_state"]),
    Case("too large an observation", "bad_payload", [], 3, ["limit.payload", "bad_payload"]),
]
CRASHING = [Case("a crash, isolated", "bad_crash", ["--set", "plugins.isolate=yes"], 3, ["plugin.failed", "bad_crash"])]

CONFIGURATION = "plugins:\n  td_shippers:\n    days: 5\n    shipers: 5\n"


class Runner:
    """Runs cases and counts."""

    def __init__(self, modules, rest):
        self.modules, self.rest = modules, rest
        self.program = os.environ.get("TIDEWAITER", "./tidewaiter")
        self.passed = self.failed = 0

    def folder_of(self, case, scratch, also=""):
        folder = os.path.join(scratch, "plugins")
        if case.modules == "MISSING":
            return os.path.join(scratch, "nowhere")
        os.mkdir(folder)
        if case.modules == "TEXT":
            with open(os.path.join(folder, "text.so"), "w", encoding="utf-8") as file:
                file.write("not a shared object\n")
            return folder
        for name in (case.modules + " " + also).split():
            shutil.copy(os.path.join(self.modules, name + ".so"), folder)
        return folder

    def run(self, arguments, scratch):
        """Exit status, standard output and standard error."""
        arguments = [argument if argument != "CONFIGURATION" else os.path.join(scratch, "bad.yaml")
                     for argument in arguments]
        with open(os.path.join(scratch, "bad.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIGURATION)
        try:
            done = subprocess.run([self.program] + self.rest + arguments, capture_output=True, timeout=TIMEOUT,
                                  check=False)
        except subprocess.TimeoutExpired:
            return None, "", "still running after %d seconds" % TIMEOUT
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")

    def report(self, case, problems, said):
        self.passed, self.failed = self.passed + (not problems), self.failed + bool(problems)
        print("%s %s (%s)" % ("FAILED" if problems else "ok", case.name, case.modules))
        for problem in problems:
            print("    " + problem)
        if problems:
            print("    it said: " + said.strip()[-600:].replace("\n", "\n             "))

    def load(self, case):
        with tempfile.TemporaryDirectory(prefix="tidewaiter-loader-") as scratch:
            folder = self.folder_of(case, scratch)
            status, out, err = self.run(["-T", "-P", folder] + case.arguments, scratch)
        problems = [] if status == case.status else ["exit status %s, expected %d" % (status, case.status)]
        problems += ["it does not say: " + text for text in case.says if not re.search(text, out + err)]
        self.report(case, problems, out + err)

    def inspect(self, case):
        with tempfile.TemporaryDirectory(prefix="tidewaiter-loader-") as scratch:
            folder = self.folder_of(case, scratch, "td_shippers")
            status, out, err = self.run(["-P", folder, "-o", "-"] + case.arguments + [FEED], scratch)
        problems = [] if status == case.status else ["exit status %s, expected %d" % (status, case.status)]
        try:
            events = [json.loads(line) for line in out.splitlines() if line]
        except ValueError as error:
            events = []
            problems.append("the events are no JSON: %s" % error)
        problems += self.judge(case, events)
        self.report(case, problems, err)

    @staticmethod
    def judge(case, events):
        problems = []
        code, name = case.says
        anomalies = [event["anomaly"] for event in events if event["event_type"] == "anomaly"]
        if not any(anomaly["code"] == code and name in (anomaly.get("reason") or "") for anomaly in anomalies):
            problems.append("no anomaly %s that names %s, but %s" % (
                code, name, sorted({anomaly["code"] for anomaly in anomalies})))
        sids = [event["alert"]["sid"] for event in events if event["event_type"] == "alert"]
        if sids.count(1900001) != 2:
            problems.append("td_shippers raised %d alerts beside it, expected 2" % sids.count(1900001))
        receipts = [event["receipt"] for event in events if event["event_type"] == "receipt"]
        if not receipts or not any(receipt["inspection"] == "incomplete" for receipt in receipts):
            problems.append("no receipt says incomplete")
        return problems


def main(arguments):
    rest = []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, rest = arguments[:at], arguments[at + 1:]
    parser = argparse.ArgumentParser(description="loader tests; options after -- go to tidewaiter")
    parser.add_argument("--crash", action="store_true")
    parser.add_argument("modules")
    options = parser.parse_args(arguments)
    runner = Runner(options.modules, rest)
    for case in LOADING:
        runner.load(case)
    for case in RUNNING + (CRASHING if options.crash else []):
        runner.inspect(case)
    print("%d passed, %d failed" % (runner.passed, runner.failed))
    return 1 if runner.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
