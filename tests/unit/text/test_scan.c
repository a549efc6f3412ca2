/* SPDX-License-Identifier: Apache-2.0 */
#include "text_testing.h"

#include "text/normalise.h"
#include "text/scan.h"

static const char TERMS[] =
	"term\tmatch\tscope\n"
	"tablet press\t\t\n"			  /* row 0 */
	"tablet\t\tany\n"			  /* 1 */
	"piperidone\t\t\n"			  /* 2 */
	"PMK\t\t\n"				  /* 3 */
	"4-AP\t\t\n"				  /* 4 */
	"P-2-P\t\t\n"				  /* 5 */
	"an\xc3\xad" "drido ac\xc3\xa9tico\t\t\n" /* 6 */
	"\xe5\x93\x8c\xe5\x95\xb6\t\t\n"	  /* 7: piperidine */
	"4-\xe5\x93\x8c\xe5\x95\xb6\xe9\x85\xae\t\t\n" /* 8: 4-piperidone */
	"ephedrin\tinside\tany\n"		  /* 9 */
	"juarez chemical\t\tparty\n"		  /* 10 */
	"automatic tablet press machine\t\t\n"	  /* 11 */
	"automatic tablet press\t\t\n";		  /* 12 */

static const char *const FILES[] = {"terms.tsv", "second.tsv", NULL};

struct fixture {
	struct folder folder;
	struct tw_lists *lists;
	const struct tw_list *terms, *second;
	struct tw_scan_scratch *scratch;
	struct tw_builder builder;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct tw_buffer reason = {0};
	assert_non_null(fixture);
	fixture->folder = folder_create();
	const char *folders[] = {fixture->folder.path};
	folder_write(&fixture->folder, "terms.tsv", TERMS);
	folder_write(&fixture->folder, "second.tsv", "name\tterm\nx\ttablet\ny\ttablet press\n");
	assert_int_equal(tw_lists_create(folders, 1, &fixture->lists), TW_OK);
	assert_int_equal(tw_lists_open(fixture->lists, "terms", &fixture->terms, &reason), TW_OK);
	assert_int_equal(tw_lists_open(fixture->lists, "second", &fixture->second, &reason), TW_OK);
	assert_int_equal(tw_scan_scratch_create(fixture->lists, &fixture->scratch),
			 TW_ERROR_INVALID); /* not sealed */
	assert_int_equal(tw_lists_seal(fixture->lists, &reason), TW_OK);
	assert_int_equal(tw_scan_scratch_create(fixture->lists, &fixture->scratch), TW_OK);
	tw_buffer_free(&reason);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	tw_builder_free(&fixture->builder);
	tw_scan_scratch_free(fixture->scratch);
	tw_scan_scratch_free(NULL);
	tw_lists_free(fixture->lists);
	folder_remove(&fixture->folder, FILES);
	free(fixture);
	return 0;
}

/* A consignment with one value. */
static struct tw_consignment scan_text(struct fixture *fixture, enum tw_field field,
				       const char *text)
{
	start_consignment(&fixture->builder);
	add_text(&fixture->builder, field, 1, text);
	struct tw_consignment consignment = tw_builder_view(&fixture->builder);
	assert_int_equal(tw_scan(fixture->scratch, &consignment), TW_OK);
	return consignment;
}

static void assert_term_at(const struct tw_list *list, const struct tw_consignment *consignment,
			   const struct tw_match *match)
{
	char view[256];
	char term[256];
	struct tw_slice text = tw_slice_part(tw_text(consignment, match->value), match->start,
					     match->length);
	size_t length = tw_normalise(text, view, sizeof(view));
	size_t term_length =
		tw_normalise(tw_list_cell(list, match->row, tw_list_column(list, "term")), term,
			     sizeof(term));
	/* The same letters; a broken term has other blanks. */
	size_t at = 0;
	for (size_t i = 0; i < length; i++) {
		if (view[i] == ' ')
			continue;
		at += term[at] == ' ';
		assert_true(at < term_length);
		assert_int_equal(view[i], term[at++]);
	}
	assert_int_equal(at, term_length);
}

