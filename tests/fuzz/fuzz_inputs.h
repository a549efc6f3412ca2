/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_FUZZ_INPUTS_H
#define TW_FUZZ_INPUTS_H

/*
 * The end of a fuzz target whose files are all inputs as libFuzzer makes them: without
 * libFuzzer it is a program that replays them.
 */
#ifndef TW_LIBFUZZER

static void replay_bytes(const char *path, struct tw_slice bytes)
{
	(void)path;
	LLVMFuzzerTestOneInput((const uint8_t *)bytes.data, bytes.length);
}

#include "fuzz_replay.h"

#endif

#endif
