/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../../plugins/chemical_precursor/chemical_precursor.h"

const struct tw_detector *chemical_precursor_LTX_tw_detector(void);

/* HS lines: national digits behind the six, dots and blanks do not matter; a shorter code fits nothing. */
static void hs_lines_fit_by_prefix(void **state)
{
	(void)state;
	struct tw_slice one = TW_LITERAL("2914.31");
	struct tw_slice two = TW_LITERAL("2933.37,2933.39");
	assert_true(precursor_hs_fits(one, TW_LITERAL("291431")));
	assert_true(precursor_hs_fits(one, TW_LITERAL("2914.31.00")));
	assert_true(precursor_hs_fits(one, TW_LITERAL("2914 31 0000")));
	assert_false(precursor_hs_fits(one, TW_LITERAL("291439")));
	assert_false(precursor_hs_fits(one, TW_LITERAL("2914")));
	assert_false(precursor_hs_fits(one, TW_LITERAL("")));
	assert_true(precursor_hs_fits(two, TW_LITERAL("293339")));
	assert_true(precursor_hs_fits(two, TW_LITERAL("2933370000")));
	assert_false(precursor_hs_fits(two, TW_LITERAL("293336")));
	assert_false(precursor_hs_fits(TW_LITERAL(""), TW_LITERAL("293336")));
}

static void lists_of_words_are_exact(void **state)
{
	(void)state;
	assert_true(tw_profile_names(TW_LITERAL("tableting,chemical, solvent"), TW_LITERAL("solvent")));
	assert_false(tw_profile_names(TW_LITERAL("tableting,chemical"), TW_LITERAL("chem")));
	assert_false(tw_profile_names(TW_LITERAL(""), TW_LITERAL("chemical")));
}

static void descriptor_is_whole(void **state)
{
	(void)state;
	const struct tw_detector *detector = chemical_precursor_LTX_tw_detector();
	assert_int_equal(detector->magic, TW_DETECTOR_MAGIC);
	assert_int_equal(detector->size, sizeof(struct tw_detector));
	unsigned findings = 0;
	for (; detector->findings[findings].sid != 0; findings++) {
		assert_in_range(detector->findings[findings].sid, 2200001, 2299999);
		assert_in_range(detector->findings[findings].severity, 1, 4);
		assert_non_null(detector->findings[findings].title);
	}
	assert_int_equal(findings, 6);
	for (const struct tw_option *option = detector->options; option->name != NULL; option++) {
		assert_true(option->offset + sizeof(double) <= detector->options_size);
		assert_non_null(option->help);
		assert_true(option->least < option->most);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hs_lines_fit_by_prefix),
		cmocka_unit_test(lists_of_words_are_exact),
		cmocka_unit_test(descriptor_is_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
