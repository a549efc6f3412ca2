/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "unwrap/inflate.h"
#include "unwrap/zip_header.h"

/*
 * zip (PKWARE's APPNOTE.TXT), read from its front, by the local headers; the
 * directory at its end only says whether all were met. Members that are stored or
 * deflated are read; others, and encrypted ones, are opaque. Where no record
 * stands the next one is looked for. Archives joined with cat go on.
 */
enum state {
	RECORD,
	OPENED,	 /* a local header was read: its member begins */
	STORED,	 /* data whose length is known */
	SOUGHT,	 /* data that lasts until its descriptor */
	INFLATED,
	SURPLUS, /* what is left of the announced data */
	DESCRIPTOR,
	VERIFY,
	CLOSED,
	SKIP, /* the rest of a record that is not needed */
	BROKEN,
};

#define RAW_DEFLATE (-15)
#define STORED_METHOD 0u
#define DEFLATED_METHOD 8u

struct zip {
	struct tw_layer layer;
	enum state state;
	struct tw_zip_member announced, found;
	bool opaque;
	uint64_t left;	  /* of the data, or of what is skipped */
	uint64_t junk;	  /* bytes in a row that are no record */
	/* What the directory is held against. */
	uint64_t members, names, listed, listed_names;
	bool ended;	  /* its end was met */
	struct tw_inflate inflate;
};

static int zip_probe(struct tw_slice head, bool end)
{
	/* An archive without members is its end alone. */
	static const char starts[][4] = {"PK\3\4", "PK\5\6", "PK\7\10", "PK00"};
	size_t have = head.length < 4 ? head.length : 4;
	for (unsigned i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (have > 0 && memcmp(head.data, starts[i], have) != 0)
			continue;
		if (have < 4)
			return end ? 0 : -1;
		if (i < 2)
			return 1;
		if (head.length < 8)
			return end ? 0 : -1;
		return tw_layer_u32(head, 4) == TW_ZIP_LOCAL;
	}
	return 0;
}

static int zip_open(struct tw_layer **ret_layer)
{
	struct zip *zip = calloc(1, sizeof(*zip));
	if (zip == NULL)
		return TW_ERROR_MEMORY;
	*ret_layer = &zip->layer;
	return TW_OK;
}

static void zip_close(struct tw_layer *layer)
{
	struct zip *zip = (struct zip *)layer;
	tw_inflate_end(&zip->inflate);
	free(zip);
}

/* ---- members -------------------------------------------------------------------- */

static uint64_t digest_name(struct tw_slice name)
{
	return crc32(0, (const Bytef *)name.data, (uInt)name.length) + UINT64_C(1);
}

/* A folder is a name that ends in a slash, without data. */
static bool is_folder(const struct tw_zip_member *member)
{
	return tw_slice_at(member->name, member->name.length - 1) == '/' && member->packed == 0 &&
	       (member->flags & TW_ZIP_DESCRIBED) == 0;
}

static enum tw_layer_verdict read_local(struct zip *zip)
{
	struct tw_layer *layer = &zip->layer;
	size_t length = tw_zip_local_length(layer->input);
	if (length == 0 || layer->input.length < length)
		return TW_LAYER_NEED;
	tw_zip_local_read(layer->input, &zip->announced);
	zip->members++;
	zip->names += digest_name(tw_slice_part(layer->input, TW_ZIP_LOCAL_LENGTH,
						tw_layer_u16(layer->input, 26)));
	zip->found = (struct tw_zip_member){0};
	zip->left = zip->announced.packed;
	zip->opaque = (zip->announced.flags & TW_ZIP_ENCRYPTED) != 0 ||
		      (zip->announced.method != STORED_METHOD && zip->announced.method != DEFLATED_METHOD);
	if (is_folder(&zip->announced)) {
		tw_layer_take(layer, length);
		return TW_LAYER_ON;
	}
	enum tw_layer_verdict verdict = tw_layer_member(layer, zip->announced.name);
	layer->given.opaque = zip->opaque;
	zip->announced.name = tw_slice(NULL, 0);
	tw_layer_take(layer, length);
	zip->state = OPENED;
	return verdict;
}

static enum tw_layer_verdict open_member(struct zip *zip)
{
	bool described = (zip->announced.flags & TW_ZIP_DESCRIBED) != 0;
	bool deflated = zip->announced.method == DEFLATED_METHOD && !zip->opaque;
	/* Some writers know the size and leave a descriptor all the same. */
	bool sized = !described || zip->announced.packed > 0;
	if (described && !sized)
		zip->left = UINT64_MAX;
	zip->state = deflated ? INFLATED : sized ? STORED : SOUGHT;
	if (deflated && tw_inflate_begin(&zip->inflate, RAW_DEFLATE) < 0)
		return TW_LAYER_FAIL;
	return TW_LAYER_ON;
}

