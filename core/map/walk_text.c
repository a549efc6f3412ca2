/* SPDX-License-Identifier: Apache-2.0 */
#include "map/walk.h"

void walk_text_clear(struct walk_text *text)
{
	tw_buffer_clear(&text->text);
	tw_buffer_clear(&text->runs);
	text->started = false;
}

void walk_text_free(struct walk_text *text)
{
	tw_buffer_free(&text->text);
	tw_buffer_free(&text->runs);
}

static struct tw_run *last_run(struct walk_text *text)
{
	if (text->runs.length == 0)
		return NULL;
	return (struct tw_run *)(void *)(text->runs.data + text->runs.length) - 1;
}

/*
 * Notes that the next `length` bytes of text stand at `origin`, byte for byte. A
 * piece before the first one (no parser gives pieces in that order) has no origin.
 */
static void add_run(struct walk_text *text, uint64_t origin, size_t length)
{
	bool known = origin >= text->origin;
	struct tw_run run = {
		.start = (uint32_t)text->text.length,
		.length = (uint32_t)length,
		.origin = known ? (uint32_t)(origin - text->origin) : 0,
		.origin_length = known ? (uint32_t)length : 0,
	};
	struct tw_run *last = last_run(text);
	if (last != NULL && last->length == last->origin_length &&
	    last->start + last->length == run.start && last->origin + last->length == run.origin) {
		last->length += run.length;
		last->origin_length += run.length;
		return;
	}
	tw_buffer_append(&text->runs, &run, sizeof(run));
}

static void add_bytes(struct walk_text *text, const char *bytes, size_t length, uint64_t origin)
{
	if (length == 0)
		return;
	add_run(text, origin, length);
	tw_buffer_append(&text->text, bytes, length);
	if (text->end < origin + length)
		text->end = origin + length;
}

void walk_text_blank(struct walk_text *text)
{
	add_run(text, text->end, 1);
	tw_buffer_append_byte(&text->text, ' ');
}

/* ---- character sets ------------------------------------------------------- */

static void report_charset(struct tw_walk *walk, uint64_t origin, size_t length, const char *reason)
{
	struct tw_anomaly_at at = {
		.code = "text.charset",
		.offset = origin,
		.length = length,
		.segment = walk->unit->tag,
	};
	if (walk->charset_reported || walk->events.anomaly == NULL)
		return;
	walk->charset_reported = true;
	walk->events.anomaly(walk->events.context, &at, reason);
}

static struct tw_charset_converter *fallback_converter(struct tw_walk *walk)
{
	if (walk->fallback == NULL && tw_charset_open(walk->fallback_name, &walk->fallback) < 0)
		return NULL;
	return walk->fallback;
}

static void convert_bytes(struct tw_walk *walk, struct walk_text *text,
			  struct tw_charset_converter *converter, struct tw_slice bytes,
			  uint64_t origin)
{
	if (converter == NULL || origin < text->origin) {
		add_bytes(text, bytes.data, bytes.length, origin);
		return;
	}
	size_t replaced = tw_charset_append(converter, bytes, (uint32_t)(origin - text->origin),
					    &text->text, &text->runs);
	if (text->end < origin + bytes.length)
		text->end = origin + bytes.length;
	if (replaced > 0)
		report_charset(walk, origin, bytes.length,
			       "bytes that the announced character set does not have");
}

/*
 * The level in UNB decides; where the bytes contradict it, UTF-8 if it
 * is that, else Windows-1252. Where the operator knows the sender's code page, the
 * interchange comes as AUTO, with that instead of Windows-1252.
 */
static void add_high(struct tw_walk *walk, struct walk_text *text, struct tw_slice bytes,
		     uint64_t origin)
{
	if (walk->charset == TW_CHARSET_NAMED && walk->converter != NULL) {
		convert_bytes(walk, text, walk->converter, bytes, origin);
		return;
	}
	bool utf8 = tw_utf8_valid(bytes);
	switch (walk->charset) {
	case TW_CHARSET_NAMED:
		report_charset(walk, origin, bytes.length,
			       "the announced character set is not known");
		break;
	case TW_CHARSET_ASCII:
		report_charset(walk, origin, bytes.length,
			       "bytes above 0x7f in an interchange that announces none");
		break;
	case TW_CHARSET_UTF8:
		if (!utf8)
			report_charset(walk, origin, bytes.length, "not well-formed UTF-8");
		break;
	case TW_CHARSET_AUTO:
		break;
	}
	if (utf8)
		add_bytes(text, bytes.data, bytes.length, origin);
	else
		convert_bytes(walk, text, fallback_converter(walk), bytes, origin);
}

