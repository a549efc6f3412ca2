/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_OUTPUT_SAMPLE_H
#define TESTS_UNIT_OUTPUT_SAMPLE_H

#include <math.h>

#include "model/builder.h"
#include "model/derive.h"
#include "output/event.h"

/*
 * An invented house bill for the tests of this folder: a manifest's header, then
 * one consignment with two parties, two goods items and a container. It owns its
 * bytes; sample_free() releases them. Offsets are those of no real file.
 */
struct sample {
	struct tw_builder builder;
	struct tw_buffer bytes;
	struct tw_consignment consignment;
	int description; /* value: the second goods description */
	int name;	 /* value: the consignee's name */
	int weight;	 /* value: the derived weight */
};

static inline int sample_text(struct sample *sample, enum tw_field field, unsigned item,
			      const char *text, uint64_t origin)
{
	return tw_builder_add(&sample->builder, &(struct tw_new_value){
		.field = field, .item = item, .text = tw_slice_string(text),
		.number = (double)NAN, .origin = origin, .origin_length = strlen(text)});
}

static inline int sample_number(struct sample *sample, enum tw_field field, unsigned item,
				const char *text, double number)
{
	return tw_builder_add(&sample->builder, &(struct tw_new_value){
		.field = field, .item = item, .text = tw_slice_string(text),
		.number = number, .origin = 1000, .origin_length = strlen(text)});
}

static inline void sample_header(struct sample *sample)
{
	tw_builder_message(&sample->builder, 100);
	sample_text(sample, TW_INTERCHANGE_SENDER, 0, "CARRIERX", 110);
	sample_text(sample, TW_INTERCHANGE_RECIPIENT, 0, "CUSTOMS", 120);
	sample_text(sample, TW_INTERCHANGE_REFERENCE, 0, "REF1", 130);
	sample_number(sample, TW_INTERCHANGE_TIME, 0, "2611201000", 1795168800.0);
	sample_number(sample, TW_INTERCHANGE_TEST, 0, "0", 0);
	sample_text(sample, TW_MESSAGE_FORMAT, 0, "edifact", 140);
	sample_text(sample, TW_MESSAGE_TYPE, 0, "CUSCAR", 150);
	sample_text(sample, TW_MESSAGE_VERSION, 0, "D:95B:UN", 160);
	sample_text(sample, TW_MESSAGE_REFERENCE, 0, "1", 170);
	sample_number(sample, TW_MESSAGE_ROLE, 0, "785", TW_ROLE_MANIFEST);
	sample_number(sample, TW_MESSAGE_FUNCTION, 0, "9", TW_ACTION_ORIGINAL);
	unsigned leg = tw_builder_item(&sample->builder, TW_GROUP_leg);
	sample_number(sample, TW_LEG_STAGE, leg, "20", TW_STAGE_MAIN);
	sample_number(sample, TW_LEG_MODE, leg, "1", TW_MODE_SEA);
	sample_text(sample, TW_LEG_CARRIER, leg, "XXXX", 180);
	sample_text(sample, TW_LEG_CONVEYANCE, leg, "EVER FICTION", 190);
	sample_text(sample, TW_LEG_VOYAGE, leg, "0123W", 210);
	sample_text(sample, TW_LEG_FROM, leg, "CNSHA", 220);
	sample_text(sample, TW_LEG_TO, leg, "USLAX", 230);
	/* 2026-12-01T00:00:00Z: 20788 days after 1970-01-01 */
	sample_number(sample, TW_LEG_ARRIVAL, leg, "20261201", 20788.0 * 86400);
}

static inline void sample_parties(struct sample *sample)
{
	unsigned shipper = tw_builder_item(&sample->builder, TW_GROUP_party);
	sample_number(sample, TW_PARTY_ROLE, shipper, "CZ", TW_PARTY_SHIPPER);
	sample_text(sample, TW_PARTY_NAME, shipper, "Bright Path Trading", 1100);
	sample_text(sample, TW_PARTY_CITY, shipper, "Shanghai", 1120);
	sample_text(sample, TW_PARTY_COUNTRY, shipper, "CN", 1130);
	unsigned consignee = tw_builder_item(&sample->builder, TW_GROUP_party);
	sample_number(sample, TW_PARTY_ROLE, consignee, "CN", TW_PARTY_CONSIGNEE);
	sample->name = sample_text(sample, TW_PARTY_NAME, consignee, "Quentin \"Q\" Zyx", 1200);
	sample_text(sample, TW_PARTY_ADDRESS, consignee, "742 Evergreen Terrace", 1220);
	sample_text(sample, TW_PARTY_ADDRESS, consignee, "Unit 9", 1250);
	sample_text(sample, TW_PARTY_CITY, consignee, "San Ysidro", 1260);
	sample_text(sample, TW_PARTY_POSTCODE, consignee, "92173", 1270);
	sample_text(sample, TW_PARTY_COUNTRY, consignee, "US", 1280);
	sample_text(sample, TW_PARTY_PHONE, consignee, "+1 619 555 0100", 1290);
	sample_text(sample, TW_PARTY_EMAIL, consignee, "quentin@zyx.example", 1310);
}

