/* SPDX-License-Identifier: Apache-2.0 */
#include "output/schema.h"

#include "output/anomaly.h"
#include "output/envelope.h"
#include "output/layout.h"
#include "output/shipment.h"

enum kind {
	STRING, /* any text */
	NAME,	/* one of `names` */
	TIME,	/* ISO 8601, UTC, microseconds */
	MOMENT, /* the same, or null where it is not known */
	COUNT,	/* an integer, not negative */
	NUMBER,
	BOOL,
	STRINGS, /* a list */
	COUNTS,	 /* a list */
	OBJECT,	 /* any object */
	REFER,	 /* to the definition `names` */
	LIST,	 /* of things of the definition `names` */
};

/* A key that is not made from the field table. `names`: several in one literal, '|' between. */
struct member {
	const char *key;
	enum kind kind;
	bool required;
	const char *names;
};

static const struct member BASE[] = {
	{"timestamp", MOMENT, true, NULL},
	{"schema", NAME, true, TW_EVENT_SCHEMA},
	{"generation", COUNT, true, NULL},
	{"sensor", STRING, true, NULL},
	{NULL, STRING, false, NULL},
};

/* Events that come from a feed; the flow's keys only for captures and live taps. */
static const struct member FEED_EVENT[] = {
	{"feed", REFER, true, "feed"},
	{"src_ip", STRING, false, NULL},
	{"src_port", COUNT, false, NULL},
	{"dest_ip", STRING, false, NULL},
	{"dest_port", COUNT, false, NULL},
	{"proto", STRING, false, NULL},
	{"app_proto", STRING, false, NULL},
	{"flow_id", COUNT, false, NULL},
	{"community_id", STRING, false, NULL},
	{"vlan", COUNTS, false, NULL},
	{"as2", REFER, false, "exchange"},
	{"as4", REFER, false, "exchange"},
	{NULL, STRING, false, NULL},
};

static const struct member FEED[] = {
	{"source", NAME, true, "file|pcap|live"},
	{"path", STRING, false, NULL},
	{"in_iface", STRING, false, NULL},
	{"packet", COUNT, false, NULL},
	{"layers", STRINGS, true, NULL},
	{"offset", COUNT, true, NULL},
	{"length", COUNT, true, NULL},
	{NULL, STRING, false, NULL},
};

static const struct member SHA256[] = {
	{"sha256", STRING, true, NULL},
	{NULL, STRING, false, NULL},
};

/* Keys of a shipment that stand for no single field. */
static const struct member SHIPMENT[] = {
	{"id", STRING, false, NULL},
	{"master", STRING, false, NULL},
	{"house", STRING, false, NULL},
	{"eta", TIME, false, NULL},
	{"description", STRING, false, NULL},
	{"hs", STRINGS, true, NULL},
	{"un", STRINGS, true, NULL},
	{"containers", STRINGS, true, NULL},
	{"seals", STRINGS, true, NULL},
	{NULL, STRING, false, NULL},
};

static const struct member ALERT[] = {
	{"gid", COUNT, true, NULL},
	{"sid", COUNT, true, NULL},
	{"rev", COUNT, true, NULL},
	{"signature", STRING, true, NULL},
	{"category", STRING, true, NULL},
	{"detector", STRING, true, NULL},
	{"severity", COUNT, true, NULL},
	{"score", NUMBER, true, NULL},
	{"reason", STRING, true, NULL},
	{"action", NAME, true, "alert"},
	{"trigger", NAME, false, "deadline"},
	{"reading", NAME, false, "alternate"},
	{"metadata", OBJECT, true, NULL},
	{"related", LIST, true, "related"},
	{"related_more", COUNT, false, NULL},
	{NULL, STRING, false, NULL},
};

static const struct member RELATED[] = {
	{"master", STRING, false, NULL},
	{"house", STRING, false, NULL},
	{"time", MOMENT, true, NULL},
	{NULL, STRING, false, NULL},
};

