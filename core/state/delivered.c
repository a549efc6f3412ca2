/* SPDX-License-Identifier: Apache-2.0 */
#include "state/delivered.h"

#include <stdlib.h>

#include "state/index.h"

struct message {
	struct tw_hash128 name;
	struct tw_sha256 digest;
};

struct tw_delivered {
	uint32_t most;
	struct tw_index index;
	struct message *messages; /* by slot */
	uint32_t capacity;
};

int tw_delivered_create(uint32_t most, struct tw_delivered **ret_delivered)
{
	struct tw_delivered *delivered = calloc(1, sizeof(*delivered));
	if (delivered == NULL)
		return TW_ERROR_MEMORY;
	delivered->most = most;
	*ret_delivered = delivered;
	return TW_OK;
}

void tw_delivered_free(struct tw_delivered *delivered)
{
	if (delivered == NULL)
		return;
	tw_index_free(&delivered->index);
	free(delivered->messages);
	free(delivered);
}

static int64_t find_slot(const struct tw_delivered *delivered, struct tw_hash128 name)
{
	uint32_t cell = UINT32_MAX;
	int64_t slot;
	while ((slot = tw_index_next(&delivered->index, name.low, &cell)) >= 0) {
		const struct message *message = &delivered->messages[slot];
		if (message->name.low == name.low && message->name.high == name.high)
			break;
	}
	return slot;
}

const struct tw_sha256 *tw_delivered_find(const struct tw_delivered *delivered,
					  struct tw_hash128 name)
{
	int64_t slot = find_slot(delivered, name);
	return slot < 0 ? NULL : &delivered->messages[slot].digest;
}

static int64_t add_slot(struct tw_delivered *delivered, struct tw_hash128 name)
{
	if (delivered->index.count >= delivered->most)
		tw_index_remove(&delivered->index, (uint32_t)tw_index_oldest(&delivered->index));
	int64_t slot = tw_index_add(&delivered->index, name.low);
	if (slot < 0)
		return slot;
	struct message *messages = tw_index_room(&delivered->index, delivered->messages,
						 &delivered->capacity, sizeof(*messages));
	if (messages == NULL) {
		tw_index_remove(&delivered->index, (uint32_t)slot);
		return TW_ERROR_MEMORY;
	}
	delivered->messages = messages;
	return slot;
}

int tw_delivered_put(struct tw_delivered *delivered, struct tw_hash128 name,
		     const struct tw_sha256 *digest)
{
	if (delivered->most == 0)
		return TW_OK;
	int64_t slot = find_slot(delivered, name);
	if (slot >= 0)
		tw_index_use(&delivered->index, (uint32_t)slot);
	else
		slot = add_slot(delivered, name);
	if (slot < 0)
		return (int)slot;
	delivered->messages[slot] = (struct message){name, *digest};
	return TW_OK;
}
