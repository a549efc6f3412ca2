/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the EDIFACT parser; how, fuzz_parser.h says. */
#include "../unit/parsers/edifact/recorder.h"
#include "fuzz_parser.h"
