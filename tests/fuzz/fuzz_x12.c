/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the X12 parser; how, fuzz_parser.h says. */
#define RECORDER_PARSER x12_LTX_tw_parser
#define RECORDER_FORMAT "x12"
#define RECORDER_LEFT "x12.segment_too_many_pieces"
#include "fuzz_parser.h"
