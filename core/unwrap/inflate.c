/* SPDX-License-Identifier: Apache-2.0 */
#include "unwrap/inflate.h"

int tw_inflate_begin(struct tw_inflate *state, int bits)
{
	state->ended = state->corrupt = state->over = false;
	state->consumed = state->produced = 0;
	state->crc = 0;
	int result = state->open ? inflateReset(&state->stream)
				   : inflateInit2(&state->stream, bits);
	state->open |= result == Z_OK;
	return result == Z_OK ? TW_OK : TW_ERROR_MEMORY;
}

void tw_inflate_end(struct tw_inflate *state)
{
	if (state->open)
		inflateEnd(&state->stream);
	state->open = false;
}

/* Takes back what is beyond the layer's allowance. */
static size_t within_allowance(struct tw_inflate *state, struct tw_layer *layer, size_t got)
{
	uint64_t allowed = tw_layer_allowance(layer);
	*layer->produced += got;
	if (*layer->produced <= allowed)
		return got;
	uint64_t over = *layer->produced - allowed;
	state->over = true;
	return over < got ? got - (size_t)over : 0;
}

enum tw_layer_verdict tw_inflate_step(struct tw_inflate *state, struct tw_layer *layer,
				      uint64_t most)
{
	z_stream *stream = &state->stream;
	size_t length = layer->input.length < most ? layer->input.length : (size_t)most;
	if (state->ended || state->corrupt || state->over)
		return TW_LAYER_ON;
	stream->next_in = (z_const Bytef *)layer->input.data;
	stream->avail_in = (uInt)length;
	stream->next_out = state->out;
	stream->avail_out = (uInt)sizeof(state->out);
	int result = inflate(stream, Z_NO_FLUSH);
	size_t taken = length - stream->avail_in;
	size_t got = sizeof(state->out) - stream->avail_out;
	state->consumed += taken;
	tw_layer_take(layer, taken);
	state->ended = result == Z_STREAM_END;
	state->corrupt = !state->ended && result != Z_OK && result != Z_BUF_ERROR;
	got = within_allowance(state, layer, got);
	state->produced += got;
	state->crc = (uint32_t)crc32(state->crc, state->out, (uInt)got);
	if (result == Z_MEM_ERROR)
		return TW_LAYER_FAIL;
	if (got > 0)
		return tw_layer_bytes(layer, tw_slice((const char *)state->out, got));
	return state->ended || state->corrupt || state->over || taken > 0 ? TW_LAYER_ON
										: TW_LAYER_NEED;
}

enum tw_layer_verdict tw_inflate_problem(const struct tw_inflate *state, struct tw_layer *layer)
{
	layer->budget->spent |= state->over;
	if (state->over)
		return tw_layer_problem(layer, "unwrap.expansion", 0,
					"the %s expands beyond its limit, after %llu bytes",
					layer->kind->name, (unsigned long long)state->produced);
	return tw_layer_problem(layer, "unwrap.corrupt", 0, "corrupt data in the %s after %llu bytes: %s",
				layer->kind->name, (unsigned long long)state->produced,
				state->stream.msg == NULL ? "wrong code" : state->stream.msg);
}
