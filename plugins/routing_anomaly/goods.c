/* SPDX-License-Identifier: Apache-2.0 */
#include "routing_anomaly.h"

#include <math.h>
#include <stdio.h>

#define TEXT_LIMIT 400 /* a longer description says something */
#define MATCH_LIMIT 24

/* ---- weight and value -------------------------------------------------------- */

static double usd(const struct tw_routing_facts *facts, double amount, struct tw_slice currency)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	if (currency.length == 0 || tw_slice_is(currency, "USD"))
		return amount;
	int row = tw_list_find(lists->currencies, lists->currency_code, currency);
	return amount * tw_list_number(lists->currencies, row, lists->currency_usd, (double)NAN);
}

/* The sum of the items' values; an item without one makes it unknown. */
static double goods_value(const struct tw_routing_facts *facts)
{
	double sum = (double)NAN;
	struct tw_cursor currencies = {.field = TW_GOODS_CURRENCY};
	for (int value = tw_first(facts->consignment, TW_GOODS_VALUE); value >= 0;
	     value = tw_next(facts->consignment, value)) {
		int currency = tw_cursor_find(&currencies, facts->consignment,
					      tw_item(facts->consignment, value));
		double amount = usd(facts, tw_number(facts->consignment, value),
				    tw_text(facts->consignment, currency));
		sum = isnan(sum) ? amount : sum + amount;
	}
	return sum;
}

void tw_routing_weigh(struct tw_routing_facts *facts)
{
	const struct tw_consignment *consignment = facts->consignment;
	facts->weight_value = tw_first(consignment, TW_CONSIGNMENT_WEIGHT);
	facts->weight = tw_number(consignment, facts->weight_value);
	facts->usd_value = tw_first(consignment, TW_CONSIGNMENT_VALUE);
	facts->usd = usd(facts, tw_number(consignment, facts->usd_value),
			 tw_text(consignment, tw_first(consignment, TW_CONSIGNMENT_CURRENCY)));
	if (isnan(facts->usd)) {
		facts->usd_value = tw_first(consignment, TW_GOODS_VALUE);
		facts->usd = goods_value(facts);
	}
}

bool tw_routing_uneconomic(const struct tw_routing_facts *facts)
{
	double least = facts->routing->options->air_usd_per_kg;
	return facts->mode == TW_MODE_AIR && facts->usd > 0 && facts->weight > 0 &&
	       facts->usd < least * facts->weight;
}

/* ---- vague texts ---------------------------------------------------------------- */

static bool is_word(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c >= 0x80;
}

static bool has_digit(struct tw_slice word)
{
	for (size_t i = 0; i < word.length; i++)
		if (tw_slice_at(word, i) >= '0' && tw_slice_at(word, i) <= '9')
			return true;
	return false;
}

/* The matches of vague terms in one value; the strongest comes first. */
struct vague {
	struct tw_match matches[MATCH_LIMIT];
	unsigned count;
	unsigned best;
	bool hard;
};

/* Matches come value by value: `next` is the first that no value before this one has taken. */
static void collect_vague(const struct tw_routing_facts *facts, int value, struct tw_match *next,
			  struct vague *vague)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	struct tw_match match = *next;
	vague->count = 0;
	while (vague->count < MATCH_LIMIT &&
	       tw_match_next(facts->consignment, lists->vague, &match) == 1) {
		if (match.value > value)
			break;
		*next = match;
		if (match.value != value)
			continue;
		struct tw_slice strength =
			tw_list_cell(lists->vague, match.row, lists->vague_strength);
		bool hard = tw_slice_is(strength, "hard");
		if (vague->count == 0 || match.length > vague->matches[vague->best].length)
			vague->best = vague->count;
		vague->hard = (vague->count > 0 && vague->hard) || hard;
		vague->matches[vague->count++] = match;
	}
}

static bool is_covered(const struct vague *vague, size_t start, size_t length)
{
	for (unsigned i = 0; i < vague->count; i++)
		if (start >= vague->matches[i].start &&
		    start + length <= (size_t)vague->matches[i].start + vague->matches[i].length)
			return true;
	return false;
}

/* Whether all words of a text are vague terms, fillers, or have a digit in them (quantities, codes). */
static bool says_nothing(const struct tw_routing_facts *facts, struct tw_slice text,
			 const struct vague *vague)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	for (size_t i = 0; i < text.length; i++) {
		size_t length = 0;
		while (is_word(tw_slice_at(text, i + length)))
			length++;
		struct tw_slice word = tw_slice_part(text, i, length);
		if (length > 0 && !is_covered(vague, i, length) && !has_digit(word) &&
		    tw_list_find(lists->vague, lists->vague_filler, word) < 0)
			return false;
		i += length;
	}
	return true;
}

