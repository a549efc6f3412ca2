/* SPDX-License-Identifier: Apache-2.0 */
#include "unwrap/unwrap.h"

#include <stdlib.h>

#include "unwrap/layer.h"

static const struct tw_layer_kind *const kinds[] = {&tw_layer_gzip, &tw_layer_zip, &tw_layer_tar,
						     &tw_layer_mbox, &tw_layer_mime, &tw_layer_cms,
						     &tw_layer_pem, &tw_layer_ebcdic};

/*
 * A level is an open wrapping with the bytes it has to work on. The level beyond
 * the innermost has no layer, only the window in which its member waits to be known.
 */
struct level {
	struct tw_layer *layer;
	struct tw_buffer window;
	size_t start;	 /* of what is not done with */
	uint64_t offset; /* of window.data[start] in the level's stream */
	bool ended;	 /* nothing follows the window */
	bool cut;	 /* it ended early or has a gap, which was told */
	bool lost;	 /* the rest is passed over, */
	bool broken;	 /* because it is behind a gap */
	bool told;	 /* that it ended early */
	uint64_t passed;
	uint64_t produced; /* of all layers that were at this depth */
	struct tw_buffer name; /* of the layer's member, zero-terminated */
};

enum member_state {
	MEMBER_NONE,
	MEMBER_UNKNOWN, /* its first bytes are not enough to tell what it is */
	MEMBER_OPEN,	/* no wrapping: its bytes are given */
	MEMBER_SHUT,	/* a wrapping too deep to be opened: its bytes are counted */
};

struct tw_unwrap {
	struct tw_unwrap_settings settings;
	struct tw_layer_budget budget;
	struct level levels[TW_UNWRAP_LAYERS + 1];
	unsigned count;
	enum member_state member; /* of the innermost level, or the stream itself */
	bool member_given;	  /* MEMBER was */
	const struct tw_layer_kind *kind; /* what it is, where that was said */
	enum tw_unwrap_beside beside;
	bool opaque;
	bool whole;		  /* how it ended */
	bool held;		  /* levels[count - 1] has a problem to give, behind the member */
	uint64_t given;		  /* bytes of the member */
	uint64_t gap;		  /* missing bytes that are still to be told */
	const char *layers[TW_UNWRAP_LAYERS + 1];
};

/* ---- what a stream is ------------------------------------------------------------ */

/* The kind that begins here; *ret_open: some kind needs more bytes to tell. */
static const struct tw_layer_kind *find_kind(struct tw_slice head, bool end, bool *ret_open)
{
	*ret_open = false;
	end |= head.length >= TW_UNWRAP_WINDOW;
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		int begins = kinds[i]->probe(head, end);
		if (begins > 0)
			return kinds[i];
		*ret_open |= begins < 0 && !end;
	}
	return NULL;
}

int tw_unwrap_probe(struct tw_slice head, bool end)
{
	bool open;
	return find_kind(head, end, &open) != NULL ? 1 : open ? -1 : 0;
}

/* ---- windows ----------------------------------------------------------------------- */

static struct tw_slice window_slice(const struct level *level)
{
	return tw_slice_from(tw_buffer_slice(&level->window), level->start);
}

static void drop_window(struct level *level)
{
	level->offset += level->window.length - level->start;
	level->start = level->window.length;
}

static int append(struct level *level, struct tw_slice bytes)
{
	struct tw_slice rest = window_slice(level);
	if (level->start > 0 && rest.length > 0)
		memmove(level->window.data, rest.data, rest.length);
	level->window.length = rest.length;
	level->start = 0;
	tw_buffer_append_slice(&level->window, bytes);
	return level->window.failed ? TW_ERROR_MEMORY : TW_OK;
}

/* The member of the innermost level begins, or the stream. */
static void begin_member(struct tw_unwrap *unwrap, const struct tw_layer_given *given)
{
	struct level *level = &unwrap->levels[unwrap->count];
	tw_buffer_clear(&level->window);
	level->start = 0;
	level->offset = 0;
	level->ended = level->cut = level->lost = level->broken = level->told = false;
	level->passed = 0;
	unwrap->member = given->opaque ? MEMBER_OPEN : MEMBER_UNKNOWN;
	unwrap->member_given = false;
	unwrap->opaque = given->opaque;
	unwrap->kind = given->kind;
	unwrap->beside = given->beside;
	unwrap->given = 0;
}

