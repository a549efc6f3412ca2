/* SPDX-License-Identifier: Apache-2.0 */
#include "map/map_table.h"

/*
 * Units of weight and volume as carriers write them: UN/ECE Recommendation 20
 * (KGM, LBR, TNE ...), X12 data elements 188 and 184 (K, L, X, E ...), IATA
 * Cargo-IMP (K, L, MC, CC, CF, CI). Factors to kilograms are exact by the
 * international pound (0.45359237 kg), to cubic metres by the foot (0.3048 m).
 */
static const struct measure {
	char code[4]; /* zeros behind it: compared as a word */
	bool cubic;
	enum tw_unit_of_measure unit;
	double factor;
} MEASURES[] = {
	{"KGM", false, TW_MEASURE_KG, 1}, /* the frequent ones first */
	{"MTQ", true, TW_MEASURE_M3, 1},
	{"K", false, TW_MEASURE_KG, 1},
	{"KG", false, TW_MEASURE_KG, 1},
	{"KGS", false, TW_MEASURE_KG, 1},
	{"LBR", false, TW_MEASURE_LB, 0.45359237},
	{"L", false, TW_MEASURE_LB, 0.45359237},
	{"LB", false, TW_MEASURE_LB, 0.45359237},
	{"LBS", false, TW_MEASURE_LB, 0.45359237},
	{"TNE", false, TW_MEASURE_TON, 1000},
	{"TON", false, TW_MEASURE_TON, 1000},
	{"MT", false, TW_MEASURE_TON, 1000},
	{"T", false, TW_MEASURE_TON, 1000},
	{"STN", false, TW_MEASURE_TON, 907.18474},
	{"LTN", false, TW_MEASURE_TON, 1016.0469088},
	{"GRM", false, TW_MEASURE_GRAM, 0.001},
	{"GR", false, TW_MEASURE_GRAM, 0.001},
	{"G", false, TW_MEASURE_GRAM, 0.001},
	{"MC", true, TW_MEASURE_M3, 1},
	{"X", true, TW_MEASURE_M3, 1},
	{"CR", true, TW_MEASURE_M3, 1},
	{"M3", true, TW_MEASURE_M3, 1},
	{"CBM", true, TW_MEASURE_M3, 1},
	{"FTQ", true, TW_MEASURE_FT3, 0.028316846592},
	{"CF", true, TW_MEASURE_FT3, 0.028316846592},
	{"E", true, TW_MEASURE_FT3, 0.028316846592},
	{"DMQ", true, TW_MEASURE_DM3, 0.001},
	{"LTR", true, TW_MEASURE_DM3, 0.001},
	{"CMQ", true, TW_MEASURE_CM3, 0.000001},
	{"CC", true, TW_MEASURE_CM3, 0.000001},
	{"INQ", true, TW_MEASURE_IN3, 0.000016387064},
	{"CI", true, TW_MEASURE_IN3, 0.000016387064},
};

double map_measure(struct tw_slice code, bool cubic, enum tw_unit_of_measure *ret_unit)
{
	char key[sizeof(MEASURES[0].code)] = {0};
	if (code.length >= sizeof(key))
		return 0;
	for (size_t i = 0; i < code.length; i++)
		key[i] = code.data[i];
	for (size_t i = 0; i < sizeof(MEASURES) / sizeof(MEASURES[0]); i++) {
		const struct measure *row = &MEASURES[i];
		if (memcmp(row->code, key, sizeof(key)) != 0 || row->cubic != cubic)
			continue;
		*ret_unit = row->unit;
		return row->factor;
	}
	return 0;
}
