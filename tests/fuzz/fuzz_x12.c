/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the X12 parser; how, fuzz_parser.h says. */
#include "../unit/parsers/x12/recorder.h"
#include "fuzz_parser.h"
