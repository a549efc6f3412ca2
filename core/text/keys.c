/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"
#include "text/fold.h"
#include "tidewaiter/consignment.h"
#include "tidewaiter/list.h"

/*
 * Keys of parties and addresses. One party writes its name in many ways: company
 * forms, "and", blanks and punctuation do not count. Texts are cut at TEXT_LIMIT
 * bytes: what follows would only part what belongs together.
 */
#define TEXT_LIMIT 256u

/* Seeds keep the keys of one kind apart from those of another. */
enum { SEED_BYTES = 0x6b1, SEED_PARTY = 0x6b2, SEED_ADDRESS = 0x6b3, SEED_PAIR = 0x6b4 };

/* Words of a name that say what sort of company it is, in the words view. */
static const char *const FORMS[] = {
	"AB",	   "AG",   "AND",  "APS",  "AS",   "ASA",     "BHD",   "BV",	"CIA",
	"CO",	   "COMPANY", "CORP", "CORPORATION", "CV", "DMCC", "DOO", "EIRL", "EURL",
	"FZC",	   "FZCO", "FZE",  "GMBH", "INC",  "INCORPORATED", "JSC", "KFT", "KG",
	"KK",	   "LDA",  "LIMITED", "LLC", "LLP", "LP",     "LTD",   "LTDA",	"MBH",
	"NV",	   "OHG",  "OOO",  "OY",   "OYJ",  "PLC",     "PRIVATE", "PT",	"PTE",
	"PTY",	   "PVT",  "SA",   "SAC",  "SARL", "SAS",     "SDN",   "SL",	"SLU",
	"SPA",	   "SRL",  "TBK",  "THE",  "UG",   "ZAO",     NULL,
};

/* The same in single letters, as points leave them behind, and what needs more than one word. */
static const char *const PHRASES[] = {
	"SA DE CV",	 "S A DE C V", "S DE RL DE CV", "S DE R L DE C V", "SAPI DE CV",
	"S A P I DE C V", "S A S",     "S A R L",	"S P A",	   "S R L",
	"S A",		 "S L",	       "L L C",		"L L P",	   "L P",
	"P L C",	 "B V",	       "N V",		"A S",		   "A G",
	"A B",		 "SP Z O O",   "D O O",		"K K",		   "P T",
	"C V",		 NULL,
};

/* Names that stand for nobody: the whole name, or ... */
static const char *const NOBODY[] = {
	"AS ABOVE", "AS AGENT",	 "AS AGENTS", "BEARER", "BLANK",     "CONSIGNEE",   "HOLDER",
	"N A",	    "NA",	 "NAME",      "NIL",	"NO NAME",   "NON",	    "NONE",
	"NOT AVAILABLE", "NOT APPLICABLE", "NOT GIVEN", "NOT KNOWN", "NOTIFY", "NOTIFY PARTY",
	"NULL",	    "ORDER",	 "PRIVATE",   "SAME",	"SHIPPER",   "TBA",	    "TBC",
	"TBD",	    "TO ADVISE", "UNKNOWN",   "VARIOUS", "VARIOUS CONSIGNEES", NULL,
};

/* ... what it begins with. */
static const char *const NOBODY_FIRST[] = {
	"TO ORDER", "TO THE ORDER",  "TO HOLDER", "TO BE ADVISED", "TO BE CONFIRMED", "ORDER OF",
	"UNTO ORDER", "UNTO THE ORDER", "SAME AS",   "TO THE HOLDER", "UNKNOWN CONSIGNEE",
	"UNKNOWN SHIPPER", NULL,
};

/* Words of an address, and how they are written short. */
static const char *const SHORT_WORDS[][2] = {
	{"STREET", "ST"},   {"ROAD", "RD"},	  {"AVENUE", "AVE"}, {"BOULEVARD", "BLVD"},
	{"DRIVE", "DR"},    {"LANE", "LN"},	  {"SUITE", "STE"},  {"APARTMENT", "APT"},
	{"BUILDING", "BLDG"}, {"FLOOR", "FL"},	  {"NORTH", "N"},    {"SOUTH", "S"},
	{"EAST", "E"},	    {"WEST", "W"},	  {"STRASSE", "STR"}, {"AVENIDA", "AV"},
	{"CALLE", "C"},	    {"NUMBER", "NO"},	  {"ROOM", "RM"},    {"HIGHWAY", "HWY"},
	{"PARKWAY", "PKWY"}, {"DISTRICT", "DIST"}, {NULL, NULL},
};

/* A normalised text that grows to at most TEXT_LIMIT bytes. */
struct key_text {
	char bytes[TEXT_LIMIT];
	size_t length;
};

static struct tw_slice slice_of(const struct key_text *text)
{
	return tw_slice(text->bytes, text->length);
}

