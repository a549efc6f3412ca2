/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the parser of CBP's ocean records; how, fuzz_parser.h says. */
#include "../unit/parsers/camir/recorder.h"
#include "fuzz_parser.h"
