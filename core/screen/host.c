/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/host.h"

#include <stdarg.h>
#include <stdio.h>

#include "tidewaiter/detector.h"

#define SENTENCE_SIZE 512

void tw_host_error(const struct tw_host *host, const char *format, ...)
{
	char text[SENTENCE_SIZE];
	va_list arguments;
	if (host->error == NULL)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	tw_buffer_clear(host->error);
	tw_buffer_printf(host->error, "%s", text);
}

void tw_host_log(const struct tw_host *host, const char *format, ...)
{
	char text[SENTENCE_SIZE];
	va_list arguments;
	if (host->log == NULL)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	host->log(host->log_context, host->name, text);
}

const struct tw_list *tw_list_open(const struct tw_host *host, const char *name)
{
	struct tw_buffer reason = {0};
	const struct tw_list *list = NULL;
	if (tw_lists_open(host->lists, name, &list, &reason) < 0)
		tw_host_error(host, "%.*s", (int)reason.length, reason.data);
	tw_buffer_free(&reason);
	return list;
}
