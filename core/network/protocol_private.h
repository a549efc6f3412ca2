/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_PROTOCOL_PRIVATE_H
#define TW_NETWORK_PROTOCOL_PRIVATE_H

#include "base/buffer.h"
#include "network/coding.h"
#include "network/protocol.h"

/*
 * Between protocol.c and the files of one protocol each. A talk is a flow with what
 * is known of its protocol; a protocol keeps its own state behind `state`, made when it
 * is chosen. It is told bytes, gaps and ends of both directions as the flow gives them.
 */
struct tw_talk;

#define TW_TALK_HEAD ((size_t)4096) /* what is not told by so many bytes of one direction is plain */

struct tw_protocol {
	const char *name;
	bool server_first; /* the server's first bytes come before the client's */
	/* Whether it is spoken, by the heads of both directions: 1, 0, negative: more is needed. */
	int (*probe)(const struct tw_talk *talk);
	int (*open)(struct tw_talk *talk);
	int (*data)(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		    const struct tw_packet_at *at);
	int (*gap)(struct tw_talk *talk, unsigned direction, uint64_t length,
		   const struct tw_packet_at *at);
	int (*end)(struct tw_talk *talk, unsigned direction, bool whole,
		   const struct tw_packet_at *at);
	/* Frees the state; what was open was ended, unless the run ends early. */
	void (*close)(struct tw_talk *talk);
};

struct tw_talk {
	struct tw_protocols *all;
	struct tw_flow *flow;
	const struct tw_protocol *protocol; /* NULL: not known yet */
	void *state;
	const char *application; /* of a plain connection that another one announced; or NULL */
	struct tw_buffer head[2]; /* until it is known */
	bool ended[2], whole[2];
	bool last; /* nothing more comes that could tell: who cannot say is not asked again */
	bool swapped; /* no handshake was seen, and who sent first is the server */
};

/* By what is spoken, and not by who sent the first packet that was seen. */
const struct tw_address *tw_talk_address(const struct tw_talk *talk, bool server);
/* A body begins; the direction is the talk's. */
int tw_talk_begin(const struct tw_talk *talk, const struct tw_body_start *start,
		  const struct tw_packet_at *at, struct tw_body **ret_body);
int tw_talk_opaque(const struct tw_talk *talk, const struct tw_opaque_flow *opaque,
		   const struct tw_packet_at *at);
int tw_talk_anomaly(const struct tw_talk *talk, const char *code, const struct tw_packet_at *at,
		    const char *reason);

extern const struct tw_protocol tw_protocol_plain, tw_protocol_http, tw_protocol_smtp,
	tw_protocol_ftp, tw_protocol_tls, tw_protocol_ssh, tw_protocol_matip, tw_protocol_mq;

const struct tw_body_events *tw_talk_events(const struct tw_talk *talk);
/* What libhtp is told, for all flows. Freed with all protocols. */
void *tw_http_config_create(void);
void tw_http_config_free(void *config);
void *tw_talk_http_config(const struct tw_talk *talk);
/* Those of tw_protocols_limit(). */
struct tw_coding_limits tw_talk_limits(const struct tw_talk *talk);
/* From here on another protocol is spoken; the state is closed, nothing may be open. */
int tw_talk_become(struct tw_talk *talk, const struct tw_protocol *protocol);
/* A connection to this address and port is to come; it is called by this name. */
int tw_talk_announce(struct tw_talk *talk, const struct tw_address *address, uint16_t port,
		     const char *application);

/* Bodies, with NULL for none: each is a callback of tw_body_events. */
static inline int tw_talk_bytes(const struct tw_talk *talk, struct tw_body *body,
				struct tw_slice bytes, const struct tw_packet_at *at)
{
	const struct tw_body_events *events = tw_talk_events(talk);
	return body == NULL ? TW_OK : events->bytes(events->context, body, bytes, at);
}

static inline int tw_talk_gap(const struct tw_talk *talk, struct tw_body *body, uint64_t length,
			      const struct tw_packet_at *at)
{
	const struct tw_body_events *events = tw_talk_events(talk);
	return body == NULL ? TW_OK : events->gap(events->context, body, length, at);
}

static inline int tw_talk_lost(const struct tw_talk *talk, struct tw_body *body, uint64_t length,
			       const struct tw_packet_at *at)
{
	const struct tw_body_events *events = tw_talk_events(talk);
	return body == NULL ? TW_OK : events->lost(events->context, body, length, at);
}

static inline int tw_talk_end(const struct tw_talk *talk, struct tw_body **body, bool whole,
			      const struct tw_packet_at *at)
{
	const struct tw_body_events *events = tw_talk_events(talk);
	struct tw_body *ended = *body;
	*body = NULL;
	return ended == NULL ? TW_OK : events->end(events->context, ended, whole, at);
}

/* ---- lines of text protocols -------------------------------------------------------- */

#define TW_TALK_LINE ((size_t)4096) /* longest line that is looked at */

/*
 * Takes bytes up to the next line end. True: `line` has a whole line, without its end;
 * it is the caller's to clear. Of a longer line the rest is passed over.
 */
bool tw_talk_line(struct tw_buffer *line, struct tw_slice *bytes);
/* Whether a line begins with a word in capitals, whatever their case, and ends there or at a blank. */
bool tw_talk_word(struct tw_slice line, const char *word);
/* As a probe: whether the head begins with one of these words and a blank or a line end. */
int tw_talk_begins(struct tw_slice head, const char *const *words);

#endif
