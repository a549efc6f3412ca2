/* SPDX-License-Identifier: Apache-2.0 */
#include "state/sequences.h"

#include <math.h>
#include <stdlib.h>

#include "state/index.h"

#define WINDOW TW_SEQUENCE_WINDOW
#define DIGITS_MOST 18u
#define LETTERS_MOST 8u
/* Numbers remembered of each sender, to whomever they went. A power of two. */
#define RECENT 16384u
/* A number out of the window begins the sequence anew if the next is this near. */
#define NEAR_STRAY 8u
/* So many numbers in a row that tell the time are no count. */
#define CLOCK_STREAK 8u

struct hole {
	uint64_t first, last;	     /* positions */
	struct hole *newer, *older;  /* of all, by when they were opened */
	struct hole *next;	     /* of the sequence, the newest first */
	uint32_t sequence;
	uint64_t opened;	     /* numbers of the sequence by then */
	double time;
	unsigned digits;
	void *place;
};

/* Numbers whose last digits are minutes, or minutes and seconds, a constant away from the time. */
struct clock_form {
	double offset;
	unsigned streak;
};

/* A position is a number, with 10^digits added for each time it wrapped. */
struct sequence {
	struct tw_hash128 pair, above;
	uint64_t sender;
	uint64_t base, top; /* positions: the lowest that counts, the highest that came */
	uint64_t turn;	    /* position less number, at present */
	uint64_t seen[WINDOW / 64]; /* by position, modulo the window */
	uint64_t told[WINDOW / 64]; /* of those not seen */
	uint64_t count;		    /* numbers so far */
	uint64_t stray;		    /* the last out of the window, in a row of one */
	bool started, has_stray;
	bool padded; /* some number had zeros in front */
	unsigned digits; /* of the highest */
	struct clock_form minutes, seconds;
	struct hole *holes;
	unsigned hole_count;
};

/* A number that a sender gave to somebody; the next with the same place takes it. */
struct recent {
	uint64_t mark; /* of sender and number */
	struct tw_hash128 pair;
};

struct tw_sequences {
	struct tw_sequences_settings settings;
	struct tw_sequences_events events;
	struct tw_sequences_counts counts;
	struct tw_index index;
	struct sequence *sequences;
	uint32_t capacity;
	struct recent *recent;
	struct hole *newest, *oldest;
	uint64_t hole_count;
};

/* A number as it was read. */
struct arrival {
	uint64_t number;
	unsigned digits;
	bool padded; /* with zeros in front */
	double time;
};

int tw_sequences_create(const struct tw_sequences_settings *settings,
			const struct tw_sequences_events *events, struct tw_sequences **ret_sequences)
{
	struct tw_sequences *sequences = calloc(1, sizeof(*sequences));
	if (sequences == NULL)
		return TW_ERROR_MEMORY;
	sequences->settings = *settings;
	sequences->events = *events;
	sequences->recent = calloc(RECENT, sizeof(*sequences->recent));
	if (sequences->recent == NULL) {
		free(sequences);
		return TW_ERROR_MEMORY;
	}
	*ret_sequences = sequences;
	return TW_OK;
}

struct tw_sequences_counts tw_sequences_counts(const struct tw_sequences *sequences)
{
	struct tw_sequences_counts counts = sequences->counts;
	counts.sequences = sequences->index.count;
	return counts;
}

/* ---- the window ----------------------------------------------------------------------- */

static bool bit_of(const uint64_t *bits, uint64_t position)
{
	return (bits[position % WINDOW / 64] >> position % 64 & 1) != 0;
}

static void set_bit(uint64_t *bits, uint64_t position, bool value)
{
	uint64_t bit = (uint64_t)1 << position % 64;
	if (value)
		bits[position % WINDOW / 64] |= bit;
	else
		bits[position % WINDOW / 64] &= ~bit;
}

struct evidence {
	uint64_t numbers, holes;
};

static struct evidence weigh(const struct sequence *sequence)
{
	struct evidence evidence = {0};
	bool before = true;
	for (uint64_t at = sequence->base; at <= sequence->top; at++) {
		bool seen = bit_of(sequence->seen, at);
		evidence.numbers += seen;
		evidence.holes += before && !seen;
		before = seen;
	}
	return evidence;
}

static bool tells_time(const struct sequence *sequence)
{
	return sequence->minutes.streak >= CLOCK_STREAK || sequence->seconds.streak >= CLOCK_STREAK;
}

