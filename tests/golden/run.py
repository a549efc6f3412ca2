#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs tidewaiter over feeds and compares its alerts with what was expected.

usage: run.py [--modules DIR] [--sids A-B] [--loose] [FOLDER]... [-- TIDEWAITER OPTIONS]
       run.py --self-test

For every NAME.expect of the folders (default: tests/golden/*/ and tests/golden)
$TIDEWAITER (default ./tidewaiter) is run with `-o -` over the NAME.edi or NAME.xml
beside it. A line of NAME.expect is one of

  sid|document|field or -|MATCH or -[|key=value]...   an alert; keys: related=A,B (these
                     documents, in any order), count=N (alerts of this sid for this
                     document, default 1), trigger=deadline, severity=N, least=N (score)
  silent|document    no alert for this document
  anomaly|code[|N]   an anomaly with this code (exactly N of them)
  complete|yes or no what every receipt says
  exit|N             exit status, default 0
  args|WORDS         further options for this case
  plugins|NAMES      modules of --modules, copied to a folder of their own and loaded with -P
  input|PATH         the feed, from the folder tests, where none stands beside
  maps|NAMES         these files of the case's folder are the operator's own maps
  fact|PATH|VALUE    what the message events say: message.KEY of the first message, or N.KEY of the
                     Nth shipment. A step of the path is a key, [N] the Nth of a list, [KEY=VALUE]
                     the first of a list that has it. A list reads as its values joined by ';', what
                     is not there as '-'. fact|shipments|N is their number
  # ...              a comment

A document is looked for as the house, the master and the end of the id of an
alert's shipment. An alert that no line expects is a failure (unless --loose).

Of every alert the evidence is checked against the input itself: the bytes at
all spans, joined, must contain `match`, by a normalisation written for this
test and for nothing else. Ends with `N passed, N failed`.
"""
import argparse
import glob
import gzip
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unicodedata

TIMEOUT = 120  # seconds for one run: whoever needs more hangs

# Letters that look like Latin ones, and letters that NFKD does not take apart.
LOOK_ALIKE = str.maketrans(dict(
    list(zip("АВЕЅІЈКМНОРСТУХЀЁЇ", "ABESIJKMHOPCTYXEEI")) +
    list(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")) +
    [("Ø", "O"), ("Ł", "L"), ("Đ", "D"), ("Ð", "D"), ("Æ", "AE"), ("Œ", "OE"), ("ß", "SS"), ("ẞ", "SS"),
     ("Þ", "TH"), ("ı", "I")]))

# Character sets by the syntax level in UNB (ISO 9735): part of ISO 8859.
LEVELS = {b"UNOC": "iso8859-1", b"UNOD": "iso8859-2", b"UNOE": "iso8859-5", b"UNOF": "iso8859-7",
          b"UNOG": "iso8859-3", b"UNOH": "iso8859-4", b"UNOI": "iso8859-6", b"UNOJ": "iso8859-8",
          b"UNOK": "iso8859-9"}


def squeeze(text):
    """Compatibility forms, diacritics, case and look-alikes folded; letters and digits only."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = text.upper().translate(LOOK_ALIKE)
    return "".join(c for c in text if c.isalnum())


def xml_charset(before):
    """The character set that the mark or the declaration of the last XML document names, or None."""
    if before[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16-le" if before[:2] == b"\xff\xfe" else "utf-16-be"
    named = re.findall(rb"<\?xml[^>]*encoding=['\"]([A-Za-z0-9._-]+)", before)
    return named[-1].decode() if named else None


def references_replaced(text):
    """Without the references of XML; an & that begins none stays."""
    names = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
    text = re.sub(r"&#x([0-9A-Fa-f]+);", lambda m: chr(int(m.group(1), 16)), text)
    text = re.sub(r"&#([0-9]+);", lambda m: chr(int(m.group(1))), text)
    return re.sub(r"&(amp|lt|gt|quot|apos);", lambda m: names[m.group(1)], text)


def decodings(raw, before):
    """The texts that raw bytes may stand for: UTF-8, the level of the last UNB, what XML declares, Windows-1252."""
    result = []
    unb = before.rfind(b"UNB")
    charsets = ["utf-8"]
    if xml_charset(before):
        charsets.append(xml_charset(before))
    if unb >= 0 and before[unb + 4:unb + 8] in LEVELS:
        charsets.append(LEVELS[before[unb + 4:unb + 8]])
    for charset in charsets + ["cp1252", "latin-1"]:
        try:
            result.append(raw.decode(charset))
        except UnicodeDecodeError:
            pass
    return result


def release_removed(raw, data):
    """Without the release character of the interchange (default '?'), which stands before what it releases."""
    release = data[6:7] if data[:3] == b"UNA" and data[6:7] != b" " else b"?"
    return re.sub(re.escape(release) + b"(.)", rb"\1", raw, flags=re.S)


class Input:
    """The bytes of input files, decoded as feed.layers says."""

    def __init__(self):
        self.cache = {}

    def bytes_of(self, feed):
        path = feed["path"]
        if path not in self.cache:
            with open(path, "rb") as file:
                data = file.read()
            for layer in feed.get("layers", []):
                if layer == "gzip":
                    data = gzip.decompress(data)
            self.cache[path] = data
        return self.cache[path]


def check_evidence(alert, inputs):
    """Problems with the evidence of one alert, as sentences."""
    problems = []
    data = inputs.bytes_of(alert["feed"])
    if alert["feed"]["offset"] + alert["feed"]["length"] > len(data):
        problems.append("feed.offset and feed.length reach beyond the file")
    for number, evidence in enumerate(alert.get("evidence", [])):
        where = "evidence %d (%s)" % (number, evidence.get("field"))
        spans = evidence.get("spans") or []
        raw = b""
        for offset, length in spans:
            if offset < 0 or length <= 0 or offset + length > len(data):
                problems.append("%s: span [%d, %d] is not within the %d bytes of the file"
                                % (where, offset, length, len(data)))
            raw += data[offset:offset + length]
        match = squeeze(evidence.get("match") or "")
        if not spans or not match:
            continue
        texts = decodings(release_removed(raw, data), data[:spans[0][0]])
        texts += [references_replaced(text) for text in texts]
        if not any(match in squeeze(text) for text in texts):
            problems.append("%s: the bytes at its spans are %r, which does not contain %r"
                            % (where, raw[:200], evidence["match"]))
    return problems


def step_into(value, step):
    """A step of a fact's path: a key, [N] or [KEY=VALUE]. None where it leads nowhere."""
    if not step.startswith("["):
        return value.get(step) if isinstance(value, dict) else None
    inner = step[1:-1]
    if not isinstance(value, list):
        return None
    if inner.isdigit():
        return value[int(inner) - 1] if 0 < int(inner) <= len(value) else None
    key, _, wanted = inner.partition("=")
    return next((one for one in value if str(one.get(key)) == wanted), None)


def fact_of(messages, path):
    """What message events say at the path of a `fact` line, as text."""
    shipments = [shipment for event in messages for shipment in event["shipments"]]
    if path == "shipments":
        return str(len(shipments))
    first, *steps = re.findall(r"\[[^]]*\]|[^.\[]+", path)
    value = (messages[0] if messages else {}).get("message")
    if first != "message":
        value = shipments[int(first) - 1] if 0 < int(first) <= len(shipments) else None
    for step in steps:
        value = step_into(value, step)
    if isinstance(value, list):
        return ";".join(str(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "-" if value is None else "%.10g" % value if isinstance(value, (int, float)) else value


def documents(shipment):
    """The names an alert's shipment goes by."""
    last = re.split(r"[:/]", shipment.get("id") or "")[-1]
    names = {shipment.get("house"), last, last.replace("-", "")}
    if not shipment.get("house"):
        names.add(shipment.get("master"))
        names.add((shipment.get("master") or "").replace("-", ""))
    return {name for name in names if name}


def is_about(alert, document):
    return document in documents(alert["shipment"]) or document == alert["shipment"].get("id")


def shows(alert, field, match):
    """Whether some evidence of the alert has this field and this match."""
    if field == "-" and match == "-":
        return True
    for evidence in alert.get("evidence", []):
        if field not in ("-", evidence.get("field")):
            continue
        if match in ("-", evidence.get("match")):
            return True
    return False


class Expectation:
    """What a NAME.expect file says."""

    def __init__(self, path):
        self.alerts, self.silent, self.anomalies = [], [], []
        self.complete, self.exit, self.arguments, self.plugins = None, 0, [], []
        self.input, self.maps, self.facts = None, [], []
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                line = line.rstrip("\r\n")
                if line.strip() and not line.startswith("#"):
                    self.read(line.split("|"), "%s:%d" % (path, number))

    def read(self, cells, place):
        kind, rest = cells[0].strip(), [cell.strip() for cell in cells[1:]]
        if kind.isdigit() and len(rest) >= 3:
            options = dict(cell.split("=", 1) for cell in rest[3:])
            self.alerts.append((int(kind), rest[0], rest[1], rest[2], options))
        elif kind == "silent" and len(rest) == 1:
            self.silent.append(rest[0])
        elif kind == "anomaly" and rest:
            self.anomalies.append((rest[0], int(rest[1]) if len(rest) > 1 else None))
        elif kind == "complete" and rest[:1] in (["yes"], ["no"]):
            self.complete = rest[0] == "yes"
        elif kind == "exit" and rest:
            self.exit = int(rest[0])
        elif kind == "args" and rest:
            self.arguments += shlex.split("|".join(rest))
        elif kind == "plugins" and rest:
            self.plugins += rest[0].split()
        elif kind == "input" and rest:
            self.input = rest[0]
        elif kind == "maps" and rest:
            self.maps += rest[0].split()
        elif kind == "fact" and len(rest) >= 2:
            self.facts.append((rest[0], "|".join(rest[1:])))
        else:
            sys.exit("%s: this line says nothing that is known" % place)

    def compare(self, events, loose):
        """Problems with the events of a run, as sentences."""
        alerts = [event for event in events if event["event_type"] == "alert"]
        problems = []
        for line in self.alerts:
            problems += self.compare_alert(line, alerts)
        for document in self.silent:
            problems += ["%d alerted for %s, which should be silent: %s"
                         % (alert["alert"]["sid"], document, alert["alert"].get("reason"))
                         for alert in alerts if is_about(alert, document)]
        for alert in alerts:
            known = any(alert["alert"]["sid"] == sid and is_about(alert, document)
                        for sid, document, _, _, _ in self.alerts)
            if not known and not loose and not any(is_about(alert, one) for one in self.silent):
                problems.append("an alert nobody expects: %d|%s|%s" % (
                    alert["alert"]["sid"], alert["shipment"].get("id"), alert["alert"].get("reason")))
        return problems + self.compare_facts(events) + self.compare_others(events)

    def compare_facts(self, events):
        messages = [event for event in events if event["event_type"] == "message"]
        said = [(path, wanted, fact_of(messages, path)) for path, wanted in self.facts]
        return ["fact %s is %s, not %s" % (path, found, wanted)
                for path, wanted, found in said if found != wanted]

    @staticmethod
    def compare_alert(line, alerts):
        sid, document, field, match, options = line
        found = [a for a in alerts if a["alert"]["sid"] == sid and is_about(a, document)]
        name = "%d|%s|%s|%s" % (sid, document, field, match)
        if len(found) != int(options.get("count", 1)):
            return ["%s: %d alerts, expected %s" % (name, len(found), options.get("count", 1))]
        found = [alert for alert in found if shows(alert, field, match)]
        if not found:
            return ["%s: alerted, but not with this evidence" % name]
        problems = []
        for alert in found:
            body = alert["alert"]
            if "related" in options:
                related = sorted(r.get("house") or r.get("master") or "null" for r in body.get("related", []))
                if related != sorted(filter(None, options["related"].split(","))):
                    problems.append("%s: related is %s" % (name, ",".join(related)))
            if "trigger" in options and options["trigger"] not in (body.get("trigger"), alert.get("trigger")):
                problems.append("%s: trigger is %s" % (name, body.get("trigger") or alert.get("trigger")))
            if "severity" in options and body.get("severity") != int(options["severity"]):
                problems.append("%s: severity is %s" % (name, body.get("severity")))
            if "least" in options and not body.get("score", 0) >= float(options["least"]):
                problems.append("%s: score is %s" % (name, body.get("score")))
        return problems

    def compare_others(self, events):
        problems = []
        codes = [event.get("anomaly", {}).get("code") or event.get("code")
                 for event in events if event["event_type"] == "anomaly"]
        for code, number in self.anomalies:
            if code not in codes if number is None else codes.count(code) != number:
                problems.append("anomaly %s: %d times" % (code, codes.count(code)))
        receipts = [event.get("receipt", event) for event in events if event["event_type"] == "receipt"]
        if self.complete is not None:
            if not receipts:
                problems.append("no receipt")
            wanted = "complete" if self.complete else "incomplete"
            problems += ["a receipt says %s" % receipt.get("inspection") for receipt in receipts
                         if receipt.get("inspection") != wanted]
        return problems


def read_events(text):
    events, problems = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line:
            continue
        try:
            events.append(json.loads(line))
        except ValueError as error:
            problems.append("line %d of the output is no JSON: %s: %s" % (number, error, line[:120]))
    return events, problems


def within(event, sids):
    return event["event_type"] != "alert" or sids is None or sids[0] <= event["alert"]["sid"] <= sids[1]


def copy_modules(modules, names, folder):
    for name in names:
        shutil.copy(os.path.join(modules, name + ".so"), folder)


def copy_maps(case, names, folder):
    folder = os.path.join(folder, "maps")
    os.mkdir(folder)
    for name in names:
        shutil.copy(os.path.join(os.path.dirname(case), name), folder)
    return ["--set", "paths.maps=" + folder]


def run_case(path, options):
    """Runs one feed; returns its problems as sentences."""
    expectation = Expectation(os.path.splitext(path)[0] + ".expect")
    case = path
    if expectation.input:
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", expectation.input)
    with tempfile.TemporaryDirectory(prefix="tidewaiter-golden-") as folder:
        command = [os.environ.get("TIDEWAITER", "./tidewaiter"), "-o", "-"]
        if expectation.plugins:
            if not options.modules:
                return ["needs --modules"]
            copy_modules(options.modules, expectation.plugins, folder)
            command += ["-P", folder]
        if expectation.maps:
            command += copy_maps(case, expectation.maps, folder)
        if expectation.facts:
            command.append("--messages")
        command += options.rest + expectation.arguments + [path]
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
        except subprocess.TimeoutExpired:
            return ["still running after %d seconds" % TIMEOUT]
        except OSError as error:
            return ["cannot run %s: %s" % (command[0], error)]
    events, problems = read_events(done.stdout.decode("utf-8", "replace"))
    events = [event for event in events if within(event, options.sids)]
    if done.returncode != expectation.exit:
        problems.append("exit status %d, expected %d: %s" % (
            done.returncode, expectation.exit, done.stderr.decode("utf-8", "replace").strip()[-600:]))
    problems += expectation.compare(events, options.loose)
    inputs = Input()
    for alert in events:
        if alert["event_type"] == "alert":
            problems += ["%d|%s: %s" % (alert["alert"]["sid"], alert["shipment"].get("id"), problem)
                         for problem in check_evidence(alert, inputs)]
    return problems


def self_test():
    """Right evidence must pass and evidence that is off by a byte must not: a checker that never fails checks nothing."""
    data = b"UNA:+.? 'UNB+UNOC:3+A+B'FTX+AAA+++PRENSA PARA TABL:ETAS DE L?'ATELIER NR?: 5 PR\xc9PARATION'"
    cut, tail, accent = data.index(b"TABL"), data.index(b"ETAS"), data.index(b"PR\xc9")
    rows = [
        (True, "TABLETAS", [[cut, 4], [tail, 4]]),           # cut at a component's end
        (False, "TABLETAS", [[cut + 1, 4], [tail, 4]]),      # offset plus one
        (False, "TABLETAS", [[cut, 4]]),                     # a span is missing
        (True, "TABLETAS DE L ATELIER", [[cut, 4], [tail, 18]]),  # across a release character
        (True, "L ATELIER", [[tail + 8, 1], [tail + 10, 8]]),     # the release character left out
        (True, "PREPARATION", [[accent, 11]]),               # ISO 8859-1, as UNOC says
        (False, "PREPARATIONS", [[accent, 11]]),
        (False, "PREPARATION", [[accent, 400]]),             # beyond the file
        (True, "", []),
    ]
    failed = 0
    for good, match, spans in rows:
        inputs = Input()
        inputs.cache["x"] = data
        problems = check_evidence({"feed": {"path": "x", "offset": 0, "length": len(data)},
                                   "evidence": [{"field": "goods.description", "match": match, "spans": spans}]}, inputs)
        if good == bool(problems):
            print("FAILED %r at %r: %s" % (match, spans, problems or "passed"))
            failed += 1
    messages = [{"message": {"test": False},
                 "shipments": [{"places": [{"role": "final", "code": "X"}, {"role": "next", "code": "Y"}], "hs": ["1", "2"],
                                "value": 12.5}]}]
    facts = [("message.test", "false"), ("shipments", "1"), ("1.places[role=next].code", "Y"), ("1.places[1].code", "X"),
             ("1.hs", "1;2"), ("1.value", "12.5"), ("1.places[role=origin].code", "-"), ("2.value", "-"), ("1.nothing", "-")]
    for path, wanted in facts:
        if fact_of(messages, path) != wanted:
            print("FAILED fact %s is %s" % (path, fact_of(messages, path)))
            failed += 1
    xml = b"<?xml version='1.0' encoding='UTF-16'?>".decode().encode("utf-16-le")
    wide = b"\xff\xfe" + xml + "PRESS&#69;".encode("utf-16-le")
    start = 2 + len(xml)
    wide_rows = [(True, "PRESSE", [[start, 20]]), (False, "PRESSE", [[start, 10]]), (False, "PRESSE", [[start + 1, 19]])]
    for good, match, spans in wide_rows:
        inputs = Input()
        inputs.cache["x"] = wide
        problems = check_evidence({"feed": {"path": "x", "offset": 0, "length": len(wide)},
                                   "evidence": [{"field": "goods.description", "match": match, "spans": spans}]}, inputs)
        if good == bool(problems):
            print("FAILED %r at %r: %s" % (match, spans, problems or "passed"))
            failed += 1
    total = len(rows) + len(facts) + len(wide_rows)
    print("%d passed, %d failed" % (total - failed, failed))
    return 1 if failed else 0


def sid_range(text):
    low, _, high = text.partition("-")
    return int(low), int(high or low)


def cases_of(folder):
    if os.path.isfile(folder):
        return [folder]
    # A case is its expectations; the feed stands beside, or they name it.
    bases = [os.path.splitext(path)[0] for path in sorted(glob.glob(os.path.join(folder, "*.expect")))]
    return [base + (".xml" if os.path.exists(base + ".xml") else ".edi") for base in bases]


def main(arguments):
    rest = []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, rest = arguments[:at], arguments[at + 1:]
    parser = argparse.ArgumentParser(description="golden tests; options after -- go to tidewaiter")
    parser.add_argument("--modules", help="folder of the test detectors' .so files")
    parser.add_argument("--sids", type=sid_range, help="look at alerts of these sids only, such as 1900000-1999999")
    parser.add_argument("--loose", action="store_true", help="alerts that nobody expects are no failure")
    parser.add_argument("--self-test", action="store_true", help="check the checker")
    parser.add_argument("folders", nargs="*")
    options = parser.parse_args(arguments)
    if options.self_test:
        return self_test()
    options.rest = rest
    here = os.path.dirname(os.path.abspath(__file__))
    folders = options.folders or [here] + sorted(glob.glob(os.path.join(here, "*", "")))
    passed = failed = 0
    for path in [case for folder in folders for case in cases_of(folder)]:
        problems = run_case(path, options)
        passed, failed = passed + (not problems), failed + bool(problems)
        print("%s %s" % ("FAILED" if problems else "ok", path))
        for problem in problems:
            print("    " + problem)
        sys.stdout.flush()
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