static void append(struct key_text *text, struct tw_slice bytes)
{
	size_t room = sizeof(text->bytes) - text->length;
	size_t length = bytes.length < room ? bytes.length : room;
	if (length > 0)
		memcpy(text->bytes + text->length, bytes.data, length);
	text->length += length;
}

/* Appends the words view of all values of a field in one item, a blank between them. */
static void append_field(const struct tw_consignment *consignment, enum tw_field field, int item,
			 struct key_text *text)
{
	for (int value = tw_find(consignment, field, (unsigned)item); value >= 0;
	     value = tw_next(consignment, value)) {
		char view[TEXT_LIMIT];
		if (tw_item(consignment, value) != (unsigned)item)
			continue;
		size_t length = tw_normalise(tw_text(consignment, value), view, sizeof(view));
		if (length > 0 && text->length > 0)
			append(text, TW_LITERAL(" "));
		append(text, tw_slice(view, length));
	}
}

static struct key_text view_of(const struct tw_consignment *consignment, enum tw_field field,
			       int item)
{
	struct key_text text = {.length = 0};
	append_field(consignment, field, item, &text);
	return text;
}

/* Takes the first word off a view. */
static struct tw_slice next_word(struct tw_slice *view)
{
	const char *blank = view->length == 0 ? NULL : memchr(view->data, ' ', view->length);
	size_t length = blank == NULL ? view->length : (size_t)(blank - view->data);
	struct tw_slice word = tw_slice_part(*view, 0, length);
	*view = tw_slice_from(*view, length + 1);
	return word;
}

static bool is_one_of(struct tw_slice text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (tw_slice_is(text, *words))
			return true;
	return false;
}

/* Whether a view begins with one of some phrases, as whole words. */
static bool begins_with(struct tw_slice view, const char *const *phrases)
{
	for (; *phrases != NULL; phrases++) {
		struct tw_slice phrase = tw_slice_string(*phrases);
		if (tw_slice_starts(view, phrase) &&
		    (view.length == phrase.length || view.data[phrase.length] == ' '))
			return true;
	}
	return false;
}

static bool has_two_different(struct tw_slice view)
{
	for (size_t i = 1; i < view.length; i++)
		if (view.data[i] != view.data[0] && view.data[i] != ' ')
			return true;
	return false;
}

/* XXX, 000 and single letters are nobody's name either. */
static bool is_nobody(struct tw_slice view)
{
	return is_one_of(view, NOBODY) || begins_with(view, NOBODY_FIRST) ||
	       !has_two_different(view);
}

/* Bytes of the phrase a view ends with, and of the blank before it; 0: none. */
static size_t phrase_at_end(struct tw_slice view)
{
	for (const char *const *phrase = PHRASES; *phrase != NULL; phrase++) {
		struct tw_slice end = tw_slice_string(*phrase);
		if (view.length <= end.length + 1)
			continue;
		size_t start = view.length - end.length;
		if (view.data[start - 1] == ' ' && tw_slice_equal(tw_slice_from(view, start), end))
			return end.length + 1;
	}
	return 0;
}

/* Drops company forms in single letters from the end of a name. */
static struct tw_slice without_phrases(struct tw_slice view)
{
	for (size_t cut = phrase_at_end(view); cut > 0; cut = phrase_at_end(view))
		view.length -= cut;
	return view;
}

/* The letters of a name that tell it from others. */
static void append_name(struct tw_slice view, struct key_text *text)
{
	size_t before = text->length;
	struct tw_slice rest = without_phrases(view);
	while (rest.length > 0) {
		struct tw_slice word = next_word(&rest);
		if (!is_one_of(word, FORMS))
			append(text, word);
	}
	if (text->length != before)
		return;
	while (view.length > 0) /* "The Company Ltd": forms are all there is */
		append(text, next_word(&view));
}

/* The words of an address, short where there is a short way, without blanks. */
static void append_address(struct tw_slice view, struct key_text *text)
{
	while (view.length > 0) {
		struct tw_slice word = next_word(&view);
		for (size_t i = 0; SHORT_WORDS[i][0] != NULL; i++)
			if (tw_slice_is(word, SHORT_WORDS[i][0]))
				word = tw_slice_string(SHORT_WORDS[i][1]);
		append(text, word);
	}
}

static bool has_digit(struct tw_slice view)
{
	for (size_t i = 0; i < view.length; i++)
		if (view.data[i] >= '0' && view.data[i] <= '9')
			return true;
	return false;
}

