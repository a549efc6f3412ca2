/* SPDX-License-Identifier: Apache-2.0 */
#include "text/keys.h"

#include "base/hash.h"
#include "text/fold.h"
#include "tidewaiter/list.h"

/*
 * Keys of parties and addresses. One party writes its name in many ways: company
 * forms, "and", blanks and punctuation do not count. Texts are cut at TEXT_LIMIT
 * bytes: what follows would only part what belongs together.
 */
#define TEXT_LIMIT 256u
/* Postcodes up to here are looked at without the general way. */
#define PLAIN_POSTCODE 64u
/* So many letters of a name are part of a party's trace. */
#define TRACE_LETTERS 4u

/* Seeds keep the keys of one kind apart from those of another. */
enum { SEED_BYTES = 0x6b1, SEED_PARTY = 0x6b2, SEED_ADDRESS = 0x6b3, SEED_PAIR = 0x6b4 };

/* With their lengths: most words are told apart by that alone. */
#define W(word) {word, sizeof(word) - 1}

/*
 * Sets of words: those of one length stand one behind the other at that length, so that
 * a word is compared with few.
 */
#define WORD_LIMIT 19u

/* Words of a name that say what sort of company it is, in the words view. */
static const char *const FORMS[WORD_LIMIT] = {
	[2] = "AB" "AG" "AS" "BV" "CO" "CV" "KG" "KK" "LP" "NV" "OY" "PT" "SA" "SL" "UG",
	[3] = "AND" "APS" "ASA" "BHD" "CIA" "DOO" "FZC" "FZE" "INC" "JSC" "KFT" "LDA" "LLC" "LLP"
		"LTD" "MBH" "OHG" "OOO" "OYJ" "PLC" "PTE" "PTY" "PVT" "SAC" "SAS" "SDN" "SLU"
		"SPA" "SRL" "TBK" "THE" "ZAO",
	[4] = "CORP" "DMCC" "EIRL" "EURL" "FZCO" "GMBH" "LTDA" "SARL",
	[7] = "COMPANY" "LIMITED" "PRIVATE",
	[11] = "CORPORATION",
	[12] = "INCORPORATED",
};

/* The same in single letters, as points leave them behind, and what needs more than one word. */
static const struct tw_slice PHRASES[] = {
	W("SA DE CV"), W("S A DE C V"), W("S DE RL DE CV"), W("S DE R L DE C V"), W("SAPI DE CV"),
	W("S A P I DE C V"), W("S A S"), W("S A R L"), W("S P A"), W("S R L"), W("S A"), W("S L"),
	W("L L C"), W("L L P"), W("L P"), W("P L C"), W("B V"), W("N V"), W("A S"), W("A G"),
	W("A B"), W("SP Z O O"), W("D O O"), W("K K"), W("P T"), W("C V"),
	{NULL, 0},
};

/* Names that stand for nobody: the whole name, or ... */
static const char *const NOBODY[WORD_LIMIT] = {
	[2] = "NA",
	[3] = "N A" "NIL" "NON" "TBA" "TBC" "TBD",
	[4] = "NAME" "NONE" "NULL" "SAME",
	[5] = "BLANK" "ORDER",
	[6] = "BEARER" "HOLDER" "NOTIFY",
	[7] = "NO NAME" "PRIVATE" "SHIPPER" "UNKNOWN" "VARIOUS",
	[8] = "AS ABOVE" "AS AGENT",
	[9] = "AS AGENTS" "CONSIGNEE" "NOT GIVEN" "NOT KNOWN" "TO ADVISE",
	[12] = "NOTIFY PARTY",
	[13] = "NOT AVAILABLE",
	[14] = "NOT APPLICABLE",
	[18] = "VARIOUS CONSIGNEES",
};

/* ... what it begins with. */
static const struct tw_slice NOBODY_FIRST[] = {
	W("TO ORDER"), W("TO THE ORDER"), W("TO HOLDER"), W("TO BE ADVISED"),
	W("TO BE CONFIRMED"), W("ORDER OF"), W("UNTO ORDER"), W("UNTO THE ORDER"), W("SAME AS"),
	W("TO THE HOLDER"), W("UNKNOWN CONSIGNEE"), W("UNKNOWN SHIPPER"),
	{NULL, 0},
};

