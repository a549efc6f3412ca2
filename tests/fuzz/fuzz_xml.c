/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the XML parser; how, fuzz_parser.h says. */
#include "../unit/parsers/xml/recorder.h"
#include "fuzz_parser.h"
