/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a realistic and, but for a few consignments, lawful EDIFACT feed of any
 * size: CUSCAR manifests (sea and air, 1 to 400 bills), IFTMIN instructions and
 * IFTMCS transport documents, part of them of one and the same shipment.
 *
 *   generate --bytes 256M --seed 1 [--one-message] [--suspicious PER_MILLE] [--parties N] > feed.edi
 *
 * The same options give the same bytes. The shares are printed to standard error.
 * Everything made here is invented: names are put together from pieces, numbers
 * carry right check digits but stand for nothing. Memory does not grow with size.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed.h"

#define OUT_BYTES (1u << 20)
#define RECENT 1024u

struct options {
	uint64_t bytes, seed, parties;
	unsigned suspicious; /* per mille */
	bool one_message;
};

struct generator {
	struct options options;
	struct feed_random random;
	struct feed_words words;
	struct feed_parties parties;
	char *out;
	size_t length;
	uint64_t written; /* before `out` */
	uint64_t text_bytes, messages, interchanges, consignments, suspicious;
	uint64_t bills;	    /* numbers given out */
	uint64_t minutes;   /* of the feed, since its first day */
	unsigned segments;  /* of this message, UNH included */
	bool unicode;	    /* this interchange is UTF-8 */
	uint64_t recent[RECENT]; /* seeds of shipments that were instructed */
	uint64_t instructed;
	bool failed;
};

/* ---- writing ---------------------------------------------------------------- */

static void flush(struct generator *g)
{
	if (fwrite(g->out, 1, g->length, stdout) != g->length)
		g->failed = true;
	g->written += g->length;
	g->length = 0;
}

static void put(struct generator *g, const char *bytes, size_t length)
{
	memcpy(g->out + g->length, bytes, length);
	g->length += length;
}

/* Parts of segments stand in the code as they stand in the feed. */
#define PUT(g, literal) put((g), (literal), sizeof(literal) - 1)

static void put_string(struct generator *g, const char *string)
{
	put(g, string, strlen(string));
}

static void put_number(struct generator *g, uint64_t number, unsigned width)
{
	char digits[24];
	put(g, digits, feed_digits(number, width, digits));
}

/* Ends a segment. A consignment is far smaller than half the buffer. */
static void end(struct generator *g)
{
	PUT(g, "'");
	g->segments++;
}

static uint64_t total(const struct generator *g)
{
	return g->written + g->length;
}

static uint64_t below(struct generator *g, uint64_t limit)
{
	return feed_below(&g->random, limit);
}

/* YYMMDD or YYYYMMDD, and HHMM, of the feed's clock `ahead` minutes from now. */
static void put_time(struct generator *g, uint64_t ahead, bool century, const char *between)
{
	struct feed_date date = feed_date(g->minutes + ahead);
	put_number(g, century ? date.year : date.year % 100, century ? 4 : 2);
	put_number(g, date.month, 2);
	put_number(g, date.day, 2);
	put_string(g, between);
	put_number(g, date.hour, 2);
	put_number(g, date.minute, 2);
}

/* ---- a consignment ---------------------------------------------------------- */

/* What a consignment is, drawn from its own seed, so that a document can repeat it. */
struct shipment {
	uint64_t number;
	unsigned chapter, hs, from, to;
	unsigned pieces, kilograms, litres, value;
	size_t shipper, consignee, notify;
	unsigned carrier;
	bool air, consolidated, suspicious;
	char equipment[12];
	char waybill[13];
	struct feed_random random; /* for the texts */
};