/* Words of an address by length, and how they are written short. */
#define SHORT_LIMIT 10u
static const struct {
	const char *words;
	struct tw_slice shorts[6];
} SHORT_WORDS[SHORT_LIMIT] = {
	[4] = {"ROAD" "LANE" "EAST" "WEST" "ROOM",
	       {W("RD"), W("LN"), W("E"), W("W"), W("RM")}},
	[5] = {"DRIVE" "SUITE" "FLOOR" "NORTH" "SOUTH" "CALLE",
	       {W("DR"), W("STE"), W("FL"), W("N"), W("S"), W("C")}},
	[6] = {"STREET" "AVENUE" "NUMBER",
	       {W("ST"), W("AVE"), W("NO")}},
	[7] = {"STRASSE" "AVENIDA" "HIGHWAY" "PARKWAY",
	       {W("STR"), W("AV"), W("HWY"), W("PKWY")}},
	[8] = {"BUILDING" "DISTRICT",
	       {W("BLDG"), W("DIST")}},
	[9] = {"BOULEVARD" "APARTMENT",
	       {W("BLVD"), W("APT")}},
};

/* A normalised text that grows to at most TEXT_LIMIT bytes. Only its length is set at first: there are many. */
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
		if (text->length == 0) {
			text->length = tw_normalise(tw_text(consignment, value), text->bytes,
						    sizeof(text->bytes));
			continue;
		}
		size_t length = tw_normalise(tw_text(consignment, value), view, sizeof(view));
		if (length > 0)
			append(text, TW_LITERAL(" "));
		append(text, tw_slice(view, length));
	}
}

static struct key_text view_of(const struct tw_consignment *consignment, enum tw_field field,
			       int item)
{
	struct key_text text;
	text.length = 0;
	append_field(consignment, field, item, &text);
	return text;
}

/* Takes the first word off a view. Words are short: no call is worth it. */
static inline struct tw_slice next_word(struct tw_slice *view)
{
	size_t length = 0;
	while (length < view->length && view->data[length] != ' ')
		length++;
	struct tw_slice word = {view->data, length};
	*view = tw_slice_from(*view, length + 1);
	return word;
}

/* Which of the words of its length it is, or -1. */
static inline int place_among(struct tw_slice word, const char *words)
{
	size_t last = word.length - 1;
	if (words == NULL)
		return -1;
	for (int place = 0; words[0] != '\0'; place++, words += word.length)
		if (words[0] == word.data[0] && words[last] == word.data[last] &&
		    memcmp(words, word.data, word.length) == 0)
			return place;
	return -1;
}

static inline bool is_one_of(struct tw_slice word, const char *const words[WORD_LIMIT])
{
	return word.length > 0 && word.length < WORD_LIMIT &&
	       place_among(word, words[word.length]) >= 0;
}

/* Whether a view begins with one of some phrases, as whole words. */
static bool begins_with(struct tw_slice view, const struct tw_slice *phrases)
{
	for (; phrases->data != NULL; phrases++)
		if (view.length >= phrases->length && view.data[0] == phrases->data[0] &&
		    tw_slice_starts(view, *phrases) &&
		    (view.length == phrases->length || view.data[phrases->length] == ' '))
			return true;
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

/*
 * Bytes of the phrase a view ends with, and of the blank before it; 0: none. The last
 * word of each is of one or two letters, which that of most names is not.
 */
static size_t phrase_at_end(struct tw_slice view)
{
	if (view.length < 4 || (view.data[view.length - 2] != ' ' && view.data[view.length - 3] != ' '))
		return 0;
	for (const struct tw_slice *end = PHRASES; end->data != NULL; end++) {
		if (view.length <= end->length + 1 ||
		    view.data[view.length - 1] != end->data[end->length - 1])
			continue;
		size_t start = view.length - end->length;
		if (view.data[start - 1] == ' ' && tw_slice_equal(tw_slice_from(view, start), *end))
			return end->length + 1;
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
		int place = word.length < SHORT_LIMIT
				    ? place_among(word, SHORT_WORDS[word.length].words)
				    : -1;
		append(text, place < 0 ? word : SHORT_WORDS[word.length].shorts[place]);
	}
}

static bool has_digit(struct tw_slice view)
{
	for (size_t i = 0; i < view.length; i++)
		if (view.data[i] >= '0' && view.data[i] <= '9')
			return true;
	return false;
}

/* Of ZIP+4 the five digits that every writer gives; of what is no postcode nothing. */
static size_t kept_postcode(const char *code, size_t length)
{
	size_t digits = 0;
	bool differ = false;
	for (size_t i = 0; i < length; i++) {
		digits += code[i] >= '0' && code[i] <= '9';
		differ |= code[i] != code[0];
	}
	if (digits == 0 || !differ)
		return 0;
	return digits == 9 && length == 9 ? 5 : length;
}

/* Letters and digits of a postcode. False: none. */
static bool append_postcode(const struct tw_consignment *consignment, int item,
			    struct key_text *text)
{
	struct key_text view = view_of(consignment, TW_PARTY_POSTCODE, item);
	struct key_text code;
	code.length = 0;
	struct tw_slice rest = slice_of(&view);
	while (rest.length > 0)
		append(&code, next_word(&rest));
	code.length = kept_postcode(code.bytes, code.length);
	append(text, slice_of(&code));
	return code.length > 0;
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
	struct key_text digits;
	digits.length = 0;
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
	if (append_postcode(consignment, item, text))
		return;
	struct key_text address = view_of(consignment, TW_PARTY_ADDRESS, item);
	if (!is_nobody(slice_of(&address)))
		append_address(slice_of(&address), text);
	else if (!append_city(consignment, item, text))
		append_phone(consignment, item, text);
}

bool tw_party_known(const struct tw_consignment *consignment, int party)
{
	if (party < 0)
		return false;
	struct key_text name = view_of(consignment, TW_PARTY_NAME, party);
	return !is_nobody(slice_of(&name));
}

int tw_party_key(const struct tw_consignment *consignment, int party, struct tw_key *ret_key)
{
	if (party < 0)
		return 0;
	struct key_text name = view_of(consignment, TW_PARTY_NAME, party);
	if (is_nobody(slice_of(&name)))
		return 0;
	struct key_text text;
	text.length = 0;
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
	struct key_text text;
	text.length = 0;
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

/* Letters and digits of a postcode that is short and plain; false where it is not. */
static bool plain_postcode(const struct tw_consignment *consignment, int item,
			   char code[PLAIN_POSTCODE], size_t *ret_length)
{
	size_t length = 0;
	int first = tw_find(consignment, TW_PARTY_POSTCODE, (unsigned)item);
	struct tw_slice text = tw_text(consignment, first);
	if (text.length > PLAIN_POSTCODE)
		return false;
	for (int value = first; value >= 0; value = tw_next(consignment, value))
		if (value != first && tw_item(consignment, value) == (unsigned)item)
			return false;
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte >= 0x80)
			return false;
		code[length] = tw_fold_ascii(byte);
		length += code[length] != ' ';
	}
	*ret_length = length;
	return true;
}

