/* SPDX-License-Identifier: Apache-2.0 */
/* Proof of the interface: a master and its houses whose pieces do not add up three days on, whichever came first. */
#include "tidewaiter/detector.h"

/* Payload of one bill, and (added up) the state of its master. */
struct pieces {
	double declared, found, masters, houses;
};

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	bool house = tw_code(consignment, TW_CONSIGNMENT_LEVEL) == TW_LEVEL_HOUSE;
	struct tw_slice number = tw_document(consignment, TW_DOCUMENT_MASTER);
	if (tw_slice_empty(number) && !house)
		number = tw_document(consignment, TW_DOCUMENT_HOUSE);
	double pieces = tw_number(consignment, tw_first(consignment, TW_CONSIGNMENT_PIECES));
	if (tw_slice_empty(number) || !(pieces >= 0))
		return TW_OK;
	struct pieces one = house ? (struct pieces){0, pieces, 0, 1} : (struct pieces){pieces, 0, 1, 0};
	return tw_observe(out, 0, tw_key_of(number), tw_slice((const char *)&one, sizeof(one)));
}

static void count(struct pieces *sum, struct tw_slice payload, int sign)
{
	struct pieces one = {0};
	if (payload.length == sizeof(one))
		memcpy(&one, payload.data, sizeof(one));
	*sum = (struct pieces){sum->declared + sign * one.declared, sum->found + sign * one.found,
			       sum->masters + sign * one.masters, sum->houses + sign * one.houses};
}

static int correlate(const void *instance, const struct tw_observation *observation,
		     const struct tw_state *state, struct tw_out *out)
{
	(void)instance;
	struct pieces sum = {0};
	count(&sum, tw_state_bytes(state), 1);
	count(&sum, observation->before, -1);
	if (observation->operation != TW_NOTE)
		count(&sum, observation->now, 1);
	bool apart = sum.masters > 0 && sum.houses > 0 && sum.declared != sum.found;
	tw_set_deadline(out, state, apart ? observation->time + 3 * 86400.0 : 0);
	return tw_state_write(out, state, tw_slice((const char *)&sum, sizeof(sum)));
}

static int expired(const void *instance, const struct tw_observation *observation,
		   const struct tw_state *state, struct tw_out *out)
{
	(void)instance, (void)observation, (void)state;
	return tw_add_evidence(out, &(struct tw_evidence){.value = -1, .weight = 0.6, .match = TW_LITERAL("PIECES APART"),
		.why = TW_LITERAL("the pieces of the houses are not those of their master")});
}

static const struct tw_detector detector = {TW_DETECTOR_MAGIC, sizeof(detector), TW_ABI_MAJOR, TW_ABI_MINOR,
	.name = "td_reconcile", .version = "1", .category = "routing-anomaly", .summary = "Test: master and houses.",
	.findings = (const struct tw_finding_info[]){{1900007, 3, "Master and houses do not add up"}, {0}}, .expired = expired,
	.tables = (const char *const[]){"masters", NULL}, .inspect = inspect, .correlate = correlate};
TW_DETECTOR(td_reconcile, detector)
