/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_OUTPUT_JSON_H
#define TW_OUTPUT_JSON_H

#include <string.h>

#include "base/buffer.h"

/*
 * An append-only writer of compact JSON (RFC 8259). It owns nothing and allocates
 * nothing besides the buffer it appends to; a writer lives on the stack of one
 * thread. Output is pure in its arguments: no locale, no clock.
 *
 * Strings: control characters (C0, DEL and the C1 of Unicode) are escaped, bytes
 * that are no well-formed UTF-8 become U+FFFD one by one. Numbers: at most six
 * decimals (a thousandth of a gram, a cubic centimetre), twelve below a thousandth,
 * two above nine thousand million; no fraction where there is none; never NAN or
 * infinity, which JSON does not have.
 *
 * Weakness: it does not check that what is opened is closed, nor that a key comes
 * before a value. Keys are written as they are and must need no escape.
 */
struct tw_json {
	struct tw_buffer *out;
	bool comma; /* something stands before: the next key or element needs a comma */
};

/* These are here to be inlined: of a receipt, which each interchange has, they are the half. */
static inline void tw_json_before(struct tw_json *json)
{
	if (json->comma)
		tw_buffer_append_byte(json->out, ',');
	json->comma = true;
}

static inline void tw_json_open(struct tw_json *json, char bracket)
{
	tw_json_before(json);
	tw_buffer_append_byte(json->out, bracket);
	json->comma = false;
}

static inline void tw_json_close(struct tw_json *json, char bracket)
{
	tw_buffer_append_byte(json->out, bracket);
	json->comma = true;
}

/* A comma where one is due, then quotes around the text, then what follows it. */
static inline void tw_json_quoted(struct tw_json *json, struct tw_slice text, const char *after)
{
	struct tw_buffer *out = json->out;
	size_t tail = strlen(after);
	if (tw_buffer_reserve(out, text.length + 3 + tail) < 0)
		return;
	char *to = out->data + out->length;
	*to = ',';
	to += json->comma;
	*to++ = '"';
	memcpy(to, text.data, text.length);
	to += text.length;
	*to++ = '"';
	memcpy(to, after, tail);
	out->length = (size_t)(to + tail - out->data);
}

static inline void tw_json_key_slice(struct tw_json *json, struct tw_slice key)
{
	tw_json_quoted(json, key, ":");
	json->comma = false;
}

/* A string of which the caller knows that it needs no escape, such as a word of ours. */
static inline void tw_json_word(struct tw_json *json, struct tw_slice word)
{
	tw_json_quoted(json, word, "");
	json->comma = true;
}

/* A string written in parts. A character must not be split between two of them. */
void tw_json_string_open(struct tw_json *json);
void tw_json_string_part(struct tw_json *json, struct tw_slice text);
void tw_json_string_close(struct tw_json *json);

void tw_json_string(struct tw_json *json, struct tw_slice text);
/* NAN and infinities are written as null. */
void tw_json_number(struct tw_json *json, double number);
void tw_json_count(struct tw_json *json, uint64_t count);
void tw_json_bool(struct tw_json *json, bool truth);
void tw_json_null(struct tw_json *json);
/* Feed time as 2026-11-20T10:00:00.000000Z; null where it is not known. */
void tw_json_time(struct tw_json *json, double time);

/* The number as JSON has it, for people's tables too: its length, 0 for NAN. No zero byte. */
#define TW_NUMBER_TEXT_SIZE 320 /* the largest double has 309 digits */
size_t tw_number_text(double number, char room[TW_NUMBER_TEXT_SIZE]);

static inline void tw_json_key(struct tw_json *json, const char *key)
{
	tw_json_key_slice(json, tw_slice_string(key));
}

/* Members; a text that is empty and a number that is none leave their key out. */
void tw_json_member_number(struct tw_json *json, const char *key, double number);

static inline void tw_json_member_text(struct tw_json *json, const char *key, struct tw_slice text)
{
	if (text.length == 0)
		return;
	tw_json_key(json, key);
	tw_json_string(json, text);
}

static inline void tw_json_member_count(struct tw_json *json, const char *key, uint64_t count)
{
	tw_json_key(json, key);
	tw_json_count(json, count);
}

static inline void tw_json_member_bool(struct tw_json *json, const char *key, bool truth)
{
	tw_json_key(json, key);
	tw_json_bool(json, truth);
}

/*
 * Length of the well-formed character at `at`, 0 where there is none; ret_point
 * (may be NULL) gets the code point.
 */
unsigned tw_utf8_character(struct tw_slice text, size_t at, uint32_t *ret_point);
/* The longest start of `text` of at most `limit` characters; no character is cut. */
struct tw_slice tw_utf8_head(struct tw_slice text, size_t limit);

#endif
