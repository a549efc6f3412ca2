/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that mean something to the envelope: roots, wrappers, and the elements that
 * tell who sent what to whom. What the rest means is for the maps.
 */
#include "xml.h"

#define NAME(literal) {(literal), sizeof(literal) - 1}
#define ANY {NULL, 0}

struct root {
	struct tw_slice name;
	struct tw_slice space; /* front of its namespace, or any */
	struct tw_slice type;  /* or its name */
};

/*
 * A type is the root's local name, but for IATA's messages, which have their short
 * name where the namespace says that they are IATA's, and for UBL's waybill and manifest,
 * whose roots others use too. The first that fits counts.
 */
static const struct root roots[] = {
	{NAME("Waybill"), NAME("iata:"), NAME("XFWB")},
	{NAME("HouseWaybill"), NAME("iata:"), NAME("XFZB")},
	{NAME("HouseManifest"), NAME("iata:"), NAME("XFHL")},
	{NAME("FlightManifest"), NAME("iata:"), NAME("XFFM")},
	{NAME("StatusMessage"), NAME("iata:"), NAME("XFSU")},
	{NAME("Response"), NAME("iata:"), NAME("XFNM")},
	{NAME("FreightBookedList"), NAME("iata:"), NAME("XFBL")},
	{NAME("ShippersDeclarationForDangerousGoods"), NAME("iata:"), NAME("XSDG")},
	{NAME("CustomsStatusNotification"), NAME("iata:"), NAME("XCSN")},
	{NAME("Waybill"), NAME("urn:oasis:names:specification:ubl:"), NAME("UBL-Waybill")},
	{NAME("Manifest"), NAME("urn:oasis:names:specification:ubl:"), NAME("UBL-Manifest")},
	{NAME("Waybill"), ANY, ANY},
	{NAME("HouseWaybill"), ANY, ANY},
	{NAME("HouseManifest"), ANY, ANY},
	{NAME("FlightManifest"), ANY, ANY},
	{NAME("BillOfLading"), ANY, ANY},
	{NAME("ForwardingInstructions"), ANY, ANY},
	{NAME("TransportationStatus"), ANY, ANY},
	{NAME("Declaration"), ANY, ANY},
	{NAME("MetaData"), ANY, ANY},
	{NAME("Envelope"), ANY, ANY},
	{NAME("StandardBusinessDocument"), ANY, ANY},
	{NAME("GovTalkMessage"), ANY, ANY},
};
#define ROOTS (sizeof(roots) / sizeof(roots[0]))

