/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_CARGO_IMP_HEADER_H
#define TW_CARGO_IMP_HEADER_H

#include "line.h"

/*
 * Where a message may start: at its identifier line (FWB/16), or at the header of
 * the network that carried it. Type B, as lines (QU and addresses, .ORIGIN, with
 * or without SOH, STX, ZCZC), or as the text files of gateways (=HEADER ... =TEXT);
 * or an EDIFACT envelope (UNH+1+CIMFWB:0'FWB/16 ...), as community systems use it.
 * A header counts only where it leads to a message of ours: flight and baggage
 * messages have the same one.
 *
 * Pure functions over the bytes: they look ahead no further than
 * TW_IMP_HEADER_BYTES, and the answer does not depend on how many bytes more are
 * there, only on whether enough are. Slices of the answer point into the bytes.
 * Weakness: a longer header is not recognised.
 */

#define TW_IMP_HEADER_BYTES 4096u

struct tw_imp_header {
	size_t start;		/* of it, behind blanks and line ends */
	bool framed;		/* SOH, STX, ZCZC or UNB: an end must follow */
	bool enveloped;		/* by EDIFACT */
	unsigned groups;	/* that the envelope opened */
	bool addressed;		/* a header, not an identifier line alone */
	struct tw_slice sender, recipient, reference;
	struct tw_slice date, clock; /* 2026/11/19, 12:00 or 261119, 1200; not of Type B */
	size_t duplicate;	/* where it says that it is sent again; valid where `repeated` */
	bool repeated;
	size_t text;		/* where the identifier line, or the text, starts */
	struct tw_slice type;	/* of gateways that keep the identifier apart; else empty */
};

/* Whether something of ours starts at bytes[0]: 1 to 100, 0 no, -1: more bytes are needed. */
int tw_imp_start(struct tw_slice bytes, bool end, struct tw_imp_header *ret_header);
/* An element of a service segment of EDIFACT, the tag being 0. */
struct tw_slice tw_imp_element(struct tw_slice segment, unsigned element);
/* The type that an UNH segment names (CIMFWB), or empty. */
struct tw_slice tw_imp_enveloped_type(struct tw_slice segment);
/* An identifier line that may begin a message wherever it stands; the same answers. */
int tw_imp_identifier(struct tw_slice bytes, bool end);
/* Offset of the next place where something may start; `fresh`: bytes[0] begins a line. */
size_t tw_imp_find(struct tw_slice bytes, bool fresh);

#endif
