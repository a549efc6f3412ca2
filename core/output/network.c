/* SPDX-License-Identifier: Apache-2.0 */
#include "output/network.h"

#include <arpa/inet.h>

static void write_address(struct tw_json *json, const char *key, const uint8_t *bytes, uint8_t length)
{
	char text[INET6_ADDRSTRLEN] = "";
	inet_ntop(length == 4 ? AF_INET : AF_INET6, bytes, text, sizeof(text));
	tw_json_member_text(json, key, tw_slice_string(text));
}

static const char *protocol_name(uint8_t protocol)
{
	return protocol == 6 ? "TCP" : protocol == 17 ? "UDP" : "IP";
}

static void write_parties(struct tw_json *json, const struct tw_network *network)
{
	if (network->from[0] == '\0' && network->to[0] == '\0')
		return;
	tw_json_key(json, strcmp(network->application, "as4") == 0 ? "as4" : "as2");
	tw_json_open(json, '{');
	tw_json_member_text(json, "from", tw_slice_string(network->from));
	tw_json_member_text(json, "to", tw_slice_string(network->to));
	tw_json_member_text(json, "message_id", tw_slice_string(network->message_id));
	tw_json_close(json, '}');
}

void tw_network_write(struct tw_json *json, const struct tw_network *network)
{
	write_address(json, "src_ip", network->source, network->address_length);
	tw_json_member_count(json, "src_port", network->source_port);
	write_address(json, "dest_ip", network->destination, network->address_length);
	tw_json_member_count(json, "dest_port", network->destination_port);
	tw_json_member_text(json, "proto", tw_slice_string(protocol_name(network->protocol)));
	tw_json_member_text(json, "app_proto", tw_slice_string(network->application));
	tw_json_member_count(json, "flow_id", network->flow);
	tw_json_member_text(json, "community_id", tw_slice_string(network->community_id));
	if (network->vlan_count > 0) {
		tw_json_key(json, "vlan");
		tw_json_open(json, '[');
		for (unsigned i = 0; i < network->vlan_count && i < TW_NETWORK_VLANS; i++)
			tw_json_count(json, network->vlan[i]);
		tw_json_close(json, ']');
	}
	write_parties(json, network);
}
