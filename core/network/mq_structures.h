/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_MQ_STRUCTURES_H
#define TW_NETWORK_MQ_STRUCTURES_H

#include "tidewaiter/slice.h"

/*
 * The structures that stand before the data of an IBM MQ message: those of the call that
 * carries it (MQMD, MQPMO and others), then format headers (MQXQH, MQDLH, MQRFH2 and
 * others), one behind the other, each with a length of its own or one by its version. A
 * walk passes them as they come; of each it reads only what tells how long it is, and in
 * which coding what follows is. User ids, authenticators and names are passed over with
 * the rest of their structure and kept nowhere. One walk a message, one thread.
 *
 * Sources: IBM's Developing applications reference for the structures an application sees
 * (MQMD, MQOD, MQPMO, MQGMO, MQXQH, MQDLH, MQRFH, MQRFH2, MQMDE, MQDH, MQCIH, MQIIH, MQRMH,
 * MQWIH). IBM does not publish the protocol itself (FAP): the API header, MSH, the headers
 * of asynchronous messages and of SPI calls, and which structures stand in which segment,
 * are what Wireshark's dissector (epan/dissectors/packet-mq.c) says of them.
 *
 * Weakness: a format header is known by its identifier and length, not by the format name
 * before it, so that data which begin like one are passed over with it. Structures that
 * newer releases may have between these are not known.
 */
#define TW_MQ_HELD 192u /* bytes of a structure that tell its length, at most */

struct tw_mq_walk {
	const unsigned char *ebcdic; /* to Latin-1: structures' identifiers may be in it */
	const unsigned char *part;   /* what comes next */
	bool little;		     /* its byte order, */
	bool data_little;	     /* and that of the data */
	bool transmitted;	     /* an MQXQH was passed: its MQMD follows */
	bool prefix;		     /* no format headers stand before the data */
	bool text;		     /* the data's format is MQSTR, */
	uint32_t page, own_page;     /* their CCSID, and that of the segment */
	uint64_t skip;		     /* bytes of a structure that are to be passed yet */
	size_t needed;		     /* bytes that tell more of it; 0: as usual */
	size_t held_length;
	char held[TW_MQ_HELD];
};

/* What the TSH of a segment says. */
struct tw_mq_segment {
	unsigned type;
	bool first;    /* of its message */
	bool little;   /* its byte order */
	uint32_t page; /* its CCSID */
};

enum tw_mq_walked {
	TW_MQ_NEXT,    /* a structure is passed: only within the walk */
	TW_MQ_MORE,    /* all bytes were taken, and the data have not begun */
	TW_MQ_DATA,    /* they begin with tw_mq_walk_held(), then come the bytes that are left */
	TW_MQ_NOTHING, /* the segment carries no message */
	TW_MQ_UNKNOWN, /* there is something else where a structure must stand */
};

/* Whether segments of this type carry messages; of others there is no walk. */
bool tw_mq_carries(unsigned type);
/*
 * From the first segment of a message to its data. `ebcdic`, to Latin-1, outlives the walk.
 */
void tw_mq_walk_message(struct tw_mq_walk *walk, const struct tw_mq_segment *segment,
			const unsigned char *ebcdic);
/* What a segment has by itself, before what belongs to the message: its "data". False: nothing. */
bool tw_mq_walk_prefix(struct tw_mq_walk *walk, const struct tw_mq_segment *segment,
		       const unsigned char *ebcdic);
/* Takes bytes of structures off the front. */
enum tw_mq_walked tw_mq_walk(struct tw_mq_walk *walk, struct tw_slice *bytes);
/* Bytes that were taken and turned out to be data. */
struct tw_slice tw_mq_walk_held(const struct tw_mq_walk *walk);
/* Where nothing follows: held bytes that are fewer than an identifier has, and so are data. */
struct tw_slice tw_mq_walk_rest(const struct tw_mq_walk *walk);
/* Whether nothing of a structure is missing where nothing follows. */
bool tw_mq_walk_between(const struct tw_mq_walk *walk);

#endif
