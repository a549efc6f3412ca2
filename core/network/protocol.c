/* SPDX-License-Identifier: Apache-2.0 */
#include "network/protocol.h"

#include <stdlib.h>

#include "network/protocol_private.h"

/* Connections announced and not seen yet; beyond it the oldest is forgotten. */
#define ANNOUNCED 1024u

static const struct tw_protocol *const kinds[] = {
	&tw_protocol_http, &tw_protocol_tls,   &tw_protocol_ssh, &tw_protocol_smtp,
	&tw_protocol_ftp,  &tw_protocol_matip, &tw_protocol_mq,	 &tw_protocol_plain,
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))
_Static_assert(KINDS <= TW_PROTOCOL_COUNT, "counts have room for all protocols");

struct announced {
	struct tw_address address;
	uint16_t port; /* 0: none */
	const char *application;
	uint64_t flow; /* that announced it */
};

struct tw_protocols {
	struct tw_body_events events;
	struct announced announced[ANNOUNCED];
	unsigned next_announced;
	bool announcing;
	void *http_config;
	struct tw_coding_limits limits;
	uint64_t flows[KINDS], bytes[KINDS];
};

int tw_protocols_create(const struct tw_body_events *events, struct tw_protocols **ret_protocols)
{
	struct tw_protocols *protocols = calloc(1, sizeof(*protocols));
	if (protocols == NULL)
		return TW_ERROR_MEMORY;
	protocols->events = *events;
	protocols->http_config = tw_http_config_create();
	if (protocols->http_config == NULL) {
		free(protocols);
		return TW_ERROR_MEMORY;
	}
	*ret_protocols = protocols;
	return TW_OK;
}

void tw_protocols_free(struct tw_protocols *protocols)
{
	if (protocols == NULL)
		return;
	tw_http_config_free(protocols->http_config);
	free(protocols);
}

void tw_protocols_limit(struct tw_protocols *protocols, double ratio, uint64_t bytes)
{
	protocols->limits = (struct tw_coding_limits){ratio, bytes};
}

struct tw_coding_limits tw_talk_limits(const struct tw_talk *talk)
{
	return talk->all->limits;
}

void *tw_talk_http_config(const struct tw_talk *talk)
{
	return talk->all->http_config;
}

void tw_protocols_counts(const struct tw_protocols *protocols,
			 struct tw_protocol_counts ret_counts[TW_PROTOCOL_COUNT + 1])
{
	for (unsigned i = 0; i < KINDS; i++)
		ret_counts[i] = (struct tw_protocol_counts){kinds[i]->name, protocols->flows[i],
							    protocols->bytes[i]};
	ret_counts[KINDS] = (struct tw_protocol_counts){.name = NULL};
}

const struct tw_body_events *tw_talk_events(const struct tw_talk *talk)
{
	return &talk->all->events;
}

const struct tw_address *tw_talk_address(const struct tw_talk *talk, bool server)
{
	return server != talk->swapped ? &talk->flow->destination : &talk->flow->source;
}

int tw_talk_begin(const struct tw_talk *talk, const struct tw_body_start *start,
		  const struct tw_packet_at *at, struct tw_body **ret_body)
{
	const struct tw_body_events *events = tw_talk_events(talk);
	struct tw_body_start body = *start;
	body.direction ^= talk->swapped;
	return events->begin(events->context, talk->flow, &body, at, ret_body);
}

int tw_talk_opaque(const struct tw_talk *talk, const struct tw_opaque_flow *opaque,
		   const struct tw_packet_at *at)
{
	const struct tw_body_events *events = tw_talk_events(talk);
	struct tw_opaque_flow flow = *opaque;
	flow.bytes[0] = opaque->bytes[talk->swapped];
	flow.bytes[1] = opaque->bytes[!talk->swapped];
	return events->opaque(events->context, talk->flow, &flow, at);
}

int tw_talk_anomaly(const struct tw_talk *talk, const char *code, const struct tw_packet_at *at,
		    const char *reason)
{
	const struct tw_body_events *events = tw_talk_events(talk);
	return events->anomaly(events->context, talk->flow, code, at, reason);
}

static unsigned index_of(const struct tw_protocol *protocol)
{
	unsigned i = 0;
	while (i + 1 < KINDS && kinds[i] != protocol)
		i++;
	return i;
}

/* ---- announced connections ------------------------------------------------------------ */

static void put_announced(struct tw_protocols *all, struct announced announced)
{
	all->announced[all->next_announced] = announced;
	all->next_announced = (all->next_announced + 1) % ANNOUNCED;
	all->announcing = true;
}

