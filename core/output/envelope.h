/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_ENVELOPE_H
#define TW_OUTPUT_ENVELOPE_H

#include "output/event.h"
#include "output/json.h"

/*
 * What all events have in common: the first members and `feed`. An event is opened,
 * its own members are written, it is closed with the line's end. Stateless, any
 * thread.
 */
#define TW_EVENT_SCHEMA "1.0"

void tw_envelope_open(struct tw_json *json, const struct tw_event_style *style, const char *type,
		      double time);
void tw_envelope_feed(struct tw_json *json, const struct tw_feed *feed, uint64_t offset,
		      uint64_t length);
void tw_envelope_close(struct tw_json *json);

#endif
