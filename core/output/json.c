/* SPDX-License-Identifier: Apache-2.0 */
#include "output/json.h"

#include <math.h>
#include <stdio.h>
#include <utf8proc.h>

#include "base/time.h"

unsigned tw_utf8_character(struct tw_slice text, size_t at, uint32_t *ret_point)
{
	struct tw_slice rest = tw_slice_part(text, at, 4);
	utf8proc_int32_t point = -1;
	if (rest.length == 0)
		return 0;
	utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)rest.data,
						   (utf8proc_ssize_t)rest.length, &point);
	if (length <= 0 || point < 0)
		return 0;
	if (ret_point != NULL)
		*ret_point = (uint32_t)point;
	return (unsigned)length;
}

struct tw_slice tw_utf8_head(struct tw_slice text, size_t limit)
{
	size_t at = 0;
	if (text.length <= limit)
		return text;
	for (size_t count = 0; count < limit && at < text.length; count++) {
		unsigned length = tw_utf8_character(text, at, NULL);
		at += length == 0 ? 1 : length;
	}
	return tw_slice_part(text, 0, at);
}

/* Bytes that may stand in a JSON string as they are: 0x20 to 0x7e but '"' and '\'. */
static inline bool plain(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* Nonzero where one of eight bytes is not plain: the usual tests for a byte of a word. */
static inline uint64_t not_plain(uint64_t word)
{
	const uint64_t ones = 0x0101010101010101u;
	const uint64_t highs = 0x8080808080808080u;
	uint64_t quote = word ^ (ones * '"');
	uint64_t slash = word ^ (ones * '\\');
	uint64_t del = word ^ (ones * 0x7f);
	return ((word - ones * 0x20) | (quote - ones) | (slash - ones) | (del - ones) | word) &
	       highs;
}

static size_t plain_length(struct tw_slice text, size_t from)
{
	size_t at = from;
	while (text.length - at >= 8) {
		uint64_t word;
		memcpy(&word, text.data + at, sizeof(word));
		if (not_plain(word) != 0)
			break;
		at += 8;
	}
	while (at < text.length && plain((unsigned char)text.data[at]))
		at++;
	return at - from;
}

static void append_escape(struct tw_buffer *out, uint32_t point)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[] = "btn\0fr"; /* U+0008 to U+000D; U+000B has none */
	char escape[6] = {'\\', 'u', '0', '0', hex[point >> 4 & 15], hex[point & 15]};
	if (point == '"' || point == '\\')
		escape[1] = (char)point;
	else if (point >= 8 && point <= 13 && point != 11)
		escape[1] = letters[point - 8];
	tw_buffer_append(out, escape, escape[1] == 'u' ? sizeof(escape) : 2);
}

/* Appends the one character at `at` that is not plain; returns its length. */
static size_t append_special(struct tw_buffer *out, struct tw_slice text, size_t at)
{
	uint32_t point = (uint32_t)tw_slice_at(text, at);
	unsigned length = 1;
	if (point >= 0x80)
		length = tw_utf8_character(text, at, &point);
	if (length == 0) {
		tw_buffer_append(out, "\xef\xbf\xbd", 3);
		return 1;
	}
	if (point < 0xa0)
		append_escape(out, point);
	else
		tw_buffer_append_slice(out, tw_slice_part(text, at, length));
	return length;
}

void tw_json_string_part(struct tw_json *json, struct tw_slice text)
{
	size_t at = 0;
	while (at < text.length) {
		size_t run = plain_length(text, at);
		tw_buffer_append_slice(json->out, tw_slice_part(text, at, run));
		at += run;
		if (at < text.length)
			at += append_special(json->out, text, at);
	}
}

void tw_json_string_open(struct tw_json *json)
{
	tw_json_before(json);
	tw_buffer_append_byte(json->out, '"');
}

void tw_json_string_close(struct tw_json *json)
{
	tw_buffer_append_byte(json->out, '"');
}

