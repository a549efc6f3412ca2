/* SPDX-License-Identifier: Apache-2.0 */
#include "chemical_precursor.h"

static bool overlap(const struct tw_match *a, const struct tw_match *b)
{
	return a->value == b->value && a->start < b->start + b->length &&
	       b->start < a->start + a->length;
}

static bool inside(const struct tw_match *a, const struct tw_match *b)
{
	return a->start >= b->start && a->start + a->length <= b->start + b->length;
}

static bool is_kind(const struct precursor *instance, const struct tw_match *match, const char *kind)
{
	return tw_slice_is(tw_list_cell(instance->context, match->row, instance->context_kind),
			   kind);
}

/* These explain no name, but say what the goods are: goods_facts. */
static bool is_fact(const struct precursor *instance, const struct tw_match *match)
{
	return is_kind(instance, match, "drum") || is_kind(instance, match, "retail") ||
	       is_kind(instance, match, "medicine") || is_kind(instance, match, "dense");
}

void precursor_read_context(const struct precursor *instance,
			    const struct tw_consignment *consignment, struct chemistry *chemistry)
{
	struct tw_match match = {0};
	while (chemistry->around_count < CONTEXT_LIMIT &&
	       tw_match_next(consignment, instance->context, &match))
		if (!is_fact(instance, &match))
			chemistry->around[chemistry->around_count++] = match;
}

static void add_word(const struct precursor *instance, const struct tw_match *match,
		     struct goods_facts *facts)
{
	struct tw_slice kind = tw_list_cell(instance->words, match->row, instance->words_kind);
	bool powder = tw_slice_is(kind, "powder");
	facts->powder |= powder;
	facts->chemical |= !powder;
}

static void add_phrase(const struct precursor *instance, const struct tw_match *match,
		       struct goods_facts *facts)
{
	facts->drum |= is_kind(instance, match, "drum");
	facts->retail |= is_kind(instance, match, "retail");
	facts->medicine |= is_kind(instance, match, "medicine");
	facts->dense |= is_kind(instance, match, "dense");
}