static struct shipment draw(struct generator *g, uint64_t seed, bool air)
{
	struct feed_random r = feed_random(seed);
	struct shipment s = {.number = seed & 0xffffffffffu, .air = air};
	s.chapter = (unsigned)feed_below(&r, g->words.chapter_count);
	s.hs = (unsigned)feed_below(&r, g->words.chapters[s.chapter].code_count);
	s.from = feed_place(&r, air, true);
	s.to = feed_place(&r, air, false);
	s.pieces = 1 + (unsigned)feed_below(&r, air ? 60 : 1200);
	unsigned grams = 400 + (unsigned)feed_below(&r, 24000);
	s.kilograms = 1 + s.pieces * grams / 1000;
	s.litres = 1 + s.kilograms * (3 + (unsigned)feed_below(&r, 6));
	s.value = s.kilograms * (6 + (unsigned)feed_below(&r, 90));
	s.shipper = feed_below(&r, g->options.parties);
	/* One consignee in five is a forwarder or a large importer that receives often. */
	s.consignee = feed_below(&r, 5) == 0 ? feed_below(&r, 2000) : feed_below(&r, g->options.parties);
	s.notify = feed_below(&r, g->options.parties);
	s.carrier = (unsigned)feed_below(&r, 1000);
	s.consolidated = air && feed_below(&r, 4) == 0;
	/* At most the share that was asked for, at every point of the feed. */
	s.suspicious = feed_below(&r, 1000) < g->options.suspicious &&
		       g->suspicious * 1000 < g->consignments * g->options.suspicious;
	feed_container(&r, s.equipment);
	feed_waybill(&r, s.waybill);
	s.random = r;
	return s;
}

static void put_place(struct generator *g, const char *qualifier, const char *code)
{
	PUT(g, "LOC+");
	put_string(g, qualifier);
	PUT(g, "+");
	put_string(g, code);
	PUT(g, ":139:6");
	end(g);
}

static void put_party(struct generator *g, const char *role, size_t party)
{
	PUT(g, "NAD+");
	put_string(g, role);
	struct feed_piece piece = feed_party(&g->parties, party);
	put(g, piece.bytes, piece.length);
	end(g);
}

/* FTX+AAA, five components of 70 characters, wrapped mid-word as carriers do. */
static void put_goods_text(struct generator *g, struct shipment *s)
{
	char text[1024];
	size_t length = feed_description(&s->random, &g->words, &(struct feed_wish){
		.chapter = s->chapter, .hs = s->hs, .pieces = s->pieces, .unicode = g->unicode,
		.suspicious = s->suspicious, .longer = g->text_bytes * 4 < total(g)}, text);
	size_t at = 0;
	while (at < length) {
		PUT(g, "FTX+AAA+++");
		size_t before = g->length;
		for (unsigned line = 0; line < 5 && at < length; line++) {
			if (line > 0)
				PUT(g, ":");
			g->length += feed_wrap(text, length, &at, g->unicode, g->out + g->length);
		}
		g->text_bytes += g->length - before;
		end(g);
	}
}

static void put_marks(struct generator *g, struct shipment *s)
{
	char marks[128];
	size_t length = feed_marks(&s->random, s->pieces, marks);
	PUT(g, "PCI+28+");
	put(g, marks, length);
	end(g);
	g->text_bytes += length;
}

static void put_measure(struct generator *g, const char *what, uint64_t thousandths)
{
	PUT(g, "MEA+AAE+");
	put_string(g, what);
	put_number(g, thousandths / 1000, 1);
	PUT(g, ".");
	put_number(g, thousandths % 1000, 3);
	end(g);
}

static void put_goods(struct generator *g, struct shipment *s, bool customs)
{
	PUT(g, "GID+1+");
	put_number(g, s->pieces, 1);
	put_string(g, s->pieces % 3 == 0 ? ":PK" : ":CT");
	end(g);
	const char *code = g->words.chapters[s->chapter].codes[s->hs];
	if (!customs && feed_below(&s->random, 10) < 6) {
		PUT(g, "PIA+5+");
		put(g, code, 6);
		PUT(g, ":HS");
		end(g);
	}
	put_goods_text(g, s);
	put_measure(g, "G+KGM:", s->kilograms * 1000ull);
	put_measure(g, "AAW+MTQ:", s->litres);
	if (feed_below(&s->random, 2) == 0)
		put_marks(g, s);
	if (!s->air) {
		PUT(g, "SGP+");
		put_string(g, s->equipment);
		PUT(g, "+");
		put_number(g, s->pieces, 1);
		end(g);
	}
}

