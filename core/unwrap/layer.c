/* SPDX-License-Identifier: Apache-2.0 */
#include "unwrap/layer.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/quote.h"
#include "unwrap/unwrap.h"

/* What a small text may expand to, whatever the ratio says; as core/source has it. */
#define RATIO_ALLOWANCE ((double)(1 << 20))

void tw_layer_take(struct tw_layer *layer, size_t length)
{
	if (length > layer->input.length)
		length = layer->input.length;
	layer->input = tw_slice_from(layer->input, length);
	layer->offset += length;
}

/* Cuts the name where it is longer than an event should carry, not within a UTF-8 character. */
static void cut_name(struct tw_buffer *text)
{
	size_t length = TW_UNWRAP_NAME - 3;
	if (text->failed || text->length <= TW_UNWRAP_NAME)
		return;
	while (length > 0 && ((unsigned char)text->data[length] & 0xc0) == 0x80)
		length--;
	text->length = length;
	tw_buffer_append(text, "...", 3);
}

enum tw_layer_verdict tw_layer_member(struct tw_layer *layer, struct tw_slice name)
{
	tw_buffer_clear(&layer->text);
	tw_buffer_append_slice(&layer->text, tw_slice_string(layer->kind->name));
	if (name.length > 0)
		tw_buffer_append_byte(&layer->text, ':');
	tw_quote_plain(&layer->text, name);
	cut_name(&layer->text);
	layer->in_member = true;
	layer->given = (struct tw_layer_given){.what = TW_LAYER_MEMBER};
	return layer->text.failed ? TW_LAYER_FAIL : TW_LAYER_GIVE;
}

enum tw_layer_verdict tw_layer_bytes(struct tw_layer *layer, struct tw_slice bytes)
{
	layer->given = (struct tw_layer_given){.what = TW_LAYER_BYTES, .bytes = bytes};
	return bytes.length == 0 ? TW_LAYER_ON : TW_LAYER_GIVE;
}

enum tw_layer_verdict tw_layer_member_end(struct tw_layer *layer, bool whole)
{
	layer->in_member = false;
	layer->given = (struct tw_layer_given){.what = TW_LAYER_MEMBER_END, .whole = whole};
	return TW_LAYER_GIVE;
}

enum tw_layer_verdict tw_layer_problem(struct tw_layer *layer, const char *code, uint64_t skipped,
				       const char *format, ...)
{
	char sentence[320];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	tw_buffer_clear(&layer->text);
	tw_quote_plain(&layer->text, tw_slice_string(sentence));
	tw_buffer_append_byte(&layer->text, '\0');
	layer->given = (struct tw_layer_given){.what = TW_LAYER_PROBLEM, .code = code,
					       .skipped = skipped};
	return layer->text.failed ? TW_LAYER_FAIL : TW_LAYER_GIVE;
}

uint64_t tw_layer_allowance(const struct tw_layer *layer)
{
	const struct tw_layer_budget *budget = layer->budget;
	double allowed = 0x1p63;
	if (budget->ratio > 0)
		allowed = budget->ratio * (double)budget->stored + RATIO_ALLOWANCE;
	if (budget->bytes > 0 && (double)budget->bytes < allowed)
		return budget->bytes;
	return allowed < 0x1p63 ? (uint64_t)allowed : UINT64_MAX;
}
