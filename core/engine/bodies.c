/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/bodies.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/quote.h"
#include "engine/delivery.h"
#include "engine/leaf.h"
#include "engine/members.h"
#include "network/community_id.h"
#include "unwrap/unwrap.h"

enum body_state {
	BODY_LOOKING, /* whether it is wrapped cannot be told yet */
	BODY_PLAIN,
	BODY_WRAPPED,
};

struct tw_bodies {
	struct tw_leaves leaves;
	struct tw_leaves others; /* of the other reading of flows: counted nowhere */
	struct tw_unwrap_settings unwrap;
	struct tw_deliveries deliveries;
	const char *source, *path;
	struct tw_bodies_counts counts;
	struct tw_body *open; /* all that are, so that a run can end early */
};

struct tw_body {
	struct tw_bodies *all;
	struct tw_body *next, *previous;
	struct tw_network *network; /* made when it is needed first */
	const struct tw_flow *flow;
	struct tw_body_start start; /* its texts are in `texts` */
	struct tw_buffer texts;
	struct tw_delivery delivery;
	enum body_state state;
	struct tw_buffer head; /* while looking */
	uint64_t stored;       /* bytes so far */
	uint64_t packet;       /* in which it began, */
	double time;	       /* and when */
	struct tw_leaf leaf;
	bool lost; /* what follows cannot be read */
	unsigned members; /* that began */
	uint64_t missing; /* bytes where no message had shown, or none any more, which nobody was told of */
	struct tw_unwrap *unwrap;
};

int tw_bodies_create(struct tw_streams *streams, const struct tw_config *config,
		     const struct tw_unwrap_keys *keys, unsigned shards,
		     struct tw_bodies **ret_bodies)
{
	struct tw_bodies *bodies = calloc(1, sizeof(*bodies));
	if (bodies == NULL)
		return TW_ERROR_MEMORY;
	bodies->leaves = (struct tw_leaves){
		.streams = streams,
		.look_bytes = (size_t)tw_config_size(config, "network.look_bytes"),
	};
	bodies->others = bodies->leaves;
	bodies->unwrap = tw_members_unwrap(config, keys);
	bodies->source = "pcap";
	bodies->path = "";
	int status = tw_deliveries_open(&bodies->deliveries, config, &bodies->unwrap, shards);
	if (status < 0) {
		tw_bodies_free(bodies);
		return status;
	}
	*ret_bodies = bodies;
	return TW_OK;
}

static void free_body(struct tw_body *body)
{
	if (body->previous != NULL)
		body->previous->next = body->next;
	else
		body->all->open = body->next;
	if (body->next != NULL)
		body->next->previous = body->previous;
	tw_leaf_drop(&body->leaf);
	tw_unwrap_free(body->unwrap);
	tw_delivery_free(&body->delivery);
	tw_buffer_free(&body->head);
	tw_buffer_free(&body->texts);
	free(body->network);
	free(body);
}

void tw_bodies_free(struct tw_bodies *bodies)
{
	if (bodies == NULL)
		return;
	while (bodies->open != NULL)
		free_body(bodies->open);
	tw_deliveries_close(&bodies->deliveries);
	free(bodies);
}

void tw_bodies_source(struct tw_bodies *bodies, const char *source, const char *path)
{
	bodies->source = source;
	bodies->path = path;
}

struct tw_bodies_counts tw_bodies_counts(const struct tw_bodies *bodies)
{
	struct tw_bodies_counts counts = bodies->counts;
	struct tw_streams_counts streams = tw_streams_counts(bodies->leaves.streams);
	counts.recognised = bodies->leaves.recognised - streams.foreign;
	counts.unrecognised_bytes = bodies->leaves.unrecognised_bytes + streams.foreign_bytes;
	counts.retries = bodies->deliveries.retries;
	counts.signals = bodies->deliveries.signals;
	return counts;
}

/* ---- where it comes from ---------------------------------------------------------------- */

static void copy_text(char *to, size_t size, struct tw_slice text)
{
	size_t length = text.length < size - 1 ? text.length : size - 1;
	if (length > 0)
		memcpy(to, text.data, length);
	to[length] = '\0';
}

