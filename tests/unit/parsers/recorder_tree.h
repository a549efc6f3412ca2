/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_RECORDER_TREE_H
#define TW_TEST_RECORDER_TREE_H

/*
 * How recorder.h writes down the units of a syntax of elements: "open", "close" or
 * "leaf", parent/name and the pieces. Each stretch of a text that is not the
 * input's byte for byte has those bytes in braces behind it: 1=A&{&amp;}B. Empty
 * pieces are not written. Checked: runs lie within the input, and where
 * RECORDER_TREE is 1 within their unit; what a run calls verbatim is; runs cover a
 * piece one behind the other; opening and closing alternate. For recorder.h alone.
 *
 * Weakness: where units need not come in order, nothing tells a unit told twice.
 */

static bool recorder_left(const struct tw_anomaly_at *at)
{
	(void)at;
	return false;
}

/* The parser decodes: all texts it tells are UTF-8. */
static void recorder_charset(struct tw_sink *sink, const struct tw_interchange *interchange)
{
	(void)sink;
	RECORDER_CHECK(interchange->charset == TW_CHARSET_UTF8);
}

static void recorder_run_of(struct tw_sink *sink, const struct tw_unit *unit,
			    const struct tw_unit_run *run)
{
	struct tw_slice text = tw_slice_part(unit->text, run->start, run->length);
	size_t at = (size_t)unit->offset + run->origin;
	struct tw_slice bytes = tw_slice_part(sink->input, at, run->origin_length);

	RECORDER_CHECK(text.length == run->length && bytes.length == run->origin_length);
	/* Text beside elements has no bytes of its own. */
	RECORDER_CHECK(!RECORDER_TREE || unit->bytes.length == 0 ||
		       run->origin + run->origin_length <= unit->bytes.length);
	recorder_slice(sink, text);
	if (tw_slice_equal(text, bytes))
		return;
	recorder_printf(sink, "{");
	recorder_slice(sink, bytes);
	recorder_printf(sink, "}");
}

static void recorder_decoded(struct tw_sink *sink, const struct tw_unit *unit,
			     const struct tw_piece *piece)
{
	uint32_t at = piece->start, end = piece->start + piece->length;

	RECORDER_CHECK(end >= at && end <= unit->text.length);
	for (unsigned i = 0; i < unit->run_count; i++) {
		const struct tw_unit_run *run = &unit->runs[i];
		if (run->start < piece->start || run->start >= end)
			continue;
		/* Runs cover all of a piece, one behind the other, and end with it. */
		RECORDER_CHECK(run->start == at && run->start + run->length <= end);
		recorder_run_of(sink, unit, run);
		at += run->length;
	}
	RECORDER_CHECK(at == end);
}

static void recorder_piece(struct tw_sink *sink, const struct tw_unit *unit, unsigned index)
{
	const struct tw_piece *piece = &unit->pieces[index];
	bool decoded = (piece->flags & TW_PIECE_DECODED) != 0;

	RECORDER_CHECK(piece->component == 1 && piece->repetition == 1);
	RECORDER_CHECK(RECORDER_TREE ? piece->length > 0 : piece->element == index + 1u);
	if (piece->length == 0)
		return;
	RECORDER_CHECK((piece->element == 1) == (unit->names[index].length == 0));
	if (sink->texts_only && piece->element != 1)
		return;
	recorder_printf(sink, " ");
	if (piece->element == 1)
		recorder_printf(sink, "1");
	else
		recorder_slice(sink, unit->names[index]);
	recorder_printf(sink, "=");
	if (decoded) {
		recorder_decoded(sink, unit, piece);
		return;
	}
	struct tw_slice text = tw_slice_part(unit->bytes, piece->start, piece->length);
	RECORDER_CHECK(text.length == piece->length);
	recorder_slice(sink, text);
}

int tw_sink_unit(struct tw_sink *sink, const struct tw_unit *unit)
{
	static const char *const kinds[] = {
		[TW_UNIT_OPEN] = "open", [TW_UNIT_CLOSE] = "close", [TW_UNIT_LEAF] = "leaf"};

	RECORDER_CHECK(sink->in_message && unit->kind != TW_UNIT_SEGMENT);
	int rc = recorder_call(sink);
	sink->units++;
	RECORDER_CHECK(unit->bytes.length == 0 ||
		       tw_slice_equal(unit->bytes, tw_slice_part(sink->input, (size_t)unit->offset,
								 unit->bytes.length)));
	/* Text beside elements is told when they were, and has no bytes. */
	if (RECORDER_TREE && unit->bytes.length > 0)
		recorder_cover(sink, unit->offset, unit->bytes.length);
	sink->depth += unit->kind == TW_UNIT_OPEN;
	RECORDER_CHECK(unit->kind != TW_UNIT_CLOSE || sink->depth > 0);
	sink->depth -= unit->kind == TW_UNIT_CLOSE;
	if (sink->texts_only && unit->kind != TW_UNIT_LEAF)
		return rc;
	recorder_printf(sink, "%s ", kinds[unit->kind]);
	recorder_slice(sink, unit->parent);
	recorder_printf(sink, "/");
	recorder_slice(sink, unit->tag);
	recorder_place(sink, unit->offset, unit->bytes.length);
	for (unsigned i = 0; i < unit->piece_count; i++)
		recorder_piece(sink, unit, i);
	recorder_printf(sink, "\n");
	return rc;
}

#endif