/* The rows found, in order, as "0 1 "; each span must give its term again. */
static void assert_rows(struct fixture *fixture, enum tw_field field, const char *text,
			const char *expected)
{
	struct tw_consignment consignment = scan_text(fixture, field, text);
	struct tw_match match = {0};
	char rows[128] = "";
	unsigned count = 0;
	while (tw_match_next(&consignment, fixture->terms, &match)) {
		sprintf(rows + strlen(rows), "%d ", match.row);
		assert_term_at(fixture->terms, &consignment, &match);
		count++;
	}
	assert_string_equal(rows, expected);
	assert_int_equal(tw_match_count(&consignment, fixture->terms), count);
}

static void assert_description(struct fixture *fixture, const char *text, const char *expected)
{
	assert_rows(fixture, TW_GOODS_DESCRIPTION, text, expected);
}

static void test_whole_words(void **state)
{
	assert_description(*state, "ONE TABLET PRESS, USED", "0 1 ");
	assert_description(*state, "tablet-press", "0 1 ");
	assert_description(*state, "TABLETS PRESSED", "");
	assert_description(*state, "XPIPERIDONE PIPERIDONES", "");
	assert_description(*state, "pmk", "3 ");
	assert_description(*state, "PMKX XPMK", "");
	assert_description(*state, "10 KG 4-AP 4AP", "4 ");
	assert_description(*state, "P2P P 2 P P-2P", "5 ");
	assert_description(*state, "", "");
}

static void test_nested_terms_longest_first(void **state)
{
	assert_description(*state, "AUTOMATIC TABLET PRESS MACHINE", "11 12 0 1 ");
	assert_description(*state, "AUTOMATIC TABLET PRESS", "12 0 1 ");
	assert_description(*state, "AUTOMATIC TABLET", "1 ");
	assert_description(*state, "AUTOMATIC DOOR", "");
}

static void test_broken_terms(void **state)
{
	assert_description(*state, "PIPER IDONE", "2 ");
	assert_description(*state, "PIPER-\nIDONE", "2 ");
	assert_description(*state, "TAB LET PRESS", "0 ");
	assert_description(*state, "TAB LET PRE SS", "0 ");
	assert_description(*state, "TABLETPRESS", "0 ");
	assert_description(*state, "P I P E R I D O N E", "2 ");
	assert_description(*state, "P.I.P.E.R.I.D.O.N.E 99", "2 ");
	/* Ends within a word, or in more pieces than anybody writes. */
	assert_description(*state, "PIPER IDONEX", "");
	assert_description(*state, "PI PE RI DO NE", "");
	assert_description(*state, "P I P E R I D O N E S", "");
	/* Six letters or less must stand as they are. */
	assert_description(*state, "TAB LET", "");
}

static void test_other_writings(void **state)
{
	assert_description(*state, "AN\xc3\x8d" "DRIDO ACETICO", "6 ");
	assert_description(*state, "ani\xcc\x81" "drido ace\xcc\x81tico", "6 ");
	assert_description(*state, "1 x \xef\xbd\x90\xef\xbd\x8d\xef\xbd\x8b powder", "3 ");
	assert_description(*state, "\xd0\xa0\xd0\x9c\xd0\x9a", "3 "); /* Cyrillic */
	assert_description(*state, "piper\xe2\x80\x8bidone", "2 ");
	assert_description(*state, "caf\xc3\xa9 piper-idone", "2 ");
}

static void test_running_chinese(void **state)
{
	/* "we sell piperidine and 4-piperidone" */
	assert_description(*state,
			   "\xe5\x87\xba\xe5\x94\xae\xe5\x93\x8c\xe5\x95\xb6\xe5\x92\x8c" "4-"
			   "\xe5\x93\x8c\xe5\x95\xb6\xe9\x85\xae",
			   "7 8 7 ");
	assert_description(*state, "\xe5\x93\x8c \xe5\x95\xb6", "7 ");
	assert_description(*state, "\xe5\x93\x8c", "");
}