static void put_value(struct generator *g, const struct shipment *s)
{
	PUT(g, "MOA+44:");
	put_number(g, s->value, 1);
	PUT(g, ":USD");
	end(g);
}

static void put_bill_number(struct generator *g, const struct shipment *s)
{
	if (s->air && !s->consolidated) {
		put_string(g, s->waybill);
		return;
	}
	put_string(g, s->air ? "H" : feed_carriers[s->carrier % feed_carrier_count].scac);
	put_number(g, s->number, 10);
}

/* One bill of a manifest: group 7 and what stands below it. */
static void put_bill(struct generator *g, unsigned sequence, uint64_t seed, bool air)
{
	struct shipment s = draw(g, seed, air);
	PUT(g, "CNI+");
	put_number(g, sequence, 1);
	PUT(g, "+");
	put_bill_number(g, &s);
	end(g);
	if (s.consolidated) {
		PUT(g, "RFF+MWB:");
		put_string(g, s.waybill);
		end(g);
	}
	if (feed_below(&s.random, 10) < 4) {
		PUT(g, "RFF+HS:");
		put(g, g->words.chapters[s.chapter].codes[s.hs], 6);
		end(g);
	}
	if (feed_below(&s.random, 10) < 6)
		put_value(g, &s);
	put_place(g, "9", feed_places[s.from].code);
	put_place(g, "11", feed_places[s.to].code);
	put_party(g, "CZ", s.shipper);
	put_party(g, "CN", s.consignee);
	if (feed_below(&s.random, 2) == 0)
		put_party(g, "N1", s.notify);
	put_goods(g, &s, true);
	g->consignments++;
	g->suspicious += s.suspicious;
	if (g->length > OUT_BYTES / 2)
		flush(g);
}

/* ---- messages --------------------------------------------------------------- */

static void start_message(struct generator *g, const char *type)
{
	g->segments = 0;
	g->messages++;
	PUT(g, "UNH+");
	put_number(g, g->messages, 1);
	PUT(g, "+");
	put_string(g, type);
	end(g);
}

static void end_message(struct generator *g)
{
	PUT(g, "UNT+");
	put_number(g, g->segments + 1, 1);
	PUT(g, "+");
	put_number(g, g->messages, 1);
	end(g);
}

/* BGM with the number of a manifest or booking, or of the bill that a message is. */
static void put_document(struct generator *g, const char *code, uint64_t number,
			 const struct shipment *bill)
{
	PUT(g, "BGM+");
	put_string(g, code);
	PUT(g, "+");
	if (bill != NULL)
		put_bill_number(g, bill);
	else
		put_number(g, number, 10);
	PUT(g, "+9");
	end(g);
	PUT(g, "DTM+137:");
	put_time(g, 0, true, "");
	PUT(g, ":203");
	end(g);
}

static void put_transport(struct generator *g, uint64_t draw_of, bool air)
{
	const struct feed_carrier *carrier = &feed_carriers[draw_of % feed_carrier_count];
	PUT(g, "TDT+20+");
	if (air)
		put_string(g, carrier->iata);
	put_number(g, 100 + draw_of % 800, 1);
	if (air) {
		PUT(g, "+4++");
		put_string(g, carrier->iata);
		PUT(g, ":172:3");
	} else {
		char ship[8];
		feed_ship(draw_of % 900, ship);
		PUT(g, "W+1++");
		put_string(g, carrier->scac);
		PUT(g, ":172:182+++");
		put(g, ship, 7);
		PUT(g, ":146:11:");
		put_string(g, feed_ships[draw_of % feed_ship_count]);
	}
	end(g);
	PUT(g, "DTM+132:");
	put_time(g, 60 * (24 + draw_of % 400), true, "");
	PUT(g, ":203");
	end(g);
}

