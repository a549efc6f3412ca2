/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "state/ledger.h"

static struct tw_ledger *make(uint64_t shipments, uint64_t bytes)
{
	struct tw_ledger *ledger = NULL;
	assert_int_equal(tw_ledger_create(&(struct tw_ledger_limits){shipments, bytes, 4096},
					  &ledger),
			 TW_OK);
	return ledger;
}

static struct tw_shipment ship(uint64_t number)
{
	return (struct tw_shipment){number * 77, number};
}

static int64_t enter(struct tw_ledger *ledger, uint64_t number, const char *id)
{
	int64_t slot = tw_ledger_enter(ledger, ship(number), &(struct tw_ledger_names){
		.id = tw_slice_string(id), .master = TW_LITERAL("M"), .house = TW_LITERAL("HH"),
		.time = 100});
	assert_true(slot >= 0);
	return slot;
}

static void resolves(struct tw_ledger *ledger, uint64_t from, uint64_t to)
{
	struct tw_shipment there = tw_ledger_resolve(ledger, ship(from));
	assert_true(there.high == ship(to).high && there.low == ship(to).low);
}

static void test_names(void **state)
{
	struct tw_ledger *ledger = make(100, 1 << 20);
	(void)state;
	assert_int_equal(tw_ledger_find(ledger, ship(1)), -1);
	int64_t slot = enter(ledger, 1, "awb:020-12345675");
	assert_int_equal(tw_ledger_find(ledger, ship(1)), slot);
	struct tw_ledger_names names = tw_ledger_names_of(ledger, slot);
	assert_true(tw_slice_is(names.id, "awb:020-12345675"));
	assert_true(tw_slice_is(names.master, "M"));
	assert_true(tw_slice_is(names.house, "HH"));
	assert_true(names.time >= 100 && names.time <= 100);
	/* A number that the identity ends with comes back like any other. */
	slot = tw_ledger_enter(ledger, ship(1), &(struct tw_ledger_names){
		.id = TW_LITERAL("bill:ABCD:00017"), .master = TW_LITERAL("ABCD:00017"),
		.house = TW_LITERAL("00017")});
	names = tw_ledger_names_of(ledger, slot);
	assert_true(tw_slice_is(names.id, "bill:ABCD:00017"));
	assert_true(tw_slice_is(names.master, "ABCD:00017"));
	assert_true(tw_slice_is(names.house, "00017"));
	assert_int_equal(tw_ledger_enter(ledger, ship(1), &(struct tw_ledger_names){.time = 200}),
			 slot);
	names = tw_ledger_names_of(ledger, slot);
	assert_int_equal(names.id.length + names.master.length + names.house.length, 0);
	assert_true(names.time >= 200 && names.time <= 200);
	assert_int_equal(tw_ledger_count(ledger), 1);
	/* Only half of the identity is the same: another shipment. */
	assert_int_equal(tw_ledger_find(ledger, (struct tw_shipment){5, 1}), -1);
	tw_ledger_free(ledger);
	tw_ledger_free(NULL);
}

static void test_contributions(void **state)
{
	struct tw_ledger *ledger = make(100, 1 << 20);
	(void)state;
	int64_t first = enter(ledger, 1, "one");
	int64_t second = enter(ledger, 2, "two");
	uint64_t size = tw_ledger_size(ledger);
	assert_int_equal(tw_ledger_contributions(ledger, first).length, 0);
	assert_int_equal(tw_ledger_contribute(ledger, first, TW_LITERAL("contribution")), TW_OK);
	assert_true(tw_slice_is(tw_ledger_contributions(ledger, first), "contribution"));
	assert_int_equal(tw_ledger_contributions(ledger, second).length, 0);
	assert_int_equal(tw_ledger_size(ledger), size + 12);
	assert_int_equal(tw_ledger_contribute(ledger, first, TW_LITERAL("")), TW_OK); /* taken back */
	assert_int_equal(tw_ledger_contributions(ledger, first).length, 0);
	assert_int_equal(tw_ledger_size(ledger), size);
	tw_ledger_free(ledger);
}

