/* SPDX-License-Identifier: Apache-2.0 */
#include "tidewaiter/status.h"

const char *tw_status_text(int status)
{
	switch (status) {
	case TW_ERROR_MEMORY:
		return "out of memory";
	case TW_ERROR_IO:
		return "input/output error";
	case TW_ERROR_INVALID:
		return "invalid";
	case TW_ERROR_NOT_FOUND:
		return "not found";
	case TW_ERROR_LIMIT:
		return "limit met";
	case TW_ERROR_TRUNCATED:
		return "truncated";
	case TW_ERROR_DUPLICATE:
		return "duplicate";
	case TW_ERROR_UNSUPPORTED:
		return "not supported";
	case TW_ERROR_PLUGIN:
		return "plugin failed";
	default:
		return status >= 0 ? "ok" : "unknown error";
	}
}