/* Besides `field` and `spans`. */
static const struct member EVIDENCE[] = {
	{"item", COUNT, false, NULL},
	{"value", STRING, false, NULL},
	{"match", STRING, false, NULL},
	{"list", STRING, false, NULL},
	{"status", STRING, true, NULL},
	{"family", STRING, false, NULL},
	{"weight", NUMBER, false, NULL},
	{"why", STRING, false, NULL},
	{NULL, STRING, false, NULL},
};

static const struct member ALERT_EVENT[] = {
	{"alert_id", STRING, true, NULL},
	{"event_id", STRING, true, NULL},
	{"message", REFER, true, "message"},
	{"shipment", REFER, true, "shipment"},
	{"alert", REFER, true, "alert"},
	{"evidence", LIST, true, "evidence"},
	{NULL, STRING, false, NULL},
};

static const struct member MESSAGE_EVENT[] = {
	{"message", REFER, true, "message"},
	{"part", COUNT, true, NULL},
	{"last", BOOL, true, NULL},
	{"shipments", LIST, true, "consignment"},
	{NULL, STRING, false, NULL},
};

/* Besides `code`. */
static const struct member ANOMALY[] = {
	{"inspection", NAME, true, "complete|incomplete"},
	{"meaning", STRING, true, NULL},
	{"reason", STRING, false, NULL},
	{"segment", STRING, false, NULL},
	{"element", COUNT, false, NULL},
	{NULL, STRING, false, NULL},
};

static const struct member ANOMALY_EVENT[] = {
	{"message", REFER, true, "message_name"},
	{"anomaly", REFER, true, "anomaly"},
	{NULL, STRING, false, NULL},
};

static const struct member RECEIPT[] = {
	{"inspection", NAME, true, "complete|incomplete"},
	{"fault", BOOL, true, NULL},
	{"messages", COUNT, true, NULL},
	{"consignments", COUNT, true, NULL},
	{"excluded", COUNT, true, NULL},
	{"alerts", COUNT, true, NULL},
	{"repeated", COUNT, true, NULL},
	{"passed", COUNT, true, NULL},
	{"anomalies", COUNT, true, NULL},
	{"bytes_not_inspected", COUNT, true, NULL},
	{"detectors", STRINGS, true, NULL},
	{NULL, STRING, false, NULL},
};

static const struct member RECEIPT_EVENT[] = {
	{"message", REFER, true, "message_name"},
	{"receipt", REFER, true, "receipt"},
	{NULL, STRING, false, NULL},
};

static const struct member EXCHANGE[] = {
	{"from", STRING, false, NULL},
	{"to", STRING, false, NULL},
	{"message_id", STRING, false, NULL},
	{NULL, STRING, false, NULL},
};

static const struct member OPAQUE[] = {
	{"reason", STRING, true, NULL},
	{"bytes", COUNT, true, NULL},
	{"to_server", COUNT, true, NULL},
	{"to_client", COUNT, true, NULL},
	{"server_name", STRING, false, NULL},
	{NULL, STRING, false, NULL},
};

static const struct member OPAQUE_EVENT[] = {
	{"opaque", REFER, true, "opaque"},
	{NULL, STRING, false, NULL},
};

static const struct member AUDIT[] = {
	{"action", STRING, true, NULL},
	{"detail", STRING, false, NULL},
	{NULL, STRING, false, NULL},
};

static const struct member AUDIT_EVENT[] = {
	{"audit", REFER, true, "audit"},
	{NULL, STRING, false, NULL},
};

