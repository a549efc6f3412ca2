/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_EDIFACT_RECORDER_H
#define TW_TEST_EDIFACT_RECORDER_H

/* The recorder (../recorder.h says what it is bad at) for the parser of EDIFACT. */
#define RECORDER_PARSER edifact_LTX_tw_parser
#define RECORDER_FORMAT "edifact"
#define RECORDER_LEFT "edifact.segment_too_many_pieces"
#include "../recorder.h"

#endif
