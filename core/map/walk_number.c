/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

#include <math.h>

#include "base/number.h"
#include "base/time.h"

static struct tw_slice word_at(const struct tw_map *map, unsigned index)
{
	return map_slice(map, *MAP_AT(struct map_text, map->words, index));
}

/* UN1090 and UN 1090 are 1090. */
static void strip_prefix(const struct tw_walk *walk, const struct map_action *action,
			 struct walk_value *value)
{
	for (unsigned i = 0; i < action->strip_count && value->runs == NULL; i++) {
		struct tw_slice prefix = word_at(walk->map, action->strip_first + i);
		if (!tw_slice_starts(value->text, prefix))
			continue;
		struct tw_slice rest = tw_slice_trim(tw_slice_from(value->text, prefix.length));
		if (rest.length == 0)
			return;
		value->origin += value->text.length - rest.length;
		value->origin_length = rest.length;
		value->text = rest;
		return;
	}
}

/* ---- numbers -------------------------------------------------------------- */

static struct tw_slice unit_text(struct tw_walk *walk, const struct map_action *action,
				 const struct walk_value *value)
{
	/* Cargo-IMP writes the unit before the number. */
	if (action->after_count > 0) {
		const struct tw_unit *unit = walk->unit;
		size_t end = (size_t)(value->origin - unit->offset);
		size_t start = end;
		while (start > 0 && tw_slice_at(unit->bytes, start - 1) >= 'A' &&
		       tw_slice_at(unit->bytes, start - 1) <= 'Z')
			start--;
		return tw_slice_part(unit->bytes, start, end - start);
	}
	if (action->unit.length > 0)
		return map_slice(walk->map, action->unit);
	struct tw_slice text = walk_piece_bytes(walk, walk_piece(walk, action->aux));
	/* All of it, or the columns of it that the map names. */
	return tw_slice_part(text, action->aux.from,
			     action->aux.length == 0 ? SIZE_MAX : action->aux.length);
}

/* To kilograms or cubic metres. A number without a unit is taken to be in them. */
static void convert_unit(struct tw_walk *walk, const struct map_action *action,
			 const struct walk_value *value, struct tw_new_value *out)
{
	struct tw_slice text = tw_slice_trim(unit_text(walk, action, value));
	enum tw_unit_of_measure unit = TW_MEASURE_UNKNOWN;
	if (text.length == 0)
		return;
	double factor = map_measure(text, action->cubic, &unit);
	out->unit = unit;
	out->number = factor > 0 ? out->number * factor : (double)NAN;
	if (factor <= 0)
		walk_anomaly(walk, "map.unit", value, "the unit of measure is not known");
}

static bool convert_number(struct tw_walk *walk, const struct map_action *action,
			   const struct walk_value *value, struct tw_new_value *out)
{
	char decimal = walk->unit->decimal == 0 ? '.' : walk->unit->decimal;
	if (!tw_number_parse(value->text, decimal, &out->number)) {
		walk_anomaly(walk, "map.number", value, "the value is no number");
		out->number = (double)NAN;
		return true;
	}
	if (action->measured &&
	    (action->aux.element != 0 || action->after_count > 0 || action->unit.length > 0))
		convert_unit(walk, action, value, out);
	if (!isinf(action->most) && (out->number < 0 || out->number > action->most)) {
		walk_anomaly(walk, "map.range", value, "no consignment weighs, fills or counts that");
		out->number = (double)NAN;
	}
	return true;
}

/* ---- dates ---------------------------------------------------------------- */

static int digits(struct tw_slice text, size_t at, size_t count)
{
	uint64_t number = 0;
	return tw_count_parse(tw_slice_part(text, at, count), &number) ? (int)number : -1;
}

/* Cargo-IMP: 12NOV26, or 12NOV, which is not a day without a year. */
static bool parse_air_date(struct tw_slice text, double *ret_time)
{
	static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
	char iso[16] = "20";
	if (text.length != 7)
		return false;
	for (size_t month = 0; month < 12; month++) {
		if (memcmp(months + month * 3, text.data + 2, 3) != 0)
			continue;
		int day = digits(text, 0, 2);
		int year = digits(text, 5, 2);
		if (day < 1 || year < 0)
			return false;
		memcpy(iso + 2, text.data + 5, 2);
		iso[4] = (char)('0' + (month + 1) / 10);
		iso[5] = (char)('0' + (month + 1) % 10);
		memcpy(iso + 6, text.data, 2);
		return tw_time_parse(tw_slice(iso, 8), 102, ret_time);
	}
	return false;
}