/* `direction`: who is spoken to is the destination. */
static void describe_flow(const struct tw_flow *flow, unsigned direction, const char *application,
			  struct tw_network *network)
{
	bool forth = direction == TW_TO_SERVER;
	const struct tw_address *from = forth ? &flow->source : &flow->destination;
	const struct tw_address *to = forth ? &flow->destination : &flow->source;
	*network = (struct tw_network){
		.flow = flow->id,
		.address_length = from->length,
		.protocol = flow->protocol,
		.vlan_count = flow->vlan_count,
		.source_port = forth ? flow->source_port : flow->destination_port,
		.destination_port = forth ? flow->destination_port : flow->source_port,
	};
	memcpy(network->source, from->bytes, sizeof(network->source));
	memcpy(network->destination, to->bytes, sizeof(network->destination));
	memcpy(network->vlan, flow->vlan, sizeof(network->vlan));
	copy_text(network->application, sizeof(network->application), tw_slice_string(application));
	if (tw_community_id(flow, 0, network->community_id) < 0)
		network->community_id[0] = '\0';
}

static struct tw_origin *make_origin(const struct tw_bodies *all, const struct tw_network *network,
				     const char *const *layers, double time)
{
	static const char *const none[] = {NULL};
	struct tw_origin *origin = tw_origin_create(all->path, layers == NULL ? none : layers);
	if (origin == NULL)
		return NULL;
	origin->arrival = time;
	origin->counted = false;
	origin->feed.source = all->source;
	if (network != NULL) {
		origin->network = *network;
		origin->feed.network = &origin->network;
	}
	return origin;
}

static bool is_alternate(const struct tw_flow *flow)
{
	return flow != NULL && flow->primary != NULL;
}

/* NULL: memory is short. */
static const struct tw_network *network_of(struct tw_body *body)
{
	const struct tw_body_start *start = &body->start;
	if (body->network != NULL)
		return body->network;
	struct tw_network *network = calloc(1, sizeof(*network));
	if (network == NULL)
		return NULL;
	describe_flow(body->flow, start->direction, start->application, network);
	copy_text(network->from, sizeof(network->from), start->from);
	copy_text(network->to, sizeof(network->to), start->to);
	copy_text(network->message_id, sizeof(network->message_id), start->message_id);
	body->network = network;
	return network;
}

/* What the leaf asks for when it has something to tell. */
static struct tw_origin *make_body_origin(void *context, const char *const *layers)
{
	struct tw_body *body = context;
	if (network_of(body) == NULL)
		return NULL;
	struct tw_origin *origin = make_origin(body->all, body->network, layers, body->time);
	if (origin == NULL)
		return NULL;
	origin->alternate = is_alternate(body->flow);
	origin->quiet = !body->leaf.setup.expected;
	return origin;
}

static int tell(struct tw_bodies *all, const struct tw_network *network,
		const struct tw_packet_at *at, struct tw_item item,
		const struct tw_slice texts[TW_ITEM_TEXTS])
{
	struct tw_origin *origin = make_origin(all, network, NULL, at->time);
	if (origin == NULL)
		return TW_ERROR_MEMORY;
	item.packet = at->number;
	item.time = at->time;
	tw_streams_tell(all->leaves.streams, origin, item, texts);
	return TW_OK;
}

static int on_opaque(void *context, const struct tw_flow *flow, const struct tw_opaque_flow *opaque,
		     const struct tw_packet_at *at)
{
	struct tw_network network;
	if (is_alternate(flow))
		return TW_OK;
	describe_flow(flow, TW_TO_SERVER, opaque->reason, &network);
	return tell(context, &network, at,
		    (struct tw_item){.kind = TW_ITEM_OPAQUE,
				     .offset = opaque->bytes[TW_TO_SERVER],
				     .length = opaque->bytes[TW_TO_CLIENT]},
		    (struct tw_slice[TW_ITEM_TEXTS]){tw_slice_string(opaque->reason),
						     opaque->server_name});
}

static int on_anomaly(void *context, const struct tw_flow *flow, const char *code,
		      const struct tw_packet_at *at, const char *reason)
{
	struct tw_network network;
	if (is_alternate(flow))
		return TW_OK;
	if (flow != NULL)
		describe_flow(flow, TW_TO_SERVER, "", &network);
	return tell(context, flow == NULL ? NULL : &network, at,
		    (struct tw_item){.kind = TW_ITEM_ANOMALY, .code = code,
				     .once = flow == NULL,
				     .complete = tw_anomaly_complete(code)},
		    (struct tw_slice[TW_ITEM_TEXTS]){tw_slice_string(reason)});
}

