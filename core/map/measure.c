/* SPDX-License-Identifier: Apache-2.0 */
#include "map/map_table.h"

/*
 * Units of weight and volume as carriers write them: UN/ECE Recommendation 20
 * (KGM, LBR, TNE ...), X12 data elements 188 and 184 (K, L, X, E ...), IATA
 * Cargo-IMP (K, L, MC, CC, CF, CI). Factors to kilograms are exact by the
 * international pound (0.45359237 kg), to cubic metres by the foot (0.3048 m).
 */
#define CODE(a, b, c) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16)

static const struct map_measure MEASURES[] = {
	{CODE('K', 'G', 'M'), false, TW_MEASURE_KG, 1}, /* the frequent ones first */
	{CODE('M', 'T', 'Q'), true, TW_MEASURE_M3, 1},
	{CODE('K', 0, 0), false, TW_MEASURE_KG, 1},
	{CODE('K', 'G', 0), false, TW_MEASURE_KG, 1},
	{CODE('K', 'G', 'S'), false, TW_MEASURE_KG, 1},
	{CODE('L', 'B', 'R'), false, TW_MEASURE_LB, 0.45359237},
	{CODE('L', 0, 0), false, TW_MEASURE_LB, 0.45359237},
	{CODE('L', 'B', 0), false, TW_MEASURE_LB, 0.45359237},
	{CODE('L', 'B', 'S'), false, TW_MEASURE_LB, 0.45359237},
	{CODE('T', 'N', 'E'), false, TW_MEASURE_TON, 1000},
	{CODE('T', 'O', 'N'), false, TW_MEASURE_TON, 1000},
	{CODE('M', 'T', 0), false, TW_MEASURE_TON, 1000},
	{CODE('T', 0, 0), false, TW_MEASURE_TON, 1000},
	{CODE('S', 'T', 'N'), false, TW_MEASURE_TON, 907.18474},
	{CODE('L', 'T', 'N'), false, TW_MEASURE_TON, 1016.0469088},
	{CODE('G', 'R', 'M'), false, TW_MEASURE_GRAM, 0.001},
	{CODE('G', 'R', 0), false, TW_MEASURE_GRAM, 0.001},
	{CODE('G', 0, 0), false, TW_MEASURE_GRAM, 0.001},
	{CODE('M', 'C', 0), true, TW_MEASURE_M3, 1},
	{CODE('X', 0, 0), true, TW_MEASURE_M3, 1},
	{CODE('C', 'R', 0), true, TW_MEASURE_M3, 1},
	{CODE('M', '3', 0), true, TW_MEASURE_M3, 1},
	{CODE('C', 'B', 'M'), true, TW_MEASURE_M3, 1},
	{CODE('F', 'T', 'Q'), true, TW_MEASURE_FT3, 0.028316846592},
	{CODE('C', 'F', 0), true, TW_MEASURE_FT3, 0.028316846592},
	{CODE('E', 0, 0), true, TW_MEASURE_FT3, 0.028316846592},
	{CODE('D', 'M', 'Q'), true, TW_MEASURE_DM3, 0.001},
	{CODE('L', 'T', 'R'), true, TW_MEASURE_DM3, 0.001},
	{CODE('C', 'M', 'Q'), true, TW_MEASURE_CM3, 0.000001},
	{CODE('C', 'C', 0), true, TW_MEASURE_CM3, 0.000001},
	{CODE('I', 'N', 'Q'), true, TW_MEASURE_IN3, 0.000016387064},
	{CODE('C', 'I', 0), true, TW_MEASURE_IN3, 0.000016387064},
};

const struct map_measure *map_find_measure(uint64_t key, bool cubic)
{
	for (size_t i = 0; i < sizeof(MEASURES) / sizeof(MEASURES[0]); i++)
		if (MEASURES[i].key == key && MEASURES[i].cubic == cubic)
			return &MEASURES[i];
	return NULL;
}

double map_measure(struct tw_slice code, bool cubic, enum tw_unit_of_measure *ret_unit)
{
	const struct map_measure *found = NULL;
	if (code.length <= MAP_MEASURE_LENGTH)
		found = map_find_measure(map_pack(code), cubic);
	if (found == NULL)
		return 0;
	*ret_unit = found->unit;
	return found->factor;
}
