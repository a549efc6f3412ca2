/* SPDX-License-Identifier: Apache-2.0 */
#include "map/map_table.h"

#include "base/number.h"

static bool same_text(const struct tw_map *map, const struct map_text *text, struct tw_slice with)
{
	return tw_slice_equal(map_slice(map, *text), with);
}

/* ---- excluded types ------------------------------------------------------- */

/* PAXLST, or a range of numbers 270-278. */
static bool type_within(struct tw_slice pattern, struct tw_slice type)
{
	uint64_t from = 0;
	uint64_t to = 0;
	uint64_t number = 0;
	if (tw_slice_equal(pattern, type))
		return true;
	size_t dash = 0;
	while (dash < pattern.length && pattern.data[dash] != '-')
		dash++;
	return tw_count_parse(tw_slice_part(pattern, 0, dash), &from) &&
	       tw_count_parse(tw_slice_from(pattern, dash + 1), &to) &&
	       tw_count_parse(type, &number) && number >= from && number <= to;
}

static bool map_excludes(const struct tw_map *map, const struct tw_map_request *request)
{
	for (unsigned i = 0; i < MAP_COUNT(struct map_text, map->excludes); i += 2) {
		const struct map_text *pair = MAP_AT(struct map_text, map->excludes, i);
		if (same_text(map, &pair[0], request->format) &&
		    type_within(map_slice(map, pair[1]), request->type))
			return true;
	}
	return false;
}

/* ---- versions ------------------------------------------------------------- */

/*
 * A release as a number, so that releases can be compared: D:95B is 1995 and B.
 * UN/EDIFACT directories have two-digit years from 88 on; D:3 is as D:03.
 * Others (006050, 16) count as they are.
 */
static double release_number(struct tw_slice version)
{
	double number = 0;
	size_t at = 0;
	bool edifact = tw_slice_at(version, 1) == ':';
	if (edifact)
		version = tw_slice_from(version, 2);
	for (; tw_slice_at(version, at) >= '0' && tw_slice_at(version, at) <= '9'; at++)
		number = number * 10 + (tw_slice_at(version, at) - '0');
	if (!edifact)
		return number;
	number += number < 80 ? 2000 : 1900;
	int letter = tw_slice_at(version, at);
	return letter >= 'A' && letter <= 'Z' ? number + (letter - 'A') / 26.0 : number;
}

/* D:95B is the version of D:95B:UN and D:95B:UN:EAN003; 0 where it is just that. */
static double version_distance(struct tw_slice listed, struct tw_slice asked)
{
	if (tw_slice_starts(asked, listed) &&
	    (asked.length == listed.length || tw_slice_at(asked, listed.length) == ':'))
		return 0;
	double distance = release_number(listed) - release_number(asked);
	/* Never 0, and the older of two as near: newer directories only add. */
	return distance > 0 ? distance + 0.002 : -distance + 0.001;
}

/* The distance of the nearest version a map lists; negative where it lists none. */
static double map_distance(const struct tw_map *map, struct tw_slice version)
{
	double nearest = -1;
	for (unsigned i = 0; i < MAP_COUNT(struct map_text, map->versions); i++) {
		struct tw_slice listed =
			map_slice(map, *MAP_AT(struct map_text, map->versions, i));
		double distance = version_distance(listed, version);
		if (nearest < 0 || distance < nearest)
			nearest = distance;
	}
	return nearest;
}

/* ---- the choice ----------------------------------------------------------- */

static bool reads_type(const struct tw_map *map, struct tw_slice type)
{
	if (type.length == 0)
		return map->untyped;
	for (unsigned i = 0; i < MAP_COUNT(struct map_text, map->types); i++)
		if (same_text(map, MAP_AT(struct map_text, map->types, i), type))
			return true;
	return false;
}

/* A partner is named by the whole of its identification or by its first component. */
static bool names_partner(struct tw_slice listed, struct tw_slice partner)
{
	return listed.length > 0 && tw_slice_starts(partner, listed) &&
	       (partner.length == listed.length || tw_slice_at(partner, listed.length) == ':');
}

static bool lists_partner(const struct tw_map *map, const struct tw_buffer *list,
			  struct tw_slice partner)
{
	for (unsigned i = 0; i < MAP_COUNT(struct map_text, *list); i++)
		if (names_partner(map_slice(map, *MAP_AT(struct map_text, *list, i)), partner))
			return true;
	return false;
}