/* ---- begin ------------------------------------------------------------------------------ */

static struct tw_slice keep(struct tw_buffer *texts, struct tw_slice text, size_t *at)
{
	struct tw_slice kept = tw_slice_part(tw_buffer_slice(texts), *at, text.length);
	*at += text.length;
	return kept;
}

/* The protocol's own texts are gone after the call. */
static void keep_start(struct tw_body *body, const struct tw_body_start *start)
{
	const struct tw_slice texts[] = {start->from, start->to, start->message_id};
	size_t at = 0;
	body->start = *start;
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		tw_buffer_append_slice(&body->texts, texts[i]);
	body->start.from = keep(&body->texts, start->from, &at);
	body->start.to = keep(&body->texts, start->to, &at);
	body->start.message_id = keep(&body->texts, start->message_id, &at);
	body->start.fields = tw_slice(NULL, 0);
}

/* The SOAP envelope, which comes first, is a message where something that can be read stands in it. */
static bool is_expected(const struct tw_body *body, bool first)
{
	const struct tw_ebms *ebms = body->delivery.ebms;
	bool envelope = first && tw_delivery_is_as4(&body->delivery);
	return body->start.expected &&
	       (!envelope || (ebms->body_used && !ebms->body_encrypted));
}

static void begin_leaf(struct tw_body *body, const char *const *layers,
		       enum tw_unwrap_beside beside)
{
	const struct tw_ebms *ebms = body->delivery.ebms;
	bool first = body->members++ == 0;
	struct tw_leaf_setup setup = {
		.all = is_alternate(body->flow) ? &body->all->others : &body->all->leaves,
		.context = body,
		.origin = make_body_origin,
		.layers = layers,
		.beside = beside,
		.expected = is_expected(body, first),
		.encrypted = ebms != NULL && ebms->attachments_encrypted && !first,
	};
	tw_leaf_begin(&body->leaf, &setup);
}

/* `fields`: MIME header fields that stand before the body. */
static int begin_unwrap(struct tw_body *body, struct tw_slice fields)
{
	struct tw_unwrap_settings settings = body->all->unwrap;
	settings.mime = fields.length > 0;
	body->state = BODY_WRAPPED;
	int status = tw_unwrap_create(&settings, &body->unwrap);
	return status < 0 || fields.length == 0
		       ? status
		       : tw_unwrap_feed(body->unwrap, fields, fields.length);
}

/* ---- wrapped bodies --------------------------------------------------------------------- */

/* Of what has shown no message yet they are told at the end. */
static int miss(struct tw_body *body, uint64_t length, bool lost)
{
	unsigned before = body->leaf.told;
	int status = tw_leaf_gap(&body->leaf, length, lost);
	if (body->leaf.told == before)
		body->missing += length;
	return status;
}

static int take_gap(struct tw_body *body, const struct tw_unwrap_event *event)
{
	if (!body->leaf.begun)
		begin_leaf(body, event->layers, event->beside);
	return miss(body, event->skipped, body->lost || !event->whole);
}

static int take_event(struct tw_body *body, const struct tw_unwrap_event *event,
		      const struct tw_packet_at *at)
{
	int status = tw_delivery_unwrapped(&body->delivery, event);
	if (status < 0)
		return status;
	switch (event->what) {
	case TW_UNWRAP_MEMBER:
		status = tw_leaf_end(&body->leaf);
		begin_leaf(body, event->layers, event->beside);
		return status;
	case TW_UNWRAP_BYTES:
		return tw_leaf_push(&body->leaf, event->bytes, at);
	case TW_UNWRAP_PROBLEM:
		if (!body->leaf.begun)
			begin_leaf(body, event->layers, event->beside);
		return tw_leaf_report(&body->leaf, event->code, event->skipped,
				      event->bytes.data);
	case TW_UNWRAP_GAP:
		return take_gap(body, event);
	case TW_UNWRAP_END:
		return tw_leaf_end(&body->leaf);
	case TW_UNWRAP_MORE:
	case TW_UNWRAP_DONE:
		break;
	}
	return TW_OK;
}

