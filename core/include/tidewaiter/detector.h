/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_DETECTOR_H
#define TIDEWAITER_DETECTOR_H

#include "tidewaiter/consignment.h"
#include "tidewaiter/list.h"
#include "tidewaiter/status.h"

/*
 * A detector is a map, a keyed reduce and a conclusion.
 *
 *   inspect    looks at one consignment. Any worker thread, any order: it must be
 *              pure. It adds evidence, hands on observations, and claims keys.
 *   correlate  has the state of one key to itself and is told what a shipment
 *              contributed to it. One thread, in input order.
 *   conclude   sees the consignment and all evidence, and decides. One thread, in
 *              input order. Without one, the engine combines the evidence.
 *   expired    a deadline that correlate set has passed on the feed clock.
 *
 * Whatever a callback produces it appends to `out`; nothing else leaves it. All
 * memory handed in is gone when the callback returns. The instance is opened
 * once, is const afterwards and shared by all threads: a detector can therefore
 * run in another process over the same batches, with the same output.
 *
 * Callbacks return TW_OK or a negative status; a negative one costs this
 * detector's findings on that consignment and is counted.
 *
 * Weakness: there is no way to keep memory between calls except correlate's
 * state. That is on purpose.
 */

#define TW_DETECTOR_MAGIC 0x54574454u /* "TWDT" */
#define TW_ABI_MAJOR 1u
#define TW_ABI_MINOR 1u /* 1: accessors are inlined, which fixes tidewaiter/entry.h; tw_party_known() */

struct tw_out;
struct tw_state;

/* ---- what a detector declares -------------------------------------------- */

enum tw_option_type {
	TW_OPTION_NUMBER, /* double */
	TW_OPTION_BOOL,	  /* bool */
	TW_OPTION_STRING, /* const char *, never NULL */
};

/* A setting plugins.NAME.KEY; the engine checks and stores it at `offset`. */
struct tw_option {
	const char *name;
	enum tw_option_type type;
	const char *preset; /* the default, as text */
	const char *help;   /* one sentence */
	size_t offset;	    /* in the options structure */
	double least, most; /* range of a number; both 0: any */
};

/* Severity: 1 high, 2 medium, 3 low, 4 information. */
struct tw_finding_info {
	uint32_t sid;
	int severity;
	const char *title;
};

/* What a correlate call is told. */
enum tw_operation {
	TW_ADD,	    /* a shipment contributes to this key for the first time */
	TW_UPDATE,  /* it contributed `before`, and now `now` */
	TW_RETRACT, /* it contributed `before`, and does no more (changed key, cancelled) */
	TW_NOTE,    /* a status or response message says something; never counts */
};

struct tw_observation {
	unsigned table;		 /* index into the descriptor's tables */
	enum tw_operation operation;
	struct tw_key key;
	struct tw_shipment shipment;
	struct tw_slice before;	 /* payload handed on earlier, or empty */
	struct tw_slice now;	 /* payload handed on this time, or empty */
	double time;		 /* feed time of the consignment, seconds since 1970 */
};

/* Evidence as conclude sees it. */
struct tw_evidence {
	uint32_t sid;	      /* the finding it speaks for; 0: the detector's first */
	enum tw_field field;  /* TW_FIELD_NONE for correlation */
	int value;	      /* index of the value it stands on, or -1 */
	uint32_t start;	      /* part of that value's text that matched; */
	uint32_t length;      /* 0: the whole of it */
	struct tw_slice shown;/* value to show where it stands on no single one */
	struct tw_slice match;/* normalised: what matched, such as TABLET PRESS */
	struct tw_slice list; /* name of the list, or empty */
	struct tw_slice status; /* "read", "recalled", or empty: computed */
	struct tw_slice family; /* evidence of one family is not added up */
	double weight;	      /* 0 to 1; negative lowers */
	struct tw_slice why;  /* one plain sentence */
};

struct tw_finding {
	uint32_t sid;
	double score;		 /* 0 to 100 */
	int severity;		 /* 0: the finding's own */
	struct tw_slice reason;	 /* one plain sentence */
};

/* One entry of the public table `hits`: an alert that was decided. */
struct tw_hit {
	uint32_t sid;
	float score;
	double time;
	struct tw_shipment shipment;
};
/* Use as a table index in tw_claim(): the engine's table of alerts by party, pair and address key. */
#define TW_TABLE_HITS 0xffffu

/* What conclude is given besides the consignment. */
struct tw_conclusion {
	const struct tw_evidence *evidence; /* own evidence: inspect's, then correlate's */
	unsigned evidence_count;
	const struct tw_finding *findings; /* of the detectors named in `after` */
	unsigned finding_count;
	const struct tw_state *const *states; /* observed and claimed keys, in that order */
	unsigned state_count;
	bool deadline; /* runs for an anchor whose deadline passed */
	const struct tw_hit *earlier; /* alerts this shipment already had, of any detector */
	unsigned earlier_count;
};

