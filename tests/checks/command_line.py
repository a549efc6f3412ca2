# SPDX-License-Identifier: Apache-2.0
"""The command line: mistakes are told with place and suggestion, all of them; listings; exit statuses; masking."""
import glob
import gzip
import json
import os
import re
import shutil

import common
from common import SUSPICIOUS, bill, interchange, message

EXAMPLES = sorted(glob.glob(os.path.join(common.SRCDIR, "examples/feeds/*.edi")))
ALERTING = interchange([message([bill(1, SUSPICIOUS, "PETUNIA MEADOW WHOLESALE INC"), bill(2)])])
LAWFUL = interchange([message([bill(2)])], "ZZ2")
BAD = """engine:
  threds: 2
limits:
  segment_bytes: 3 bananas
  evidance: 3
output:
  privacy:
    messages: hidden
plugins:
  routing_anomaly:
    shippers: many
    shipers_days: 3
  pill_pres:
    x: 1
"""
BAD_SAYS = [
    r"bad\.yaml:2:3: .*engine\.threds.*did you mean .?engine\.threads",
    r"bad\.yaml:4:18: .*limits\.segment_bytes.*3 bananas",
    r"bad\.yaml:5:3: .*limits\.evidance.*did you mean .?limits\.evidence",
    r"bad\.yaml:8:15: .*output\.privacy\.messages.*masked.*hidden",
    r"bad\.yaml:11:15: .*routing_anomaly\.shippers.*many",
    r"bad\.yaml:1[23]:\d+: .*routing_anomaly.*shipers_days.*did you mean .?shippers_days",
    r"bad\.yaml:1[34]:\d+: .*pill_pres.*did you mean .?pill_press",
]


def says(checks, name, done, status, *patterns):
    text = (done.out + done.err).decode("utf-8", "replace")
    checks.equal(name + ": exit status", done.status, status)
    for pattern in patterns:
        checks.check("%s: says %s" % (name, pattern), re.search(pattern, text), text[:800])


def wrong_options(checks, feed):
    for wrong, right in (("--mesages", "messages"), ("--fail-on-alrt", "fail-on-alert"), ("--dump-confg", "dump-config"),
                         ("--peeple", "people"), ("--build-inof", "build-info")):
        done = common.run(wrong, feed)
        says(checks, wrong, done, 2, re.escape(wrong), "did you mean --%s" % right)
        checks.equal(wrong + ": nothing on standard output", done.out, b"")
    says(checks, "-Z", common.run("-Z", feed), 2, "-Z")
    says(checks, "no arguments", common.run(), 2, "--help")
    says(checks, "-j without a number", common.run("-j"), 2, "-j")
    for number in ("0", "-1", "257", "many", "2x", ""):
        says(checks, "-j %r" % number, common.run("-j", number, feed), 2, "-j", "1 to 256")
    says(checks, "--time yesterday", common.run("--time", "yesterday", feed), 2, "yesterday", r"20\d\d-\d\d-\d\dT")
    says(checks, "--print nothing", common.run("--print", "nothing"), 2, "schema", "settings", "anomalies")
    for setting, patterns in (
            ("engine.thread=2", ["engine.thread", "did you mean .?engine.threads"]),
            ("engine.threads=two", ["engine.threads", "two"]), ("limits.segment_bytes=1", ["limits.segment_bytes", "64"]),
            ("limits.evidence=", ["limits.evidence"]), ("nothing", ["nothing"]), ("output.messages=perhaps", ["perhaps"]),
            ("plugins.pill_pres.small_dies_kg=3", ["pill_pres", "did you mean .?pill_press"]),
            ("plugins.pill_press.small_die_kg=3", ["small_die_kg", "did you mean .?small_dies_kg"])):
        for also in ([feed], ["-T"]):
            done = common.run("--set", setting, *also)
            says(checks, "--set %s %s" % (setting, also[0][:2]), done, 2, *patterns)
            checks.equal("--set %s: nothing on standard output" % setting, done.out, b"")


