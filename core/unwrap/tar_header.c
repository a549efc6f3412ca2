/* SPDX-License-Identifier: Apache-2.0 */
#include "unwrap/tar_header.h"

/* POSIX.1-2017, pax, table "ustar Header Block": field, octet offset, length. */
#define NAME 0, 100
#define MODE 100, 8
#define SIZE 124, 12
#define CHECKSUM_AT 148
#define CHECKSUM 148, 8
#define TYPE_AT 156
#define MAGIC 257, 5
#define VERSION_AT 262
#define PREFIX 345, 155

/* A field up to its first zero byte. */
static struct tw_slice text_field(struct tw_slice block, size_t at, size_t length)
{
	struct tw_slice field = tw_slice_part(block, at, length);
	const char *end = field.length > 0 ? memchr(field.data, 0, field.length) : NULL;
	return end == NULL ? field : tw_slice_part(field, 0, (size_t)(end - field.data));
}

/* Octal digits between blanks; GNU: a first byte of 0x80 or above, and the number in base 256. */
static bool number_field(struct tw_slice block, size_t at, size_t length, uint64_t *ret_number)
{
	struct tw_slice field = tw_slice_part(block, at, length);
	uint64_t number = 0;
	size_t i = 0;
	if (tw_slice_at(field, 0) >= 0x80) {
		for (i = 1; i < field.length; i++) {
			if (number >> 55 != 0)
				return false;
			number = number << 8 | (uint64_t)tw_slice_at(field, i);
		}
		*ret_number = number;
		return tw_slice_at(field, 0) == 0x80;
	}
	while (tw_slice_at(field, i) == ' ')
		i++;
	for (; tw_slice_at(field, i) >= '0' && tw_slice_at(field, i) <= '7'; i++)
		number = number << 3 | (uint64_t)(tw_slice_at(field, i) - '0');
	for (; i < field.length; i++)
		if (tw_slice_at(field, i) != ' ' && tw_slice_at(field, i) != 0)
			return false;
	*ret_number = number;
	return true;
}

/* The sum of all bytes, those of the checksum itself as blanks; some old tars took bytes as signed. */
static bool checksum_holds(struct tw_slice block)
{
	uint64_t wanted;
	int64_t plain = 0, with_sign = 0;
	if (!number_field(block, CHECKSUM, &wanted))
		return false;
	for (size_t i = 0; i < block.length; i++) {
		bool own = i >= CHECKSUM_AT && i < CHECKSUM_AT + 8;
		int byte = own ? ' ' : tw_slice_at(block, i);
		plain += byte;
		with_sign += byte < 0x80 ? byte : byte - 256;
	}
	return wanted == (uint64_t)plain || wanted == (uint64_t)with_sign;
}

static enum tw_tar_kind kind_of(int type)
{
	switch (type) {
	case 0:
	case '0':
	case '7': /* contiguous */
		return TW_TAR_FILE;
	case 'L':
		return TW_TAR_LONG_NAME;
	case 'x':
	case 'X': /* Solaris */
		return TW_TAR_PAX;
	case 'S':
		return TW_TAR_SPARSE;
	case '1': case '2': case '3': case '4': case '5': case '6':
		return TW_TAR_OTHER;
	case 'K': case 'g': case 'V': case 'N': case 'D':
		return TW_TAR_SKIPPED;
	default: /* POSIX: what is not known is a file */
		return TW_TAR_FILE;
	}
}

static void append_path(struct tw_tar_header *header, struct tw_slice part)
{
	if (part.length > sizeof(header->path) - header->path_length)
		part.length = sizeof(header->path) - header->path_length;
	if (part.length > 0)
		memcpy(header->path + header->path_length, part.data, part.length);
	header->path_length += part.length;
}

bool tw_tar_may_begin(struct tw_slice head)
{
	uint64_t mode;
	struct tw_slice magic = tw_slice_part(head, MAGIC);
	for (size_t i = 0; i < head.length && i < 100; i++) {
		int byte = tw_slice_at(head, i);
		if (byte < 0x20 && (byte != 0 || i == 0))
			return false;
	}
	if (head.length >= 108 && !number_field(head, MODE, &mode))
		return false;
	return magic.length < 5 || tw_slice_is(magic, "ustar") || tw_slice_at(magic, 0) == 0;
}

