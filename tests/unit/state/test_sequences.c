/* SPDX-License-Identifier: Apache-2.0 */
#include "state/sequences.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"

/*
 * Sequences written by hand, and the holes a reader would name. A word is a number, a
 * range A-B, `+N` (N seconds pass), `@` (from here it is ten o'clock sharp), `B:` (what follows is to partner B), `g:` (a group
 * of partner A). Between two numbers a second passes. What is expected: the holes in the
 * order in which they are told, `|` behind those told before the end of the run.
 */
struct row {
	const char *name, *numbers, *holes;
};

static const struct row ROWS[] = {
	/* counting by one */
	{"no hole", "000000001-000000040", "|"},
	{"one is missing", "000000001-000000020 000000022-000000040", "| 000000021"},
	{"a range is one hole", "000000001-000000020 000000024-000000040", "| 000000021-000000023"},
	{"two holes", "000000001-000000020 000000022-000000040 000000043-000000060",
	 "| 000000021 000000041-000000042"},
	{"without zeros, across a digit", "91-98 101-112", "|"}, /* onto a new hundred: a counter behind a date */
	{"one missing, without zeros", "80-98 100-112", "| 99"},
	{"letters in front", "AB0001-AB0020 AB0022-AB0030", "| 0021"},
	/* late, repeated */
	{"came later", "1-20 22-40 21 41-50", "|"},
	{"parallel connections", "1-10 13 12 11 16 14 15 17-30", "|"},
	{"the middle of a hole came", "1-20 26-40 23", "| 21-22 24-25"},
	{"retries", "1-10 10 10 9 11-20 20 20 5 21-30", "|"},
	{"retries do not hide a hole", "1-10 10 10 9 11-20 22 20 22 23-30", "| 21"},
	{"told after so many numbers", "1-20 22-300", "21 |"},
	{"not yet", "1-20 22-30", "| 21"},
	{"told after so long", "1-20 22-30 +4000 31", "21 |"},
	{"told when others speak on", "1-20 22-30 +4000 B: 7", "21 |"},
	{"came after all", "1-20 22-300 21", "21 |"},
	/* beginning again */
	{"restart at one", "5000-5020 1-20", "|"},
	{"restart within the window", "15-40 1-20", "|"},
	{"a hole before a restart", "5000-5020 5022-5040 1-20", "5021 |"},
	{"a hole behind a restart", "5000-5020 1-20 22-30", "| 21"},
	{"an old number again", "5000-5020 17 5021-5040", "|"},
	{"an old number again, and a hole", "5000-5020 17 5021-5030 5032-5040", "| 5031"},
	{"a jump ahead", "1-20 500000-500020", "|"},
	{"nine digits wrap to one", "999999980-999999999 000000001-000000020", "|"},
	{"nine digits wrap to nought", "999999980-999999999 000000000-000000020", "|"},
	{"a hole behind the wrap", "999999980-999999999 000000001-000000020 000000022-000000030",
	 "| 000000021"},
	{"fourteen digits wrap", "99999999999980-99999999999999 00000000000001-00000000000009", "|"},
	{"four digits wrap", "9980-9999 0001-0020 0022-0030", "| 0021"},
	/* nobody who counts by one */
	{"too few to tell", "1-3 5-7", "|"},
	{"every second", "1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 33 35 37 39", "|"},
	{"every tenth", "10 20 30 40 50 60 70 80 90 110 120 130 140 150 160 170 180 190", "|"},
	{"always the same", "1 1 1 1 1 1 1 1 1 1 1 1", "|"},
	{"words", "A1B2 X/1 REF 12/7 1.5 ABCDEFGHIJ1 1234567890123456789", "|"},
	{"by chance", "831 77 4410 9 832 5002 12 78 900 4411 13 6000 7 8 9 6001", "|"},
	{"a counter behind the date", "2611200001-2611200030 2611210001-2611210030", "|"},
	{"two digits behind the date", "2026112001-2026112060 2026112101-2026112160", "|"},
	{"hours, minutes, seconds", "@ 100000-100020 +3 100024-100050 +2 100053-100059 100100-100110", "|"},
	{"seconds since 1970", "@ 1795168800-1795168830 +4 1795168835-1795168860", "|"},
	{"two counters at once", "100 5000 101 5001 102 5002 103 5003 104 5004 105 5005 107 5007", "|"},
	{"counted over all recipients", "1-20 B: 21 A: 22-40 B: 41 A: 42-60", "|"},
	{"two recipients, each his own", "1-20 B: 1-20 A: 22-40 B: 21-40", "| 21"},
	/* groups */
	{"a group where interchanges do not run", "7 g: 1-20 22-40", "| 21"},
	{"a group where they do", "1-20 22-40 g: 1-20 22-40", "| 21"},
	/* limits */
	{"too many holes at once", "1-20 22-30 32-40 42-50 52-60 62-70", "21 | 31 41 51 61"},
};

struct told {
	struct tw_buffer text;
	unsigned kept;
};

static void *keep(void *context)
{
	struct told *told = context;
	told->kept++;
	return told;
}

static void drop(void *context, void *place)
{
	struct told *told = context;
	assert_ptr_equal(place, told);
	told->kept--;
}

