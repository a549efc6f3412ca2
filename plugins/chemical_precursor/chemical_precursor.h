/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHEMICAL_PRECURSOR_H
#define CHEMICAL_PRECURSOR_H

#include "tidewaiter/cursor.h"
#include "tidewaiter/heading.h"
#include "tidewaiter/profile.h"
#include "tidewaiter/vague.h"

/*
 * The detector for drug precursors. inspect reads names, CAS numbers, HS lines,
 * goods and parties and says what it saw as evidence; conclude, which sees no
 * texts but the evidence, weighs it and adds what the pair of parties did before.
 * What the words are stands in rules/lists (precursors, solvents, chemical_words,
 * chemical_firms, precursor_context, precursor_cas, precursor_hs, consumer_goods, vague_goods).
 *
 * An instance is const after open and shared by all threads.
 *
 * Weakness: a substance that no list names, under a text and an HS line that fit
 * each other, goes by unless its density gives it away.
 */
#define PRECURSOR_NAMED 2200001u   /* (1) a strong substance by name or CAS number */
#define PRECURSOR_HS 2200002u	   /* (2) its HS line under another text */
#define PRECURSOR_SOLVENT 2200003u /* (3) a solvent or acid with a second sign */
#define PRECURSOR_FIRM 2200004u	   /* (4) a chemical firm that sends something else */
#define PRECURSOR_DENSITY 2200005u /* (5) light goods as heavy as powder, to the border */
#define PRECURSOR_PAIR 2200006u	   /* (6) a pair of parties that alerted before */

struct precursor_options {
	double powder_kg_m3;
	double piece_kg;
	double solvent_kg;
	double pair_days;
	double share_vague;
};

/* A list of names of substances and its columns. */
struct precursor_names {
	const struct tw_list *list;
	int term, substance, class, weight, status, needs, medicine, hs, un, control;
};

/* A word near spellings are looked for of. */
#define SPELLING_LIMIT 64u
#define SPELLING_LETTERS 28u
struct precursor_spelling {
	char word[SPELLING_LETTERS];
	unsigned length;
	uint32_t letters; /* which stand in it: tells most words apart before they are compared */
	int row; /* of the strong names */
};

/* Three letters each, of five bits: which words begin with them, end with them, have them in their midst. */
#define CORNER_START 1u
#define CORNER_END 2u
#define CORNER_MIDDLE 4u
struct precursor_corners {
	uint8_t kinds[1u << 15];
};

struct precursor {
	struct precursor_options options;
	struct tw_profile_lists parties;
	struct precursor_names strong, spelled, solvents, cas;
	struct tw_vague_list vague;
	const struct tw_list *words, *firms, *context, *hs, *consumer, *asia, *places;
	int cas_number, words_kind, context_kind, context_term;
	int hs_code, hs_substance, hs_class, hs_weight, hs_status;
	int consumer_kind;
	int asia_country, place_code, place_country, border_code;
	bool chapters[100]; /* of HS lines worth a look */
	struct precursor_spelling spellings[SPELLING_LIMIT]; /* by length */
	unsigned spelling_count;
	unsigned spellings_from[SPELLING_LETTERS + 2]; /* the first of this length or more */
	struct precursor_corners corners;	       /* of all of them */
};

/* Families of evidence. Conclude reads them back, so they are named once. */
#define FAMILY_TEXT "text"
#define FAMILY_CAS "cas"
#define FAMILY_BULK "bulk" /* a name or number with a large lawful trade */
#define FAMILY_HS "hs"
#define FAMILY_GOODS "goods"
#define FAMILY_FIT "fit"	/* UN number, HS line and parties fit */
#define FAMILY_USER "user"	/* a consignee that has a use for it */
#define FAMILY_CONSIGNEE "consignee"
#define FAMILY_WORDING "wording"
#define FAMILY_DANGER "danger"
#define FAMILY_HISTORY "history"

enum substance_class { CLASS_STRONG, CLASS_BULK, CLASS_SOLVENT };

/* A substance that a text names. */
struct mention {
	struct tw_match match; /* value -1: in GOODS_CAS, whole */
	const struct precursor_names *names;
	int row;
	enum substance_class class;
	bool spelling; /* near, not exact */
	char cas[16];  /* by number, else empty */
};

#define MENTION_LIMIT 16u
#define CONTEXT_LIMIT 40u
struct chemistry {
	struct mention mentions[MENTION_LIMIT];
	unsigned count;
	/* phrases of precursor_context.tsv beside which a name means something else */
	struct tw_match around[CONTEXT_LIMIT];
	unsigned around_count;
	struct tw_profile consignee, shipper;
};