int tw_unwrap_create(const struct tw_unwrap_settings *settings, struct tw_unwrap **ret_unwrap)
{
	struct tw_unwrap *unwrap = calloc(1, sizeof(*unwrap));
	if (unwrap == NULL)
		return TW_ERROR_MEMORY;
	unwrap->settings = *settings;
	if (unwrap->settings.layers > TW_UNWRAP_LAYERS)
		unwrap->settings.layers = TW_UNWRAP_LAYERS;
	unwrap->budget = (struct tw_layer_budget){.ratio = settings->ratio, .bytes = settings->bytes};
	begin_member(unwrap, &(struct tw_layer_given){.kind = settings->mime ? &tw_layer_mime : NULL});
	*ret_unwrap = unwrap;
	return TW_OK;
}

static void close_layer(struct level *level)
{
	if (level->layer == NULL)
		return;
	struct tw_buffer text = level->layer->text;
	level->layer->kind->close(level->layer);
	tw_buffer_free(&text);
	level->layer = NULL;
}

void tw_unwrap_free(struct tw_unwrap *unwrap)
{
	if (unwrap == NULL)
		return;
	for (unsigned i = 0; i <= TW_UNWRAP_LAYERS; i++) {
		close_layer(&unwrap->levels[i]);
		tw_buffer_free(&unwrap->levels[i].window);
		tw_buffer_free(&unwrap->levels[i].name);
	}
	free(unwrap);
}

int tw_unwrap_feed(struct tw_unwrap *unwrap, struct tw_slice bytes, uint64_t stored)
{
	unwrap->budget.stored = stored;
	return append(&unwrap->levels[0], bytes);
}

void tw_unwrap_finish(struct tw_unwrap *unwrap, bool cut)
{
	unwrap->levels[0].ended = true;
	unwrap->levels[0].cut |= cut;
}

void tw_unwrap_gap(struct tw_unwrap *unwrap, uint64_t length)
{
	unwrap->gap = length;
}

/* ---- events ------------------------------------------------------------------------- */

static const char *const *path(struct tw_unwrap *unwrap, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		unwrap->layers[i] = unwrap->levels[i].name.data;
	unwrap->layers[count] = NULL;
	return unwrap->layers;
}

static void give_member(struct tw_unwrap *unwrap, struct tw_unwrap_event *event)
{
	unwrap->member_given = true;
	*event = (struct tw_unwrap_event){.what = TW_UNWRAP_MEMBER,
					  .layers = path(unwrap, unwrap->count),
					  .opaque = unwrap->opaque, .beside = unwrap->beside};
}

static void give_bytes(struct tw_unwrap *unwrap, struct tw_slice bytes, struct tw_unwrap_event *event)
{
	unwrap->given += bytes.length;
	*event = (struct tw_unwrap_event){.what = TW_UNWRAP_BYTES, .bytes = bytes};
}

static void give_end(struct tw_unwrap *unwrap, struct tw_unwrap_event *event)
{
	unwrap->member = MEMBER_NONE;
	*event = (struct tw_unwrap_event){.what = TW_UNWRAP_END, .whole = unwrap->whole};
}

static bool member_is_open(const struct tw_unwrap *unwrap)
{
	return unwrap->member == MEMBER_OPEN || unwrap->member == MEMBER_SHUT;
}

static void give_problem(struct tw_unwrap *unwrap, unsigned index, struct tw_unwrap_event *event)
{
	const struct level *level = &unwrap->levels[index];
	const struct tw_layer *layer = level->layer;
	bool open = member_is_open(unwrap);
	unsigned depth = open ? unwrap->count : index + layer->in_member;
	*event = (struct tw_unwrap_event){
		.what = TW_UNWRAP_PROBLEM, .code = layer->given.code,
		.skipped = layer->given.skipped,
		.bytes = tw_slice_string(layer->text.data),
		.offset = open ? unwrap->given : level->offset,
		.layers = path(unwrap, depth),
	};
}

