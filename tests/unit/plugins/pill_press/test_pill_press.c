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
	/* A status can name what it moves; cancels and message records are not for it. */
	assert_int_equal(detector->flags, TW_WANTS_STATUS);
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
	struct tw_profile trade = {.item = 1, .name = TW_PROFILE_FORM | TW_PROFILE_TRADE};
	struct tw_profile user = {.item = 1, .name = TW_PROFILE_FORM | TW_PROFILE_TRADE | TW_PROFILE_USES};
	struct tw_profile maybe = {.item = 1, .name = TW_PROFILE_TRADE | TW_PROFILE_MAY_USE};
	struct tw_profile nobody = {.item = 1};
	struct tw_profile bodega = {.item = 1, .address = TW_PROFILE_FORWARDER};
	assert_true(tw_profile_unfit(&trade));
	assert_false(tw_profile_unfit(&user));
	assert_false(tw_profile_unfit(&maybe));
	assert_false(tw_profile_unfit(&nobody));
	assert_true(tw_profile_uses(&user));
	assert_false(tw_profile_uses(&trade));
	assert_true(tw_profile_forwards(&bodega));
	assert_false(tw_profile_forwards(&trade));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptor_is_whole),
		cmocka_unit_test(views_judge_by_bits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