static void test_inside(void **state)
{
	assert_description(*state, "PSEUDOEPHEDRINE HCL", "9 ");
	assert_description(*state, "xx-pseudo ephe.drinex", "9 ");
	assert_description(*state, "\xc3\xa9 ps\xc3\xa9udo\xc3\xa9ph\xc3\xa9" "drine", "9 ");
	assert_description(*state, "EPHEDRA", "");
}

static void test_scopes(void **state)
{
	assert_rows(*state, TW_PARTY_NAME, "TABLET JUAREZ CHEMICAL PMK EPHEDRINE", "1 10 9 ");
	assert_rows(*state, TW_GOODS_MARKS, "JUAREZ CHEMICAL TABLET", "1 ");
	assert_rows(*state, TW_RAW_TEXT, "JUAREZ CHEMICAL PMK", "10 3 ");
	assert_rows(*state, TW_PARTY_ID, "TABLET PMK", ""); /* not scanned at all */
}

static void test_never_across_values(void **state)
{
	struct fixture *fixture = *state;
	start_consignment(&fixture->builder);
	add_text(&fixture->builder, TW_GOODS_DESCRIPTION, 1, "TABLET");
	add_text(&fixture->builder, TW_GOODS_DESCRIPTION, 1, "PRESS");
	add_text(&fixture->builder, TW_GOODS_DESCRIPTION, 2, "PIPER");
	int last = add_text(&fixture->builder, TW_GOODS_DESCRIPTION, 2, "IDONE PMK");
	struct tw_consignment consignment = tw_builder_view(&fixture->builder);
	assert_int_equal(tw_scan(fixture->scratch, &consignment), TW_OK);
	struct tw_match match = {0};
	assert_int_equal(tw_match_next(&consignment, fixture->terms, &match), 1);
	assert_int_equal(match.row, 1);
	assert_int_equal(match.value, 0);
	assert_int_equal(tw_match_next(&consignment, fixture->terms, &match), 1);
	assert_int_equal(match.row, 3);
	assert_int_equal(match.value, last);
	assert_int_equal(match.start, 6);
	assert_int_equal(match.length, 3);
	assert_int_equal(tw_match_next(&consignment, fixture->terms, &match), 0);
	assert_int_equal(tw_match_next(&consignment, fixture->terms, &match), 0);
}

static void test_order_and_lists(void **state)
{
	struct fixture *fixture = *state;
	struct tw_consignment consignment =
		scan_text(fixture, TW_GOODS_DESCRIPTION, "EPHEDRINE TABLET PMK TABLET PRESS");
	struct tw_match match = {0};
	static const uint32_t STARTS[] = {0, 10, 17, 21, 21};
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(tw_match_next(&consignment, fixture->terms, &match), 1);
		assert_int_equal(match.start, STARTS[i]);
	}
	assert_int_equal(tw_match_next(&consignment, fixture->terms, &match), 0);
	/* Both lists have these terms; each gets its own rows. */
	match = (struct tw_match){0};
	static const int ROWS[] = {0, 1, 0};
	assert_int_equal(tw_match_count(&consignment, fixture->second), 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(tw_match_next(&consignment, fixture->second, &match), 1);
		assert_int_equal(match.row, ROWS[i]);
	}
}

