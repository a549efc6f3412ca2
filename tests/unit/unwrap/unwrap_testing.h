/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_UNWRAP_UNWRAP_TESTING_H
#define TESTS_UNIT_UNWRAP_UNWRAP_TESTING_H

#include <stdio.h>
#include <stdlib.h>

#include "unwrap/unwrap.h"

/*
 * Records what an unwrapper gives, and checks on the way what must hold whatever
 * the bytes are: events come in order, problems have a code and a reason, every
 * stream ends. For the unit tests and the fuzz targets; aborts where it does not
 * hold. Each chunk is fed from a copy of its exact size.
 */
#define UNWRAP_CHECK(holds)                                                                        \
	do {                                                                                       \
		if (!(holds)) {                                                                    \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #holds);                \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

struct unwrap_member {
	char *layers; /* joined with " > " */
	struct tw_buffer bytes;
	uint64_t length; /* bytes in all, also where they are not kept */
	bool ended, whole, opaque;
	enum tw_unwrap_beside beside;
	unsigned problems, gaps;
};

struct unwrap_record {
	struct unwrap_member *members;
	size_t count;
	struct tw_buffer problems; /* "code " of each, in order */
	struct tw_buffer reasons;
	uint64_t skipped;
	unsigned gaps; /* that were told */
	bool discard; /* count bytes, do not keep them */
};

struct unwrap_run {
	struct tw_slice input;
	size_t chunk; /* 0: all at once, as far as it may be */
	size_t gap_at, gap_length; /* bytes of the input that are missing; length 0: none are */
	unsigned layers;
	double ratio;
	uint64_t bytes;
	bool mime;
	const struct tw_unwrap_keys *keys; /* or NULL */
	uint64_t decrypted;
};

static inline char *unwrap_join(const char *const *layers)
{
	char *joined = calloc(1, 1 + (TW_UNWRAP_NAME + 8) * TW_UNWRAP_LAYERS);
	UNWRAP_CHECK(joined != NULL);
	for (unsigned i = 0; layers[i] != NULL; i++) {
		UNWRAP_CHECK(i < TW_UNWRAP_LAYERS && strlen(layers[i]) <= TW_UNWRAP_NAME);
		if (i > 0)
			strcat(joined, " > ");
		strcat(joined, layers[i]);
	}
	return joined;
}

static inline struct unwrap_member *unwrap_open_member(struct unwrap_record *record)
{
	if (record->count == 0 || record->members[record->count - 1].ended)
		return NULL;
	return &record->members[record->count - 1];
}

static inline void unwrap_begin(struct unwrap_record *record, const struct tw_unwrap_event *event)
{
	UNWRAP_CHECK(unwrap_open_member(record) == NULL);
	record->members = realloc(record->members, (record->count + 1) * sizeof(*record->members));
	UNWRAP_CHECK(record->members != NULL);
	record->members[record->count++] = (struct unwrap_member){
		.layers = unwrap_join(event->layers), .opaque = event->opaque, .beside = event->beside};
}

static inline void unwrap_take(struct unwrap_record *record, const struct tw_unwrap_event *event)
{
	struct unwrap_member *member = unwrap_open_member(record);
	switch (event->what) {
	case TW_UNWRAP_MEMBER:
		unwrap_begin(record, event);
		break;
	case TW_UNWRAP_BYTES:
		UNWRAP_CHECK(member != NULL && event->bytes.length > 0 && !member->opaque);
		member->length += event->bytes.length;
		if (!record->discard)
			tw_buffer_append_slice(&member->bytes, event->bytes);
		break;
	case TW_UNWRAP_PROBLEM:
		UNWRAP_CHECK(event->code != NULL && event->bytes.length > 0 && event->layers != NULL);
		UNWRAP_CHECK(member == NULL || event->offset == member->length || member->opaque);
		free(unwrap_join(event->layers));
		tw_buffer_printf(&record->problems, "%s ", event->code);
		tw_buffer_append_slice(&record->reasons, event->bytes);
		tw_buffer_append(&record->reasons, "\n", 1);
		record->skipped += event->skipped;
		if (member != NULL)
			member->problems++;
		break;
	case TW_UNWRAP_GAP:
		UNWRAP_CHECK(event->skipped > 0 && event->layers != NULL);
		free(unwrap_join(event->layers));
		record->gaps++;
		if (member != NULL)
			member->gaps++;
		break;
	case TW_UNWRAP_END:
		UNWRAP_CHECK(member != NULL);
		member->ended = true;
		member->whole = event->whole;
		break;
	default:
		break;
	}
}

/* The exact size, so that a sanitizer sees a read beyond it. */
static inline void unwrap_feed(struct tw_unwrap *unwrap, struct tw_slice bytes, uint64_t stored)
{
	char *copy = malloc(bytes.length > 0 ? bytes.length : 1);
	UNWRAP_CHECK(copy != NULL);
	if (bytes.length > 0)
		memcpy(copy, bytes.data, bytes.length);
	UNWRAP_CHECK(tw_unwrap_feed(unwrap, tw_slice(copy, bytes.length), stored) == TW_OK);
	free(copy);
}

/* The next bytes at `*at`; or they are missing, or there are none. False: there are none. */
static inline bool unwrap_go_on(const struct unwrap_run *run, struct tw_unwrap *unwrap, size_t *at)
{
	size_t chunk = run->chunk == 0 ? 65536 : run->chunk;
	bool before = run->gap_length > 0 && *at < run->gap_at;
	if (run->gap_length > 0 && *at == run->gap_at) {
		tw_unwrap_gap(unwrap, run->gap_length);
		*at += run->gap_length;
		return true;
	}
	if (before && run->gap_at - *at < chunk)
		chunk = run->gap_at - *at;
	struct tw_slice part = tw_slice_part(run->input, *at, chunk);
	*at += part.length;
	if (part.length == 0)
		tw_unwrap_finish(unwrap, false);
	else
		unwrap_feed(unwrap, part, *at);
	return part.length > 0;
}

static inline void unwrap_record_run(const struct unwrap_run *run, struct unwrap_record *record)
{
	struct tw_unwrap_settings settings = {.layers = run->layers == 0 ? 8 : run->layers,
					      .ratio = run->ratio, .bytes = run->bytes, .ebcdic = "037",
					      .mime = run->mime, .keys = run->keys,
					      .decrypted = run->decrypted};
	struct tw_unwrap *unwrap = NULL;
	struct tw_unwrap_event event = {.what = TW_UNWRAP_MORE};
	size_t at = 0;
	bool finished = false;
	UNWRAP_CHECK(tw_unwrap_create(&settings, &unwrap) == TW_OK);
	for (;;) {
		UNWRAP_CHECK(tw_unwrap_next(unwrap, &event) == TW_OK);
		if (event.what == TW_UNWRAP_DONE)
			break;
		if (event.what != TW_UNWRAP_MORE) {
			unwrap_take(record, &event);
			continue;
		}
		UNWRAP_CHECK(!finished);
		finished = !unwrap_go_on(run, unwrap, &at);
	}
	UNWRAP_CHECK(unwrap_open_member(record) == NULL);
	tw_buffer_append_byte(&record->problems, '\0');
	tw_buffer_append_byte(&record->reasons, '\0');
	tw_unwrap_free(unwrap);
}

static inline void unwrap_record_free(struct unwrap_record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		free(record->members[i].layers);
		tw_buffer_free(&record->members[i].bytes);
	}
	free(record->members);
	tw_buffer_free(&record->problems);
	tw_buffer_free(&record->reasons);
	*record = (struct unwrap_record){0};
}

/* Two readings of the same bytes are the same. */
static inline void unwrap_compare(const struct unwrap_record *a, const struct unwrap_record *b)
{
	UNWRAP_CHECK(a->count == b->count);
	UNWRAP_CHECK(strcmp(a->problems.data, b->problems.data) == 0 && a->gaps == b->gaps);
	for (size_t i = 0; i < a->count; i++) {
		const struct unwrap_member *x = &a->members[i], *y = &b->members[i];
		UNWRAP_CHECK(strcmp(x->layers, y->layers) == 0);
		UNWRAP_CHECK(x->whole == y->whole && x->opaque == y->opaque && x->beside == y->beside);
		UNWRAP_CHECK(x->length == y->length && x->problems == y->problems && x->gaps == y->gaps);
		UNWRAP_CHECK(tw_slice_equal(tw_buffer_slice(&x->bytes), tw_buffer_slice(&y->bytes)));
	}
}

#endif
