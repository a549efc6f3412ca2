/* SPDX-License-Identifier: Apache-2.0 */
#include "source/capture_private.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/quote.h"

/* Read at once; one packet, or one block that must be whole, may be longer. */
#define READ_BYTES ((size_t)262144)

struct tw_capture_settings tw_capture_settings(const struct tw_config *config)
{
	return (struct tw_capture_settings){
		.packet_bytes = tw_config_size(config, "capture.packet_bytes"),
		.interfaces = (unsigned)tw_config_number(config, "capture.interfaces"),
	};
}

int tw_capture_probe(struct tw_slice head)
{
	return tw_pcap_starts(head) || tw_pcapng_starts(head);
}

int tw_capture_fail(struct tw_capture *capture, int status, const char *format, ...)
{
	char text[256];
	va_list arguments;
	if (capture->ended)
		return capture->status;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	capture->ended = true;
	capture->status = status;
	tw_buffer_clear(&capture->problem);
	if (capture->path != NULL) {
		tw_quote_plain(&capture->problem, tw_slice_string(capture->path));
		tw_buffer_append(&capture->problem, ": ", 2);
	}
	tw_buffer_printf(&capture->problem, "%s, at byte %llu, behind packet %llu", text,
			 (unsigned long long)(capture->before + capture->at),
			 (unsigned long long)capture->counts.packets);
	return status;
}

/* The input's own error: it has the sentence. */
static int fail_input(struct tw_capture *capture)
{
	capture->ended = true;
	capture->status = capture->input_status;
	return capture->status;
}

struct tw_slice tw_capture_ahead(const struct tw_capture *capture)
{
	return tw_slice_from(tw_buffer_slice(&capture->window), capture->at);
}

/* What was taken makes room, once there is too little of it behind. */
static int make_room(struct tw_capture *capture, size_t length)
{
	struct tw_buffer *window = &capture->window;
	size_t left = window->length - capture->at;
	if (left > 0)
		memmove(window->data, window->data + capture->at, left);
	capture->before += capture->at;
	capture->at = 0;
	window->length = left;
	return tw_buffer_reserve(window, (length > READ_BYTES ? length : READ_BYTES));
}

/* False: the input has no more, or failed. */
static bool read_more(struct tw_capture *capture)
{
	struct tw_buffer *window = &capture->window;
	if (capture->input_ended)
		return false;
	int64_t got = capture->input.read(capture->input.context, window->data + window->length,
					  window->capacity - window->length);
	if (got > 0) {
		window->length += (size_t)got;
		return true;
	}
	capture->input_ended = true;
	capture->input_status = (int)got;
	return false;
}

static int ended_early(struct tw_capture *capture)
{
	if (capture->input_status < 0)
		return fail_input(capture);
	if (capture->window.length == capture->at)
		return 0;
	return tw_capture_fail(capture, TW_ERROR_TRUNCATED, "the capture ends within a record");
}

int tw_capture_need(struct tw_capture *capture, size_t length)
{
	if (capture->window.length - capture->at >= length)
		return 1;
	if (make_room(capture, length) < 0)
		return tw_capture_fail(capture, TW_ERROR_MEMORY, "out of memory");
	while (capture->window.length < length)
		if (!read_more(capture))
			return ended_early(capture);
	return 1;
}

int tw_capture_skip(struct tw_capture *capture, uint64_t length)
{
	while (length > 0) {
		int status = tw_capture_need(capture, 1);
		if (status <= 0)
			return status;
		size_t left = capture->window.length - capture->at;
		size_t step = length < left ? (size_t)length : left;
		capture->at += step;
		length -= step;
	}
	return 1;
}

int tw_capture_create(const struct tw_capture_input *input,
		      const struct tw_capture_settings *settings,
		      struct tw_capture **ret_capture)
{
	struct tw_capture *capture = calloc(1, sizeof(*capture));
	if (capture == NULL)
		return TW_ERROR_MEMORY;
	capture->input = *input;
	capture->settings = *settings;
	capture->time = 0;
	tw_buffer_append_slice(&capture->window, input->head);
	if (capture->window.failed) {
		tw_capture_close(capture);
		return TW_ERROR_MEMORY;
	}
	*ret_capture = capture;
	return TW_OK;
}

static int64_t read_source(void *context, char *block, size_t size)
{
	return tw_source_read(context, block, size);
}

/* What the file begins with. 1: a capture, 0: another thing, or what reading gave. */
static int look(struct tw_capture *capture)
{
	int status = tw_capture_need(capture, TW_CAPTURE_MAGIC);
	if (status < 0 && status != TW_ERROR_TRUNCATED)
		return status;
	return tw_capture_probe(tw_capture_ahead(capture));
}

