/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_EXPECT_H
#define TW_TEST_EXPECT_H

/*
 * What a stream must make the parser say, written as the recorder writes it, the
 * same whatever windows it comes in. Link the parser alone, NOT the core library
 * (see recorder.h).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recorder.h"
#include "../expect_bytes.h"

/* An interchange whose header every test may use, and what it makes the parser say. */
#define UNB "UNB+UNOA:3+S+R+261120:1000+I1'"
#define UNB_SAID "interchange ascii sender=S recipient=R reference=I1 time=2611201000\n"
#define UNH "UNH+1+CUSCAR:D:95B:UN'"
#define UNH_SAID "message type=CUSCAR version=D:95B:UN reference=1\n"
#define UNT3 "UNT+3+1'"
#define UNZ "UNZ+1+I1'"
#define ENDED "message_end complete\ninterchange_end complete\n"
/* One message with one segment between header and trailer. */
#define AROUND(segment) UNB UNH segment UNT3 UNZ
#define AROUND_SAID(lines) UNB_SAID UNH_SAID lines ENDED

#endif
