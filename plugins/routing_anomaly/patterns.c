/* SPDX-License-Identifier: Apache-2.0 */
#include "routing_anomaly.h"

#include <math.h>
#include <stdio.h>

#include "tidewaiter/window.h"

/*
 * The state of a key is a run of visits, one a shipment, oldest out at the limit.
 * The visits hold more than a hash to compare (names that share words, weights
 * within a tenth), which is why tw_window, one value an entry, is not enough.
 */
#define VISIT_LIMIT 100u
#define NAME_WORDS 6

/* What one shipment says under a key; the payload of an observation, see facts_size(). */
struct visit_facts {
	uint32_t person;	  /* hash of the consignee: its address, else its name */
	uint32_t shipper_address; /* hashes, 0: none */
	float kg, usd;
	uint8_t home, by_name;
	/* from here on in table consignees only */
	uint8_t hub, odd;
	uint32_t shipper_name, shipper_phone;
	uint16_t words[NAME_WORDS]; /* hashes of the consignee's name */
};

/* Bytes of the facts that a table has: ledger and state hold them for every shipment, so nothing unused. */
static size_t facts_size(uint32_t table)
{
	return table == TW_ROUTING_TABLE_PARCELS ? offsetof(struct visit_facts, hub)
						 : sizeof(struct visit_facts);
}

struct visit {
	struct tw_shipment shipment;
	double time;
	struct visit_facts facts;
};

struct visits {
	uint32_t count;
	struct visit entries[VISIT_LIMIT];
};

/* ---- making a payload ------------------------------------------------------------ */

static uint32_t hash(struct tw_slice bytes)
{
	struct tw_key key = tw_key_of(bytes);
	uint32_t value;
	memcpy(&value, key.bytes, sizeof(value));
	return value == 0 ? 1 : value;
}

static uint32_t key_hash(const struct tw_key *key)
{
	return hash(tw_slice((const char *)(const void *)key->bytes, sizeof(key->bytes)));
}

/* The next word of a normalised text, or an empty slice. */
static struct tw_slice next_word(struct tw_slice *text)
{
	size_t length = 0;
	*text = tw_slice_trim(*text);
	while (length < text->length && tw_slice_at(*text, length) != ' ')
		length++;
	struct tw_slice word = tw_slice_part(*text, 0, length);
	*text = tw_slice_from(*text, length);
	return word;
}

/* Whether a word tells one firm from another: not a company form, not a trade word, not one letter. */
static bool is_telling(const struct tw_routing_lists *lists, struct tw_slice word)
{
	return word.length >= 2 && tw_list_find(lists->parties.company, lists->company_term, word) < 0;
}

/* The telling words of a name, normalised, one blank between; all words where none tells. */
static size_t telling_name(const struct tw_routing_facts *facts, int party, char *name, size_t size)
{
	char buffer[160];
	size_t used = 0;
	int value = party < 0 ? -1 : tw_find(facts->consignment, TW_PARTY_NAME, (unsigned)party);
	size_t length = tw_normalise(tw_text(facts->consignment, value), buffer, sizeof(buffer));
	length = length < sizeof(buffer) ? length : sizeof(buffer);
	for (int all = 0; all < 2 && used == 0; all++) {
		struct tw_slice rest = tw_slice(buffer, length);
		for (struct tw_slice word = next_word(&rest); word.length > 0;
		     word = next_word(&rest)) {
			if ((all == 0 && !is_telling(&facts->routing->lists, word)) ||
			    used + word.length + 1 > size)
				continue;
			memcpy(name + used, word.data, word.length);
			used += word.length;
			name[used++] = ' ';
		}
	}
	return used;
}

/* The last eight digits of a phone number: country and trunk prefixes come and go. */
static uint32_t phone_hash(const struct tw_routing_facts *facts, int party)
{
	char digits[8];
	size_t count = 0;
	struct tw_slice phone = tw_text(facts->consignment,
					tw_find(facts->consignment, TW_PARTY_PHONE, (unsigned)party));
	for (size_t i = phone.length; i > 0 && count < sizeof(digits); i--) {
		int c = tw_slice_at(phone, i - 1);
		if (c >= '0' && c <= '9')
			digits[count++] = (char)c;
	}
	return count < 6 ? 0 : hash(tw_slice(digits, count));
}

/* What tells a shipper from others; each is read once. */
struct shipper {
	char name[160]; /* its telling words */
	size_t name_length;
	struct tw_key address;
	bool has_address;
};

