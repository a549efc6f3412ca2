/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void tw_buffer_free(struct tw_buffer *buffer)
{
	if (buffer == NULL)
		return;
	free(buffer->data);
	*buffer = (struct tw_buffer){0};
}

int tw_buffer_grow(struct tw_buffer *buffer, size_t extra)
{
	if (extra > SIZE_MAX / 2 - buffer->length) {
		buffer->failed = true;
		return TW_ERROR_MEMORY;
	}
	size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity;
	while (capacity - buffer->length < extra)
		capacity += capacity / 2;
	char *data = realloc(buffer->data, capacity);
	if (data == NULL) {
		buffer->failed = true;
		return TW_ERROR_MEMORY;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return TW_OK;
}

void tw_buffer_printf(struct tw_buffer *buffer, const char *format, ...)
{
	for (size_t room = 128;;) {
		if (tw_buffer_reserve(buffer, room) < 0)
			return;
		va_list arguments;
		va_start(arguments, format);
		int length = vsnprintf(buffer->data + buffer->length, room, format, arguments);
		va_end(arguments);
		if (length < 0)
			return;
		if ((size_t)length < room) {
			buffer->length += (size_t)length;
			return;
		}
		room = (size_t)length + 1;
	}
}

void tw_buffer_fill(struct tw_buffer *buffer, size_t unit)
{
	static const char zeros[64] = {0};
	tw_buffer_append(buffer, zeros, unit - (buffer->length & (unit - 1)));
}