static const struct member STATS[] = {
	{"seconds", NUMBER, true, NULL},
	{"cpu_seconds", NUMBER, true, NULL},
	{"inputs", COUNT, true, NULL},
	{"input_bytes", COUNT, true, NULL},
	{"interchanges", COUNT, true, NULL},
	{"messages", COUNT, true, NULL},
	{"consignments", COUNT, true, NULL},
	{"alerts", COUNT, true, NULL},
	{"repeated", COUNT, true, NULL},
	{"anomalies", COUNT, true, NULL},
	{"incomplete", COUNT, true, NULL},
	{"bytes_not_inspected", COUNT, true, NULL},
	{"text_bytes", COUNT, true, NULL},
	{"state_keys", COUNT, true, NULL},
	{"state_bytes", COUNT, true, NULL},
	{"state_evicted", COUNT, true, NULL},
	{"shipments", COUNT, true, NULL},
	{"shipments_evicted", COUNT, true, NULL},
	{"aliases", COUNT, true, NULL},
	{"aliases_evicted", COUNT, true, NULL},
	{"plugin_restarts", COUNT, true, NULL},
	{"opaque", COUNT, true, NULL},
	{"opaque_bytes", COUNT, true, NULL},
	{"number_holes", COUNT, true, NULL},
	{"numbers_missing", COUNT, true, NULL},
	{"numbers_late", COUNT, true, NULL},
	{"numbers_evicted", COUNT, true, NULL},
	{"pcap_out_files", COUNT, true, NULL},
	{"pcap_out_packets", COUNT, true, NULL},
	{"pcap_out_incomplete", COUNT, true, NULL},
	{"pcap_out_failed", COUNT, true, NULL},
	{"network", REFER, false, "network"},
	{"stages", REFER, false, "stages"},
	{"worker_consignments", COUNTS, true, NULL},
	{"worker_packet_bytes", COUNTS, true, NULL},
	{NULL, STRING, false, NULL},
};

static const struct member NETWORK[] = {
	{"packets", COUNT, true, NULL},
	{"packet_bytes", COUNT, true, NULL},
	{"filtered", COUNT, true, NULL},
	{"undecoded", COUNT, true, NULL},
	{"other_packets", COUNT, true, NULL},
	{"flows", COUNT, true, NULL},
	{"stream_bytes", COUNT, true, NULL},
	{"gap_bytes", COUNT, true, NULL},
	{"bodies", COUNT, true, NULL},
	{"recognised", COUNT, true, NULL},
	{"unrecognised_bytes", COUNT, true, NULL},
	{"retries", COUNT, true, NULL},
	{"signals", COUNT, true, NULL},
	{"protocols", LIST, true, "protocol"},
	{NULL, STRING, false, NULL},
};

static const struct member PROTOCOL[] = {
	{"name", STRING, true, NULL},
	{"flows", COUNT, true, NULL},
	{"bytes", COUNT, true, NULL},
	{NULL, STRING, false, NULL},
};

static const struct member STATS_EVENT[] = {
	{"stats", REFER, true, "stats"},
	{NULL, STRING, false, NULL},
};

static void put_text(struct tw_json *json, const char *key, const char *text)
{
	tw_json_key(json, key);
	tw_json_string(json, tw_slice_string(text));
}

static void put_names(struct tw_json *json, const char *names)
{
	tw_json_key(json, "enum");
	tw_json_open(json, '[');
	for (const char *name = names; name != NULL;) {
		const char *bar = strchr(name, '|');
		size_t length = bar == NULL ? strlen(name) : (size_t)(bar - name);
		tw_json_string(json, tw_slice(name, length));
		name = bar == NULL ? NULL : bar + 1;
	}
	tw_json_close(json, ']');
}

static void put_reference(struct tw_json *json, const char *name)
{
	tw_json_key(json, "$ref");
	tw_json_string_open(json);
	tw_json_string_part(json, TW_LITERAL("#/$defs/"));
	tw_json_string_part(json, tw_slice_string(name));
	tw_json_string_close(json);
}

/* What the value of a kind must be: the members of its schema. */
static void put_kind(struct tw_json *json, enum kind kind, const char *names)
{
	static const char *const types[] = {
		[STRING] = "string", [COUNT] = "integer", [NUMBER] = "number", [BOOL] = "boolean",
		[STRINGS] = "array", [COUNTS] = "array",  [OBJECT] = "object", [LIST] = "array",
		[REFER] = NULL,
	};
	if (kind == NAME)
		put_names(json, names);
	else if (kind == TIME || kind == MOMENT)
		put_reference(json, kind == TIME ? "time" : "moment");
	else if (kind == REFER)
		put_reference(json, names);
	else
		put_text(json, "type", types[kind]);
	if (kind == COUNT) {
		tw_json_key(json, "minimum");
		tw_json_count(json, 0);
	} else if (kind == STRINGS || kind == COUNTS || kind == LIST) {
		tw_json_key(json, "items");
		tw_json_open(json, '{');
		put_kind(json, kind == STRINGS ? STRING : kind == COUNTS ? COUNT : REFER, names);
		tw_json_close(json, '}');
	}
}