/* What comes out of a body, and the packet that brought it. */
struct arrival {
	struct tw_body *body;
	const struct tw_packet_at *at;
};

static int take_arrival(void *context, const struct tw_unwrap_event *event)
{
	const struct arrival *arrival = context;
	return take_event(arrival->body, event, arrival->at);
}

static int drain(struct tw_body *body, const struct tw_packet_at *at)
{
	struct arrival arrival = {body, at};
	return tw_unwrap_drain(body->unwrap, (struct tw_unwrap_taker){take_arrival, &arrival});
}

static int unwrap_bytes(struct tw_body *body, struct tw_slice bytes, const struct tw_packet_at *at)
{
	int status = TW_OK;
	while (bytes.length > 0 && status >= 0) {
		struct tw_slice part = tw_slice_part(bytes, 0, TW_UNWRAP_WINDOW);
		status = tw_unwrap_feed(body->unwrap, part, body->stored);
		if (status >= 0)
			status = drain(body, at);
		bytes = tw_slice_from(bytes, part.length);
	}
	return status;
}

static int end_unwrap(struct tw_body *body, bool whole, const struct tw_packet_at *at)
{
	tw_unwrap_finish(body->unwrap, !whole);
	int status = drain(body, at);
	tw_unwrap_free(body->unwrap);
	body->unwrap = NULL;
	return status < 0 ? status : tw_leaf_end(&body->leaf);
}

static int on_begin(void *context, struct tw_flow *flow, const struct tw_body_start *start,
		    const struct tw_packet_at *at, struct tw_body **ret_body)
{
	struct tw_bodies *all = context;
	struct tw_body *body = calloc(1, sizeof(*body));
	if (body == NULL)
		return TW_ERROR_MEMORY;
	body->all = all;
	body->next = all->open;
	if (all->open != NULL)
		all->open->previous = body;
	all->open = body;
	body->flow = flow;
	body->packet = at->number;
	body->time = at->time;
	all->counts.bodies += !is_alternate(flow);
	keep_start(body, start);
	int status = body->texts.failed ? TW_ERROR_MEMORY : TW_OK;
	if (status >= 0)
		status = tw_delivery_begin(&body->delivery, &all->deliveries, &body->start,
					   start->fields, !is_alternate(flow));
	if (status >= 0 && start->fields.length > 0)
		status = begin_unwrap(body, start->fields);
	if (status >= 0 && start->fields.length > 0)
		status = drain(body, at);
	if (status < 0) {
		free_body(body);
		return status;
	}
	*ret_body = body;
	return TW_OK;
}

/* ---- bytes ------------------------------------------------------------------------------ */

/* What is not wrapped is a part itself, as an unwrapper would say it. */
static int tell_plain(struct tw_body *body, enum tw_unwrap_what what, struct tw_slice bytes)
{
	struct tw_unwrap_event event = {.what = what, .bytes = bytes, .whole = true};
	return tw_delivery_unwrapped(&body->delivery, &event);
}

static int give(struct tw_body *body, struct tw_slice bytes, const struct tw_packet_at *at)
{
	int status = TW_OK;
	switch (body->state) {
	case BODY_PLAIN:
		status = tell_plain(body, TW_UNWRAP_BYTES, bytes);
		return status < 0 ? status : tw_leaf_push(&body->leaf, bytes, at);
	case BODY_WRAPPED:
		return unwrap_bytes(body, bytes, at);
	default:
		return TW_OK;
	}
}

/* Whether it is wrapped is known, or has to be: what waited is given on. */
static int know(struct tw_body *body, bool last, const struct tw_packet_at *at)
{
	struct tw_slice head = tw_buffer_slice(&body->head);
	int wrapped = tw_unwrap_probe(head, last);
	int status = TW_OK;
	if (wrapped < 0 && !last)
		return TW_OK;
	if (wrapped > 0) {
		status = begin_unwrap(body, tw_slice(NULL, 0));
	} else {
		body->state = BODY_PLAIN;
		begin_leaf(body, NULL, TW_UNWRAP_CARGO);
		status = tell_plain(body, TW_UNWRAP_MEMBER, tw_slice(NULL, 0));
	}
	if (status >= 0)
		status = give(body, head, at);
	tw_buffer_free(&body->head);
	return status;
}