static enum tw_layer_verdict hand_on(struct zip *zip, size_t length)
{
	struct tw_slice bytes = tw_slice_part(zip->layer.input, 0, length);
	zip->found.packed += bytes.length;
	tw_layer_take(&zip->layer, bytes.length);
	if (zip->opaque)
		return TW_LAYER_ON;
	zip->found.size += bytes.length;
	zip->found.crc = (uint32_t)crc32(zip->found.crc, (const Bytef *)bytes.data, (uInt)bytes.length);
	return tw_layer_bytes(&zip->layer, bytes);
}

static enum tw_layer_verdict read_stored(struct zip *zip)
{
	size_t length = zip->layer.input.length;
	if (zip->left == 0) {
		zip->state = (zip->announced.flags & TW_ZIP_DESCRIBED) != 0 ? DESCRIPTOR : VERIFY;
		return TW_LAYER_ON;
	}
	if (length == 0)
		return TW_LAYER_NEED;
	if (length > TW_LAYER_BLOCK)
		length = TW_LAYER_BLOCK;
	if (length > zip->left)
		length = (size_t)zip->left;
	zip->left -= length;
	return hand_on(zip, length);
}

/* How many bytes stand before the next "PK\7\8", which may be cut off at the end. */
static size_t before_descriptor(struct tw_slice bytes)
{
	size_t at = 0;
	while (at < bytes.length) {
		const char *found = memchr(bytes.data + at, 'P', bytes.length - at);
		if (found == NULL)
			return bytes.length;
		at = (size_t)(found - bytes.data);
		size_t have = bytes.length - at < 4 ? bytes.length - at : 4;
		if (memcmp(found, "PK\7\10", have) == 0)
			return at;
		at++;
	}
	return bytes.length;
}

/* Of opaque data size and checksum are not known: its packed length has to do. */
static void trust_descriptor(struct zip *zip)
{
	struct tw_slice input = zip->layer.input;
	if (!zip->opaque)
		return;
	zip->found.crc = tw_layer_u32(input, 4);
	zip->found.size = tw_layer_u64(input, 8) == zip->found.packed ? tw_layer_u64(input, 16)
								      : tw_layer_u32(input, 12);
}

/* Data of unknown length ends where a descriptor says what was found. */
static enum tw_layer_verdict read_sought(struct zip *zip)
{
	struct tw_slice input = zip->layer.input;
	size_t before = before_descriptor(input);
	if (before > 0)
		return hand_on(zip, before < TW_LAYER_BLOCK ? before : TW_LAYER_BLOCK);
	bool enough = input.length >= TW_ZIP_DESCRIPTOR_NEEDED;
	if (!enough && (!zip->layer.end || input.length < 16))
		return TW_LAYER_NEED;
	trust_descriptor(zip);
	if (tw_zip_descriptor_read(input, &zip->found).length == 0)
		return enough ? hand_on(zip, 1) : TW_LAYER_NEED;
	zip->state = DESCRIPTOR;
	return TW_LAYER_ON;
}

/* The announced data is used up, or the deflated data is complete. */
static enum tw_layer_verdict read_inflated(struct zip *zip)
{
	struct tw_inflate *inflate = &zip->inflate;
	bool sized = zip->left != UINT64_MAX;
	uint64_t most = sized ? zip->left - inflate->consumed : UINT64_MAX;
	enum tw_layer_verdict verdict = tw_inflate_step(inflate, &zip->layer, most);
	zip->found.packed = inflate->consumed;
	zip->found.size = inflate->produced;
	zip->found.crc = inflate->crc;
	if (verdict == TW_LAYER_NEED && sized && inflate->consumed == zip->left) {
		zip->state = BROKEN;
		zip->left = 0;
		return tw_layer_problem(&zip->layer, "unwrap.corrupt", 0,
					"the deflated data of a member of the zip archive goes on beyond its "
					"%llu bytes", (unsigned long long)inflate->consumed);
	}
	if (verdict != TW_LAYER_ON)
		return verdict;
	if (inflate->corrupt || inflate->over) {
		zip->left = sized && !inflate->over ? zip->left - inflate->consumed : UINT64_MAX;
		zip->state = BROKEN;
		verdict = tw_inflate_problem(inflate, &zip->layer);
		zip->layer.given.skipped = zip->left == UINT64_MAX ? 0 : zip->left;
		return verdict;
	}
	if (inflate->ended) {
		zip->left = sized ? zip->left - inflate->consumed : 0;
		zip->state = SURPLUS;
	}
	return TW_LAYER_ON;
}

