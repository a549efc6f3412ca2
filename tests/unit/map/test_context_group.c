/* SPDX-License-Identifier: Apache-2.0 */
/* "in CONTEXT of GROUP" says the group of a context, before the rows that open it or behind them. */
#include "map_testing.h"

#define HEAD "map edifact TEST\nsingle\n"
#define OPENING "in consignment\n  DOC: open paper; document.role = \"house\"\n"
#define CONTEXT "in paper of document\n  NUM: document.number = 1.1\n"

static void check(const char *map)
{
	struct testing *testing = testing_with_map(map);
	testing_edifact(testing, "DOC+1'NUM+A1'DOC+2'NUM+A2'", false);
	assert_int_equal(testing->record_count, 1);
	const struct tw_consignment *view = &testing->views[0];
	assert_int_equal(testing_count(view, TW_DOCUMENT_NUMBER), 2);
	assert_item_text(view, TW_DOCUMENT_NUMBER, 0, "A1");
	assert_item_text(view, TW_DOCUMENT_NUMBER, 1, "A2");
	testing_free(testing);
}

static void test_before(void **state)
{
	(void)state;
	check(HEAD CONTEXT OPENING);
}

static void test_behind(void **state)
{
	(void)state;
	check(HEAD OPENING CONTEXT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_before),
		cmocka_unit_test(test_behind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
