/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/members.h"

#include <stdlib.h>

/* Read at once of a source that is unwrapped. Files fill it, so that limits are met at the same byte always. */
#define BLOCK ((size_t)65536)

/* At least so many bytes are looked at, where there are: a capture's magic is as long. */
#define TELLING ((size_t)4)

struct tw_members {
	struct tw_source *source;
	const volatile sig_atomic_t *stop;
	struct tw_unwrap *unwrap; /* NULL: a stream as it is */
	struct tw_buffer head;	  /* what was read to know that */
	size_t head_given;
	bool head_ended; /* the source ended in it, with this status */
	int head_status;
	bool begun;	 /* some member was */
	bool open;	 /* one is, of the unwrapper, */
	bool standing;	 /* or one that stands for the wrapping, to tell a problem */
	bool ended;
	int status;	 /* of the source, to be told once */
	uint64_t bytes;	 /* of the open member */
	unsigned problems;
	struct tw_slice left; /* of the event at hand */
	struct tw_unwrap_event event;
	bool held;	 /* the event is still to be told */
	char *block;
};

/* ---- opening -------------------------------------------------------------------------- */

/* Reads until the bytes tell whether they are wrapped: 1, 0, or a negative status of memory. */
static int look_ahead(struct tw_members *members)
{
	for (;;) {
		int wrapped = tw_unwrap_probe(tw_buffer_slice(&members->head), members->head_ended);
		if (wrapped >= 0 && (members->head.length >= TELLING || members->head_ended))
			return wrapped;
		if (tw_buffer_reserve(&members->head, BLOCK) < 0)
			return TW_ERROR_MEMORY;
		int64_t got = tw_source_read(members->source, members->head.data + members->head.length,
					     BLOCK);
		members->head_ended = got <= 0;
		if (got > 0)
			members->head.length += (size_t)got;
		else
			members->head_status = (int)got;
	}
}

/* The code page, or NULL where the operator leaves EBCDIC alone. */
static const char *code_page(const struct tw_config *config)
{
	const char *page = tw_config_string(config, "feed.ebcdic");
	return strcmp(page, "no") == 0 ? NULL : page;
}

struct tw_unwrap_settings tw_members_unwrap(const struct tw_config *config,
					    const struct tw_unwrap_keys *keys)
{
	return (struct tw_unwrap_settings){
		.layers = (unsigned)tw_config_number(config, "limits.layers"),
		.ratio = tw_config_number(config, "limits.expansion_ratio"),
		.bytes = tw_config_size(config, "limits.expanded_bytes"),
		.keys = keys,
		.decrypted = tw_config_size(config, "limits.decrypted_bytes"),
		.ebcdic = code_page(config),
	};
}

static int begin_unwrap(struct tw_members *members, const struct tw_config *config,
			const struct tw_unwrap_keys *keys)
{
	struct tw_unwrap_settings settings = tw_members_unwrap(config, keys);
	members->block = malloc(BLOCK);
	return members->block == NULL ? TW_ERROR_MEMORY
				      : tw_unwrap_create(&settings, &members->unwrap);
}

struct tw_slice tw_members_head(const struct tw_members *members)
{
	return tw_buffer_slice(&members->head);
}

int tw_members_open(struct tw_source *source, const struct tw_config *config,
		    const struct tw_unwrap_keys *keys, const volatile sig_atomic_t *stop,
		    struct tw_members **ret_members)
{
	struct tw_members *members = calloc(1, sizeof(*members));
	if (members == NULL)
		return TW_ERROR_MEMORY;
	members->source = source;
	members->stop = stop;
	int status = look_ahead(members);
	if (status > 0)
		status = begin_unwrap(members, config, keys);
	if (status < 0) {
		tw_members_close(members);
		return status;
	}
	*ret_members = members;
	return TW_OK;
}

void tw_members_close(struct tw_members *members)
{
	if (members == NULL)
		return;
	tw_unwrap_free(members->unwrap);
	tw_buffer_free(&members->head);
	free(members->block);
	free(members);
}

/* ---- reading -------------------------------------------------------------------------- */

/* As tw_source_read(), what was looked at first. */
static int64_t read_source(struct tw_members *members, char *block, size_t size)
{
	struct tw_slice head = tw_slice_part(tw_buffer_slice(&members->head), members->head_given, size);
	if (head.length > 0) {
		memcpy(block, head.data, head.length);
		members->head_given += head.length;
		if (members->head_given == members->head.length)
			tw_buffer_free(&members->head);
		return (int64_t)head.length;
	}
	return members->head_ended ? members->head_status : tw_source_read(members->source, block, size);
}

static int feed(struct tw_members *members)
{
	bool regular = tw_source_size(members->source) > 0;
	size_t have = 0;
	int64_t got;
	do {
		got = read_source(members, members->block + have, BLOCK - have);
		if (got > 0)
			have += (size_t)got;
	} while (got > 0 && regular && have < BLOCK);
	if (have > 0)
		return tw_unwrap_feed(members->unwrap, tw_slice(members->block, have),
				      tw_source_position(members->source));
	bool stopped = members->stop != NULL && *members->stop != 0;
	members->status = got < 0 ? (int)got : TW_OK;
	members->ended = true;
	tw_unwrap_finish(members->unwrap, got < 0 || stopped);
	return TW_OK;
}

