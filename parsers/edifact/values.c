/* SPDX-License-Identifier: Apache-2.0 */
#include "edifact.h"

static const struct tw_piece *piece_find(const struct tw_edifact_call *call, unsigned element,
					 unsigned component)
{
	const struct tw_piece *pieces = call->parser->pieces;

	for (unsigned i = 0; i < call->segment.count; i++)
		if (pieces[i].element == element && pieces[i].component == component &&
		    pieces[i].repetition == 1)
			return &pieces[i];
	return NULL;
}

struct tw_slice tw_edifact_value(const struct tw_edifact_call *call, unsigned element,
				 unsigned component, char *buffer, size_t size)
{
	const struct tw_edifact_syntax *syntax = &call->parser->syntax;
	const struct tw_piece *piece = piece_find(call, element, component);
	bool released = false;
	size_t length = 0;

	if (piece == NULL)
		return tw_slice(buffer, 0);
	struct tw_slice text =
		tw_slice_part(call->window, call->segment.start + piece->start, piece->length);
	for (size_t i = 0; i < text.length && length < size; i++) {
		unsigned class = syntax->class[(unsigned char)text.data[i]];
		if (class == TW_EDIFACT_FOLD)
			continue;
		if (class == TW_EDIFACT_RELEASE && !released) {
			released = true;
			continue;
		}
		released = false;
		buffer[length++] = text.data[i];
	}
	return tw_slice_trim(tw_slice(buffer, length));
}

bool tw_edifact_number(struct tw_slice text, uint64_t *ret_number)
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

struct level {
	char name[5];
	enum tw_charset charset;
	const char *iconv;
};

static const struct level levels[] = {
	{"UNOA", TW_CHARSET_ASCII, NULL},
	{"UNOB", TW_CHARSET_ASCII, NULL},
	{"UNOC", TW_CHARSET_NAMED, "ISO-8859-1"},
	{"UNOD", TW_CHARSET_NAMED, "ISO-8859-2"},
	{"UNOE", TW_CHARSET_NAMED, "ISO-8859-5"},
	{"UNOF", TW_CHARSET_NAMED, "ISO-8859-7"},
	{"UNOG", TW_CHARSET_NAMED, "ISO-8859-3"},
	{"UNOH", TW_CHARSET_NAMED, "ISO-8859-4"},
	{"UNOI", TW_CHARSET_NAMED, "ISO-8859-6"},
	{"UNOJ", TW_CHARSET_NAMED, "ISO-8859-8"},
	{"UNOK", TW_CHARSET_NAMED, "ISO-8859-9"},
	{"UNOL", TW_CHARSET_NAMED, "ISO-8859-15"},
	{"UNOW", TW_CHARSET_UTF8, NULL},
	{"UNOX", TW_CHARSET_NAMED, "ISO-2022-JP"},
	{"UNOY", TW_CHARSET_UTF8, NULL},
	{"IATA", TW_CHARSET_ASCII, NULL},
	{"IATB", TW_CHARSET_ASCII, NULL},
	{"KECA", TW_CHARSET_NAMED, "EUC-KR"},
};

enum tw_charset tw_edifact_charset(struct tw_slice level, struct tw_slice *ret_name)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (!tw_slice_is(level, levels[i].name))
			continue;
		*ret_name = tw_slice_string(levels[i].iconv);
		return levels[i].charset;
	}
	*ret_name = tw_slice(NULL, 0);
	return TW_CHARSET_AUTO;
}

struct tw_slice tw_edifact_time(const struct tw_edifact_call *call, unsigned element,
				char buffer[16])
{
	char hours[8];
	uint64_t number;
	struct tw_slice date = tw_edifact_value(call, element, 1, buffer, 9);
	struct tw_slice time = tw_edifact_value(call, element, 2, hours, sizeof(hours));

	if ((date.length != 6 && date.length != 8) || !tw_edifact_number(date, &number))
		return tw_slice(NULL, 0);
	/* Syntax 4 allows seconds and a zone behind the minutes. */
	time = tw_slice_part(time, 0, 4);
	if (time.length != 4 || !tw_edifact_number(time, &number))
		time = TW_LITERAL("0000");
	memmove(buffer, date.data, date.length);
	memcpy(buffer + date.length, time.data, 4);
	return tw_slice(buffer, date.length + 4);
}
