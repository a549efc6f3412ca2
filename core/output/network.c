/* SPDX-License-Identifier: Apache-2.0 */
#include "output/network.h"

#include <arpa/inet.h>
#include <openssl/evp.h>

#define SHA1_SIZE 20u

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

/* The smaller of address and port stands first. */
static bool in_order(const struct tw_network *network)
{
	int order = memcmp(network->source, network->destination, network->address_length);
	return order < 0 || (order == 0 && network->source_port <= network->destination_port);
}

static size_t put_port(unsigned char *to, uint16_t port)
{
	to[0] = (unsigned char)(port >> 8);
	to[1] = (unsigned char)port;
	return 2;
}

/* github.com/corelight/community-id-spec: seed, addresses, protocol, a zero, ports. */
bool tw_community_id(const struct tw_network *network, char ret_id[TW_COMMUNITY_ID_SIZE])
{
	unsigned char bytes[2 + 16 + 16 + 2 + 4] = {0};
	unsigned char hash[SHA1_SIZE];
	bool ordered = in_order(network);
	size_t address = network->address_length <= 16 ? network->address_length : 16;
	size_t length = 2;
	memcpy(bytes + length, ordered ? network->source : network->destination, address);
	length += address;
	memcpy(bytes + length, ordered ? network->destination : network->source, address);
	length += address;
	bytes[length++] = network->protocol;
	bytes[length++] = 0;
	length += put_port(bytes + length, ordered ? network->source_port
						   : network->destination_port);
	length += put_port(bytes + length, ordered ? network->destination_port
						   : network->source_port);
	if (EVP_Digest(bytes, length, hash, NULL, EVP_sha1(), NULL) != 1)
		return false;
	ret_id[0] = '1';
	ret_id[1] = ':';
	EVP_EncodeBlock((unsigned char *)ret_id + 2, hash, sizeof(hash));
	return true;
}

static void write_as2(struct tw_json *json, const struct tw_network *network)
{
	if (network->as2_from[0] == '\0' && network->as2_to[0] == '\0')
		return;
	tw_json_key(json, "as2");
	tw_json_open(json, '{');
	tw_json_member_text(json, "from", tw_slice_string(network->as2_from));
	tw_json_member_text(json, "to", tw_slice_string(network->as2_to));
	tw_json_member_text(json, "message_id", tw_slice_string(network->message_id));
	tw_json_close(json, '}');
}

void tw_network_write(struct tw_json *json, const struct tw_network *network)
{
	char community[TW_COMMUNITY_ID_SIZE];
	write_address(json, "src_ip", network->source, network->address_length);
	tw_json_member_count(json, "src_port", network->source_port);
	write_address(json, "dest_ip", network->destination, network->address_length);
	tw_json_member_count(json, "dest_port", network->destination_port);
	tw_json_member_text(json, "proto", tw_slice_string(protocol_name(network->protocol)));
	tw_json_member_text(json, "app_proto", tw_slice_string(network->application));
	tw_json_member_count(json, "flow_id", network->flow);
	if (tw_community_id(network, community))
		tw_json_member_text(json, "community_id", tw_slice_string(community));
	if (network->vlan_count > 0) {
		tw_json_key(json, "vlan");
		tw_json_open(json, '[');
		for (unsigned i = 0; i < network->vlan_count && i < TW_NETWORK_VLANS; i++)
			tw_json_count(json, network->vlan[i]);
		tw_json_close(json, ']');
	}
	write_as2(json, network);
}
