/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_ONE_RECORD_RECORDER_H
#define TW_TEST_ONE_RECORD_RECORDER_H

/* The recorder (../recorder.h says what it is bad at) for the parser of ONE Record. A graph may name its nodes anywhere: units need not come in order. */
#define RECORDER_PARSER one_record_LTX_tw_parser
#define RECORDER_FORMAT "one_record"
#define RECORDER_TREE 0
#include "../recorder.h"

#endif
