/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PILL_PRESS_H
#define PILL_PRESS_H

#include "tidewaiter/cursor.h"
#include "tidewaiter/heading.h"
#include "tidewaiter/profile.h"
#include "tidewaiter/vague.h"

/*
 * The detector for tableting and encapsulating machines: inspect reads the texts
 * and the codes and says what it saw as evidence; conclude weighs it. What the
 * words are stands in rules/lists/tableting.tsv and tableting_context.tsv.
 *
 * An instance owns nothing but itself; it is const after open and shared by all
 * threads.
 *
 * Weakness: it believes what the texts say of the reference: whether a
 * transaction number exists, only its issuer knows.
 */
#define PILL_PRESS_MACHINE 2100001u
#define PILL_PRESS_PART 2100002u
#define PILL_PRESS_VAGUE 2100003u

struct pill_press_options {
	double small_dies_kg;	 /* punches and dies up to this are carried by hand */
	double desk_press_kg;	 /* a press up to this stands on a desk */
	double low_value_usd;
	double least_usd_per_kg; /* below it goods do not bear air freight */
	double share_vague;	 /* of the words of a text that may say nothing */
};

struct pill_press {
	struct pill_press_options options;
	struct tw_profile_lists parties;
	struct tw_vague_list vague;
	const struct tw_list *terms, *context, *headings, *currencies, *places;
	int term_kind, term_weight, term_status, context_kind, context_term;
	int heading_hs, place_code, place_country;
	int currency, currency_usd;
	bool chapters[100]; /* of the headings, for the way out */
};

/* Families of evidence. Conclude reads them back, so they are named once. */
#define FAMILY_TEXT "text"
#define FAMILY_CODE "code"
#define FAMILY_CONSIGNEE "consignee" /* a home, a mailbox, a forwarder at the border */
#define FAMILY_TRADE "trade"	     /* a firm that has no use for the goods itself */
#define FAMILY_IMPORTER "importer"
#define FAMILY_SHIPPER "shipper"
#define FAMILY_SIZE "size"
#define FAMILY_VALUE "value"
#define FAMILY_REFERENCE "reference"

enum term_kind { KIND_NONE, KIND_MACHINE, KIND_PART };

/* What the texts say, and the best term for it in each value. */
#define TERM_LIMIT 4u
struct term_found {
	struct tw_match match;
	enum term_kind kind;
	double weight;
};
struct terms_found {
	struct term_found terms[TERM_LIMIT];
	unsigned count;
	enum term_kind kind; /* a machine where both are named */
};

/* text.c: the terms that count, and whether a labelled reference stands in the texts. */
void pill_press_terms(const struct pill_press *instance, const struct tw_consignment *consignment,
		      struct terms_found *ret_found);
bool pill_press_reference(const struct pill_press *instance,
			  const struct tw_consignment *consignment, struct tw_match *ret_match);
/*
 * Whether an item's texts, which begin at value `from`, say hardly more than MACHINE
 * PARTS; item -1: all texts. What is said of the whole consignment counts for each item.
 */
bool pill_press_vague(const struct pill_press *instance, const struct tw_consignment *consignment,
		      int item, int from);
/* The match as it stands in the normalised view. Returns a slice of `buffer`. */
struct tw_slice pill_press_shown(const struct tw_consignment *consignment,
				 const struct tw_match *match, char buffer[128]);

/* conclude.c */
int pill_press_conclude(const void *instance, const struct tw_consignment *consignment,
			const struct tw_conclusion *conclusion, struct tw_out *out);

#endif
