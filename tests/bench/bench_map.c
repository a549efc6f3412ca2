/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast a map is walked: MB of EDIFACT bytes a second, split beforehand, into
 * records. bench_map [FOLDER OF MAPS] [SECONDS]. The manifest is lawful: 48 bills (so few,
 * that the list stays in the cache, as the parser's pieces do)
 * of four parties, two goods items and a container each, a quarter of it text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "map/map.h"

#define BILLS 48u

struct list {
	struct tw_buffer text, units, pieces;
};

struct unit_at {
	size_t start, length, tag;
	unsigned first, count;
};

static void write_bill(struct tw_buffer *out, unsigned number)
{
	static const char *const goods[] = {
		"COTTON T-SHIRTS AND KNITTED SWEATERS, 100 PERCENT COTTON, SEVERAL SIZE",
		"CERAMIC FLOOR TILES ON PALLETS, GLAZED, FOR INTERIOR USE",
		"SPARE PARTS FOR AGRICULTURAL TRACTORS AS PER INVOICE",
		"PLASTIC HOUSEHOLD ARTICLES, STORAGE BOXES WITH LIDS, NOT FOR FOOD",
	};
	tw_buffer_printf(out, "CNI+%u+MAEU%09u'RFF+BM:MAEU%09u'CNT+7:%u.5:KGM'CNT+11:%u'",
			 number, 581000000 + number * 7, 581000000 + number * 7, 9000 + number * 3,
			 100 + number % 90);
	tw_buffer_printf(out, "LOC+9+CNSHA:139:6:SHANGHAI'LOC+11+USLAX:139:6:LOS ANGELES'"
			      "LOC+7+USDAL:139:6'DTM+137:20261101:102'");
	tw_buffer_printf(out, "NAD+CZ+++NINGBO HUAMEI TEXTILE %u CO LTD+NO %u BINHAI ROAD"
			      "+NINGBO++3158%02u+CN'", number * 17 % 5000, number, number % 100);
	tw_buffer_printf(out, "NAD+CN+++PACIFIC IMPORTS %u INC+%u HARBOR BOULEVARD+LOS ANGELES+CA"
			      "+900%02u+US'COM+12135550%03u:TE'", number * 31 % 7000, 100 + number,
			 number % 100, number % 1000);
	tw_buffer_printf(out, "NAD+N1+++PACIFIC IMPORTS %u INC+%u HARBOR BOULEVARD+LOS ANGELES+CA"
			      "+900%02u+US'", number * 31 % 7000, 100 + number, number % 100);
	tw_buffer_printf(out, "NAD+FW+++GLOBAL FORWARDING %u GMBH'", number % 40);
	for (unsigned item = 1; item <= 2; item++)
		tw_buffer_printf(out, "GID+%u+%u:CT:::CARTONS'FTX+AAA+++%s:%s'PCI+31+PO %u:MADE IN CHINA'"
				      "MEA+AAE+G+KGM:%u.25'MEA+AAE+AAW+MTQ:%u.5'PIA+5+6109%04u:HS'"
				      "SGP+MSKU%07u+%u'", item, 50 + number % 40,
				 goods[(number + item) % 4], goods[(number + item + 1) % 4],
				 70000 + number, 4500 + number, 10 + number % 50, number % 10000,
				 1000000 + number * 11, 50);
}

static void write_manifest(struct tw_buffer *out)
{
	tw_buffer_printf(out, "BGM+785+MANIFEST1+9'DTM+137:20261119:102'NAD+CA+MAEU:172:20'"
			      "TDT+20+123W+1++MAEU:172:20+++9074729:146:11:MAERSK TEST'"
			      "LOC+5+CNSHA:139:6'DTM+133:202611181200:203'LOC+60+USLAX:139:6'");
	for (unsigned i = 0; i < BILLS; i++)
		tw_buffer_printf(out, "EQD+CN+MSKU%07u+45G1:102:5+++5'SEL+ML%07u+CA'",
				 1000000 + i * 11, i * 3);
	for (unsigned i = 0; i < BILLS; i++)
		write_bill(out, i + 1);
}

static void split_segment(struct list *list, size_t start, size_t end)
{
	struct tw_slice text = tw_buffer_slice(&list->text);
	struct unit_at unit = {.start = start, .length = end - start, .tag = 0};
	unsigned element = 0;
	unsigned component = 1;
	size_t from = start;
	unit.first = (unsigned)(list->pieces.length / sizeof(struct tw_piece));
	for (size_t at = start; at <= end; at++) {
		int c = at < end ? tw_slice_at(text, at) : '+';
		if (c != '+' && c != ':')
			continue;
		if (element == 0) {
			unit.tag = at - start;
		} else {
			struct tw_piece piece = {
				.start = (uint32_t)(from - start),
				.length = (uint32_t)(at - from),
				.element = (uint16_t)element,
				.component = (uint8_t)component,
				.repetition = 1,
			};
			tw_buffer_append(&list->pieces, &piece, sizeof(piece));
			unit.count++;
		}
		component = c == ':' ? component + 1 : 1;
		element += c == '+';
		from = at + 1;
	}
	tw_buffer_append(&list->units, &unit, sizeof(unit));
}

static void split(struct list *list)
{
	size_t start = 0;
	for (size_t at = 0; at < list->text.length; at++) {
		if (list->text.data[at] != '\'')
			continue;
		split_segment(list, start, at);
		start = at + 1;
	}
}

struct result {
	struct tw_buffer record;
	unsigned long consignments, values;
	bool write;
};

static int take(void *context, struct tw_builder *builder, uint64_t end)
{
	struct result *result = context;
	result->consignments++;
	result->values += builder->entry_count;
	tw_buffer_clear(&result->record);
	return result->write ? tw_builder_write(builder, end, &result->record) : TW_OK;
}

static void walk_all(struct tw_walk *walk, const struct list *list, const struct tw_map *map)
{
	const struct unit_at *units = (const void *)list->units.data;
	const struct tw_piece *pieces = (const void *)list->pieces.data;
	size_t count = list->units.length / sizeof(*units);
	struct tw_message_start message = {.type = TW_LITERAL("CUSCAR")};
	(void)tw_walk_message(walk, map, TW_MAP_EXACT, &message, 0);
	for (size_t i = 0; i < count; i++) {
		struct tw_unit unit = {
			.kind = TW_UNIT_SEGMENT,
			.tag = tw_slice(list->text.data + units[i].start, units[i].tag),
			.bytes = tw_slice(list->text.data + units[i].start, units[i].length),
			.offset = units[i].start,
			.pieces = pieces + units[i].first,
			.piece_count = units[i].count,
			.release = '?',
			.decimal = '.',
		};
		(void)tw_walk_unit(walk, &unit);
	}
	(void)tw_walk_end(walk, list->text.length, true);
}

static double seconds(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : "parsers/edifact/maps";
	double wanted = argc > 2 ? atof(argv[2]) : 2;
	struct list list = {0};
	struct result result = {.write = true};
	struct tw_maps *maps = NULL;
	struct tw_walk *walk = NULL;
	struct tw_buffer problems = {0};
	struct tw_walk_events events = {.context = &result, .consignment = take};
	struct tw_walk_limits limits = {16u << 20, 1000, 65536};
	struct tw_map_request request = {TW_LITERAL("edifact"), TW_LITERAL("CUSCAR"),
					 TW_LITERAL("D:95B:UN"), {0}, {0}};
	enum tw_map_choice choice;
	if (tw_maps_create(&maps) < 0 || tw_maps_read_folder(maps, folder, &problems) != 0 ||
	    tw_walk_create(&events, &limits, &walk) < 0) {
		(void)fprintf(stderr, "%.*s", (int)problems.length, problems.data);
		return 1;
	}
	const struct tw_map *map = tw_maps_select(maps, &request, &choice);
	write_manifest(&list.text);
	split(&list);
	double start = seconds();
	double spent = 0;
	unsigned long rounds = 0;
	for (; spent < wanted; spent = seconds() - start) {
		walk_all(walk, &list, map);
		rounds++;
	}
	double bytes = (double)list.text.length * (double)rounds;
	(void)printf("map walk: %.0f MB/s of EDIFACT, %.0f consignments/s, %.1f values each, "
		     "%.0f bytes each\n", bytes / spent / 1e6,
		     (double)result.consignments / spent,
		     (double)result.values / (double)result.consignments,
		     bytes / (double)result.consignments);
	tw_walk_free(walk);
	tw_maps_free(maps);
	tw_buffer_free(&result.record);
	tw_buffer_free(&problems);
	tw_buffer_free(&list.text);
	tw_buffer_free(&list.units);
	tw_buffer_free(&list.pieces);
	return 0;
}
