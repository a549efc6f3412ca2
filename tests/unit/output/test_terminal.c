/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "output/page.h"
#include "output/terminal.h"
#include "sample.h"

static const struct tw_feed FEED = {.source = "file", .path = "feeds/ocean.edi"};

static void show_alert(const struct sample *sample, const struct tw_terminal *terminal,
		       struct tw_buffer *out)
{
	struct tw_evidence evidence[2] = {
		{.field = TW_GOODS_DESCRIPTION, .value = sample->description, .start = 6,
		 .length = 12, .match = TW_LITERAL("TABLET PRESS"),
		 .list = TW_LITERAL("tableting.tsv"),
		 .why = TW_LITERAL("The goods text names a tablet press")},
		{.field = TW_PARTY_NAME, .value = sample->name, .match = TW_LITERAL("ZYX"),
		 .why = TW_LITERAL("Quentin Q. Zyx has alerted before")},
	};
	struct tw_related related = {TW_LITERAL("ab"), TW_LITERAL("M1"), TW_LITERAL("H1"), 0};
	struct tw_alert alert = {
		.sid = 2100001, .signature = "Tablet press under another heading",
		.detector = "pill_press", .severity = 1, .score = 87,
		.reason = TW_LITERAL("A tablet press is declared as keyboards"),
		.shipment_id = TW_LITERAL("house:M55/H77"), .evidence = evidence,
		.evidence_count = 2, .related = &related, .related_count = 1,
	};
	tw_buffer_clear(out);
	tw_terminal_alert(terminal, &FEED, &sample->consignment, &alert, out);
	tw_buffer_append_byte(out, '\0');
	assert_false(out->failed);
}

static void assert_shows(const struct tw_buffer *out, const char *text)
{
	if (strstr(out->data, text) == NULL)
		print_error("no '%s' in:\n%s\n", text, out->data);
	assert_non_null(strstr(out->data, text));
}

/* No line is wider than the terminal; none steers it. */
static void assert_tidy(const struct tw_buffer *out, unsigned columns)
{
	const char *line = out->data;
	while (*line != '\0') {
		size_t length = strcspn(line, "\n");
		if (tw_page_width(tw_slice(line, length)) > columns)
			print_error("too wide: %.*s\n", (int)length, line);
		assert_true(tw_page_width(tw_slice(line, length)) <= columns);
		for (size_t i = 0; i < length; i++)
			assert_true((unsigned char)line[i] >= 0x20 && line[i] != 0x7f);
		line += length + (line[length] == '\n');
	}
}

static void test_alert(void **state)
{
	(void)state;
	struct sample sample;
	struct tw_buffer out = {0};
	struct tw_terminal terminal = {.columns = 100};
	assert_true(sample_open(&sample));
	show_alert(&sample, &terminal, &out);
	assert_tidy(&out, 100);
	assert_shows(&out, "HIGH       Tablet press under another heading\n");
	assert_shows(&out, "score 87, pill_press, sid 2100001, house:M55/H77\n");
	assert_shows(&out, "CNSHA > USLAX, sea, EVER FICTION voyage 0123W, XXXX, arrives 2026-12-01\n");
	assert_shows(&out, "Bright Path Trading (Shanghai, CN) -> Quentin \"Q\" Zyx (San Ysidro, US)\n");
	assert_shows(&out, "KEYBOARDS; SMALL TABLET PRESS\n");
	assert_shows(&out, "79.4 kg, 1 piece, value 120 USD\n");
	assert_shows(&out, "why        A tablet press is declared as keyboards\n");
	assert_shows(&out, "           - The goods text names a tablet press\n");
	assert_shows(&out, "             goods.description: \"SMALL TABLET PRESS\" matched TABLET PRESS "
			   "in tableting.tsv\n");
	assert_shows(&out, "related    M1, H1, 1970-01-01, alerted too\n");
	assert_shows(&out, "CUSCAR 1 from CARRIERX, feeds/ocean.edi, bytes 1000 to 1800\n");
	assert_null(strchr(out.data, '\033'));
	sample_free(&sample);
	tw_buffer_free(&out);
}

static void test_narrow(void **state)
{
	(void)state;
	struct sample sample;
	struct tw_buffer out = {0};
	assert_true(sample_open(&sample));
	for (unsigned columns = 40; columns < 100; columns++) {
		struct tw_terminal terminal = {.columns = columns};
		show_alert(&sample, &terminal, &out);
		assert_tidy(&out, columns);
	}
	sample_free(&sample);
	tw_buffer_free(&out);
}

static void test_colour(void **state)
{
	(void)state;
	struct sample sample;
	struct tw_buffer out = {0};
	struct tw_terminal terminal = {.columns = 80, .colour = true};
	assert_true(sample_open(&sample));
	show_alert(&sample, &terminal, &out);
	assert_shows(&out, "\033[1;31mHIGH");
	/* whatever is switched on is switched off again */
	unsigned on = 0;
	unsigned off = 0;
	for (const char *at = strchr(out.data, '\033'); at != NULL; at = strchr(at + 1, '\033')) {
		bool reset = strncmp(at, "\033[0m", 4) == 0;
		on += !reset;
		off += reset;
	}
	assert_int_equal(on, off);
	sample_free(&sample);
	tw_buffer_free(&out);
}

