/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_MISSING_H
#define TW_ENGINE_MISSING_H

#include "config/config.h"
#include "engine/batch.h"
#include "state/sequences.h"

/*
 * Holes in the control numbers of partners, of what comes in packets: UNB 0020 of
 * EDIFACT, ISA13 of X12, and GS06 of X12 where ISA13 does not run by one. A hole is an
 * anomaly of its own, where the number behind it stood, and counts the run as incomplete;
 * it belongs to no interchange's receipt, since those that came were inspected. Whose
 * numbers are told, and when, is state/sequences.h's to say. Part of the reduce task.
 *
 * Weakness: what was lost before the first number that is seen, or behind the last, no
 * number tells.
 */
struct tw_missing;
struct tw_reducer;

/* What the configuration says. */
struct tw_sequences_settings tw_missing_settings(const struct tw_config *config);
int tw_missing_create(const struct tw_sequences_settings *settings, struct tw_reducer *reducer,
		      struct tw_missing **ret_missing);
void tw_missing_free(struct tw_missing *missing);
/* An interchange began; its facts stand in the reducer's receipt. */
int tw_missing_interchange(struct tw_missing *missing, const struct tw_item *item);
/* A group in it began. */
int tw_missing_group(struct tw_missing *missing, const struct tw_item *item,
		     const struct tw_slice texts[TW_ITEM_TEXTS]);
/* The run is over. */
void tw_missing_finish(struct tw_missing *missing);

#endif
