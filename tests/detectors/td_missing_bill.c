/* SPDX-License-Identifier: Apache-2.0 */
/* Proof of the interface: a booking (or instruction) whose bill has not arrived fourteen days on. */
#include "tidewaiter/detector.h"

#define BILL 'B'
#define ORDER 'O'

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	(void)instance;
	struct tw_slice booking = tw_document(consignment, TW_DOCUMENT_BOOKING);
	int role = tw_code(consignment, TW_MESSAGE_ROLE);
	bool order = role == TW_ROLE_BOOKING || role == TW_ROLE_INSTRUCTION;
	if (tw_slice_empty(booking) ||
	    (!order && role != TW_ROLE_TRANSPORT_DOCUMENT && role != TW_ROLE_MANIFEST))
		return TW_OK;
	return tw_observe(out, 0, tw_key_of(booking), tw_slice(order ? "O" : "B", 1));
}

/*
 * A bill that shares its shipment with the booking comes as TW_UPDATE, one that
 * does not as TW_ADD: either ends the wait, also when it came before the booking.
 */
static int correlate(const void *instance, const struct tw_observation *observation,
		     const struct tw_state *state, struct tw_out *out)
{
	(void)instance;
	int now = tw_slice_at(observation->now, 0);
	bool arrived = tw_slice_at(tw_state_bytes(state), 0) == BILL || now == BILL;
	if (observation->operation == TW_NOTE)
		return TW_OK;
	if (arrived || now != ORDER)
		tw_set_deadline(out, state, 0);
	else
		tw_set_deadline(out, state, observation->time + 14 * 86400.0);
	return tw_state_write(out, state, tw_slice(arrived ? "B" : "O", 1));
}

static int expired(const void *instance, const struct tw_observation *observation,
		   const struct tw_state *state, struct tw_out *out)
{
	(void)instance;
	(void)observation;
	(void)state;
	return tw_add_evidence(out, &(struct tw_evidence){.value = -1, .weight = 0.4, .match = TW_LITERAL("NO BILL"),
		.why = TW_LITERAL("no bill for this booking within fourteen days")});
}

static const struct tw_detector detector = {TW_DETECTOR_MAGIC, sizeof(detector), TW_ABI_MAJOR, TW_ABI_MINOR,
	.name = "td_missing_bill", .version = "1", .category = "routing-anomaly", .summary = "Test: no bill came.",
	.findings = (const struct tw_finding_info[]){{1900008, 3, "A booking without a bill"}, {0}},
	.tables = (const char *const[]){"bookings", NULL},
	.inspect = inspect, .correlate = correlate, .expired = expired};
TW_DETECTOR(td_missing_bill, detector)