/*
 * What is told of one of the goods, or of all of them, beside the names: each of
 * them is judged by what is told of it, so that nothing lawful explains its neighbour.
 */
struct goods_facts {
	bool drum, retail, medicine, dense; /* phrases of precursor_context.tsv */
	bool powder, chemical;		    /* words of chemical_words.tsv */
	bool hs_chemical;		    /* some line is of chapters 28, 29 */
	bool hs_other;			    /* some line is not of chapters 28, 29, 38 */
	bool hs_medicine;		    /* all lines are of chapter 30 */
};

/* Where the walk along the facts of items stands, for goods that are asked about in order. */
struct facts_walk {
	struct goods_facts all, outside; /* of all goods; of what stands outside them */
	struct goods_facts facts;	 /* of the item asked about last, */
	unsigned item;			 /* if `any` was */
	struct tw_match word, phrase;	 /* the last that were passed */
	struct tw_cursor hs;
	bool begun, any;
};

/* names.c */
void precursor_read_context(const struct precursor *instance,
			    const struct tw_consignment *consignment, struct chemistry *chemistry);
/* Those of an item, as tidewaiter/goods.h counts them. */
struct goods_facts precursor_facts(const struct precursor *instance,
				   const struct tw_consignment *consignment, int item);
/* The same, on a walk that is zero at first. */
struct goods_facts precursor_facts_next(const struct precursor *instance,
					const struct tw_consignment *consignment, int item,
					struct facts_walk *walk);
void precursor_read_names(const struct precursor *instance,
			  const struct tw_consignment *consignment, struct chemistry *chemistry);
/* The first HS line, from `value` on, that belongs to one substance of precursor_hs.tsv, or -1. */
int precursor_listed_hs(const struct precursor *instance, const struct tw_consignment *consignment,
			int value, int *ret_row);
/* A finished medicine: what it is made of is no raw material. */
bool precursor_medicine(const struct goods_facts *facts);
/* A list of codes with commas between has one that `code` starts with; dots and blanks do not count. */
bool precursor_hs_fits(struct tw_slice codes, struct tw_slice code);
/* What the goods that a substance is named among say beside its name. */
struct precursor_fit {
	bool hs, un;   /* it is the substance's, or the substance has none */
	bool any_un; /* some UN number is declared */
};
struct precursor_fit precursor_mention_fit(const struct tw_consignment *consignment,
					   const struct mention *mention);

/* spelling.c: near spellings, where nothing was found exactly. */
/* Whether a word may be one: false is certain. */
bool precursor_any_spelling(const struct precursor *instance,
			    const struct tw_consignment *consignment);
void precursor_spellings_open(struct precursor *instance);
void precursor_read_spellings(const struct precursor *instance,
			      const struct tw_consignment *consignment,
			      struct chemistry *chemistry);

/* goods.c: findings (3), (4) and (5). */
struct heaviness {
	int value;	/* weight or volume the judgement stands on, or -1 */
	double density; /* kg a cubic metre, 0 where no volume is known */
	double piece;	/* kg a piece, 0 where unknown */
};
/* Where the walks along the items and their measures stand, for goods that are asked about in order. */
struct measures {
	struct tw_goods_cursor items;
	struct tw_cursor gross, volume, packages;
};
struct measures precursor_measures(const struct tw_consignment *consignment);
/* Of an item that tells its own weight, else (and for -1) of the whole consignment. */
struct heaviness precursor_heaviness(const struct tw_consignment *consignment,
				     struct measures *measures, int item);
int precursor_add_solvents(const struct precursor *instance,
			   const struct tw_consignment *consignment,
			   const struct chemistry *chemistry, struct tw_out *out);
int precursor_add_goods(const struct precursor *instance, const struct tw_consignment *consignment,
			const struct chemistry *chemistry, struct tw_out *out);

/* chemical_precursor.c */
int precursor_add_mention(const struct tw_consignment *consignment, const struct mention *mention,
			  uint32_t sid, const char *family, struct tw_out *out);
int precursor_add_sign(const struct tw_consignment *consignment, uint32_t sid, int value,
		       const char *family, double weight, const char *why, struct tw_out *out);
int precursor_add_consignee(const struct precursor *instance,
			    const struct tw_consignment *consignment,
			    const struct tw_profile *view, struct tw_out *out);

/* conclude.c */
int precursor_conclude(const void *instance, const struct tw_consignment *consignment,
		       const struct tw_conclusion *conclusion, struct tw_out *out);

#endif
