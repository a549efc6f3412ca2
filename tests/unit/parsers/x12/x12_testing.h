/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_X12_TESTING_H
#define TW_TEST_X12_TESTING_H

/*
 * What a stream must make the parser say, written as the recorder writes it, the
 * same whatever windows it comes in; and pieces of an interchange to write streams
 * with. Link the parser alone (all C files of parsers/x12), NOT the core library
 * (see the recorder). Weakness: for streams that are written by hand.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recorder.h"
#include "../expect_bytes.h"

/* An interchange header, padded as X12.5 wants it, with its 11th and 12th element and all behind. */
#define ISA_WITH(standard, version, tail)                                       \
	"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       " \
	"*261120*1000*" standard "*" version "*000000007*0*" tail
#define ISA ISA_WITH("U", "00401", "P*>~")
#define ISA_SAID "interchange auto sender=SENDER recipient=RECEIVER reference=000000007 time=2611201000\n"
#define GS "GS*SO*SENDER*RECEIVER*20261120*1000*5*X*004010~"
#define ST "ST*309*0001~"
#define ST_SAID "message type=309 version=004010 reference=0001\n"
#define SE3 "SE*3*0001~"
#define GE "GE*1*5~"
#define IEA "IEA*1*000000007~"
#define ENDED "message_end complete\ninterchange_end complete\n"
/* One message with one segment between header and trailer. */
#define AROUND(segment) ISA GS ST segment SE3 GE IEA
#define AROUND_SAID(lines) ISA_SAID ST_SAID lines ENDED

#endif
