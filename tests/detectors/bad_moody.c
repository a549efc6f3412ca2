/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bad when told to: raises a finding for every consignment, but where the goods
 * are BAD GOODS it crashes, ends its process, loops, sleeps or eats memory, in the
 * callback that its options name.
 */
#include <stdlib.h>
#include <unistd.h>

#include "tidewaiter/detector.h"

struct options {
	const char *mood, *where, *goods;
	double seconds;
};

struct moody {
	struct options options;
};

static void eat(void)
{
	for (;;) {
		volatile char *bytes = malloc((size_t)1 << 20);
		for (size_t i = 0; i < (size_t)1 << 20; i += 512)
			bytes[i] = 1; /* NULL one day */
	}
}

static void misbehave(const struct moody *moody)
{
	const char *mood = moody->options.mood;
	volatile uint64_t turns = 0;
	volatile uintptr_t nowhere = 16; /* gcc would warn of a constant address */
	if (strcmp(mood, "crash") == 0)
		*(volatile char *)nowhere = 1;
	else if (strcmp(mood, "exit") == 0)
		exit(7);
	else if (strcmp(mood, "eat") == 0)
		eat();
	else if (strcmp(mood, "sleep") == 0)
		usleep((useconds_t)(moody->options.seconds * 1e6));
	else if (strcmp(mood, "loop") == 0)
		for (;;)
			turns++;
}

static bool is_bad(const struct moody *moody, const struct tw_consignment *consignment,
		   const char *where)
{
	struct tw_slice goods = tw_text(consignment, tw_first(consignment, TW_GOODS_DESCRIPTION));
	return strcmp(moody->options.where, where) == 0 && tw_slice_is(goods, moody->options.goods);
}

static int inspect(const void *instance, const struct tw_consignment *consignment, struct tw_out *out)
{
	const struct moody *moody = instance;
	int goods = tw_first(consignment, TW_GOODS_DESCRIPTION);
	if (is_bad(moody, consignment, "inspect"))
		misbehave(moody);
	tw_add_evidence(out, &(struct tw_evidence){.field = TW_GOODS_DESCRIPTION, .value = goods,
		.weight = 0.5, .why = TW_LITERAL("there are goods")});
	return tw_observe(out, 0, tw_key_of(TW_LITERAL("all")), tw_text(consignment, goods));
}

static int correlate(const void *instance, const struct tw_observation *observation,
		     const struct tw_state *state, struct tw_out *out)
{
	const struct moody *moody = instance;
	if (strcmp(moody->options.where, "correlate") == 0 &&
	    tw_slice_is(observation->now, moody->options.goods))
		misbehave(moody);
	char count = (char)(tw_slice_at(tw_state_bytes(state), 0) + 1);
	return tw_state_write(out, state, tw_slice(&count, 1));
}

static int conclude(const void *instance, const struct tw_consignment *consignment,
		    const struct tw_conclusion *conclusion, struct tw_out *out)
{
	const struct moody *moody = instance;
	(void)conclusion;
	if (is_bad(moody, consignment, "conclude"))
		misbehave(moody);
	return tw_raise(out, &(struct tw_finding){.sid = 1900120, .score = 50,
						  .reason = TW_LITERAL("there are goods")});
}

static int open(const struct tw_host *host, const void *options, void **ret_instance)
{
	struct moody *moody = malloc(sizeof(*moody));
	(void)host;
	if (moody == NULL)
		return TW_ERROR_MEMORY;
	moody->options = *(const struct options *)options;
	*ret_instance = moody;
	return TW_OK;
}

static const struct tw_option options[] = {
	{"mood", TW_OPTION_STRING, "none", "What it does", offsetof(struct options, mood), 0, 0},
	{"where", TW_OPTION_STRING, "inspect", "Where it does", offsetof(struct options, where), 0, 0},
	{"goods", TW_OPTION_STRING, "BAD GOODS", "Which it does it at", offsetof(struct options, goods), 0, 0},
	{"seconds", TW_OPTION_NUMBER, "1", "How long it sleeps", offsetof(struct options, seconds), 0, 0},
	{0}};

static const struct tw_detector detector = {
	.magic = TW_DETECTOR_MAGIC, .size = sizeof(detector), .abi_major = TW_ABI_MAJOR, .abi_minor = TW_ABI_MINOR,
	.name = "bad_moody", .version = "1", .category = "routing-anomaly", .summary = "Test: bad when told to.",
	.options = options, .options_size = sizeof(struct options),
	.findings = (const struct tw_finding_info[]){{1900120, 4, "There are goods"}, {0}},
	.tables = (const char *const[]){"goods", NULL},
	.open = open, .close = free, .inspect = inspect, .correlate = correlate, .conclude = conclude,
};
TW_DETECTOR(bad_moody, detector)
