/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the parser of Cargo-IMP and CBP air messages; how, fuzz_parser.h says. */
#define RECORDER_PARSER cargo_imp_LTX_tw_parser
#define RECORDER_FORMAT "cargo_imp"
#define RECORDER_LEFT "cargo_imp.line_too_many_pieces"
#include "fuzz_parser.h"
