/* SPDX-License-Identifier: Apache-2.0 */
/* Proof of the interface: from the fourth unrelated shipper to one consignee, with the related list. */
#include "tidewaiter/window.h"

struct options {
	double shippers, days;
};

static int start(const struct tw_host *host, const void *options, void **ret_instance)
{
	(void)host;
	*ret_instance = (void *)(uintptr_t)options;
	return TW_OK;
}

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	struct tw_key from, to;
	if (!tw_party_key(consignment, tw_party(consignment, TW_PARTY_SHIPPER, 0), &from) ||
	    !tw_party_key(consignment, tw_party(consignment, TW_PARTY_CONSIGNEE, 0), &to))
		return TW_OK;
	return tw_observe(out, 0, to, tw_slice((const char *)from.bytes, TW_KEY_BYTES));
}

static int correlate(const void *instance, const struct tw_observation *observation,
		     const struct tw_state *state, struct tw_out *out)
{
	const struct options *options = instance;
	struct tw_window_entry entry = {observation->shipment, 0, observation->time};
	struct tw_window window;
	tw_window_read(&window, tw_state_bytes(state));
	tw_window_remove(&window, entry.shipment);
	if (observation->operation == TW_ADD || observation->operation == TW_UPDATE) {
		memcpy(&entry.value, observation->now.data, sizeof(entry.value));
		tw_window_put(&window, entry);
	}
	if (observation->operation == TW_ADD &&
	    tw_window_distinct(&window, entry.time, options->days) >= options->shippers) {
		tw_add_evidence(out, &(struct tw_evidence){.value = -1, .weight = 0.6,
			.match = TW_LITERAL("UNRELATED SHIPPERS"),
			.why = TW_LITERAL("several unrelated shippers send to this consignee")});
		for (uint32_t i = 0; i + 1 < window.count; i++)
			if (tw_window_within(&window.entries[i], entry.time, options->days))
				tw_add_related(out, window.entries[i].shipment);
	}
	return tw_state_write(out, state, tw_window_bytes(&window));
}

static const struct tw_detector detector = {TW_DETECTOR_MAGIC, sizeof(detector), TW_ABI_MAJOR, TW_ABI_MINOR,
	.name = "td_shippers", .version = "1", .category = "routing-anomaly", .summary = "Test: many shippers.",
	.options = (const struct tw_option[]){
		{"shippers", TW_OPTION_NUMBER, "4", "From how many on.", offsetof(struct options, shippers), 2, 100},
		{"days", TW_OPTION_NUMBER, "10", "Within how long.", offsetof(struct options, days), 1, 365}, {0}},
	.options_size = sizeof(struct options), .tables = (const char *const[]){"consignees", NULL},
	.findings = (const struct tw_finding_info[]){{1900001, 2, "Many shippers to one consignee"}, {0}},
	.open = start, .inspect = inspect, .correlate = correlate};
TW_DETECTOR(td_shippers, detector)
