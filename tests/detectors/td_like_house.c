/* SPDX-License-Identifier: Apache-2.0 */
/* Proof of the interface: the third like house of one shipper within three days: same words, weight within a tenth. */
#include "tidewaiter/window.h"

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	struct tw_key shipper;
	char words[TW_KEY_BYTES + 256];
	struct tw_slice text = tw_text(consignment, tw_first(consignment, TW_GOODS_DESCRIPTION));
	double weight = tw_number(consignment, tw_first(consignment, TW_CONSIGNMENT_WEIGHT));
	if (tw_code(consignment, TW_CONSIGNMENT_LEVEL) == TW_LEVEL_MASTER || !(weight > 0) ||
	    !tw_party_key(consignment, tw_party(consignment, TW_PARTY_SHIPPER, 0), &shipper))
		return TW_OK;
	memcpy(words, shipper.bytes, TW_KEY_BYTES);
	size_t length = tw_normalise(text, words + TW_KEY_BYTES, sizeof(words) - TW_KEY_BYTES);
	uint64_t grams = (uint64_t)(weight * 1000 + 0.5);
	return tw_observe(out, 0, tw_key_of(tw_slice(words, TW_KEY_BYTES + length)),
			  tw_slice((const char *)&grams, sizeof(grams)));
}

static bool like(const struct tw_window_entry *a, const struct tw_window_entry *b)
{
	double larger = (double)(a->value > b->value ? a->value : b->value);
	double apart = (double)a->value - (double)b->value;
	return tw_window_within(a, b->time, 3) && (apart < 0 ? -apart : apart) <= larger / 10;
}

static int correlate(const void *instance, const struct tw_observation *observation,
		     const struct tw_state *state, struct tw_out *out)
{
	(void)instance;
	struct tw_window_entry entry = {observation->shipment, 0, observation->time};
	struct tw_window window;
	tw_window_read(&window, tw_state_bytes(state));
	tw_window_remove(&window, entry.shipment);
	if (observation->operation == TW_RETRACT || observation->operation == TW_NOTE)
		return tw_state_write(out, state, tw_window_bytes(&window));
	memcpy(&entry.value, observation->now.data, sizeof(entry.value));
	unsigned alike = 1;
	for (uint32_t i = 0; i < window.count; i++)
		alike += like(&window.entries[i], &entry);
	for (uint32_t i = 0; i < window.count && alike >= 3; i++)
		if (like(&window.entries[i], &entry))
			tw_add_related(out, window.entries[i].shipment);
	if (alike >= 3)
		tw_add_evidence(out, &(struct tw_evidence){.value = -1, .weight = 0.6, .match = TW_LITERAL("LIKE HOUSES"),
			.why = TW_LITERAL("the third like house of one shipper within three days")});
	tw_window_put(&window, entry);
	return tw_state_write(out, state, tw_window_bytes(&window));
}

static const struct tw_detector detector = {TW_DETECTOR_MAGIC, sizeof(detector), TW_ABI_MAJOR, TW_ABI_MINOR,
	.name = "td_like_house", .version = "1", .category = "routing-anomaly", .summary = "Test: like houses.",
	.tables = (const char *const[]){"goods", NULL}, .inspect = inspect, .correlate = correlate,
	.findings = (const struct tw_finding_info[]){{1900002, 3, "Third like house"}, {0}}};
TW_DETECTOR(td_like_house, detector)