static bool digits(struct tw_slice text, size_t at)
{
	for (size_t i = at; i < text.length; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return text.length > at;
}

/* EU customs: CC315A (ICS), CC015C (transit), IE3F26 (ICS2). */
static bool customs_name(struct tw_slice name)
{
	bool cc = tw_slice_starts(name, TW_LITERAL("CC")) && name.length == 6;
	bool ie = tw_slice_starts(name, TW_LITERAL("IE3")) && name.length == 6;
	return (cc && digits(tw_slice_part(name, 0, 5), 2)) || (ie && digits(name, 4));
}

bool tw_xml_known_root(struct tw_slice local)
{
	for (size_t i = 0; i < ROOTS; i++)
		if (tw_slice_equal(local, roots[i].name))
			return true;
	return customs_name(local);
}

/* iata:waybill:1 and urn:...:Waybill-2 end with a version. */
static struct tw_slice space_version(struct tw_slice space)
{
	size_t at = space.length;
	while (at > 0 && space.data[at - 1] >= '0' && space.data[at - 1] <= '9')
		at--;
	bool marked = at > 0 && (space.data[at - 1] == ':' || space.data[at - 1] == '-');
	return marked ? tw_slice_from(space, at) : tw_slice(NULL, 0);
}

static void set_fact(struct tw_xml *parser, enum tw_xml_fact fact, struct tw_slice text)
{
	struct tw_xml_fact_text *target = &parser->facts[fact];
	target->length = (uint32_t)(text.length < TW_XML_FACT ? text.length : TW_XML_FACT);
	/* No character is cut. */
	while (target->length < text.length && target->length > 0 &&
	       ((unsigned char)text.data[target->length] & 0xc0) == 0x80)
		target->length--;
	if (target->length > 0)
		memcpy(target->text, text.data, target->length);
}

struct tw_slice tw_xml_fact(const struct tw_xml *parser, enum tw_xml_fact fact)
{
	return tw_slice(parser->facts[fact].text, parser->facts[fact].length);
}

void tw_xml_name_message(struct tw_xml *parser, struct tw_slice root, struct tw_slice space)
{
	struct tw_slice version = space_version(space);
	size_t length = root.length < TW_XML_FACT ? root.length : TW_XML_FACT;
	memcpy(parser->type_text, root.data, length);
	parser->type = tw_slice(parser->type_text, length);
	for (size_t i = 0; i < ROOTS; i++)
		if (tw_slice_equal(root, roots[i].name) && roots[i].space.length > 0 &&
		    tw_slice_starts(space, roots[i].space))
			parser->type = roots[i].type;
	/* A version that stands in a wrapper's header is the message's. */
	if (tw_xml_fact(parser, TW_XML_VERSION).length == 0 || parser->any_message)
		set_fact(parser, TW_XML_VERSION, version);
	if (parser->any_message)
		set_fact(parser, TW_XML_REFERENCE, tw_slice(NULL, 0));
}

/* ---- wrappers ------------------------------------------------------------------------ */

/* What stands around a message. `inside`: the wrapper it must stand in, NULL: none. */
static const struct wrapper {
	const char *name, *inside;
	const char *content; /* the one element that holds the message; NULL: any but the headers */
	const char *headers; /* fronts of names, separated by blanks */
} wrappers[] = {
	{"Envelope", NULL, "Body", ""},
	{"GovTalkMessage", NULL, "Body", ""},
	{"Body", "Envelope", NULL, ""},
	{"Body", "GovTalkMessage", NULL, ""},
	{"StandardBusinessDocument", NULL, NULL, "StandardBusinessDocumentHeader"},
	{"StandardBusinessDocument", "Body", NULL, "StandardBusinessDocumentHeader"},
	/* WCO's: what the declaration in it is, and whose. */
	{"MetaData", NULL, NULL, "WCO Responsible AgencyAssigned CommunicationMetaData"},
	{"MetaData", "Body", NULL, "WCO Responsible AgencyAssigned CommunicationMetaData"},
};
#define WRAPPERS (sizeof(wrappers) / sizeof(wrappers[0]))

static bool is_header(const struct wrapper *wrapper, struct tw_slice name)
{
	const char *word = wrapper->headers;
	if (wrapper->content != NULL)
		return !tw_slice_is(name, wrapper->content);
	while (*word != '\0') {
		size_t length = strcspn(word, " ");
		if (tw_slice_starts(name, tw_slice(word, length)))
			return true;
		word += length + (word[length] == ' ');
	}
	return false;
}

uint8_t tw_xml_wrapper(const struct tw_xml *parser, struct tw_slice name)
{
	const struct wrapper *outer = NULL;
	if (parser->depth > 0) {
		uint8_t around = parser->top->wrapper;
		if (around == TW_XML_OUTSIDE)
			return TW_XML_OUTSIDE;
		outer = &wrappers[around - 1];
		if (is_header(outer, name))
			return TW_XML_OUTSIDE;
	}
	for (size_t i = 0; i < WRAPPERS; i++) {
		bool here = wrappers[i].inside == NULL
				    ? outer == NULL
				    : outer != NULL && strcmp(outer->name, wrappers[i].inside) == 0;
		if (here && tw_slice_is(name, wrappers[i].name))
			return (uint8_t)(i + 1);
	}
	return 0;
}

/* ---- facts --------------------------------------------------------------------------- */

/*
 * Where they stand. ROOT is the root of the message. The first that is
 * found counts, so UN/CEFACT's Standard Business Document Header, which comes first,
 * wins over what it holds.
 */
#define ROOT {NULL, 0}
static const struct place {
	struct tw_slice parent, name;
	enum tw_xml_fact fact;
} places[] = {
	{NAME("Sender"), NAME("Identifier"), TW_XML_SENDER},
	{NAME("Receiver"), NAME("Identifier"), TW_XML_RECIPIENT},
	{NAME("DocumentIdentification"), NAME("InstanceIdentifier"), TW_XML_INTERCHANGE},
	{NAME("DocumentIdentification"), NAME("CreationDateAndTime"), TW_XML_TIME},
	{NAME("MetaData"), NAME("WCODataModelVersionCode"), TW_XML_VERSION},
	/* IATA */
	{NAME("MessageHeaderDocument"), NAME("ID"), TW_XML_REFERENCE},
	{NAME("MessageHeaderDocument"), NAME("IssueDateTime"), TW_XML_TIME},
	{NAME("MessageHeaderDocument"), NAME("VersionID"), TW_XML_VERSION},
	{NAME("SenderParty"), NAME("PrimaryID"), TW_XML_SENDER},
	{NAME("RecipientParty"), NAME("PrimaryID"), TW_XML_RECIPIENT},
	/* UBL */
	{ROOT, NAME("UBLVersionID"), TW_XML_VERSION},
	{ROOT, NAME("ID"), TW_XML_REFERENCE},
	{ROOT, NAME("IssueDate"), TW_XML_TIME},
	{ROOT, NAME("IssueTime"), TW_XML_CLOCK},
	{NAME("SenderParty"), NAME("EndpointID"), TW_XML_SENDER},
	{NAME("ReceiverParty"), NAME("EndpointID"), TW_XML_RECIPIENT},
	{NAME("PartyIdentification"), NAME("ID"), TW_XML_SENDER},
	/* WCO */
	{ROOT, NAME("FunctionalReferenceID"), TW_XML_REFERENCE},
	{NAME("IssueDateTime"), NAME("DateTimeString"), TW_XML_TIME},
	/* EU customs, ICS and NCTS */
	{ROOT, NAME("MesSenMES3"), TW_XML_SENDER},
	{ROOT, NAME("MesRecMES6"), TW_XML_RECIPIENT},
	{ROOT, NAME("DatOfPreMES9"), TW_XML_TIME},
	{ROOT, NAME("TimOfPreMES10"), TW_XML_CLOCK},
	{ROOT, NAME("IntConRefMES11"), TW_XML_INTERCHANGE},
	{ROOT, NAME("TesIndMES18"), TW_XML_TEST},
	{ROOT, NAME("MesIdeMES19"), TW_XML_REFERENCE},
	{ROOT, NAME("messageSender"), TW_XML_SENDER},
	{ROOT, NAME("messageRecipient"), TW_XML_RECIPIENT},
	{ROOT, NAME("preparationDateAndTime"), TW_XML_TIME},
	{ROOT, NAME("messageIdentification"), TW_XML_REFERENCE},
	/* ICS2 */
	{ROOT, NAME("LRN"), TW_XML_REFERENCE},
	{ROOT, NAME("documentIssueDate"), TW_XML_TIME},
};

/* Elements with others in them that may stand before the header is over. */
static const struct tw_slice header_elements[] = {
	NAME("MessageHeaderDocument"), NAME("SenderParty"), NAME("ReceiverParty"),
	NAME("UBLExtensions"), NAME("Signature"),
	NAME("IssueDateTime"),
};

bool tw_xml_header_element(struct tw_slice name)
{
	for (size_t i = 0; i < sizeof(header_elements) / sizeof(header_elements[0]); i++)
		if (tw_slice_equal(name, header_elements[i]))
			return true;
	return false;
}

/* UBL's PartyIdentification is the sender's or the recipient's by what it stands in. */
static bool within(const struct tw_xml *parser, const char *name)
{
	for (unsigned i = parser->depth; i > 0; i--)
		if (tw_slice_is(parser->open[i].name, name))
			return true;
	return false;
}

void tw_xml_take_fact(struct tw_xml *parser, struct tw_slice parent, struct tw_slice name,
		      struct tw_slice text)
{
	bool below_root = parser->in_message && parser->depth == parser->message_depth + 2;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct place *place = &places[i];
		enum tw_xml_fact fact = place->fact;
		if (!tw_slice_equal(name, place->name) ||
		    (place->parent.length == 0 ? !below_root : !tw_slice_equal(parent, place->parent)))
			continue;
		if (tw_slice_is(parent, "PartyIdentification")) {
			if (within(parser, "ReceiverParty"))
				fact = TW_XML_RECIPIENT;
			else if (!within(parser, "SenderParty"))
				continue;
		}
		/* A version in the message says more than the namespace's. */
		bool better = fact == TW_XML_VERSION && parser->in_message;
		if (parser->facts[fact].length == 0 || better)
			set_fact(parser, fact, text);
		return;
	}
}