/* All bytes but those that go on with a character (10xxxxxx), eight at a time. */
static size_t count_characters(struct tw_slice utf8)
{
	const uint64_t ones = 0x0101010101010101u;
	size_t going_on = 0;
	size_t i = 0;
	for (; i + 8 <= utf8.length; i += 8) {
		uint64_t word;
		memcpy(&word, utf8.data + i, sizeof(word));
		going_on += (size_t)((((word >> 7) & ~(word >> 6) & ones) * ones) >> 56);
	}
	for (; i < utf8.length; i++)
		going_on += ((unsigned char)utf8.data[i] & 0xc0) == 0x80;
	return utf8.length - going_on;
}

/* ---- pieces --------------------------------------------------------------- */

/* How many bytes from `at` are text as they are. */
static size_t plain_length(struct tw_slice bytes, size_t at, int release, bool folded)
{
	size_t end = at;
	if (!folded) {
		struct tw_slice rest = tw_slice_from(bytes, at);
		const char *found = release == 0 || rest.length == 0
					    ? NULL
					    : memchr(rest.data, release, rest.length);
		return found == NULL ? rest.length : (size_t)(found - rest.data);
	}
	while (end < bytes.length) {
		int c = (unsigned char)bytes.data[end];
		if ((release != 0 && c == release) || (folded && (c == '\r' || c == '\n')))
			break;
		end++;
	}
	return end - at;
}

static void add_stretch(struct tw_walk *walk, struct walk_text *text, struct tw_slice bytes,
			uint64_t origin, bool high)
{
	if (high && bytes.length > 0)
		add_high(walk, text, bytes, origin);
	else
		add_bytes(text, bytes.data, bytes.length, origin);
}

/*
 * Drops release characters and folded line ends. A multi-byte character is never
 * split here: a release character stands before a delimiter or another one.
 */
static void add_flagged(struct tw_walk *walk, struct walk_text *text, struct tw_slice bytes,
			uint64_t origin, unsigned flags)
{
	int release = flags & TW_PIECE_RELEASED ? (unsigned char)walk->unit->release : 0;
	bool folded = (flags & TW_PIECE_FOLDED) != 0;
	bool high = (flags & TW_PIECE_HIGH) != 0;
	size_t at = 0;
	while (at < bytes.length) {
		size_t length = plain_length(bytes, at, release, folded);
		if (at + length < bytes.length && release != 0 &&
		    (unsigned char)bytes.data[at + length] == release) {
			add_stretch(walk, text, tw_slice_part(bytes, at, length), origin + at, high);
			at += length + 1;
			/* The released byte is text whatever it is; what follows goes on. */
			size_t more = 1 + plain_length(bytes, at + 1, release, folded);
			struct tw_slice stretch = tw_slice_part(bytes, at, more);
			add_stretch(walk, text, stretch, origin + at, high);
			at += stretch.length;
			continue;
		}
		add_stretch(walk, text, tw_slice_part(bytes, at, length), origin + at, high);
		at += length;
		while (at < bytes.length && folded &&
		       (bytes.data[at] == '\r' || bytes.data[at] == '\n'))
			at++;
	}
}

/* Where a decoded piece begins in the stream. */
static uint64_t decoded_origin(const struct tw_unit *unit, const struct tw_piece *piece)
{
	for (unsigned i = 0; i < unit->run_count; i++) {
		const struct tw_unit_run *run = &unit->runs[i];
		if (piece->start < run->start || piece->start - run->start >= run->length)
			continue;
		bool same = run->length == run->origin_length;
		return unit->offset + run->origin + (same ? piece->start - run->start : 0);
	}
	return unit->offset;
}

