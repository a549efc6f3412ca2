/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_ENGINE_MEMBERS_H
#define TW_ENGINE_MEMBERS_H

#include <signal.h>

#include "config/config.h"
#include "source/source.h"
#include "unwrap/unwrap.h"

/*
 * A source as the members it has, one after the other: an archive or a mail has
 * several, any other stream is one, whose bytes are read past this module straight
 * into the caller's block. Borrows the source; one thread at a time.
 *
 * Weakness: members cannot be passed over; who does not want one reads it to its end.
 */
struct tw_members;

#define TW_MEMBERS_LAYERS (TW_SOURCE_LAYERS + 1 + TW_UNWRAP_LAYERS)

struct tw_member {
	const char *layers[TW_MEMBERS_LAYERS + 1]; /* outermost first, NULL at the end; until the next call */
	uint64_t offset; /* where its bytes begin: 0, but where it stands for a wrapping itself */
	enum tw_unwrap_beside beside;
};

enum tw_members_what { TW_MEMBERS_BYTES, TW_MEMBERS_PROBLEM, TW_MEMBERS_END };

struct tw_members_given {
	enum tw_members_what what;
	size_t length;	    /* BYTES: of the block */
	const char *code;   /* PROBLEM, with its reason; until the next call */
	const char *reason;
	uint64_t skipped;   /* bytes that were not handed on */
	bool empty;	    /* END: it had no bytes, and no problem says why */
};

/* How the configuration has wrappings opened. */
struct tw_unwrap_settings tw_members_unwrap(const struct tw_config *config,
					    const struct tw_unwrap_keys *keys);
/*
 * Waits for the bytes that tell what it is. Limits of the source are set before. `keys`: to decrypt with,
 * or NULL. `stop`: as tw_source_stop() has it.
 */
int tw_members_open(struct tw_source *source, const struct tw_config *config,
		    const struct tw_unwrap_keys *keys, const volatile sig_atomic_t *stop,
		    struct tw_members **ret_members);
void tw_members_close(struct tw_members *members);
/* What was read of the source to know what it is. Until the first member is asked for. */
struct tw_slice tw_members_head(const struct tw_members *members);
/* 1: the next member is open, 0: there is none, or TW_ERROR_MEMORY. The one before was read to its end. */
int tw_members_next(struct tw_members *members, struct tw_member *ret_member);
/* More of the open member. TW_OK or TW_ERROR_MEMORY. */
int tw_members_read(struct tw_members *members, char *block, size_t size,
		    struct tw_members_given *ret_given);

#endif
