/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the X12 parser, as fuzz_edifact.c says; links all C files of parsers/x12. */
#define RECORDER_FORMAT "x12"
#define RECORDER_PARSER x12_LTX_tw_parser
#include "fuzz_edifact.c"
