/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast XML is split, and nothing else: a sink that only counts, beside a bare pass
 * of libxml2's push parser over the same bytes with callbacks that do nothing. Links
 * the parser alone, not the core library, whose tw_sink_* it replaces.
 *
 *   bench_xml [MEGABYTES] [FILE]
 *
 * Without a file it makes air waybills with a fixed seed, as documents one behind the
 * other and as one large house manifest. Prints the best of five runs of each, taken in
 * turns, in MB/s of CPU time, and the ratio.
 */
#define BENCH_PARSER xml_LTX_tw_parser
#define BENCH_ESCAPED "BOTTLES &amp; CAPS"
#include "bench_parser.h"

#include <libxml/parser.h>

static void put_party(struct feed *feed, const char *kind)
{
	put(feed, "      <ram:%s>\n        <ram:Name>", kind);
	put_text(feed, 25);
	put(feed, "</ram:Name>\n        <ram:PostalStructuredAddress>\n          <ram:PostcodeCode>%u"
		  "</ram:PostcodeCode>\n          <ram:StreetName>%u HARBOUR ROAD</ram:StreetName>\n"
		  "          <ram:CityName>SHANGHAI</ram:CityName>\n          <ram:CountryID>CN"
		  "</ram:CountryID>\n        </ram:PostalStructuredAddress>\n      </ram:%s>\n",
	    10000 + draw(feed, 89999), draw(feed, 999), kind);
}

static void put_house(struct feed *feed, unsigned number)
{
	put(feed, "    <ram:IncludedHouseConsignment>\n      <ram:SequenceNumeric>%u"
		  "</ram:SequenceNumeric>\n      <ram:GrossWeightMeasure unitCode=\"KGM\">%u.%u"
		  "</ram:GrossWeightMeasure>\n      <ram:TotalPieceQuantity>%u</ram:TotalPieceQuantity>\n"
		  "      <ram:SummaryDescription>", number, draw(feed, 900), draw(feed, 10),
	    draw(feed, 90));
	put_text(feed, 60);
	put(feed, "</ram:SummaryDescription>\n      <ram:TransportContractDocument>\n        <ram:ID>H%u"
		  "</ram:ID>\n      </ram:TransportContractDocument>\n", number);
	put_party(feed, "ConsignorParty");
	put_party(feed, "ConsigneeParty");
	put(feed, "      <ram:OriginLocation>\n        <ram:ID>PVG</ram:ID>\n      </ram:OriginLocation>\n"
		  "      <ram:FinalDestinationLocation>\n        <ram:ID>LAX</ram:ID>\n"
		  "      </ram:FinalDestinationLocation>\n    </ram:IncludedHouseConsignment>\n");
}

static void put_document(struct feed *feed, unsigned number, unsigned houses)
{
	put(feed, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rsm:HouseManifest xmlns:rsm=\""
		  "iata:housemanifest:1\" xmlns:ram=\"iata:datamodel:3\">\n  <rsm:MessageHeaderDocument>\n"
		  "    <ram:ID>M%u</ram:ID>\n    <ram:TypeCode>785</ram:TypeCode>\n    <ram:IssueDateTime>"
		  "2026-11-20T10:00:00</ram:IssueDateTime>\n    <ram:VersionID>3.00</ram:VersionID>\n"
		  "  </rsm:MessageHeaderDocument>\n  <rsm:BusinessHeaderDocument>\n    <ram:ID>M%u</ram:ID>\n"
		  "  </rsm:BusinessHeaderDocument>\n  <rsm:MasterConsignment>\n", number, number);
	for (unsigned i = 0; i < houses && feed->capacity - feed->length > 8192; i++)
		put_house(feed, i + 1);
	put(feed, "  </rsm:MasterConsignment>\n</rsm:HouseManifest>\n");
}

static struct feed generate(size_t bytes, unsigned houses)
{
	struct feed feed = feed_new(bytes);

	for (unsigned count = 1; feed.capacity - feed.length > 16384; count++)
		put_document(&feed, count, houses);
	return feed;
}

/* ---- the measurement ---------------------------------------------------------- */

