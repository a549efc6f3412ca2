/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SCREEN_DETECTORS_H
#define TW_SCREEN_DETECTORS_H

#include "config/config.h"
#include "screen/host.h"
#include "screen/loader.h"

/*
 * The detectors of a run: checked, configured, opened, and put in the order in
 * which they conclude (whoever is named in another's `after` comes first; else by
 * name). Made before threads start, const afterwards.
 */
struct tw_detector_entry {
	const struct tw_detector *detector;
	const char *path;
	void *instance;
	void *options;
	struct tw_host host;
	unsigned finding_count;
	unsigned table_count;
	bool foreign; /* its module is none of the program's own */
};

struct tw_detectors {
	struct tw_detector_entry *entries;
	unsigned count;
	const char **names; /* in order, NULL at the end: for receipts */
};

/*
 * Opens the detectors among the loader's modules. Options come from the
 * configuration's plugins.NAME.KEY. A line for every problem; returns their
 * number or a negative status.
 */
int tw_detectors_open(struct tw_detectors *detectors, const struct tw_loader *loader,
		      struct tw_config *config, const struct tw_host *host,
		      struct tw_buffer *problems);
void tw_detectors_close(struct tw_detectors *detectors);
/* The finding with this sid of a detector (0: its first), or NULL. */
const struct tw_finding_info *tw_detector_finding(const struct tw_detector_entry *entry,
						  uint32_t sid);

#endif
