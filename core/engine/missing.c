/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/missing.h"

#include <stdlib.h>

#include "engine/reduce.h"

/* What a place takes beside its structures: texts of an origin and of a place, about. */
#define PLACE_TEXTS 512u

/* Syntaxes whose senders number what they send, and what the norms call these numbers. */
static const struct numbering {
	const char *format, *interchange, *group;
} NUMBERINGS[] = {
	{"edifact", "interchange control reference (UNB 0020)", NULL},
	{"x12", "interchange control number (ISA13)", "group control number (GS06)"},
};

/* Where a number stood, kept for the hole in front of it. */
struct place {
	struct tw_origin *origin; /* a copy */
	uint64_t packet, offset;
	double time;
	const char *what;
	struct tw_slice sender, recipient, reference; /* in texts */
	struct tw_buffer texts;
};

struct tw_missing {
	struct tw_reducer *reducer;
	struct tw_sequences *sequences;
	struct tw_buffer key, reason; /* reused */
	/* the number at hand, for keep() */
	const struct tw_item *item;
	const char *what;
	struct tw_slice sender, recipient, reference;
};

struct tw_sequences_settings tw_missing_settings(const struct tw_config *config)
{
	return (struct tw_sequences_settings){
		.memory = tw_config_size(config, "numbers.memory"),
		.place_bytes = sizeof(struct place) + sizeof(struct tw_origin) + PLACE_TEXTS,
		.holes = (unsigned)tw_config_number(config, "numbers.holes"),
		.steps = (unsigned)tw_config_number(config, "numbers.steps"),
		.later = (uint64_t)tw_config_number(config, "numbers.interchanges"),
		.seconds = tw_config_number(config, "numbers.seconds"),
	};
}

/* ---- places ------------------------------------------------------------------------------ */

static void drop_place(void *context, void *given)
{
	struct place *place = given;
	(void)context;
	tw_origin_free(place->origin);
	tw_buffer_free(&place->texts);
	free(place);
}

static struct tw_origin *copy_origin(const struct tw_origin *origin)
{
	struct tw_origin *copy = tw_origin_create(origin->path, origin->layers);
	if (copy == NULL)
		return NULL;
	copy->network = origin->network;
	copy->feed.source = origin->feed.source;
	copy->feed.network = origin->feed.network == NULL ? NULL : &copy->network;
	return copy;
}

static void copy_texts(const struct tw_missing *missing, struct place *place)
{
	struct tw_buffer *texts = &place->texts;
	size_t recipient = missing->sender.length;
	size_t reference = recipient + missing->recipient.length;
	tw_buffer_append_slice(texts, missing->sender);
	tw_buffer_append_slice(texts, missing->recipient);
	tw_buffer_append_slice(texts, missing->reference);
	struct tw_slice all = tw_buffer_slice(texts);
	place->sender = tw_slice_part(all, 0, recipient);
	place->recipient = tw_slice_part(all, recipient, reference - recipient);
	place->reference = tw_slice_from(all, reference);
}

static void *keep_place(void *context)
{
	struct tw_missing *missing = context;
	struct place *place = calloc(1, sizeof(*place));
	if (place == NULL)
		return NULL;
	place->origin = copy_origin(missing->item->origin);
	place->packet = missing->item->packet;
	place->offset = missing->item->offset;
	place->time = missing->item->time;
	place->what = missing->what;
	copy_texts(missing, place);
	if (place->origin != NULL && !place->texts.failed)
		return place;
	drop_place(NULL, place);
	return NULL;
}

/* ---- telling ----------------------------------------------------------------------------- */

/* A number as its sender writes it: with the letters of the one behind it, and zeros in front. */
static void write_number(struct tw_buffer *out, const struct place *place,
			 const struct tw_hole *hole, uint64_t number)
{
	size_t letters = 0;
	while (tw_slice_at(place->reference, letters) > '9')
		letters++;
	tw_buffer_append_slice(out, tw_slice_part(place->reference, 0, letters));
	tw_buffer_printf(out, "%0*llu", (int)hole->digits, (unsigned long long)number);
}

static void write_reason(struct tw_buffer *out, const struct place *place,
			 const struct tw_hole *hole)
{
	tw_buffer_clear(out);
	tw_buffer_printf(out, "%s ", place->what);
	write_number(out, place, hole, hole->first);
	if (hole->last > hole->first) {
		tw_buffer_printf(out, " to ");
		write_number(out, place, hole, hole->last);
		tw_buffer_printf(out, ", %llu in all,", (unsigned long long)(hole->last - hole->first + 1));
	}
	tw_buffer_printf(out, " of %.*s to %.*s did not come before %.*s, nor behind it",
			 (int)place->sender.length, place->sender.data,
			 (int)place->recipient.length, place->recipient.data,
			 (int)place->reference.length, place->reference.data);
}

/* Not through the receipt at hand, which is another's. */
static void tell_hole(void *context, const struct tw_hole *hole, void *given)
{
	struct tw_missing *missing = context;
	struct tw_statistics *statistics = &missing->reducer->statistics;
	const struct place *place = given;
	struct tw_feed feed = place->origin->feed;
	feed.packet = place->packet;
	write_reason(&missing->reason, place, hole);
	statistics->anomalies++;
	statistics->incomplete++;
	statistics->number_holes++;
	statistics->numbers_missing += hole->last - hole->first + 1;
	tw_emit_anomaly(missing->reducer->emitter, &feed,
			&(struct tw_anomaly){.code = "partner.numbers_missing", .time = place->time,
					     .offset = place->offset,
					     .reason = tw_buffer_slice(&missing->reason),
					     .interchange = place->reference});
}