struct bare {
	uint64_t elements, texts;
	unsigned depth;
	bool over;
};

static void bare_start(void *context, const xmlChar *local, const xmlChar *prefix,
		       const xmlChar *space, int namespaces, const xmlChar **declared, int count,
		       int defaulted, const xmlChar **attributes)
{
	struct bare *bare = context;
	(void)local;
	(void)prefix;
	(void)space;
	(void)namespaces;
	(void)declared;
	(void)count;
	(void)defaulted;
	(void)attributes;
	bare->elements++;
	bare->depth++;
}

static void bare_end(void *context, const xmlChar *local, const xmlChar *prefix,
		     const xmlChar *space)
{
	struct bare *bare = context;
	(void)local;
	(void)prefix;
	(void)space;
	bare->over = --bare->depth == 0;
}

static void bare_text(void *context, const xmlChar *bytes, int length)
{
	struct bare *bare = context;
	(void)bytes;
	bare->texts += (uint64_t)length;
}

/* Where each document ends is looked up beforehand: a bare parser could not tell. */
static double bare_once(const struct feed *feed, const size_t *ends, size_t count)
{
	xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC, .startElementNs = bare_start,
				 .endElementNs = bare_end, .characters = bare_text,
				 .ignorableWhitespace = bare_text};
	struct bare bare = {0};
	size_t at = 0, block = 65536;
	double start = cpu_seconds();
	xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, &bare, NULL, 0, NULL);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			xmlCtxtResetPush(parser, NULL, 0, NULL, NULL);
		while (at < ends[i]) {
			size_t left = ends[i] - at, length = left < block ? left : block;
			xmlParseChunk(parser, feed->data + at, (int)length, length == left);
			at += length;
		}
	}
	double seconds = cpu_seconds() - start;
	xmlFreeParserCtxt(parser);
	return bare.elements > 0 && bare.over ? seconds : 1e9;
}

static size_t find_ends(const struct feed *feed, size_t *ends, size_t most)
{
	size_t count = 0;
	const char mark[] = "<?xml ";
	for (size_t at = 1; at + 6 < feed->length && count + 1 < most; at++) {
		const char *next = memchr(feed->data + at, '<', feed->length - at - 6);
		if (next == NULL)
			break;
		at = (size_t)(next - feed->data);
		if (memcmp(next, mark, 6) == 0)
			ends[count++] = at;
	}
	ends[count++] = feed->length;
	return count;
}

#define DOCUMENTS ((size_t)1 << 20)

static void measure(const char *name, const struct feed *feed)
{
	size_t *ends = malloc(DOCUMENTS * sizeof(*ends));
	struct tw_sink sink = {0};
	double split = 1e9, bare = 1e9;
	if (ends == NULL)
		exit(1);
	size_t count = find_ends(feed, ends, DOCUMENTS);
	for (unsigned run = 0; run < 5; run++) {
		sink = (struct tw_sink){0};
		double seconds = bare_once(feed, ends, count);
		bare = seconds < bare ? seconds : bare;
		seconds = split_once(feed, &sink);
		split = seconds < split ? seconds : split;
	}
	printf("%s: %.0f MB, %ju messages, %ju units, %ju pieces, %ju anomalies\n", name,
	       (double)feed->length / 1e6, (uintmax_t)sink.messages, (uintmax_t)sink.units,
	       (uintmax_t)sink.pieces, (uintmax_t)sink.anomalies);
	printf("%s: split %.0f MB/s, bare libxml2 %.0f MB/s: %.2f times its time\n", name,
	       (double)feed->length / split / 1e6, (double)feed->length / bare / 1e6, split / bare);
	free(ends);
}

int main(int argc, char **argv)
{
	size_t megabytes = argc > 1 ? strtoul(argv[1], NULL, 10) : 64;
	if (argc > 2) {
		struct feed feed = load(argv[2]);
		measure("file", &feed);
		free(feed.data);
		return 0;
	}
	struct feed large = generate(megabytes << 20, 100000000);
	measure("one document", &large);
	free(large.data);
	struct feed small = generate(megabytes << 20, 5);
	measure("small documents", &small);
	free(small.data);
	return 0;
}
