/* SPDX-License-Identifier: Apache-2.0 */
#include "x12.h"

static const struct tw_piece *piece_find(const struct tw_x12_call *call, unsigned element)
{
	const struct tw_piece *pieces = call->parser->pieces;

	for (unsigned i = 0; i < call->segment.count; i++)
		if (pieces[i].element == element && pieces[i].component == 1 &&
		    pieces[i].repetition == 1)
			return &pieces[i];
	return NULL;
}

struct tw_slice tw_x12_value(const struct tw_x12_call *call, unsigned element, char *buffer,
			     size_t size)
{
	const struct tw_x12_syntax *syntax = &call->parser->syntax;
	const struct tw_piece *piece = piece_find(call, element);
	bool released = false;
	size_t length = 0;

	if (piece == NULL)
		return tw_slice(buffer, 0);
	struct tw_slice text =
		tw_slice_part(call->window, call->segment.start + piece->start, piece->length);
	for (size_t i = 0; i < text.length && length < size; i++) {
		unsigned class = syntax->class[(unsigned char)text.data[i]];
		if (class == TW_X12_FOLD)
			continue;
		if (class == TW_X12_RELEASE && !released) {
			released = true;
			continue;
		}
		released = false;
		buffer[length++] = text.data[i];
	}
	return tw_slice_trim(tw_slice(buffer, length));
}

bool tw_x12_number(struct tw_slice text, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (text.length == 0 || text.length > 18)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		int byte = tw_slice_at(text, i);
		if (byte < '0' || byte > '9')
			return false;
		number = number * 10 + (uint64_t)(byte - '0');
	}
	*ret_number = number;
	return true;
}

bool tw_x12_same_reference(struct tw_slice one, struct tw_slice other)
{
	uint64_t first, second;

	return tw_slice_equal(one, other) ||
	       (tw_x12_number(one, &first) && tw_x12_number(other, &second) && first == second);
}

struct tw_slice tw_x12_time(const struct tw_x12_call *call, char buffer[16])
{
	char hours[8];
	uint64_t number;
	struct tw_slice date = tw_x12_value(call, 9, buffer, 9);
	struct tw_slice time = tw_x12_value(call, 10, hours, sizeof(hours));

	if ((date.length != 6 && date.length != 8) || !tw_x12_number(date, &number))
		return tw_slice(NULL, 0);
	time = tw_slice_part(time, 0, 4);
	if (time.length != 4 || !tw_x12_number(time, &number))
		time = TW_LITERAL("0000");
	memmove(buffer, date.data, date.length);
	memcpy(buffer + date.length, time.data, 4);
	return tw_slice(buffer, date.length + 4);
}
