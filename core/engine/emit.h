/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_EMIT_H
#define TW_ENGINE_EMIT_H

#include <stdio.h>

#include "output/terminal.h"
#include "screen/detectors.h"

/*
 * Where events go: JSON lines to a file or standard output, alerts for people to
 * the terminal, or both. Belongs to the reduce task; what it is given it writes in
 * that order, at the latest when the batch is done. A write that fails stops the
 * run: an alert that nobody can read is lost.
 */
/* The message event that one stream is gathering, and what has to wait behind it. */
struct tw_gathering {
	struct tw_buffer shipments, first_record, held;
	unsigned shipment_count, part;
};

void tw_gathering_free(struct tw_gathering *gathering);

struct tw_emitter {
	struct tw_event_style style; /* its sha256 is the emitter's */
	FILE *events;  /* NULL: no JSON lines */
	FILE *people;  /* NULL: none for people */
	struct tw_terminal terminal;
	bool messages;
	struct tw_buffer json, text;
	struct tw_gathering *at; /* of the stream at hand; set before each event */
	uint64_t alerts, anomalies;
	bool timed;
	double seconds; /* spent on events, where timed */
	uint64_t (*by_severity)[5]; /* per detector */
	const struct tw_detectors *detectors;
};

int tw_emitter_create(struct tw_emitter *emitter, const struct tw_detectors *detectors);
void tw_emitter_free(struct tw_emitter *emitter);
void tw_emit_alert(struct tw_emitter *emitter, const struct tw_feed *feed,
		   const struct tw_consignment *consignment, const struct tw_alert *alert,
		   unsigned detector);
void tw_emit_anomaly(struct tw_emitter *emitter, const struct tw_feed *feed,
		     const struct tw_anomaly *anomaly);
void tw_emit_opaque(struct tw_emitter *emitter, const struct tw_feed *feed,
		    const struct tw_opaque *opaque);
void tw_emit_receipt(struct tw_emitter *emitter, const struct tw_feed *feed,
		     const struct tw_receipt *receipt);
/* A consignment of a message that is gathered for a message event. */
void tw_emit_shipment(struct tw_emitter *emitter, const struct tw_feed *feed,
		      struct tw_slice record, const struct tw_consignment *consignment);
/* The message ended: its event is written, and what waited behind it. */
void tw_emit_message(struct tw_emitter *emitter, const struct tw_feed *feed, uint64_t offset,
		     uint64_t length);
/* Writes out what there is. TW_OK or TW_ERROR_IO. */
int tw_emit_flush(struct tw_emitter *emitter);

#endif