/* The parser decoded it, and says where each part of it came from. */
static void add_decoded(struct tw_walk *walk, struct walk_text *text, struct tw_slice bytes,
			const struct tw_piece *piece)
{
	const struct tw_unit *unit = walk->unit;
	uint32_t end = piece->start + (uint32_t)bytes.length;
	uint32_t base = (uint32_t)text->text.length;
	for (unsigned i = 0; i < unit->run_count && unit->runs[i].start < end; i++) {
		const struct tw_unit_run *run = &unit->runs[i];
		uint32_t run_end = run->start + run->length;
		uint32_t from = run->start > piece->start ? run->start : piece->start;
		uint32_t to = run_end < end ? run_end : end;
		if (from >= to)
			continue;
		bool same = run->length == run->origin_length;
		uint64_t origin = unit->offset + run->origin + (same ? from - run->start : 0);
		uint32_t length = same ? to - from : run->origin_length;
		bool known = origin >= text->origin && origin - text->origin <= UINT32_MAX;
		struct tw_run out = {
			.start = base + (from - piece->start),
			.length = to - from,
			.origin = known ? (uint32_t)(origin - text->origin) : 0,
			.origin_length = known ? length : 0,
		};
		tw_buffer_append(&text->runs, &out, sizeof(out));
		if (text->end < origin + length)
			text->end = origin + length;
	}
	tw_buffer_append_slice(&text->text, bytes);
}

static void start_text(struct walk_text *text, uint64_t origin)
{
	text->origin = origin;
	text->end = origin;
	text->started = true;
}

/* A piece that is not the input as it stands. Returns its length in characters. */
static size_t add_odd_piece(struct tw_walk *walk, struct walk_text *text,
			    const struct tw_piece *piece, struct tw_slice bytes)
{
	bool decoded = (piece->flags & TW_PIECE_DECODED) != 0;
	uint64_t origin = decoded ? decoded_origin(walk->unit, piece)
				  : walk->unit->offset + piece->start;
	size_t before = text->text.length;
	if (!text->started)
		start_text(text, origin);
	if (decoded) {
		add_decoded(walk, text, bytes, piece);
		return count_characters(bytes);
	}
	add_flagged(walk, text, bytes, origin, piece->flags);
	struct tw_slice added = tw_slice_from(tw_buffer_slice(&text->text), before);
	return piece->flags & TW_PIECE_HIGH ? count_characters(added) : added.length;
}

bool walk_text_room(struct walk_text *text, unsigned pieces, size_t bytes)
{
	/* A blank may be a run of its own. */
	return tw_buffer_reserve(&text->text, bytes + pieces) == TW_OK &&
	       tw_buffer_reserve(&text->runs, 2 * pieces * sizeof(struct tw_run)) == TW_OK;
}

/* add_run() of what stands behind all there is, where there is room. */
static inline void extend(struct walk_text *text, uint64_t origin, size_t length)
{
	struct tw_run *last = last_run(text);
	uint32_t at = (uint32_t)(origin - text->origin);
	if (last != NULL && last->length == last->origin_length && last->origin + last->length == at) {
		last->length += (uint32_t)length;
		last->origin_length += (uint32_t)length;
		return;
	}
	struct tw_run *run = (struct tw_run *)(void *)(text->runs.data + text->runs.length);
	*run = (struct tw_run){(uint32_t)text->text.length, (uint32_t)length, at, (uint32_t)length};
	text->runs.length += sizeof(*run);
}

void walk_text_plain(struct walk_text *text, struct tw_slice bytes, uint64_t origin, bool blank)
{
	if (!text->started)
		start_text(text, origin);
	if (blank) {
		extend(text, text->end, 1);
		text->text.data[text->text.length++] = ' ';
	}
	extend(text, origin, bytes.length);
	memcpy(text->text.data + text->text.length, bytes.data, bytes.length);
	text->text.length += bytes.length;
	text->end = origin + bytes.length;
}

size_t walk_text_piece(struct tw_walk *walk, struct walk_text *text, const struct tw_piece *piece)
{
	struct tw_slice bytes = walk_piece_bytes(walk, *piece);
	uint64_t origin = walk->unit->offset + piece->start;
	if (bytes.length == 0)
		return 0;
	if (piece->flags != 0)
		return add_odd_piece(walk, text, piece, bytes);
	if (!text->started)
		start_text(text, origin);
	add_bytes(text, bytes.data, bytes.length, origin);
	return bytes.length;
}

/* A single run byte for byte needs no runs. */
struct walk_value walk_text_value(const struct walk_text *text)
{
	struct walk_value value = {
		.text = tw_buffer_slice(&text->text),
		.origin = text->origin,
		.origin_length = text->end - text->origin,
		.runs = (const void *)text->runs.data,
		.run_count = (unsigned)(text->runs.length / sizeof(struct tw_run)),
	};
	if (value.run_count == 1 && value.runs[0].length == value.runs[0].origin_length &&
	    value.runs[0].length == value.text.length) {
		value.origin += value.runs[0].origin;
		value.origin_length = value.runs[0].length;
		value.runs = NULL;
		value.run_count = 0;
	}
	return value;
}