static void test_unscanned_consignment(void **state)
{
	struct fixture *fixture = *state;
	start_consignment(&fixture->builder);
	struct tw_consignment consignment = tw_builder_view(&fixture->builder);
	struct tw_match match = {0};
	char cas[16];
	consignment.scan = NULL;
	assert_int_equal(tw_match_next(&consignment, fixture->terms, &match), 0);
	assert_int_equal(tw_match_count(&consignment, fixture->terms), 0);
	assert_int_equal(tw_cas_next(&consignment, &match, cas), 0);
	assert_int_equal(tw_scan(fixture->scratch, &consignment), TW_OK); /* no values */
	assert_int_equal(tw_match_count(&consignment, fixture->terms), 0);
	assert_int_equal(tw_cas_next(&consignment, &match, cas), 0);
}

/*
 * A term at every offset, so that it crosses every boundary of the 64-byte blocks
 * the text is folded in, with and without letters before it.
 */
static void test_every_offset(void **state)
{
	struct fixture *fixture = *state;
	for (unsigned offset = 0; offset < 200; offset++) {
		char text[260];
		for (unsigned kind = 0; kind < 3; kind++) {
			memset(text, "x .X"[kind], offset);
			strcpy(text + offset, kind == 0 ? " piper-idone, 1 kg" : "piper-idone, 1 kg");
			struct tw_consignment consignment =
				scan_text(fixture, TW_GOODS_DESCRIPTION, text);
			struct tw_match match = {0};
			assert_int_equal(tw_match_next(&consignment, fixture->terms, &match), 1);
			assert_int_equal(match.start, offset + (kind == 0));
			assert_int_equal(match.length, 11);
			assert_int_equal(tw_match_next(&consignment, fixture->terms, &match), 0);
		}
	}
}

/* What stands behind a text does not change what is found in it, nor where. */
static void test_ascii_and_other_texts_agree(void **state)
{
	struct fixture *fixture = *state;
	static const char *const PIECES[] = {"TABLET", "PRESS", "AUTO", "MATIC", "MACHINE", " ", "-",
					     "P", "2", "PMK", "PIPER", "IDONE", "EPHEDRIN", "X", ", ",
					     "108-24-7", "4", "AP", "CAS "};
	uint32_t random = 7;
	for (unsigned round = 0; round < 5000; round++) {
		char text[256] = "";
		struct tw_match plain[64] = {{0}};
		char cas[64][16];
		unsigned found = 0;
		for (unsigned i = 0; i < 16; i++) {
			random = random * 1664525u + 1013904223u;
			strcat(text, PIECES[(random >> 16) % 19]);
			strcat(text, (random >> 8) % 3 == 0 ? " " : "");
		}
		struct tw_consignment consignment = scan_text(fixture, TW_GOODS_DESCRIPTION, text);
		struct tw_match match = {0};
		while (tw_match_next(&consignment, fixture->terms, &match)) {
			assert_term_at(fixture->terms, &consignment, &match);
			plain[found++] = match;
		}
		unsigned terms = found;
		match = (struct tw_match){0};
		while (tw_cas_next(&consignment, &match, cas[found]))
			plain[found++] = match;
		strcat(text, " \xc3\xa9");
		consignment = scan_text(fixture, TW_GOODS_DESCRIPTION, text);
		match = (struct tw_match){0};
		for (unsigned i = 0; i < terms; i++) {
			assert_int_equal(tw_match_next(&consignment, fixture->terms, &match), 1);
			assert_memory_equal(&match, &plain[i], sizeof(match));
		}
		assert_int_equal(tw_match_next(&consignment, fixture->terms, &match), 0);
		match = (struct tw_match){0};
		for (unsigned i = terms; i < found; i++) {
			char number[16];
			assert_int_equal(tw_cas_next(&consignment, &match, number), 1);
			assert_memory_equal(&match, &plain[i], sizeof(match));
			assert_string_equal(number, cas[i]);
		}
		assert_int_equal(tw_cas_next(&consignment, &match, cas[0]), 0);
	}
}