def configuration(checks, feed):
    bad = common.scratch("bad.yaml", BAD.encode())
    for also in (["-T"], [feed]):
        says(checks, "a bad configuration, " + also[0][:2], common.run("-c", bad, *also), 2, *BAD_SAYS)
    says(checks, "problems of all kinds at once",
         common.run("-T", "-c", bad, "--set", "engine.thread=2", "-P", "/nonexistent"),
         2, "engine.threds", "engine.thread\\b", "/nonexistent")
    says(checks, "no configuration", common.run("-T", "-c", "/nonexistent.yaml"), 2, r"/nonexistent\.yaml")
    for name, text, place in (("not closed", "engine: [\n", "2:"),
                              ("a key twice", "engine:\n  threads: 1\n  threads: 2\n", "3:"),
                              ("a list", "engine:\n  threads: [1, 2]\n", "2:"), ("a word", "engine\n", "1:"),
                              ("a tab", "engine:\n\tthreads: 1\n", "2:")):
        path = common.scratch("odd.yaml", text.encode())
        says(checks, "YAML, " + name, common.run("-T", "-c", path), 2, r"odd\.yaml:" + place)
    says(checks, "an empty configuration", common.run("-T", "-c", common.scratch("empty.yaml", b"")), 0)
    says(checks, "the example", common.run("-T", "-c", os.path.join(common.SRCDIR, "examples/tidewaiter.yaml")), 0, "good")
    for setting in ("paths.lists=/nowhere", "paths.maps=/nowhere", "paths.plugins=/nowhere",
                    "output.privacy.key_file=/nowhere"):
        says(checks, "-T --set " + setting, common.run("-T", "--set", setting), 2, "/nowhere")
    dump(checks)
    lists_and_maps(checks)


