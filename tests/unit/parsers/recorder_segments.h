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

/* The slots, where there are any, are a unit's all, and empty behind the last that is used. */
static inline void recorder_slots(const struct tw_unit *unit)
{
	RECORDER_CHECK(unit->pieces == NULL && unit->piece_count <= TW_UNIT_SLOTS &&
		       unit->slots[0].end == 0);
	for (unsigned i = 0; i < TW_UNIT_SLOTS; i++)
		RECORDER_CHECK(unit->slots[i].start <= unit->slots[i].end &&
			       unit->slots[i].end <= unit->bytes.length &&
			       (i < unit->piece_count || unit->slots[i].end == 0));
}

/* The next piece of a unit from *at on, be it in a slot or not. */
static inline bool recorder_next(const struct tw_unit *unit, unsigned *at, struct tw_piece *piece)
{
	if (unit->slots != NULL)
		return tw_slots_next(unit->slots, unit->piece_count, at, piece);
	if (*at >= unit->piece_count)
		return false;
	*piece = unit->pieces[(*at)++];
	return true;
}

int tw_sink_unit(struct tw_sink *sink, const struct tw_unit *unit)
{
	RECORDER_CHECK(sink->in_message && unit->kind == TW_UNIT_SEGMENT);
	struct tw_piece piece;
	uint64_t end = 0;
	if (unit->slots != NULL)
		recorder_slots(unit);
	int rc = recorder_call(sink);
	sink->units++;
	recorder_cover(sink, unit->offset, unit->bytes.length);
	recorder_slice(sink, unit->tag);
	recorder_place(sink, unit->offset, unit->bytes.length);
	for (unsigned at = 0; recorder_next(unit, &at, &piece);) {
		RECORDER_CHECK(piece.start >= end);
		end = piece.start + piece.length;
		recorder_piece(sink, unit, &piece);
	}
	recorder_printf(sink, "\n");
	return rc;
}

#endif