/* ---- the member at hand ------------------------------------------------------------- */

/* Opens the wrapping that the member turned out to be. */
static int open_layer(struct tw_unwrap *unwrap, const struct tw_layer_kind *kind)
{
	struct level *level = &unwrap->levels[unwrap->count];
	int status = kind->open(&level->layer);
	if (status < 0)
		return status;
	level->layer->kind = kind;
	level->layer->settings = &unwrap->settings;
	level->layer->budget = &unwrap->budget;
	level->layer->produced = &level->produced;
	unwrap->count++;
	unwrap->member = MEMBER_NONE;
	return TW_OK;
}

/* 1: it is known now, 0: more bytes are needed. */
static int know_member(struct tw_unwrap *unwrap, bool now)
{
	struct level *level = &unwrap->levels[unwrap->count];
	bool open = false;
	const struct tw_layer_kind *kind = unwrap->kind;
	if (kind == NULL)
		kind = find_kind(window_slice(level), level->ended || now, &open);
	if (kind == &tw_layer_ebcdic && unwrap->settings.ebcdic == NULL)
		kind = NULL;
	if (kind == NULL && open)
		return 0;
	if (kind != NULL && unwrap->count < unwrap->settings.layers) {
		int status = open_layer(unwrap, kind);
		return status < 0 ? status : 1;
	}
	unwrap->member = kind == NULL ? MEMBER_OPEN : MEMBER_SHUT;
	unwrap->opaque = kind != NULL;
	return 1;
}

/* What the end of a member in a wrapping too deep has to say. */
static void give_shut(struct tw_unwrap *unwrap, struct tw_unwrap_event *event)
{
	static const char reason[] = "wrapped more often than limits.layers allows: not opened";
	unwrap->member = MEMBER_OPEN;
	*event = (struct tw_unwrap_event){.what = TW_UNWRAP_PROBLEM, .code = "unwrap.layers",
					  .bytes = TW_LITERAL(reason),
					  .skipped = unwrap->levels[unwrap->count].passed,
					  .layers = path(unwrap, unwrap->count)};
}

/* Gives what the member at hand has. False: nothing before its wrapping goes on. */
static bool work_member(struct tw_unwrap *unwrap, struct tw_unwrap_event *event)
{
	struct level *level = &unwrap->levels[unwrap->count];
	if (!member_is_open(unwrap))
		return false;
	if (!unwrap->member_given) {
		give_member(unwrap, event);
		return true;
	}
	struct tw_slice bytes = window_slice(level);
	if (unwrap->member == MEMBER_SHUT) {
		level->passed += bytes.length;
		drop_window(level);
		bytes.length = 0;
	}
	if (bytes.length > 0) {
		drop_window(level);
		give_bytes(unwrap, bytes, event);
	} else if (unwrap->held) {
		unwrap->held = false;
		give_problem(unwrap, unwrap->count - 1, event);
	} else if (level->ended && unwrap->member == MEMBER_SHUT) {
		give_shut(unwrap, event);
	} else if (level->ended) {
		if (unwrap->count == 0)
			unwrap->whole = !level->cut;
		give_end(unwrap, event);
	} else {
		return false;
	}
	return true;
}

/* ---- the wrappings ------------------------------------------------------------------ */

static enum tw_layer_verdict pass_over(struct level *level)
{
	struct tw_layer *layer = level->layer;
	level->passed += layer->input.length;
	tw_layer_take(layer, layer->input.length);
	if (layer->in_member)
		return tw_layer_member_end(layer, false);
	if (!layer->end)
		return TW_LAYER_NEED;
	if (level->passed == 0)
		return TW_LAYER_DONE;
	uint64_t passed = level->passed;
	level->passed = 0;
	return tw_layer_problem(layer, level->broken ? "unwrap.truncated" : "unwrap.corrupt", passed,
				"the other %llu bytes of the %s%s were passed over",
				(unsigned long long)passed, layer->kind->name,
				level->broken ? " behind missing bytes" : "");
}