/*
 * The letters of a name that append_name() would begin with, where its first word is
 * long enough to give them all and ends at a blank: nearly all do. False: not so.
 */
static bool plain_start(const struct tw_consignment *consignment, int item,
			char start[TRACE_LETTERS])
{
	char word[16];
	size_t length = 0;
	struct tw_slice name =
		tw_text(consignment, tw_find(consignment, TW_PARTY_NAME, (unsigned)item));
	for (; length < name.length && length < sizeof(word); length++) {
		unsigned char byte = (unsigned char)name.data[length];
		word[length] = byte < 0x80 ? tw_fold_ascii(byte) : ' ';
		if (word[length] == ' ')
			break;
	}
	if (length < TRACE_LETTERS || length == sizeof(word) ||
	    (length < name.length && name.data[length] != ' ') ||
	    is_one_of(tw_slice(word, length), FORMS))
		return false;
	memcpy(start, word, TRACE_LETTERS);
	return true;
}

static void general_start(const struct tw_consignment *consignment, int item,
			  char start[TRACE_LETTERS])
{
	struct key_text name = view_of(consignment, TW_PARTY_NAME, item);
	struct key_text letters;
	letters.length = 0;
	append_name(slice_of(&name), &letters);
	memset(start, ' ', TRACE_LETTERS);
	memcpy(start, letters.bytes,
	       letters.length < TRACE_LETTERS ? letters.length : TRACE_LETTERS);
}

/* The postcode as append_postcode() would append it, where it is not plain. */
static size_t general_postcode(const struct tw_consignment *consignment, int item,
			       char code[PLAIN_POSTCODE])
{
	struct key_text text;
	text.length = 0;
	append_postcode(consignment, item, &text);
	if (text.length > PLAIN_POSTCODE)
		return 0; /* the key's own text may have no room for all of it */
	memcpy(code, text.bytes, text.length);
	return text.length;
}

/* A handful of bytes: FNV-1a. */
static uint64_t hash_more(uint64_t hash, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
	return hash;
}

uint32_t tw_postcode_trace(const struct tw_consignment *consignment, int party)
{
	char code[PLAIN_POSTCODE];
	size_t length;
	if (plain_postcode(consignment, party, code, &length))
		length = kept_postcode(code, length);
	else
		length = general_postcode(consignment, party, code);
	uint64_t hash = hash_more(0xcbf29ce484222325u, code, length);
	return (uint32_t)(hash ^ hash >> 32);
}

uint32_t tw_party_trace(const struct tw_consignment *consignment, int party)
{
	char start[TRACE_LETTERS];
	if (!plain_start(consignment, party, start))
		general_start(consignment, party, start);
	uint64_t hash = hash_more(tw_postcode_trace(consignment, party), start, sizeof(start));
	return (uint32_t)(hash ^ hash >> 32);
}

struct tw_key tw_key_of(struct tw_slice bytes)
{
	return key_of_text(bytes, SEED_BYTES);
}