/* The scan and the words view fold alike: every character of two bytes, in a word. */
static void test_letters_of_two_bytes(void **state)
{
	struct fixture *fixture = *state;
	for (unsigned letter = 0x80; letter < 0x800; letter++) {
		char text[] = "ab..cd ef", view[64], joined[64];
		text[2] = (char)(0xc0 | letter >> 6);
		text[3] = (char)(0x80 | (letter & 0x3f));
		struct tw_consignment consignment = scan_text(fixture, TW_GOODS_DESCRIPTION, text);
		struct tw_words words = tw_words(&consignment);
		size_t length = 0, blanks = 0;
		size_t view_length = tw_normalise(tw_slice_string(text), view, sizeof(view));
		for (size_t i = 0; i < view_length; i++) {
			joined[length] = view[i];
			length += view[i] != ' ';
			blanks += view[i] == ' ';
		}
		assert_int_equal(words.count, blanks + 1);
		assert_int_equal(words.offsets[words.count], length);
		assert_memory_equal(words.letters, joined, length);
	}
}

/* A text of some pieces of terms, every third with letters that are not ASCII. */
static void random_text(uint32_t *random, char text[128])
{
	static const char *const PIECES[] = {"TABLET", "PRESS", "P", "2", "PMK", "PIPERIDONE", "-",
					     "JUAREZ", "CHEMICAL", "EPHEDRIN", "AUTOMATIC", "CAS ",
					     "108-24-7", "\xc3\xa9", "\xe5\x93\x8c\xe5\x95\xb6"};
	text[0] = '\0';
	do {
		*random = *random * 1664525u + 1013904223u;
		unsigned piece = (*random >> 16) % 15;
		strcat(text, piece > 12 && (*random >> 8) % 3 != 0 ? "X" : PIECES[piece]);
		strcat(text, (*random >> 24) % 4 == 0 ? "" : " ");
	} while (strlen(text) < 60 && (*random >> 20) % 7 != 0);
}

#define MANY_VALUES 90

/*
 * What is found in many values is what is found in each of them, in the order of
 * the values, however lists are asked, one after the other or in turns.
 */
static void test_many_values(void **state)
{
	struct fixture *fixture = *state;
	static const enum tw_field FIELDS[] = {TW_GOODS_DESCRIPTION, TW_PARTY_NAME, TW_NOTE_TEXT,
					       TW_DOCUMENT_NUMBER, TW_RAW_TEXT, TW_PARTY_ADDRESS};
	const struct tw_list *const lists[] = {fixture->terms, fixture->second};
	static char texts[MANY_VALUES][128];
	static struct tw_match expected[2][4096];
	uint32_t random = 11;
	for (unsigned round = 0; round < 60; round++) {
		unsigned counts[2] = {0};
		unsigned numbers = 0;
		struct tw_match match;
		char cas[16];
		for (unsigned i = 0; i < MANY_VALUES; i++) {
			random_text(&random, texts[i]);
			struct tw_consignment one =
				scan_text(fixture, FIELDS[(i * 7 + round) % 6], texts[i]);
			for (unsigned list = 0; list < 2; list++)
				for (match = (struct tw_match){0};
				     tw_match_next(&one, lists[list], &match);) {
					expected[list][counts[list]] = match;
					expected[list][counts[list]++].value = (int)i;
				}
			for (match = (struct tw_match){0}; tw_cas_next(&one, &match, cas);)
				numbers++;
		}
		assert_in_range(counts[0], 1, 4096);
		start_consignment(&fixture->builder);
		int first = -1;
		for (unsigned i = 0; i < MANY_VALUES; i++) {
			int value = add_text(&fixture->builder, FIELDS[(i * 7 + round) % 6], 1, texts[i]);
			first = i == 0 ? value : first;
		}
		struct tw_consignment all = tw_builder_view(&fixture->builder);
		assert_int_equal(tw_scan(fixture->scratch, &all), TW_OK);
		struct tw_match at[2] = {{0}};
		for (unsigned i = 0; i < counts[0] || i < counts[1]; i++)
			for (unsigned list = 0; list < 2; list++) {
				if (i >= counts[list])
					continue;
				const struct tw_match *wanted = &expected[list][i];
				assert_int_equal(tw_match_next(&all, lists[list], &at[list]), 1);
				assert_int_equal(at[list].row, wanted->row);
				assert_int_equal(at[list].value, wanted->value + first);
				assert_int_equal(at[list].start, wanted->start);
				assert_int_equal(at[list].length, wanted->length);
			}
		assert_int_equal(tw_match_count(&all, lists[0]), counts[0]);
		assert_int_equal(tw_match_count(&all, lists[1]), counts[1]);
		for (match = (struct tw_match){0}; tw_cas_next(&all, &match, cas);)
			numbers--;
		assert_int_equal(numbers, 0);
		assert_int_equal(tw_scan_status(fixture->scratch), TW_OK);
	}
}

