/* SPDX-License-Identifier: Apache-2.0 */
#include "base/quote.h"

#define SHORT_LIMIT 80

void tw_quote_plain(struct tw_buffer *out, struct tw_slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		int c = tw_slice_at(text, i);
		if (c == '\n')
			tw_buffer_append(out, "\\n", 2);
		else if (c == '\t')
			tw_buffer_append(out, "\\t", 2);
		else if (c < 0x20 || c == 0x7f)
			tw_buffer_printf(out, "\\x%02x", (unsigned)c);
		else
			tw_buffer_append_byte(out, (char)c);
	}
}

/* Length of what is shown: never the middle of a UTF-8 sequence. */
static size_t short_length(struct tw_slice text)
{
	size_t length = text.length < SHORT_LIMIT ? text.length : SHORT_LIMIT;
	while (length < text.length && length > 0 && (tw_slice_at(text, length) & 0xc0) == 0x80)
		length--;
	return length;
}

void tw_quote_short(struct tw_buffer *out, struct tw_slice text)
{
	size_t length = short_length(text);
	tw_buffer_append_byte(out, '"');
	tw_quote_plain(out, tw_slice_part(text, 0, length));
	if (length < text.length)
		tw_buffer_append(out, "...", 3);
	tw_buffer_append_byte(out, '"');
}
