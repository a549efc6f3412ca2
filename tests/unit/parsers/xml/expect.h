/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_XML_EXPECT_H
#define TW_TEST_XML_EXPECT_H

/*
 * What a stream must make the XML parser say, written as the recorder writes it, the
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

/* A message of a type no table knows, and what is said around its contents. */
#define AROUND(contents) "<M>" contents "</M>"
#define BEGUN "interchange\nmessage type=M\nopen /M\n"
#define ENDED "close /M\nmessage_end complete\ninterchange_end complete\n"
#define AROUND_SAID(lines) BEGUN lines ENDED

#endif
