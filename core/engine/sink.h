/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_SINK_H
#define TW_ENGINE_SINK_H

#include "engine/batch.h"
#include "engine/partners.h"
#include "map/map.h"
#include "unwrap/unwrap.h"

/*
 * The sink: what a parser tells, and what the walk makes of it, becomes items of
 * the current batch. It chooses the map of each message, gives consignments their
 * number, time and identity, and keeps the parser's thread of interchange and
 * message. Belongs to a stream; one thread at a time.
 */
/* A choice of map, good for interchanges of one format, and of one partner where maps ask for that. */
#define TW_SINK_CHOICES 8u
struct tw_sink_choice {
	bool known;
	char type[24], version[40];
	uint8_t type_length, version_length;
	const struct tw_map *map;
	enum tw_map_choice choice;
};

/* What the sinks of all streams share. */
struct tw_streams;
struct tw_inner;
struct tw_sink_common {
	struct tw_streams *streams; /* for objects inside of messages; NULL: they are left to the parsers */
	struct tw_unwrap_settings unwrap;
	struct tw_batch *batch;
	const struct tw_maps *maps;
	const struct tw_partners *partners;
	bool partner_maps; /* there are maps for some partners only */
	bool messages;	   /* a detector wants the records of level message */
	bool timed;
	double timezone_seconds; /* of the times in the feed */
	uint64_t timed_units; /* every 32nd unit is timed, and counts for 32 */
	double map_seconds;
};

/* From this offset on the bytes came in this packet, at this time. */
struct tw_sink_mark {
	uint64_t offset, packet;
	double time;
};

/* Of an origin that is quiet: whether something of it was a carrier message. */
enum tw_sink_telling {
	TW_SINK_TOLD,
	TW_SINK_WAITING, /* what there is to tell waits for a message that has a map */
	TW_SINK_FOREIGN, /* the document at hand has none */
};

struct tw_sink {
	struct tw_sink_common *common;
	struct tw_buffer marks; /* of bytes not consumed yet, in order; none where there are no packets */
	uint64_t interchange_packet, message_packet; /* where they began */
	struct tw_walk *walk;
	struct tw_origin *origin;
	enum tw_sink_telling telling;
	struct tw_batch waiting; /* its items only */
	uint64_t part_base;	 /* of the consignment whose parts come, or UINT64_MAX */
	bool in_interchange, in_message, excluded, test;
	uint64_t interchange_offset, message_offset;
	double feed_time;
	struct tw_buffer facts;	 /* sender, recipient, format of the interchange */
	struct tw_slice sender, recipient, format;
	struct tw_sink_choice choices[TW_SINK_CHOICES];
	unsigned next_choice;
	struct tw_buffer reference; /* of the message */
	struct tw_inner *object; /* that is open, or NULL */
	int status; /* the first failure */
};

int tw_sink_create(struct tw_sink *sink, struct tw_sink_common *common,
		   const struct tw_walk_limits *limits);
void tw_sink_free(struct tw_sink *sink);
/* The window that is fed next, for tw_walk_window(); empty once it is not to be looked at. */
void tw_sink_window(struct tw_sink *sink, struct tw_slice window, bool slotted);
/* What comes is in this syntax: another than a general one is told whatever it is. */
void tw_sink_syntax(struct tw_sink *sink, bool general);
/* A source begins, and ends: whatever is open is closed as incomplete. */
void tw_sink_begin(struct tw_sink *sink, struct tw_origin *origin);
/* What comes from this offset on is in this packet. `done`: nothing before it is asked for again. */
void tw_sink_mark(struct tw_sink *sink, const struct tw_sink_mark *mark, uint64_t done);
void tw_sink_end(struct tw_sink *sink, uint64_t end);

#endif
