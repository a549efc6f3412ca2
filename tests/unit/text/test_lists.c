/* SPDX-License-Identifier: Apache-2.0 */
#include "text_testing.h"

static const char GOOD[] = "\xef\xbb\xbf# what it is for\n"
			   "\n"
			   "term\tmatch\tscope\tweight\tstatus\ths\tcas\r\n"
			   "acetic anhydride\t\t\t0.8\tread\t2915.24\t108-24-7\n"
			   "# a comment between rows\n"
			   "piperidone\tinside\tany\t.5\trecalled\t2933\t\n"
			   "\t\t\t\t\t29\t\n"
			   "border\tword\tparty\t\t\t\t2915 24\n";

static const char *const FILES[] = {"good.tsv", "bad.tsv", "other.tsv", NULL};

/* The reason for which a list is refused, as "bad.tsv:LINE: ..." without the folder. */
static void assert_refused(const char *content, const char *expected)
{
	struct folder folder = folder_create();
	const char *folders[] = {folder.path};
	struct tw_lists *lists = NULL;
	struct tw_buffer reason = {0};
	const struct tw_list *list = NULL;
	folder_write(&folder, "bad.tsv", content);
	assert_int_equal(tw_lists_create(folders, 1, &lists), TW_OK);
	assert_int_equal(tw_lists_open(lists, "bad", &list, &reason), TW_ERROR_INVALID);
	assert_null(list);
	tw_buffer_append_byte(&reason, '\0');
	assert_memory_equal(reason.data, folder.path, strlen(folder.path));
	assert_string_equal(reason.data + strlen(folder.path) + 1, expected);
	tw_buffer_free(&reason);
	tw_lists_free(lists);
	folder_remove(&folder, FILES);
}

static void test_refusals(void **state)
{
	(void)state;
	assert_refused("", "bad.tsv:0: no line with the names of the columns");
	assert_refused("# only\n", "bad.tsv:1: no line with the names of the columns");
	assert_refused("term\t\tx\n", "bad.tsv:1: column 2 has no name");
	assert_refused("term\tterm\n", "bad.tsv:1: column term stands twice");
	assert_refused("match\ths\n", "bad.tsv:1: column match, but no column term");
	assert_refused("term\ths\nabc\t1\nabd\n", "bad.tsv:3: 1 cells, but 2 columns");
	assert_refused("term\ths\nabc\t1\t2\n", "bad.tsv:2: 3 cells, but 2 columns");
	assert_refused("term\tmatch\nabcdef\tinsid\n",
		       "bad.tsv:2: unknown match \"insid\", did you mean inside?");
	assert_refused("term\tscope\nabcdef\tzzzzzzzzz\n", "bad.tsv:2: unknown scope \"zzzzzzzzz\"");
	assert_refused("term\tstatus\nabcdef\tred\n",
		       "bad.tsv:2: unknown status \"red\", did you mean read?");
	assert_refused("term\tweight\nabcdef\t7\n",
		       "bad.tsv:2: weight \"7\" is no number from -1 to 1");
	assert_refused("term\tmatch\nab-cde\tinside\n",
		       "bad.tsv:2: term \"ab-cde\" is too short for match inside: 6 letters at least");
	assert_refused("term\n-\n", "bad.tsv:2: term \"-\" has fewer than two letters or digits");
	assert_refused("term\nx\n", "bad.tsv:2: term \"x\" has fewer than two letters or digits");
	assert_refused("term\nTablet press\n# c\ntablet-PRESS\n",
		       "bad.tsv:4: term \"TABLET PRESS\" stands in line 2 already");
	assert_refused("term\nab\xff" "c\n", "bad.tsv:2: not UTF-8 text");
}

static void test_the_same_term_for_other_texts(void **state)
{
	(void)state;
	struct folder folder = folder_create();
	const char *folders[] = {folder.path};
	struct tw_lists *lists = NULL;
	struct tw_buffer reason = {0};
	const struct tw_list *list = NULL;
	folder_write(&folder, "good.tsv", "term\tscope\nchem\ttext\nchem\tparty\n");
	assert_int_equal(tw_lists_create(folders, 1, &lists), TW_OK);
	assert_int_equal(tw_lists_open(lists, "good", &list, &reason), TW_OK);
	assert_int_equal(tw_list_rows(list), 2);
	tw_lists_free(lists);
	tw_buffer_free(&reason);
	folder_remove(&folder, FILES);
}

static void test_names(void **state)
{
	(void)state;
	struct folder folder = folder_create();
	const char *folders[] = {"/nonexistent", folder.path};
	struct tw_lists *lists = NULL;
	struct tw_buffer reason = {0};
	const struct tw_list *list = NULL;
	const struct tw_list *again = NULL;
	folder_write(&folder, "good.tsv", GOOD);
	folder_write(&folder, "other.tsv", "code\n1\n");
	assert_int_equal(tw_lists_create(folders, 2, &lists), TW_OK);
	assert_int_equal(tw_lists_open(lists, "good", &list, &reason), TW_OK);
	assert_int_equal(tw_lists_open(lists, "good.tsv", &again, &reason), TW_OK);
	assert_ptr_equal(list, again);
	assert_string_equal(tw_list_name(list), "good.tsv");
	assert_int_equal(tw_lists_count(lists), 1);
	assert_ptr_equal(tw_lists_at(lists, 0), list);
	assert_null(tw_lists_at(lists, 1));
	assert_int_equal(reason.length, 0);
	assert_int_equal(tw_lists_open(lists, "absent", &again, &reason), TW_ERROR_NOT_FOUND);
	tw_buffer_append_byte(&reason, '\0');
	assert_non_null(strstr(reason.data, "absent.tsv"));
	assert_non_null(strstr(reason.data, folder.path));
	assert_int_equal(tw_lists_open(lists, "../good", &again, &reason), TW_ERROR_INVALID);
	assert_int_equal(tw_lists_open(lists, "", &again, &reason), TW_ERROR_INVALID);
	assert_int_equal(tw_lists_seal(lists, &reason), TW_OK);
	assert_int_equal(tw_lists_open(lists, "good", &again, &reason), TW_OK);
	assert_int_equal(tw_lists_open(lists, "other", &again, &reason), TW_ERROR_INVALID);
	tw_lists_free(lists);
	tw_buffer_free(&reason);
	folder_remove(&folder, FILES);
}

