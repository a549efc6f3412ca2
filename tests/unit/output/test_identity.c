/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "output/identity.h"
#include "sample.h"

static const char *const LAYERS[] = {"gzip", NULL};
static const struct tw_event_style STYLE = {.sensor = "s"};
static const struct tw_feed FEED = {.source = "file", .path = "feeds/a.edi.gz", .layers = LAYERS};

static int open_sample(void **state)
{
	struct sample *sample = malloc(sizeof(*sample));
	*state = sample;
	return sample == NULL || !sample_open(sample);
}

static int close_sample(void **state)
{
	sample_free(*state);
	free(*state);
	return 0;
}

static void alert_id_of(const struct sample *sample, struct tw_evidence *evidence, unsigned count,
			char id[TW_ALERT_ID_SIZE])
{
	struct tw_alert alert = sample_alert(evidence, count);
	tw_alert_id(NULL, &sample->consignment, &alert, id);
}

static void test_alert_id_stable(void **state)
{
	const struct sample *sample = *state;
	struct tw_evidence evidence[4];
	char first[TW_ALERT_ID_SIZE];
	char again[TW_ALERT_ID_SIZE];
	sample_evidence(sample, evidence);
	alert_id_of(sample, evidence, 3, first);
	/* another order, one piece told twice, other weights and words */
	evidence[3] = evidence[0];
	evidence[0] = evidence[2];
	evidence[2] = evidence[3];
	evidence[2].weight = 0.1;
	evidence[2].why = TW_LITERAL("said differently");
	evidence[2].list = TW_LITERAL("other.tsv");
	alert_id_of(sample, evidence, 4, again);
	assert_string_equal(first, again);
	struct tw_alert alert = sample_alert(evidence, 4);
	alert.rev = 9;
	alert.score = 1;
	alert.severity = 4;
	/* and an algorithm that was looked up before */
	const void *sha256 = tw_digest_algorithm();
	assert_non_null(sha256);
	tw_alert_id(sha256, &sample->consignment, &alert, again);
	tw_digest_algorithm_free(sha256);
	assert_string_equal(first, again);
}

static void test_alert_id_differs(void **state)
{
	const struct sample *sample = *state;
	struct tw_evidence evidence[3];
	char first[TW_ALERT_ID_SIZE];
	char other[TW_ALERT_ID_SIZE];
	sample_evidence(sample, evidence);
	alert_id_of(sample, evidence, 3, first);
	alert_id_of(sample, evidence, 2, other);
	assert_string_not_equal(first, other);
	struct tw_alert alert = sample_alert(evidence, 3);
	alert.sid++;
	tw_alert_id(NULL, &sample->consignment, &alert, other);
	assert_string_not_equal(first, other);
	alert = sample_alert(evidence, 3);
	alert.shipment_id = TW_LITERAL("house:M55/H78");
	tw_alert_id(NULL, &sample->consignment, &alert, other);
	assert_string_not_equal(first, other);
	/* a byte moved from the value to the match is another finding */
	evidence[2] = (struct tw_evidence){.value = -1, .shown = TW_LITERAL("AB"),
					   .match = TW_LITERAL("C")};
	alert_id_of(sample, evidence, 3, first);
	evidence[2].shown = TW_LITERAL("A");
	evidence[2].match = TW_LITERAL("BC");
	alert_id_of(sample, evidence, 3, other);
	assert_string_not_equal(first, other);
}

static void test_ids_and_place(void **state)
{
	struct sample *sample = *state;
	struct tw_evidence evidence[3];
	sample_evidence(sample, evidence);
	struct tw_alert alert = sample_alert(evidence, 3);
	struct tw_feed tap = {.source = "live", .path = "eth0"};
	struct tw_alert_identity file;
	struct tw_alert_identity wire;
	struct tw_alert_identity moved;
	tw_alert_identify(&STYLE, &FEED, &sample->consignment, &alert, &file);
	tw_alert_identify(&STYLE, &tap, &sample->consignment, &alert, &wire);
	struct tw_record record = *sample->consignment.record;
	struct tw_consignment elsewhere = sample->consignment;
	record.base += 500;
	record.end += 500;
	record.feed_time += 3600;
	elsewhere.record = &record;
	tw_alert_identify(&STYLE, &FEED, &elsewhere, &alert, &moved);
	assert_string_equal(file.alert_id, wire.alert_id);
	assert_string_equal(file.alert_id, moved.alert_id);
	assert_string_equal(file.sha256, wire.sha256);
	assert_string_equal(file.sha256, moved.sha256);
	assert_string_not_equal(file.event_id, wire.event_id);
	assert_string_not_equal(file.event_id, moved.event_id);
}

static void test_many_pieces_of_evidence(void **state)
{
	const struct sample *sample = *state;
	const unsigned count = TW_EVIDENCE_SORTED;
	struct tw_evidence *evidence = calloc(count, sizeof(*evidence));
	char (*texts)[8] = calloc(count, sizeof(*texts));
	char up[TW_ALERT_ID_SIZE];
	char down[TW_ALERT_ID_SIZE];
	assert_true(evidence != NULL && texts != NULL);
	for (unsigned turn = 0; turn < 2; turn++) {
		for (unsigned i = 0; i < count; i++) {
			snprintf(texts[i], sizeof(texts[i]), "%u", turn == 0 ? i : count - 1 - i);
			evidence[i] = (struct tw_evidence){.value = -1,
							   .shown = tw_slice_string(texts[i])};
		}
		alert_id_of(sample, evidence, count, turn == 0 ? up : down);
	}
	assert_string_equal(up, down);
	free(evidence);
	free(texts);
}

static void test_sha256_as_documented(void **state)
{
	(void)state;
	struct sample sample = {.description = -1};
	char hex[TW_SHA256_TEXT_SIZE];
	tw_builder_message(&sample.builder, 0);
	sample_text(&sample, TW_MESSAGE_TYPE, 0, "CUSCAR", 0);
	tw_builder_consignment(&sample.builder, 0);
	assert_true(sample_finish(&sample)); /* adds a derived level, which does not count */
	assert_true(tw_message_sha256(NULL, &sample.consignment, hex));
	/* SHA-256 over the sequence identity.h describes: field 7, item 0, 6 bytes; computed apart */
	assert_string_equal(hex,
			    "6f8d826268f4c36e1718ba31d683bdcd6bfedc4cdede84352e848885cf127158");
	sample_free(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alert_id_stable),
		cmocka_unit_test(test_alert_id_differs),
		cmocka_unit_test(test_ids_and_place),
		cmocka_unit_test(test_many_pieces_of_evidence),
		cmocka_unit_test(test_sha256_as_documented),
	};
	return cmocka_run_group_tests(tests, open_sample, close_sample);
}