/* ---- time ---------------------------------------------------------------------------- */

/* Days since 1 March 2000 of a date, and back (Hinnant's way: years begin with March). */
static int days_of(int year, int month, int day)
{
	int y = year - (month <= 2) - 2000, m = month + (month > 2 ? -3 : 9);
	int leap = y >= 0 ? y / 4 - y / 100 + y / 400 : (y - 3) / 4 - (y - 99) / 100 + (y - 399) / 400;
	return 365 * y + leap + (153 * m + 2) / 5 + day - 1;
}

static void date_of(int days, int *year, int *month, int *day)
{
	int y = days / 365;
	while (days_of(2000 + y, 3, 1) > days)
		y--;
	int rest = days - days_of(2000 + y, 3, 1);
	int m = (5 * rest + 2) / 153;
	*day = rest - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = 2000 + y + (m >= 10);
}

static int number_at(struct tw_slice text, size_t at, size_t length)
{
	int number = 0;
	for (size_t i = at; i < at + length; i++) {
		int c = tw_slice_at(text, i);
		if (c < '0' || c > '9')
			return -1;
		number = number * 10 + (c - '0');
	}
	return number;
}

/* Minutes east of Greenwich of +01:00, -0330, Z or nothing. */
static int zone_of(struct tw_slice text)
{
	for (size_t at = 10; at < text.length; at++) {
		int sign = tw_slice_at(text, at);
		if (sign != '+' && sign != '-')
			continue;
		int hours = number_at(text, at + 1, 2);
		int minutes = number_at(text, at + (tw_slice_at(text, at + 3) == ':' ? 4 : 3), 2);
		return (sign == '-' ? -1 : 1) * ((hours < 0 ? 0 : hours) * 60 + (minutes < 0 ? 0 : minutes));
	}
	return 0;
}

