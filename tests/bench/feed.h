/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_BENCH_FEED_H
#define TW_BENCH_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What the bench's feeds are made of: chance, words, parties, places, numbers with
 * check digits. Everything is drawn from a seed, so the same seed gives the same
 * bytes. One thread; words and parties are built once and owned by the caller.
 * The one program that includes it, generate.c, has it all in one piece.
 *
 * Weakness: names, streets and numbers are combinations of pieces. They have the
 * lengths and shapes of real ones, not their frequencies.
 */
struct feed_random {
	uint64_t state;
};

/* Minutes since the feed's first day as a date. */
struct feed_date {
	unsigned year, month, day, hour, minute;
};

/* A run of bytes that somebody else owns. */
struct feed_piece {
	const char *bytes;
	size_t length;
};

#define FEED_CHAPTER_WORDS 160u
#define FEED_CHAPTER_CODES 16u
struct feed_chapter {
	struct feed_piece words[FEED_CHAPTER_WORDS];
	const char *codes[FEED_CHAPTER_CODES]; /* six digits each */
	unsigned word_count, code_count;
};
/* The vocabulary, by chapter of the Harmonized System. */
struct feed_words {
	struct feed_chapter *chapters;
	unsigned chapter_count;
};

/* What a description shall be like. */
struct feed_wish {
	unsigned chapter, hs, pieces;
	bool unicode;	 /* UTF-8; otherwise ISO 8859-1 */
	bool suspicious;
	bool longer;	 /* the feed has too little text */
};

/* Parties, each as the rest of a NAD segment. */
struct feed_parties {
	char *bytes;
	uint32_t *starts; /* count + 1 */
	unsigned char *used;
	size_t count;
};

struct feed_place {
	const char *code; /* UN/LOCODE */
};

