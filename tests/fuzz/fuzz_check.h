/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_FUZZ_CHECK_H
#define TW_FUZZ_CHECK_H

/*
 * What must hold for any input of a fuzz target. Where it does not, the target says which
 * line and aborts, which is how libFuzzer learns of it.
 */
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);            \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

#endif
