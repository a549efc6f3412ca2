/* SPDX-License-Identifier: Apache-2.0 */
#include "network/coding.h"

#include <stdlib.h>
#include <zlib.h>

#define BLOCK ((size_t)8192)
/* What a small text may expand to, whatever the ratio says; as core/source has it. */
#define RATIO_ALLOWANCE ((double)(1 << 20))
#define HEAD ((size_t)64) /* bytes that wait, to tell the format */

enum coding_state {
	CODING_HEAD,   /* the format is not known yet */
	CODING_PACKED,
	CODING_BETWEEN, /* a member of gzip ended: another may follow (RFC 1952, section 2.2) */
	CODING_PLAIN,  /* it is not packed */
	CODING_BROKEN,
};

struct tw_coding {
	enum tw_coding_kind kind;
	enum coding_state state;
	bool open; /* the stream */
	struct tw_coding_limits limits;
	uint64_t in, out_count;
	z_stream stream;
	unsigned char head[HEAD];
	size_t head_length;
	unsigned char out[BLOCK];
};

/* ---- which ------------------------------------------------------------------------------ */

static bool is_word(struct tw_slice text, const char *word)
{
	size_t i = 0;
	for (; word[i] != '\0'; i++) {
		int byte = tw_slice_at(text, i);
		if ((byte >= 'A' && byte <= 'Z' ? byte + 32 : byte) != word[i])
			return false;
	}
	return i == text.length;
}

enum tw_coding_kind tw_coding_of(struct tw_slice field)
{
	static const struct {
		const char *word;
		enum tw_coding_kind kind;
	} words[] = {
		{"gzip", TW_CODING_GZIP},
		{"x-gzip", TW_CODING_GZIP}, /* RFC 9110, section 8.4.1.3 */
		{"deflate", TW_CODING_DEFLATE},
	};
	size_t start = field.length;
	while (start > 0 && tw_slice_at(field, start - 1) != ',')
		start--;
	struct tw_slice last = tw_slice_trim(tw_slice_from(field, start));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is_word(last, words[i].word))
			return words[i].kind;
	return TW_CODING_NONE;
}

int tw_coding_create(enum tw_coding_kind kind, struct tw_coding_limits limits,
		     struct tw_coding **ret_coding)
{
	struct tw_coding *coding = calloc(1, sizeof(*coding));
	if (coding == NULL)
		return TW_ERROR_MEMORY;
	coding->kind = kind;
	coding->limits = limits;
	*ret_coding = coding;
	return TW_OK;
}

void tw_coding_free(struct tw_coding *coding)
{
	if (coding == NULL)
		return;
	if (coding->open)
		inflateEnd(&coding->stream);
	free(coding);
}

/* ---- bytes ------------------------------------------------------------------------------ */

/* RFC 1952, section 2.3.1. */
static bool is_gzip(const unsigned char *head)
{
	return head[0] == 0x1f && head[1] == 0x8b;
}

/* RFC 1950, section 2.2: the method is 8, and both bytes are a multiple of 31. */
static bool is_zlib(const unsigned char *head)
{
	return (head[0] & 0x0f) == 8 && head[0] >> 4 <= 7 && (head[0] << 8 | head[1]) % 31 == 0;
}

/* As zlib's windowBits; 0: it is not packed. */
static int window_bits(const struct tw_coding *coding)
{
	if (is_gzip(coding->head))
		return 15 + 16;
	if (is_zlib(coding->head))
		return 15;
	return coding->kind == TW_CODING_DEFLATE ? -15 : 0;
}

/* A bomb is refused before it is given on. */
static bool is_too_much(const struct tw_coding *coding)
{
	const struct tw_coding_limits *limits = &coding->limits;
	double out = (double)coding->out_count;
	return (limits->ratio > 0 && out > limits->ratio * (double)coding->in + RATIO_ALLOWANCE) ||
	       (limits->bytes > 0 && coding->out_count > limits->bytes);
}