static bool runs(const struct tw_sequences *all, const struct sequence *sequence, uint64_t missing)
{
	struct evidence evidence = weigh(sequence);
	uint64_t holes = evidence.holes == 0 ? 1 : evidence.holes;
	return !tells_time(sequence) && evidence.numbers >= missing &&
	       evidence.numbers >= holes * all->settings.steps;
}

/* ---- holes ------------------------------------------------------------------------------ */

static struct recent *recent_of(const struct tw_sequences *all, uint64_t sender, uint64_t number,
				uint64_t *ret_mark)
{
	*ret_mark = tw_hash_mix(sender ^ tw_hash_mix(number + 1));
	return &all->recent[*ret_mark % RECENT];
}

static struct sequence *find_sequence(const struct tw_sequences *all, struct tw_hash128 pair)
{
	uint32_t cell = UINT32_MAX;
	for (int64_t slot; (slot = tw_index_next(&all->index, pair.low, &cell)) >= 0;)
		if (all->sequences[slot].pair.low == pair.low &&
		    all->sequences[slot].pair.high == pair.high)
			return &all->sequences[slot];
	return NULL;
}

static bool has_number(const struct sequence *sequence, uint64_t number)
{
	uint64_t position = number + sequence->turn;
	return position >= sequence->base && position <= sequence->top &&
	       bit_of(sequence->seen, position);
}

/*
 * Whether the sender gave one of the missing numbers to somebody else, since he counts over
 * all. Where the other has the numbers around the hole too, he counts for each.
 */
static bool given_elsewhere(const struct tw_sequences *all, const struct sequence *sequence,
			    const struct hole *hole)
{
	for (uint64_t at = hole->first; at <= hole->last; at++) {
		uint64_t mark;
		const struct recent *recent =
			recent_of(all, sequence->sender, at - sequence->turn, &mark);
		if (recent->mark != mark || recent->pair.low == sequence->pair.low)
			continue;
		const struct sequence *other = find_sequence(all, recent->pair);
		if (other == NULL || !(has_number(other, hole->first - sequence->turn - 1) ||
				       has_number(other, hole->last - sequence->turn + 1)))
			return true;
	}
	return false;
}

static bool above_runs(const struct tw_sequences *all, const struct sequence *sequence)
{
	const struct sequence *above = sequence->above.low == 0 && sequence->above.high == 0
					       ? NULL
					       : find_sequence(all, sequence->above);
	return above != NULL && runs(all, above, 0);
}

static void unlink_hole(struct tw_sequences *all, struct hole *hole)
{
	struct sequence *sequence = &all->sequences[hole->sequence];
	struct hole **link = &sequence->holes;
	while (*link != hole)
		link = &(*link)->next;
	*link = hole->next;
	sequence->hole_count--;
	if (hole->newer != NULL)
		hole->newer->older = hole->older;
	else
		all->newest = hole->older;
	if (hole->older != NULL)
		hole->older->newer = hole->newer;
	else
		all->oldest = hole->newer;
	all->hole_count--;
}

static void link_hole(struct tw_sequences *all, struct hole *hole)
{
	struct sequence *sequence = &all->sequences[hole->sequence];
	hole->next = sequence->holes;
	sequence->holes = hole;
	sequence->hole_count++;
	hole->newer = NULL;
	hole->older = all->newest;
	if (all->newest != NULL)
		all->newest->newer = hole;
	else
		all->oldest = hole;
	all->newest = hole;
	all->hole_count++;
}

static void drop_hole(struct tw_sequences *all, struct hole *hole)
{
	unlink_hole(all, hole);
	all->events.drop(all->events.context, hole->place);
	free(hole);
}

static void tell_hole(struct tw_sequences *all, struct sequence *sequence, const struct hole *hole)
{
	for (uint64_t at = hole->first; at <= hole->last; at++)
		if (at >= sequence->base) /* else its bit is another's by now */
			set_bit(sequence->told, at, true);
	all->counts.holes++;
	all->counts.missing += hole->last - hole->first + 1;
	all->events.tell(all->events.context,
			 &(struct tw_hole){.first = hole->first - sequence->turn,
					   .last = hole->last - sequence->turn,
					   .digits = hole->digits}, hole->place);
}

