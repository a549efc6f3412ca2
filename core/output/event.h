/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_EVENT_H
#define TW_OUTPUT_EVENT_H

#include "base/buffer.h"
#include "model/record.h"
#include "output/network.h"
#include "tidewaiter/detector.h"

/*
 * Events as JSON lines (the schema is output/events.schema.json).
 * Each function appends one line to `out` and keeps nothing. Stateless apart from
 * the style, which is const after the start: any thread.
 *
 * What the identities and message.sha256 cover is written in output/identity.h, what
 * masking does to party fields in output/privacy.h.
 *
 * Weakness: an event is built whole in memory before it is written.
 */
enum tw_privacy { TW_PRIVACY_FULL, TW_PRIVACY_MASKED, TW_PRIVACY_KEYED, TW_PRIVACY_OMITTED };

struct tw_event_style {
	const char *sensor;
	uint64_t generation;
	enum tw_privacy alerts, messages, others; /* party fields in each kind */
	struct tw_slice key; /* for TW_PRIVACY_KEYED (HMAC-SHA256) */
	const void *sha256;  /* tw_digest_algorithm(), or NULL */
};

/* Where a consignment came from. */
struct tw_feed {
	const char *source; /* "file", "pcap" or "live" */
	const char *path;   /* "-" for standard input; live: the interface */
	const char *const *layers; /* outermost first, NULL at the end */
	const struct tw_network *network; /* of a capture; NULL: none, or of no flow */
	uint64_t packet; /* in which the message began; 0: none */
};

/* An earlier shipment a finding is related to. */
struct tw_related {
	struct tw_slice alert_id; /* empty: null */
	struct tw_slice master, house;
	double time;
};

struct tw_alert {
	uint32_t gid, sid, rev;
	const char *signature, *category, *detector;
	int severity;
	double score;
	struct tw_slice reason;
	struct tw_slice shipment_id; /* the shipment_key */
	bool deadline;		     /* trigger: "deadline" */
	bool alternate;		     /* reading: "alternate" */
	const struct tw_evidence *evidence; /* values resolved against the consignment */
	unsigned evidence_count;
	const struct tw_related *related;
	unsigned related_count;
	unsigned related_more;
};

#define TW_ALERT_ID_SIZE 33
/*
 * alert_id: hash of sid, sender, recipient, interchange and message reference,
 * shipment_key and the sorted evidence (field, value, match), in hex. All zeros
 * where OpenSSL has no memory.
 */
void tw_alert_id(const void *sha256, const struct tw_consignment *consignment,
		 const struct tw_alert *alert, char ret_id[TW_ALERT_ID_SIZE]);
void tw_event_alert(const struct tw_event_style *style, const struct tw_feed *feed,
		    const struct tw_consignment *consignment, const struct tw_alert *alert,
		    struct tw_buffer *out);

/* A message event is written in three steps; shipments are appended to a buffer of their own. */
void tw_event_message_shipment(const struct tw_event_style *style,
			       const struct tw_consignment *consignment, struct tw_slice shipment_id,
			       struct tw_buffer *shipments);
/* `first`: any consignment of the message, for its header facts. `shipments`: what was appended, objects with commas between. */
struct tw_message_part {
	struct tw_slice shipments;
	unsigned part; /* from 1 */
	bool last;
	uint64_t offset, length;
};
void tw_event_message(const struct tw_event_style *style, const struct tw_feed *feed,
		      const struct tw_consignment *first, const struct tw_message_part *part,
		      struct tw_buffer *out);

struct tw_anomaly {
	const char *code;
	double time;	  /* feed time; NAN: not known yet */
	uint64_t offset, length;
	struct tw_slice segment;
	unsigned element; /* 0: none */
	struct tw_slice reason;
	struct tw_slice interchange, message; /* references, or empty */
};
void tw_event_anomaly(const struct tw_event_style *style, const struct tw_feed *feed,
		      const struct tw_anomaly *anomaly, struct tw_buffer *out);
/* Whether the code leaves the inspection complete; false for an unknown code. */
bool tw_anomaly_complete(const char *code);
const char *tw_anomaly_meaning(const char *code);

/* What a flow carried that cannot be looked into: counted, never quoted. */
struct tw_opaque {
	double time;
	struct tw_slice reason; /* "tls" */
	struct tw_slice server_name; /* as the client asked for it (RFC 6066, section 3); or empty */
	uint64_t to_server, to_client; /* bytes */
};
void tw_event_opaque(const struct tw_event_style *style, const struct tw_feed *feed,
		     const struct tw_opaque *opaque, struct tw_buffer *out);

struct tw_receipt {
	double time;
	uint64_t offset, length;
	struct tw_slice format, sender, recipient, reference;
	bool test, complete, fault;
	uint64_t messages, consignments, excluded;
	uint64_t alerts, repeated, passed, anomalies;
	uint64_t bytes_not_inspected;
	const char *const *detectors; /* that ran, NULL at the end */
};
void tw_event_receipt(const struct tw_event_style *style, const struct tw_feed *feed,
		      const struct tw_receipt *receipt, struct tw_buffer *out);

/* Stages of the way, for stats and the bench's table; scan has the normalising in it. */
enum tw_stage { TW_STAGE_READ, TW_STAGE_SPLIT, TW_STAGE_MAP, TW_STAGE_SCAN, TW_STAGE_DETECTORS,
		TW_STAGE_CORRELATE, TW_STAGE_OUTPUT, TW_STAGE_COUNT };
extern const char *const tw_stage_names[TW_STAGE_COUNT];

/* How much of the network's traffic was looked into. */
#define TW_COVERAGE_PROTOCOLS 16u
struct tw_coverage {
	uint64_t packets, packet_bytes, filtered, undecoded, other_packets;
	uint64_t flows, stream_bytes, gap_bytes;
	uint64_t bodies, recognised; /* and how many of them were messages */
	uint64_t unrecognised_bytes; /* of bodies that were none */
	uint64_t retries, signals;   /* messages sent again, and receipts and errors of AS4 */
	struct tw_protocol_coverage {
		const char *name; /* NULL at the end */
		uint64_t flows, bytes;
	} protocols[TW_COVERAGE_PROTOCOLS + 1];
};

/* What one thread did. */
struct tw_worker_counts {
	uint64_t consignments; /* inspected */
	uint64_t packet_bytes; /* of segments that were made items, as they wait for it */
};

struct tw_statistics {
	const struct tw_coverage *coverage; /* NULL: no capture was read */
	uint64_t inputs, input_bytes, interchanges, messages, consignments, alerts, anomalies;
	uint64_t repeated, incomplete, bytes_not_inspected, text_bytes;
	uint64_t state_keys, state_bytes, state_evicted, shipments, shipments_evicted;
	uint64_t aliases, aliases_evicted;
	uint64_t plugin_restarts;
	/* Holes in partners' control numbers: told, the numbers in them, those that came after all. */
	uint64_t number_holes, numbers_missing, numbers_late, numbers_evicted;
	/* Packets of flows that alerted, written to files of their own. */
	uint64_t pcap_out_files, pcap_out_packets, pcap_out_incomplete, pcap_out_failed;
	uint64_t opaque, opaque_bytes; /* flows that cannot be looked into */
	double seconds, cpu_seconds;
	double stage_seconds[TW_STAGE_COUNT]; /* zero unless stats.stages */
	const struct tw_worker_counts *workers; /* of each thread */
	unsigned worker_count;
};
void tw_event_stats(const struct tw_event_style *style, const struct tw_statistics *statistics,
		    struct tw_buffer *out);

#endif