static void test_masked(void **state)
{
	(void)state;
	struct sample sample;
	struct tw_buffer out = {0};
	assert_true(sample_open(&sample));
	for (int privacy = TW_PRIVACY_MASKED; privacy <= TW_PRIVACY_OMITTED; privacy++) {
		struct tw_terminal terminal = {.columns = 80, .privacy = (enum tw_privacy)privacy,
					       .key = TW_LITERAL("secret")};
		show_alert(&sample, &terminal, &out);
		assert_null(strstr(out.data, "Quentin"));
		assert_null(strstr(out.data, "Zyx"));
		assert_null(strstr(out.data, "ZYX"));
		assert_null(strstr(out.data, "Ysidro"));
		assert_null(strstr(out.data, "Bright"));
		assert_shows(&out, "US)");
	}
	sample_free(&sample);
	tw_buffer_free(&out);
}

static void test_hostile_text(void **state)
{
	(void)state;
	struct tw_buffer out = {0};
	struct tw_page page = {.out = &out, .columns = 80};
	/* escape, bell, CR, C1 CSI, right-to-left override, a byte that is no UTF-8 */
	tw_page_words(&page, TW_LITERAL("a\033[2Jb\a\r\xc2\x9b" "31m\xe2\x80\xae\xff."));
	tw_buffer_append_byte(&out, '\0');
	assert_string_equal(out.data, "a?[2Jb???31m??.");
	tw_buffer_free(&out);
}

static void test_widths(void **state)
{
	(void)state;
	/* Unicode: U+4E0A is East Asian wide, U+0301 combines, U+00FC is narrow */
	assert_int_equal(tw_page_width(TW_LITERAL("\xe4\xb8\x8a\xe6\xb5\xb7")), 4);
	assert_int_equal(tw_page_width(TW_LITERAL("e\xcc\x81")), 1);
	assert_int_equal(tw_page_width(TW_LITERAL("M\xc3\xbcller")), 6);
	struct tw_buffer out = {0};
	struct tw_page page = {.out = &out, .columns = 12};
	tw_page_words(&page, TW_LITERAL("ab \xe4\xb8\x8a\xe6\xb5\xb7\xe4\xb8\x8a\xe6\xb5\xb7 c"));
	tw_buffer_append_byte(&out, '\0');
	/* two columns, a blank and four wide characters are eleven: too near the end for a mark */
	assert_string_equal(out.data,
			    "ab\n\xe4\xb8\x8a\xe6\xb5\xb7\xe4\xb8\x8a\xe6\xb5\xb7 c");
	tw_buffer_free(&out);
}

static void test_anomaly(void **state)
{
	(void)state;
	struct tw_buffer out = {0};
	struct tw_terminal terminal = {.columns = 120};
	struct tw_anomaly anomaly = {.code = "edifact.truncated", .offset = 4711,
				     .reason = TW_LITERAL("the input ends inside a segment")};
	tw_terminal_anomaly(&terminal, &FEED, &anomaly, &out);
	tw_buffer_append_byte(&out, '\0');
	assert_string_equal(out.data, "INCOMPLETE feeds/ocean.edi, byte 4711: the input ends inside a "
				      "segment (edifact.truncated)\n");
	tw_buffer_free(&out);
}

static void test_summary(void **state)
{
	(void)state;
	struct tw_buffer out = {0};
	struct tw_terminal terminal = {.columns = 90};
	struct tw_statistics statistics = {.inputs = 2, .input_bytes = 3000000, .interchanges = 2,
					   .messages = 3, .consignments = 40, .alerts = 1,
					   .seconds = 0.5};
	struct tw_summary_row rows[] = {
		{"pill_press", "pill-press", {0, 1, 0, 0, 0}},
		{"routing_anomaly", "routing-anomaly", {0, 0, 0, 12, 0}},
	};
	tw_terminal_summary(&terminal, &statistics, rows, 2, &out);
	tw_buffer_append_byte(&out, '\0');
	assert_tidy(&out, 90);
	assert_shows(&out, "detector          high medium    low   info\n");
	assert_shows(&out, "pill_press           1      0      0      0\n");
	assert_shows(&out, "routing_anomaly      0      0     12      0\n");
	assert_shows(&out, "40 consignments in 3 messages of 2 interchanges, 3 MB from 2 inputs in 0.5 "
			   "s");
	assert_shows(&out, "(6 MB/s)");
	assert_shows(&out, "1 alert, 0 repeated, 0 anomalies\n");
	assert_shows(&out, "Every inspection is complete.\n");
	tw_buffer_clear(&out);
	statistics.incomplete = 2;
	statistics.bytes_not_inspected = 1;
	terminal.columns = 40;
	tw_terminal_summary(&terminal, &statistics, rows, 2, &out);
	tw_buffer_append_byte(&out, '\0');
	assert_tidy(&out, 40);
	assert_shows(&out, "2 inspections are incomplete: 1 byte");
	assert_shows(&out, "map");
	tw_buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alert),	      cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_colour),	      cmocka_unit_test(test_masked),
		cmocka_unit_test(test_hostile_text),  cmocka_unit_test(test_widths),
		cmocka_unit_test(test_anomaly),	      cmocka_unit_test(test_summary),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