static void test_alerts(void **state)
{
	static const uint64_t hashes[] = {11, 22, 33};
	struct tw_ledger *ledger = make(100, 1 << 20);
	struct tw_ledger_alert alert = {.sid = 2100001, .alert_id = "a1", .time = 5, .score = 80,
					.evidence_count = 3};
	(void)state;
	int64_t slot = enter(ledger, 1, "one");
	assert_int_equal(tw_ledger_alerts(ledger, slot).length, 0);
	assert_int_equal(tw_ledger_alert(ledger, slot, &alert, hashes), TW_OK);
	alert.sid = 2200001;
	alert.evidence_count = 0;
	assert_int_equal(tw_ledger_alert(ledger, slot, &alert, NULL), TW_OK);

	struct tw_slice alerts = tw_ledger_alerts(ledger, slot);
	struct tw_ledger_alert there;
	uint64_t there_hashes[3];
	assert_int_equal(alerts.length, 2 * sizeof(there) + sizeof(hashes));
	memcpy(&there, alerts.data, sizeof(there));
	assert_int_equal(there.sid, 2100001);
	assert_int_equal(there.size, sizeof(there) + sizeof(hashes));
	assert_int_equal(there.evidence_count, 3);
	assert_string_equal(there.alert_id, "a1");
	memcpy(there_hashes, alerts.data + sizeof(there), sizeof(there_hashes));
	assert_memory_equal(there_hashes, hashes, sizeof(hashes));
	alerts = tw_slice_from(alerts, there.size);
	memcpy(&there, alerts.data, sizeof(there));
	assert_int_equal(there.sid, 2200001); /* the newest is the last */
	assert_int_equal(there.size, alerts.length);
	tw_ledger_free(ledger);
}

/* What a booking contributed is the bill's, once the bill names it. */
static void test_join(void **state)
{
	struct tw_ledger *ledger = make(100, 1 << 20);
	(void)state;
	int64_t slot = enter(ledger, 1, "booking:B1");
	tw_ledger_contribute(ledger, slot, TW_LITERAL("counted"));
	uint64_t size = tw_ledger_size(ledger);
	resolves(ledger, 1, 1);
	assert_int_equal(tw_ledger_join(ledger, ship(1), ship(2)), TW_OK);
	resolves(ledger, 1, 2);
	resolves(ledger, 2, 2);
	assert_int_equal(tw_ledger_find(ledger, ship(1)), -1);
	slot = tw_ledger_find(ledger, ship(2));
	assert_true(slot >= 0);
	assert_true(tw_slice_is(tw_ledger_contributions(ledger, slot), "counted"));
	assert_true(tw_slice_is(tw_ledger_names_of(ledger, slot).id, "booking:B1"));
	assert_int_equal(tw_ledger_count(ledger), 1);
	assert_true(tw_ledger_size(ledger) > size); /* by the alias */
	assert_int_equal(tw_ledger_aliases(ledger), 1);
	/* The first bill of a booking stays the one. */
	assert_int_equal(tw_ledger_join(ledger, ship(1), ship(3)), TW_OK);
	resolves(ledger, 1, 2);
	assert_int_equal(tw_ledger_find(ledger, ship(3)), -1);
	/* A shipment is no alias of itself. */
	assert_int_equal(tw_ledger_join(ledger, ship(9), ship(9)), TW_OK);
	resolves(ledger, 9, 9);
	tw_ledger_free(ledger);
}

static void test_join_both_known(void **state)
{
	struct tw_ledger *ledger = make(100, 1 << 20);
	(void)state;
	tw_ledger_contribute(ledger, enter(ledger, 1, "booking:B1"), TW_LITERAL("booking's"));
	tw_ledger_contribute(ledger, enter(ledger, 2, "bill:M:1"), TW_LITERAL("bill's"));
	assert_int_equal(tw_ledger_join(ledger, ship(1), ship(2)), TW_OK);
	resolves(ledger, 1, 2);
	int64_t slot = tw_ledger_find(ledger, ship(2));
	assert_true(tw_slice_is(tw_ledger_contributions(ledger, slot), "bill's"));
	tw_ledger_free(ledger);
}

static void test_eviction(void **state)
{
	struct tw_ledger *ledger = make(3, 1 << 20);
	(void)state;
	for (uint64_t i = 1; i <= 3; i++)
		tw_ledger_contribute(ledger, enter(ledger, i, "x"), TW_LITERAL("c"));
	assert_true(tw_ledger_find(ledger, ship(1)) >= 0); /* used: 2 is the oldest now */
	enter(ledger, 4, "x");
	assert_int_equal(tw_ledger_find(ledger, ship(2)), -1);
	assert_true(tw_ledger_find(ledger, ship(1)) >= 0);
	assert_int_equal(tw_ledger_count(ledger), 3);
	assert_int_equal(tw_ledger_evicted(ledger), 1);
	assert_int_equal(tw_ledger_contributions(ledger, enter(ledger, 2, "x")).length, 0);
	tw_ledger_free(ledger);
}

static void test_byte_limit(void **state)
{
	enum { LIMIT = 32 * 1024 };
	struct tw_ledger *ledger = make(1000000, LIMIT);
	char bytes[500] = {0};
	struct tw_ledger_alert alert = {.sid = 1};
	(void)state;
	for (uint64_t i = 1; i <= 1000; i++) {
		int64_t slot = enter(ledger, i, "id");
		tw_ledger_contribute(ledger, slot, tw_slice(bytes, sizeof(bytes)));
		tw_ledger_alert(ledger, slot, &alert, NULL);
		assert_true(tw_ledger_size(ledger) <= LIMIT);
		assert_int_equal(tw_ledger_count(ledger) + tw_ledger_evicted(ledger), i);
		assert_int_equal(tw_ledger_find(ledger, ship(i)), slot);
	}
	assert_true(tw_ledger_count(ledger) >= 20);
	tw_ledger_free(ledger);
}