static void test_bytes_are_counted(void **state)
{
	struct fixture *fixture = *state;
	scan_text(fixture, TW_GOODS_DESCRIPTION, "1234567");
	uint64_t before = tw_scan_bytes(fixture->scratch);
	scan_text(fixture, TW_GOODS_DESCRIPTION, "12345");
	assert_int_equal(tw_scan_bytes(fixture->scratch) - before, 5);
}

/* Texts of parties are read when a list with terms for them is asked for, and only then. */
static void test_parties_are_read_when_asked(void **state)
{
	struct fixture *fixture = *state;
	struct tw_match match = {0};
	start_consignment(&fixture->builder);
	add_text(&fixture->builder, TW_PARTY_NAME, 1, "Juarez Chem\xc3\xad" "cal tablet");
	add_text(&fixture->builder, TW_GOODS_DESCRIPTION, 1, "tablet press");
	struct tw_consignment consignment = tw_builder_view(&fixture->builder);
	uint64_t before = tw_scan_bytes(fixture->scratch);
	assert_int_equal(tw_scan(fixture->scratch, &consignment), TW_OK);
	/* "second" has terms for other texts only. */
	assert_int_equal(tw_match_count(&consignment, fixture->second), 2);
	assert_int_equal(tw_scan_bytes(fixture->scratch) - before, 12);
	assert_int_equal(tw_match_count(&consignment, fixture->terms), 4);
	assert_int_equal(tw_scan_bytes(fixture->scratch) - before, 12 + 23);
	/* What was found before stays found. */
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(tw_match_next(&consignment, fixture->second, &match), 1);
	assert_int_equal(match.value, 1);
	match = (struct tw_match){0};
	assert_int_equal(tw_match_next(&consignment, fixture->terms, &match), 1);
	assert_int_equal(match.value, 0);
	assert_int_equal(match.row, 10);
}

/* By the first four letters, whatever stands between them. */
static void test_possible(void **state)
{
	static const struct {
		const char *text;
		bool possible;
	} TEXTS[] = {{"TABLET", true},	     {"a t-a-b let press", true}, {"2 tab", false},
		     {"A VEGETABLE", false}, {"TA", false},		  {"", false},
		     {"STABLE TALE", false}, {"caf\xc3\xa9", true},	  {"TABLEAU", true}};
	struct fixture *fixture = *state;
	for (unsigned i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		struct tw_consignment consignment =
			scan_text(fixture, TW_GOODS_DESCRIPTION, TEXTS[i].text);
		assert_int_equal(tw_match_possible(&consignment, fixture->second, 0),
				 TEXTS[i].possible);
		/* A term of three letters, and one anywhere: nothing is known before the scan. */
		assert_true(tw_match_possible(&consignment, fixture->terms, 0));
		consignment.scan = NULL;
		assert_false(tw_match_possible(&consignment, fixture->terms, 0));
	}
}