/* Letters and digits of a postcode; of ZIP+4 the five that every writer gives. False: none. */
static bool append_postcode(const struct tw_consignment *consignment, int item,
			    struct key_text *text)
{
	struct key_text view = view_of(consignment, TW_PARTY_POSTCODE, item);
	struct key_text code = {.length = 0};
	struct tw_slice rest = slice_of(&view);
	while (rest.length > 0)
		append(&code, next_word(&rest));
	if (!has_digit(slice_of(&code)) || !has_two_different(slice_of(&code)))
		return false;
	bool all_digits = true;
	for (size_t i = 0; i < code.length; i++)
		all_digits &= code.bytes[i] >= '0' && code.bytes[i] <= '9';
	if (all_digits && code.length == 9)
		code.length = 5;
	append(text, slice_of(&code));
	return true;
}

static bool append_city(const struct tw_consignment *consignment, int item, struct key_text *text)
{
	struct key_text view = view_of(consignment, TW_PARTY_CITY, item);
	if (is_nobody(slice_of(&view)))
		return false;
	append_name(slice_of(&view), text);
	return true;
}

/* The last digits of the first phone number: country and trunk prefixes vary. */
#define PHONE_DIGITS 8u
static bool append_phone(const struct tw_consignment *consignment, int item, struct key_text *text)
{
	struct tw_slice phone =
		tw_text(consignment, tw_find(consignment, TW_PARTY_PHONE, (unsigned)item));
	struct key_text digits = {.length = 0};
	for (size_t i = 0; i < phone.length; i++)
		if (phone.data[i] >= '0' && phone.data[i] <= '9')
			append(&digits, tw_slice_part(phone, i, 1));
	if (digits.length < PHONE_DIGITS || !has_two_different(slice_of(&digits)))
		return false;
	append(text, tw_slice_from(slice_of(&digits), digits.length - PHONE_DIGITS));
	return true;
}

static struct tw_key key_of_text(struct tw_slice bytes, uint64_t seed)
{
	struct tw_hash128 hash = tw_hash128(bytes, seed);
	struct tw_key key;
	memcpy(key.bytes, &hash.high, sizeof(hash.high));
	memcpy(key.bytes + sizeof(hash.high), &hash.low, sizeof(hash.low));
	return key;
}

/* Where the party is: the first of postcode, address, city and phone that is known. */
static void append_whereabouts(const struct tw_consignment *consignment, int item,
			       struct key_text *text)
{
	struct key_text address = view_of(consignment, TW_PARTY_ADDRESS, item);
	if (append_postcode(consignment, item, text))
		return;
	if (!is_nobody(slice_of(&address)))
		append_address(slice_of(&address), text);
	else if (!append_city(consignment, item, text))
		append_phone(consignment, item, text);
}

int tw_party_key(const struct tw_consignment *consignment, int party, struct tw_key *ret_key)
{
	if (party < 0)
		return 0;
	struct key_text name = view_of(consignment, TW_PARTY_NAME, party);
	if (is_nobody(slice_of(&name)))
		return 0;
	struct key_text text = {.length = 0};
	append_name(slice_of(&name), &text);
	/* A long name must leave room for where it is. */
	if (text.length > TEXT_LIMIT / 2)
		text.length = TEXT_LIMIT / 2;
	append(&text, TW_LITERAL("\n"));
	append_whereabouts(consignment, party, &text);
	*ret_key = key_of_text(slice_of(&text), SEED_PARTY);
	return 1;
}

/* Without a house number or a place, a street is everywhere. */
int tw_address_key(const struct tw_consignment *consignment, int party, struct tw_key *ret_key)
{
	if (party < 0)
		return 0;
	struct key_text address = view_of(consignment, TW_PARTY_ADDRESS, party);
	if (is_nobody(slice_of(&address)))
		return 0;
	struct key_text text = {.length = 0};
	append_address(slice_of(&address), &text);
	if (text.length > TEXT_LIMIT / 2)
		text.length = TEXT_LIMIT / 2;
	append(&text, TW_LITERAL("\n"));
	if (!append_postcode(consignment, party, &text) &&
	    !append_city(consignment, party, &text) && !has_digit(slice_of(&address)))
		return 0;
	*ret_key = key_of_text(slice_of(&text), SEED_ADDRESS);
	return 1;
}

int tw_pair_key(const struct tw_consignment *consignment, int party_a, int party_b,
		struct tw_key *ret_key)
{
	struct tw_key keys[2];
	if (!tw_party_key(consignment, party_a, &keys[0]) ||
	    !tw_party_key(consignment, party_b, &keys[1]))
		return 0;
	*ret_key = key_of_text(tw_slice((const char *)(const void *)keys, sizeof(keys)), SEED_PAIR);
	return 1;
}

struct tw_key tw_key_of(struct tw_slice bytes)
{
	return key_of_text(bytes, SEED_BYTES);
}
