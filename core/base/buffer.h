/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_BASE_BUFFER_H
#define TW_BASE_BUFFER_H

#include "tidewaiter/slice.h"
#include "tidewaiter/status.h"

/*
 * A growing run of bytes, owned by whoever holds the structure; release it with
 * tw_buffer_free(). One thread at a time. Growth never shrinks back, so a buffer
 * that is cleared and filled again allocates nothing in the steady state.
 *
 * A failed allocation sets `failed` and drops what was appended; test it once at
 * the end instead of after each call.
 *
 * Weakness: growing moves the bytes; no pointer into it survives an append.
 */
struct tw_buffer {
	char *data;
	size_t length;
	size_t capacity;
	bool failed;
};

void tw_buffer_free(struct tw_buffer *buffer);
/* What tw_buffer_reserve() does where there is no room yet. */
int tw_buffer_grow(struct tw_buffer *buffer, size_t extra);
void tw_buffer_printf(struct tw_buffer *buffer, const char *format, ...) TW_PRINTF(2, 3);
/* Appends zero bytes, fewer than `unit`, until the length is a multiple of it (a power of two, 64 at most). */
void tw_buffer_fill(struct tw_buffer *buffer, size_t unit);

/* Makes room for `extra` more bytes. TW_OK or TW_ERROR_MEMORY. */
static inline int tw_buffer_reserve(struct tw_buffer *buffer, size_t extra)
{
	return extra <= buffer->capacity - buffer->length ? TW_OK : tw_buffer_grow(buffer, extra);
}

/* Inline, so that a length the compiler knows costs no call. */
static inline void tw_buffer_append(struct tw_buffer *buffer, const void *bytes, size_t length)
{
	if (length == 0 || tw_buffer_reserve(buffer, length) < 0)
		return;
	memcpy(buffer->data + buffer->length, bytes, length);
	buffer->length += length;
}

static inline void tw_buffer_align(struct tw_buffer *buffer, size_t unit)
{
	if ((buffer->length & (unit - 1)) != 0)
		tw_buffer_fill(buffer, unit);
}

static inline void tw_buffer_clear(struct tw_buffer *buffer)
{
	buffer->length = 0;
	buffer->failed = false;
}

static inline struct tw_slice tw_buffer_slice(const struct tw_buffer *buffer)
{
	return tw_slice(buffer->data, buffer->length);
}

static inline void tw_buffer_append_slice(struct tw_buffer *buffer, struct tw_slice slice)
{
	tw_buffer_append(buffer, slice.data, slice.length);
}

static inline void tw_buffer_append_byte(struct tw_buffer *buffer, char byte)
{
	if (buffer->length == buffer->capacity && tw_buffer_reserve(buffer, 1) < 0)
		return;
	buffer->data[buffer->length++] = byte;
}

#endif
