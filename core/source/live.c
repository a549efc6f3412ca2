/* SPDX-License-Identifier: Apache-2.0 */
#include "source/live.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdlib.h>

#include "base/quote.h"
#include "base/time.h"
#include "source/filter.h"

/* How long packets may stay in the kernel's buffer where they are not taken at once. */
#define LATENCY_MILLISECONDS 100
/* How long they are waited for behind a stop. */
#define STOP_SECONDS (2 * LATENCY_MILLISECONDS / 1000.0)

struct interface {
	char *name;
	pcap_t *handle;
	uint32_t link_type;
	uint32_t last_drop, last_device_drop; /* libpcap counts in 32 bits */
	struct tw_live_counts counts;
	struct pcap_pkthdr *header; /* of the packet that waits, or NULL */
	const unsigned char *bytes;
};

struct tw_live {
	struct tw_live_settings settings;
	struct interface interfaces[TW_LIVE_INTERFACES];
	unsigned count;
	unsigned last; /* whose packet was handed out */
	uint64_t packets;
	bool stopped;
	double stop; /* of what is still to come the latest time of a packet, */
	double end;  /* and how long it is waited for, as tw_time_elapsed() */
	struct tw_buffer problem;
};

struct tw_live_settings tw_live_settings(const struct tw_config *config)
{
	return (struct tw_live_settings){
		.snap_bytes = tw_config_size(config, "capture.snap_bytes"),
		.buffer_bytes = tw_config_size(config, "capture.buffer_bytes"),
		.promiscuous = tw_config_bool(config, "capture.promiscuous"),
		.immediate = tw_config_bool(config, "capture.immediate"),
	};
}

int tw_live_create(const struct tw_live_settings *settings, struct tw_live **ret_live)
{
	struct tw_live *live = calloc(1, sizeof(*live));
	if (live == NULL)
		return TW_ERROR_MEMORY;
	live->settings = *settings;
	*ret_live = live;
	return TW_OK;
}

static void take_counts(struct interface *interface)
{
	struct pcap_stat stat;
	if (interface->handle == NULL || pcap_stats(interface->handle, &stat) != 0)
		return;
	interface->counts.kernel_dropped += stat.ps_drop - interface->last_drop;
	interface->counts.interface_dropped += stat.ps_ifdrop - interface->last_device_drop;
	interface->last_drop = stat.ps_drop;
	interface->last_device_drop = stat.ps_ifdrop;
}

static void end_interface(struct interface *interface)
{
	take_counts(interface);
	if (interface->handle != NULL)
		pcap_close(interface->handle);
	interface->handle = NULL;
	interface->header = NULL;
	interface->counts.ended = true;
}

void tw_live_close(struct tw_live *live)
{
	if (live == NULL)
		return;
	for (unsigned i = 0; i < live->count; i++) {
		end_interface(&live->interfaces[i]);
		free(live->interfaces[i].name);
	}
	tw_buffer_free(&live->problem);
	free(live);
}

static int refuse(struct tw_buffer *reason, const char *name, const char *what, const char *why)
{
	tw_quote_plain(reason, tw_slice_string(name));
	tw_buffer_printf(reason, ": %s: %s", what, why);
	return TW_ERROR_IO;
}

static int set_filter(const struct tw_live *live, pcap_t *handle, const char *name,
		      struct tw_buffer *reason)
{
	struct bpf_program program;
	if (live->settings.filter == NULL)
		return TW_OK;
	if (pcap_compile(handle, &program, live->settings.filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		refuse(reason, name, "the filter cannot be used", pcap_geterr(handle));
		return TW_ERROR_INVALID;
	}
	int failed = pcap_setfilter(handle, &program);
	pcap_freecode(&program);
	return failed == 0 ? TW_OK
			   : refuse(reason, name, "the filter cannot be used", pcap_geterr(handle));
}

/* A value above zero is a warning of libpcap's, such as that there is no promiscuous mode. */
static int activate(const struct tw_live *live, pcap_t *handle, const char *name,
		    struct tw_buffer *reason)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_set_snaplen(handle, (int)live->settings.snap_bytes);
	pcap_set_promisc(handle, live->settings.promiscuous);
	pcap_set_immediate_mode(handle, live->settings.immediate);
	pcap_set_timeout(handle, LATENCY_MILLISECONDS);
	pcap_set_buffer_size(handle, (int)live->settings.buffer_bytes);
	int result = pcap_activate(handle);
	if (result < 0)
		return refuse(reason, name, "cannot be opened",
			      pcap_geterr(handle)[0] != '\0' ? pcap_geterr(handle)
							     : pcap_statustostr(result));
	if (pcap_setnonblock(handle, 1, error) != 0 || pcap_get_selectable_fd(handle) < 0)
		return refuse(reason, name, "cannot be read", "it cannot be waited for");
	return set_filter(live, handle, name, reason);
}

