/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_ONE_RECORD_EXPECT_H
#define TW_TEST_ONE_RECORD_EXPECT_H

/*
 * What a stream must make the ONE Record parser say, written as the recorder writes it, the
 * same whatever windows it comes in. Link the parser alone, NOT the core library (see
 * recorder.h).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recorder.h"
#include "../expect_bytes.h"

#endif
