/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "screen/options.h"

struct sample {
	double threshold;
	bool strict;
	const char *name;
	double any;
};

static const struct tw_option OPTIONS[] = {
	{"threshold", TW_OPTION_NUMBER, "60", "Lowest score.", offsetof(struct sample, threshold), 0, 100},
	{"strict", TW_OPTION_BOOL, "no", "Whether.", offsetof(struct sample, strict), 0, 0},
	{"name", TW_OPTION_STRING, "preset", "What.", offsetof(struct sample, name), 0, 0},
	{"any", TW_OPTION_NUMBER, "-1.5", "Any number.", offsetof(struct sample, any), 0, 0},
	{NULL, TW_OPTION_NUMBER, NULL, NULL, 0, 0, 0},
};

static const struct tw_detector DETECTOR = {
	.name = "pill_press", .options = OPTIONS, .options_size = sizeof(struct sample)};

struct bench {
	struct tw_config *config;
	struct sample *options;
	struct tw_buffer problems;
};

static int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	if (bench == NULL || tw_config_create(&bench->config) < 0)
		return -1;
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;
	free(bench->options);
	tw_config_free(bench->config);
	tw_buffer_free(&bench->problems);
	free(bench);
	return 0;
}

static void set(struct bench *bench, const char *assignment)
{
	struct tw_buffer problems = {0};
	assert_int_equal(tw_config_set(bench->config, assignment, &problems), 0);
	tw_buffer_free(&problems);
}

static int read_options(struct bench *bench, const struct tw_detector *detector)
{
	void *options = NULL;
	free(bench->options);
	bench->options = NULL;
	tw_buffer_clear(&bench->problems);
	int count = tw_options_read(detector, bench->config, "pill_press.la", &options,
				    &bench->problems);
	bench->options = options;
	tw_buffer_append_byte(&bench->problems, '\0');
	return count;
}

static void assert_says(const struct bench *bench, const char *words)
{
	if (strstr(bench->problems.data, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", bench->problems.data, words);
}

static bool equal(double a, double b)
{
	return a >= b && a <= b;
}

static void test_defaults(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(read_options(bench, &DETECTOR), 0);
	assert_true(equal(bench->options->threshold, 60));
	assert_false(bench->options->strict);
	assert_string_equal(bench->options->name, "preset");
	assert_true(equal(bench->options->any, -1.5));
	assert_string_equal(bench->problems.data, "");
}

static void test_values(void **state)
{
	struct bench *bench = *state;
	set(bench, "plugins.pill_press.threshold=12.5");
	set(bench, "plugins.pill_press.strict=yes");
	set(bench, "plugins.pill_press.name=other");
	set(bench, "plugins.pill_press.any=1000000");
	set(bench, "plugins.pill.threshold=1"); /* a plugin whose name begins alike */
	assert_int_equal(read_options(bench, &DETECTOR), 0);
	assert_true(equal(bench->options->threshold, 12.5));
	assert_true(bench->options->strict);
	assert_string_equal(bench->options->name, "other");
	assert_true(equal(bench->options->any, 1000000));
	set(bench, "plugins.pill_press.strict=off"); /* the last one counts */
	assert_int_equal(read_options(bench, &DETECTOR), 0);
	assert_false(bench->options->strict);
}

/* The ends of a range belong to it. */
static void test_range(void **state)
{
	struct bench *bench = *state;
	set(bench, "plugins.pill_press.threshold=0");
	assert_int_equal(read_options(bench, &DETECTOR), 0);
	set(bench, "plugins.pill_press.threshold=100");
	assert_int_equal(read_options(bench, &DETECTOR), 0);
	set(bench, "plugins.pill_press.threshold=100.5");
	assert_int_equal(read_options(bench, &DETECTOR), 1);
	assert_says(bench, "plugins.pill_press.threshold");
	assert_says(bench, "0 to 100");
	set(bench, "plugins.pill_press.threshold=-1");
	assert_int_equal(read_options(bench, &DETECTOR), 1);
}

static void test_wrong_types(void **state)
{
	struct bench *bench = *state;
	set(bench, "plugins.pill_press.threshold=many");
	set(bench, "plugins.pill_press.strict=perhaps");
	assert_int_equal(read_options(bench, &DETECTOR), 2);
	assert_says(bench, "a number");
	assert_says(bench, "yes or no");
}

static void test_unknown_option(void **state)
{
	struct bench *bench = *state;
	set(bench, "plugins.pill_press.treshold=5");
	assert_int_equal(read_options(bench, &DETECTOR), 1);
	assert_says(bench, "treshold");
	assert_says(bench, "did you mean \"threshold\"?");
}

/* A plugin whose own default breaks its own rule is told so, by file. */
static void test_bad_default(void **state)
{
	static const struct tw_option options[] = {
		{"threshold", TW_OPTION_NUMBER, "101", "x", offsetof(struct sample, threshold), 0, 100},
		{"any", TW_OPTION_NUMBER, NULL, "x", offsetof(struct sample, any), 0, 0},
		{NULL, TW_OPTION_NUMBER, NULL, NULL, 0, 0, 0},
	};
	struct bench *bench = *state;
	struct tw_detector detector = DETECTOR;
	detector.options = options;
	assert_int_equal(read_options(bench, &detector), 2);
	assert_says(bench, "pill_press.la");
	assert_says(bench, "\"threshold\"");
	assert_says(bench, "\"any\"");
	detector.options = NULL; /* none at all is well */
	detector.options_size = 0;
	assert_int_equal(read_options(bench, &detector), 0);
}

static void test_unused(void **state)
{
	static const char *const names[] = {"pill_press", "routing_anomaly", NULL};
	struct bench *bench = *state;
	set(bench, "plugins.pill_press.threshold=5");
	assert_int_equal(read_options(bench, &DETECTOR), 0);
	tw_buffer_clear(&bench->problems);
	assert_int_equal(tw_options_unused(bench->config, &bench->problems, names), 0);
	set(bench, "plugins.pil_press.threshold=5");
	set(bench, "plugins.nothing_like_it.x=5");
	tw_buffer_clear(&bench->problems);
	assert_int_equal(tw_options_unused(bench->config, &bench->problems, names), 2);
	tw_buffer_append_byte(&bench->problems, '\0');
	assert_says(bench, "no plugin \"pil_press\" is loaded; did you mean \"pill_press\"?\n");
	assert_says(bench, "no plugin \"nothing_like_it\" is loaded\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_defaults, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_range, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_wrong_types, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unknown_option, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_default, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unused, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