/* Bytes that are to be looked into. */
static int look_into(struct tw_body *body, struct tw_slice bytes, const struct tw_packet_at *at)
{
	if (body->state != BODY_LOOKING)
		return give(body, bytes, at);
	tw_buffer_append_slice(&body->head, bytes);
	return body->head.failed ? TW_ERROR_MEMORY : know(body, false, at);
}

/* What waited, if it may go on by now. */
static int give_waiting(struct tw_body *body)
{
	struct tw_slice bytes;
	struct tw_packet_at at;
	int status = TW_OK;
	while (status >= 0 && body->delivery.state == TW_DELIVERY_PASSED &&
	       tw_delivery_take(&body->delivery, &bytes, &at))
		status = look_into(body, bytes, &at);
	return status;
}

static int on_bytes(void *context, struct tw_body *body, struct tw_slice bytes,
		    const struct tw_packet_at *at)
{
	(void)context;
	bool passed = body->delivery.state == TW_DELIVERY_PASSED;
	body->stored += bytes.length;
	body->all->counts.bytes += is_alternate(body->flow) ? 0 : bytes.length;
	int status = tw_delivery_push(&body->delivery, bytes, at);
	if (status < 0)
		return status;
	return passed ? look_into(body, bytes, at) : give_waiting(body);
}

static bool on_between(void *context, const struct tw_body *body)
{
	(void)context;
	return body->state == BODY_PLAIN && tw_leaf_between(&body->leaf);
}

static int on_gap(void *context, struct tw_body *body, uint64_t length,
		  const struct tw_packet_at *at)
{
	(void)context;
	body->all->counts.gap_bytes += is_alternate(body->flow) ? 0 : length;
	tw_delivery_break(&body->delivery);
	int status = give_waiting(body);
	if (status >= 0 && body->state == BODY_LOOKING)
		status = know(body, true, at);
	if (status < 0 || body->state != BODY_WRAPPED)
		return status < 0 ? status : miss(body, length, body->lost);
	tw_unwrap_gap(body->unwrap, length);
	return drain(body, at);
}

static int on_lost(void *context, struct tw_body *body, uint64_t length,
		   const struct tw_packet_at *at)
{
	body->lost = true;
	if (length > 0)
		return on_gap(context, body, length, at);
	tw_delivery_break(&body->delivery);
	int status = give_waiting(body);
	if (status >= 0 && body->state == BODY_LOOKING)
		status = know(body, true, at);
	if (status < 0 || !body->leaf.begun)
		return status;
	return tw_leaf_report(&body->leaf, "unwrap.corrupt", 0,
			      "the content coding cannot be read any further");
}

/* ---- end -------------------------------------------------------------------------------- */

/* Of the body itself, where it began. */
static int tell_body(struct tw_body *body, const char *code, const char *reason)
{
	const struct tw_packet_at at = {body->packet, body->time};
	const struct tw_network *network = network_of(body);
	if (is_alternate(body->flow))
		return TW_OK;
	if (network == NULL)
		return TW_ERROR_MEMORY;
	return tell(body->all, network, &at,
		    (struct tw_item){.kind = TW_ITEM_ANOMALY, .code = code,
				     .complete = tw_anomaly_complete(code)},
		    (struct tw_slice[TW_ITEM_TEXTS]){tw_slice_string(reason)});
}

/* What came whole is told to who knows of all shards (redelivery.h). */
static int tell_delivered(struct tw_body *body, struct tw_slice subject)
{
	const struct tw_packet_at at = {body->packet, body->time};
	const struct tw_delivery *delivery = &body->delivery;
	const struct tw_network *network = network_of(body);
	struct tw_slice told = tw_slice((const char *)(const void *)&delivery->told, sizeof(delivery->told));
	if (network == NULL)
		return TW_ERROR_MEMORY;
	return tell(body->all, network, &at, (struct tw_item){.kind = TW_ITEM_DELIVERED},
		    (struct tw_slice[TW_ITEM_TEXTS]){subject, told});
}

