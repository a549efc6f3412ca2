/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the ONE Record parser; how, fuzz_parser.h says. */
#include "../unit/parsers/one_record/recorder.h"
#include "fuzz_parser.h"