/* Up to 400 bills; in one single message, as many as fill the feed. */
static void put_manifest(struct generator *g, unsigned bills, bool air)
{
	start_message(g, "CUSCAR:D:95B:UN");
	put_document(g, "785", ++g->bills, NULL);
	put_transport(g, below(g, 100000), air);
	put_place(g, "5", feed_places[feed_place(&g->random, air, true)].code);
	put_place(g, "61", feed_places[feed_place(&g->random, air, false)].code);
	unsigned count = 0;
	while (g->options.one_message ? total(g) + 200 < g->options.bytes : count < bills)
		put_bill(g, ++count, (g->options.seed << 40) + ++g->bills, air);
	PUT(g, "CNT+10:");
	put_number(g, count, 1);
	end(g);
	end_message(g);
}

static void put_booking(struct generator *g, const struct shipment *s)
{
	PUT(g, "RFF+BN:B");
	put_number(g, s->number, 10);
	end(g);
}

static void put_equipment(struct generator *g, const struct shipment *s)
{
	PUT(g, "EQD+CN+");
	put_string(g, s->equipment);
	PUT(g, "+45G1:102:5++2+5");
	end(g);
	PUT(g, "SEL+TW");
	put_number(g, s->number % 10000000, 7);
	PUT(g, "+CA");
	end(g);
}

/* An instruction (IFTMIN) or a transport document (IFTMCS) of one consignment. */
static void put_instruction(struct generator *g, uint64_t seed, bool document)
{
	struct shipment s = draw(g, seed, false);
	start_message(g, document ? "IFTMCS:D:99B:UN" : "IFTMIN:D:99B:UN");
	put_document(g, document ? "705" : "610", s.number, document ? &s : NULL);
	PUT(g, "CNT+7:");
	put_number(g, s.kilograms, 1);
	PUT(g, ":KGM");
	end(g);
	put_booking(g, &s);
	put_transport(g, s.carrier, false);
	put_place(g, "9", feed_places[s.from].code);
	put_place(g, "11", feed_places[s.to].code);
	put_party(g, "CZ", s.shipper);
	PUT(g, "CTA+IC+:EXPORT DEPARTMENT");
	end(g);
	PUT(g, "COM+86");
	put_number(g, 13000000000u + s.shipper * 7919, 11);
	PUT(g, ":TE");
	end(g);
	put_party(g, "CN", s.consignee);
	put_party(g, "N1", s.notify);
	put_goods(g, &s, false);
	put_equipment(g, &s);
	end_message(g);
	g->consignments++;
	g->suspicious += s.suspicious;
	if (g->length > OUT_BYTES / 2)
		flush(g);
}

static void put_message(struct generator *g)
{
	unsigned kind = (unsigned)below(g, 100);
	if (kind < 4) {
		/* Few large manifests, many small ones. */
		unsigned bills = 1 + (unsigned)below(g, below(g, 3) == 0 ? 400 : 60);
		put_manifest(g, bills, kind == 0);
	} else if (kind < 66 || g->instructed == 0) {
		uint64_t seed = (g->options.seed << 40) + ++g->bills;
		g->recent[g->instructed++ % RECENT] = seed;
		put_instruction(g, seed, false);
	} else {
		uint64_t held = g->instructed < RECENT ? g->instructed : RECENT;
		put_instruction(g, g->recent[below(g, held)], true);
	}
}

/* ---- interchanges ----------------------------------------------------------- */