int tw_talk_announce(struct tw_talk *talk, const struct tw_address *address, uint16_t port,
		     const char *application)
{
	put_announced(talk->all, (struct announced){*address, port, application, talk->flow->id});
	return TW_OK;
}

void tw_protocols_overhear(struct tw_protocols *protocols, const struct tw_address *address, uint16_t port)
{
	put_announced(protocols, (struct announced){*address, port, "ftp-data", 0});
}

static bool is_at(const struct announced *announced, const struct tw_address *address, uint16_t port)
{
	return announced->port == port && port != 0 &&
	       announced->address.length == address->length &&
	       memcmp(announced->address.bytes, address->bytes, address->length) == 0;
}

/* Either end: where no handshake was seen, nobody knows who called. */
static const char *take_announced(struct tw_protocols *all, struct tw_flow *flow)
{
	for (unsigned i = 0; all->announcing && i < ANNOUNCED; i++) {
		struct announced *announced = &all->announced[i];
		if (!is_at(announced, &flow->destination, flow->destination_port) &&
		    !is_at(announced, &flow->source, flow->source_port))
			continue;
		announced->port = 0;
		flow->related = announced->flow;
		return announced->application;
	}
	return NULL;
}

/* ---- which protocol ------------------------------------------------------------------- */

static int begin(struct tw_talk *talk, const struct tw_protocol *protocol)
{
	talk->protocol = protocol;
	talk->all->flows[index_of(protocol)]++;
	return protocol->open(talk);
}

int tw_talk_become(struct tw_talk *talk, const struct tw_protocol *protocol)
{
	talk->protocol->close(talk);
	talk->state = NULL;
	return begin(talk, protocol);
}

/* The protocol other than plain that the heads tell, or NULL; *ret_open: more could tell. */
static const struct tw_protocol *ask_kinds(const struct tw_talk *talk, bool *ret_open)
{
	for (unsigned i = 0; i + 1 < KINDS; i++) {
		int spoken = kinds[i]->probe(talk);
		if (spoken > 0)
			return kinds[i];
		*ret_open |= spoken < 0;
	}
	return NULL;
}

static void swap(struct tw_talk *talk)
{
	struct tw_buffer head = talk->head[0];
	talk->head[0] = talk->head[1];
	talk->head[1] = head;
	bool ended = talk->ended[0];
	bool whole = talk->whole[0];
	talk->ended[0] = talk->ended[1];
	talk->ended[1] = ended;
	talk->whole[0] = talk->whole[1];
	talk->whole[1] = whole;
	talk->swapped = !talk->swapped;
}

/*
 * The protocol the heads tell, or NULL: more is needed. Where no handshake was seen, the
 * flow's client is who happened to send first.
 */
static const struct tw_protocol *find_protocol(struct tw_talk *talk, bool last)
{
	bool open = false;
	const struct tw_protocol *protocol = ask_kinds(talk, &open);
	if (protocol == NULL && talk->flow->midstream) {
		swap(talk);
		protocol = ask_kinds(talk, &open);
		if (protocol == NULL)
			swap(talk);
	}
	return protocol == NULL && (last || !open) ? &tw_protocol_plain : protocol;
}

static int give_data(struct tw_talk *talk, unsigned direction, struct tw_slice bytes,
		     const struct tw_packet_at *at)
{
	if (talk->flow->primary == NULL)
		talk->all->bytes[index_of(talk->protocol)] += bytes.length;
	return bytes.length == 0 ? TW_OK : talk->protocol->data(talk, direction, bytes, at);
}

/* The protocol is known, or nothing more comes that could tell: what waited is given to it. */
static int know(struct tw_talk *talk, bool last, const struct tw_packet_at *at)
{
	talk->last = last;
	const struct tw_protocol *protocol = find_protocol(talk, last);
	if (protocol == NULL)
		return TW_OK;
	unsigned first = protocol->server_first ? TW_TO_CLIENT : TW_TO_SERVER;
	int status = begin(talk, protocol);
	for (unsigned i = 0; i < 2 && status >= 0; i++) {
		unsigned direction = i == 0 ? first : !first;
		status = give_data(talk, direction, tw_buffer_slice(&talk->head[direction]), at);
		tw_buffer_free(&talk->head[direction]);
	}
	for (unsigned i = 0; i < 2 && status >= 0; i++)
		if (talk->ended[i])
			status = talk->protocol->end(talk, i, talk->whole[i], at);
	return status;
}

/* ---- what the tap tells ----------------------------------------------------------------- */

