/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_INTAKE_H
#define TW_ENGINE_INTAKE_H

#include <signal.h>

#include "config/config.h"
#include "engine/partners.h"
#include "engine/tapping.h"
#include "map/map.h"
#include "screen/loader.h"
#include "source/source.h"

/*
 * Intake turns inputs into rounds: it opens one input after the other and reads it in
 * blocks into the batch of a lane (engine/lane.h), or, where it is a capture, packet by
 * packet into the batches of the shards (engine/tapping.h), which other threads fill. One
 * intake per run; one thread at a time has it (the read task).
 *
 * Weakness: inputs are read, and archives opened, by one thread at a time. Several files
 * are filled at a time as far as reading is ahead of reducing (engine/pipeline.c).
 */
struct tw_intake;

struct tw_intake_setup {
	const struct tw_config *config;
	const struct tw_maps *maps;
	const struct tw_loader *modules; /* parsers among them */
	const struct tw_inputs *inputs;
	struct tw_live *live; /* read behind the inputs, until the stop; or NULL */
	const struct tw_partners *partners;
	const struct tw_unwrap_keys *keys; /* to decrypt with, or NULL */
	struct tw_keeper *keeper; /* of packets, or NULL */
	unsigned threads;
	bool messages;	/* a detector has TW_WANTS_MESSAGES */
	double arrival; /* --time; NAN: each file's own */
	const volatile sig_atomic_t *stop; /* set by a signal: the input ends here */
};

int tw_intake_create(const struct tw_intake_setup *setup, struct tw_intake **ret_intake);
void tw_intake_free(struct tw_intake *intake);
/*
 * Reads a round. 1: there may be more, 0: that was the last, or a negative status. After a
 * round that says `finish` every shard is filled before the next is read.
 */
int tw_intake_read(struct tw_intake *intake, struct tw_round *round);
/* How many shards and lanes a round has, from the start on. */
unsigned tw_intake_shards(const struct tw_intake *intake);
unsigned tw_intake_lanes(const struct tw_intake *intake);
/* Makes items of what a round that was read has for a part; one thread at a time has the part. */
int tw_intake_fill(const struct tw_intake *intake, struct tw_round *round, unsigned part);

/* For progress and statistics. */
struct tw_intake_counts {
	uint64_t inputs, bytes;
	double read_seconds, feed_seconds, map_seconds; /* only where stats.stages */
};
struct tw_intake_counts tw_intake_counts(const struct tw_intake *intake);
/* False: there was no capture. */
bool tw_intake_tapped(const struct tw_intake *intake, struct tw_tapping_counts *ret_counts);

#endif