static void put_interchange(struct generator *g)
{
	uint64_t first = g->messages;
	uint64_t reference = ++g->interchanges;
	unsigned sender = (unsigned)below(g, feed_carrier_count);
	uint64_t stop = total(g) + (1u << 18) + below(g, 1u << 20);
	g->unicode = reference % 8 == 0;
	g->minutes += 5 + below(g, 20);
	PUT(g, "UNB+");
	put_string(g, g->unicode ? "UNOW:4+" : "UNOC:3+");
	put_string(g, feed_carriers[sender].scac);
	PUT(g, ":ZZ+CUSTOMSGATE:ZZ+");
	put_time(g, 0, g->unicode, ":");
	PUT(g, "+");
	put_number(g, reference, 8);
	PUT(g, "'");
	if (g->options.one_message)
		put_manifest(g, 0, false);
	while (!g->options.one_message && total(g) < stop && total(g) + 2048 < g->options.bytes)
		put_message(g);
	PUT(g, "UNZ+");
	put_number(g, g->messages - first, 1);
	PUT(g, "+");
	put_number(g, reference, 8);
	PUT(g, "'\n");
	flush(g);
}

static void report(const struct generator *g)
{
	double bytes = (double)g->written;
	fprintf(stderr, "%llu bytes, %llu interchanges, %llu messages, %llu consignments\n",
		(unsigned long long)g->written, (unsigned long long)g->interchanges,
		(unsigned long long)g->messages, (unsigned long long)g->consignments);
	fprintf(stderr, "%llu distinct parties, %.1f%% free text, %llu suspicious (%.2f per mille)\n",
		(unsigned long long)feed_parties_used(&g->parties), 100 * (double)g->text_bytes / bytes,
		(unsigned long long)g->suspicious,
		1000 * (double)g->suspicious / (double)(g->consignments > 0 ? g->consignments : 1));
}

/* ---- the command line --------------------------------------------------------- */

static bool read_size(const char *text, uint64_t *ret_size)
{
	char *rest = NULL;
	uint64_t size = strtoull(text, &rest, 10);
	static const char units[] = "kMG";
	const char *unit = *rest == '\0' ? NULL : strchr(units, *rest);
	if (rest == text || (*rest != '\0' && (unit == NULL || rest[1] != '\0')))
		return false;
	for (const char *step = units; unit != NULL && step <= unit; step++)
		size *= 1024;
	*ret_size = size;
	return true;
}

static bool read_option(struct options *options, const char *name, const char *value)
{
	uint64_t number = 0;
	if (value == NULL || !read_size(value, &number))
		return false;
	if (strcmp(name, "--bytes") == 0)
		options->bytes = number;
	else if (strcmp(name, "--seed") == 0)
		options->seed = number;
	else if (strcmp(name, "--parties") == 0 && number >= 2000 && number <= 10000000)
		options->parties = number;
	else if (strcmp(name, "--suspicious") == 0 && number <= 1000)
		options->suspicious = (unsigned)number;
	else
		return false;
	return true;
}

static bool read_options(struct options *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--one-message") == 0)
			options->one_message = true;
		else if (!read_option(options, argv[i], i + 1 < argc ? argv[i + 1] : NULL))
			return false;
		else
			i++;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct generator *g = calloc(1, sizeof(*g));
	if (g == NULL)
		return 1;
	g->options = (struct options){.bytes = 64u << 20, .seed = 1, .parties = 120000, .suspicious = 1};
	if (!read_options(&g->options, argc, argv)) {
		fprintf(stderr, "usage: generate [--bytes N[k|M|G]] [--seed N] [--one-message] "
				"[--suspicious PER_MILLE] [--parties 2000-10000000]\n");
		free(g);
		return 2;
	}
	g->random = feed_random(g->options.seed);
	g->out = malloc(OUT_BYTES);
	if (g->out == NULL || !feed_words_create(&g->words) ||
	    !feed_parties_create(&g->parties, g->options.parties, g->options.seed))
		g->failed = true;
	while (!g->failed && (total(g) + 4096 < g->options.bytes || g->interchanges == 0))
		put_interchange(g);
	if (!g->failed)
		report(g);
	bool failed = g->failed || fflush(stdout) != 0;
	feed_words_free(&g->words);
	feed_parties_free(&g->parties);
	free(g->out);
	free(g);
	return failed ? 1 : 0;
}