bool tw_tar_header_read(struct tw_slice block, struct tw_tar_header *ret_header)
{
	*ret_header = (struct tw_tar_header){.kind = kind_of(tw_slice_at(block, TYPE_AT))};
	struct tw_slice name = text_field(block, NAME);
	if (block.length < TW_TAR_BLOCK || !checksum_holds(block) ||
	    !number_field(block, SIZE, &ret_header->size))
		return false;
	/* GNU has "ustar " and other things where POSIX has the prefix. */
	bool ustar = tw_slice_is(tw_slice_part(block, MAGIC), "ustar") &&
		     tw_slice_at(block, VERSION_AT) == 0;
	if (ustar && text_field(block, PREFIX).length > 0) {
		append_path(ret_header, text_field(block, PREFIX));
		append_path(ret_header, TW_LITERAL("/"));
	}
	append_path(ret_header, name);
	/* Before POSIX a folder was a file whose name ends in a slash. */
	if (ret_header->kind == TW_TAR_FILE && tw_slice_at(name, name.length - 1) == '/')
		ret_header->kind = TW_TAR_OTHER;
	return true;
}

/* ---- names ---------------------------------------------------------------------- */

static bool digits(struct tw_slice text, uint64_t *ret_number)
{
	uint64_t number = 0;
	for (size_t i = 0; i < text.length; i++) {
		int digit = tw_slice_at(text, i) - '0';
		if (digit < 0 || digit > 9 || number >> 59 != 0)
			return false;
		number = number * 10 + (uint64_t)digit;
	}
	*ret_number = number;
	return text.length > 0;
}

static void take_attribute(struct tw_tar_names *names, struct tw_slice key, struct tw_slice value)
{
	if (tw_slice_is(key, "path")) {
		tw_buffer_clear(&names->path);
		tw_buffer_append_slice(&names->path, value);
	} else if (tw_slice_is(key, "size")) {
		names->sized = digits(value, &names->size);
	} else if (tw_slice_starts(key, TW_LITERAL("GNU.sparse."))) {
		names->sparse = true;
	}
}

/* pax records: "%d %s=%s\n", the length counts all of it. */
static bool take_attributes(struct tw_tar_names *names, struct tw_slice data)
{
	while (data.length > 0) {
		const char *blank = memchr(data.data, ' ', data.length);
		uint64_t length = 0;
		size_t head = blank == NULL ? 0 : (size_t)(blank - data.data);
		if (!digits(tw_slice_part(data, 0, head), &length) || length > data.length ||
		    length < head + 3 || data.data[length - 1] != '\n')
			return false;
		struct tw_slice record = tw_slice_part(data, head + 1, (size_t)length - head - 2);
		const char *equals = record.length > 0 ? memchr(record.data, '=', record.length) : NULL;
		if (equals == NULL)
			return false;
		size_t key = (size_t)(equals - record.data);
		take_attribute(names, tw_slice_part(record, 0, key), tw_slice_from(record, key + 1));
		data = tw_slice_from(data, (size_t)length);
	}
	return true;
}

bool tw_tar_names_take(struct tw_tar_names *names, const struct tw_tar_header *header,
		       struct tw_slice data)
{
	bool good = true;
	if (header->kind == TW_TAR_PAX) {
		good = take_attributes(names, data);
	} else {
		tw_buffer_clear(&names->path);
		tw_buffer_append_slice(&names->path, text_field(data, 0, data.length));
	}
	names->failed |= names->path.failed;
	return good;
}

void tw_tar_names_apply(const struct tw_tar_names *names, struct tw_tar_header *header)
{
	if (names->sized)
		header->size = names->size;
	if (names->sparse)
		header->kind = TW_TAR_SPARSE;
}

struct tw_slice tw_tar_names_path(const struct tw_tar_names *names,
				  const struct tw_tar_header *header)
{
	return names->path.length > 0 ? tw_buffer_slice(&names->path)
				      : tw_slice(header->path, header->path_length);
}

void tw_tar_names_forget(struct tw_tar_names *names)
{
	tw_buffer_clear(&names->path);
	names->sized = names->sparse = false;
}

void tw_tar_names_free(struct tw_tar_names *names)
{
	tw_buffer_free(&names->path);
}
