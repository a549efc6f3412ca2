/* SPDX-License-Identifier: Apache-2.0 */
/* How fast EDIFACT is split, and nothing else: customs manifests (CUSCAR) in one interchange. */
#define BENCH_PARSER edifact_LTX_tw_parser
#define BENCH_ESCAPED "BOTTLES ?+ CAPS ?: A"
#include "bench_parser.h"

#define BENCH_HEAD "UNA:+.? 'UNB+UNOA:3+SENDER+RECIPIENT+261120:1000+REF1'"
#define BENCH_TAIL "UNZ+%u+REF1'"

static void put_party(struct feed *feed, const char *role)
{
	put(feed, "NAD+%s+++", role);
	put_text(feed, 20);
	put(feed, " CO LTD %u+%u HARBOUR ROAD:BLOCK %u+SHANGHAI++%u+CN'", draw(feed, 50000),
	    draw(feed, 999), draw(feed, 99), 100000 + draw(feed, 899999));
}

#define CONSIGNMENT_SEGMENTS 14u

static void put_consignment(struct feed *feed, unsigned number)
{
	put(feed, "CNI+%u+SHA%08u'RFF+BM:SHA%08u'", number, draw(feed, 99999999), number);
	put(feed, "LOC+9+CNSHA:139:6'LOC+11+USLAX:139:6'LOC+7+USLAX:139:6'");
	put_party(feed, "CZ");
	put_party(feed, "CN");
	put_party(feed, "NI");
	put(feed, "GID+1+%u:CT'FTX+AAA+++", 1 + draw(feed, 900));
	for (unsigned line = 0; line < 3; line++) {
		put(feed, line == 0 ? "%s" : ":%s", "");
		put_text(feed, 60);
	}
	put(feed, "'MEA+AAE+G+KGM:%u.%u'MEA+AAE+AAW+MTQ:%u.%03u'", draw(feed, 20000),
	    draw(feed, 10), draw(feed, 60), draw(feed, 1000));
	put(feed, "SGP+MSCU%07u+%u'PCI+31+N/M'", draw(feed, 9999999), draw(feed, 900));
}

static void bench_message(struct feed *feed, unsigned number)
{
	put(feed, "UNH+%u+CUSCAR:D:95B:UN:SMDG20'BGM+85+MANIFEST%u+9'DTM+137:20261120:102'", number,
	    number);
	put(feed, "TDT+20+123W+1++MSK:172:20+++9313917:146::MAERSK EXAMPLE'LOC+60+USLAX:139:6'");
	unsigned count = 0;
	while (count < 1000 && feed->capacity - feed->length > 4096)
		put_consignment(feed, ++count);
	put(feed, "UNT+%u+%u'", 6 + CONSIGNMENT_SEGMENTS * count, number);
}

#include "bench_segments.h"
