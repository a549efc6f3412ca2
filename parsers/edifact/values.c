/* SPDX-License-Identifier: Apache-2.0 */
#include "edifact.h"

struct tw_slice tw_edifact_value(const struct tw_edifact_call *call, unsigned element,
				 unsigned component, char *buffer, size_t size)
{
	const struct tw_segment_stream *stream = &call->parser->stream;
	struct tw_slice piece =
		tw_segment_piece(stream, &call->segment, element, component);

	return tw_delimiters_plain(&stream->syntax, piece, buffer, size);
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
	struct tw_slice date = tw_edifact_value(call, element, 1, buffer, 9);

	return tw_digits_time(date, tw_edifact_value(call, element, 2, hours, sizeof(hours)),
			      buffer);
}