/* The input ended where more was needed. */
static enum tw_layer_verdict end_early(struct level *level)
{
	struct tw_layer *layer = level->layer;
	uint64_t left = layer->input.length;
	tw_layer_take(layer, layer->input.length);
	if (!level->told && !level->cut) {
		level->told = true;
		return tw_layer_problem(layer, "unwrap.truncated", left,
					layer->in_member ? "the %s ends within a member"
							 : "the %s ends early", layer->kind->name);
	}
	return layer->in_member ? tw_layer_member_end(layer, false) : TW_LAYER_DONE;
}

static enum tw_layer_verdict settle(struct level *level, enum tw_layer_verdict verdict)
{
	struct tw_layer *layer = level->layer;
	if (verdict == TW_LAYER_NEED && layer->end)
		return end_early(level);
	if (verdict == TW_LAYER_NEED && layer->input.length >= TW_UNWRAP_WINDOW) {
		level->lost = true;
		return tw_layer_problem(layer, "unwrap.corrupt", 0,
					"something in the %s is larger than %zu bytes",
					layer->kind->name, TW_UNWRAP_WINDOW);
	}
	if (verdict == TW_LAYER_LOST || (verdict == TW_LAYER_DONE && !layer->end)) {
		level->lost = true;
		return pass_over(level);
	}
	return verdict;
}

static enum tw_layer_verdict step(struct level *level)
{
	struct tw_layer *layer = level->layer;
	enum tw_layer_verdict verdict;
	level->lost |= layer->budget->spent;
	layer->input = window_slice(level);
	layer->end = level->ended;
	layer->cut = level->cut;
	layer->offset = level->offset;
	do
		verdict = level->lost ? pass_over(level) : layer->kind->step(layer);
	while (verdict == TW_LAYER_ON);
	verdict = level->lost ? verdict : settle(level, verdict);
	level->start = level->window.length - layer->input.length;
	level->offset = layer->offset;
	return verdict;
}

/* Takes the name of a member from its layer, and begins it. */
static int take_member(struct tw_unwrap *unwrap, struct level *level)
{
	tw_buffer_clear(&level->name);
	tw_buffer_append_slice(&level->name, tw_buffer_slice(&level->layer->text));
	tw_buffer_append_byte(&level->name, '\0');
	begin_member(unwrap, &level->layer->given);
	return level->name.failed ? TW_ERROR_MEMORY : 0;
}

/* What a level gave. 1: an event is to be given on, 0: go on, or a negative status. */
static int take_given(struct tw_unwrap *unwrap, unsigned index, struct tw_unwrap_event *event)
{
	struct level *level = &unwrap->levels[index];
	const struct tw_layer_given *given = &level->layer->given;
	bool innermost = index + 1 == unwrap->count;
	switch (given->what) {
	case TW_LAYER_MEMBER:
		return take_member(unwrap, level);
	case TW_LAYER_BYTES:
		if (!innermost || unwrap->member != MEMBER_OPEN || !unwrap->member_given)
			return append(level + 1, given->bytes);
		give_bytes(unwrap, given->bytes, event);
		return 1;
	case TW_LAYER_MEMBER_END:
		level[1].ended = true;
		level[1].cut |= !given->whole;
		if (innermost)
			unwrap->whole = given->whole;
		return 0;
	case TW_LAYER_PROBLEM:
		break;
	}
	if (innermost && unwrap->member == MEMBER_UNKNOWN) {
		int status = know_member(unwrap, true);
		unwrap->held = status > 0 && member_is_open(unwrap);
		if (status < 0 || unwrap->held)
			return status < 0 ? status : 0;
	}
	give_problem(unwrap, index, event);
	return 1;
}

static int end_layer(struct tw_unwrap *unwrap)
{
	unwrap->count--;
	unwrap->member = MEMBER_NONE;
	close_layer(&unwrap->levels[unwrap->count]);
	return 0;
}

/* ---- missing bytes -------------------------------------------------------------------- */

/*
 * Each level has them missing in its own stream, as far as the member of the one before it goes on.
 * Whether that of the last one does.
 */
