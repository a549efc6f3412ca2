/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_UNWRAP_LAYER_H
#define TW_UNWRAP_LAYER_H

#include "base/buffer.h"
#include "unwrap/unwrap.h"

/*
 * One kind of wrapping, as the stack in unwrap.c drives it. A kind embeds a
 * struct tw_layer as its first member and has one function that does a step: it
 * looks at `input`, takes what it can (tw_layer_take) and says with its verdict
 * what came of it. It keeps no pointer into `input` between steps. The stack owns
 * the window, the nesting, the end of input and what is cut short: a kind never
 * has to look after truncation, it just needs more. One thread at a time.
 *
 * Weakness: a step gives one thing at most, so tiny members cost a round each.
 */
#define TW_LAYER_BLOCK ((size_t)65536) /* bytes given at once, at most */

enum tw_layer_verdict {
	TW_LAYER_ON,   /* something was taken or the state changed: again */
	TW_LAYER_GIVE, /* `given` has something */
	TW_LAYER_NEED, /* no step can be done before there are more bytes */
	TW_LAYER_LOST, /* what follows makes no sense: all of it is passed over */
	TW_LAYER_DONE, /* the end, as it should be; nothing is left of the input */
	TW_LAYER_FAIL, /* memory is short */
};

enum tw_layer_what { TW_LAYER_MEMBER, TW_LAYER_BYTES, TW_LAYER_PROBLEM, TW_LAYER_MEMBER_END };

struct tw_layer_given {
	enum tw_layer_what what;
	struct tw_slice bytes; /* of BYTES: good until the next step */
	const char *code;      /* of PROBLEM; the reason is in `text`, as is the name of MEMBER */
	uint64_t skipped;
	bool whole, opaque;
	/* Of MEMBER, beyond what its bytes tell: */
	const struct tw_layer_kind *kind; /* what it is, whatever its bytes say; NULL: they say it */
	enum tw_unwrap_beside beside;
};

/*
 * What the compressed layers may make of the stream, those of each depth together:
 * a member cannot be as large as all may be, and then another one.
 */
struct tw_layer_budget {
	double ratio;
	uint64_t bytes, stored;
	bool spent; /* nothing more is unwrapped */
};

struct tw_layer_kind;
struct tw_layer {
	const struct tw_layer_kind *kind;
	const struct tw_unwrap_settings *settings;
	struct tw_slice input;
	uint64_t offset; /* of input.data[0] in the layer's stream */
	bool end;	 /* nothing follows the input, */
	bool cut;	 /* which ended too early, or lacks some bytes */
	bool in_member;
	struct tw_layer_given given;
	struct tw_buffer text;
	struct tw_layer_budget *budget;
	uint64_t *produced; /* bytes out of the compressed layers of this depth */
};

struct tw_layer_kind {
	const char *name; /* as layers and reasons name it */
	/* 1 it begins here, 0 no, negative: more bytes are needed. With `end` there are none. */
	int (*probe)(struct tw_slice head, bool end);
	int (*open)(struct tw_layer **ret_layer);
	void (*close)(struct tw_layer *layer);
	enum tw_layer_verdict (*step)(struct tw_layer *layer);
	/*
	 * Bytes of its stream are missing before the next step, whose input begins behind them.
	 * Whether they are missing in its member, which goes on. NULL: nothing behind them makes sense.
	 */
	bool (*gap)(struct tw_layer *layer);
};

extern const struct tw_layer_kind tw_layer_gzip, tw_layer_zip, tw_layer_tar, tw_layer_mbox,
	tw_layer_mime, tw_layer_html, tw_layer_cms, tw_layer_pem,
	tw_layer_ebcdic;

/* ---- for the kinds ---------------------------------------------------------------- */

/* The first bytes of the input are done with. */
void tw_layer_take(struct tw_layer *layer, size_t length);
/* A member begins: the layer is the kind's name, a colon and `name`, or the kind's alone. */
enum tw_layer_verdict tw_layer_member(struct tw_layer *layer, struct tw_slice name);
enum tw_layer_verdict tw_layer_bytes(struct tw_layer *layer, struct tw_slice bytes);
enum tw_layer_verdict tw_layer_member_end(struct tw_layer *layer, bool whole);
/* `skipped` bytes were not handed on. */
enum tw_layer_verdict tw_layer_problem(struct tw_layer *layer, const char *code, uint64_t skipped,
				       const char *format, ...) TW_PRINTF(4, 5);
/* How many bytes may be out of a compressed layer by now. */
uint64_t tw_layer_allowance(const struct tw_layer *layer);

static inline uint32_t tw_layer_u16(struct tw_slice slice, size_t at)
{
	struct tw_slice part = tw_slice_part(slice, at, 2);
	return part.length < 2 ? 0 : (uint32_t)tw_slice_at(part, 0) | (uint32_t)tw_slice_at(part, 1) << 8;
}

static inline uint32_t tw_layer_u32(struct tw_slice slice, size_t at)
{
	return tw_layer_u16(slice, at) | tw_layer_u16(slice, at + 2) << 16;
}

static inline uint64_t tw_layer_u64(struct tw_slice slice, size_t at)
{
	return tw_layer_u32(slice, at) | (uint64_t)tw_layer_u32(slice, at + 4) << 32;
}

#endif
