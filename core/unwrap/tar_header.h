/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_UNWRAP_TAR_HEADER_H
#define TW_UNWRAP_TAR_HEADER_H

#include "unwrap/layer.h"

/*
 * The header block of a member of a tar archive, and what comes before it in
 * members of their own: long names (GNU) and attributes (pax). Names are owned by
 * struct tw_tar_names until they are forgotten; a header holds its own bytes.
 * Stateless but for that; one thread at a time.
 *
 * Weakness: attributes other than path and size are passed over, as are names of
 * links; a file with holes is recognised, not read.
 */
#define TW_TAR_BLOCK ((size_t)512)

enum tw_tar_kind {
	TW_TAR_FILE,
	TW_TAR_OTHER,	  /* folder, link, device: no data */
	TW_TAR_LONG_NAME, /* GNU: its data is the next member's name */
	TW_TAR_PAX,	  /* its data is the next member's attributes */
	TW_TAR_SPARSE,	  /* a file with holes */
	TW_TAR_SKIPPED,	  /* data that is no member's */
};

struct tw_tar_header {
	enum tw_tar_kind kind;
	uint64_t size;
	char path[TW_TAR_BLOCK]; /* prefix, slash, name: at most 256 */
	size_t path_length;
};

struct tw_tar_names {
	struct tw_buffer path; /* empty: the header's own */
	bool sized, sparse, failed;
	uint64_t size;
};

/* Whether fewer bytes than a block may begin one: a name, then octal digits. */
bool tw_tar_may_begin(struct tw_slice head);
/* False: no header, its checksum is wrong. */
bool tw_tar_header_read(struct tw_slice block, struct tw_tar_header *ret_header);

/* The data of a LONG_NAME or PAX header. False: it cannot be read, or not all of it. */
bool tw_tar_names_take(struct tw_tar_names *names, const struct tw_tar_header *header,
		       struct tw_slice data);
/* Size and kind, where the names know better. */
void tw_tar_names_apply(const struct tw_tar_names *names, struct tw_tar_header *header);
struct tw_slice tw_tar_names_path(const struct tw_tar_names *names,
				  const struct tw_tar_header *header);
void tw_tar_names_forget(struct tw_tar_names *names);
void tw_tar_names_free(struct tw_tar_names *names);

#endif