static bool is_time_of_day(int format)
{
	return format == 401 || format == 402;
}

int walk_date_format(const struct tw_walk *walk, const struct map_action *action)
{
	if (action->date_kind != DATE_BY_PIECE)
		return action->date_kind == DATE_FIXED ? action->date_format : 0;
	struct tw_slice text = walk_piece_bytes(walk, walk_piece(walk, action->aux));
	int format = digits(text, 0, text.length);
	return format < 0 ? 0 : format;
}

bool walk_read_date(struct tw_slice text, int format, double *ret_time)
{
	return !is_time_of_day(format) && tw_time_parse(text, format, ret_time);
}

/*
 * By the 2379 format qualifier. A value whose length contradicts it is odd, but
 * where its length alone makes it a date, that date is kept.
 */
static bool convert_qualified(struct tw_walk *walk, const struct walk_value *value, int format,
			      struct tw_new_value *out)
{
	if (is_time_of_day(format))
		return false; /* without a day */
	if (walk_read_date(value->text, format, &out->number))
		return true;
	walk_anomaly(walk, "map.date", value, "the value is no date in its format");
	if (!tw_time_parse(value->text, 0, &out->number))
		out->number = (double)NAN;
	return true;
}

static bool convert_time(struct tw_walk *walk, const struct map_action *action,
			 const struct walk_value *value, struct tw_new_value *out)
{
	bool good = true;
	switch (action->date_kind) {
	case DATE_BY_PIECE:
	case DATE_FIXED:
		return convert_qualified(walk, value, walk_date_format(walk, action), out);
	case DATE_ISO:
		good = tw_time_parse_iso(value->text, &out->number);
		break;
	case DATE_AIR:
		good = parse_air_date(value->text, &out->number);
		break;
	default:
		good = tw_time_parse(value->text, 0, &out->number);
		break;
	}
	if (!good) {
		walk_anomaly(walk, "map.date", value, "the value is no date in its format");
		out->number = (double)NAN;
	}
	return true;
}

/* ---- codes ---------------------------------------------------------------- */

static bool convert_code(struct tw_walk *walk, const struct map_action *action,
			 const struct walk_value *value, struct tw_new_value *out)
{
	out->number = action->constant;
	if (value->constant || action->table == 0)
		return true;
	int code = map_find_code(walk->map, action->table, map_pack(value->text));
	out->number = code < 0 ? 0 : code;
	return true;
}

/* The word stands for the whole of what it was found by. */
static void convert_name(struct tw_walk *walk, const struct map_action *action,
			 struct walk_value *value)
{
	int word = map_find_code(walk->map, action->table, map_pack(value->text));
	if (word < 0)
		return;
	value->text = word_at(walk->map, (unsigned)word);
	walk->named = (struct tw_run){0, (uint32_t)value->text.length, 0,
				      (uint32_t)value->origin_length};
	value->runs = &walk->named;
	value->run_count = 1;
}

static bool convert_flag(const struct walk_value *value, struct tw_new_value *out)
{
	static const char *const no[] = {"0", "false", "N", "NO", "no"};
	out->number = 1;
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (tw_slice_is(value->text, no[i]))
			out->number = 0;
	return true;
}

bool walk_convert(struct tw_walk *walk, const struct map_action *action, struct walk_value *value,
		  struct tw_new_value *out)
{
	if (action->strip_count > 0)
		strip_prefix(walk, action, value);
	switch ((enum tw_field_type)action->type) {
	case TW_TYPE_number:
		return convert_number(walk, action, value, out);
	case TW_TYPE_time:
		return convert_time(walk, action, value, out);
	case TW_TYPE_code:
		return convert_code(walk, action, value, out);
	case TW_TYPE_flag:
		return convert_flag(value, out);
	case TW_TYPE_text:
		if (action->table != 0)
			convert_name(walk, action, value);
		break;
	}
	return true;
}
