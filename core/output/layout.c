/* SPDX-License-Identifier: Apache-2.0 */
#include "output/layout.h"

static void new_line(struct tw_buffer *out, unsigned depth)
{
	tw_buffer_append_byte(out, '\n');
	for (unsigned i = 0; i < depth; i++)
		tw_buffer_append_byte(out, '\t');
}

void tw_json_lay_out(struct tw_slice compact, struct tw_buffer *out)
{
	unsigned depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < compact.length; i++) {
		char byte = compact.data[i];
		bool close = !quoted && (byte == '}' || byte == ']');
		bool open = !quoted && (byte == '{' || byte == '[');
		bool bare = open && (tw_slice_at(compact, i + 1) == '}' ||
				     tw_slice_at(compact, i + 1) == ']');
		bool was_bare = close && i > 0 &&
				(compact.data[i - 1] == '{' || compact.data[i - 1] == '[');
		quoted ^= byte == '"';
		depth -= close;
		if (close && !was_bare)
			new_line(out, depth);
		tw_buffer_append_byte(out, byte);
		depth += open;
		if ((open && !bare) || (!quoted && byte == ','))
			new_line(out, depth);
		else if (!quoted && byte == ':')
			tw_buffer_append_byte(out, ' ');
	}
	tw_buffer_append_byte(out, '\n');
}