static struct shipper read_shipper(const struct tw_routing_facts *facts)
{
	struct shipper shipper;
	shipper.name_length =
		telling_name(facts, facts->shipper, shipper.name, sizeof(shipper.name));
	shipper.has_address =
		tw_address_key(facts->consignment, facts->shipper, &shipper.address) == 1;
	return shipper;
}

static struct tw_slice shipper_name(const struct shipper *shipper)
{
	return tw_slice(shipper->name, shipper->name_length);
}

static uint32_t address_hash(const struct shipper *shipper)
{
	return shipper->has_address ? key_hash(&shipper->address) : 0;
}

static void note_shipper(const struct tw_routing_facts *facts, const struct shipper *shipper,
			 struct visit_facts *visit)
{
	visit->shipper_name = shipper->name_length > 0 ? hash(shipper_name(shipper)) : 0;
	visit->shipper_address = address_hash(shipper);
	visit->shipper_phone = phone_hash(facts, facts->shipper);
}

static int observe(const struct tw_routing_facts *facts, uint32_t table, struct tw_key key,
		   const struct visit_facts *visit)
{
	return tw_observe(facts->out, table, key,
			  tw_slice((const char *)(const void *)visit, facts_size(table)));
}

/* Address before name: name variants at one address are one party. False: it has no name. */
static bool place_key(const struct tw_consignment *consignment, int party, struct tw_key *ret_key)
{
	return tw_party_known(consignment, party) &&
	       (tw_address_key(consignment, party, ret_key) == 1 ||
		tw_party_key(consignment, party, ret_key) == 1);
}

/*
 * Under the consignee's address, where its name may vary, and under its name and
 * postcode, where its address may.
 */
int tw_routing_observe_shipper(const struct tw_routing_facts *facts, bool hub, bool odd)
{
	const struct tw_consignment *consignment = facts->consignment;
	struct visit_facts visit = {.hub = hub, .odd = odd};
	struct tw_key key, name_key;
	char name[160];
	if (!tw_party_known(consignment, facts->shipper) ||
	    !place_key(consignment, facts->consignee, &key) ||
	    tw_party_key(consignment, facts->consignee, &name_key) != 1)
		return TW_OK;
	struct shipper shipper = read_shipper(facts);
	note_shipper(facts, &shipper, &visit);
	visit.person = key_hash(&key);
	struct tw_slice rest = tw_slice(name, telling_name(facts, facts->consignee, name, sizeof(name)));
	for (unsigned i = 0; i < NAME_WORDS; i++) {
		struct tw_slice word = next_word(&rest);
		visit.words[i] = word.length > 0 ? (uint16_t)(hash(word) | 1u) : 0;
	}
	int status = observe(facts, TW_ROUTING_TABLE_CONSIGNEES, key, &visit);
	if (status < 0 || memcmp(key.bytes, name_key.bytes, sizeof(key.bytes)) == 0)
		return status;
	visit.by_name = 1;
	return observe(facts, TW_ROUTING_TABLE_CONSIGNEES, name_key, &visit);
}

/* ---- like houses ------------------------------------------------------------------ */

/* What houses have in common, as the text of a key: who, and what kind of goods. */
struct common {
	char bytes[320];
	size_t length;
};

static void put(struct common *text, struct tw_slice part)
{
	size_t room = sizeof(text->bytes) - text->length;
	size_t length = part.length < room ? part.length : room;
	if (length > 0)
		memcpy(text->bytes + text->length, part.data, length);
	text->length += length;
}

/*
 * Puts the kind of goods: the kind by goods_density.tsv, else the HS heading, else the
 * first words of the description. False: nothing tells it.
 */
static bool put_kind(const struct tw_routing_facts *facts, struct common *text)
{
	const struct tw_routing_lists *lists = &facts->routing->lists;
	struct tw_match match = {0};
	while (tw_match_next(facts->consignment, lists->density, &match) == 1) {
		struct tw_slice name = tw_list_cell(lists->density, match.row, lists->density_kind);
		if (tw_field_of(facts->consignment, match.value) != TW_GOODS_DESCRIPTION ||
		    tw_slice_is(name, "dense"))
			continue;
		put(text, TW_LITERAL("kind "));
		put(text, tw_slice_part(name, 0, 60));
		return true;
	}
	struct tw_slice hs = tw_text(facts->consignment, tw_first(facts->consignment, TW_GOODS_HS));
	if (tw_check_hs(hs) == 1) {
		put(text, TW_LITERAL("hs "));
		put(text, tw_slice_part(hs, 0, 4));
		return true;
	}
	char words[20];
	int value = tw_first(facts->consignment, TW_GOODS_DESCRIPTION);
	size_t length = tw_normalise(tw_text(facts->consignment, value), words, sizeof(words));
	put(text, tw_slice(words, length < 16 ? length : 16));
	return length > 0;
}