static void put_number(char *out, int number, size_t length)
{
	for (size_t i = length; i-- > 0; number /= 10)
		out[i] = (char)('0' + number % 10);
}

/* 2021-03-10T11:00:00+01:00 in the time of Greenwich. */
static struct tw_slice iso_time(struct tw_slice text, struct tw_slice clock, char buffer[16])
{
	int year = number_at(text, 0, 4), month = number_at(text, 5, 2), day = number_at(text, 8, 2);
	struct tw_slice time = clock.length > 0 ? clock : tw_slice_from(text, 11);
	int hour = number_at(time, 0, 2), minute = number_at(time, 3, 2);
	if (year < 1900 || month < 1 || month > 12 || day < 1 || day > 31)
		return tw_slice(NULL, 0);
	int minutes = (hour < 0 ? 0 : hour) * 60 + (minute < 0 ? 0 : minute) - zone_of(text);
	int days = days_of(year, month, day) + (minutes + 14400) / 1440 - 10;
	minutes = (minutes + 14400) % 1440;
	date_of(days, &year, &month, &day);
	put_number(buffer, year, 4);
	put_number(buffer + 4, month, 2);
	put_number(buffer + 6, day, 2);
	put_number(buffer + 8, minutes / 60, 2);
	put_number(buffer + 10, minutes % 60, 2);
	return tw_slice(buffer, 12);
}

/* ISO 8601, or the digits of customs: 030211 and 0123, 200302111234, 20030211123400Z. */
struct tw_slice tw_xml_time(const struct tw_xml *parser, char buffer[16])
{
	struct tw_slice text = tw_xml_fact(parser, TW_XML_TIME);
	struct tw_slice clock = tw_xml_fact(parser, TW_XML_CLOCK);
	size_t length = 0;
	if (tw_slice_at(text, 4) == '-' && tw_slice_at(text, 7) == '-')
		return iso_time(text, clock, buffer);
	for (size_t i = 0; i < text.length && length < 12; i++) {
		if (number_at(text, i, 1) < 0)
			break;
		buffer[length++] = text.data[i];
	}
	if (length == 6 || length == 8) {
		bool given = number_at(clock, 0, 4) >= 0;
		memcpy(buffer + length, given ? clock.data : "0000", 4);
		length += 4;
	}
	return tw_slice(buffer, length == 10 || length == 12 ? length : 0);
}