static bool wants_partner(const struct tw_map *map)
{
	return (map->partners.length | map->senders.length | map->recipients.length) > 0;
}

/* Each of the lists there is has to name its side. */
static bool is_partner(const struct tw_map *map, const struct tw_map_request *request)
{
	if (map->partners.length > 0 && !lists_partner(map, &map->partners, request->sender) &&
	    !lists_partner(map, &map->partners, request->recipient))
		return false;
	if (map->senders.length > 0 && !lists_partner(map, &map->senders, request->sender))
		return false;
	if (map->recipients.length > 0 && !lists_partner(map, &map->recipients, request->recipient))
		return false;
	return wants_partner(map);
}

bool tw_maps_ask_partners(const struct tw_maps *maps)
{
	for (unsigned i = 0; i < tw_maps_count(maps); i++)
		if (wants_partner(tw_maps_at(maps, i)))
			return true;
	return false;
}

struct candidate {
	const struct tw_map *map;
	int rank; /* 5 partner and version, 4 partner, 3 partner, another version, 2 exact version, 1 */
	double distance;
	enum tw_map_choice choice;
};

static struct candidate judge(const struct tw_map *map, const struct tw_map_request *request)
{
	struct candidate candidate = {.map = map, .rank = 0};
	if (!tw_slice_equal(map_slice(map, map->format), request->format) ||
	    !reads_type(map, request->type))
		return candidate;
	bool partner = is_partner(map, request);
	if (wants_partner(map) && !partner)
		return candidate;
	candidate.distance = map_distance(map, request->version);
	bool exact = candidate.distance >= 0 && candidate.distance <= 0 && request->type.length > 0;
	candidate.rank = partner ? (exact ? 5 : candidate.distance < 0 ? 4 : 3) : exact ? 2 : 1;
	candidate.choice = partner				  ? TW_MAP_PARTNER
			   : exact				  ? TW_MAP_EXACT
			   : candidate.distance < 0 && !map->untyped ? TW_MAP_TYPE
								  : TW_MAP_NEAREST;
	/* A map for every version is the last resort. */
	if (candidate.distance < 0)
		candidate.distance = 1e9;
	return candidate;
}

static bool is_excluded(const struct tw_maps *maps, const struct tw_map_request *request)
{
	const struct tw_map *map = NULL;
	for (unsigned i = 0; (map = map_exclusion(maps, i)) != NULL; i++)
		if (map_excludes(map, request))
			return true;
	return false;
}

/* Of two as good, the one read later: an operator's folder is read after ours. */
const struct tw_map *tw_maps_select(const struct tw_maps *maps, const struct tw_map_request *request,
				    enum tw_map_choice *ret_choice)
{
	struct candidate best = {.rank = 0, .choice = TW_MAP_TYPE};
	if (is_excluded(maps, request)) {
		*ret_choice = TW_MAP_EXCLUDED;
		return NULL;
	}
	for (unsigned i = 0; i < tw_maps_count(maps); i++) {
		struct candidate candidate = judge(tw_maps_at(maps, i), request);
		if (candidate.rank > best.rank ||
		    (candidate.rank == best.rank && candidate.rank > 0 &&
		     candidate.distance <= best.distance))
			best = candidate;
	}
	*ret_choice = best.choice;
	return best.map;
}

/* ---- --explain-map -------------------------------------------------------- */

static void explain_texts(const struct tw_map *map, const char *label,
			  const struct tw_buffer *array, struct tw_buffer *out)
{
	if (array->length == 0)
		return;
	tw_buffer_printf(out, "%s", label);
	for (unsigned i = 0; i < MAP_COUNT(struct map_text, *array); i++) {
		struct tw_slice text = map_slice(map, *MAP_AT(struct map_text, *array, i));
		tw_buffer_append_byte(out, ' ');
		tw_buffer_append_slice(out, text);
	}
	tw_buffer_printf(out, "\n");
}

static void explain_requires(const struct tw_map *map, struct tw_buffer *out)
{
	for (unsigned i = 0; i < MAP_COUNT(struct map_require, map->requires); i++) {
		const struct map_require *require = MAP_AT(struct map_require, map->requires, i);
		for (unsigned j = 0; j < MAP_ALTERNATIVES && require->fields[j] != 0; j++)
			tw_buffer_printf(out, "%s%s", j == 0 ? "require " : "|",
					 tw_field_info(require->fields[j])->keyword);
		tw_buffer_printf(out, "\n");
	}
}

