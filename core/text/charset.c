/* SPDX-License-Identifier: Apache-2.0 */
#include "text/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

/* Longest character of any code page, with the shift sequence before it. */
#define CHARACTER_MOST 16u
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* A character as UTF-8; length 0: the code page does not have it. */
struct utf8_character {
	char bytes[7];
	uint8_t length;
};

struct tw_charset_converter {
	iconv_t handle;
	bool ascii; /* bytes below 0x80 at the start of a character are ASCII */
	bool single; /* one byte a character: `high` knows all of them */
	struct utf8_character high[128];
};

enum outcome { CONVERTED, INCOMPLETE, INVALID };

static void reset(iconv_t handle)
{
	(void)iconv(handle, NULL, NULL, NULL, NULL);
}

/* One character from `bytes`, all of which it must take. */
static enum outcome convert(iconv_t handle, struct tw_slice bytes, char *out, size_t *ret_length)
{
	char room[32];
	char *in = (char *)(uintptr_t)bytes.data; /* iconv() reads, but does not say so */
	size_t in_left = bytes.length;
	char *to = room;
	size_t to_left = sizeof(room);
	if (iconv(handle, &in, &in_left, &to, &to_left) == (size_t)-1)
		return errno == EINVAL ? INCOMPLETE : INVALID;
	/*
	 * Nothing came out: a letter is held back for a mark that may follow, and is
	 * given up by this call; or it was a shift sequence, which is undone by it
	 * and comes again, with the character behind it.
	 */
	if (to_left == sizeof(room))
		(void)iconv(handle, NULL, NULL, &to, &to_left);
	size_t length = sizeof(room) - to_left;
	if (length == 0)
		return INCOMPLETE;
	if (length > sizeof(((struct utf8_character *)NULL)->bytes))
		return INVALID;
	memcpy(out, room, length);
	*ret_length = length;
	return CONVERTED;
}

static bool is_ascii(iconv_t handle)
{
	for (unsigned i = 0; i < 0x80; i++) {
		char byte = (char)i;
		char out[8];
		size_t length = 0;
		reset(handle);
		if (convert(handle, tw_slice(&byte, 1), out, &length) != CONVERTED || length != 1 ||
		    out[0] != byte)
			return false;
	}
	return true;
}

/* Fills the table of the bytes above 0x7f; false where one of them begins a longer character. */
static bool fill_table(struct tw_charset_converter *converter)
{
	for (unsigned i = 0; i < 128; i++) {
		char byte = (char)(unsigned char)(i + 128);
		struct utf8_character *character = &converter->high[i];
		size_t length = 0;
		reset(converter->handle);
		enum outcome outcome =
			convert(converter->handle, tw_slice(&byte, 1), character->bytes, &length);
		if (outcome == INCOMPLETE)
			return false;
		character->length = outcome == CONVERTED ? (uint8_t)length : 0;
	}
	return true;
}

int tw_charset_open(const char *name, struct tw_charset_converter **ret_converter)
{
	/* A '/' starts glibc's own suffixes, such as //IGNORE, which would drop bytes. */
	if (name[0] == '\0' || strchr(name, '/') != NULL)
		return TW_ERROR_UNSUPPORTED;
	struct tw_charset_converter *converter = calloc(1, sizeof(*converter));
	if (converter == NULL)
		return TW_ERROR_MEMORY;
	converter->handle = iconv_open("UTF-8", name);
	if (converter->handle == (iconv_t)-1) {
		int status = errno == ENOMEM ? TW_ERROR_MEMORY : TW_ERROR_UNSUPPORTED;
		free(converter);
		return status;
	}
	converter->ascii = is_ascii(converter->handle);
	converter->single = converter->ascii && fill_table(converter);
	*ret_converter = converter;
	return TW_OK;
}

void tw_charset_close(struct tw_charset_converter *converter)
{
	if (converter == NULL)
		return;
	iconv_close(converter->handle);
	free(converter);
}

