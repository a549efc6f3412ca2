/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_MAP_MAP_H
#define TW_MAP_MAP_H

#include "base/buffer.h"
#include "model/builder.h"
#include "tidewaiter/parser.h"

/*
 * Maps say what a message means: which segment, qualifier and component (or line
 * and field, or element path) fills which field of the model, and which segment
 * opens which group. A map file is data; parsers/MAPS.md has the language. All
 * maps are read at the start and const afterwards, shared by all threads.
 */
struct tw_maps;
struct tw_map;

int tw_maps_create(struct tw_maps **ret_maps);
void tw_maps_free(struct tw_maps *maps);
/* Reads every *.map below a folder. `problems` gets a line per mistake, with file, line and reason. Returns their number or a negative status. */
int tw_maps_read_folder(struct tw_maps *maps, const char *folder, struct tw_buffer *problems);
int tw_maps_read_file(struct tw_maps *maps, const char *path, struct tw_buffer *problems);

/* What a map is chosen by. */
struct tw_map_request {
	struct tw_slice format, type, version, sender, recipient;
};
enum tw_map_choice { TW_MAP_EXACT, TW_MAP_PARTNER, TW_MAP_NEAREST, TW_MAP_TYPE, TW_MAP_EXCLUDED };
/*
 * Partner and version, partner, exact version, nearest version, type. NULL where
 * there is no map. TW_MAP_EXCLUDED: a passenger, crew or health message, whose
 * content must not be looked at.
 */
const struct tw_map *tw_maps_select(const struct tw_maps *maps, const struct tw_map_request *request,
				    enum tw_map_choice *ret_choice);
const char *tw_map_name(const struct tw_map *map);
/* --explain-map and --list-formats. */
void tw_map_explain(const struct tw_map *map, struct tw_buffer *out);
unsigned tw_maps_count(const struct tw_maps *maps);
const struct tw_map *tw_maps_at(const struct tw_maps *maps, unsigned index);
/* Whether a choice may depend on sender and recipient. */
bool tw_maps_ask_partners(const struct tw_maps *maps);
struct tw_slice tw_map_format(const struct tw_map *map);
/* The nth type of message that it is for; empty behind the last. */
struct tw_slice tw_map_type(const struct tw_map *map, unsigned index);
/* Whether its author could not hold it against the norm. */
bool tw_map_unverified(const struct tw_map *map);

/*
 * A walk takes the units of one message and fills a builder. It tells its owner
 * when a consignment is complete, so that no message is ever held whole (unless
 * the map says so). One per stream, one thread at a time.
 */
struct tw_walk;
struct tw_walk_events {
	void *context;
	/* The builder holds a whole consignment, which ends at stream offset `end`. */
	int (*consignment)(void *context, struct tw_builder *builder, uint64_t end);
	/* So is the message itself wanted, at its end: a record with TW_RECORD_MESSAGE. */
	bool messages;
	/* Something odd in the content: value out of range, bad date ... */
	void (*anomaly)(void *context, const struct tw_anomaly_at *at, const char *reason);
};
struct tw_walk_limits {
	size_t consignment_bytes;  /* of one record; beyond it parts */
	unsigned held_consignments; /* hold: message */
	unsigned equipment;	   /* limits.equipment, told at the end of a message */
};
int tw_walk_create(const struct tw_walk_events *events, const struct tw_walk_limits *limits,
		   struct tw_walk **ret_walk);
void tw_walk_free(struct tw_walk *walk);
/*
 * The character set of texts that are neither what the interchange announces nor
 * UTF-8, as iconv knows it. The name stays the caller's. At first WINDOWS-1252.
 */
void tw_walk_fallback(struct tw_walk *walk, const char *charset);
/*
 * The bytes that the next units' bytes are part of: what stands behind a unit may be
 * read (its worth is not looked at), which spares copying byte by byte. Empty: none.
 * `slotted`: the units have tw_unit.slots, the parser being of ABI 1.4 at least.
 */
void tw_walk_window(struct tw_walk *walk, struct tw_slice window, bool slotted);
/*
 * Starts an interchange (character set and test flag), and a message, with the
 * map that was chosen; NULL: no map, all texts become RAW_TEXT of one
 * consignment. Facts of interchange and message header are put in by the walk.
 */
void tw_walk_interchange(struct tw_walk *walk, const struct tw_interchange *interchange);
int tw_walk_message(struct tw_walk *walk, const struct tw_map *map, enum tw_map_choice choice,
		    const struct tw_message_start *message, double feed_time);
int tw_walk_unit(struct tw_walk *walk, const struct tw_unit *unit);
/*
 * Ends the message: the last consignment is handed on. `complete`: all of the message
 * is there; else nothing is said of what its last consignment lacks.
 */
int tw_walk_end(struct tw_walk *walk, uint64_t end, bool complete);

#endif