void tw_json_string(struct tw_json *json, struct tw_slice text)
{
	/* Nearly all texts are plain: one reservation, one copy. */
	if (plain_length(text, 0) == text.length) {
		tw_json_word(json, text);
		return;
	}
	tw_json_string_open(json);
	tw_json_string_part(json, text);
	tw_json_string_close(json);
}

/* Writes at least `least` digits of a number to `to`; returns how many. */
static size_t put_digits(uint64_t number, unsigned least, char *to)
{
	char digits[24];
	unsigned count = 0;
	while (number > 0 || count < least) {
		digits[sizeof(digits) - ++count] = (char)('0' + number % 10);
		number /= 10;
	}
	memcpy(to, digits + sizeof(digits) - count, count);
	return count;
}

/* `scaled` is the number times ten to the `decimals`: whole part, point, no zeros at the end. */
static size_t put_scaled(uint64_t scaled, unsigned decimals, char *to)
{
	uint64_t unit = 1;
	for (unsigned i = 0; i < decimals; i++)
		unit *= 10;
	size_t length = put_digits(scaled / unit, 1, to);
	uint64_t fraction = scaled % unit;
	if (fraction == 0)
		return length;
	while (fraction % 10 == 0) {
		fraction /= 10;
		decimals--;
	}
	to[length++] = '.';
	return length + put_digits(fraction, decimals, to + length);
}

/* Beyond 2 to the 53 an integer in a double is not exact: decimals give way to size. */
static unsigned decimals_for(double size)
{
	const double exact = 9007199254740992.0;
	if (size < 1e-3)
		return 12;
	return size < exact / 1e6 ? 6 : size < exact / 1e2 ? 2 : 0;
}

size_t tw_number_text(double number, char room[TW_NUMBER_TEXT_SIZE])
{
	static const double powers[] = {[2] = 1e2, [6] = 1e6, [12] = 1e12};
	double size = fabs(number);
	unsigned decimals = decimals_for(size);
	size_t length = 0;
	if (!isfinite(number))
		return 0;
	if (decimals == 0) {
		int count = snprintf(room, TW_NUMBER_TEXT_SIZE, "%.0f", number);
		return count > 0 && count < TW_NUMBER_TEXT_SIZE ? (size_t)count : 0;
	}
	uint64_t scaled = (uint64_t)(size * powers[decimals] + 0.5);
	if (number < 0 && scaled > 0)
		room[length++] = '-';
	return length + put_scaled(scaled, decimals, room + length);
}

void tw_json_number(struct tw_json *json, double number)
{
	if (!isfinite(number)) {
		tw_json_null(json);
		return;
	}
	char text[TW_NUMBER_TEXT_SIZE];
	size_t length = tw_number_text(number, text);
	tw_json_before(json);
	tw_buffer_append(json->out, text, length);
}

void tw_json_count(struct tw_json *json, uint64_t count)
{
	char digits[24];
	tw_json_before(json);
	if (count < 10)
		tw_buffer_append_byte(json->out, (char)('0' + count));
	else
		tw_buffer_append(json->out, digits, put_digits(count, 1, digits));
}

void tw_json_bool(struct tw_json *json, bool truth)
{
	tw_json_before(json);
	tw_buffer_append_slice(json->out, truth ? TW_LITERAL("true") : TW_LITERAL("false"));
}

void tw_json_null(struct tw_json *json)
{
	tw_json_before(json);
	tw_buffer_append_slice(json->out, TW_LITERAL("null"));
}

void tw_json_time(struct tw_json *json, double time)
{
	char text[TW_TIME_TEXT_SIZE];
	size_t length = tw_time_format(time, text);
	if (length == 0)
		tw_json_null(json);
	else
		tw_json_word(json, tw_slice(text, length));
}

void tw_json_member_number(struct tw_json *json, const char *key, double number)
{
	if (!isfinite(number))
		return;
	tw_json_key(json, key);
	tw_json_number(json, number);
}