/* Text on its way: what is being appended to. */
struct conversion {
	struct tw_charset_converter *converter;
	struct tw_slice bytes;
	uint32_t origin_at;
	struct tw_buffer *out, *runs;
	size_t replaced;
};

static void append_run(struct conversion *conversion, size_t at, size_t origin_length,
		       struct tw_slice utf8)
{
	struct tw_run run = {.start = (uint32_t)conversion->out->length,
			     .length = (uint32_t)utf8.length,
			     .origin = conversion->origin_at + (uint32_t)at,
			     .origin_length = (uint32_t)origin_length};
	tw_buffer_append_slice(conversion->out, utf8);
	tw_buffer_append(conversion->runs, &run, sizeof(run));
}

/* Bytes from `at` on that are ASCII. */
static size_t ascii_length(struct tw_slice bytes, size_t at)
{
	size_t start = at;
	for (uint64_t word = 0; bytes.length - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, bytes.data + at, sizeof(word));
		if ((word & 0x8080808080808080u) != 0)
			break;
	}
	while (at < bytes.length && (unsigned char)bytes.data[at] < 0x80)
		at++;
	return at - start;
}

/* The character at `at` by iconv: as few bytes as make one. Returns how many it takes. */
static size_t next_character(const struct conversion *conversion, size_t at,
			     struct utf8_character *ret_character)
{
	size_t length = 0;
	struct tw_slice rest = tw_slice_from(conversion->bytes, at);
	ret_character->length = 0;
	for (size_t taken = 1; taken <= rest.length && taken <= CHARACTER_MOST; taken++) {
		struct tw_slice piece = tw_slice_part(rest, 0, taken);
		enum outcome outcome = convert(conversion->converter->handle, piece,
					       ret_character->bytes, &length);
		if (outcome == INVALID)
			return 1;
		if (outcome == CONVERTED) {
			ret_character->length = (uint8_t)length;
			return taken;
		}
	}
	return rest.length < CHARACTER_MOST ? rest.length : 1;
}

static size_t append_character(struct conversion *conversion, size_t at)
{
	struct utf8_character character = {0};
	size_t taken = 1;
	if (conversion->converter->single)
		character = conversion->converter->high[(unsigned char)conversion->bytes.data[at] - 128];
	else
		taken = next_character(conversion, at, &character);
	if (character.length == 0) {
		conversion->replaced += taken;
		append_run(conversion, at, taken, TW_LITERAL(REPLACEMENT));
		return taken;
	}
	append_run(conversion, at, taken, tw_slice(character.bytes, character.length));
	return taken;
}

size_t tw_charset_append(struct tw_charset_converter *converter, struct tw_slice bytes,
			 uint32_t origin_at, struct tw_buffer *out, struct tw_buffer *runs)
{
	struct conversion conversion = {converter, bytes, origin_at, out, runs, 0};
	if (!converter->single)
		reset(converter->handle);
	for (size_t at = 0; at < bytes.length;) {
		size_t plain = converter->ascii ? ascii_length(bytes, at) : 0;
		if (plain > 0)
			append_run(&conversion, at, plain, tw_slice_part(bytes, at, plain));
		at += plain;
		if (at < bytes.length)
			at += append_character(&conversion, at);
	}
	return conversion.replaced;
}

/* Bytes of the well-formed character at `at`, by table 3-7 of the Unicode standard; 0: none. */
static size_t utf8_length(struct tw_slice bytes, size_t at)
{
	int lead = tw_slice_at(bytes, at);
	int second = tw_slice_at(bytes, at + 1);
	int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
	int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
	size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
	if (length == 0 || second < least || second > most)
		return 0;
	for (size_t i = 2; i < length; i++) {
		int byte = tw_slice_at(bytes, at + i);
		if (byte < 0x80 || byte > 0xbf)
			return 0;
	}
	return length;
}

bool tw_utf8_valid(struct tw_slice bytes)
{
	for (size_t at = 0; at < bytes.length;) {
		at += ascii_length(bytes, at);
		if (at == bytes.length)
			break;
		size_t length = utf8_length(bytes, at);
		if (length == 0)
			return false;
		at += length;
	}
	return true;
}