def dump(checks):
    """What --dump-config prints reads back as the same."""
    options = ["--set", "engine.threads=3", "--set", "limits.evidence=7", "--set", "output.sensor=quay: 7 \"#x\"",
               "--set", "limits.expansion_ratio=12.5", "--set", "output.privacy.messages=omitted",
               "--set", "plugins.routing_anomaly.shippers=6"]
    for words in ([], options):
        first = common.run("--dump-config", *words)
        path = common.scratch("dump.yaml", first.out)
        second = common.run("-c", path, "--dump-config")
        checks.equal("--dump-config: exit status", (first.status, second.status), (0, 0))
        checks.equal("--dump-config reads back (%d options)" % (len(words) // 2), second.out, first.out)
        says(checks, "-T of a dump", common.run("-T", "-c", path), 0)
    text = first.out.decode("utf-8")
    for pattern in (r"threads: 3\b", r"evidence: 7\b", r"expansion_ratio: 12\.5\b", r"messages: omitted", r"quay",
                    r"shippers: \"?6\b"):
        checks.check("--dump-config shows " + pattern, re.search(pattern, text), text[-300:])
    with open(os.path.join(common.SRCDIR, "core/config/settings.def"), encoding="utf-8") as file:
        names = re.findall(r'^TW_SETTING\("([^"]+)"', file.read(), re.M)
    for name in names:
        checks.check("--dump-config shows " + name, re.search(r"^ *%s:" % name.rsplit(".", 1)[1], text, re.M))
    reference = common.run("--print", "settings").out.decode("utf-8")
    checks.equal("--print settings lacks", [name for name in names if name not in reference], [])


def lists_and_maps(checks):
    """Problems in maps and lists have file and line, and stop the start."""
    maps = common.scratch("maps")
    os.mkdir(maps)
    with open(os.path.join(maps, "BAD.map"), "w", encoding="ascii") as file:
        file.write("map edifact BADMAP\nversion D:95B\nrole manifest\n\n"
                   "in header\n  BGM: mesage.function = 3\n  LOC: goods.hss = 2\n")
    says(checks, "a bad map", common.run("-T", "--set", "paths.maps=" + maps), 2, r"BAD\.map:6", r"BAD\.map:7")


def listings(checks):
    for option, patterns in (
            ("--list-plugins", [r"pill_press", r"chemical_precursor", r"routing_anomaly", r"\b2100001\b",
                                r"plugins\.routing_anomaly\.shippers\b"]),
            ("--list-formats", [r"edifact", r"CUSCAR", r"IFTMIN", r"IFTMCS", r"IFCSUM", r"\b309\b", r"FWB", r"XFWB",
                                r"\b999\b", r"\bFSQ\b", r"\bFNA\b", r"\bIE3F51\b"]),
            ("--list-keywords", [r"goods\.description", r"goods\.hs", r"party\.name", r"consignment\.weight_kg"]),
            ("--build-info", [r"ABI 1\.", r"compiler"]), ("--version", [r"^tidewaiter \d+\.\d+"]),
            ("--help", [r"usage: tidewaiter", r"Exit status"])):
        done = common.run(option)
        says(checks, option, done, 0, *patterns)
        checks.equal(option + ": nothing on standard error", done.err, b"")
    for option in set(re.findall(r"--[a-z-]+", common.run("--help").out.decode())):
        checks.check("--help's %s is known" % option, b"is no option" not in common.run(option, "/nonexistent").err)
    says(checks, "--explain-map CUSCAR", common.run("--explain-map", "CUSCAR"), 0, r"CUSCAR", r"D:95B", r"FTX",
         r"goods\.description", r"CNI")
    says(checks, "--explain-map FNA", common.run("--explain-map", "FNA"), 0, r"FMA", r"FNA")
    says(checks, "--explain-map NOTHING", common.run("--explain-map", "NOTHING"), 2, "NOTHING", "--list-formats")
    reference = common.run("--print", "anomalies").out.decode()
    with open(os.path.join(common.SRCDIR, "core/output/anomalies.def"), encoding="utf-8") as file:
        codes = re.findall(r'^TW_ANOMALY\("([^"]+)"', file.read(), re.M)
    checks.equal("--print anomalies lacks", [code for code in codes if code not in reference], [])


def statuses(checks, feed, lawful):
    missing = common.scratch("missing.edi")
    for name, arguments, status in (
            ("alerts", [feed], 0), ("alerts and --fail-on-alert", ["--fail-on-alert", feed], 1),
            ("no alerts and --fail-on-alert", ["--fail-on-alert", lawful], 0), ("incomplete", [missing, lawful], 3),
            ("incomplete before alerts", ["--fail-on-alert", feed, missing], 3),
            ("usage before all", ["--fail-on-alert", "--set", "engine.thread=1", feed, missing], 2),
            ("-T with an input", ["-T", feed], 0), ("-T with an input that is missing", ["-T", missing], 0)):
        checks.equal("exit status, " + name, common.run("-o", "-", *arguments).status, status)


def outputs(checks, feed):
    wanted = common.run("-o", "-", feed)
    for path in ("/nonexistent/events.json", common.SCRATCH):
        done = common.run("-o", path, feed)
        says(checks, "-o " + path, done, 2, re.escape(path), "cannot be written")
        says(checks, "-l " + path + "/x", common.run("-l", path + "/x", feed), 2, re.escape(path), "cannot be written")
    if os.path.exists("/dev/full"):
        says(checks, "-o /dev/full", common.run("-o", "/dev/full", feed), 3, "ended early")
    target, log = common.scratch("events.json"), common.scratch("log")
    os.mkdir(log)
    checks.equal("-o FILE: exit status", common.run("-o", target, feed).status, 0)
    checks.equal("-l FOLDER: exit status", common.run("-l", log, feed).status, 0)
    for path in (target, os.path.join(log, "events.json")):
        with open(path, "rb") as file:
            checks.equal(path + " is what -o - writes", file.read(), wanted.out)
    with open(os.path.join(log, "stats.json"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    checks.equal("stats.json", [json.loads(line)["event_type"] for line in lines], ["stats"])
    people = common.run("--people", "-o", target, feed)
    says(checks, "--people", people, 0, "PETUNIA", "ROTARY TABLET PRESS", "2100001")
    checks.check("--people on no terminal: no escape sequences", b"\x1b" not in people.out)


def essence(done):
    """Alerts without what says where the input came from."""
    return [{key: value for key, value in event.items() if key not in ("feed", "event_id", "timestamp")}
            for event in common.of_type(common.events(done), "alert")]


def first_of_2099(checks):
    """A stream arrives when it is read: its first interchange, dated far ahead, moves no clock."""
    modules = common.scratch("deadlines")
    os.mkdir(modules)
    shutil.copy(os.path.join(common.MODULES, "td_missing_bill.so"), modules)
    with open(os.path.join(common.SRCDIR, "tests/interface/missing_bill.edi"), "rb") as file:
        feed = file.read()
    ahead = common.interchange([common.message([common.bill(1)])], "AHEAD").replace(b"UNOC:3", b"UNOC:4").replace(
        b"+261112:0830+", b"+20990101:0830+")
    wanted = common.alerts(common.events(common.run("-o", "-", "-P", modules, "-", stdin=feed)))
    found = common.events(common.run("-o", "-", "-P", modules, "-", stdin=ahead + feed))
    checks.equal("an interchange of 2099 on standard input: alerts", common.alerts(found), wanted)
    checks.check("an interchange of 2099 on standard input: said", "message.time" in common.anomalies(found)[:1],
                 common.anomalies(found))
    checks.check("the deadline alerts", [sid for sid, _ in wanted] == [1900008], wanted)
    late = common.events(common.run("-o", "-", "--time", "2098-12-31T12:00:00Z", "-", stdin=ahead))
    checks.equal("an interchange of 2099 that arrives then: anomalies", common.anomalies(late), [])


def sources(checks):
    data = b"".join(open(path, "rb").read() for path in EXAMPLES) + ALERTING
    plain = common.run("-o", "-", common.scratch("all.edi", data))
    checks.check("the examples alert", len(common.alerts(common.events(plain))) >= 4, plain.status)
    packed = gzip.compress(data, mtime=0)
    for name, done in (("standard input", common.run("-o", "-", "-", stdin=data)),
                       ("gzip", common.run("-o", "-", common.scratch("all.edi.gz", packed))),
                       ("gzip on standard input", common.run("-o", "-", "-", stdin=packed))):
        checks.equal(name + ": exit status", done.status, 0)
        checks.check(name + ": the same alerts", essence(done) == essence(plain),
                     "%d, expected %d" % (len(essence(done)), len(essence(plain))))
        for event in common.events(done):
            checks.check(name + ": feed.layers", ("gzip" in event["feed"]["layers"]) == ("gzip" in name), event["feed"])
    first_of_2099(checks)
    folder = common.scratch("parts")
    os.mkdir(folder)
    for number, path in enumerate(EXAMPLES):
        os.symlink(path, os.path.join(folder, "%d.edi" % number))
    alerts = [sid for sid, _ in common.alerts(common.events(common.run("-o", "-", folder)))]
    named = [sid for sid, _ in common.alerts(common.events(common.run("-o", "-", *EXAMPLES)))]
    checks.equal("a folder alerts as its files do", alerts, named)


def privacy(checks, feed):
    secrets = [b"PETUNIA", b"MEADOW", b"KITE HILL", b"ELM ST", b"HARBOUR ROAD"]
    full = common.run("--messages", "-o", "-", feed)
    def lines(done, event_type):
        return b"\n".join(line for line in done.out.splitlines() if b'"event_type":"%s"' % event_type in line)
    for secret in secrets:
        checks.check("full: message events tell %s" % secret.decode(), secret in lines(full, b"message"))
    for way in ("masked", "omitted"):
        done = common.run("--messages", "-o", "-", "--set", "output.privacy.messages=" + way, feed)
        checks.equal(way + ": exit status", done.status, 0)
        checks.check(way + ": there are message events", lines(done, b"message"))
        for secret in secrets:
            checks.check("%s: message events do not tell %s" % (way, secret.decode()), secret not in lines(done, b"message"))
        checks.check(way + ": goods are told all the same", b"ROTARY TABLET PRESS" in lines(done, b"message"))
        checks.equal(way + ": alerts are told in full", lines(done, b"alert"), lines(full, b"alert"))
        done = common.run("-o", "-", "--set", "output.privacy.alerts=" + way, feed)
        checks.equal("alerts %s: as many" % way, len(common.alerts(common.events(done))),
                     len(common.alerts(common.events(full))))
        for secret in secrets:
            checks.check("alerts %s: do not tell %s" % (way, secret.decode()), secret not in lines(done, b"alert"))
    # A hash without a key is undone with a list of names.
    for path in ([], ["--set", "output.privacy.key_file=/nowhere"],
                 ["--set", "output.privacy.key_file=" + common.scratch("no-key", b"")]):
        says(checks, "keyed without a key " + " ".join(path[1:]), common.run(
            "--messages", "-o", "-", "--set", "output.privacy.messages=keyed", *path, feed), 2, "key_file")
    keyed = [common.run("--messages", "-o", "-", "--set", "output.privacy.messages=keyed", "--set",
                        "output.privacy.key_file=" + common.scratch("key%d" % n, key), feed)
             for n, key in enumerate((b"k" * 32, b"k" * 32, b"l" * 32))]
    for secret in secrets:
        checks.check("keyed: message events do not tell %s" % secret.decode(), secret not in lines(keyed[0], b"message"))
    checks.check("keyed: the same key gives the same codes", lines(keyed[0], b"message") == lines(keyed[1], b"message"))
    checks.check("keyed: another key gives others", lines(keyed[0], b"message") != lines(keyed[2], b"message"))


def main():
    checks = common.Checks()
    feed, lawful = common.scratch("alerting.edi", ALERTING), common.scratch("lawful.edi", LAWFUL)
    wrong_options(checks, feed)
    configuration(checks, feed)
    listings(checks)
    statuses(checks, feed, lawful)
    outputs(checks, feed)
    sources(checks)
    privacy(checks, feed)
    checks.end()


if __name__ == "__main__":
    main()
