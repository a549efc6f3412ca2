/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/root.h"

int tw_root_begin(struct tw_root *root, struct tw_slice fields)
{
	const struct tw_unwrap_settings settings = {.layers = 1, .mime = true};
	*root = (struct tw_root){.width = TW_ROOT_UNKNOWN};
	if (fields.length == 0)
		return TW_OK;
	int status = tw_unwrap_create(&settings, &root->unwrap);
	return status < 0 ? status : tw_root_push(root, fields);
}

void tw_root_free(struct tw_root *root)
{
	tw_unwrap_free(root->unwrap);
	tw_buffer_free(&root->text);
	*root = (struct tw_root){.width = TW_ROOT_UNKNOWN};
}

/* RFC 3629, section 3; half of a surrogate pair is no character. */
static void put_character(struct tw_buffer *text, unsigned character)
{
	if (character >= 0xd800 && character < 0xe000)
		character = 0xfffd;
	if (character < 0x80) {
		tw_buffer_append_byte(text, (char)character);
		return;
	}
	if (character < 0x800) {
		tw_buffer_append_byte(text, (char)(0xc0 | character >> 6));
	} else {
		tw_buffer_append_byte(text, (char)(0xe0 | character >> 12));
		tw_buffer_append_byte(text, (char)(0x80 | (character >> 6 & 0x3f)));
	}
	tw_buffer_append_byte(text, (char)(0x80 | (character & 0x3f)));
}

/* By its byte order mark, or by the zero beside the first "<". */
static enum tw_root_width width_of(const unsigned char first[2])
{
	static const struct {
		unsigned char first[2];
		enum tw_root_width width;
	} rows[] = {
		{{0xff, 0xfe}, TW_ROOT_LITTLE}, {{0xfe, 0xff}, TW_ROOT_BIG},
		{{'<', 0}, TW_ROOT_LITTLE}, {{0, '<'}, TW_ROOT_BIG},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (memcmp(first, rows[i].first, 2) == 0)
			return rows[i].width;
	return TW_ROOT_BYTES;
}

/* Two bytes of a part: one character, but where it is no UTF-16. */
static void take_pair(struct tw_root *root)
{
	unsigned first = root->half[0], second = root->half[1];
	if (root->width == TW_ROOT_UNKNOWN)
		root->width = width_of(root->half);
	if (root->width == TW_ROOT_BYTES)
		tw_buffer_append(&root->text, root->half, 2);
	else
		put_character(&root->text, root->width == TW_ROOT_BIG ? first << 8 | second : second << 8 | first);
	root->halves = 0;
}

static void take_text(struct tw_root *root, struct tw_slice bytes)
{
	size_t at = 0;
	while (at < bytes.length && root->width != TW_ROOT_BYTES) {
		root->half[root->halves++] = (unsigned char)bytes.data[at++];
		if (root->halves == 2)
			take_pair(root);
	}
	tw_buffer_append_slice(&root->text, tw_slice_from(bytes, at));
}

static int take(void *context, const struct tw_unwrap_event *event)
{
	struct tw_root *root = context;
	if (event->what == TW_UNWRAP_MEMBER) {
		root->width = TW_ROOT_UNKNOWN;
		root->halves = 0;
	} else if (event->what == TW_UNWRAP_BYTES) {
		take_text(root, event->bytes);
	}
	return TW_OK;
}

int tw_root_push(struct tw_root *root, struct tw_slice bytes)
{
	int status = TW_OK;
	if (root->unwrap == NULL)
		take_text(root, bytes);
	else
		status = tw_unwrap_push(root->unwrap, bytes, &root->taken,
					(struct tw_unwrap_taker){take, root});
	return status >= 0 && root->text.failed ? TW_ERROR_MEMORY : status;
}

int tw_root_end(struct tw_root *root)
{
	if (root->unwrap == NULL)
		return TW_OK;
	tw_unwrap_finish(root->unwrap, true);
	int status = tw_unwrap_drain(root->unwrap, (struct tw_unwrap_taker){take, root});
	return status >= 0 && root->text.failed ? TW_ERROR_MEMORY : status;
}
