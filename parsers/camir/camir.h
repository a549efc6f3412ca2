/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_CAMIR_CAMIR_H
#define TW_CAMIR_CAMIR_H

#include "tidewaiter/parser.h"

/*
 * CBP's ocean records (CAMIR): a transaction file opens with ACR, closes with ZCR, and
 * between them stand records of 80 columns, each with an identifier in its first three
 * (M01, B01, D01), in lines or one behind the other without line ends. A record is a
 * unit, its identifier the tag, and what stands behind it element 1, so that a map states
 * columns: 1[0:4] are the columns 4 to 7. Only texts that go on in the next record are
 * elements of their own, by a table in record.c, since a map joins elements. A message is what begins with M01, or the
 * records before one; its type is the identifier of its first record.
 *
 * Owned by its stream, one thread at a time; nothing points into a window.
 *
 * Weakness: no published text was at hand, only the public descriptions of the records.
 * Without line ends a byte too many shifts all records behind it: they are told as they
 * stand, under RECORD, with one remark.
 */

#define TW_CAMIR_COLUMNS 80u

enum tw_camir_framing {
	TW_CAMIR_MORE, /* more bytes are needed to tell */
	TW_CAMIR_NONE, /* no transaction file starts here */
	TW_CAMIR_LINES,
	TW_CAMIR_BLOCKS, /* 80 columns each, without line ends */
};

enum tw_camir_phase {
	TW_CAMIR_IDLE,
	TW_CAMIR_RECORDS,
	TW_CAMIR_LONG, /* within a record that is passed over */
};

struct tw_camir {
	struct tw_parser_limits limits;
	enum tw_camir_phase phase;
	enum tw_camir_framing framing;
	bool message_open;
	bool odd; /* the last record had no identifier */
	uint64_t last_end;
	uint64_t long_at;
	uint64_t junk_end;
	size_t looked; /* bytes of the record at hand that hold no line end */
};

/* ---- record.c ---- */

/* Whether a record starts with an identifier: a letter, a letter or digit, a digit; or ACR, ZCR. */
bool tw_camir_identified(struct tw_slice record);
#define TW_CAMIR_PIECES 3u
/* The elements of a record, and how many. */
unsigned tw_camir_pieces(struct tw_slice record, bool identified,
			 struct tw_piece pieces[TW_CAMIR_PIECES]);
/* Whether ACR stands at the front, and how the records behind it are told apart. */
enum tw_camir_framing tw_camir_start(struct tw_slice bytes, bool end);
/*
 * Whether another syntax begins here, so that the transaction file has no trailer: 1 yes, 0 no,
 * -1: more bytes are needed.
 */
int tw_camir_foreign(struct tw_slice bytes, bool end);
int tw_camir_probe(struct tw_slice bytes, bool end);
size_t tw_camir_find(struct tw_slice bytes);

#endif