static void test_words(void **state)
{
	static const char *const WORDS[] = {"2", "TABLETS", "PRESSES", "SHORT", "NO", "MACHINE"};
	struct fixture *fixture = *state;
	start_consignment(&fixture->builder);
	add_text(&fixture->builder, TW_GOODS_DESCRIPTION, 1, "2 tablets-Presses, short");
	add_text(&fixture->builder, TW_GOODS_MARKS, 1, "no. mach\xc3\xadne");
	add_text(&fixture->builder, TW_PARTY_NAME, 1, "Chemical");
	struct tw_consignment consignment = tw_builder_view(&fixture->builder);
	assert_int_equal(tw_words(&consignment).count, 0); /* not scanned */
	assert_int_equal(tw_scan(fixture->scratch, &consignment), TW_OK);
	tw_match_count(&consignment, fixture->terms); /* parties are read, but are no texts */
	struct tw_words words = tw_words(&consignment);
	assert_int_equal(words.count, sizeof(WORDS) / sizeof(WORDS[0]));
	for (unsigned i = 0; i < words.count; i++)
		assert_true(tw_slice_is(tw_slice(words.letters + words.offsets[i],
						 words.offsets[i + 1] - words.offsets[i]), WORDS[i]));
}

/* The numbers found, in order, each with a blank; `shown`: the text of the first, or NULL. */
static void assert_cas(struct fixture *fixture, const char *text, const char *expected,
		       const char *shown)
{
	struct tw_consignment consignment = scan_text(fixture, TW_GOODS_DESCRIPTION, text);
	struct tw_match match = {0};
	char cas[16];
	char found[128] = "";
	while (tw_cas_next(&consignment, &match, cas)) {
		struct tw_slice span = tw_slice_part(tw_text(&consignment, match.value),
						     match.start, match.length);
		if (shown != NULL && found[0] == '\0')
			assert_true(tw_slice_is(span, shown));
		strcat(found, cas);
		strcat(found, " ");
	}
	assert_string_equal(found, expected);
}

/*
 * Check digits by hand: 108-24-7: 4*1 + 2*2 + 8*3 + 0*4 + 1*5 = 37; 7732-18-5 (water):
 * 8 + 2 + 6 + 12 + 35 + 42 = 105; 64-17-5 (ethanol): 7 + 2 + 12 + 24 = 45;
 * 1999-12-8: 2 + 2 + 27 + 36 + 45 + 6 = 118; 24-11-3: 1 + 2 + 12 + 8 = 23.
 */
static void test_cas_numbers(void **state)
{
	assert_cas(*state, "ACETIC ANHYDRIDE 108-24-7 200 KG", "108-24-7 ", "108-24-7");
	assert_cas(*state, "(7732-18-5)", "7732-18-5 ", "7732-18-5");
	assert_cas(*state, "64-17-5, 108-24-7.", "64-17-5 108-24-7 ", "64-17-5");
	assert_cas(*state, "64-17-5/108-24-7", "64-17-5 108-24-7 ", NULL);
	assert_cas(*state, "108 - 24 - 7", "108-24-7 ", "108 - 24 - 7");
	assert_cas(*state, "108\xe2\x80\x93" "24\xe2\x80\x93" "7", "108-24-7 ",
		   "108\xe2\x80\x93" "24\xe2\x80\x93" "7");
	assert_cas(*state, "\xef\xbc\x91\xef\xbc\x90\xef\xbc\x98-24-7", "108-24-7 ", NULL);
	assert_cas(*state, "108 24 7", "108-24-7 ", NULL);
	assert_cas(*state, "108.24.7", "108-24-7 ", NULL);
}

static void test_cas_numbers_by_name(void **state)
{
	assert_cas(*state, "CAS 108247", "108-24-7 ", "108247");
	assert_cas(*state, "CAS NO. 108247 X", "108-24-7 ", "108247");
	assert_cas(*state, "CAS# 108-24.7", "108-24-7 ", "108-24.7");
	assert_cas(*state, "CASNO108-24-7", "108-24-7 ", "108-24-7");
	assert_cas(*state, "CAS108247", "108-24-7 ", "108247");
	assert_cas(*state, "CAS Registry Number: 7732185", "7732-18-5 ", NULL);
	assert_cas(*state, "108247", "", NULL);
	assert_cas(*state, "CASES 108247", "", NULL);
	assert_cas(*state, "\xef\xbc\xa3\xef\xbc\xa1\xef\xbc\xb3" "108247 ", "108-24-7 ", "108247");
	assert_cas(*state, "CAS 108248", "", NULL);
	assert_cas(*state, "CAS 64175-99", "", NULL); /* digits go on */
}

