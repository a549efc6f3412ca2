/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_TCP_H
#define TW_NETWORK_TCP_H

#include "network/decode.h"

/*
 * TCP segments become streams (RFC 9293). Each direction is put in order; bytes go on
 * as soon as they are next, with the policy "first", or once acknowledged, with "last".
 * A hole is closed as a gap only when the other side acknowledged it, it did not come
 * within network.gap_seconds, and bytes wait behind it; when a limit is met; or at the
 * end. What was handed on is kept until acknowledged, so that bytes sent twice can be
 * compared. Resets and FINs count once nothing contradicts them. One thread at a time.
 *
 * Weakness: time-to-live is not looked at, so a forged segment within the window is
 * known only by its conflict with the real one.
 */
struct tw_tcp;

/* `counts` is the tap's, and kept up to date. */
int tw_tcp_create(const struct tw_tap_settings *settings, const struct tw_stream_events *events,
		  struct tw_tap_counts *counts, struct tw_tcp **ret_tcp);
void tw_tcp_free(struct tw_tcp *tcp);
/* Does what was to wait until now, on a clock that never goes back. `at` is for who is told. */
int tw_tcp_advance(struct tw_tcp *tcp, double clock, const struct tw_packet_at *at);
/* Takes a segment of the moment that tw_tcp_advance() named. */
int tw_tcp_segment(struct tw_tcp *tcp, const struct tw_layers *layers);
/* The flow of the last segment; none where it was not followed. */
struct tw_tap_seen tw_tcp_seen(const struct tw_tcp *tcp);
/* Hands on, ends and closes all that is open. */
int tw_tcp_finish(struct tw_tcp *tcp);

#endif
