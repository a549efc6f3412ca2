/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../../plugins/pill_press/pill_press.h"

const struct tw_detector *pill_press_LTX_tw_detector(void);

static void descriptor_is_whole(void **state)
{
	(void)state;
	const struct tw_detector *detector = pill_press_LTX_tw_detector();
	assert_int_equal(detector->magic, TW_DETECTOR_MAGIC);
	assert_int_equal(detector->size, sizeof(struct tw_detector));
	assert_string_equal(detector->name, "pill_press");
	assert_string_equal(detector->category, "pill-press");
	/* Status messages, cancels and message records are not for it. */
	assert_int_equal(detector->flags, 0);
	unsigned findings = 0;
	for (; detector->findings[findings].sid != 0; findings++)
		assert_in_range(detector->findings[findings].sid, 2100001, 2199999);
	assert_int_equal(findings, 3);
	for (const struct tw_option *option = detector->options; option->name != NULL; option++) {
		assert_true(option->offset + sizeof(double) <= detector->options_size);
		assert_non_null(option->help);
		assert_true(option->least < option->most);
	}
}

/* A home needs a name without a word of business and an address without one of premises. */
static void views_judge_by_bits(void **state)
{
	(void)state;
	struct party_view trade = {.item = 1, .name = PARTY_FORM | PARTY_TRADE};
	struct party_view user = {.item = 1, .name = PARTY_FORM | PARTY_TRADE | PARTY_USES};
	struct party_view maybe = {.item = 1, .name = PARTY_TRADE | PARTY_MAY_USE};
	struct party_view nobody = {.item = 1};
	struct party_view bodega = {.item = 1, .address = PARTY_FORWARDER};
	assert_true(party_unfit(&trade));
	assert_false(party_unfit(&user));
	assert_false(party_unfit(&maybe));
	assert_false(party_unfit(&nobody));
	assert_true(party_uses(&user));
	assert_false(party_uses(&trade));
	assert_true(party_forwards(&bodega));
	assert_false(party_forwards(&trade));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptor_is_whole),
		cmocka_unit_test(views_judge_by_bits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