static int observe_under(const struct tw_routing_facts *facts, const char *prefix,
			 struct tw_slice who, const struct visit_facts *visit)
{
	struct common text = {.length = 0};
	put(&text, tw_slice_string(prefix));
	put(&text, TW_LITERAL("|"));
	if (who.length == 0 || !put_kind(facts, &text))
		return TW_OK;
	put(&text, TW_LITERAL("|"));
	put(&text, tw_slice_part(who, 0, 160));
	return observe(facts, TW_ROUTING_TABLE_PARCELS,
		       tw_key_of(tw_slice(text.bytes, text.length)), visit);
}

/* Two names are alike where their first two telling words are. */
static struct tw_slice first_words(struct tw_slice name)
{
	struct tw_slice rest = name;
	size_t start = name.length;
	next_word(&rest);
	if (next_word(&rest).length == 0)
		return tw_slice(NULL, 0);
	return tw_slice_part(name, 0, start - rest.length);
}

/* Under the shipper's address, or its name, and for persons under the name as well. */
static int observe_shipped(const struct tw_routing_facts *facts, const struct shipper *shipper,
			   struct visit_facts *visit)
{
	struct tw_key key = shipper->address;
	if (!tw_party_known(facts->consignment, facts->shipper) ||
	    (!shipper->has_address && tw_party_key(facts->consignment, facts->shipper, &key) != 1))
		return TW_OK;
	int status = observe_under(facts, "shipper", tw_slice((const char *)(const void *)key.bytes,
							      sizeof(key.bytes)), visit);
	visit->by_name = 1;
	return status < 0 || !visit->home
		       ? status
		       : observe_under(facts, "name", first_words(shipper_name(shipper)), visit);
}

/*
 * Whose like houses count: persons' anywhere, and a firm's where a value below
 * the limit for simple entry was split. An order of a named maker or retailer is
 * lawful; of any other firm it is what joins its houses.
 */
int tw_routing_observe_parcel(const struct tw_routing_facts *facts)
{
	const struct tw_routing_options *options = facts->routing->options;
	struct visit_facts visit = {.kg = (float)facts->weight, .usd = (float)facts->usd};
	struct tw_key key;
	if (!(facts->weight >= options->parcel_kg))
		return TW_OK;
	visit.home = tw_routing_is_home(facts, facts->consignee);
	bool split = facts->mode != TW_MODE_SEA && facts->usd > 0 && facts->usd <= options->split_usd;
	if (!(visit.home || split))
		return TW_OK;
	struct tw_slice order = tw_routing_order(facts->consignment);
	if (order.length == 0)
		order = tw_routing_order_written(facts->consignment);
	if ((!visit.home && order.length > 0) ||
	    !place_key(facts->consignment, facts->consignee, &key))
		return TW_OK;
	if (order.length > 0 && (tw_routing_is_user(facts, facts->shipper, "maker") ||
				 tw_routing_is_user(facts, facts->shipper, "retailer")))
		return TW_OK;
	struct shipper shipper = read_shipper(facts);
	visit.person = key_hash(&key);
	visit.shipper_address = address_hash(&shipper);
	if (order.length > 0 && tw_routing_is_company(facts, facts->shipper))
		return observe_under(facts, "order", order, &visit);
	return observe_shipped(facts, &shipper, &visit);
}

/* ---- counting ---------------------------------------------------------------------- */

/* A visit is kept without what its table has not. */
static size_t visit_size(uint32_t table)
{
	return offsetof(struct visit, facts) + facts_size(table);
}

static void read_visits(struct visits *visits, uint32_t table, struct tw_slice bytes)
{
	size_t size = visit_size(table);
	visits->count = 0;
	if (bytes.length % size != 0 || bytes.length > VISIT_LIMIT * size)
		return;
	for (; bytes.length > 0; bytes = tw_slice_from(bytes, size)) {
		struct visit *visit = &visits->entries[visits->count++];
		*visit = (struct visit){.time = 0};
		memcpy(visit, bytes.data, size);
	}
}

