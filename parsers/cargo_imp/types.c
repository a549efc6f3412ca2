/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IATA Cargo-IMP, 32nd edition and before, as public grammars and guides describe
 * it; the customs messages are CBP's (CAMIR Air, ACAS). Of each, the lines without
 * which it is not whole: a message that was cut lacks the last of them.
 */
#include "types.h"

static const struct tw_imp_type types[] = {
	{"FWB", 0, {"AWB", "RTG", "SHP", "CNE", "CVD", "RTD", "ISU"}},
	{"FHL", 0, {"MBI", "HBS"}},
	{"FZB", 0, {NULL}},
	{"FFM", TW_IMP_FLIGHT, {"PAGE", "POINT"}},
	{"FBL", TW_IMP_FLIGHT, {"PAGE", "POINT"}},
	{"FFR", 0, {"AWB", "FLIGHT"}},
	{"FFA", 0, {"AWB", "FLIGHT"}},
	{"FBR", 0, {NULL}},
	{"FSU", 0, {"AWB"}},
	{"FSA", 0, {"AWB"}},
	{"FSR", 0, {"AWB"}},
	{"FMA", TW_IMP_BARE | TW_IMP_QUOTES, {"ACK"}},
	{"FNA", TW_IMP_BARE | TW_IMP_QUOTES, {"ACK"}},
	{"FRI", TW_IMP_BARE | TW_IMP_CUSTOMS, {"AWB", "WBL"}},
	{"FXI", TW_IMP_BARE | TW_IMP_CUSTOMS, {"AWB", "WBL"}},
	{"PRI", TW_IMP_BARE | TW_IMP_CUSTOMS, {"AWB", "WBL"}},
	{"FRC", TW_IMP_BARE | TW_IMP_CUSTOMS, {"AWB"}},
	{"FXC", TW_IMP_BARE | TW_IMP_CUSTOMS, {"AWB"}},
	{"FRX", TW_IMP_BARE | TW_IMP_CUSTOMS, {"AWB"}},
	{"FXX", TW_IMP_BARE | TW_IMP_CUSTOMS, {"AWB"}},
	{"FDM", TW_IMP_BARE | TW_IMP_CUSTOMS, {"DEP"}},
	{"FSN", TW_IMP_BARE | TW_IMP_CUSTOMS, {"AWB"}},
	{"FSQ", TW_IMP_BARE | TW_IMP_CUSTOMS, {"AWB"}},
	{"FSC", TW_IMP_BARE | TW_IMP_CUSTOMS, {"AWB"}},
	{"FSI", TW_IMP_BARE | TW_IMP_CUSTOMS, {"AWB"}},
	{"FER", TW_IMP_BARE | TW_IMP_CUSTOMS, {"ERR"}},
	{"PHL", TW_IMP_BARE | TW_IMP_CUSTOMS, {NULL}},
	{"PSN", TW_IMP_BARE | TW_IMP_CUSTOMS, {"AWB"}},
	{"PER", TW_IMP_BARE | TW_IMP_CUSTOMS, {"ERR"}},
};

static const struct tw_imp_type other = {"", 0, {NULL}};

const struct tw_imp_type *tw_imp_type(struct tw_slice name)
{
	for (size_t i = 0; name.length == 3 && i < sizeof(types) / sizeof(types[0]); i++)
		if (memcmp(name.data, types[i].name, 3) == 0)
			return &types[i];
	return &other;
}

bool tw_imp_type_known(const struct tw_imp_type *type)
{
	return type != &other;
}

bool tw_imp_flight_line(struct tw_slice identifier)
{
	static const char *const lines[] = {"ULD", "DIM", "OSI", "OCI", "SSR", "COR", "CUS", "SPH",
					    "SHP", "CNE", "NFY", "NAM", "ADR", "LOC", "SCI"};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (tw_slice_is(identifier, lines[i]))
			return true;
	return false;
}