/* The next event but those that ask for more. */
static int next_event(struct tw_members *members)
{
	int status = TW_OK;
	if (members->held) {
		members->held = false;
		return TW_OK;
	}
	do {
		status = tw_unwrap_next(members->unwrap, &members->event);
		if (status < 0 || members->event.what != TW_UNWRAP_MORE)
			return status;
		status = feed(members);
	} while (status >= 0);
	return status;
}

static unsigned put_source_layers(const struct tw_members *members, struct tw_member *member)
{
	unsigned count = 0;
	while (tw_source_layer(members->source, count) != NULL) {
		member->layers[count] = tw_source_layer(members->source, count);
		count++;
	}
	member->layers[count] = NULL;
	return count;
}

static int begin_member(struct tw_members *members, struct tw_member *member)
{
	members->begun = true;
	members->bytes = 0;
	members->problems = 0;
	members->left = tw_slice(NULL, 0);
	*member = (struct tw_member){0};
	unsigned count = put_source_layers(members, member);
	if (members->unwrap == NULL)
		return 1;
	const struct tw_unwrap_event *event = &members->event;
	for (unsigned i = 0; event->layers != NULL && event->layers[i] != NULL; i++)
		member->layers[count++] = event->layers[i];
	member->layers[count] = NULL;
	member->beside = event->beside;
	return 1;
}

/* Something is to be told of the wrapping: a member without bytes stands for it. */
static int begin_standing(struct tw_members *members, struct tw_member *member)
{
	begin_member(members, member);
	members->standing = true;
	member->offset = members->event.offset;
	return 1;
}

int tw_members_next(struct tw_members *members, struct tw_member *ret_member)
{
	if (members->unwrap == NULL)
		return members->begun ? 0 : begin_member(members, ret_member);
	bool first = !members->begun;
	int status = next_event(members);
	if (status < 0)
		return status;
	switch (members->event.what) {
	case TW_UNWRAP_MEMBER:
		members->open = true;
		return begin_member(members, ret_member);
	case TW_UNWRAP_PROBLEM:
		members->held = true;
		return begin_standing(members, ret_member);
	default: /* the whole stream ends */
		return first || members->status < 0 ? begin_standing(members, ret_member) : 0;
	}
}

static const char *code_of_failure(int status)
{
	switch (status) {
	case TW_ERROR_TRUNCATED:
		return "source.truncated";
	case TW_ERROR_INVALID:
		return "source.corrupt";
	case TW_ERROR_LIMIT:
		return "source.expansion";
	default:
		return "source.unreadable";
	}
}

/* The member ends; before that the source's own failure is told, to whoever was reading. */
static void end_member(struct tw_members *members, struct tw_members_given *given)
{
	int status = members->status;
	members->status = TW_OK;
	if (status < 0) {
		members->problems++;
		*given = (struct tw_members_given){.what = TW_MEMBERS_PROBLEM,
						   .code = code_of_failure(status),
						   .reason = tw_source_problem(members->source)};
		return;
	}
	members->open = members->standing = false;
	*given = (struct tw_members_given){.what = TW_MEMBERS_END,
					   .empty = members->bytes == 0 && members->problems == 0};
}

static void give_problem(struct tw_members *members, struct tw_members_given *given)
{
	members->problems++;
	*given = (struct tw_members_given){.what = TW_MEMBERS_PROBLEM, .code = members->event.code,
					   .reason = members->event.bytes.data,
					   .skipped = members->event.skipped};
}

static void give_bytes(struct tw_members *members, char *block, size_t size,
		       struct tw_members_given *given)
{
	struct tw_slice bytes = tw_slice_part(members->left, 0, size);
	memcpy(block, bytes.data, bytes.length);
	members->left = tw_slice_from(members->left, bytes.length);
	members->bytes += bytes.length;
	*given = (struct tw_members_given){.what = TW_MEMBERS_BYTES, .length = bytes.length};
}

static int read_plain(struct tw_members *members, char *block, size_t size,
		      struct tw_members_given *given)
{
	int64_t got = members->ended ? 0 : read_source(members, block, size);
	if (got > 0) {
		members->bytes += (uint64_t)got;
		*given = (struct tw_members_given){.what = TW_MEMBERS_BYTES, .length = (size_t)got};
		return TW_OK;
	}
	members->ended = true;
	members->status = (int)got;
	end_member(members, given);
	return TW_OK;
}

/* Which end of a member the source's failure is told at: the one the end of the source brought about. */
static int read_standing(struct tw_members *members, struct tw_members_given *given)
{
	if (members->held) {
		members->held = false;
		give_problem(members, given);
	} else {
		end_member(members, given);
	}
	return TW_OK;
}

int tw_members_read(struct tw_members *members, char *block, size_t size,
		    struct tw_members_given *ret_given)
{
	if (members->unwrap == NULL)
		return read_plain(members, block, size, ret_given);
	if (members->standing)
		return read_standing(members, ret_given);
	if (members->left.length == 0) {
		int status = next_event(members);
		if (status < 0)
			return status;
		if (members->event.what == TW_UNWRAP_PROBLEM) {
			give_problem(members, ret_given);
			return TW_OK;
		}
		if (members->event.what != TW_UNWRAP_BYTES) {
			members->held = members->status < 0;
			end_member(members, ret_given);
			return TW_OK;
		}
		members->left = members->event.bytes;
	}
	give_bytes(members, block, size, ret_given);
	return TW_OK;
}
