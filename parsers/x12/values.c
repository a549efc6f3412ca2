/* SPDX-License-Identifier: Apache-2.0 */
#include "x12.h"

struct tw_slice tw_x12_value(const struct tw_x12_call *call, unsigned element, char *buffer,
			     size_t size)
{
	const struct tw_segment_stream *stream = &call->parser->stream;
	struct tw_slice piece = tw_segment_piece(stream, &call->segment, element, 1);

	return tw_delimiters_plain(&stream->syntax, piece, buffer, size);
}

bool tw_x12_same_reference(struct tw_slice one, struct tw_slice other)
{
	uint64_t first = 0, second = 0;

	return tw_slice_equal(one, other) ||
	       (tw_digits_number(one, &first) && tw_digits_number(other, &second) &&
		first == second);
}

struct tw_slice tw_x12_time(const struct tw_x12_call *call, char buffer[16])
{
	char hours[8];
	struct tw_slice date = tw_x12_value(call, 9, buffer, 9);

	return tw_digits_time(date, tw_x12_value(call, 10, hours, sizeof(hours)), buffer);
}