static int chapter_of(struct tw_slice hs)
{
	int tens = tw_slice_at(hs, 0) - '0', ones = tw_slice_at(hs, 1) - '0';
	return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

/* The lines from `value` on: those of one item, or (-1) all. */
static void add_hs_lines(const struct tw_consignment *consignment, int value, int item,
			 struct goods_facts *facts)
{
	bool any = false, medicine = true;
	for (; value >= 0 && (item < 0 || tw_item(consignment, value) == (unsigned)item);
	     value = tw_next(consignment, value)) {
		int chapter = chapter_of(tw_text(consignment, value));
		if (chapter < 0)
			continue;
		any = true;
		medicine &= chapter == 30;
		facts->hs_chemical |= chapter == 28 || chapter == 29;
		facts->hs_other |= chapter != 28 && chapter != 29 && chapter != 38;
	}
	facts->hs_medicine = any && medicine;
}

static bool in_goods(const struct tw_consignment *consignment, int value)
{
	return tw_field_info(tw_field_of(consignment, value))->group == TW_GROUP_goods;
}

/* What words and phrases say of all goods, and those outside the goods of each of them. */
static void begin_facts(const struct precursor *instance, const struct tw_consignment *consignment,
			struct facts_walk *walk)
{
	struct tw_match match = {0};
	*walk = (struct facts_walk){.hs.field = TW_GOODS_HS, .begun = true};
	while (tw_match_next(consignment, instance->words, &match)) {
		add_word(instance, &match, &walk->all);
		if (!in_goods(consignment, match.value))
			add_word(instance, &match, &walk->outside);
	}
	match = (struct tw_match){0};
	while (tw_match_next(consignment, instance->context, &match)) {
		add_phrase(instance, &match, &walk->all);
		if (!in_goods(consignment, match.value))
			add_phrase(instance, &match, &walk->outside);
	}
	add_hs_lines(consignment, tw_first(consignment, TW_GOODS_HS), -1, &walk->all);
}

/* Adds what a list's matches in one item say; `next` is the last match that was passed. */
static void add_matches(const struct precursor *instance, const struct tw_consignment *consignment,
			const struct tw_list *list, struct tw_match *next, struct facts_walk *walk)
{
	struct tw_match match = *next;
	for (; tw_match_next(consignment, list, &match); *next = match) {
		bool goods = in_goods(consignment, match.value);
		if (goods && tw_item(consignment, match.value) > walk->item)
			return;
		if (!goods || tw_item(consignment, match.value) < walk->item)
			continue;
		if (list == instance->words)
			add_word(instance, &match, &walk->facts);
		else
			add_phrase(instance, &match, &walk->facts);
	}
}

struct goods_facts precursor_facts_next(const struct precursor *instance,
					const struct tw_consignment *consignment, int item,
					struct facts_walk *walk)
{
	bool again = walk->begun && item >= 0 && (unsigned)item == walk->item && walk->any;
	if (again)
		return walk->facts;
	if (!walk->begun || (item >= 0 && walk->any && (unsigned)item < walk->item))
		begin_facts(instance, consignment, walk);
	if (item < 0)
		return walk->all;
	walk->any = true;
	walk->item = (unsigned)item;
	walk->facts = walk->outside;
	add_matches(instance, consignment, instance->words, &walk->word, walk);
	add_matches(instance, consignment, instance->context, &walk->phrase, walk);
	add_hs_lines(consignment, tw_cursor_find(&walk->hs, consignment, walk->item), item,
		     &walk->facts);
	return walk->facts;
}

struct goods_facts precursor_facts(const struct precursor *instance,
				   const struct tw_consignment *consignment, int item)
{
	struct facts_walk walk = {.begun = false};
	return precursor_facts_next(instance, consignment, item, &walk);
}

bool precursor_medicine(const struct goods_facts *facts)
{
	return facts->hs_medicine || (facts->medicine && !facts->hs_chemical);
}

int precursor_listed_hs(const struct precursor *instance, const struct tw_consignment *consignment,
			int value, int *ret_row)
{
	for (; value >= 0; value = tw_next(consignment, value)) {
		int row = tw_list_prefix(instance->hs, instance->hs_code, tw_text(consignment, value));
		if (row < 0)
			continue;
		*ret_row = row;
		return value;
	}
	return -1;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

bool precursor_hs_fits(struct tw_slice codes, struct tw_slice code)
{
	size_t at = 0; /* of the code */
	bool fits = codes.length > 0;
	for (size_t i = 0; i <= codes.length; i++) {
		int c = tw_slice_at(codes, i);
		if (c == ',' || c < 0) {
			if (fits)
				return true;
			fits = c == ',';
			at = 0;
			continue;
		}
		if (!is_digit(c))
			continue;
		while (at < code.length && !is_digit(tw_slice_at(code, at)))
			at++;
		fits &= tw_slice_at(code, at) == c;
		at++;
	}
	return false;
}

/* The four digits of a UN number, written UN1090, UN 1090 or 1090. */
static struct tw_slice un_digits(struct tw_slice text)
{
	size_t at = 0;
	while (at < text.length && !is_digit(tw_slice_at(text, at)))
		at++;
	return tw_slice_part(text, at, 4);
}

/* A text says UN1090 where no element does. */
static bool un_in_text(struct tw_slice text, struct tw_slice numbers)
{
	for (size_t at = 0; at + 6 <= text.length; at++) {
		int first = tw_slice_at(text, at), second = tw_slice_at(text, at + 1);
		if ((first != 'U' && first != 'u') || (second != 'N' && second != 'n'))
			continue;
		if (tw_profile_names(numbers, un_digits(tw_slice_part(text, at + 2, 8))))
			return true;
	}
	return false;
}

/* Whether one of the UN numbers a substance may have is told of an item. */
static bool un_fits(const struct tw_consignment *consignment, int item, struct tw_slice numbers)
{
	static const enum tw_field TEXTS[] = {TW_GOODS_DESCRIPTION, TW_CONSIGNMENT_DESCRIPTION,
					      TW_NOTE_TEXT, TW_GOODS_MARKS};
	for (int value = tw_first(consignment, TW_GOODS_UN); value >= 0;
	     value = tw_next(consignment, value))
		if (tw_goods_concerns(consignment, value, item) &&
		    tw_profile_names(numbers, un_digits(tw_text(consignment, value))))
			return true;
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
		for (int value = tw_first(consignment, TEXTS[i]); value >= 0;
		     value = tw_next(consignment, value))
			if (tw_goods_concerns(consignment, value, item) &&
			    un_in_text(tw_text(consignment, value), numbers))
				return true;
	return false;
}

struct precursor_fit precursor_mention_fit(const struct tw_consignment *consignment,
					   const struct mention *mention)
{
	const struct precursor_names *names = mention->names;
	struct tw_slice numbers = tw_list_cell(names->list, mention->row, names->un);
	struct tw_slice codes = tw_list_cell(names->list, mention->row, names->hs);
	int item = tw_goods_item(consignment, mention->match.value);
	struct precursor_fit fit = {.hs = codes.length == 0};
	for (int value = tw_first(consignment, TW_GOODS_HS); value >= 0 && !fit.hs;
	     value = tw_next(consignment, value))
		fit.hs = tw_goods_concerns(consignment, value, item) &&
			 precursor_hs_fits(codes, tw_text(consignment, value));
	for (int value = tw_first(consignment, TW_GOODS_UN); value >= 0 && !fit.any_un;
	     value = tw_next(consignment, value))
		fit.any_un = tw_goods_concerns(consignment, value, item);
	fit.un = numbers.length == 0 || un_fits(consignment, item, numbers);
	return fit;
}

/* Only blanks, hyphens, brackets, commas within a locant and digits between two places of a text. */
static bool adjoins(struct tw_slice text, size_t from, size_t to, bool digits)
{
	if (to < from || to - from > 6)
		return false;
	for (size_t at = from; at < to; at++) {
		int c = tw_slice_at(text, at);
		bool joint = c == ' ' || c == '-' ||
			     (digits && (c == '(' || c == ')' || c == ',' || c == '\'' ||
					 is_digit(c)));
		if (!joint)
			return false;
	}
	return true;
}

static bool kept(const struct precursor *instance, const struct chemistry *chemistry,
		 const struct tw_match *suffix)
{
	for (unsigned i = 0; i < chemistry->around_count; i++)
		if (is_kind(instance, &chemistry->around[i], "keep") &&
		    overlap(&chemistry->around[i], suffix))
			return true;
	return false;
}

/* Words around a name that make another thing of it, or say that it is not there. */
static bool taken_away(const struct precursor *instance, const struct tw_consignment *consignment,
		       const struct chemistry *chemistry, const struct tw_match *name, bool ester)
{
	struct tw_slice text = tw_text(consignment, name->value);
	size_t end = (size_t)name->start + name->length;
	for (unsigned i = 0; i < chemistry->around_count; i++) {
		const struct tw_match *near = &chemistry->around[i];
		if (near->value != name->value)
			continue;
		size_t near_end = (size_t)near->start + near->length;
		if (is_kind(instance, near, "neighbour") && overlap(near, name) &&
		    !inside(near, name))
			return true;
		if (!ester && is_kind(instance, near, "substituent") &&
		    adjoins(text, near_end, name->start, true))
			return true;
		if (is_kind(instance, near, "negation") && adjoins(text, near_end, name->start, false))
			return true;
		if (is_kind(instance, near, "suffix") && adjoins(text, end, near->start, true) &&
		    !kept(instance, chemistry, near))
			return true;
	}
	return false;
}

/* Part of a longer name in a script without blanks. */
static bool part_of_longer(struct tw_slice text, const struct tw_match *match)
{
	int before = match->start == 0 ? -1 : tw_slice_at(text, match->start - 1);
	int after = tw_slice_at(text, (size_t)match->start + match->length);
	return before >= 0x80 || after >= 0x80;
}

static bool broken(struct tw_slice text, const struct tw_match *match)
{
	for (size_t at = 0; at < match->length; at++)
		if (tw_slice_at(text, match->start + at) == ' ')
			return true;
	return false;
}

static unsigned letters_beside(struct tw_slice text, const struct tw_match *match)
{
	unsigned letters = 0;
	for (size_t at = 0; at < text.length; at++) {
		int c = tw_slice_at(text, at);
		bool within = at >= match->start && at - match->start < match->length;
		letters += !within && ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80);
	}
	return letters;
}

/* A listed CAS number is told of the same goods. */
static bool cas_listed(const struct tw_consignment *consignment, const struct chemistry *chemistry,
		       int item)
{
	for (unsigned i = 0; i < chemistry->count; i++)
		if (chemistry->mentions[i].cas[0] != '\0' &&
		    tw_goods_concerns(consignment, chemistry->mentions[i].match.value, item))
			return true;
	return false;
}

static bool parts_clause(int c)
{
	return c == ';' || c == '/' || c == '+' || c == '&' || c == ',' || c == '\n';
}

/* The part of a text between commas and their like in which a name stands. */
static struct tw_match clause_of(struct tw_slice text, const struct tw_match *name)
{
	size_t start = name->start, end = (size_t)name->start + name->length;
	while (start > 0 && !parts_clause(tw_slice_at(text, start - 1)))
		start--;
	while (end < text.length && !parts_clause(tw_slice_at(text, end)))
		end++;
	return (struct tw_match){.value = name->value, .start = (uint32_t)start,
				 .length = (uint32_t)(end - start)};
}

/* A number of kilograms: 25 KG, 25KGS. */
static bool says_kilograms(struct tw_slice text)
{
	for (size_t at = 1; at + 1 < text.length; at++) {
		int k = tw_slice_at(text, at), g = tw_slice_at(text, at + 1);
		size_t before = at - 1;
		if ((k != 'K' && k != 'k') || (g != 'G' && g != 'g'))
			continue;
		if (before > 0 && tw_slice_at(text, before) == ' ')
			before--;
		if (is_digit(tw_slice_at(text, before)))
			return true;
	}
	return false;
}

/*
 * EPHEDRINE HCL POWDER, PARACETAMOL TABLETS: where a clause names a substance as powder,
 * in drums or by the kilogram, a medicine in another clause does not make one of it.
 */
static bool raw_clause(const struct precursor *instance, const struct tw_consignment *consignment,
		       const struct tw_match *name)
{
	struct tw_slice text = tw_text(consignment, name->value);
	struct tw_match clause = clause_of(text, name), match = {0};
	bool raw = says_kilograms(tw_slice_part(text, clause.start, clause.length));
	while (tw_match_next(consignment, instance->context, &match)) {
		if (match.value != clause.value || !inside(&match, &clause))
			continue;
		if (is_kind(instance, &match, "medicine"))
			return false;
		raw |= is_kind(instance, &match, "drum");
	}
	match = (struct tw_match){0};
	while (!raw && tw_match_next(consignment, instance->words, &match))
		raw = match.value == clause.value && inside(&match, &clause) &&
		      tw_slice_is(tw_list_cell(instance->words, match.row, instance->words_kind),
				  "powder");
	return raw;
}

/*
 * Whether each of several items is a medicine by its text or HS line. Items come in order,
 * so texts, words and lines are walked once, side by side.
 */
static bool all_medicines(const struct precursor *instance, const struct tw_consignment *consignment)
{
	struct tw_match match = {0};
	bool more = tw_match_next(consignment, instance->context, &match);
	int hs = tw_first(consignment, TW_GOODS_HS);
	for (int value = tw_first(consignment, TW_GOODS_DESCRIPTION), next; value >= 0; value = next) {
		unsigned item = tw_item(consignment, value);
		bool medicine = false;
		for (; more && (!in_goods(consignment, match.value) ||
				tw_item(consignment, match.value) <= item);
		     more = tw_match_next(consignment, instance->context, &match))
			medicine |= tw_item(consignment, match.value) == item &&
				    in_goods(consignment, match.value) &&
				    is_kind(instance, &match, "medicine");
		for (; hs >= 0 && tw_item(consignment, hs) <= item; hs = tw_next(consignment, hs))
			medicine |= tw_item(consignment, hs) == item &&
				    chapter_of(tw_text(consignment, hs)) == 30;
		if (!medicine)
			return false;
		next = value;
		while (next >= 0 && tw_item(consignment, next) == item)
			next = tw_next(consignment, next);
	}
	return true;
}

/* Whether what a name that medicines contain is named among are medicines. */
static bool in_medicine(const struct precursor *instance, const struct tw_consignment *consignment,
			const struct goods_facts *facts, const struct tw_match *name)
{
	if (!precursor_medicine(facts))
		return false;
	/* A name outside the goods speaks of each of them. */
	if (!in_goods(consignment, name->value) && tw_goods_several(consignment) &&
	    !all_medicines(instance, consignment))
		return false;
	return facts->hs_medicine || !raw_clause(instance, consignment, name);
}

/* A finished medicine or a retail pack: the substance is in it, but it is no raw material. */
static bool finished(const struct precursor *instance, const struct tw_consignment *consignment,
		     const struct goods_facts *facts, const struct mention *mention)
{
	bool may = tw_list_cell(mention->names->list, mention->row, mention->names->medicine).length > 0;
	return (may && in_medicine(instance, consignment, facts, &mention->match)) ||
	       (mention->class != CLASS_STRONG && facts->retail && !facts->drum);
}

/* A short name needs something chemical about its goods. */
static bool in_context(const struct tw_consignment *consignment, const struct chemistry *chemistry,
		       const struct goods_facts *facts, const struct tw_match *name)
{
	if (facts->hs_chemical ||
	    cas_listed(consignment, chemistry, tw_goods_item(consignment, name->value)))
		return true;
	if (facts->hs_other)
		return false;
	/* A chemical firm's text that says nothing else: PMK, 25 KG. */
	bool bare = (chemistry->shipper.name & TW_PROFILE_MAKES) != 0 &&
		    letters_beside(tw_text(consignment, name->value), name) <= 2;
	return facts->chemical || facts->powder || bare;
}

static bool counts(const struct precursor *instance, const struct tw_consignment *consignment,
		   const struct chemistry *chemistry, const struct mention *mention)
{
	struct goods_facts facts = precursor_facts(
		instance, consignment, tw_goods_item(consignment, mention->match.value));
	struct tw_slice text = tw_text(consignment, mention->match.value);
	struct tw_slice needs =
		tw_list_cell(mention->names->list, mention->row, mention->names->needs);
	bool unbroken = tw_slice_is(needs, "unbroken");
	if (finished(instance, consignment, &facts, mention))
		return false;
	if (mention->cas[0] != '\0')
		return true;
	if (taken_away(instance, consignment, chemistry, &mention->match, unbroken))
		return false;
	if (unbroken && broken(text, &mention->match))
		return false;
	if (tw_slice_is(needs, "alone"))
		return !part_of_longer(text, &mention->match);
	return !tw_slice_is(needs, "context") ||
	       in_context(consignment, chemistry, &facts, &mention->match);
}

/* Of overlapping names the longest speaks, whatever it then is found to mean. */
static void keep_longest(struct chemistry *chemistry, const struct mention *mention)
{
	for (unsigned i = 0; i < chemistry->count; i++) {
		struct mention *other = &chemistry->mentions[i];
		if (other->cas[0] != '\0' || !overlap(&other->match, &mention->match))
			continue;
		if (mention->match.length > other->match.length)
			*other = *mention;
		return;
	}
	if (chemistry->count < MENTION_LIMIT)
		chemistry->mentions[chemistry->count++] = *mention;
}

static enum substance_class class_of(const struct precursor_names *names, int row)
{
	struct tw_slice class = tw_list_cell(names->list, row, names->class);
	return tw_slice_is(class, "bulk")      ? CLASS_BULK
	       : tw_slice_is(class, "solvent") ? CLASS_SOLVENT
					       : CLASS_STRONG;
}

static void read_list(const struct tw_consignment *consignment, const struct precursor_names *names,
		      bool spelling, struct chemistry *chemistry)
{
	struct tw_match match = {0};
	while (tw_match_next(consignment, names->list, &match))
		keep_longest(chemistry, &(struct mention){.match = match, .names = names,
							  .row = match.row, .spelling = spelling,
							  .class = class_of(names, match.row)});
}

static void add_cas(const struct precursor *instance, const struct tw_match *match,
		    struct tw_slice number, struct chemistry *chemistry)
{
	int row = tw_list_find(instance->cas.list, instance->cas_number, number);
	if (row < 0 || chemistry->count == MENTION_LIMIT || number.length >= 16)
		return;
	struct mention *mention = &chemistry->mentions[chemistry->count++];
	*mention = (struct mention){.match = *match, .names = &instance->cas, .row = row,
				    .class = class_of(&instance->cas, row)};
	memcpy(mention->cas, number.data, number.length);
}

static bool all_digits(struct tw_slice text)
{
	for (size_t at = 0; at < text.length; at++)
		if (!is_digit(tw_slice_at(text, at)))
			return false;
	return true;
}

static bool cas_found(const struct chemistry *chemistry, const struct tw_match *match)
{
	for (unsigned i = 0; i < chemistry->count; i++)
		if (overlap(&chemistry->mentions[i].match, match))
			return true;
	return false;
}

static void read_cas(const struct precursor *instance, const struct tw_consignment *consignment,
		     struct chemistry *chemistry)
{
	struct tw_match match = {0};
	char number[16];
	while (tw_cas_next(consignment, &match, number))
		add_cas(instance, &match, tw_slice_string(number), chemistry);
	/* 39742604: whoever writes a number without its hyphens writes it in one. */
	for (match = (struct tw_match){0}; tw_match_next(consignment, instance->cas.list, &match);)
		if (all_digits(tw_slice_part(tw_text(consignment, match.value), match.start, match.length)) &&
		    !cas_found(chemistry, &match))
			add_cas(instance, &match,
				tw_list_cell(instance->cas.list, match.row, instance->cas_number), chemistry);
	for (int value = tw_first(consignment, TW_GOODS_CAS); value >= 0;
	     value = tw_next(consignment, value))
		add_cas(instance, &(struct tw_match){.value = value},
			tw_slice_trim(tw_text(consignment, value)), chemistry);
}

void precursor_read_names(const struct precursor *instance,
			  const struct tw_consignment *consignment, struct chemistry *chemistry)
{
	unsigned kept_count = 0;
	struct mention all[MENTION_LIMIT];
	read_cas(instance, consignment, chemistry);
	read_list(consignment, &instance->strong, false, chemistry);
	read_list(consignment, &instance->spelled, true, chemistry);
	read_list(consignment, &instance->solvents, false, chemistry);
	for (unsigned i = 0; i < chemistry->count; i++)
		if (counts(instance, consignment, chemistry, &chemistry->mentions[i]))
			all[kept_count++] = chemistry->mentions[i];
	memcpy(chemistry->mentions, all, kept_count * sizeof(all[0]));
	chemistry->count = kept_count;
}
