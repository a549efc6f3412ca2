/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_SLICE_H
#define TIDEWAITER_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A slice is a pointer and a length, passed by value. It owns nothing: the
 * bytes live as long as whoever handed the slice out says they do. Bytes of
 * input are read only through these functions, which compare lengths, never
 * pointers, so that no length in the input can make them leave the slice.
 *
 * Weakness: a slice cannot tell that its memory is gone. Do not keep one across
 * callbacks.
 */
struct tw_slice {
	const char *data;
	size_t length;
};

/* A slice of a string literal, or of a zero-terminated string. */
#define TW_LITERAL(literal) ((struct tw_slice){(literal), sizeof(literal) - 1})

static inline struct tw_slice tw_slice(const char *data, size_t length)
{
	return (struct tw_slice){data, length};
}

static inline struct tw_slice tw_slice_string(const char *string)
{
	return (struct tw_slice){string, string == NULL ? 0 : strlen(string)};
}

static inline bool tw_slice_empty(struct tw_slice slice)
{
	return slice.length == 0;
}

/* The byte at an index as 0 to 255, or -1 beyond the end. */
static inline int tw_slice_at(struct tw_slice slice, size_t index)
{
	return index < slice.length ? (unsigned char)slice.data[index] : -1;
}

/* The part from `start`, at most `length` bytes; clipped to what is there. */
static inline struct tw_slice tw_slice_part(struct tw_slice slice, size_t start,
					    size_t length)
{
	if (start >= slice.length)
		return (struct tw_slice){NULL, 0};
	size_t left = slice.length - start;
	return (struct tw_slice){slice.data + start,
				 length < left ? length : left};
}

static inline struct tw_slice tw_slice_from(struct tw_slice slice, size_t start)
{
	return tw_slice_part(slice, start, SIZE_MAX);
}

static inline bool tw_slice_equal(struct tw_slice a, struct tw_slice b)
{
	return a.length == b.length &&
	       (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static inline bool tw_slice_is(struct tw_slice slice, const char *string)
{
	return tw_slice_equal(slice, tw_slice_string(string));
}

static inline bool tw_slice_starts(struct tw_slice slice, struct tw_slice with)
{
	return slice.length >= with.length &&
	       tw_slice_equal(tw_slice_part(slice, 0, with.length), with);
}

/* Without white space (space, tab, CR, LF) at either end. */
static inline struct tw_slice tw_slice_trim(struct tw_slice slice)
{
	while (slice.length > 0 && (slice.data[0] == ' ' || slice.data[0] == '\t' ||
				    slice.data[0] == '\r' || slice.data[0] == '\n'))
		slice = tw_slice_from(slice, 1);
	while (slice.length > 0) {
		char last = slice.data[slice.length - 1];
		if (last != ' ' && last != '\t' && last != '\r' && last != '\n')
			break;
		slice.length--;
	}
	return slice;
}

#endif
