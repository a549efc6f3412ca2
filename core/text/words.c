/* SPDX-License-Identifier: Apache-2.0 */
#include "text/scan_private.h"

/* Behind the last token of the texts: those of parties, where they are read, come later. */
static uint32_t texts_end(const struct tw_scan_scratch *scratch)
{
	const struct tw_scan_section *last = &scratch->sections[TW_SECTION_RAW];
	return last->wide.end > last->ascii.end ? last->wide.end : last->ascii.end;
}

static void fill_word(const struct tw_scan_scratch *scratch, uint32_t token, struct tw_word *word)
{
	struct tw_scan_token at = tw_scan_token(scratch, token);
	const struct tw_scan_value *value = tw_scan_value_of(scratch, token);
	word->letters = tw_scan_letters(scratch, token);
	word->value = (int)value->value;
	word->start = at.start - value->start;
	word->length = at.end - at.start;
	word->cursor = token + 1;
}

int tw_word_next(const struct tw_consignment *consignment, size_t least, struct tw_word *word)
{
	if (consignment->scan == NULL)
		return 0;
	const struct tw_scan_scratch *scratch = consignment->scan->scratch;
	const uint32_t *offsets = tw_scan_offsets(scratch);
	uint32_t end = texts_end(scratch);
	for (uint32_t token = word->cursor; token < end; token++) {
		if (offsets[token + 1] - offsets[token] < least)
			continue;
		fill_word(scratch, token, word);
		return 1;
	}
	word->cursor = end;
	return 0;
}
