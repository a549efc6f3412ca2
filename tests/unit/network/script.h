/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TESTS_SCRIPT_H
#define TW_TESTS_SCRIPT_H

/*
 * Conversations for tests as a list of segments, each
 *	> or <	flags  sequence  acknowledgement or -  payload or -  [options];
 * with numbers counted from each side's SYN, payload letters (x*N: N times x), and as
 * options +SECONDS since the segment before, u=URGENT POINTER, w=WINDOW, s=SCALE.
 * ">2" is a second client. Include cmocka first; one thread.
 */
#include <stdio.h>
#include <stdlib.h>

#include "network/decode.h"
#include "packets.h"
#include "tapped.h"

struct script {
	struct tw_tap *tap;
	struct made made;
	uint32_t begin[2]; /* initial sequence numbers */
	double time;
	uint64_t number;
	bool ipv6;
};

static inline unsigned flags_of(const char *word)
{
	unsigned flags = 0;
	for (; *word != '\0'; word++)
		flags |= *word == 'S'	? TW_TCP_SYN
			 : *word == 'A' ? TW_TCP_ACK
			 : *word == 'F' ? TW_TCP_FIN
			 : *word == 'R' ? TW_TCP_RST
			 : *word == 'U' ? TW_TCP_URG
					: 0;
	return flags;
}

static inline size_t payload_of(const char *word, char *bytes, size_t size)
{
	unsigned count;
	if (strcmp(word, "-") == 0)
		return 0;
	if (word[1] == '*' && sscanf(word + 2, "%u", &count) == 1 && count < size) {
		memset(bytes, word[0], count);
		return count;
	}
	memcpy(bytes, word, strlen(word));
	return strlen(word);
}

static inline void play_segment(struct script *script, const char *text, size_t size)
{
	char line[256], way[8], flags[8], sequence[16], acknowledgement[16], payload[64];
	char options[64] = "", bytes[2048];
	snprintf(line, sizeof(line), "%.*s", (int)size, text);
	int words = sscanf(line, " %7s %7s %15s %15s %63s %63[^;]", way, flags, sequence,
			   acknowledgement, payload, options);
	assert_true(words >= 5);
	unsigned direction = way[0] == '>' ? TW_TO_SERVER : TW_TO_CLIENT;
	struct made_end client = {script->ipv6, 1, way[1] == '2' ? 40001 : 40000};
	struct made_end server = {script->ipv6, 2, 80};
	const char *urgent = strstr(options, "u="), *window = strstr(options, "w="),
		   *scale = strstr(options, "s="), *later = strchr(options, '+');
	struct made_tcp tcp = {
		.from = direction == TW_TO_SERVER ? client : server,
		.to = direction == TW_TO_SERVER ? server : client,
		.flags = flags_of(flags),
		.sequence = script->begin[direction] + (uint32_t)strtoul(sequence, NULL, 10),
		.acknowledgement = script->begin[!direction] + (uint32_t)strtoul(acknowledgement, NULL, 10),
		.window = window == NULL ? 60000 : (unsigned)strtoul(window + 2, NULL, 10),
		.scale = scale == NULL ? 0 : (unsigned)strtoul(scale + 2, NULL, 10),
		.urgent = urgent == NULL ? 0 : (unsigned)strtoul(urgent + 2, NULL, 10),
	};
	if (strchr(flags, 'A') == NULL)
		tcp.acknowledgement = 0;
	script->time += later == NULL ? 0.001 : strtod(later + 1, NULL);
	struct tw_packet packet = {
		.bytes = made_segment(&script->made, &tcp,
				      tw_slice(bytes, payload_of(payload, bytes, sizeof(bytes)))),
		.link_type = 1,
		.time = script->time,
		.number = ++script->number,
	};
	packet.length = (uint32_t)packet.bytes.length;
	assert_int_equal(tapped_packet(script->tap, &packet), TW_OK);
}

static inline void play(struct script *script, const char *segments)
{
	while (*segments != '\0') {
		size_t size = strcspn(segments, ";");
		if (strspn(segments, " ") < size)
			play_segment(script, segments, size);
		segments += size + (segments[size] == ';');
	}
}

/* "x*600" stands for 600 times x. */
static inline void expand(const char *text, struct tw_buffer *out)
{
	for (; *text != '\0'; text++) {
		unsigned count = 1;
		int length = 0;
		char byte = *text;
		if (sscanf(text + 1, "*%u%n", &count, &length) == 1)
			text += length;
		while (count-- > 0)
			tw_buffer_append_byte(out, byte);
	}
}

#endif
