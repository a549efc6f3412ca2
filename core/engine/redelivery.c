/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/redelivery.h"

int tw_redeliveries_open(struct tw_redeliveries *all, uint32_t most)
{
	int status = tw_delivered_create(most, &all->delivered);
	return status < 0 ? status : tw_delivered_create(most, &all->payloads);
}

void tw_redeliveries_close(struct tw_redeliveries *all)
{
	tw_delivered_free(all->delivered);
	tw_delivered_free(all->payloads);
	*all = (struct tw_redeliveries){0};
}

static bool is_same(const struct tw_sha256 *before, const struct tw_sha256 *now)
{
	return before != NULL && memcmp(before, now, sizeof(*now)) == 0;
}

int tw_redelivery_take(struct tw_redeliveries *all, const struct tw_delivery_told *told,
		       enum tw_delivery_verdict *ret_verdict)
{
	const struct tw_sha256 *before = tw_delivered_find(all->delivered, told->name);
	bool same = is_same(before, &told->digest);
	bool packed = told->readable && is_same(tw_delivered_find(all->payloads, told->name), &told->payload);
	bool told_already = told->known || before == NULL;
	*ret_verdict = told_already ? TW_DELIVERY_FIRST
		       : same	    ? TW_DELIVERY_RETRY
		       : packed	    ? TW_DELIVERY_PACKED
				    : TW_DELIVERY_CHANGED;
	all->retries += *ret_verdict == TW_DELIVERY_RETRY || *ret_verdict == TW_DELIVERY_PACKED;
	int status = tw_delivered_put(all->delivered, told->name, &told->digest);
	return status < 0 ? status : tw_delivered_put(all->payloads, told->name, &told->payload);
}