struct tw_detector {
	uint32_t magic;	    /* TW_DETECTOR_MAGIC */
	uint32_t size;	    /* sizeof(struct tw_detector) */
	uint32_t abi_major; /* TW_ABI_MAJOR */
	uint32_t abi_minor; /* TW_ABI_MINOR */
	const char *name;   /* lower case, digits, '_' */
	const char *version;
	const char *category; /* pill-press, chemical-precursor, routing-anomaly ... */
	const char *summary;  /* one sentence for --list-plugins */
	const struct tw_option *options; /* ends with a row whose name is NULL */
	size_t options_size;
	const struct tw_finding_info *findings; /* ends with sid 0 */
	const char *const *tables; /* names of the private tables, NULL at the end */
	const char *const *after;  /* detectors whose findings conclude reads */
	uint32_t flags;

	/* `options` lives as long as the instance. May refuse: say why with tw_host_error(). */
	int (*open)(const struct tw_host *host, const void *options, void **ret_instance);
	void (*close)(void *instance);
	int (*inspect)(const void *instance, const struct tw_consignment *consignment,
		       struct tw_out *out);
	int (*correlate)(const void *instance, const struct tw_observation *observation,
			 const struct tw_state *state, struct tw_out *out);
	int (*conclude)(const void *instance, const struct tw_consignment *consignment,
			const struct tw_conclusion *conclusion, struct tw_out *out);
	int (*expired)(const void *instance, const struct tw_observation *observation,
		       const struct tw_state *state, struct tw_out *out);
};

/* Flags of a descriptor. */
#define TW_ALERT_PER_SID 1u	/* one alert per sid, not per consignment */
#define TW_WANTS_MESSAGES 2u	/* also inspect the record of level `message` */
#define TW_WANTS_STATUS 4u	/* also inspect status and response messages */
#define TW_WANTS_CANCELS 8u	/* also inspect consignments that cancel */
#define TW_WANTS_EARLIER 16u	/* conclude whatever shipment had alerts before, evidence or not */
/* conclude, with those hits among its states, where shipper and consignee together had alerts before */
#define TW_WANTS_PAIR_HITS 32u

/*
 * The one symbol a plugin exports: const struct tw_detector *tw_detector(void).
 * libtool names it NAME_LTX_tw_detector in NAME.la; TW_DETECTOR writes it.
 */
#define TW_DETECTOR(module, descriptor)                                        \
	TW_EXPORT const struct tw_detector *module##_LTX_tw_detector(void);    \
	const struct tw_detector *module##_LTX_tw_detector(void)               \
	{                                                                      \
		return &(descriptor);                                          \
	}

/* ---- what a detector calls ------------------------------------------------ */

/* In open(): the sentence the operator reads where the plugin refuses to start. */
TW_EXPORT void tw_host_error(const struct tw_host *host, const char *format, ...) TW_PRINTF(2, 3);
/* Any time: a line in the log, with the plugin's name. */
TW_EXPORT void tw_host_log(const struct tw_host *host, const char *format, ...) TW_PRINTF(2, 3);

/*
 * Any callback: adds evidence; its slices are copied. Evidence beyond
 * limits.evidence is left out and told by the engine: TW_OK all the same.
 */
TW_EXPORT int tw_add_evidence(struct tw_out *out, const struct tw_evidence *evidence);
/* inspect: hands a payload (at most limits.payload_bytes) to correlate under a key. */
TW_EXPORT int tw_observe(struct tw_out *out, unsigned table, struct tw_key key,
			 struct tw_slice payload);
/* inspect: conclude wants to see this key without observing. */
TW_EXPORT int tw_claim(struct tw_out *out, unsigned table, struct tw_key key);

/* correlate, expired, conclude: the bytes of a key's state, empty when new. */
TW_EXPORT struct tw_slice tw_state_bytes(const struct tw_state *state);
TW_EXPORT unsigned tw_state_table(const struct tw_state *state);
TW_EXPORT struct tw_key tw_state_key(const struct tw_state *state);
/* The same three: replaces the state (at most limits.state_bytes); seen from the next call on. */
TW_EXPORT int tw_state_write(struct tw_out *out, const struct tw_state *state,
			     struct tw_slice bytes);
/* correlate: when the feed clock passes `time`, expired() runs; this consignment is the anchor. 0 clears it. */
TW_EXPORT int tw_set_deadline(struct tw_out *out, const struct tw_state *state, double time);
/* correlate, expired, conclude: names a shipment this finding is related to; its own where it alerted before. */
TW_EXPORT int tw_add_related(struct tw_out *out, struct tw_shipment shipment);
/* conclude: raises a finding. */
TW_EXPORT int tw_raise(struct tw_out *out, const struct tw_finding *finding);
/*
 * conclude: combines evidence as the engine does by default: noisy-or over
 * families, the strongest of each family counts, negative weights lower it.
 * Returns 0 to 100.
 */
TW_EXPORT double tw_combine(const struct tw_evidence *evidence, unsigned count);

#endif
