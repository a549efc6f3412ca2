/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_STATUS_H
#define TIDEWAITER_STATUS_H

#include "tidewaiter/export.h"

/*
 * Results of functions. Zero or positive is success, negative says what went
 * wrong in kind; the sentence for a person is written by whoever decides what
 * to do about it. Malformed input is not an error: it is data, reported as an
 * anomaly, and the parser that met it returns success.
 */
enum tw_status {
	TW_OK = 0,
	TW_ERROR_MEMORY = -1,	   /* an allocation failed */
	TW_ERROR_IO = -2,	   /* errno says more */
	TW_ERROR_INVALID = -3,	   /* an argument or a file breaks its rules */
	TW_ERROR_NOT_FOUND = -4,   /* no such thing */
	TW_ERROR_LIMIT = -5,	   /* a configured limit was met */
	TW_ERROR_TRUNCATED = -6,   /* fewer bytes than the length promised */
	TW_ERROR_DUPLICATE = -7,   /* a name or number is taken */
	TW_ERROR_UNSUPPORTED = -8, /* well formed, but not handled here */
	TW_ERROR_PLUGIN = -9,	   /* a plugin failed */
};

/* A short English word for a status, never NULL. */
TW_EXPORT const char *tw_status_text(int status);

#endif
