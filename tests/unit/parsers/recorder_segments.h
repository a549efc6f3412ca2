/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_RECORDER_SEGMENTS_H
#define TW_TEST_RECORDER_SEGMENTS_H

/*
 * How recorder.h writes down segments and lines: the tag, then each piece with its
 * element, component and repetition. Pieces lie one behind the other in their unit,
 * and units in the order of the input. For recorder.h alone.
 *
 * Weakness: a piece's text is written as it stands, so that a test sees no decoding.
 */

/* Whether bytes skipped are pieces of a unit that was told: then they are counted already. */
static bool recorder_left(const struct tw_anomaly_at *at)
{
	return strcmp(at->code, RECORDER_LEFT) == 0;
}

static void recorder_charset(struct tw_sink *sink, const struct tw_interchange *interchange)
{
	static const char *const charsets[] = {"auto", "ascii", "utf8", ""};

	recorder_printf(sink, " %s", charsets[interchange->charset]);
	recorder_slice(sink, interchange->charset_name);
}

static void recorder_piece(struct tw_sink *sink, const struct tw_unit *unit,
			   const struct tw_piece *piece)
{
	struct tw_slice text = tw_slice_part(unit->bytes, piece->start, piece->length);

	RECORDER_CHECK(piece->length > 0 && text.length == piece->length);
	recorder_printf(sink, " %u.%u", piece->element, piece->component);
	if (piece->repetition != 1)
		recorder_printf(sink, "*%u", piece->repetition);
	recorder_printf(sink, "=%s%s%s", piece->flags & TW_PIECE_RELEASED ? "<released>" : "",
			piece->flags & TW_PIECE_FOLDED ? "<folded>" : "",
			piece->flags & TW_PIECE_HIGH ? "<high>" : "");
	recorder_slice(sink, text);
}

/* The index, where there is one, says of each place what a search of the pieces finds. */
static inline void recorder_index(const struct tw_unit *unit)
{
	unsigned char wanted[TW_UNIT_INDEX] = {0};
	for (unsigned i = 0; unit->index != NULL && i < unit->piece_count; i++) {
		const struct tw_piece *piece = &unit->pieces[i];
		RECORDER_CHECK(piece->element < TW_UNIT_ELEMENTS && piece->component >= 1 &&
			       piece->component <= TW_UNIT_COMPONENTS && piece->repetition == 1 &&
			       i < 254 && piece->length > 0 &&
			       piece->length <= unit->bytes.length - piece->start);
		wanted[piece->element * TW_UNIT_COMPONENTS + piece->component - 1] =
			(unsigned char)(i + 1);
	}
	RECORDER_CHECK(unit->index == NULL || memcmp(wanted, unit->index, sizeof(wanted)) == 0);
}

int tw_sink_unit(struct tw_sink *sink, const struct tw_unit *unit)
{
	RECORDER_CHECK(sink->in_message && unit->kind == TW_UNIT_SEGMENT);
	recorder_index(unit);
	int rc = recorder_call(sink);
	sink->units++;
	recorder_cover(sink, unit->offset, unit->bytes.length);
	recorder_slice(sink, unit->tag);
	recorder_place(sink, unit->offset, unit->bytes.length);
	for (unsigned i = 0; i < unit->piece_count; i++) {
		RECORDER_CHECK(i == 0 || unit->pieces[i].start >=
						 unit->pieces[i - 1].start + unit->pieces[i - 1].length);
		recorder_piece(sink, unit, &unit->pieces[i]);
	}
	recorder_printf(sink, "\n");
	return rc;
}

#endif