static int open_source(const char *path, const struct tw_capture_settings *settings,
		       struct tw_capture **ret_capture, struct tw_buffer *reason)
{
	struct tw_capture_input input = {.read = read_source};
	struct tw_source *source;
	struct tw_capture *capture;
	int status = tw_source_open(path, &source, reason);
	if (status < 0)
		return status;
	input.context = source;
	status = tw_capture_create(&input, settings, &capture);
	if (status < 0) {
		tw_source_close(source);
		return status;
	}
	capture->source = source;
	capture->path = strdup(path);
	*ret_capture = capture;
	return capture->path == NULL ? TW_ERROR_MEMORY : TW_OK;
}

int tw_capture_open(const char *path, const struct tw_capture_settings *settings,
		    struct tw_capture **ret_capture, struct tw_buffer *reason)
{
	struct tw_capture *capture = NULL;
	int status = open_source(path, settings, &capture, reason);
	if (status == TW_OK) {
		status = look(capture);
		if (status < 0)
			tw_buffer_printf(reason, "%s", tw_capture_problem(capture));
		if (status == 0) {
			tw_quote_plain(reason, tw_slice_string(path));
			tw_buffer_printf(reason, ": is no capture (pcap or pcapng)");
			status = TW_ERROR_UNSUPPORTED;
		}
	}
	if (status < 0) {
		tw_capture_close(capture);
		return status;
	}
	*ret_capture = capture;
	return TW_OK;
}

void tw_capture_close(struct tw_capture *capture)
{
	if (capture == NULL)
		return;
	tw_source_close(capture->source);
	tw_buffer_free(&capture->window);
	tw_buffer_free(&capture->interfaces);
	tw_buffer_free(&capture->problem);
	free(capture->path);
	free(capture);
}

static int begin(struct tw_capture *capture)
{
	int status = tw_capture_need(capture, TW_CAPTURE_MAGIC);
	if (status <= 0)
		return status;
	if (tw_pcapng_starts(tw_capture_ahead(capture))) {
		capture->format = CAPTURE_PCAPNG;
		return 1;
	}
	if (!tw_pcap_starts(tw_capture_ahead(capture)))
		return tw_capture_fail(capture, TW_ERROR_INVALID, "no capture begins here");
	capture->format = CAPTURE_PCAP;
	return tw_pcap_begin(capture);
}

static int next_packet(struct tw_capture *capture, struct tw_packet *ret_packet)
{
	int status = capture->format == CAPTURE_UNKNOWN ? begin(capture) : 1;
	if (status <= 0)
		return status;
	status = capture->format == CAPTURE_PCAP ? tw_pcap_next(capture, ret_packet)
						 : tw_pcapng_next(capture, ret_packet);
	if (status <= 0)
		return status;
	uint64_t first = capture->settings.first == 0 ? 1 : capture->settings.first;
	ret_packet->number = first + capture->counts.packets++;
	capture->counts.bytes += ret_packet->bytes.length;
	capture->time = ret_packet->time;
	capture->stamp = ret_packet->stamp;
	return 1;
}

static int pass_filter(struct tw_capture *capture, const struct tw_packet *packet)
{
	struct tw_buffer reason = {0};
	if (capture->settings.filter == NULL)
		return 1;
	int status = tw_filter_test(capture->settings.filter, packet, &reason);
	if (status < 0)
		tw_capture_fail(capture, status, "%.*s", (int)reason.length,
				reason.data == NULL ? "" : reason.data);
	tw_buffer_free(&reason);
	capture->counts.filtered += status == 0;
	return status;
}

int tw_capture_next(struct tw_capture *capture, struct tw_packet *ret_packet)
{
	struct tw_packet packet;
	int status = 0;
	while (status == 0) {
		if (capture->ended)
			return capture->status;
		status = next_packet(capture, &packet);
		if (status <= 0) {
			capture->ended = true;
			capture->status = status;
			return status;
		}
		status = pass_filter(capture, &packet);
	}
	if (status > 0)
		*ret_packet = packet;
	return status;
}

const char *tw_capture_problem(struct tw_capture *capture)
{
	if (capture->status == 0)
		return NULL;
	if (capture->problem.length == 0)
		return capture->source == NULL ? NULL : tw_source_problem(capture->source);
	if (tw_buffer_reserve(&capture->problem, 1) < 0)
		return "out of memory";
	capture->problem.data[capture->problem.length] = '\0';
	return capture->problem.data;
}

struct tw_capture_counts tw_capture_counts(const struct tw_capture *capture)
{
	return capture->counts;
}

int tw_capture_first_time(const char *path, const struct tw_capture_settings *settings,
			  double *ret_time, struct tw_buffer *reason)
{
	struct tw_capture_settings plain = *settings;
	struct tw_capture *capture;
	struct tw_packet packet;
	plain.filter = NULL;
	int status = tw_capture_open(path, &plain, &capture, reason);
	if (status < 0)
		return status;
	status = tw_capture_next(capture, &packet);
	if (status > 0)
		*ret_time = packet.time;
	else if (status < 0)
		tw_buffer_printf(reason, "%s", tw_capture_problem(capture));
	tw_capture_close(capture);
	return status;
}