int tw_live_add(struct tw_live *live, const char *name, struct tw_buffer *reason)
{
	char error[PCAP_ERRBUF_SIZE];
	if (live->count == TW_LIVE_INTERFACES) {
		refuse(reason, name, "cannot be opened", "there are too many interfaces");
		return TW_ERROR_LIMIT;
	}
	pcap_t *handle = pcap_create(name, error);
	if (handle == NULL)
		return refuse(reason, name, "cannot be opened", error);
	char *copy = strdup(name);
	int status = copy == NULL ? TW_ERROR_MEMORY : activate(live, handle, name, reason);
	if (status < 0) {
		pcap_close(handle);
		free(copy);
		return status;
	}
	live->interfaces[live->count++] = (struct interface){
		.name = copy,
		.handle = handle,
		.link_type = tw_filter_link_type(pcap_datalink(handle)),
		.counts = {.name = copy},
	};
	return TW_OK;
}

/* Looks for a packet of an interface that has none waiting. */
static int look(struct tw_live *live, struct interface *interface)
{
	if (interface->handle == NULL || interface->header != NULL)
		return TW_OK;
	int result = pcap_next_ex(interface->handle, &interface->header, &interface->bytes);
	if (result == 1)
		return TW_OK;
	interface->header = NULL;
	if (result == 0)
		return TW_OK;
	tw_buffer_clear(&live->problem);
	refuse(&live->problem, interface->name, "cannot be read any more",
	       pcap_geterr(interface->handle));
	end_interface(interface);
	return TW_ERROR_IO;
}

static double time_of(const struct interface *interface)
{
	return (double)interface->header->ts.tv_sec + (double)interface->header->ts.tv_usec / 1e6;
}

static bool is_too_late(const struct tw_live *live, const struct interface *interface)
{
	return live->stopped && time_of(interface) > live->stop;
}

/* The earliest packet that is there. 1, 0, or TW_ERROR_IO. */
static int take_earliest(struct tw_live *live, struct tw_packet *ret_packet)
{
	struct interface *earliest = NULL;
	for (unsigned i = 0; i < live->count; i++) {
		struct interface *interface = &live->interfaces[i];
		int status = look(live, interface);
		if (status < 0)
			return status;
		if (interface->header != NULL && !is_too_late(live, interface) &&
		    (earliest == NULL || time_of(interface) < time_of(earliest)))
			earliest = interface;
	}
	if (earliest == NULL)
		return 0;
	*ret_packet = (struct tw_packet){
		.bytes = tw_slice((const char *)earliest->bytes, earliest->header->caplen),
		.length = earliest->header->len,
		.link_type = earliest->link_type,
		.time = time_of(earliest),
		.stamp = (uint64_t)earliest->header->ts.tv_sec * 1000000000 +
			 (uint64_t)earliest->header->ts.tv_usec * 1000,
		.number = ++live->packets,
	};
	live->last = (unsigned)(earliest - live->interfaces);
	earliest->counts.packets++;
	earliest->header = NULL;
	return 1;
}

/* TW_ERROR_NOT_FOUND: nothing is left to wait for. */
static int wait_for_packets(const struct tw_live *live, int milliseconds)
{
	struct pollfd waits[TW_LIVE_INTERFACES];
	nfds_t count = 0;
	for (unsigned i = 0; i < live->count; i++)
		if (live->interfaces[i].handle != NULL)
			waits[count++] = (struct pollfd){
				.fd = pcap_get_selectable_fd(live->interfaces[i].handle),
				.events = POLLIN,
			};
	if (count == 0)
		return TW_ERROR_NOT_FOUND;
	return poll(waits, count, milliseconds) > 0 ? 1 : 0;
}

/* What makes an interface readable may be a packet that the filter, or libpcap itself, leaves out. */
int tw_live_next(struct tw_live *live, int milliseconds, struct tw_packet *ret_packet)
{
	double end = tw_time_elapsed() + milliseconds / 1000.0;
	if (live->stopped && end > live->end)
		end = live->end;
	int status = take_earliest(live, ret_packet);
	int left = (int)((end - tw_time_elapsed()) * 1000);
	while (status == 0 && left >= 0) {
		status = wait_for_packets(live, left);
		if (status <= 0)
			break;
		status = take_earliest(live, ret_packet);
		left = (int)((end - tw_time_elapsed()) * 1000);
	}
	return status == 0 && live->stopped && tw_time_elapsed() >= live->end ? TW_ERROR_NOT_FOUND : status;
}

void tw_live_stop(struct tw_live *live)
{
	if (live->stopped)
		return;
	live->stopped = true;
	live->stop = tw_time_now();
	live->end = tw_time_elapsed() + STOP_SECONDS;
}

const char *tw_live_interface(const struct tw_live *live)
{
	return live->interfaces[live->last].name;
}

const char *tw_live_problem(struct tw_live *live)
{
	if (tw_buffer_reserve(&live->problem, 1) < 0)
		return "out of memory";
	live->problem.data[live->problem.length] = '\0';
	return live->problem.data;
}

bool tw_live_counts(struct tw_live *live, unsigned index, struct tw_live_counts *ret_counts)
{
	if (index >= live->count)
		return false;
	take_counts(&live->interfaces[index]);
	*ret_counts = live->interfaces[index].counts;
	return true;
}