struct feed_carrier {
	const char *scac, *iata;
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- chance, digits and dates ------------------------------------------------ */

/* splitmix64, a public-domain generator. */
static uint64_t next(struct feed_random *random)
{
	uint64_t word = random->state += 0x9e3779b97f4a7c15u;
	word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
	word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
	return word ^ (word >> 31);
}

static struct feed_random feed_random(uint64_t seed)
{
	struct feed_random random = {seed};
	random.state = next(&random);
	return random;
}

/* A number below `limit` (at most 2^32). */
static uint64_t feed_below(struct feed_random *random, uint64_t limit)
{
	return ((next(random) >> 32) * limit) >> 32;
}

/* Writes a number with at least `width` digits; returns how many. */
static size_t feed_digits(uint64_t number, unsigned width, char *digits)
{
	char reversed[24];
	unsigned length = 0;
	do {
		reversed[length++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0 || length < width);
	for (unsigned i = 0; i < length; i++)
		digits[i] = reversed[length - 1 - i];
	return length;
}

/* The feed begins on 1 June 2024: in the past, so that no time in it lies ahead of its arrival. */
static struct feed_date feed_date(uint64_t minutes)
{
	static const unsigned days_of[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	uint64_t days = minutes / 1440;
	struct feed_date date = {2024, 6, 1, (unsigned)(minutes / 60 % 24), (unsigned)(minutes % 60)};
	for (;;) {
		unsigned leap = date.month == 2 && date.year % 4 == 0;
		unsigned length = days_of[date.month - 1] + leap;
		if (days < length)
			break;
		days -= length;
		date.year += date.month == 12;
		date.month = date.month == 12 ? 1 : date.month + 1;
	}
	date.day = 1 + (unsigned)days;
	return date;
}

/* ---- words ------------------------------------------------------------------- */

/* Trade words of other languages; those in ASCII and ISO 8859-1 come first. */
static const char *const foreign[] = {
	"REPUESTOS", "TORNILLOS", "CAJAS", "CARTÓN", "ALGODÓN", "MADERA", "MUEBLES", "ACERO", "TUBERÍA",
	"CAMIÓN", "NIÑOS", "ROPA", "ZAPATOS", "PLÁSTICO", "VIDRIO", "CERÁMICA", "LÁMPARAS", "HERRAMIENTAS",
	"PIÈCES", "DÉTACHÉES", "MACHINES", "TEXTILE", "VÊTEMENTS", "COTON", "MEUBLES", "BOIS", "ACIER",
	"ÉCLAIRAGE", "VERRERIE", "CAOUTCHOUC", "ÉLECTRIQUE", "CÂBLES", "CHAUSSURES", "FENÊTRES",
	"ERSATZTEILE", "MÖBEL", "GERÄTE", "SCHRAUBEN", "MASCHINENTEILE", "BÜROSTÜHLE", "STAHLRÖHREN",
	"KUNSTSTOFF", "GLASWAREN", "HOLZPLATTEN", "GETRIEBE", "KÜHLSCHRÄNKE", "WERKZEUG", "TÜREN",
	"PEÇAS", "MÁQUINAS", "ALGODÃO", "CALÇADOS", "MÓVEIS", "AÇO", "ELÉTRICO", "TECIDOS", "FERRAMENTAS",
	"RICAMBI", "MACCHINARI", "TESSUTI", "PIASTRELLE", "CALZATURE", "RUBINETTERIA", "ILLUMINAZIONE",
	"ONDERDELEN", "MEUBELEN", "GEREEDSCHAP", "LAMPEN", "BLOEMBOLLEN", "KLEDING", "FIETSEN",
	"RESERVDELAR", "MØBLER", "TRÆVARER", "SKRUVAR", "BELYSNING", "KLÆDER", "VÆRKTØJ",
	"YIFU", "JIAJU", "BOLI", "TAOCI", "DENGJU", "XIEZI", "WANJU", "FANGZHIPIN",
	/* UTF-8 only */
	"家具", "玩具", "服装", "陶瓷", "灯具", "鞋子", "塑料制品", "五金工具", "纺织品", "玻璃器皿", "自行车零件",
	"電子零件", "CZĘŚCI", "MEBLE ŁAZIENKOWE", "GIYİM", "AYAKKABI", "МЕБЕЛЬ", "ОДЕЖДА",
};
#define LATIN_WORDS 84u /* how many of them are in ISO 8859-1 */

static const char *const phrases[] = {
	"SHIPPER'S LOAD, STOW AND COUNT", "FREIGHT PREPAID", "FREIGHT COLLECT", "SAID TO CONTAIN",
	"LADEN ON BOARD", "14 DAYS FREE TIME AT DESTINATION", "AS PER PROFORMA INVOICE", "MADE IN CHINA",
	"1 X 40'HC CONTAINER", "2 X 20'GP CONTAINERS", "NO WOOD PACKING MATERIAL", "PACKED ON PALLETS",
	"CONTACT: IMPORT DEPT.", "TEMPERATURE: +4 C", "NON-HAZARDOUS CARGO", "IS THIS SIDE UP? YES",
	"TOTAL: ONE CONTAINER ONLY", "SIZE 120 X 80 X 95 CM", "GROSS WEIGHT AS DECLARED", "BRAND NEW",
};

static const char *const packages[] = {"CARTONS", "PALLETS", "CASES", "BAGS", "ROLLS", "CRATES", "PACKAGES", "BUNDLES"};

/* One in a thousand by default; what DOMAIN calls pill-press, chemical-precursor and routing-anomaly. */
static const char *const suspect[] = {
	"ROTARY TABLET PRESS MACHINE ZP-9 WITH PUNCHES AND DIES", "SINGLE PUNCH TABLET PRESS TDP 5",
	"4-PIPERIDONE MONOHYDRATE HYDROCHLORIDE", "N-PHENETHYL-4-PIPERIDONE CAS 39742-60-4",
	"PILL PRESS MOULD, STEEL", "AUTOMATIC CAPSULE FILLING MACHINE", "PHENYLACETIC ACID 25 KG DRUMS",
	"ACETIC ANHYDRIDE 108-24-7", "KEYBOARDS",
};

static void take(struct feed_chapter *chapter, const char *line, bool codes)
{
	for (const char *word = line; *word != '\0';) {
		size_t length = strcspn(word, " ");
		if (codes && chapter->code_count < FEED_CHAPTER_CODES)
			chapter->codes[chapter->code_count++] = word;
		else if (!codes && chapter->word_count < FEED_CHAPTER_WORDS)
			chapter->words[chapter->word_count++] = (struct feed_piece){word, length};
		word += length + (word[length] == ' ');
	}
}

static bool feed_words_create(struct feed_words *words)
{
	static const struct {
		unsigned chapter;
		bool codes;
		const char *line;
	} lines[] = {
#define WORDS(chapter, line) {chapter, false, line},
#define CODES(chapter, line) {chapter, true, line},
#include "vocabulary.def"
#undef WORDS
#undef CODES
	};
	words->chapters = calloc(100, sizeof(*words->chapters));
	if (words->chapters == NULL)
		return false;
	words->chapter_count = 0;
	for (size_t i = 0; i < COUNT(lines); i++) {
		words->chapter_count += i == 0 || lines[i].chapter != lines[i - 1].chapter;
		take(&words->chapters[words->chapter_count - 1], lines[i].line, lines[i].codes);
	}
	return true;
}

static void feed_words_free(struct feed_words *words)
{
	free(words->chapters);
	words->chapters = NULL;
}

/* ---- texts ------------------------------------------------------------------- */

struct text {
	char *bytes;
	size_t length;
};

static void add(struct text *text, const char *bytes, size_t length)
{
	if (text->length + length + 1 > 960)
		return;
	if (text->length > 0)
		text->bytes[text->length++] = ' ';
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

static void add_string(struct text *text, const char *string)
{
	add(text, string, strlen(string));
}

static void add_number(struct text *text, const char *before, uint64_t number)
{
	char buffer[64];
	size_t length = strlen(before);
	memcpy(buffer, before, length);
	add(text, buffer, length + feed_digits(number, 1, buffer + length));
}

/* Words of another language; ISO 8859-1 is UTF-8 of two bytes made one. */
static void add_foreign(struct text *text, struct feed_random *random, unsigned count, bool unicode)
{
	while (count-- > 0) {
		const char *word = foreign[feed_below(random, unicode ? COUNT(foreign) : LATIN_WORDS)];
		char latin[64];
		size_t length = 0;
		for (const char *byte = word; !unicode && *byte != '\0'; byte++) {
			unsigned char lead = (unsigned char)*byte;
			latin[length++] = (char)(lead < 0x80 ? lead : ((lead & 3) << 6 | (byte[1] & 0x3f)));
			byte += lead >= 0x80;
		}
		if (unicode)
			add_string(text, word);
		else
			add(text, latin, length);
	}
}

static void add_remark(struct text *text, struct feed_random *random, const char *code)
{
	unsigned kind = (unsigned)feed_below(random, 8);
	if (kind == 0) {
		char heading[20] = "HS CODE ";
		memcpy(heading + 8, code, 4);
		heading[12] = '.';
		memcpy(heading + 13, code + 4, 2);
		add(text, heading, 15);
	} else if (kind == 1) {
		add_number(text, "P.O. NO.: 45", 10000000 + feed_below(random, 90000000));
	} else if (kind == 2) {
		add_number(text, "INV. ", 1000 + feed_below(random, 900000));
	} else {
		add_string(text, phrases[feed_below(random, COUNT(phrases))]);
	}
}

/* A description of goods, at most 1,000 bytes, nothing released. Returns its length. */
static size_t feed_description(struct feed_random *random, const struct feed_words *words,
			const struct feed_wish *wish, char out[1024])
{
	const struct feed_chapter *chapter = &words->chapters[wish->chapter];
	struct text text = {out, 0};
	if (feed_below(random, 2) == 0) {
		add_number(&text, "", wish->pieces);
		add_string(&text, packages[feed_below(random, COUNT(packages))]);
	}
	if (wish->suspicious)
		add_string(&text, suspect[feed_below(random, COUNT(suspect))]);
	unsigned rounds = 1 + (wish->longer ? 1 + (unsigned)feed_below(random, 3) : 0);
	bool abroad = feed_below(random, 6) == 0;
	while (rounds-- > 0 && !wish->suspicious) {
		unsigned count = 3 + (unsigned)feed_below(random, 6);
		if (abroad)
			add_foreign(&text, random, count, wish->unicode);
		for (unsigned i = 0; i < count && !abroad; i++) {
			struct feed_piece word = chapter->words[feed_below(random, chapter->word_count)];
			add(&text, word.bytes, word.length);
		}
		if (feed_below(random, 3) > 0)
			add_remark(&text, random, chapter->codes[wish->hs]);
	}
	return text.length;
}

/* One component of at most 70 characters from text[*at], with release characters. Returns its length. */
static size_t feed_wrap(const char *text, size_t length, size_t *at, bool unicode, char *out)
{
	size_t written = 0, from = *at;
	for (unsigned characters = 0; from < length; from++) {
		char byte = text[from];
		if ((!unicode || ((unsigned char)byte & 0xc0) != 0x80) && characters++ == 70)
			break;
		if (byte == '\'' || byte == '+' || byte == ':' || byte == '?')
			out[written++] = '?';
		out[written++] = byte;
	}
	*at = from;
	return written;
}

/* Marks and numbers as the components of one PCI element. Returns their length. */
static size_t feed_marks(struct feed_random *random, unsigned pieces, char marks[128])
{
	int length = feed_below(random, 3) == 0
		? snprintf(marks, 128, "N/M")
		: snprintf(marks, 128, "ORDER %u:C/NO. 1-%u:MADE IN CHINA",
			   (unsigned)(100000 + feed_below(random, 900000)), pieces);
	return (size_t)length;
}

/* ---- parties ----------------------------------------------------------------- */

static const char *const firsts[] = {
	"ALPHA", "APEX", "ATLAS", "AURORA", "BEACON", "BLUE RIVER", "BRIGHT", "CASCADE", "CEDAR", "CENTURY",
	"CORAL", "CREST", "CROWN", "DELTA", "DRAGON", "EAGLE", "EASTERN", "ELITE", "EVERGREEN", "FALCON",
	"FORTUNE", "GALAXY", "GOLDEN", "GRAND", "GREAT WALL", "HARBOUR", "HARMONY", "HORIZON", "IMPERIAL",
	"ISLAND", "JADE", "JUPITER", "KEYSTONE", "LAKESIDE", "LIBERTY", "LOTUS", "MAPLE", "MERIDIAN",
	"MIDLAND", "MOUNTAIN", "NORTHERN", "OCEAN", "OLYMPIC", "ORIENT", "PACIFIC", "PHOENIX", "PIONEER",
	"PRIME", "QUALITY", "RAINBOW", "REGENT", "ROYAL", "SILVER", "SOUTHERN", "STERLING", "SUMMIT",
	"SUNRISE", "TITAN", "TRIDENT", "UNION", "UNITED", "VALLEY", "VICTORY", "WESTERN",
};
static const char *const trades[] = {
	"TEXTILES", "FURNITURE", "ELECTRONICS", "FOODS", "GARMENTS", "HARDWARE", "CERAMICS", "LIGHTING",
	"TOYS", "PLASTICS", "AUTO PARTS", "TOOLS", "PAPER", "FOOTWEAR", "GLASS", "RUBBER", "TIMBER",
	"APPLIANCES", "SPORTING GOODS", "KITCHENWARE", "STATIONERY", "BICYCLES", "FABRICS", "TILES",
	"BEARINGS", "VALVES", "CABLES", "PUMPS", "CARPETS", "BEVERAGES", "SEAFOOD", "COFFEE",
};
static const char *const forms[] = {
	"CO LTD", "INC", "LLC", "CORP", "TRADING CO LTD", "IMPORT AND EXPORT CO LTD", "GMBH", "SA DE CV",
	"BV", "SPA", "LTDA", "LIMITED", "INDUSTRIES LTD", "INTERNATIONAL INC", "GROUP", "DISTRIBUTORS LLC",
};
static const char *const streets[] = {
	"RENMIN ROAD", "INDUSTRIAL AVENUE", "HARBOR BLVD", "MAIN STREET", "COMMERCE DRIVE", "RUA DAS FLORES",
	"CALLE MAYOR", "BAHNHOFSTRASSE", "NATHAN ROAD", "ZHONGSHAN ROAD", "JALAN AMPANG", "MARKET STREET",
	"WAREHOUSE WAY", "RUE DE LA GARE", "VIA ROMA", "KEIZERSGRACHT", "GREEN LANE", "LAKE SHORE DRIVE",
};
static const struct {
	const char *city, *region, *zip, *country;
} cities[] = {
	{"SHANGHAI", "", "2000", "CN"}, {"SHENZHEN", "GD", "5180", "CN"}, {"NINGBO", "ZJ", "3150", "CN"},
	{"QINGDAO", "SD", "2660", "CN"}, {"GUANGZHOU", "GD", "5100", "CN"}, {"XIAMEN", "FJ", "3610", "CN"},
	{"HONG KONG", "", "", "HK"}, {"KAOHSIUNG", "", "80", "TW"}, {"BUSAN", "", "485", "KR"},
	{"YOKOHAMA", "", "220", "JP"}, {"HO CHI MINH CITY", "", "7000", "VN"}, {"HAIPHONG", "", "1800", "VN"},
	{"BANGKOK", "", "101", "TH"}, {"JAKARTA", "", "101", "ID"}, {"PORT KLANG", "", "420", "MY"},
	{"MUMBAI", "", "4000", "IN"}, {"CHENNAI", "", "6000", "IN"}, {"CHITTAGONG", "", "41", "BD"},
	{"ISTANBUL", "", "340", "TR"}, {"SANTOS", "SP", "110", "BR"}, {"LONG BEACH", "CA", "908", "US"},
	{"CARSON", "CA", "907", "US"}, {"SEATTLE", "WA", "981", "US"}, {"CHICAGO", "IL", "606", "US"},
	{"HOUSTON", "TX", "770", "US"}, {"ATLANTA", "GA", "303", "US"}, {"EDISON", "NJ", "088", "US"},
	{"SAVANNAH", "GA", "314", "US"}, {"MEMPHIS", "TN", "381", "US"}, {"COLUMBUS", "OH", "432", "US"},
	{"DENVER", "CO", "802", "US"}, {"TORONTO", "ON", "", "CA"}, {"ROTTERDAM", "", "30", "NL"},
	{"HAMBURG", "", "204", "DE"}, {"ANTWERP", "", "20", "BE"}, {"FELIXSTOWE", "", "", "GB"},
	{"LE HAVRE", "", "766", "FR"}, {"GENOA", "", "161", "IT"}, {"VALENCIA", "", "460", "ES"},
	{"GDANSK", "", "80", "PL"}, {"SYDNEY", "NSW", "20", "AU"}, {"MELBOURNE", "VIC", "30", "AU"},
};

/*
 * elements after NAD's role: identifier, C058 free lines, C080 name, C059 street,
 * city, region, postcode, country. One party in four is written in C058 only, as
 * many carriers do.
 */
static int write_party(struct feed_random *random, size_t number, char *out, size_t size)
{
	size_t city = feed_below(random, COUNT(cities));
	unsigned house = 1 + (unsigned)feed_below(random, 9999);
	const char *street = streets[feed_below(random, COUNT(streets))];
	char name[96], zip[16] = "";
	snprintf(name, sizeof(name), "%s %s %s", firsts[number % COUNT(firsts)],
		 trades[number / COUNT(firsts) % COUNT(trades)],
		 forms[number / (COUNT(firsts) * COUNT(trades)) % COUNT(forms)]);
	if (cities[city].zip[0] != '\0')
		snprintf(zip, sizeof(zip), "%s%02u", cities[city].zip, (unsigned)feed_below(random, 100));
	if (feed_below(random, 4) == 0)
		return snprintf(out, size, "++%s:%u %s:%s %s:%s", name, house, street, cities[city].city,
				zip, cities[city].country);
	return snprintf(out, size, "+++%s+%u %s+%s+%s+%s+%s", name, house, street, cities[city].city,
			cities[city].region, zip, cities[city].country);
}

static bool feed_parties_create(struct feed_parties *parties, size_t count, uint64_t seed)
{
	struct feed_random random = feed_random(seed ^ 0x5061727479u);
	const size_t longest = 160;
	*parties = (struct feed_parties){.count = count};
	parties->starts = malloc((count + 1) * sizeof(*parties->starts));
	parties->used = calloc(count, 1);
	parties->bytes = malloc(count * longest);
	if (parties->starts == NULL || parties->used == NULL || parties->bytes == NULL)
		return false;
	uint32_t at = 0;
	for (size_t i = 0; i < count; i++) {
		parties->starts[i] = at;
		at += (uint32_t)write_party(&random, i, parties->bytes + at, longest);
	}
	parties->starts[count] = at;
	return true;
}

static void feed_parties_free(struct feed_parties *parties)
{
	free(parties->bytes);
	free(parties->starts);
	free(parties->used);
}

/* The party with this number, which from now on counts as used. */
static struct feed_piece feed_party(struct feed_parties *parties, size_t party)
{
	uint32_t start = parties->starts[party];
	parties->used[party] = 1;
	return (struct feed_piece){parties->bytes + start, parties->starts[party + 1] - start};
}

static uint64_t feed_parties_used(const struct feed_parties *parties)
{
	uint64_t used = 0;
	for (size_t i = 0; i < parties->count; i++)
		used += parties->used[i];
	return used;
}

/* ---- places, carriers and numbers --------------------------------------------- */

/* Four blocks of sixteen: seaports to load at and to discharge at, airports of origin and of destination. */
static const struct feed_place feed_places[] = {
	{"CNSHA"}, {"CNNGB"}, {"CNYTN"}, {"CNTAO"}, {"CNXMN"}, {"HKHKG"}, {"TWKHH"}, {"KRPUS"},
	{"JPYOK"}, {"VNSGN"}, {"THLCH"}, {"IDJKT"}, {"MYPKG"}, {"INNSA"}, {"TRIST"}, {"BRSSZ"},
	{"USLAX"}, {"USLGB"}, {"USSEA"}, {"USOAK"}, {"USNYC"}, {"USSAV"}, {"USHOU"}, {"USORF"},
	{"NLRTM"}, {"DEHAM"}, {"BEANR"}, {"GBFXT"}, {"FRLEH"}, {"ESVLC"}, {"AUSYD"}, {"CAVAN"},
	{"CNPVG"}, {"HKHKG"}, {"CNCAN"}, {"TWTPE"}, {"KRICN"}, {"JPNRT"}, {"SGSIN"}, {"THBKK"},
	{"VNSGN"}, {"INBOM"}, {"INDEL"}, {"AEDXB"}, {"DEFRA"}, {"NLAMS"}, {"GBLHR"}, {"MYKUL"},
	{"USORD"}, {"USJFK"}, {"USATL"}, {"USDFW"}, {"USMIA"}, {"USLAX"}, {"USSFO"}, {"USMEM"},
	{"CAYYZ"}, {"FRCDG"}, {"DEFRA"}, {"NLAMS"}, {"GBLHR"}, {"ITMXP"}, {"ESMAD"}, {"AUSYD"},
};

/* A port or airport, as origin or destination. */
static unsigned feed_place(struct feed_random *random, bool air, bool from)
{
	return (air ? 32u : 0u) + (from ? 0u : 16u) + (unsigned)feed_below(random, 16);
}

static const struct feed_carrier feed_carriers[] = {
	{"MAEU", "LH"}, {"MSCU", "CX"}, {"CMDU", "KE"}, {"COSU", "CI"}, {"HLCU", "SQ"}, {"ONEY", "NH"},
	{"EGLV", "EK"}, {"YMLU", "QR"}, {"HDMU", "AF"}, {"ZIMU", "BA"}, {"OOLU", "CV"}, {"WHLC", "5X"},
};
static const unsigned feed_carrier_count = COUNT(feed_carriers);

static const char *const feed_ships[] = {
	"TIDE PIONEER", "TIDE VENTURE", "NORTHERN HERON", "SOUTHERN HERON", "CAPE LANTERN", "CAPE AMBER",
	"OCEAN LARK", "OCEAN PLOVER", "GRAND ESTUARY", "GRAND LAGOON", "BLUE SOUNDING", "EASTERN FAIRWAY",
	"CAPTAIN?'S REST",
};
static const unsigned feed_ship_count = COUNT(feed_ships);

/* ISO 6346: letters count 10 to 38 without multiples of 11, position n weighs 2^n, modulo 11. */
static void feed_container(struct feed_random *random, char number[12])
{
	static const char *const owners[] = {"MSKU", "TCLU", "HLXU", "CMAU", "OOLU", "EGHU", "TGHU", "FCIU"};
	memcpy(number, owners[feed_below(random, COUNT(owners))], 4);
	feed_digits(feed_below(random, 1000000), 6, number + 4);
	unsigned sum = 0;
	for (unsigned i = 0; i < 10; i++) {
		unsigned value = (unsigned)(number[i] - '0');
		if (i < 4) {
			value = (unsigned)(number[i] - 'A') + 10;
			value += (value - 1) / 10; /* A is 10, B to K 12 to 21, L to U 23 to 32, V on 34 */
		}
		sum += value << i;
	}
	number[10] = (char)('0' + sum % 11 % 10);
	number[11] = '\0';
}

/* IATA: the eighth digit of the serial is the first seven modulo 7. */
static void feed_waybill(struct feed_random *random, char number[13])
{
	static const char *const prefixes[] = {"020", "160", "180", "297", "618", "205", "176", "157"};
	uint64_t serial = feed_below(random, 10000000);
	memcpy(number, prefixes[feed_below(random, COUNT(prefixes))], 3);
	number[3] = '-';
	feed_digits(serial, 7, number + 4);
	number[11] = (char)('0' + serial % 7);
	number[12] = '\0';
}

/* IMO A.1117(30): digits 1 to 6 weigh 7 to 2; the last digit of the sum is the seventh. */
static void feed_ship(uint64_t ship, char number[8])
{
	unsigned sum = 0;
	feed_digits(920000 + ship, 6, number);
	for (unsigned i = 0; i < 6; i++)
		sum += (unsigned)(number[i] - '0') * (7 - i);
	number[6] = (char)('0' + sum % 10);
	number[7] = '\0';
}

#endif