static void tell(void *context, const struct tw_hole *hole, void *place)
{
	struct told *told = context;
	assert_ptr_equal(place, told);
	tw_buffer_printf(&told->text, "%0*llu", (int)hole->digits, (unsigned long long)hole->first);
	if (hole->last > hole->first)
		tw_buffer_printf(&told->text, "-%0*llu", (int)hole->digits,
				 (unsigned long long)hole->last);
	tw_buffer_append(&told->text, " ", 1);
}

/* Where a row is. */
struct at {
	struct tw_sequences *sequences;
	double time;
	char partner;
};

static void add(struct at *at, const char *text)
{
	bool group = at->partner == 'g';
	struct tw_hash128 pair = {7, (uint64_t)at->partner};
	struct tw_hash128 above = {group ? 7 : 0, group ? 'A' : 0};
	at->time += 1;
	assert_int_equal(tw_sequences_add(at->sequences,
					  &(struct tw_sequence_number){
						  .pair = pair, .above = above,
						  .sender = group ? 2 : 1,
						  .text = tw_slice_string(text), .time = at->time}),
			 TW_OK);
}

static void add_range(struct at *at, const char *first, const char *last)
{
	int letters = (int)strspn(first, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	int digits = (int)strspn(first + letters, "0123456789");
	char text[64];
	uint64_t number = strtoull(first + letters, NULL, 10);
	for (; number <= strtoull(last + letters, NULL, 10); number++) {
		snprintf(text, sizeof(text), "%.*s%0*llu", letters, first, digits,
			 (unsigned long long)number);
		add(at, text);
	}
}

static void take_word(struct at *at, char *word)
{
	char *dash = strchr(word, '-');
	if (word[0] == '@')
		at->time = 1795168799; /* a second before 2026-11-20T10:00:00Z */
	else if (word[0] == '+')
		at->time += strtod(word + 1, NULL);
	else if (word[1] == ':')
		at->partner = word[0];
	else if (dash != NULL)
		add_range(at, word, dash + 1);
	else
		add(at, word);
}

static const struct tw_sequences_settings SETTINGS = {
	.memory = 1 << 20, .holes = 4, .steps = 8, .later = 256, .seconds = 3600,
};

static struct tw_sequences *create(struct told *told, const struct tw_sequences_settings *settings)
{
	struct tw_sequences *sequences;
	struct tw_sequences_events events = {told, keep, tell, drop};
	assert_int_equal(tw_sequences_create(settings, &events, &sequences), TW_OK);
	return sequences;
}

#define START 1795170234.0 /* 2026-11-20T10:23:54Z: no number looks like the time */

static void check_row(const struct row *row)
{
	struct told told = {.kept = 0};
	struct at at = {create(&told, &SETTINGS), START, 'A'};
	char *numbers = strdup(row->numbers);
	char *rest = numbers;
	assert_non_null(numbers);
	for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
		take_word(&at, word);
	tw_buffer_append(&told.text, "| ", 2);
	tw_sequences_finish(at.sequences);
	told.text.data[told.text.length - 1] = '\0';
	if (strcmp(told.text.data, row->holes) != 0)
		fail_msg("%s: \"%s\", not \"%s\"", row->name, told.text.data, row->holes);
	tw_sequences_free(at.sequences);
	assert_int_equal(told.kept, 0);
	tw_buffer_free(&told.text);
	free(numbers);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
		check_row(&ROWS[i]);
}

static void test_counts(void **state)
{
	(void)state;
	struct told told = {.kept = 0};
	struct at at = {create(&told, &SETTINGS), START, 'A'};
	add_range(&at, "1", "20");
	add_range(&at, "23", "400");
	add(&at, "21");
	struct tw_sequences_counts counts = tw_sequences_counts(at.sequences);
	assert_int_equal(counts.sequences, 1);
	assert_int_equal(counts.holes, 1);
	assert_int_equal(counts.missing, 2);
	assert_int_equal(counts.late, 1);
	tw_sequences_free(at.sequences);
	tw_buffer_free(&told.text);
}

/* Many partners in little memory: the oldest go, and what waited is decided about first. */
static void test_memory(void **state)
{
	(void)state;
	struct told told = {.kept = 0};
	struct tw_sequences_settings settings = SETTINGS;
	settings.memory = 4096;
	struct at at = {create(&told, &settings), START, '!'};
	add_range(&at, "1", "20");
	add_range(&at, "22", "30");
	for (at.partner = 'a'; at.partner <= 'z'; at.partner++)
		add(&at, "1");
	struct tw_sequences_counts counts = tw_sequences_counts(at.sequences);
	assert_true(counts.sequences < 27 && counts.sequences > 0);
	assert_int_equal(counts.sequences + counts.evicted, 27);
	assert_int_equal(counts.holes, 1);
	assert_int_equal(told.kept, 0);
	tw_sequences_free(at.sequences);
	tw_buffer_free(&told.text);
}

/* A hole that is not decided about is dropped at the end without a word. */
static void test_left(void **state)
{
	(void)state;
	struct told told = {.kept = 0};
	struct at at = {create(&told, &SETTINGS), START, 'A'};
	add_range(&at, "1", "20");
	add_range(&at, "22", "30");
	assert_int_equal(told.kept, 1);
	tw_sequences_free(at.sequences);
	assert_int_equal(told.kept, 0);
	assert_int_equal(told.text.length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