static bool break_levels(struct tw_unwrap *unwrap)
{
	bool on = true;
	for (unsigned i = 0; i < unwrap->count && on; i++) {
		struct level *level = &unwrap->levels[i];
		const struct tw_layer_kind *kind = level->layer->kind;
		bool resumes = kind->gap != NULL;
		drop_window(level);
		level->offset += unwrap->gap;
		level->cut = true;
		level->broken |= !level->lost && !resumes;
		on = !level->lost && resumes && kind->gap(level->layer);
		level->lost |= !resumes;
	}
	return on;
}

static void give_gap(struct tw_unwrap *unwrap, struct tw_unwrap_event *event)
{
	bool open = member_is_open(unwrap);
	bool on = break_levels(unwrap);
	*event = (struct tw_unwrap_event){.what = TW_UNWRAP_GAP, .skipped = unwrap->gap, .whole = on || !open,
					  .layers = path(unwrap, unwrap->count - !open)};
	unwrap->gap = 0;
}

/* Nothing more comes of the bytes that are here: more are needed, or are missing. As advance() returns. */
static int need_more(struct tw_unwrap *unwrap, struct tw_unwrap_event *event)
{
	if (unwrap->gap == 0) {
		*event = (struct tw_unwrap_event){.what = TW_UNWRAP_MORE};
		return 1;
	}
	if (unwrap->member == MEMBER_UNKNOWN) {
		int known = know_member(unwrap, true);
		return known < 0 ? known : 0;
	}
	give_gap(unwrap, event);
	return 1;
}

/* One step of the innermost level that can do one. As advance() returns. */
static int work_levels(struct tw_unwrap *unwrap, struct tw_unwrap_event *event)
{
	for (unsigned i = unwrap->count; i-- > 0;) {
		switch (step(&unwrap->levels[i])) {
		case TW_LAYER_GIVE:
			return take_given(unwrap, i, event);
		case TW_LAYER_DONE:
			return end_layer(unwrap);
		case TW_LAYER_NEED:
			continue;
		default:
			return TW_ERROR_MEMORY;
		}
	}
	return need_more(unwrap, event);
}

/* 1: there is an event, 0: go on, or a negative status. */
static int advance(struct tw_unwrap *unwrap, struct tw_unwrap_event *event)
{
	int known = unwrap->member == MEMBER_UNKNOWN ? know_member(unwrap, false) : 0;
	if (known != 0)
		return known < 0 ? known : 0;
	if (work_member(unwrap, event))
		return 1;
	if (unwrap->count > 0 || unwrap->member != MEMBER_NONE)
		return work_levels(unwrap, event);
	*event = (struct tw_unwrap_event){.what = TW_UNWRAP_DONE};
	return 1;
}

int tw_unwrap_next(struct tw_unwrap *unwrap, struct tw_unwrap_event *ret_event)
{
	int status;
	do
		status = advance(unwrap, ret_event);
	while (status == 0);
	return status < 0 ? status : TW_OK;
}

int tw_unwrap_drain(struct tw_unwrap *unwrap, struct tw_unwrap_taker taker)
{
	struct tw_unwrap_event event = {.what = TW_UNWRAP_MORE};
	int status = TW_OK;
	do {
		status = tw_unwrap_next(unwrap, &event);
		if (status >= 0)
			status = taker.take(taker.context, &event);
	} while (status >= 0 && event.what != TW_UNWRAP_MORE && event.what != TW_UNWRAP_DONE);
	return status;
}

int tw_unwrap_push(struct tw_unwrap *unwrap, struct tw_slice bytes, uint64_t *stored,
		   struct tw_unwrap_taker taker)
{
	int status = TW_OK;
	while (bytes.length > 0 && status >= 0) {
		struct tw_slice part = tw_slice_part(bytes, 0, TW_UNWRAP_WINDOW);
		*stored += part.length;
		status = tw_unwrap_feed(unwrap, part, *stored);
		if (status >= 0)
			status = tw_unwrap_drain(unwrap, taker);
		bytes = tw_slice_from(bytes, part.length);
	}
	return status;
}
