/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEXT_CHARSET_H
#define TW_TEXT_CHARSET_H

#include "base/buffer.h"
#include "model/record.h"

/*
 * Text of a carrier's code page to UTF-8. A converter belongs to one stream and
 * is used by one thread at a time. Bytes that the code page does not have become
 * U+FFFD; nothing is dropped.
 */
struct tw_charset_converter;

/* `name` as iconv knows it ("ISO-8859-1", "WINDOWS-1252", "GBK"). TW_ERROR_UNSUPPORTED where unknown. */
int tw_charset_open(const char *name, struct tw_charset_converter **ret_converter);
void tw_charset_close(struct tw_charset_converter *converter);
/*
 * Appends `bytes` as UTF-8 to `out`, and the runs (struct tw_run) that map it back
 * to `runs`: one for each stretch that stayed as it was, and one for each character
 * that changed, so that spans are exact to the character. Together they cover all
 * of the text, also where nothing changed (then there is one). A run's start counts
 * from the beginning of `out`, its origin from that of `bytes` plus `origin_at`.
 * Each call starts in the initial shift state. Returns the number of bytes that had
 * to be replaced.
 */
size_t tw_charset_append(struct tw_charset_converter *converter, struct tw_slice bytes,
			 uint32_t origin_at, struct tw_buffer *out, struct tw_buffer *runs);
/* Whether all of it is well-formed UTF-8 (no overlong forms, no surrogates). */
bool tw_utf8_valid(struct tw_slice bytes);

#endif
