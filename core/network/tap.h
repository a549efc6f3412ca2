/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_TAP_H
#define TW_NETWORK_TAP_H

#include "base/packet.h"
#include "config/config.h"
#include "network/stream.h"

/*
 * A tap: packets of any link type go in, streams come out. It owns the decoder's
 * figures, the fragments that wait, the flows and what they hold. Everything happens
 * within its functions, on one thread at a time; what waits does so on a clock that the
 * packets' times move, and never back, so that results depend on packets alone.
 *
 * Its work has two halves, and several threads share it with several taps: one sorts
 * packets (tw_tap_sort), which decodes them and puts fragments together; the others take
 * the segments of their own flows (tw_tap_segment).
 *
 * Anomalies without a flow (undecodable packets, limits) are told by each tap once when
 * they first occur; tw_tap_tell_numbers() tells at the end how often.
 *
 * Weakness: a flow whose two directions come in different captures, one behind the
 * other, is followed one direction at a time.
 */
struct tw_tap;
struct tw_layers;

/* What concerns no flow. */
enum tw_tap_trouble {
	TW_TROUBLE_UNDECODED,
	TW_TROUBLE_CHECKSUM,
	TW_TROUBLE_CUT,
	TW_TROUBLE_FRAGMENTS,
	TW_TROUBLE_FRAGMENT_CONFLICT,
	TW_TROUBLE_FLOWS,
	TW_TROUBLE_COUNT,
};

enum tw_tap_checksums { TW_CHECKSUMS_AUTO, TW_CHECKSUMS_YES, TW_CHECKSUMS_NO };

struct tw_tap_settings {
	enum tw_tap_checksums checksums;
	unsigned layers;
	bool vlan_flows;
	uint64_t fragment_memory;
	double fragment_seconds;
	bool fragment_last; /* overlap: the last bytes count */
	uint64_t flows;
	bool refuse_flows; /* beyond it new ones are refused; else the oldest go */
	double flow_seconds, handshake_seconds, closed_seconds;
	bool midstream;
	bool overlap_last;
	uint64_t overlap_bytes;
	bool urgent_inline;
	double gap_seconds;
	uint64_t reorder_bytes;
	uint64_t reorder_segments;
	uint64_t memory;
	bool memory_drop; /* give the flow up, not the missing bytes */
	/* For tests: the packet from which on a limit counts as met; 0: never. */
	uint64_t full_flows, full_memory, full_fragments;
};

/* Everything that was seen, or lost, in numbers. */
struct tw_tap_counts {
	uint64_t packets, bytes;
	uint64_t tcp;	      /* segments */
	uint64_t others;      /* well formed, and no TCP: ARP, UDP, ICMP and the like */
	uint64_t undecoded;   /* by reason below */
	uint64_t no_link, truncated, malformed, too_deep, unknown_link, unsupported;
	uint64_t checksums;   /* wrong, and refused */
	uint64_t offloaded;   /* wrong as a card that was to compute it leaves it; taken */
	uint64_t cut;	      /* shorter than on the wire: the snap length */
	uint64_t fragments, datagrams; /* taken, and put together */
	uint64_t fragments_lost;       /* given up: time-out, limit, overlap */
	uint64_t fragment_conflicts;   /* overlaps with other bytes */
	uint64_t flows, flows_now, flows_most, flows_refused, flows_dropped;
	uint64_t stray;	       /* segments of no flow: not followed */
	uint64_t odd_flags;    /* segments that every receiver drops: SYN with FIN, no ACK in the midst */
	uint64_t after_close;  /* segments of a flow that had ended */
	uint64_t data_bytes, gap_bytes, gaps;
	uint64_t retransmitted; /* bytes that had been there before */
	uint64_t late;		/* bytes that came after they were given up as a gap */
	uint64_t reordered;	/* segments that came too early */
	uint64_t conflicts;	/* overlaps with other bytes */
	uint64_t out_of_window, resets_ignored, fins_ignored, keep_alives, urgent_bytes;
	uint64_t bad_acknowledgements;
	uint64_t forgotten;	/* bytes no longer kept for comparison before they were acknowledged */
	uint64_t memory, memory_most; /* bytes held now, and at most */
	uint64_t memory_limits; /* how often a limit of waiting bytes was met */
	uint64_t troubles[TW_TROUBLE_COUNT]; /* how often each, told or not */
};

/* What the configuration says. */
struct tw_tap_settings tw_tap_settings(const struct tw_config *config);
int tw_tap_create(const struct tw_tap_settings *settings, const struct tw_stream_events *events,
		  struct tw_tap **ret_tap);
/* What the last packet belonged to, as far as the half that took it knows, for who keeps packets by flows. */
struct tw_tap_seen {
	uint64_t flow;	    /* 0: none, or not known yet */
	uint64_t related;   /* as in struct tw_flow */
	bool begins;	    /* it is the first packet of the flow */
	uint64_t datagram;  /* the fragments that belong together; 0: it is no fragment */
};
struct tw_tap_seen tw_tap_seen(const struct tw_tap *tap);
/*
 * The first half: 1: it is a segment, whose checksum was not looked at, good until the next
 * packet; 0: nothing more is to be done with it; negative where memory is short or a callback says so.
 */
int tw_tap_sort(struct tw_tap *tap, const struct tw_packet *packet, struct tw_layers *ret_layers);
/* The second: the segment of a packet that this tap, or another, has sorted. */
int tw_tap_segment(struct tw_tap *tap, const struct tw_packet_at *at, struct tw_layers *layers);
/* Time goes on without packets, on a quiet live link: what waits for time alone is done. */
int tw_tap_idle(struct tw_tap *tap, double time);
/* The end of all captures: everything open is handed on, ended and closed. */
int tw_tap_finish(struct tw_tap *tap);
struct tw_tap_counts tw_tap_counts(const struct tw_tap *tap);
/* Adds the figures of another tap. */
void tw_tap_counts_add(struct tw_tap_counts *counts, const struct tw_tap_counts *more);
/* The end: how often there was, in all taps, what each told once. Goes to events->anomaly. */
int tw_tap_tell_numbers(const struct tw_tap_counts *counts, const struct tw_stream_events *events,
			const struct tw_packet_at *at);
/* Frees; without finish, where a run ends early, flows are closed and nothing else is told. */
void tw_tap_free(struct tw_tap *tap);

#endif
