/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_LIST_H
#define TIDEWAITER_LIST_H

#include "tidewaiter/consignment.h"

/*
 * Lists are what detectors know, as data: rules/lists/NAME.tsv, UTF-8, tab
 * separated. Lines that start with '#' are comments; the first other line names
 * the columns. Some columns mean something to the engine:
 *
 *   term    a word or phrase. All terms of all lists are looked for in one pass
 *           over the normalised text of every consignment.
 *   match   how the term of this row is found: `word` (default: whole words, in
 *           the normalised text, also where blanks or hyphens break it), `inside`
 *           (anywhere in the separator-free text, for disguised spellings; six
 *           letters at least).
 *   scope   which texts: `text` (default: descriptions, marks, notes,
 *           references), `party` (names and addresses), `any`.
 *   weight  0 to 1, family, status (`read` or `recalled`): what evidence says.
 *
 * Every other column is the detector's own, and so are codes (hs, un, cas, place,
 * postcode ...), which are looked up by exact value or by longest prefix.
 *
 * A list is opened while the plugin is opened and lives as long as the engine;
 * reading one is safe on any thread.
 */
struct tw_list;
struct tw_host;

/* Opens (or finds again) a list. NULL where it cannot be read: the host then holds the reason. */
TW_EXPORT const struct tw_list *tw_list_open(const struct tw_host *host, const char *name);
TW_EXPORT const char *tw_list_name(const struct tw_list *list);
/* Number of rows. */
TW_EXPORT unsigned tw_list_rows(const struct tw_list *list);
/* Number of a column, or -1. */
TW_EXPORT int tw_list_column(const struct tw_list *list, const char *name);
/* A cell; empty where row or column is out of range or -1. */
TW_EXPORT struct tw_slice tw_list_cell(const struct tw_list *list, int row, int column);
/* A cell as a number, or `otherwise` where it is none. */
TW_EXPORT double tw_list_number(const struct tw_list *list, int row, int column, double otherwise);
/* First row whose cell equals the code (case folded, blanks and dots dropped), or -1. */
TW_EXPORT int tw_list_find(const struct tw_list *list, int column, struct tw_slice code);
/* Row with the longest cell that is a prefix of the code, or -1. */
TW_EXPORT int tw_list_prefix(const struct tw_list *list, int column, struct tw_slice code);

/* A term of a list found in a text of a consignment. */
struct tw_match {
	int row;	 /* of the list */
	int value;	 /* the value it stands in */
	uint32_t start;	 /* bytes of that value's text (tw_text) it covers */
	uint32_t length;
	uint32_t cursor; /* engine's own: where to go on */
};
/*
 * The matches of one list's terms, in order of value and position. Set *match to
 * {0} before the first call. Returns 1 and a match, or 0 when there are no more.
 * Matches are there in inspect() only: the other callbacks run without the scan.
 */
TW_EXPORT int tw_match_next(const struct tw_consignment *consignment, const struct tw_list *list,
			    struct tw_match *match);
/*
 * How many matches of a list there are; cheap, for a detector's early way out: no
 * term of most lists is in most texts, which is known at once. Where one may be,
 * the first question for a list looks closer, so ask what decides most first.
 */
TW_EXPORT unsigned tw_match_count(const struct tw_consignment *consignment,
				  const struct tw_list *list);
/*
 * Whether a term of the list may stand in one value: false is certain. It reads that
 * text alone, so ask it before a list whose first match would have all names and
 * addresses read, where one or two values are all that counts. Scope does not matter.
 */
TW_EXPORT bool tw_match_possible(const struct tw_consignment *consignment,
				 const struct tw_list *list, int value);
/*
 * CAS numbers in the texts: shaped like one and with a right check digit. Same
 * calling as tw_match_next; `ret_cas` (at least 16 bytes) gets it as 108-24-7.
 */
TW_EXPORT int tw_cas_next(const struct tw_consignment *consignment, struct tw_match *match,
			  char ret_cas[16]);
/* The words of the texts with scope `text`: runs of letters and digits. */
struct tw_words {
	const char *letters;	 /* of all words, folded, nothing between them; 16 bytes may be read behind */
	const uint32_t *offsets; /* where each word's letters begin, and where the last one's end */
	uint32_t count;		 /* 0: there are no offsets either */
};
/*
 * They were taken apart by the scan already, value by value but in no order among
 * values, and are there until the next: for detectors that compare words in a way of
 * their own. That is a loop over all words of every consignment, so what tells most
 * of them apart should come first. In inspect() only, as matches are.
 */
TW_EXPORT struct tw_words tw_words(const struct tw_consignment *consignment);
/* A text in the normalised words view: folded, no marks, single blanks. Returns its length. */
TW_EXPORT size_t tw_normalise(struct tw_slice text, char *buffer, size_t size);

#endif