/* Aliases that matter to no entry have bytes of their own: the one used longest ago is forgotten. */
static void test_alias_limit(void **state)
{
	struct tw_ledger *ledger = make(2, 1 << 20);
	(void)state;
	tw_ledger_join(ledger, ship(1), ship(1001));
	tw_ledger_join(ledger, ship(2), ship(1002));
	resolves(ledger, 1, 1001);
	uint64_t count = 2;
	for (; tw_ledger_aliases_evicted(ledger) == 0; count++)
		tw_ledger_join(ledger, ship(count + 1), ship(1001 + count));
	assert_true(count > 4096 / 64 && count < 4096 / 24); /* two identities and a little */
	assert_int_equal(tw_ledger_aliases(ledger), count - 1);
	resolves(ledger, 1, 1001);
	resolves(ledger, 2, 2);
	resolves(ledger, 3, 1003);
	assert_int_equal(tw_ledger_count(ledger), 0);
	tw_ledger_free(ledger);
}

/* Where one of the two has an entry, the alias stays however many others come. */
static void test_alias_stays(void **state)
{
	struct tw_ledger *ledger = make(100, 1 << 20);
	(void)state;
	tw_ledger_join(ledger, ship(1), ship(1001)); /* loose at first ... */
	enter(ledger, 1001, "bill:M:1");
	tw_ledger_join(ledger, ship(1), ship(1001)); /* ... and kept from here on */
	enter(ledger, 2, "booking:B2");
	tw_ledger_join(ledger, ship(2), ship(1002));
	tw_ledger_join(ledger, ship(3), ship(1003));
	for (uint64_t i = 4; i < 500; i++)
		tw_ledger_join(ledger, ship(i), ship(1000 + i));
	resolves(ledger, 1, 1001);
	resolves(ledger, 2, 1002);
	resolves(ledger, 3, 3);
	struct tw_shipment shipment = ship(2);
	assert_int_equal(tw_ledger_seek(ledger, &shipment), tw_ledger_find(ledger, ship(1002)));
	assert_true(tw_ledger_find(ledger, ship(1002)) >= 0);
	assert_int_equal(shipment.low, 1002);
	assert_int_equal(tw_ledger_count(ledger), 2);
	/* It goes as entries do. */
	for (uint64_t i = 0; i < 200; i++)
		enter(ledger, 5000 + i, "x");
	resolves(ledger, 1, 1);
	resolves(ledger, 2, 2);
	assert_int_equal(tw_ledger_count(ledger), 100);
	tw_ledger_free(ledger);
}

/*
 * Anything in any order under narrow limits: what a shipment contributed last is what
 * is found of it, or nothing is, and the limits hold.
 */
static void test_any_order(void **state)
{
	struct tw_ledger *ledger = make(20, 8192);
	uint64_t seed = 7;
	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		char text[40];
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		uint64_t number = seed >> 40 & 63;
		uint64_t bill = 100 + (seed >> 50 & 31);
		struct tw_shipment shipment = ship(number);
		if ((seed >> 60 & 3) == 0)
			assert_int_equal(tw_ledger_join(ledger, shipment, ship(bill)), TW_OK);
		int64_t slot = tw_ledger_seek(ledger, &shipment);
		struct tw_slice found = slot < 0 ? tw_slice(NULL, 0)
						 : tw_ledger_contributions(ledger, slot);
		if (found.length > 0 && shipment.low == number) {
			snprintf(text, sizeof(text), "of %u", (unsigned)number);
			assert_true(tw_slice_is(found, text));
		}
		slot = enter(ledger, shipment.low, "bill:ABCD:HH");
		snprintf(text, sizeof(text), "of %u", (unsigned)shipment.low);
		tw_ledger_contribute(ledger, slot, tw_slice_string(text));
		assert_int_equal(tw_ledger_find(ledger, shipment), slot);
		assert_true(tw_slice_is(tw_ledger_names_of(ledger, slot).house, "HH"));
		assert_true(tw_ledger_count(ledger) <= 20);
		assert_true(tw_ledger_size(ledger) <= 8192);
	}
	assert_true(tw_ledger_evicted(ledger) > 100 && tw_ledger_aliases_evicted(ledger) > 10);
	tw_ledger_free(ledger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),	       cmocka_unit_test(test_contributions),
		cmocka_unit_test(test_alerts),	       cmocka_unit_test(test_join),
		cmocka_unit_test(test_join_both_known), cmocka_unit_test(test_eviction),
		cmocka_unit_test(test_byte_limit),     cmocka_unit_test(test_alias_limit),
		cmocka_unit_test(test_alias_stays),    cmocka_unit_test(test_any_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
