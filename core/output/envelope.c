/* SPDX-License-Identifier: Apache-2.0 */
#include "output/envelope.h"

void tw_envelope_open(struct tw_json *json, const struct tw_event_style *style, const char *type,
		      double time)
{
	tw_json_open(json, '{');
	tw_json_key(json, "timestamp");
	tw_json_time(json, time);
	tw_json_key(json, "event_type");
	tw_json_word(json, tw_slice_string(type));
	tw_json_key(json, "schema");
	tw_json_word(json, TW_LITERAL(TW_EVENT_SCHEMA));
	tw_json_member_count(json, "generation", style->generation);
	tw_json_key(json, "sensor");
	tw_json_string(json, tw_slice_string(style->sensor));
}

void tw_envelope_feed(struct tw_json *json, const struct tw_feed *feed, uint64_t offset,
		      uint64_t length)
{
	tw_json_key(json, "feed");
	tw_json_open(json, '{');
	tw_json_key(json, "source");
	tw_json_word(json, tw_slice_string(feed->source));
	tw_json_key(json, strcmp(feed->source, "live") == 0 ? "in_iface" : "path");
	tw_json_string(json, tw_slice_string(feed->path));
	if (feed->packet > 0)
		tw_json_member_count(json, "packet", feed->packet);
	tw_json_key(json, "layers");
	tw_json_open(json, '[');
	for (unsigned i = 0; feed->layers != NULL && feed->layers[i] != NULL; i++)
		tw_json_string(json, tw_slice_string(feed->layers[i]));
	tw_json_close(json, ']');
	tw_json_member_count(json, "offset", offset);
	tw_json_member_count(json, "length", length);
	tw_json_close(json, '}');
	if (feed->network != NULL)
		tw_network_write(json, feed->network);
}

void tw_envelope_close(struct tw_json *json)
{
	tw_json_close(json, '}');
	tw_buffer_append_byte(json->out, '\n');
}
