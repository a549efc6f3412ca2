/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_IMP_EXPECT_H
#define TW_TEST_IMP_EXPECT_H

/*
 * What a stream must make the parser say, written as the recorder writes it, the
 * same whatever windows it comes in. Link the parser alone, NOT the core library
 * (see recorder.h). The messages of these tests are made up, after the public
 * descriptions of Cargo-IMP and of CBP's air messages.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recorder.h"
#include "../expect_bytes.h"

/* An FSR asks for one waybill: the shortest message there is. */
#define FSR "FSR/1\n020-12345675\n"
#define FSR_UNIT "AWB 1.1=020-12345675\n"
#define FSR_SAID "message type=FSR version=1\n" FSR_UNIT "message_end complete\n"
#define BARE "interchange ascii\n"
#define ENDED "interchange_end complete\n"

#endif
