/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_UNWRAP_ZIP_HEADER_H
#define TW_UNWRAP_ZIP_HEADER_H

#include "unwrap/layer.h"

/*
 * The records of a zip archive (PKWARE's APPNOTE.TXT, section 4.3), read from
 * slices that may be shorter than they should. Stateless, any thread; a record
 * points into the slice it was read from.
 *
 * Weakness: of the extra fields only zip64's sizes and the UTF-8 name are read.
 */
#define TW_ZIP_LOCAL 0x04034b50u
#define TW_ZIP_DESCRIPTOR 0x08074b50u
#define TW_ZIP_CENTRAL 0x02014b50u
#define TW_ZIP_EXTRA_DATA 0x08064b50u
#define TW_ZIP_SIGNATURE 0x05054b50u
#define TW_ZIP_END64 0x06064b50u
#define TW_ZIP_LOCATOR64 0x07064b50u
#define TW_ZIP_END 0x06054b50u
#define TW_ZIP_SPANNED 0x30304b50u /* a mark before the first header, of archives in one piece after all */

#define TW_ZIP_LOCAL_LENGTH ((size_t)30)
#define TW_ZIP_CENTRAL_LENGTH ((size_t)46)

struct tw_zip_member {
	unsigned flags, method;
	uint32_t crc;
	uint64_t packed, size;
	struct tw_slice name;
	bool zip64;	/* the sizes in a descriptor have 8 bytes */
};
#define TW_ZIP_ENCRYPTED 0x2041u /* 4.4.4: bits 0, 6 (strong) and 13 (masked header) */
#define TW_ZIP_DESCRIBED 0x0008u /* bit 3: sizes and checksum follow the data */

/* Length of the local header with name and extra field; 0: not all of its fixed part is there. */
size_t tw_zip_local_length(struct tw_slice bytes);
/* The local header; `bytes` has all of it. */
void tw_zip_local_read(struct tw_slice bytes, struct tw_zip_member *ret_member);

/*
 * The descriptor behind a member: with or without signature, sizes of 4 or 8
 * bytes; the one that fits what was found counts. `found` has checksum and sizes.
 */
struct tw_zip_descriptor {
	size_t length; /* 0: none of the forms fits, and what stands here is taken for `guessed` bytes */
	size_t guessed;
};
#define TW_ZIP_DESCRIPTOR_NEEDED ((size_t)28) /* the longest form, and the next signature */
struct tw_zip_descriptor tw_zip_descriptor_read(struct tw_slice bytes,
						const struct tw_zip_member *found);
/* Whether these bytes are a record's signature that may follow a member. */
bool tw_zip_is_next(struct tw_slice bytes);

#endif