static void put_members(struct tw_json *json, const struct member *members)
{
	for (; members->key != NULL; members++) {
		tw_json_key(json, members->key);
		tw_json_open(json, '{');
		put_kind(json, members->kind, members->names);
		tw_json_close(json, '}');
	}
}

static void put_required(struct tw_json *json, const struct member *members)
{
	for (; members->key != NULL; members++)
		if (members->required)
			tw_json_string(json, tw_slice_string(members->key));
}

static void open_object(struct tw_json *json, const char *name)
{
	if (name != NULL)
		tw_json_key(json, name);
	tw_json_open(json, '{');
	put_text(json, "type", "object");
	tw_json_key(json, "additionalProperties");
	tw_json_bool(json, false);
	tw_json_key(json, "properties");
	tw_json_open(json, '{');
}

/* Ends the properties; the required keys are listed next. */
static void open_required(struct tw_json *json)
{
	tw_json_close(json, '}');
	tw_json_key(json, "required");
	tw_json_open(json, '[');
}

static void close_object(struct tw_json *json)
{
	tw_json_close(json, ']');
	tw_json_close(json, '}');
}

static void put_object(struct tw_json *json, const char *name, const struct member *members)
{
	open_object(json, name);
	put_members(json, members);
	open_required(json);
	put_required(json, members);
	close_object(json);
}

static void put_codes(struct tw_json *json, const char *set)
{
	tw_json_key(json, "enum");
	tw_json_open(json, '[');
	for (unsigned code = 0; code < 256; code++)
		if (tw_code_name(set, code) != NULL)
			tw_json_string(json, tw_slice_string(tw_code_name(set, code)));
	tw_json_close(json, ']');
}

static void put_type(struct tw_json *json, const struct tw_field_info *info)
{
	if (info->type == TW_TYPE_code)
		put_codes(json, info->unit);
	else if (info->type == TW_TYPE_number)
		put_text(json, "type", "number");
	else if (info->type == TW_TYPE_flag)
		put_text(json, "type", "boolean");
	else /* a time that is none stands as it was read */
		put_text(json, "type", "string");
}

static void put_description(struct tw_json *json, const struct tw_field_info *info)
{
	tw_json_key(json, "description");
	tw_json_string_open(json);
	tw_json_string_part(json, tw_slice_string(info->keyword));
	if (info->type == TW_TYPE_number && strcmp(info->unit, "none") != 0) {
		tw_json_string_part(json, TW_LITERAL(", in "));
		tw_json_string_part(json, tw_slice_string(info->unit));
	}
	tw_json_string_close(json);
}

/* A row of the field table under its own key; `joined`: several values are one text. */
static void put_field(struct tw_json *json, enum tw_field field, bool joined)
{
	const struct tw_field_info *info = tw_field_info(field);
	tw_json_key(json, info->json);
	tw_json_open(json, '{');
	put_description(json, info);
	if (info->many && !joined) {
		put_text(json, "type", "array");
		tw_json_key(json, "items");
		tw_json_open(json, '{');
		put_type(json, info);
		tw_json_close(json, '}');
	} else {
		put_type(json, info);
	}
	tw_json_close(json, '}');
}

static void put_group(struct tw_json *json, enum tw_group group, enum tw_field except, bool joined)
{
	for (unsigned field = 1; field < TW_FIELD_LIMIT; field++) {
		const struct tw_field_info *info = tw_field_info(field);
		if (info != NULL && info->group == group && info->id != except)
			put_field(json, info->id, joined);
	}
}

