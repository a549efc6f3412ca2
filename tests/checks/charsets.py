# SPDX-License-Identifier: Apache-2.0
"""Texts in code pages that nothing in the feed announces, told by feed.charsets."""
import common
from common import bill, interchange, message

# What is written, in which code page. 麻黄素 is ephedrine, as rules/lists/precursors.tsv has it.
TEXTS = [("GBK", "麻黄素 25公斤"), ("BIG5", "白色晶體粉末"), ("SHIFT_JIS", "錠剤用の金型 カ"), ("WINDOWS-1252", "Thé à la menthe – 20 kg")]
MARK = "CODEPAGEMARK"
LATIN = "WINDOWS-1252"


def feed(text, charset, level="UNOB:2"):
    goods = interchange([message([bill(1, goods=MARK)])], "C1", unb=level)
    return goods.replace(MARK.encode("ascii"), text.encode(charset))


def described(done):
    shipments = [event["shipments"][0] for event in common.of_type(common.events(done), "message")]
    return [shipment["description"] for shipment in shipments]


def sender_of(data):
    return data.split(b"'")[0].split(b"+")[2].decode("ascii")


def main():
    checks = common.Checks()
    for charset, text in TEXTS:
        data = feed(text, charset)
        sender = sender_of(data)
        path = common.scratch("feed.edi", data)
        for setting, wanted in [("%s=%s" % (sender, charset), text), ("*=%s" % charset, text),
                                ("OTHER=%s, %s = %s" % (LATIN, sender, charset), text)]:
            done = common.run("--set", "feed.charsets=%s" % setting, "--messages", "-o", "-", path)
            checks.equal("%s by %s" % (charset, setting), described(done), [wanted])
        for setting in ["", "OTHER=%s" % charset, "%sX=%s" % (sender, charset)]:
            done = common.run("--set", "feed.charsets=%s" % setting, "--messages", "-o", "-", path)
            plain = text.encode(charset).decode(LATIN, "replace")
            checks.equal("%s without a word (%s)" % (charset, setting), described(done), [plain])
        latin = common.scratch("latin.edi", feed(text, charset, "UNOC:3"))
        done = common.run("--set", "feed.charsets=*=%s" % charset, "--messages", "-o", "-", latin)
        checks.equal("%s that says it is Latin-1" % charset, described(done), [text])
        checks.equal("nothing odd about %s" % charset, common.anomalies(common.events(done)), [])
        # What is well-formed UTF-8 needs nobody's word.
        path = common.scratch("utf8.edi", feed(text, "UTF-8"))
        done = common.run("--set", "feed.charsets=*=%s" % charset, "--messages", "-o", "-", path)
        checks.equal("UTF-8 beside %s" % charset, described(done), [text])
    gbk = common.scratch("gbk.edi", feed(TEXTS[0][1], "GBK"))
    fired = [sid for sid, _ in common.alerts(common.events(common.run("--set", "feed.charsets=*=GBK", "-o", "-", gbk)))]
    checks.equal("ephedrine in GBK", fired, [2200001])
    silent = [sid for sid, _ in common.alerts(common.events(common.run("-o", "-", gbk)))]
    checks.equal("and not without", silent, [])
    for setting, word in [("A=KLINGON", "KLINGON"), ("GBK", "SENDER=CHARSET"), ("=GBK", "no sender")]:
        done = common.run("--set", "feed.charsets=%s" % setting, "-T")
        checks.equal("status of %s" % setting, done.status, 2)
        checks.check("what is said of %s" % setting, word in done.err.decode() and "feed.charsets" in done.err.decode(),
                     done.err)
    checks.end()


main()