/* Every word that may announce a number: all in one, "CAS" with it, or each apart. */
static void test_cas_labels(void **state)
{
	static const char *const LABELS[] = {"",   "NO",  "NR",	      "NUMBER", "NUM",
					     "RN", "REG", "REGISTRY", "N"};
	for (size_t i = 0; i < sizeof(LABELS) / sizeof(LABELS[0]); i++)
		for (unsigned blanks = 0; blanks < 3; blanks++) {
			char text[64];
			snprintf(text, sizeof(text), "CAS%s%s%s108247", blanks > 1 ? " " : "",
				 LABELS[i], blanks > 0 ? " " : "");
			assert_cas(*state, text, "108-24-7 ", "108247");
		}
}

static void test_what_is_no_cas_number(void **state)
{
	assert_cas(*state, "108-24-8", "", NULL);	 /* check digit */
	assert_cas(*state, "2024-11-20", "", NULL);	 /* date */
	assert_cas(*state, "1999-12-8", "", NULL);	 /* date whose check digit is right */
	assert_cas(*state, "CAS 1999-12-8", "1999-12-8 ", NULL);
	assert_cas(*state, "24-11-3", "", NULL);	 /* numbers begin at 50-00-0 */
	assert_cas(*state, "8471.60-5", "", NULL);	 /* HS code */
	assert_cas(*state, "7732.18.5", "", NULL);	 /* written as one */
	assert_cas(*state, "7732.18-5", "", NULL);
	assert_cas(*state, "TEL 108-24-7", "", NULL);
	assert_cas(*state, "+108-24-7", "", NULL);
	assert_cas(*state, "5-108-24-7", "", NULL);	 /* longer runs */
	assert_cas(*state, "108-24-7-5", "", NULL);
	assert_cas(*state, "5 108 24 7", "", NULL);
	assert_cas(*state, "99108108-24-7", "", NULL);	 /* eight digits */
	assert_cas(*state, "X108-24-7", "", NULL);
	assert_cas(*state, "108-24-7X", "", NULL);
	assert_cas(*state, "108/24/7", "", NULL);
	assert_cas(*state, "000-00-0", "", NULL);
	assert_cas(*state, "0108-24-7", "", NULL);
}

static void test_cas_not_in_names(void **state)
{
	struct fixture *fixture = *state;
	struct tw_consignment consignment =
		scan_text(fixture, TW_PARTY_ADDRESS, "UNIT 108-24-7");
	struct tw_match match = {0};
	char cas[16];
	assert_int_equal(tw_cas_next(&consignment, &match, cas), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_whole_words),
		TEST(test_nested_terms_longest_first),
		TEST(test_broken_terms),
		TEST(test_other_writings),
		TEST(test_running_chinese),
		TEST(test_inside),
		TEST(test_scopes),
		TEST(test_never_across_values),
		TEST(test_order_and_lists),
		TEST(test_unscanned_consignment),
		TEST(test_every_offset),
		TEST(test_ascii_and_other_texts_agree),
		TEST(test_letters_of_two_bytes),
		TEST(test_many_values),
		TEST(test_bytes_are_counted),
		TEST(test_parties_are_read_when_asked),
		TEST(test_possible),
		TEST(test_words),
		TEST(test_cas_numbers),
		TEST(test_cas_numbers_by_name),
		TEST(test_cas_labels),
		TEST(test_what_is_no_cas_number),
		TEST(test_cas_not_in_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
