/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_SOURCE_CAPTURE_ORDER_H
#define TW_SOURCE_CAPTURE_ORDER_H

#include "source/source.h"

/*
 * The order of captures: by the time of their first packet, so that flows go on from
 * one file to the next whatever the files are called. What is no capture, or has no
 * packet, stands behind the others. Stateless; any thread.
 *
 * Weakness: every file is opened once more for it.
 */
/* Sorts the inputs from `first` on. TW_OK or TW_ERROR_MEMORY. */
int tw_captures_sort(struct tw_inputs *inputs, unsigned first, struct tw_buffer *reason);

#endif
