/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_X12_RECORDER_H
#define TW_TEST_X12_RECORDER_H

/* The recorder (../recorder.h says what it is bad at) for the parser of X12. */
#define RECORDER_PARSER x12_LTX_tw_parser
#define RECORDER_FORMAT "x12"
#define RECORDER_LEFT "x12.segment_too_many_pieces"
#include "../recorder.h"

#endif
