/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_DELIVERY_H
#define TW_ENGINE_DELIVERY_H

#include "config/config.h"
#include "engine/payload.h"
#include "engine/root.h"
#include "network/body.h"
#include "network/ebms.h"
#include "state/delivered.h"

/*
 * The delivery of a message by AS2 (RFC 4130) or AS4: a sender that got no receipt sends the same
 * message id again. Before a body is looked into, its bytes wait here: until the
 * SOAP header has said whose it is, and, where a message came whole under its id already, until
 * its end shows whether it holds the same, byte for byte, or at least the same payload, where
 * it was signed, packed or encrypted anew (payload.h). So a retry is told once and inspected no
 * more, and what only calls itself a retry is inspected in full. One delivery a body, owned by it;
 * one thread at a time.
 *
 * Weakness: a message that is longer than may wait is inspected again, though told as a retry: then
 * only the shipments in it are counted once. So is one that was encrypted anew for another key than ours.
 */
struct tw_deliveries { /* what all share */
	struct tw_delivered *delivered, *payloads; /* digests of bytes as they came, and of what is in them */
	const struct tw_unwrap_settings *unwrap;
	size_t look_bytes;   /* network.look_bytes: within them the header must end */
	uint64_t retry_bytes, retry_memory;
	uint64_t held;
	uint64_t retries, signals;
};

/* What came whole, for who knows more of them than one shard does. */
struct tw_delivery_told {
	struct tw_hash128 name;
	struct tw_sha256 digest, payload; /* of all bytes; of what is in them, */
	bool readable;			  /* if that could be read */
	bool known;			  /* something came under this name before, and the difference was told */
};

enum tw_delivery_state {
	TW_DELIVERY_PASSED,  /* its bytes may go on */
	TW_DELIVERY_READING, /* its header is not whole yet */
	TW_DELIVERY_HELD,    /* its id is known */
};

struct tw_delivery {
	struct tw_deliveries *all;
	struct tw_body_start *start; /* completed by what the header says */
	enum tw_delivery_state state;
	bool counted; /* not of the other reading of a flow */
	bool named, broken;
	bool judged; /* `told` is complete */
	struct tw_delivery_told told;
	void *digest; /* EVP_MD_CTX, or NULL */
	struct tw_payload payload;
	struct tw_buffer fields; /* the body's own, to unwrap what is held */
	bool unwrapping; /* the payload is one that will be asked for */
	struct tw_ebms *ebms; /* NULL: none is read */
	struct tw_root root;  /* while its header is read: the text that it stands in */
	struct tw_buffer held, pieces; /* bytes, and struct tw_delivery_piece of them */
	size_t taken, pieces_taken;
	uint64_t length;
};

struct tw_delivery_piece {
	struct tw_packet_at at;
	size_t length;
};

enum tw_delivery_verdict {
	TW_DELIVERY_FIRST,
	TW_DELIVERY_RETRY,   /* it is what came before under this id, */
	TW_DELIVERY_PACKED,  /* or holds it, signed, packed or encrypted anew */
	TW_DELIVERY_CHANGED, /* it is not */
};

/* One of so many shards, which share what may be held. `unwrap` stays where it is. */
int tw_deliveries_open(struct tw_deliveries *all, const struct tw_config *config,
		       const struct tw_unwrap_settings *unwrap, unsigned shards);
void tw_deliveries_close(struct tw_deliveries *all);

/* `start` is the body's own, and stays where it is; `fields`, its header fields, need not. */
int tw_delivery_begin(struct tw_delivery *delivery, struct tw_deliveries *all,
		      struct tw_body_start *start, struct tw_slice fields, bool counted);
void tw_delivery_free(struct tw_delivery *delivery);
/* More of the body. Where its state is PASSED before, the caller gives these bytes on himself. */
int tw_delivery_push(struct tw_delivery *delivery, struct tw_slice bytes,
		     const struct tw_packet_at *at);
/* Bytes are missing or are not to be waited for: it passes. */
void tw_delivery_break(struct tw_delivery *delivery);
/* Of one that passed: the next bytes that waited, good until the next call. False: there are none. */
bool tw_delivery_take(struct tw_delivery *delivery, struct tw_slice *ret_bytes,
		      struct tw_packet_at *ret_at);
/* What came out of the body where it was inspected. */
int tw_delivery_unwrapped(struct tw_delivery *delivery, const struct tw_unwrap_event *event);
/* No more bytes come: it is known whose it is. */
int tw_delivery_end(struct tw_delivery *delivery);
/*
 * What it says counts from now on. To be asked once: where it is held before it is inspected, which
 * it is not to be where its state is HELD afterwards; else when it was. `whole`: nothing is missing.
 */
int tw_delivery_judge(struct tw_delivery *delivery, bool whole, enum tw_delivery_verdict *ret_verdict);
/* As anomalies.def names what is none of its kind's first. */
static inline const char *tw_delivery_code(enum tw_delivery_verdict verdict)
{
	return verdict == TW_DELIVERY_CHANGED ? "message.changed" : "message.retry";
}
/* In words, for an event; `subject`: its id and length. */
void tw_delivery_describe(struct tw_buffer *reason, enum tw_delivery_verdict verdict, struct tw_slice subject,
			  bool inspected);
/* Whether AS4 carries it. */
bool tw_delivery_is_as4(const struct tw_delivery *delivery);

#endif