bool tw_routing_vague(const struct tw_routing_facts *facts, struct tw_match *ret_match)
{
	static const enum tw_field fields[] = {TW_GOODS_DESCRIPTION, TW_CONSIGNMENT_DESCRIPTION};
	bool coded = tw_first(facts->consignment, TW_GOODS_HS) >= 0;
	*ret_match = (struct tw_match){.value = -1};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct tw_match next = {0};
		for (int value = tw_first(facts->consignment, fields[i]); value >= 0;
		     value = tw_next(facts->consignment, value)) {
			struct tw_slice text = tw_slice_trim(tw_text(facts->consignment, value));
			struct vague vague = {.count = 0};
			if (text.length > TEXT_LIMIT)
				return false;
			collect_vague(facts, value, &next, &vague);
			if (!says_nothing(facts, tw_text(facts->consignment, value), &vague) ||
			    (vague.count > 0 && !vague.hard && coded))
				return false;
			if (ret_match->value < 0 && vague.count > 0)
				*ret_match = vague.matches[vague.best];
		}
	}
	return true;
}

/* ---- weights that the goods cannot have ------------------------------------------- */

/* What the text of one item allows: the widest of its rows. */
struct plausible {
	struct tw_match match; /* the goods word */
	double piece, volume;  /* most kg a piece and a cubic metre */
	bool any, dense;
};

static bool overlaps(const struct tw_match *a, const struct tw_match *b)
{
	return a->value == b->value && a->start < b->start + b->length &&
	       b->start < a->start + a->length;
}

/* Adds what a match of goods_density.tsv allows. */
static void add_plausible(const struct tw_routing_facts *facts, const struct tw_match *match,
			  struct plausible *goods)
{
	const struct tw_routing_most *most = &facts->routing->most[match->row];
	if (most->piece <= 0) {
		/* "LED strips": the metal's name is inside the goods' name. */
		goods->dense |= !goods->any || !overlaps(match, &goods->match);
		return;
	}
	if (!goods->any || match->length > goods->match.length)
		goods->match = *match;
	goods->any = true;
	goods->piece = fmax(goods->piece, most->piece);
	goods->volume = fmax(goods->volume, most->volume);
}

/* The description outside the goods allows it to each of them. */
static struct plausible read_whole(const struct tw_routing_facts *facts)
{
	struct plausible goods = {.any = false};
	struct tw_match match = {0};
	if (tw_first(facts->consignment, TW_CONSIGNMENT_DESCRIPTION) < 0)
		return goods;
	while (tw_match_next(facts->consignment, facts->routing->lists.density, &match) == 1)
		if (tw_field_of(facts->consignment, match.value) == TW_CONSIGNMENT_DESCRIPTION)
			add_plausible(facts, &match, &goods);
	return goods;
}

/* What an item weighs, in how many pieces, in what room; the consignment's where it is the only one. */
struct load {
	double kg, pieces, volume;
	int kg_value, volume_value;
};

/* Where the walk along the items' measures stands; items come in order. */
struct measures {
	int gross, packages, volume;
	struct tw_cursor package_type;
};

static struct measures first_measures(const struct tw_consignment *consignment)
{
	return (struct measures){tw_first(consignment, TW_GOODS_GROSS),
				 tw_first(consignment, TW_GOODS_PACKAGES),
				 tw_first(consignment, TW_GOODS_VOLUME),
				 {.field = TW_GOODS_PACKAGE_TYPE}};
}

static int own_or_whole(const struct tw_routing_facts *facts, int *own, enum tw_field whole,
			int item, bool only)
{
	while (*own >= 0 && (int)tw_item(facts->consignment, *own) < item)
		*own = tw_next(facts->consignment, *own);
	if (*own >= 0 && (int)tw_item(facts->consignment, *own) == item)
		return *own;
	return only ? tw_first(facts->consignment, whole) : -1;
}

/* By packages.tsv; empty: not told. */
static struct tw_slice package_kind(const struct tw_routing_facts *facts, struct tw_cursor *types,
				    int item)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	int value = tw_cursor_find(types, facts->consignment, (unsigned)item);
	struct tw_slice type = tw_slice_trim(tw_text(facts->consignment, value));
	int row = type.length > 0 ? tw_list_find(lists->packages, lists->package_code, type) : -1;
	return tw_list_cell(lists->packages, row, lists->package_kind);
}

static struct load read_load(const struct tw_routing_facts *facts, struct measures *at, int item,
			     bool only)
{
	struct load load;
	load.kg_value = own_or_whole(facts, &at->gross, TW_CONSIGNMENT_WEIGHT, item, only);
	load.kg = tw_number(facts->consignment, load.kg_value);
	load.pieces = tw_number(facts->consignment,
				own_or_whole(facts, &at->packages, TW_CONSIGNMENT_PIECES, item,
					     only));
	load.volume_value = own_or_whole(facts, &at->volume, TW_CONSIGNMENT_VOLUME, item, only);
	load.volume = tw_number(facts->consignment, load.volume_value);
	/* Nothing but metal is heavier: a volume that gives more is a slip of the pen. */
	if (!(load.volume > 0) || load.kg / load.volume > 4000)
		load.volume = (double)NAN;
	return load;
}