static enum tw_layer_verdict read_surplus(struct zip *zip)
{
	if (zip->left == 0) {
		zip->state = (zip->announced.flags & TW_ZIP_DESCRIBED) != 0 ? DESCRIPTOR : VERIFY;
		return TW_LAYER_ON;
	}
	uint64_t left = zip->left;
	zip->state = BROKEN;
	return tw_layer_problem(&zip->layer, "unwrap.size", left,
				"%llu bytes behind the deflated data of a member of the zip archive",
				(unsigned long long)left);
}

/* Sizes and checksum stand behind the data. */
static enum tw_layer_verdict read_descriptor(struct zip *zip)
{
	struct tw_layer *layer = &zip->layer;
	if (layer->input.length < TW_ZIP_DESCRIPTOR_NEEDED && !layer->end)
		return TW_LAYER_NEED;
	trust_descriptor(zip);
	struct tw_zip_descriptor descriptor = tw_zip_descriptor_read(layer->input, &zip->found);
	if (descriptor.length > 0 || (zip->opaque && descriptor.guessed > 0)) {
		tw_layer_take(layer, descriptor.length > 0 ? descriptor.length : descriptor.guessed);
		zip->state = VERIFY;
		zip->announced.crc = zip->found.crc;
		zip->announced.size = zip->found.size;
		return TW_LAYER_ON;
	}
	if (layer->end && layer->input.length < 12)
		return TW_LAYER_NEED;
	tw_layer_take(layer, descriptor.guessed);
	zip->state = CLOSED;
	zip->opaque = true; /* not whole */
	return tw_layer_problem(layer, "unwrap.checksum", 0,
				"checksum or size of a member of the zip archive are not those announced "
				"behind it");
}

static enum tw_layer_verdict verify(struct zip *zip)
{
	struct tw_layer *layer = &zip->layer;
	const struct tw_zip_member *announced = &zip->announced, *found = &zip->found;
	zip->state = CLOSED;
	if (zip->opaque)
		return tw_layer_problem(layer, "unwrap.opaque", found->packed,
					(announced->flags & TW_ZIP_ENCRYPTED) != 0
						? "an encrypted member of the zip archive is not read"
						: "a member of the zip archive is packed by a method (%u) "
						  "that is not read", announced->method);
	if (announced->size == found->size && announced->crc == found->crc)
		return TW_LAYER_ON;
	zip->opaque = true; /* not whole */
	if (announced->size != found->size)
		return tw_layer_problem(layer, "unwrap.size", 0,
					"a member of the zip archive has %llu bytes, its header says %llu",
					(unsigned long long)found->size,
					(unsigned long long)announced->size);
	return tw_layer_problem(layer, "unwrap.checksum", 0,
				"a member of the zip archive has the checksum %08x, its header says %08x",
				found->crc, announced->crc);
}

static enum tw_layer_verdict close_member(struct zip *zip)
{
	zip->state = RECORD;
	return tw_layer_member_end(&zip->layer, !zip->opaque);
}

/* A member that broke ends; the rest of its data is passed over where its length is known. */
static enum tw_layer_verdict end_broken(struct zip *zip)
{
	if (zip->inflate.over)
		return TW_LAYER_LOST;
	zip->state = zip->left == UINT64_MAX ? RECORD : SKIP;
	return tw_layer_member_end(&zip->layer, false);
}

/* ---- records -------------------------------------------------------------------- */

static enum tw_layer_verdict skip_record(struct zip *zip, uint64_t length)
{
	zip->left = length;
	zip->state = SKIP;
	return TW_LAYER_ON;
}

static enum tw_layer_verdict skip(struct zip *zip)
{
	size_t length = zip->layer.input.length;
	if (length > zip->left)
		length = (size_t)zip->left;
	tw_layer_take(&zip->layer, length);
	zip->left -= length;
	if (zip->left > 0)
		return TW_LAYER_NEED;
	zip->state = RECORD;
	return TW_LAYER_ON;
}

static enum tw_layer_verdict read_central(struct zip *zip)
{
	struct tw_slice input = zip->layer.input;
	size_t name = tw_layer_u16(input, 28);
	if (input.length < TW_ZIP_CENTRAL_LENGTH || input.length < TW_ZIP_CENTRAL_LENGTH + name)
		return TW_LAYER_NEED;
	zip->listed++;
	zip->listed_names += digest_name(tw_slice_part(input, TW_ZIP_CENTRAL_LENGTH, name));
	return skip_record(zip, TW_ZIP_CENTRAL_LENGTH + name + tw_layer_u16(input, 30) +
					tw_layer_u16(input, 32));
}

