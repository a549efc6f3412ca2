/* SPDX-License-Identifier: Apache-2.0 */
#include "source/gzip.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

/*
 * inflate() is asked for output up to the next multiple of this, and the allowance
 * is looked at there: the place where a bomb is cut then depends on the data, not
 * on the sizes of the caller's blocks.
 */
#define GRID 65536u

/* zlib: 15 bits of window, and 16 for "gzip header and trailer only". */
#define WINDOW_BITS (15 + 16)

struct tw_gzip {
	z_stream stream;
	struct tw_gzip_input input;
	uint64_t consumed;
	uint64_t produced;
	uint64_t members;
	bool between;	  /* no byte of the next member was seen yet */
	bool hungry;	  /* nothing comes out before more goes in */
	bool input_ended;
	bool ended;
	int input_status; /* of the input's end */
	int status;	  /* of ours, once ended */
	const char *problem;
	char text[160];
	unsigned char window[TW_GZIP_WINDOW];
};

int tw_gzip_open(const struct tw_gzip_input *input, struct tw_gzip **ret_gzip)
{
	struct tw_gzip *gzip = calloc(1, sizeof(*gzip));
	if (gzip == NULL)
		return TW_ERROR_MEMORY;
	gzip->input = *input;
	gzip->between = true;
	gzip->hungry = true;
	if (inflateInit2(&gzip->stream, WINDOW_BITS) != Z_OK) {
		free(gzip);
		return TW_ERROR_MEMORY;
	}
	*ret_gzip = gzip;
	return TW_OK;
}

void tw_gzip_close(struct tw_gzip *gzip)
{
	if (gzip == NULL)
		return;
	inflateEnd(&gzip->stream);
	free(gzip);
}

static void end_with(struct tw_gzip *gzip, int status, const char *problem)
{
	gzip->ended = true;
	gzip->status = status;
	gzip->problem = problem;
}

static void end_corrupt(struct tw_gzip *gzip)
{
	snprintf(gzip->text, sizeof(gzip->text), "corrupt gzip data near its byte %llu: %s",
		 (unsigned long long)gzip->consumed,
		 gzip->stream.msg == NULL ? "wrong code" : gzip->stream.msg);
	end_with(gzip, TW_ERROR_INVALID, gzip->text);
}

/* The input is used up: between members that is the end, elsewhere it is too early. */
static void end_of_input(struct tw_gzip *gzip)
{
	if (gzip->input_status < 0)
		end_with(gzip, gzip->input_status, NULL);
	else if (gzip->between && gzip->members > 0)
		end_with(gzip, TW_OK, NULL);
	else
		end_with(gzip, TW_ERROR_TRUNCATED, "the gzip data ends early");
}

static void refill(struct tw_gzip *gzip)
{
	int64_t got = gzip->input_ended ? 0
					: gzip->input.read(gzip->input.context,
							   (char *)gzip->window, TW_GZIP_WINDOW);
	if (got <= 0) {
		gzip->input_status = gzip->input_ended ? gzip->input_status : (int)got;
		gzip->input_ended = true;
		end_of_input(gzip);
		return;
	}
	gzip->stream.next_in = gzip->window;
	gzip->stream.avail_in = (unsigned)got;
	gzip->hungry = false;
}

/* Behind a member stands another one, padding of zero bytes (tapes), or nothing. */
static void begin_member(struct tw_gzip *gzip)
{
	z_stream *stream = &gzip->stream;
	while (gzip->members > 0 && stream->avail_in > 0 && *stream->next_in == 0) {
		stream->next_in++;
		stream->avail_in--;
		gzip->consumed++;
	}
	if (stream->avail_in == 0) {
		gzip->hungry = true;
	} else if (gzip->members > 0 && *stream->next_in != 0x1f) {
		snprintf(gzip->text, sizeof(gzip->text),
			 "what stands behind the gzip data, from its byte %llu, is not gzip",
			 (unsigned long long)gzip->consumed);
		end_with(gzip, TW_ERROR_INVALID, gzip->text);
	} else {
		gzip->between = false;
	}
}

static void take_result(struct tw_gzip *gzip, int result)
{
	if (result == Z_STREAM_END) {
		gzip->members++;
		gzip->between = true;
		gzip->hungry = gzip->stream.avail_in == 0;
		if (inflateReset(&gzip->stream) != Z_OK)
			end_with(gzip, TW_ERROR_MEMORY, NULL);
	} else if (result == Z_MEM_ERROR) {
		end_with(gzip, TW_ERROR_MEMORY, NULL);
	} else if (result == Z_OK || result == Z_BUF_ERROR) {
		gzip->hungry = gzip->stream.avail_in == 0 && gzip->stream.avail_out > 0;
	} else {
		end_corrupt(gzip);
	}
}

/* Takes back what is beyond the allowance, and ends there. */
static size_t within_allowance(struct tw_gzip *gzip, size_t got)
{
	uint64_t allowed = gzip->input.allowance(gzip->input.context);
	if (gzip->produced <= allowed)
		return got;
	uint64_t over = gzip->produced - allowed;
	size_t taken = over < got ? (size_t)over : got;
	gzip->produced -= taken;
	snprintf(gzip->text, sizeof(gzip->text),
		 "the gzip data expands beyond its limit, after %llu bytes from %llu",
		 (unsigned long long)gzip->produced, (unsigned long long)gzip->consumed);
	end_with(gzip, TW_ERROR_LIMIT, gzip->text);
	return got - taken;
}

static size_t inflate_some(struct tw_gzip *gzip, char *block, size_t size)
{
	z_stream *stream = &gzip->stream;
	size_t room = GRID - (size_t)(gzip->produced % GRID);
	if (room > size)
		room = size;
	unsigned before = stream->avail_in;
	stream->next_out = (unsigned char *)block;
	stream->avail_out = (unsigned)room;
	int result = inflate(stream, Z_NO_FLUSH);
	size_t got = room - stream->avail_out;
	gzip->consumed += before - stream->avail_in;
	gzip->produced += got;
	take_result(gzip, result);
	return got == 0 ? 0 : within_allowance(gzip, got);
}

int64_t tw_gzip_read(struct tw_gzip *gzip, char *block, size_t size)
{
	size_t done = 0;
	while (done < size && !gzip->ended) {
		if (gzip->hungry && done > 0 && !gzip->input.fill)
			break;
		if (gzip->hungry)
			refill(gzip);
		else if (gzip->between)
			begin_member(gzip);
		else
			done += inflate_some(gzip, block + done, size - done);
	}
	return done > 0 ? (int64_t)done : gzip->ended ? gzip->status : 0;
}

const char *tw_gzip_problem(const struct tw_gzip *gzip)
{
	return gzip->problem;
}

uint64_t tw_gzip_consumed(const struct tw_gzip *gzip)
{
	return gzip->consumed;
}