static int write_visits(const struct visits *visits, const struct tw_state *state, uint32_t table,
			struct tw_out *out)
{
	char bytes[sizeof(visits->entries)];
	size_t size = visit_size(table);
	for (uint32_t i = 0; i < visits->count; i++)
		memcpy(bytes + i * size, &visits->entries[i], size);
	return tw_state_write(out, state, tw_slice(bytes, visits->count * size));
}

static void remove_visit(struct visits *visits, uint32_t at)
{
	memmove(&visits->entries[at], &visits->entries[at + 1],
		(visits->count - at - 1) * sizeof(visits->entries[0]));
	visits->count--;
}

static void forget(struct visits *visits, struct tw_shipment shipment)
{
	for (uint32_t i = 0; i < visits->count; i++) {
		if (!tw_shipment_equal(visits->entries[i].shipment, shipment))
			continue;
		remove_visit(visits, i);
		return;
	}
}

static void remember(struct visits *visits, const struct visit *visit)
{
	uint32_t oldest = 0;
	for (uint32_t i = 1; i < visits->count; i++)
		if (visits->entries[i].time < visits->entries[oldest].time)
			oldest = i;
	if (visits->count == VISIT_LIMIT)
		remove_visit(visits, oldest);
	visits->entries[visits->count++] = *visit;
}

static bool is_near(const struct visit *a, const struct visit *b, double days)
{
	return fabs(a->time - b->time) <= days * 86400.0;
}

static bool same(uint32_t a, uint32_t b)
{
	return a != 0 && a == b;
}

static bool are_related(const struct visit_facts *a, const struct visit_facts *b)
{
	return same(a->shipper_name, b->shipper_name) ||
	       same(a->shipper_address, b->shipper_address) ||
	       same(a->shipper_phone, b->shipper_phone);
}

/* Two consignees at one address are one party where their names share a word, or one has no name. */
static bool is_same_name(const struct visit_facts *a, const struct visit_facts *b)
{
	for (unsigned i = 0; i < NAME_WORDS && a->words[i] != 0; i++)
		for (unsigned j = 0; j < NAME_WORDS && b->words[j] != 0; j++)
			if (a->words[i] == b->words[j])
				return true;
	return a->words[0] == 0 || b->words[0] == 0;
}

/* Which visits count beside this one; at a hub only those whose goods are odd. */
static bool counts_with(const struct visit *this, const struct visit *other, double days,
			bool odd_only)
{
	return is_near(this, other, days) && is_same_name(&this->facts, &other->facts) &&
	       (!odd_only || other->facts.odd);
}

/* Which of the visits that count: at a hub those with odd goods, those at this one's address. */
struct choice {
	double days;
	bool odd_only, here_only;
};

/* Unrelated shippers among the visits that count: each is unlike all counted before it. */
static unsigned count_shippers(const struct visits *visits, const struct visit *this,
			       struct choice choice)
{
	uint32_t seen[VISIT_LIMIT];
	unsigned count = 0;
	for (uint32_t i = 0; i < visits->count; i++) {
		const struct visit_facts *other = &visits->entries[i].facts;
		bool known = !counts_with(this, &visits->entries[i], choice.days, choice.odd_only) ||
			     (choice.here_only && other->person != this->facts.person);
		for (unsigned j = 0; j < count && !known; j++)
			known = are_related(&visits->entries[seen[j]].facts, other);
		if (!known)
			seen[count++] = i;
	}
	return count;
}

static bool is_like(const struct visit *this, const struct visit *other, double days)
{
	float larger = fmaxf(this->facts.kg, other->facts.kg);
	return is_near(this, other, days) &&
	       fabsf(this->facts.kg - other->facts.kg) <= 0.1f * larger + 1e-4f &&
	       this->facts.home == other->facts.home &&
	       (this->facts.home || this->facts.person == other->facts.person);
}

struct likes {
	unsigned count, persons;
	bool addresses; /* more than one address of shippers */
	double usd;
};

static struct likes count_likes(const struct visits *visits, const struct visit *this, double days)
{
	struct likes likes = {0};
	for (uint32_t i = 0; i < visits->count; i++) {
		const struct visit *other = &visits->entries[i];
		bool seen = false;
		if (!is_like(this, other, days))
			continue;
		likes.count++;
		likes.usd += (double)other->facts.usd;
		likes.addresses |= other->facts.shipper_address != this->facts.shipper_address;
		for (uint32_t j = 0; j < i && !seen; j++)
			seen = is_like(this, &visits->entries[j], days) &&
			       visits->entries[j].facts.person == other->facts.person;
		likes.persons += !seen;
	}
	return likes;
}

