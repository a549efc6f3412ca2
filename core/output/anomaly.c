/* SPDX-License-Identifier: Apache-2.0 */
#include "output/anomaly.h"

static const struct anomaly_row {
	const char *code;
	bool complete;
	const char *meaning;
} ANOMALIES[] = {
#define yes true
#define no false
#define TW_ANOMALY(code, complete, meaning) {code, complete, meaning},
#include "output/anomalies.def"
#undef TW_ANOMALY
#undef yes
#undef no
	{NULL, false, NULL},
};

/* Anomalies are rare: a search by name is quick enough. */
static const struct anomaly_row *find_row(const char *code)
{
	for (const struct anomaly_row *row = ANOMALIES; row->code != NULL; row++)
		if (strcmp(row->code, code) == 0)
			return row;
	return NULL;
}

bool tw_anomaly_complete(const char *code)
{
	const struct anomaly_row *row = find_row(code);
	return row != NULL && row->complete;
}

const char *tw_anomaly_meaning(const char *code)
{
	const struct anomaly_row *row = find_row(code);
	return row == NULL ? NULL : row->meaning;
}

const char *tw_anomaly_code(unsigned index)
{
	return index < sizeof(ANOMALIES) / sizeof(ANOMALIES[0]) ? ANOMALIES[index].code : NULL;
}

void tw_anomaly_reference(struct tw_buffer *out)
{
	tw_buffer_append_slice(out, TW_LITERAL("| code | inspection | meaning |\n"
					       "|---|---|---|\n"));
	for (const struct anomaly_row *row = ANOMALIES; row->code != NULL; row++)
		tw_buffer_printf(out, "| `%s` | %s | %s |\n", row->code,
				 row->complete ? "complete" : "incomplete", row->meaning);
}