static void put_message(struct tw_json *json)
{
	open_object(json, "message");
	put_group(json, TW_GROUP_message, TW_FIELD_NONE, false);
	put_members(json, SHA256);
	open_required(json);
	tw_json_string(json, tw_slice_string(tw_field_info(TW_MESSAGE_ROLE)->json));
	tw_json_string(json, tw_slice_string(tw_field_info(TW_INTERCHANGE_TEST)->json));
	put_required(json, SHA256);
	close_object(json);
}

/* The message or interchange that an anomaly or receipt speaks of: only what is known of it. */
static void put_message_name(struct tw_json *json)
{
	static const enum tw_field known[] = {
		TW_MESSAGE_FORMAT, TW_MESSAGE_REFERENCE, TW_INTERCHANGE_REFERENCE,
		TW_INTERCHANGE_SENDER, TW_INTERCHANGE_RECIPIENT, TW_INTERCHANGE_TEST,
	};
	open_object(json, "message_name");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		put_field(json, known[i], false);
	open_required(json);
	close_object(json);
}

static void put_shipment_facts(struct tw_json *json)
{
	put_members(json, SHIPMENT);
	put_field(json, TW_LEG_MODE, false);
	put_field(json, TW_LEG_CONVEYANCE, false);
	put_field(json, TW_LEG_VOYAGE, false);
	for (unsigned field = 1; field < TW_FIELD_LIMIT; field++)
		if (tw_shipment_has((enum tw_field)field) && field != TW_CONSIGNMENT_DESCRIPTION)
			put_field(json, (enum tw_field)field, false);
	for (const int *role = tw_party_roles(); *role != TW_PARTY_UNKNOWN; role++) {
		tw_json_key(json, tw_code_name("party", (unsigned)*role));
		tw_json_open(json, '{');
		put_reference(json, "party");
		tw_json_close(json, '}');
	}
}

static void require_shipment_facts(struct tw_json *json)
{
	static const enum tw_field always[] = {TW_CONSIGNMENT_LEVEL, TW_CONSIGNMENT_ACTION,
					       TW_LEG_MODE, TW_CONSIGNMENT_ROUTE};
	put_required(json, SHIPMENT);
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		tw_json_string(json, tw_slice_string(tw_field_info(always[i])->json));
	for (const int *role = tw_party_roles(); *role != TW_PARTY_UNKNOWN; role++)
		tw_json_string(json, tw_slice_string(tw_code_name("party", (unsigned)*role)));
}

static void put_shipment(struct tw_json *json)
{
	open_object(json, "shipment");
	put_shipment_facts(json);
	open_required(json);
	require_shipment_facts(json);
	close_object(json);
	open_object(json, "party");
	put_group(json, TW_GROUP_party, TW_PARTY_ROLE, true);
	open_required(json);
	close_object(json);
}

/* A shipment of a message event: all groups of the table. */
static void put_consignment(struct tw_json *json)
{
	const struct tw_group_list *lists = tw_group_lists();
	open_object(json, "consignment");
	put_shipment_facts(json);
	for (unsigned field = 1; field < TW_FIELD_LIMIT; field++) {
		const struct tw_field_info *info = tw_field_info(field);
		if (info != NULL && (info->group == TW_GROUP_raw ||
				     (info->group == TW_GROUP_consignment &&
				      !tw_shipment_has(info->id))))
			put_field(json, info->id, false);
	}
	for (const struct tw_group_list *list = lists; list->key != NULL; list++) {
		tw_json_key(json, list->key);
		tw_json_open(json, '{');
		put_text(json, "type", "array");
		tw_json_key(json, "items");
		open_object(json, NULL);
		put_group(json, list->group, TW_FIELD_NONE, false);
		open_required(json);
		close_object(json);
		tw_json_close(json, '}');
	}
	open_required(json);
	require_shipment_facts(json);
	for (const struct tw_group_list *list = lists; list->key != NULL; list++)
		tw_json_string(json, tw_slice_string(list->key));
	close_object(json);
}