static void decide(struct tw_sequences *all, struct hole *hole)
{
	struct sequence *sequence = &all->sequences[hole->sequence];
	/* Numbers from before a wrap cannot be told from those behind it: neither is. */
	bool one_turn = hole->first >= sequence->turn;
	if (one_turn && runs(all, sequence, hole->last - hole->first + 1) &&
	    !given_elsewhere(all, sequence, hole) && !above_runs(all, sequence))
		tell_hole(all, sequence, hole);
	drop_hole(all, hole);
}

static void decide_all_of(struct tw_sequences *all, const struct sequence *sequence)
{
	while (sequence->holes != NULL) {
		struct hole *oldest = sequence->holes;
		while (oldest->next != NULL)
			oldest = oldest->next;
		decide(all, oldest);
	}
}

static int open_hole(struct tw_sequences *all, struct sequence *sequence, uint64_t behind,
		     const struct arrival *arrival)
{
	struct hole *hole = calloc(1, sizeof(*hole));
	if (hole == NULL)
		return TW_ERROR_MEMORY;
	*hole = (struct hole){.first = sequence->top + 1, .last = behind - 1,
			      .sequence = (uint32_t)(sequence - all->sequences),
			      .opened = sequence->count, .time = arrival->time,
			      .digits = sequence->padded ? arrival->digits : 0,
			      .place = all->events.keep(all->events.context)};
	if (hole->place == NULL) {
		free(hole);
		return TW_ERROR_MEMORY;
	}
	link_hole(all, hole);
	return TW_OK;
}

/* What is left of it below stands in front of the number at hand. */
static int split_hole(struct tw_sequences *all, struct hole *hole, uint64_t position)
{
	struct hole *upper = malloc(sizeof(*upper));
	void *place = all->events.keep(all->events.context);
	if (upper == NULL || place == NULL) {
		free(upper);
		if (place != NULL)
			all->events.drop(all->events.context, place);
		return TW_ERROR_MEMORY;
	}
	*upper = *hole;
	upper->first = position + 1;
	hole->last = position - 1;
	hole->place = place;
	link_hole(all, upper);
	return TW_OK;
}

/* The missing number came: what is left of its hole are one, two or no holes. */
static int fill_hole(struct tw_sequences *all, struct sequence *sequence, uint64_t position)
{
	struct hole *hole = sequence->holes;
	while (hole != NULL && !(hole->first <= position && position <= hole->last))
		hole = hole->next;
	if (hole == NULL) {
		all->counts.late += bit_of(sequence->told, position);
		return TW_OK;
	}
	if (hole->first == hole->last) {
		drop_hole(all, hole);
	} else if (position == hole->first) {
		hole->first++;
	} else if (position == hole->last) {
		hole->last--;
	} else {
		return split_hole(all, hole, position);
	}
	return TW_OK;
}

/* Those that waited long enough. */
static void decide_due(struct tw_sequences *all, const struct sequence *sequence, double time)
{
	struct hole *next;
	for (struct hole *hole = sequence->holes; hole != NULL; hole = next) {
		next = hole->next;
		if (sequence->count - hole->opened >= all->settings.later ||
		    hole->first + WINDOW <= sequence->top + 1)
			decide(all, hole);
	}
	while (sequence->hole_count > all->settings.holes) {
		struct hole *oldest = sequence->holes;
		while (oldest->next != NULL)
			oldest = oldest->next;
		decide(all, oldest);
	}
	while (all->oldest != NULL && time - all->oldest->time >= all->settings.seconds)
		decide(all, all->oldest);
}

/* ---- sequences ------------------------------------------------------------------------- */

static uint64_t cost(const struct tw_sequences *all)
{
	return all->index.count * (sizeof(struct sequence) + TW_INDEX_SLOT_BYTES) +
	       all->hole_count * (sizeof(struct hole) + all->settings.place_bytes);
}

static void evict_beyond(struct tw_sequences *all)
{
	while (all->index.count > 1 && cost(all) > all->settings.memory) {
		uint32_t slot = (uint32_t)tw_index_oldest(&all->index);
		decide_all_of(all, &all->sequences[slot]);
		tw_index_remove(&all->index, slot);
		all->counts.evicted++;
	}
}

