/* SPDX-License-Identifier: Apache-2.0 */
#include "unwrap/ber.h"

#include "tidewaiter/status.h"

#define LONG_TAG 0x1fu
#define TAG_BYTES 4u

/* X.690, 8.1.2: one byte, or base 128 behind it. */
static int read_tag(struct tw_slice bytes, struct tw_ber *ber)
{
	int first = tw_slice_at(bytes, 0);
	if (first < 0)
		return 0;
	ber->class = (enum tw_ber_class)((unsigned)first >> 6);
	ber->constructed = (first & 0x20) != 0;
	ber->number = (unsigned)first & LONG_TAG;
	ber->head = 1;
	if (ber->number < LONG_TAG)
		return 1;
	ber->number = 0;
	for (unsigned i = 0; i < TAG_BYTES; i++) {
		int byte = tw_slice_at(bytes, ber->head);
		if (byte < 0)
			return 0;
		ber->head++;
		ber->number = ber->number << 7 | ((unsigned)byte & 0x7f);
		if ((byte & 0x80) == 0)
			return 1;
	}
	return TW_ERROR_INVALID;
}

/* X.690, 8.1.3: a byte, or how many bytes hold it, or none (indefinite, constructed only). */
static int read_length(struct tw_slice bytes, struct tw_ber *ber)
{
	int first = tw_slice_at(bytes, ber->head);
	if (first < 0)
		return 0;
	ber->head++;
	ber->length = (unsigned)first & 0x7f;
	ber->indefinite = first == 0x80;
	if (first < 0x80 || ber->indefinite)
		return ber->indefinite && !ber->constructed ? TW_ERROR_INVALID : 1;
	unsigned count = (unsigned)first & 0x7f;
	if (count > 8)
		return TW_ERROR_INVALID;
	ber->length = 0;
	for (unsigned i = 0; i < count; i++) {
		int byte = tw_slice_at(bytes, ber->head);
		if (byte < 0)
			return 0;
		ber->head++;
		ber->length = ber->length << 8 | (unsigned)byte;
	}
	return ber->length > INT64_MAX ? TW_ERROR_INVALID : 1;
}

int tw_ber_read(struct tw_slice bytes, struct tw_ber *ret_ber)
{
	struct tw_ber ber = {0};
	int status = read_tag(bytes, &ber);
	if (status > 0)
		status = read_length(bytes, &ber);
	if (status > 0)
		*ret_ber = ber;
	return status;
}

bool tw_ber_is(const struct tw_ber *ber, enum tw_ber_class class, uint32_t number)
{
	return ber->class == class && ber->number == number;
}
