/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_ANOMALY_H
#define TW_OUTPUT_ANOMALY_H

#include "output/event.h"

/*
 * The table of the engine's own remarks (anomalies.def) for documents and the
 * schema; tw_anomaly_complete() and tw_anomaly_meaning() stand in event.h. Read-only,
 * any thread. A look-up compares names one after the other.
 */

/* The code of a row, from 0 in the order of the table; NULL behind the last. */
const char *tw_anomaly_code(unsigned index);
/* The table as Markdown. */
void tw_anomaly_reference(struct tw_buffer *out);

#endif
