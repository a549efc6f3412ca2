/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_CAMIR_RECORDER_H
#define TW_TEST_CAMIR_RECORDER_H

/* The recorder (../recorder.h says what it is bad at) for the parser of CBP's ocean records. */
#define RECORDER_PARSER camir_LTX_tw_parser
#define RECORDER_FORMAT "camir"
#define RECORDER_LEFT "" /* a record has at most three pieces */
#include "../recorder.h"

#endif
