/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_CARGO_IMP_RECORDER_H
#define TW_TEST_CARGO_IMP_RECORDER_H

/* The recorder (../recorder.h says what it is bad at) for the parser of Cargo-IMP and CBP air. */
#define RECORDER_PARSER cargo_imp_LTX_tw_parser
#define RECORDER_FORMAT "cargo_imp"
#define RECORDER_LEFT "cargo_imp.line_too_many_pieces"
#include "../recorder.h"

#endif
