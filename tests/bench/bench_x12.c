/* SPDX-License-Identifier: Apache-2.0 */
/* How fast X12 is split, and nothing else: customs manifests (309) in one group. */
#define BENCH_PARSER x12_LTX_tw_parser
#define BENCH_ESCAPED "BOTTLES + CAPS"
#include "bench_parser.h"

#define BENCH_HEAD                                                                       \
	"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261120*1000" \
	"*U*00401*000000007*0*P*>~GS*SO*S*R*20261120*1000*5*X*004010~"
#define BENCH_TAIL "GE*%u*5~IEA*1*000000007~"

static void put_party(struct feed *feed, const char *role)
{
	put(feed, "N1*%s*", role);
	put_text(feed, 20);
	put(feed, " CO LTD~N3*%u HARBOUR ROAD*BLOCK %u~N4*SHANGHAI**%u*CN~", draw(feed, 999),
	    draw(feed, 99), 100000 + draw(feed, 899999));
}

#define CONSIGNMENT_SEGMENTS 14u

static void put_consignment(struct feed *feed, unsigned number)
{
	put(feed, "LX*%u~M11*SHA%08u*57035*%u*CTN*%u*K*%u*X*00*SHANGHAI***MSCU~", number, number,
	    1 + draw(feed, 900), draw(feed, 20000), draw(feed, 60));
	put_party(feed, "SH");
	put_party(feed, "CN");
	put_party(feed, "N1");
	put(feed, "VID*CN*MSCU*%07u*ML%07u*****45G1*L*PP~N10*%u*", draw(feed, 9999999),
	    draw(feed, 9999999), draw(feed, 900));
	put_text(feed, 40);
	put(feed, "*N/M~N10**");
	put_text(feed, 40);
	put(feed, "~");
}

static void bench_message(struct feed *feed, unsigned number)
{
	put(feed, "ST*309*%04u~M10*MSCU*O*DK*9313917*MAERSK EXAMPLE*123W*%u*1000**L~P4*2704*20261130~",
	    number, number);
	unsigned count = 0;
	while (count < 1000 && feed->capacity - feed->length > 4096)
		put_consignment(feed, ++count);
	put(feed, "SE*%u*%04u~", 4 + CONSIGNMENT_SEGMENTS * count, number);
}

#include "bench_segments.h"