/* An offset and a length. */
static void put_span(struct tw_json *json)
{
	tw_json_key(json, "span");
	tw_json_open(json, '{');
	put_kind(json, COUNTS, NULL);
	tw_json_key(json, "minItems");
	tw_json_count(json, 2);
	tw_json_key(json, "maxItems");
	tw_json_count(json, 2);
	tw_json_close(json, '}');
}

static void put_evidence(struct tw_json *json)
{
	static const struct member spans[] = {
		{"spans", LIST, true, "span"},
		{NULL, STRING, false, NULL},
	};
	put_span(json);
	open_object(json, "evidence");
	tw_json_key(json, "field");
	tw_json_open(json, '{');
	tw_json_key(json, "enum");
	tw_json_open(json, '[');
	for (unsigned field = 1; field < TW_FIELD_LIMIT; field++)
		if (tw_field_info(field) != NULL)
			tw_json_string(json, tw_slice_string(tw_field_info(field)->keyword));
	tw_json_close(json, ']');
	tw_json_close(json, '}');
	put_members(json, EVIDENCE);
	put_members(json, spans);
	open_required(json);
	put_required(json, EVIDENCE);
	put_required(json, spans);
	close_object(json);
}

static void put_related(struct tw_json *json)
{
	open_object(json, "related");
	tw_json_key(json, "alert_id");
	tw_json_open(json, '{');
	tw_json_key(json, "type");
	tw_json_open(json, '[');
	tw_json_string(json, TW_LITERAL("string"));
	tw_json_string(json, TW_LITERAL("null"));
	tw_json_close(json, ']');
	tw_json_close(json, '}');
	put_members(json, RELATED);
	open_required(json);
	tw_json_string(json, TW_LITERAL("alert_id"));
	put_required(json, RELATED);
	close_object(json);
}

static void put_anomaly(struct tw_json *json)
{
	open_object(json, "anomaly");
	tw_json_key(json, "code");
	tw_json_open(json, '{');
	tw_json_key(json, "enum");
	tw_json_open(json, '[');
	for (unsigned i = 0; tw_anomaly_code(i) != NULL; i++)
		tw_json_string(json, tw_slice_string(tw_anomaly_code(i)));
	tw_json_close(json, ']');
	tw_json_close(json, '}');
	put_members(json, ANOMALY);
	open_required(json);
	tw_json_string(json, TW_LITERAL("code"));
	put_required(json, ANOMALY);
	close_object(json);
}

static void put_stages(struct tw_json *json)
{
	open_object(json, "stages");
	for (unsigned i = 0; i < TW_STAGE_COUNT; i++) {
		tw_json_key(json, tw_stage_names[i]);
		tw_json_open(json, '{');
		put_kind(json, NUMBER, NULL);
		tw_json_close(json, '}');
	}
	open_required(json);
	close_object(json);
}

static void put_times(struct tw_json *json)
{
	static const char pattern[] =
		"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z$";
	tw_json_key(json, "time");
	tw_json_open(json, '{');
	put_text(json, "type", "string");
	put_text(json, "pattern", pattern);
	tw_json_close(json, '}');
	tw_json_key(json, "moment");
	tw_json_open(json, '{');
	tw_json_key(json, "type");
	tw_json_open(json, '[');
	tw_json_string(json, TW_LITERAL("string"));
	tw_json_string(json, TW_LITERAL("null"));
	tw_json_close(json, ']');
	put_text(json, "pattern", pattern);
	tw_json_close(json, '}');
}

/* The seven events: what each has besides the common members. */
static const struct event_kind {
	const char *type;
	const char *definition;
	const struct member *members;
	bool feed;
} EVENTS[] = {
	{"alert", "alert_event", ALERT_EVENT, true},
	{"message", "message_event", MESSAGE_EVENT, true},
	{"anomaly", "anomaly_event", ANOMALY_EVENT, true},
	{"receipt", "receipt_event", RECEIPT_EVENT, true},
	{"opaque", "opaque_event", OPAQUE_EVENT, true},
	{"audit", "audit_event", AUDIT_EVENT, false},
	{"stats", "stats_event", STATS_EVENT, false},
	{NULL, NULL, NULL, false},
};

