/* SPDX-License-Identifier: Apache-2.0 */
/* Proof of the interface: a threshold of three within a day, tracked by consignee; conclude decides on the state. */
#include "tidewaiter/window.h"

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	struct tw_key consignee;
	char words[256];
	int goods = tw_first(consignment, TW_GOODS_DESCRIPTION);
	size_t length = tw_normalise(tw_text(consignment, goods), words, sizeof(words) - 1);
	words[length] = '\0';
	if (strstr(words, "SAMPLES") == NULL ||
	    !tw_party_key(consignment, tw_party(consignment, TW_PARTY_CONSIGNEE, 0), &consignee))
		return TW_OK;
	tw_add_evidence(out, &(struct tw_evidence){.field = TW_GOODS_DESCRIPTION, .value = goods, .weight = 0.5,
		.why = TW_LITERAL("samples, for which the threshold counts")});
	return tw_observe(out, 0, consignee, TW_LITERAL("one"));
}

static int correlate(const void *instance, const struct tw_observation *observation,
		     const struct tw_state *state, struct tw_out *out)
{
	(void)instance;
	struct tw_window window;
	tw_window_read(&window, tw_state_bytes(state));
	if (observation->operation == TW_RETRACT)
		tw_window_remove(&window, observation->shipment);
	else if (observation->operation != TW_NOTE)
		tw_window_put(&window, (struct tw_window_entry){observation->shipment, 0, observation->time});
	return tw_state_write(out, state, tw_window_bytes(&window));
}

static int conclude(const void *instance, const struct tw_consignment *consignment,
		    const struct tw_conclusion *conclusion, struct tw_out *out)
{
	(void)instance;
	struct tw_window window;
	unsigned within = 0;
	if (conclusion->state_count == 0)
		return TW_OK;
	tw_window_read(&window, tw_state_bytes(conclusion->states[0]));
	for (uint32_t i = 0; i < window.count; i++)
		within += tw_window_within(&window.entries[i], tw_feed_time(consignment), 1);
	if (within < 3)
		return TW_OK;
	return tw_raise(out, &(struct tw_finding){.sid = 1900004,
		.score = tw_combine(conclusion->evidence, conclusion->evidence_count),
		.reason = TW_LITERAL("the third consignment of samples to one consignee within a day")});
}

static const struct tw_detector detector = {TW_DETECTOR_MAGIC, sizeof(detector), TW_ABI_MAJOR, TW_ABI_MINOR,
	.name = "td_threshold", .version = "1", .category = "routing-anomaly", .summary = "Test: a threshold.",
	.findings = (const struct tw_finding_info[]){{1900004, 3, "Many samples to one consignee"}, {0}},
	.tables = (const char *const[]){"consignees", NULL},
	.inspect = inspect, .correlate = correlate, .conclude = conclude};
TW_DETECTOR(td_threshold, detector)
