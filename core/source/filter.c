/* SPDX-License-Identifier: Apache-2.0 */
#include "source/filter.h"

#include <pcap/pcap.h>
#include <stdlib.h>

#define SNAP_LENGTH 262144
#define LINKTYPE_ETHERNET 1u
/* More link types than a capture has; what is beyond is compiled again and again. */
#define PROGRAMS 16u

struct program {
	uint32_t link_type;
	bool compiled;
	struct bpf_program code;
};

struct tw_filter {
	char *text;
	struct program programs[PROGRAMS];
	unsigned count;
};

/*
 * Where the registry and the systems' numbers differ, pcap-linktype(7): the first
 * ten are the same, the raw ones are not.
 */
static const struct {
	uint32_t link_type;
	int dlt;
} NUMBERS[] = {
	{50, DLT_PPP_SERIAL},  {51, DLT_PPP_ETHER}, {100, DLT_ATM_RFC1483}, {101, DLT_RAW},
	{104, DLT_C_HDLC},     {105, DLT_IEEE802_11}, {108, DLT_LOOP},
};
#define NUMBER_COUNT (sizeof(NUMBERS) / sizeof(NUMBERS[0]))

int tw_filter_dlt(uint32_t link_type)
{
	for (unsigned i = 0; i < NUMBER_COUNT; i++)
		if (NUMBERS[i].link_type == link_type)
			return NUMBERS[i].dlt;
	return (int)(link_type & 0xffff);
}

uint32_t tw_filter_link_type(int dlt)
{
	for (unsigned i = 0; i < NUMBER_COUNT; i++)
		if (NUMBERS[i].dlt == dlt)
			return NUMBERS[i].link_type;
	return (uint32_t)dlt;
}

static int compile(const struct tw_filter *filter, struct program *program,
		   struct tw_buffer *reason)
{
	pcap_t *dead = pcap_open_dead(tw_filter_dlt(program->link_type), SNAP_LENGTH);
	if (dead == NULL)
		return TW_ERROR_MEMORY;
	int failed = pcap_compile(dead, &program->code, filter->text, 1, PCAP_NETMASK_UNKNOWN);
	program->compiled = failed == 0;
	if (failed != 0)
		tw_buffer_printf(reason, "the filter \"%s\" cannot be used on link type %u: %s",
				 filter->text, program->link_type, pcap_geterr(dead));
	pcap_close(dead);
	return failed == 0 ? TW_OK : TW_ERROR_UNSUPPORTED;
}

static void forget(struct program *program)
{
	if (program->compiled)
		pcap_freecode(&program->code);
	program->compiled = false;
}

/* The program for a link type, in place or compiled now. */
static int find_program(struct tw_filter *filter, uint32_t link_type,
			struct program **ret_program, struct tw_buffer *reason)
{
	unsigned at = 0;
	while (at < filter->count && filter->programs[at].link_type != link_type)
		at++;
	if (at == PROGRAMS)
		at = PROGRAMS - 1;
	struct program *program = &filter->programs[at];
	if (at >= filter->count || program->link_type != link_type || !program->compiled) {
		forget(program);
		program->link_type = link_type;
		int status = compile(filter, program, reason);
		if (status < 0)
			return status;
		if (at >= filter->count)
			filter->count = at + 1;
	}
	*ret_program = program;
	return TW_OK;
}

int tw_filter_create(const char *text, struct tw_filter **ret_filter, struct tw_buffer *reason)
{
	struct tw_filter *filter = calloc(1, sizeof(*filter));
	struct program *program;
	int status = TW_ERROR_MEMORY;
	if (filter != NULL && (filter->text = strdup(text)) != NULL)
		status = find_program(filter, LINKTYPE_ETHERNET, &program, reason);
	if (status < 0) {
		tw_filter_free(filter);
		return status == TW_ERROR_UNSUPPORTED ? TW_ERROR_INVALID : status;
	}
	*ret_filter = filter;
	return TW_OK;
}

void tw_filter_free(struct tw_filter *filter)
{
	if (filter == NULL)
		return;
	for (unsigned i = 0; i < PROGRAMS; i++)
		forget(&filter->programs[i]);
	free(filter->text);
	free(filter);
}

int tw_filter_test(struct tw_filter *filter, const struct tw_packet *packet,
		   struct tw_buffer *reason)
{
	struct program *program;
	int status = find_program(filter, packet->link_type, &program, reason);
	if (status < 0)
		return status;
	struct pcap_pkthdr header = {
		.caplen = (uint32_t)packet->bytes.length,
		.len = packet->length,
	};
	return pcap_offline_filter(&program->code, &header,
				   (const unsigned char *)packet->bytes.data) != 0;
}