static void test_cells(void **state)
{
	(void)state;
	struct folder folder = folder_create();
	const char *folders[] = {folder.path};
	struct tw_lists *lists = NULL;
	struct tw_buffer reason = {0};
	const struct tw_list *list = NULL;
	folder_write(&folder, "good.tsv", GOOD);
	assert_int_equal(tw_lists_create(folders, 1, &lists), TW_OK);
	assert_int_equal(tw_lists_open(lists, "good", &list, &reason), TW_OK);
	int weight = tw_list_column(list, "weight");
	assert_int_equal(tw_list_rows(list), 4);
	assert_int_equal(weight, 3);
	assert_int_equal(tw_list_column(list, "absent"), -1);
	assert_true(tw_slice_is(tw_list_cell(list, 1, 0), "piperidone"));
	assert_true(tw_slice_is(tw_list_cell(list, 3, 6), "2915 24"));
	assert_int_equal(tw_list_cell(list, 4, 0).length, 0);
	assert_int_equal(tw_list_cell(list, -1, 0).length, 0);
	assert_int_equal(tw_list_cell(list, 0, 7).length, 0);
	assert_int_equal(tw_list_cell(list, 0, -1).length, 0);
	assert_true(tw_list_number(list, 0, weight, 9) == 0.8);
	assert_true(tw_list_number(list, 1, weight, 9) == 0.5);
	assert_true(tw_list_number(list, 3, weight, 9) == 9);
	assert_true(tw_list_number(list, 0, 0, 9) == 9);
	tw_lists_free(lists);
	tw_buffer_free(&reason);
	folder_remove(&folder, FILES);
}

static void test_codes(void **state)
{
	(void)state;
	struct folder folder = folder_create();
	const char *folders[] = {folder.path};
	struct tw_lists *lists = NULL;
	struct tw_buffer reason = {0};
	const struct tw_list *list = NULL;
	folder_write(&folder, "good.tsv", GOOD);
	assert_int_equal(tw_lists_create(folders, 1, &lists), TW_OK);
	assert_int_equal(tw_lists_open(lists, "good", &list, &reason), TW_OK);
	int hs = tw_list_column(list, "hs");
	int cas = tw_list_column(list, "cas");
	assert_int_equal(tw_list_find(list, hs, TW_LITERAL("291524")), 0);
	assert_int_equal(tw_list_find(list, hs, TW_LITERAL("29 15.24")), 0);
	assert_int_equal(tw_list_find(list, hs, TW_LITERAL("2915240000")), -1);
	assert_int_equal(tw_list_find(list, hs, TW_LITERAL("")), -1);
	assert_int_equal(tw_list_find(list, -1, TW_LITERAL("29")), -1);
	assert_int_equal(tw_list_find(list, 99, TW_LITERAL("29")), -1);
	assert_int_equal(tw_list_find(list, cas, TW_LITERAL("108-24-7")), 0);
	assert_int_equal(tw_list_find(list, cas, TW_LITERAL("108247")), -1); /* hyphens count */
	assert_int_equal(tw_list_find(list, 0, TW_LITERAL("ACETIC ANHYDRIDE")), 0);
	assert_int_equal(tw_list_prefix(list, hs, TW_LITERAL("2915.24.00.00")), 0);
	assert_int_equal(tw_list_prefix(list, hs, TW_LITERAL("29339900")), 1);
	assert_int_equal(tw_list_prefix(list, hs, TW_LITERAL("2901")), 2);
	assert_int_equal(tw_list_prefix(list, hs, TW_LITERAL("2")), -1);
	assert_int_equal(tw_list_prefix(list, hs, TW_LITERAL("3004")), -1);
	assert_int_equal(tw_list_prefix(list, -1, TW_LITERAL("29")), -1);
	tw_lists_free(lists);
	tw_buffer_free(&reason);
	folder_remove(&folder, FILES);
}

/* The lists that are shipped can be read and compiled together. */
static void test_shipped_lists_seal(void **state)
{
	(void)state;
	const char *root = getenv("srcdir");
	char path[512];
	snprintf(path, sizeof(path), "%s/rules/lists", root == NULL ? "." : root);
	const char *folders[] = {path};
	struct tw_lists *lists = NULL;
	struct tw_buffer reason = {0};
	const struct tw_list *list = NULL;
	assert_int_equal(tw_lists_create(folders, 1, &lists), TW_OK);
	assert_int_equal(tw_lists_open(lists, "tableting", &list, &reason), TW_OK);
	assert_int_equal(tw_lists_open(lists, "precursors", &list, &reason), TW_OK);
	assert_int_equal(tw_lists_seal(lists, &reason), TW_OK);
	assert_int_equal(reason.length, 0);
	tw_lists_free(lists);
	tw_lists_free(NULL);
	tw_buffer_free(&reason);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_the_same_term_for_other_texts),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_shipped_lists_seal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