static int relate(const struct visits *visits, const struct visit *this, double days, bool parcels,
		  struct tw_out *out)
{
	for (uint32_t i = 0; i < visits->count; i++) {
		const struct visit *other = &visits->entries[i];
		bool counts = parcels ? is_like(this, other, days)
				      : counts_with(this, other, days,
						    this->facts.hub != 0 && this->facts.odd != 0);
		if (!counts || tw_shipment_equal(other->shipment, this->shipment))
			continue;
		int status = tw_add_related(out, other->shipment);
		if (status < 0)
			return status;
	}
	return TW_OK;
}

static int tell(struct tw_out *out, uint32_t sid, const char *family, double weight,
		const char *shown, const char *why)
{
	return tw_add_evidence(out, &(struct tw_evidence){
		.sid = sid,
		.value = -1,
		.shown = tw_slice_string(shown),
		.family = tw_slice_string(family),
		.weight = weight,
		.why = tw_slice_string(why)});
}

static int judge_shippers(const struct tw_routing_options *options, const struct visits *visits,
			  const struct visit *this, struct tw_out *out)
{
	char shown[48];
	char why[160];
	/* A hub whose goods here are not odd may still carry goods that another detector knows. */
	struct choice choice = {options->shippers_days, this->facts.hub && this->facts.odd, false};
	struct choice here = {options->shippers_days, choice.odd_only, true};
	unsigned count = count_shippers(visits, this, choice);
	/* What one address has seen is told under its own key. */
	if (count < options->shippers ||
	    (this->facts.by_name && count_shippers(visits, this, here) >= options->shippers))
		return TW_OK;
	snprintf(shown, sizeof(shown), "%u shippers", count);
	snprintf(why, sizeof(why),
		 "%u shippers with nothing in common sent to this consignee at the border or in Mexico "
		 "within %.0f days",
		 count, options->shippers_days);
	int status = tell(out, TW_ROUTING_SHIPPERS,
			  this->facts.hub && !this->facts.odd ? "hub" : "shippers", 0.7, shown, why);
	return status < 0 ? status : relate(visits, this, options->shippers_days, false, out);
}

static int judge_parcels(const struct tw_routing_options *options, const struct visits *visits,
			 const struct visit *this, struct tw_out *out)
{
	char shown[48];
	char why[160];
	struct likes likes = count_likes(visits, this, options->parcels_days);
	if (likes.count < options->parcels || (this->facts.by_name && !likes.addresses) ||
	    (!this->facts.home && likes.usd <= options->split_usd))
		return TW_OK;
	snprintf(shown, sizeof(shown), "%u like houses", likes.count);
	snprintf(why, sizeof(why),
		 "%u houses of the same kind of goods and weight (within a tenth) to %u %s within %.0f days",
		 likes.count, likes.persons,
		 likes.persons > 1 ? "persons" : this->facts.home ? "person" : "consignee",
		 options->parcels_days);
	int status = tell(out, TW_ROUTING_PARCELS, "parcels", this->facts.home ? 0.65 : 0.55, shown, why);
	return status < 0 ? status : relate(visits, this, options->parcels_days, true, out);
}

int tw_routing_correlate(const void *instance, const struct tw_observation *observation,
			 const struct tw_state *state, struct tw_out *out)
{
	const struct tw_routing *routing = instance;
	struct visits visits;
	struct visit this = {.shipment = observation->shipment, .time = observation->time};
	if (observation->operation == TW_NOTE)
		return TW_OK;
	read_visits(&visits, observation->table, tw_state_bytes(state));
	forget(&visits, observation->shipment);
	bool counts = observation->operation != TW_RETRACT &&
		      observation->now.length == facts_size(observation->table);
	if (counts) {
		memcpy(&this.facts, observation->now.data, observation->now.length);
		remember(&visits, &this);
	}
	int status = write_visits(&visits, state, observation->table, out);
	if (status < 0 || !counts)
		return status;
	return observation->table == TW_ROUTING_TABLE_PARCELS
		       ? judge_parcels(routing->options, &visits, &this, out)
		       : judge_shippers(routing->options, &visits, &this, out);
}