/* How many times more than plausible a piece, and a cubic metre, weighs; 0: cannot be told. */
static double piece_excess(const struct tw_routing_facts *facts, struct measures *at, int item,
			   const struct load *load, const struct plausible *goods)
{
	if (!(load->pieces >= 1) || !(load->kg > 0))
		return 0;
	double each = load->kg / load->pieces;
	if (each < facts->routing->options->density_margin * goods->piece)
		return 0;
	struct tw_slice package = package_kind(facts, &at->package_type, item);
	bool box = tw_slice_is(package, "box") || tw_slice_is(package, "bag");
	/* A piece of unknown kind may be a pallet: only what no pallet weighs so little. */
	if (!box && (package.length > 0 || each > 150 ||
		     load->kg / load->volume <= goods->volume))
		return 0;
	return each / goods->piece;
}

static double volume_excess(const struct load *load, const struct plausible *goods)
{
	if (isnan(load->volume) || !(load->kg >= 10))
		return 0;
	return load->kg / load->volume / goods->volume;
}

/* What was declared and what would be plausible, as the middle of a sentence. */
static void describe(const struct load *load, const struct plausible *goods, char text[160])
{
	int length = snprintf(text, 160, "%.1f kg", load->kg);
	if (load->pieces >= 1)
		length += snprintf(text + length, 160 - (size_t)length,
				   " in %.0f %s, %.1f kg a piece (at most %.0f plausible)",
				   load->pieces, load->pieces > 1 ? "pieces" : "piece",
				   load->kg / load->pieces, goods->piece);
	if (!isnan(load->volume))
		snprintf(text + length, 160 - (size_t)length,
			 ", %.0f kg a cubic metre (at most %.0f plausible)", load->kg / load->volume,
			 goods->volume);
}

/* The goods stand in the sentence as the message wrote them. */
static int report(const struct tw_routing_facts *facts, const struct plausible *goods,
		  const struct load *load, double excess)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	struct tw_slice name = tw_slice_part(tw_text(facts->consignment, goods->match.value),
					     goods->match.start, goods->match.length);
	char declared[160];
	describe(load, goods, declared);
	double weight = tw_list_number(lists->density, goods->match.row, lists->density_weight, 0.6);
	struct tw_routing_note note = {
		.sid = TW_ROUTING_WEIGHT,
		.value = goods->match.value,
		.start = goods->match.start,
		.length = goods->match.length,
		.family = excess >= 2 ? "density" : "density-slight",
		.list = lists->density,
		.status = tw_list_cell(lists->density, goods->match.row, lists->density_status),
		.weight = excess >= 2 ? weight + 0.1 : weight - 0.1,
	};
	int status = tw_routing_add(facts, &note, "declared as %.*s: %s", TW_ROUTING_SLICE(name),
				    declared);
	if (status < 0 || load->kg_value < 0)
		return status;
	note.value = load->kg_value;
	note.start = note.length = 0;
	note.list = NULL;
	return tw_routing_add(facts, &note, "%.1f times what %.*s plausibly weigh", excess,
			      TW_ROUTING_SLICE(name));
}

/* Judges one item by what its text allows. */
static int judge_item(const struct tw_routing_facts *facts, struct measures *at,
		      const struct plausible *goods, int item, const struct load *load)
{
	double excess = fmax(piece_excess(facts, at, item, load, goods), volume_excess(load, goods));
	return excess < facts->routing->options->density_margin ? TW_OK
								 : report(facts, goods, load, excess);
}

/* The matches come item by item, those outside the goods between them. */
int tw_routing_density(const struct tw_routing_facts *facts)
{
	const struct tw_consignment *consignment = facts->consignment;
	const struct tw_list *list = facts->routing->lists.density;
	struct plausible whole = read_whole(facts);
	struct measures at = first_measures(consignment);
	bool only = !tw_goods_several(consignment), judged = false;
	struct tw_match match = {0};
	int status = TW_OK;
	bool more = tw_match_next(consignment, list, &match) == 1;
	while (more && status == TW_OK) {
		struct plausible goods = whole;
		int item = (int)tw_item(consignment, match.value);
		bool any = false;
		for (; more && (int)tw_item(consignment, match.value) == item;
		     more = tw_match_next(consignment, list, &match) == 1) {
			if (tw_field_of(consignment, match.value) != TW_GOODS_DESCRIPTION)
				continue;
			add_plausible(facts, &match, &goods);
			any = true;
		}
		judged |= any;
		if (!any || !goods.any || goods.dense)
			continue;
		struct load load = read_load(facts, &at, item, only);
		status = judge_item(facts, &at, &goods, item, &load);
	}
	if (judged || !whole.any || whole.dense || status < 0)
		return status;
	struct load load = read_load(facts, &at, 0, only);
	return judge_item(facts, &at, &whole, 0, &load);
}
