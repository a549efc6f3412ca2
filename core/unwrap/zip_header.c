/* SPDX-License-Identifier: Apache-2.0 */
#include "unwrap/zip_header.h"

#include <zlib.h>

#define EXTRA_ZIP64 0x0001u	   /* 4.5.3 */
#define EXTRA_UNICODE_PATH 0x7075u /* 4.6.9 */

size_t tw_zip_local_length(struct tw_slice bytes)
{
	if (bytes.length < TW_ZIP_LOCAL_LENGTH)
		return 0;
	return TW_ZIP_LOCAL_LENGTH + tw_layer_u16(bytes, 26) + tw_layer_u16(bytes, 28);
}

/* The sizes that 32 bits do not hold, in this order where they are missing. */
static void take_zip64(struct tw_slice data, struct tw_zip_member *member)
{
	size_t at = 0;
	member->zip64 = true;
	if (member->size == UINT32_MAX && data.length >= at + 8) {
		member->size = tw_layer_u64(data, at);
		at += 8;
	}
	if (member->packed == UINT32_MAX && data.length >= at + 8)
		member->packed = tw_layer_u64(data, at);
}

/* Version 1, CRC-32 of the name it stands for, and that name in UTF-8. */
static void take_unicode(struct tw_slice data, struct tw_zip_member *member)
{
	uint32_t crc = (uint32_t)crc32(0, (const Bytef *)member->name.data, (uInt)member->name.length);
	if (tw_slice_at(data, 0) == 1 && data.length > 5 && tw_layer_u32(data, 1) == crc)
		member->name = tw_slice_from(data, 5);
}

void tw_zip_local_read(struct tw_slice bytes, struct tw_zip_member *ret_member)
{
	size_t name = tw_layer_u16(bytes, 26);
	*ret_member = (struct tw_zip_member){
		.flags = tw_layer_u16(bytes, 6), .method = tw_layer_u16(bytes, 8),
		.crc = tw_layer_u32(bytes, 14), .packed = tw_layer_u32(bytes, 18),
		.size = tw_layer_u32(bytes, 22),
		.name = tw_slice_part(bytes, TW_ZIP_LOCAL_LENGTH, name),
	};
	struct tw_slice extra = tw_slice_part(bytes, TW_ZIP_LOCAL_LENGTH + name,
					      tw_layer_u16(bytes, 28));
	while (extra.length >= 4) {
		size_t length = tw_layer_u16(extra, 2);
		struct tw_slice data = tw_slice_part(extra, 4, length);
		if (tw_layer_u16(extra, 0) == EXTRA_ZIP64)
			take_zip64(data, ret_member);
		else if (tw_layer_u16(extra, 0) == EXTRA_UNICODE_PATH)
			take_unicode(data, ret_member);
		extra = tw_slice_from(extra, 4 + length);
	}
}

bool tw_zip_is_next(struct tw_slice bytes)
{
	switch (bytes.length < 4 ? 0 : tw_layer_u32(bytes, 0)) {
	case TW_ZIP_LOCAL:
	case TW_ZIP_CENTRAL:
	case TW_ZIP_EXTRA_DATA:
	case TW_ZIP_END64:
	case TW_ZIP_END:
		return true;
	default:
		return false;
	}
}

struct tw_zip_descriptor tw_zip_descriptor_read(struct tw_slice bytes,
						const struct tw_zip_member *found)
{
	struct tw_zip_descriptor result = {0, 0};
	for (unsigned form = 0; form < 4; form++) {
		size_t start = form & 1 ? 0 : 4, wide = form & 2 ? 8 : 4;
		size_t length = start + 4 + 2 * wide;
		if (bytes.length < length ||
		    (start > 0 && tw_layer_u32(bytes, 0) != TW_ZIP_DESCRIPTOR))
			continue;
		uint64_t mask = wide == 8 ? UINT64_MAX : UINT32_MAX;
		uint64_t packed = tw_layer_u64(bytes, start + 4) & mask;
		uint64_t size = tw_layer_u64(bytes, start + 4 + wide) & mask;
		bool followed = tw_zip_is_next(tw_slice_from(bytes, length));
		if (tw_layer_u32(bytes, start) == found->crc && packed == (found->packed & mask) &&
		    size == (found->size & mask))
			return (struct tw_zip_descriptor){length, length};
		if (followed && result.guessed == 0)
			result.guessed = length;
	}
	return result;
}
