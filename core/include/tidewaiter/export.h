/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_EXPORT_H
#define TIDEWAITER_EXPORT_H

/*
 * Marks what leaves the library. Everything is built with hidden visibility,
 * so a function without TW_EXPORT cannot be called by a plugin at all: the
 * headers of this folder are the whole of the public interface.
 */
#if defined(__GNUC__)
#define TW_EXPORT __attribute__((visibility("default")))
#define TW_PRINTF(format_at, first_at) \
	__attribute__((format(printf, format_at, first_at)))
#define TW_MUST_USE __attribute__((warn_unused_result))
#else
#define TW_EXPORT
#define TW_PRINTF(format_at, first_at)
#define TW_MUST_USE
#endif

#endif