static int inflate_bytes(struct tw_coding *coding, struct tw_slice *bytes, struct tw_coding_taker taker)
{
	z_stream *stream = &coding->stream;
	int result, status = TW_OK;
	stream->next_in = (z_const Bytef *)bytes->data;
	stream->avail_in = (uInt)bytes->length;
	do {
		stream->next_out = coding->out;
		stream->avail_out = (uInt)sizeof(coding->out);
		size_t before = stream->avail_in;
		result = inflate(stream, Z_NO_FLUSH);
		size_t got = sizeof(coding->out) - stream->avail_out;
		coding->in += before - stream->avail_in;
		coding->out_count += got;
		if (is_too_much(coding))
			status = TW_ERROR_LIMIT;
		else if (got > 0)
			status = taker.take(taker.context, tw_slice((const char *)coding->out, got));
	} while (status >= 0 && result == Z_OK && (stream->avail_in > 0 || stream->avail_out == 0));
	*bytes = tw_slice_from(*bytes, bytes->length - stream->avail_in);
	if (status == TW_ERROR_LIMIT)
		coding->state = CODING_BROKEN;
	if (status < 0 || result == Z_MEM_ERROR)
		return status < 0 ? status : TW_ERROR_MEMORY;
	if (result == Z_STREAM_END)
		coding->state = CODING_BETWEEN;
	else if (result != Z_OK && result != Z_BUF_ERROR)
		coding->state = CODING_BROKEN;
	return coding->state == CODING_BROKEN ? TW_ERROR_INVALID : TW_OK;
}

/* The format is known, or there is no more that could tell it. */
static int begin(struct tw_coding *coding, struct tw_coding_taker taker)
{
	struct tw_slice head = tw_slice((const char *)coding->head, coding->head_length);
	struct tw_slice rest = head;
	int bits = window_bits(coding);
	int status = TW_ERROR_INVALID;
	if (bits != 0 && inflateInit2(&coding->stream, bits) != Z_OK)
		return TW_ERROR_MEMORY;
	coding->open = bits != 0;
	coding->state = CODING_PACKED;
	if (coding->open)
		status = inflate_bytes(coding, &rest, taker);
	if (status != TW_ERROR_INVALID || coding->stream.total_out > 0)
		return status < 0 ? status : tw_coding_push(coding, rest, taker);
	coding->state = CODING_PLAIN;
	return head.length == 0 ? TW_OK : taker.take(taker.context, head);
}

/* Behind a member: another, or nothing that belongs to what is packed. */
static void follow(struct tw_coding *coding, struct tw_slice *bytes)
{
	if (tw_slice_at(*bytes, 0) == 0x1f && inflateReset(&coding->stream) == Z_OK)
		coding->state = CODING_PACKED;
	else
		*bytes = tw_slice(NULL, 0);
}

static int take_head(struct tw_coding *coding, struct tw_slice *bytes, struct tw_coding_taker taker)
{
	while (coding->head_length < HEAD && bytes->length > 0) {
		coding->head[coding->head_length++] = (unsigned char)bytes->data[0];
		*bytes = tw_slice_from(*bytes, 1);
	}
	return coding->head_length == HEAD ? begin(coding, taker) : TW_OK;
}

int tw_coding_push(struct tw_coding *coding, struct tw_slice bytes, struct tw_coding_taker taker)
{
	int status = TW_OK;
	while (bytes.length > 0 && status >= 0) {
		switch (coding->state) {
		case CODING_HEAD:
			status = take_head(coding, &bytes, taker);
			break;
		case CODING_PACKED:
			status = inflate_bytes(coding, &bytes, taker);
			break;
		case CODING_BETWEEN:
			follow(coding, &bytes);
			break;
		case CODING_PLAIN:
			return taker.take(taker.context, bytes);
		case CODING_BROKEN:
			return TW_ERROR_INVALID;
		}
	}
	return status;
}

int tw_coding_end(struct tw_coding *coding, struct tw_coding_taker taker, bool *ret_whole)
{
	int status = coding->state == CODING_HEAD ? begin(coding, taker) : TW_OK;
	if (status >= 0)
		*ret_whole = coding->state == CODING_PLAIN || coding->state == CODING_BETWEEN;
	return status;
}