static inline void sample_goods(struct sample *sample)
{
	unsigned first = tw_builder_item(&sample->builder, TW_GROUP_goods);
	sample_text(sample, TW_GOODS_DESCRIPTION, first, "KEYBOARDS", 1400);
	sample_text(sample, TW_GOODS_HS, first, "847160", 1410);
	sample_number(sample, TW_GOODS_PACKAGES, first, "1", 1);
	sample_number(sample, TW_GOODS_GROSS, first, "79.1", 79.1);
	unsigned second = tw_builder_item(&sample->builder, TW_GROUP_goods);
	/* Two free text pieces of the input, joined by the map. */
	const struct tw_run runs[] = {{0, 11, 0, 11}, {11, 7, 20, 7}};
	sample->description = tw_builder_add(&sample->builder, &(struct tw_new_value){
		.field = TW_GOODS_DESCRIPTION, .item = second, .number = (double)NAN,
		.text = TW_LITERAL("SMALL TABLET PRESS"), .origin = 1500, .origin_length = 27,
		.runs = runs, .run_count = 2});
	sample_text(sample, TW_GOODS_HS, second, "847989", 1540);
	sample_text(sample, TW_GOODS_HS, second, "847160", 1550);
	sample_number(sample, TW_GOODS_GROSS, second, "0.3", 0.3);
	unsigned box = tw_builder_item(&sample->builder, TW_GROUP_equipment);
	sample_text(sample, TW_EQUIPMENT_ID, box, "CSQU3054383", 1600);
	sample_number(sample, TW_EQUIPMENT_FILL, box, "5", TW_FILL_FULL);
	sample_text(sample, TW_EQUIPMENT_SEAL, box, "S1", 1620);
	sample_text(sample, TW_EQUIPMENT_SEAL, box, "S2", 1630);
}

static inline void sample_documents(struct sample *sample)
{
	unsigned house = tw_builder_item(&sample->builder, TW_GROUP_document);
	sample_number(sample, TW_DOCUMENT_ROLE, house, "703", TW_DOCUMENT_HOUSE);
	sample_text(sample, TW_DOCUMENT_NUMBER, house, "H77", 1010);
	unsigned master = tw_builder_item(&sample->builder, TW_GROUP_document);
	sample_number(sample, TW_DOCUMENT_ROLE, master, "704", TW_DOCUMENT_MASTER);
	sample_text(sample, TW_DOCUMENT_NUMBER, master, "M55", 1020);
	unsigned port = tw_builder_item(&sample->builder, TW_GROUP_place);
	sample_number(sample, TW_PLACE_ROLE, port, "9", TW_PLACE_LOADING);
	sample_text(sample, TW_PLACE_CODE, port, "CNSHA", 1030);
	port = tw_builder_item(&sample->builder, TW_GROUP_place);
	sample_number(sample, TW_PLACE_ROLE, port, "11", TW_PLACE_DISCHARGE);
	sample_text(sample, TW_PLACE_CODE, port, "USLAX", 1040);
	sample_number(sample, TW_CONSIGNMENT_VALUE, 0, "120", 120);
	sample_text(sample, TW_CONSIGNMENT_CURRENCY, 0, "USD", 1050);
}

/* Ends the consignment and views the finished record. */
static inline bool sample_finish(struct sample *sample)
{
	tw_derive(&sample->builder);
	sample->builder.head.feed_time = 1795168800.0; /* 2026-11-20T10:00:00Z */
	if (tw_builder_write(&sample->builder, 1801, &sample->bytes) < 0)
		return false;
	if (tw_record_view(tw_buffer_slice(&sample->bytes), &sample->consignment) < 0)
		return false;
	sample->weight = tw_first(&sample->consignment, TW_CONSIGNMENT_WEIGHT);
	return true;
}

static inline bool sample_open(struct sample *sample)
{
	*sample = (struct sample){.description = -1};
	sample_header(sample);
	tw_builder_consignment(&sample->builder, 1000);
	sample_documents(sample);
	sample_parties(sample);
	sample_goods(sample);
	return sample_finish(sample);
}

/* Three pieces of evidence: a text, a derived number, a party. */
static inline void sample_evidence(const struct sample *sample, struct tw_evidence evidence[3])
{
	evidence[0] = (struct tw_evidence){
		.field = TW_GOODS_DESCRIPTION, .value = sample->description, .start = 6,
		.length = 12, .match = TW_LITERAL("TABLET PRESS"),
		.list = TW_LITERAL("tableting.tsv"), .status = TW_LITERAL("read"),
		.family = TW_LITERAL("text"), .weight = 0.8,
		.why = TW_LITERAL("The goods text names a tablet press"),
	};
	evidence[1] = (struct tw_evidence){
		.field = TW_CONSIGNMENT_WEIGHT, .value = sample->weight, .weight = 0.2,
		.why = TW_LITERAL("The weight fits one"),
	};
	evidence[2] = (struct tw_evidence){
		.field = TW_PARTY_NAME, .value = sample->name, .match = TW_LITERAL("QUENTIN Q ZYX"),
		.weight = 0.1, .why = TW_LITERAL("QUENTIN 'Q' ZYX has alerted before, in San Ysidro"),
	};
}

static inline struct tw_alert sample_alert(const struct tw_evidence *evidence, unsigned count)
{
	return (struct tw_alert){
		.gid = 1, .sid = 2100001, .rev = 2, .signature = "Tablet press",
		.category = "pill-press", .detector = "pill_press", .severity = 2, .score = 87.04,
		.reason = TW_LITERAL("A tablet press goes to Quentin \"Q\" Zyx"),
		.shipment_id = TW_LITERAL("house:M55/H77"), .evidence = evidence,
		.evidence_count = count,
	};
}

static inline void sample_free(struct sample *sample)
{
	tw_builder_free(&sample->builder);
	tw_buffer_free(&sample->bytes);
}

#endif
