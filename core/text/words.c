/* SPDX-License-Identifier: Apache-2.0 */
#include "text/scan_private.h"

/* Behind the last token of the texts: those of parties, where they are read, come later. */
static uint32_t texts_end(const struct tw_scan_scratch *scratch)
{
	const struct tw_scan_section *last = &scratch->sections[TW_SECTION_RAW];
	return last->wide.end > last->ascii.end ? last->wide.end : last->ascii.end;
}

struct tw_words tw_words(const struct tw_consignment *consignment)
{
	if (consignment->scan == NULL)
		return (struct tw_words){.count = 0};
	const struct tw_scan_scratch *scratch = consignment->scan->scratch;
	return (struct tw_words){.letters = scratch->joined.data,
				 .offsets = tw_scan_offsets(scratch),
				 .count = texts_end(scratch)};
}
