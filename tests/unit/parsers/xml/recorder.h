/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_TEST_XML_RECORDER_H
#define TW_TEST_XML_RECORDER_H

/* The recorder (../recorder.h says what it is bad at) for the parser of XML. */
#define RECORDER_PARSER xml_LTX_tw_parser
#define RECORDER_FORMAT "xml"
#define RECORDER_TREE 1
#include "../recorder.h"

#endif
