/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the parser of Cargo-IMP and CBP air messages; how, fuzz_parser.h says. */
#include "../unit/parsers/cargo_imp/recorder.h"
#include "fuzz_parser.h"