static void explain_totals(const struct tw_map *map, struct tw_buffer *out)
{
	for (unsigned i = 0; i < MAP_COUNT(struct map_total, map->totals); i++) {
		const struct map_total *total = MAP_AT(struct map_total, map->totals, i);
		tw_buffer_printf(out, "total %s %s\n", tw_field_info(total->declared)->keyword,
				 tw_field_info(total->part)->keyword);
	}
}

static void explain_code(const struct tw_map *map, const struct map_table *table,
			 const struct map_code *code, struct tw_buffer *out)
{
	char text[9] = {0};
	uint64_t key = code->key;
	for (size_t byte = 8; byte-- > 0; key >>= 8)
		text[byte] = (char)(key & 0xff);
	size_t start = 0;
	while (start < 7 && text[start] == '\0')
		start++;
	struct tw_slice value =
		strcmp(table->set, MAP_NAMES) == 0
			? map_slice(map, *MAP_AT(struct map_text, map->words, (unsigned)code->value))
			: tw_slice_string(tw_code_name(table->set, (unsigned)code->value));
	tw_buffer_printf(out, "  %s = %.*s\n", text + start, (int)value.length, value.data);
}

static void explain_codes(const struct tw_map *map, struct tw_buffer *out)
{
	for (unsigned t = 0; t < MAP_COUNT(struct map_table, map->tables); t++) {
		const struct map_table *table = MAP_AT(struct map_table, map->tables, t);
		struct tw_slice name = map_slice(map, table->name);
		if (strcmp(table->set, MAP_NAMES) == 0)
			tw_buffer_printf(out, "names %.*s\n", (int)name.length, name.data);
		else
			tw_buffer_printf(out, "codes %.*s of %s\n", (int)name.length, name.data,
					 table->set);
		for (unsigned i = 0; i < MAP_COUNT(struct map_code, map->table_codes); i++) {
			const struct map_code *code =
				MAP_AT(struct map_code, map->table_codes, i);
			if (code->table == t)
				explain_code(map, table, code, out);
		}
	}
}

static void explain_context(const struct tw_map *map, unsigned context, struct tw_buffer *out)
{
	struct tw_slice name = map_slice(map, map->contexts[context].name);
	bool any = false;
	for (unsigned i = 0; i < MAP_COUNT(struct map_row, map->rows); i++) {
		const struct map_row *row = MAP_AT(struct map_row, map->rows, i);
		struct tw_slice text = map_slice(map, row->text);
		struct tw_slice file = map_slice(map, row->file);
		if (row->context != context)
			continue;
		if (!any)
			tw_buffer_printf(out, "in %.*s\n", (int)name.length, name.data);
		any = true;
		tw_buffer_printf(out, "  %.*s  # %.*s:%u\n", (int)text.length, text.data,
				 (int)file.length, file.data, row->line);
	}
}

void tw_map_explain(const struct tw_map *map, struct tw_buffer *out)
{
	struct tw_slice format = tw_map_format(map);
	tw_buffer_printf(out, "# %s\nmap %.*s", map->name, (int)format.length, format.data);
	explain_texts(map, "", &map->types, out);
	explain_texts(map, "version", &map->versions, out);
	explain_texts(map, "partner", &map->partners, out);
	explain_texts(map, "sender", &map->senders, out);
	explain_texts(map, "recipient", &map->recipients, out);
	if (map->role >= 0)
		tw_buffer_printf(out, "role %s\n", tw_code_name("role", (unsigned)map->role));
	if (map->function >= 0)
		tw_buffer_printf(out, "function %s\n",
				 tw_code_name("action", (unsigned)map->function));
	tw_buffer_printf(out, "%s%s%s%s%s", map->unverified ? "unverified\n" : "",
			 map->single ? "single\n" : "",
			 map->untyped ? "untyped\n" : "", map->hold ? "hold message\n" : "",
			 map->pool ? "pool equipment\n" : "");
	explain_requires(map, out);
	explain_totals(map, out);
	explain_codes(map, out);
	for (unsigned context = 0; context < map->context_count; context++)
		explain_context(map, context, out);
}