static int tell_verdict(struct tw_body *body, enum tw_delivery_verdict verdict, bool skipped)
{
	struct tw_buffer subject = {0}, reason = {0};
	int status = TW_OK;
	tw_quote_short(&subject, body->start.message_id);
	tw_buffer_printf(&subject, ", %llu bytes", (unsigned long long)body->delivery.length);
	if (verdict != TW_DELIVERY_FIRST) {
		tw_delivery_describe(&reason, verdict, tw_buffer_slice(&subject), !skipped);
		tw_buffer_append_byte(&reason, '\0');
		status = reason.failed ? TW_ERROR_MEMORY : tell_body(body, tw_delivery_code(verdict), reason.data);
	}
	if (status >= 0)
		status = subject.failed ? TW_ERROR_MEMORY : tell_delivered(body, tw_buffer_slice(&subject));
	tw_buffer_free(&subject);
	tw_buffer_free(&reason);
	return status;
}

/* Nobody knows what it was: one such body is told, and all are counted. */
static int tell_unread(struct tw_body *body)
{
	struct tw_bodies_counts *counts = &body->all->counts;
	const struct tw_packet_at at = {body->packet, body->time};
	const struct tw_network *network = network_of(body);
	char reason[80];
	counts->unread_gap_bytes += body->missing;
	if (counts->unread++ > 0)
		return TW_OK;
	if (network == NULL)
		return TW_ERROR_MEMORY;
	snprintf(reason, sizeof(reason), "%llu bytes are missing, and no message was seen: one possibly lost",
		 (unsigned long long)body->missing);
	return tell(body->all, network, &at,
		    (struct tw_item){.kind = TW_ITEM_ANOMALY, .code = "tcp.gap_unread", .once = true,
				     .complete = tw_anomaly_complete("tcp.gap_unread")},
		    (struct tw_slice[TW_ITEM_TEXTS]){tw_slice_string(reason)});
}

/* What is around it are messages: so may what is missing be. */
static int tell_missing(struct tw_body *body)
{
	char reason[120];
	if (body->missing == 0 || is_alternate(body->flow))
		return TW_OK;
	if (body->leaf.told == 0)
		return tell_unread(body);
	snprintf(reason, sizeof(reason), "%llu bytes are missing beside messages of the same body: messages possibly lost",
		 (unsigned long long)body->missing);
	return tell_body(body, "tcp.gap", reason);
}

static int end_body(struct tw_body *body, bool whole, const struct tw_packet_at *at)
{
	const struct tw_ebms *ebms = body->delivery.ebms;
	int status = give_waiting(body);
	if (status >= 0 && body->state == BODY_LOOKING)
		status = know(body, true, at);
	if (status >= 0 && body->state == BODY_WRAPPED)
		status = end_unwrap(body, whole, at);
	else if (status >= 0)
		status = tw_leaf_end(&body->leaf);
	if (status >= 0 && body->state == BODY_PLAIN)
		status = tell_plain(body, TW_UNWRAP_END, tw_slice(NULL, 0));
	if (status >= 0 && ebms != NULL && ebms->kind == TW_EBMS_MESSAGE && ebms->body_encrypted)
		status = tell_body(body, "unwrap.opaque", "the SOAP body is encrypted: it was not read");
	return status < 0 ? status : tell_missing(body);
}

static int on_end(void *context, struct tw_body *body, bool whole, const struct tw_packet_at *at)
{
	(void)context;
	enum tw_delivery_verdict verdict = TW_DELIVERY_FIRST;
	int status = tw_delivery_end(&body->delivery);
	bool held = body->delivery.state == TW_DELIVERY_HELD;
	if (status >= 0 && held)
		status = tw_delivery_judge(&body->delivery, whole, &verdict);
	bool skipped = body->delivery.state == TW_DELIVERY_HELD;
	if (status >= 0 && !skipped)
		status = end_body(body, whole, at);
	if (status >= 0 && !held)
		status = tw_delivery_judge(&body->delivery, whole, &verdict);
	if (status >= 0 && body->delivery.judged)
		status = tell_verdict(body, verdict, skipped);
	free_body(body);
	return status;
}

struct tw_body_events tw_bodies_events(struct tw_bodies *bodies)
{
	return (struct tw_body_events){
		.context = bodies,
		.begin = on_begin,
		.bytes = on_bytes,
		.gap = on_gap,
		.lost = on_lost,
		.between = on_between,
		.end = on_end,
		.opaque = on_opaque,
		.anomaly = on_anomaly,
	};
}