static int on_open(void *context, struct tw_flow *flow, const struct tw_packet_at *at)
{
	(void)at;
	struct tw_talk *talk = calloc(1, sizeof(*talk));
	if (talk == NULL)
		return TW_ERROR_MEMORY;
	talk->all = context;
	talk->flow = flow;
	/* The other reading of a flow is of the same kind. */
	talk->application = flow->primary == NULL
				    ? take_announced(talk->all, flow)
				    : ((const struct tw_talk *)flow->primary->user)->application;
	flow->user = talk;
	return TW_OK;
}

static int on_data(void *context, struct tw_flow *flow, unsigned direction, struct tw_slice bytes,
		   const struct tw_packet_at *at)
{
	(void)context;
	struct tw_talk *talk = flow->user;
	direction ^= talk->swapped;
	if (talk->protocol != NULL)
		return give_data(talk, direction, bytes, at);
	tw_buffer_append_slice(&talk->head[direction], bytes);
	if (talk->head[direction].failed)
		return TW_ERROR_MEMORY;
	return know(talk, talk->head[direction].length >= TW_TALK_HEAD, at);
}

static int on_gap(void *context, struct tw_flow *flow, unsigned direction, uint64_t length,
		  const struct tw_packet_at *at)
{
	(void)context;
	struct tw_talk *talk = flow->user;
	int status = talk->protocol == NULL ? know(talk, true, at) : TW_OK;
	return status < 0 ? status
			  : talk->protocol->gap(talk, direction ^ talk->swapped, length, at);
}

static int on_end(void *context, struct tw_flow *flow, unsigned direction, enum tw_stream_end how,
		  const struct tw_packet_at *at)
{
	(void)context;
	struct tw_talk *talk = flow->user;
	direction ^= talk->swapped;
	talk->ended[direction] = true;
	talk->whole[direction] = how == TW_STREAM_FIN;
	if (talk->protocol != NULL)
		return talk->protocol->end(talk, direction, talk->whole[direction], at);
	/* What one side said may be told by what the other says yet. */
	return talk->ended[!direction] ? know(talk, true, at) : TW_OK;
}

static void on_close(void *context, struct tw_flow *flow, const struct tw_packet_at *at)
{
	(void)context;
	(void)at;
	struct tw_talk *talk = flow->user;
	if (talk == NULL)
		return;
	if (talk->protocol != NULL)
		talk->protocol->close(talk);
	tw_buffer_free(&talk->head[0]);
	tw_buffer_free(&talk->head[1]);
	free(talk);
	flow->user = NULL;
}

static int on_anomaly(void *context, const struct tw_flow *flow, const char *code,
		      const struct tw_packet_at *at, const char *reason)
{
	const struct tw_protocols *all = context;
	return all->events.anomaly(all->events.context, flow, code, at, reason);
}

struct tw_stream_events tw_protocols_events(struct tw_protocols *protocols)
{
	return (struct tw_stream_events){
		.context = protocols,
		.open = on_open,
		.data = on_data,
		.gap = on_gap,
		.end = on_end,
		.close = on_close,
		.anomaly = on_anomaly,
	};
}

/* ---- lines ------------------------------------------------------------------------------ */

bool tw_talk_line(struct tw_buffer *line, struct tw_slice *bytes)
{
	const char *end = bytes->length == 0 ? NULL : memchr(bytes->data, '\n', bytes->length);
	size_t length = end == NULL ? bytes->length : (size_t)(end - bytes->data) + 1;
	size_t room = line->length < TW_TALK_LINE ? TW_TALK_LINE - line->length : 0;
	tw_buffer_append_slice(line, tw_slice_part(*bytes, 0, length < room ? length : room));
	*bytes = tw_slice_from(*bytes, length);
	while (end != NULL && line->length > 0 &&
	       (line->data[line->length - 1] == '\n' || line->data[line->length - 1] == '\r'))
		line->length--;
	return end != NULL;
}

static int upper(int byte)
{
	return byte >= 'a' && byte <= 'z' ? byte - 'a' + 'A' : byte;
}

/* How many bytes of a word the slice begins with. */
static size_t common(struct tw_slice slice, const char *word)
{
	size_t i = 0;
	while (word[i] != '\0' && upper(tw_slice_at(slice, i)) == word[i])
		i++;
	return i;
}

static bool is_blank(int byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

bool tw_talk_word(struct tw_slice line, const char *word)
{
	size_t length = common(line, word);
	return word[length] == '\0' && (line.length == length || is_blank(tw_slice_at(line, length)));
}

int tw_talk_begins(struct tw_slice head, const char *const *words)
{
	bool open = false;
	for (; *words != NULL; words++) {
		size_t length = common(head, *words);
		if ((*words)[length] == '\0' && is_blank(tw_slice_at(head, length)))
			return 1;
		open |= length == head.length;
	}
	return open ? -1 : 0;
}