static int enter_sequence(struct tw_sequences *all, const struct tw_sequence_number *number,
			  struct tw_hash128 pair, struct sequence **ret_sequence)
{
	struct sequence *sequence = find_sequence(all, pair);
	if (sequence != NULL) {
		tw_index_use(&all->index, (uint32_t)(sequence - all->sequences));
		*ret_sequence = sequence;
		return TW_OK;
	}
	int64_t slot = tw_index_add(&all->index, pair.low);
	if (slot < 0)
		return (int)slot;
	struct sequence *sequences = tw_index_room(&all->index, all->sequences, &all->capacity,
						   sizeof(*sequences));
	if (sequences == NULL) {
		tw_index_remove(&all->index, (uint32_t)slot);
		return TW_ERROR_MEMORY;
	}
	all->sequences = sequences;
	*ret_sequence = &all->sequences[slot];
	**ret_sequence = (struct sequence){.pair = pair, .above = number->above,
					   .sender = number->sender};
	return TW_OK;
}

void tw_sequences_free(struct tw_sequences *sequences)
{
	if (sequences == NULL)
		return;
	while (sequences->oldest != NULL)
		drop_hole(sequences, sequences->oldest);
	tw_index_free(&sequences->index);
	free(sequences->sequences);
	free(sequences->recent);
	free(sequences);
}

void tw_sequences_finish(struct tw_sequences *sequences)
{
	while (sequences->oldest != NULL)
		decide(sequences, sequences->oldest);
}

/* ---- numbers ----------------------------------------------------------------------------- */

/* Letters, at most so many, and digits. *ret_letters: how many of them stand in front. */
static bool read_number(struct tw_slice text, uint64_t *ret_number, size_t *ret_letters)
{
	uint64_t number = 0;
	size_t letters = 0;
	while (letters < text.length && ((text.data[letters] | 32) >= 'a' && (text.data[letters] | 32) <= 'z'))
		letters++;
	if (letters > LETTERS_MOST || text.length == letters || text.length - letters > DIGITS_MOST)
		return false;
	for (size_t i = letters; i < text.length; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		number = number * 10 + (uint64_t)(text.data[i] - '0');
	}
	*ret_number = number;
	*ret_letters = letters;
	return true;
}

static uint64_t power_of_ten(unsigned digits)
{
	uint64_t power = 1;
	while (digits-- > 0)
		power *= 10;
	return power;
}

/*
 * `shown` and `now` count `per_hour` to the hour. A clock is near the time, and stays as far
 * from it as it was.
 */
static void watch_form(struct clock_form *form, double shown, double now, double per_hour)
{
	double offset = remainder(shown - now, per_hour);
	bool follows = fabs(offset - form->offset) <= 2;
	if (!follows)
		form->offset = offset;
	if (fabs(offset) > per_hour / 30)
		form->streak = 0;
	else
		form->streak = follows ? form->streak + 1 : 1;
}

static void watch_clock(struct sequence *sequence, const struct arrival *arrival)
{
	unsigned minute = (unsigned)(arrival->number / 100 % 100);
	unsigned last = (unsigned)(arrival->number % 100);
	double hour = fmod(arrival->time, 3600);
	if (arrival->digits >= 4 && last < 60)
		watch_form(&sequence->minutes, last, hour / 60, 60);
	else
		sequence->minutes.streak = 0;
	/* Seconds since 1970 have no minutes, but follow the time as well. */
	if (arrival->digits >= 9 && fabs((double)arrival->number - arrival->time) < 86400)
		watch_form(&sequence->seconds, (double)(arrival->number % 3600), hour, 3600);
	else if (arrival->digits >= 6 && minute < 60 && last < 60)
		watch_form(&sequence->seconds, minute * 60 + last, hour, 3600);
	else
		sequence->seconds.streak = 0;
}

static void begin_at(struct tw_sequences *all, struct sequence *sequence, uint64_t number)
{
	decide_all_of(all, sequence);
	memset(sequence->seen, 0, sizeof(sequence->seen));
	memset(sequence->told, 0, sizeof(sequence->told));
	sequence->turn = 0;
	sequence->base = sequence->top = number;
	sequence->started = true;
	sequence->has_stray = false;
	set_bit(sequence->seen, number, true);
}

static bool within(const struct sequence *sequence, uint64_t position)
{
	return position > sequence->top ? position - sequence->top < WINDOW
					: sequence->top - position < WINDOW;
}

