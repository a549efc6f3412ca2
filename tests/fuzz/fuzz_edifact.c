/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the EDIFACT parser; how, fuzz_parser.h says. */
#include "fuzz_parser.h"