/* The directory's end: what it lists is compared with what was met. */
static enum tw_layer_verdict read_end(struct zip *zip)
{
	struct tw_layer *layer = &zip->layer;
	if (layer->input.length < 22)
		return TW_LAYER_NEED;
	uint64_t members = zip->members, listed = zip->listed;
	bool same = members == listed && zip->names == zip->listed_names;
	skip_record(zip, 22 + tw_layer_u16(layer->input, 20));
	zip->ended = true;
	zip->members = zip->listed = zip->names = zip->listed_names = 0;
	if (same)
		return TW_LAYER_ON;
	return tw_layer_problem(layer, listed > members ? "unwrap.missing" : "unwrap.directory", 0,
				"the directory of the zip archive lists %llu members, %llu were found%s",
				(unsigned long long)listed, (unsigned long long)members,
				listed == members ? " by other names" : "");
}

/* How many bytes stand before the next record, which may be cut off at the end. */
static size_t before_record(struct tw_slice bytes)
{
	for (size_t at = 1; at < bytes.length; at++) {
		const char *found = memchr(bytes.data + at, 'P', bytes.length - at);
		if (found == NULL)
			return bytes.length;
		at = (size_t)(found - bytes.data);
		struct tw_slice rest = tw_slice_from(bytes, at);
		if (rest.length < 4 ? memcmp(rest.data, "PK", rest.length < 2 ? rest.length : 2) == 0
				    : tw_zip_is_next(rest))
			return at;
	}
	return bytes.length;
}

static enum tw_layer_verdict report_junk(struct zip *zip)
{
	uint64_t junk = zip->junk;
	zip->junk = 0;
	return tw_layer_problem(&zip->layer, "unwrap.corrupt", junk,
				"%llu bytes of the zip archive are no record and were passed over",
				(unsigned long long)junk);
}

/* What stands here is no record. Zero bytes behind the end are padding. */
static enum tw_layer_verdict pass_junk(struct zip *zip)
{
	struct tw_layer *layer = &zip->layer;
	if (zip->ended && zip->junk == 0 && tw_slice_at(layer->input, 0) == 0) {
		tw_layer_take(layer, 1);
		return TW_LAYER_ON;
	}
	size_t length = before_record(layer->input);
	zip->junk += length;
	tw_layer_take(layer, length);
	return TW_LAYER_ON;
}

/* Fewer bytes than a signature, and nothing behind them. */
static enum tw_layer_verdict read_rest(struct zip *zip)
{
	struct tw_layer *layer = &zip->layer;
	if (!layer->end)
		return TW_LAYER_NEED;
	if (zip->ended && layer->input.length > 0)
		return pass_junk(zip);
	if (zip->junk > 0)
		return report_junk(zip);
	return zip->ended ? TW_LAYER_DONE : TW_LAYER_NEED;
}

static enum tw_layer_verdict read_record(struct zip *zip)
{
	struct tw_layer *layer = &zip->layer;
	struct tw_slice input = layer->input;
	if (input.length < 4)
		return read_rest(zip);
	/* Behind junk only what before_record() stops at is a record, wherever chunks are cut. */
	if (zip->junk > 0)
		return tw_zip_is_next(input) ? report_junk(zip) : pass_junk(zip);
	switch (tw_layer_u32(input, 0)) {
	case TW_ZIP_LOCAL:
		zip->ended = false;
		return read_local(zip);
	case TW_ZIP_CENTRAL:
		return read_central(zip);
	case TW_ZIP_END:
		return read_end(zip);
	case TW_ZIP_END64:
		return input.length < 12 ? TW_LAYER_NEED : skip_record(zip, 12 + tw_layer_u64(input, 4));
	case TW_ZIP_EXTRA_DATA:
		return input.length < 8 ? TW_LAYER_NEED : skip_record(zip, 8 + (uint64_t)tw_layer_u32(input, 4));
	case TW_ZIP_SIGNATURE:
		return input.length < 6 ? TW_LAYER_NEED : skip_record(zip, 6 + (uint64_t)tw_layer_u16(input, 4));
	case TW_ZIP_LOCATOR64:
		return skip_record(zip, 20);
	case TW_ZIP_DESCRIPTOR:
	case TW_ZIP_SPANNED:
		if (layer->offset == 0)
			return skip_record(zip, 4);
		break;
	}
	return pass_junk(zip);
}

static enum tw_layer_verdict zip_step(struct tw_layer *layer)
{
	static enum tw_layer_verdict (*const steps[])(struct zip *zip) = {
		[RECORD] = read_record,	    [OPENED] = open_member,	    [STORED] = read_stored,
		[SOUGHT] = read_sought,	    [INFLATED] = read_inflated,	    [SURPLUS] = read_surplus,
		[DESCRIPTOR] = read_descriptor, [VERIFY] = verify,	    [CLOSED] = close_member,
		[SKIP] = skip,		    [BROKEN] = end_broken,
	};
	struct zip *zip = (struct zip *)layer;
	return steps[zip->state](zip);
}

const struct tw_layer_kind tw_layer_zip = {
	.name = "zip",
	.probe = zip_probe,
	.open = zip_open,
	.close = zip_close,
	.step = zip_step,
};