/* ---- numbers ----------------------------------------------------------------------------- */

int tw_missing_create(const struct tw_sequences_settings *settings, struct tw_reducer *reducer,
		      struct tw_missing **ret_missing)
{
	struct tw_missing *missing = calloc(1, sizeof(*missing));
	if (missing == NULL)
		return TW_ERROR_MEMORY;
	missing->reducer = reducer;
	struct tw_sequences_events events = {missing, keep_place, tell_hole, drop_place};
	int status = tw_sequences_create(settings, &events, &missing->sequences);
	if (status < 0) {
		free(missing);
		return status;
	}
	*ret_missing = missing;
	return TW_OK;
}

void tw_missing_free(struct tw_missing *missing)
{
	if (missing == NULL)
		return;
	tw_sequences_free(missing->sequences);
	tw_buffer_free(&missing->key);
	tw_buffer_free(&missing->reason);
	free(missing);
}

static const struct numbering *numbering_of(struct tw_slice format)
{
	for (size_t i = 0; i < sizeof(NUMBERINGS) / sizeof(NUMBERINGS[0]); i++)
		if (tw_slice_is(format, NUMBERINGS[i].format))
			return &NUMBERINGS[i];
	return NULL;
}

static void add_text(struct tw_buffer *key, struct tw_slice text)
{
	tw_buffer_append_slice(key, text);
	tw_buffer_append_byte(key, '\0');
}

/* The key of who sends to whom; what is in front of it, of who sends, at `ret_sender`. */
static struct tw_hash128 pair_of(struct tw_missing *missing, const struct tw_slice names[4],
				 uint64_t *ret_sender)
{
	const struct tw_receipt *receipt = &missing->reducer->at->receipt;
	struct tw_buffer *key = &missing->key;
	tw_buffer_clear(key);
	add_text(key, receipt->format);
	add_text(key, names[0]);
	add_text(key, names[1]);
	*ret_sender = tw_hash64(tw_buffer_slice(key), 0);
	add_text(key, names[2]);
	add_text(key, names[3]);
	tw_buffer_append_byte(key, receipt->test ? 'T' : 'P');
	return tw_hash128(tw_buffer_slice(key), 0);
}

static int add_number(struct tw_missing *missing, struct tw_sequence_number number)
{
	struct tw_sequences_counts counts;
	struct tw_statistics *statistics = &missing->reducer->statistics;
	if (missing->key.failed)
		return TW_ERROR_MEMORY;
	number.text = missing->reference;
	number.time = missing->item->time;
	int status = tw_sequences_add(missing->sequences, &number);
	counts = tw_sequences_counts(missing->sequences);
	statistics->numbers_late = counts.late;
	statistics->numbers_evicted = counts.evicted;
	return status;
}

/* Only of a sender who says his name, in packets, and not in the other reading of a flow. */
static const struct numbering *numbered(const struct tw_missing *missing,
					const struct tw_item *item)
{
	const struct tw_receipt *receipt = &missing->reducer->at->receipt;
	if (item->packet == 0 || item->origin->alternate || receipt->sender.length == 0)
		return NULL;
	return numbering_of(receipt->format);
}

int tw_missing_interchange(struct tw_missing *missing, const struct tw_item *item)
{
	const struct tw_receipt *receipt = &missing->reducer->at->receipt;
	const struct numbering *numbering = numbered(missing, item);
	struct tw_slice none = tw_slice(NULL, 0);
	struct tw_sequence_number number = {.above = {0, 0}};
	if (numbering == NULL)
		return TW_OK;
	missing->item = item;
	missing->what = numbering->interchange;
	missing->sender = receipt->sender;
	missing->recipient = receipt->recipient;
	missing->reference = receipt->reference;
	number.pair = pair_of(missing, (struct tw_slice[]){receipt->sender, none,
							   receipt->recipient, none}, &number.sender);
	return add_number(missing, number);
}

int tw_missing_group(struct tw_missing *missing, const struct tw_item *item,
		     const struct tw_slice texts[TW_ITEM_TEXTS])
{
	const struct tw_receipt *receipt = &missing->reducer->at->receipt;
	const struct numbering *numbering = numbered(missing, item);
	struct tw_slice none = tw_slice(NULL, 0);
	struct tw_sequence_number number = {.sender = 0};
	uint64_t sender;
	if (numbering == NULL || numbering->group == NULL || texts[0].length == 0)
		return TW_OK;
	missing->item = item;
	missing->what = numbering->group;
	missing->sender = texts[0];
	missing->recipient = texts[1];
	missing->reference = texts[2];
	number.above = pair_of(missing, (struct tw_slice[]){receipt->sender, none,
							    receipt->recipient, none}, &sender);
	number.pair = pair_of(missing, (struct tw_slice[]){receipt->sender, texts[0],
							   receipt->recipient, texts[1]},
			      &number.sender);
	return add_number(missing, number);
}

void tw_missing_finish(struct tw_missing *missing)
{
	tw_sequences_finish(missing->sequences);
}