/* The position of a number near those of before; where it wrapped, of the next turn. False: it is far. */
static bool place_number(const struct sequence *sequence, const struct arrival *arrival,
			 uint64_t *ret_position, uint64_t *ret_turn)
{
	uint64_t turns[] = {sequence->turn, sequence->turn + power_of_ten(sequence->digits),
			    sequence->turn - power_of_ten(sequence->digits)};
	unsigned count = sequence->turn >= power_of_ten(sequence->digits) ? 3 : 2;
	for (unsigned i = 0; i < count; i++) {
		*ret_position = arrival->number + turns[i];
		*ret_turn = turns[i];
		if (within(sequence, *ret_position))
			return true;
	}
	return false;
}

/* Far from the others: the next one shows whether the sender began again, or repeated something old. */
static bool take_stray(struct tw_sequences *all, struct sequence *sequence,
		       const struct arrival *arrival)
{
	uint64_t stray = sequence->stray;
	bool again = sequence->has_stray && arrival->number > stray &&
		     arrival->number - stray <= NEAR_STRAY;
	sequence->stray = arrival->number;
	sequence->has_stray = true;
	if (again)
		begin_at(all, sequence, stray);
	return again;
}

/* The next number, or one behind a hole. */
static int go_on(struct tw_sequences *all, struct sequence *sequence, uint64_t position,
		 const struct arrival *arrival)
{
	uint64_t missing = position - sequence->top - 1;
	int status = TW_OK;
	if (missing > 1 && arrival->number % 100 <= 1) {
		begin_at(all, sequence, arrival->number);
		return TW_OK;
	}
	if (missing > 0)
		status = open_hole(all, sequence, position, arrival);
	if (status < 0)
		return status;
	for (uint64_t at = sequence->top + 1; at <= position; at++) {
		set_bit(sequence->seen, at, at == position);
		set_bit(sequence->told, at, false);
	}
	sequence->top = position;
	if (sequence->base + WINDOW <= position)
		sequence->base = position - WINDOW + 1;
	return TW_OK;
}

static int take_near(struct tw_sequences *all, struct sequence *sequence, uint64_t position,
		     const struct arrival *arrival)
{
	sequence->has_stray = false;
	if (position > sequence->top)
		return go_on(all, sequence, position, arrival);
	if (position < sequence->base || bit_of(sequence->seen, position))
		return TW_OK;
	set_bit(sequence->seen, position, true);
	return fill_hole(all, sequence, position);
}

/* Counting begins again at one: no number zero is missing. */
static void wrap(struct sequence *sequence, uint64_t turn)
{
	sequence->turn = turn;
	if (sequence->top + 1 != turn)
		return;
	sequence->top = turn;
	set_bit(sequence->seen, turn, true);
	set_bit(sequence->told, turn, false);
}

static int take(struct tw_sequences *all, struct sequence *sequence, const struct arrival *arrival)
{
	uint64_t position, turn = 0;
	if (!sequence->started) {
		begin_at(all, sequence, arrival->number);
		sequence->digits = arrival->digits;
		return TW_OK;
	}
	if (!place_number(sequence, arrival, &position, &turn)) {
		if (!take_stray(all, sequence, arrival))
			return TW_OK;
		position = arrival->number;
	} else if (turn > sequence->turn) {
		if (arrival->number > 0)
			wrap(sequence, turn);
		sequence->turn = turn;
	}
	if (position >= sequence->top)
		sequence->digits = arrival->digits;
	return take_near(all, sequence, position, arrival);
}

int tw_sequences_add(struct tw_sequences *sequences, const struct tw_sequence_number *number)
{
	struct arrival arrival = {.time = number->time};
	struct sequence *sequence = NULL;
	struct tw_hash128 pair = number->pair;
	size_t letters;
	uint64_t mark;
	if (!read_number(number->text, &arrival.number, &letters))
		return TW_OK;
	arrival.digits = (unsigned)(number->text.length - letters);
	arrival.padded = arrival.digits > 1 && number->text.data[letters] == '0';
	if (letters > 0)
		pair = tw_hash128(tw_slice_part(number->text, 0, letters), pair.low);
	int status = enter_sequence(sequences, number, pair, &sequence);
	if (status < 0)
		return status;
	sequence->count++;
	sequence->padded |= arrival.padded;
	struct recent *recent = recent_of(sequences, number->sender, arrival.number, &mark);
	*recent = (struct recent){mark, pair};
	watch_clock(sequence, &arrival);
	status = take(sequences, sequence, &arrival);
	decide_due(sequences, sequence, number->time);
	evict_beyond(sequences);
	return status;
}
