/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_TERMINAL_H
#define TW_OUTPUT_TERMINAL_H

#include "output/event.h"

/*
 * Alerts for people: each appended to `out` as a few lines of text with the
 * reasons, and a summary table at the end of the run. Colours are ANSI and only
 * used where `colour` is set. Control characters in a carrier's text are shown as
 * '?', never sent to the terminal.
 */
struct tw_terminal {
	bool colour;
	unsigned columns; /* width, 80 where unknown */
	enum tw_privacy privacy;
	struct tw_slice key; /* HMAC-SHA256 key for TW_PRIVACY_KEYED */
};

void tw_terminal_alert(const struct tw_terminal *terminal, const struct tw_feed *feed,
		       const struct tw_consignment *consignment, const struct tw_alert *alert,
		       struct tw_buffer *out);
/* An anomaly that makes an inspection incomplete, one line. */
void tw_terminal_anomaly(const struct tw_terminal *terminal, const struct tw_feed *feed,
			 const struct tw_anomaly *anomaly, struct tw_buffer *out);
struct tw_summary_row {
	const char *detector, *category;
	uint64_t by_severity[5]; /* index 1 to 4 */
};
void tw_terminal_summary(const struct tw_terminal *terminal, const struct tw_statistics *statistics,
			 const struct tw_summary_row *rows, unsigned row_count,
			 struct tw_buffer *out);

#endif