static void put_event(struct tw_json *json, const struct event_kind *event)
{
	open_object(json, event->definition);
	tw_json_key(json, "event_type");
	tw_json_open(json, '{');
	put_text(json, "const", event->type);
	tw_json_close(json, '}');
	put_members(json, BASE);
	if (event->feed)
		put_members(json, FEED_EVENT);
	put_members(json, event->members);
	open_required(json);
	tw_json_string(json, TW_LITERAL("event_type"));
	put_required(json, BASE);
	if (event->feed)
		put_required(json, FEED_EVENT);
	put_required(json, event->members);
	close_object(json);
}

static void put_definitions(struct tw_json *json)
{
	tw_json_key(json, "$defs");
	tw_json_open(json, '{');
	for (const struct event_kind *event = EVENTS; event->type != NULL; event++)
		put_event(json, event);
	put_times(json);
	put_object(json, "feed", FEED);
	put_message(json);
	put_message_name(json);
	put_shipment(json);
	put_consignment(json);
	put_object(json, "alert", ALERT);
	put_related(json);
	put_evidence(json);
	put_anomaly(json);
	put_object(json, "receipt", RECEIPT);
	put_object(json, "exchange", EXCHANGE);
	put_object(json, "opaque", OPAQUE);
	put_object(json, "audit", AUDIT);
	put_object(json, "stats", STATS);
	put_object(json, "network", NETWORK);
	put_object(json, "protocol", PROTOCOL);
	put_stages(json);
	tw_json_close(json, '}');
}

/* if/then by type, so that a validator tells what is wrong with this kind of event. */
static void put_choice(struct tw_json *json, const struct event_kind *event)
{
	tw_json_open(json, '{');
	tw_json_key(json, "if");
	tw_json_open(json, '{');
	tw_json_key(json, "properties");
	tw_json_open(json, '{');
	tw_json_key(json, "event_type");
	tw_json_open(json, '{');
	put_text(json, "const", event->type);
	tw_json_close(json, '}');
	tw_json_close(json, '}');
	tw_json_close(json, '}');
	tw_json_key(json, "then");
	tw_json_open(json, '{');
	put_reference(json, event->definition);
	tw_json_close(json, '}');
	tw_json_close(json, '}');
}

static void put_root(struct tw_json *json)
{
	tw_json_open(json, '{');
	put_text(json, "$schema", "https://json-schema.org/draft/2020-12/schema");
	put_text(json, "title", "Tidewaiter events " TW_EVENT_SCHEMA);
	put_text(json, "description",
		 "One event a line. Made from fields.def, codes.def and anomalies.def; closed for "
		 "tests. Consumers should ignore keys they do not know.");
	put_text(json, "type", "object");
	tw_json_key(json, "required");
	tw_json_open(json, '[');
	tw_json_string(json, TW_LITERAL("event_type"));
	tw_json_close(json, ']');
	tw_json_key(json, "properties");
	tw_json_open(json, '{');
	tw_json_key(json, "event_type");
	tw_json_open(json, '{');
	tw_json_key(json, "enum");
	tw_json_open(json, '[');
	for (const struct event_kind *event = EVENTS; event->type != NULL; event++)
		tw_json_string(json, tw_slice_string(event->type));
	tw_json_close(json, ']');
	tw_json_close(json, '}');
	tw_json_close(json, '}');
	tw_json_key(json, "allOf");
	tw_json_open(json, '[');
	for (const struct event_kind *event = EVENTS; event->type != NULL; event++)
		put_choice(json, event);
	tw_json_close(json, ']');
	put_definitions(json);
	tw_json_close(json, '}');
}

void tw_event_schema(struct tw_buffer *out)
{
	struct tw_buffer compact = {0};
	struct tw_json json = {.out = &compact};
	put_root(&json);
	tw_json_lay_out(tw_buffer_slice(&compact), out);
	out->failed = out->failed || compact.failed;
	tw_buffer_free(&compact);
}
