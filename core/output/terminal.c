/* SPDX-License-Identifier: Apache-2.0 */
#include "output/terminal.h"

#include <math.h>

#include "base/time.h"
#include "output/facts.h"
#include "output/json.h"
#include "output/page.h"
#include "output/privacy.h"

#define LABEL_WIDTH 11 /* "consignee" and two blanks */
#define COLUMNS_LEAST 40
#define COLUMNS_UNKNOWN 80
/* At a glance: longer texts are cut; the event has more of them. */
#define GOODS_SHOWN 240
#define VALUE_SHOWN 120
#define RELATED_SHOWN 10

static const struct severity {
	const char *word, *colour;
} SEVERITIES[] = {
	{"", "0"}, {"HIGH", "1;31"}, {"MEDIUM", "1;33"}, {"LOW", "1;36"}, {"INFO", "1;34"},
};

static struct severity severity_of(int severity)
{
	return SEVERITIES[severity >= 1 && severity <= 4 ? severity : 4];
}

/* One alert on its way to the terminal. */
struct view {
	struct tw_page page;
	const struct tw_consignment *consignment;
	const struct tw_feed *feed;
	const struct tw_alert *alert;
	struct tw_mask mask;
	struct tw_buffer scratch; /* masked texts */
};

static struct tw_page open_page(const struct tw_terminal *terminal, struct tw_buffer *out)
{
	unsigned columns = terminal->columns == 0 ? COLUMNS_UNKNOWN : terminal->columns;
	return (struct tw_page){
		.out = out,
		.columns = columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns,
		.colour = terminal->colour,
	};
}

static struct tw_slice text_of(const struct view *view, enum tw_field field)
{
	return tw_text(view->consignment, tw_first(view->consignment, field));
}

/* A personal value as privacy allows; valid until the next call. */
static struct tw_slice personal(struct view *view, struct tw_slice text)
{
	tw_buffer_clear(&view->scratch);
	if (text.length > 0)
		tw_mask_append(&view->mask, text, &view->scratch);
	return tw_buffer_slice(&view->scratch);
}

/* A sentence without the party values privacy keeps back; valid until the next call. */
static struct tw_slice sentence(struct view *view, struct tw_slice text)
{
	struct tw_party_hit hit = {0, 0, -1};
	size_t at = 0;
	if (view->mask.privacy == TW_PRIVACY_FULL)
		return text;
	tw_buffer_clear(&view->scratch);
	while (tw_party_find(view->consignment, text, at, &hit)) {
		tw_buffer_append_slice(&view->scratch, tw_slice_part(text, at, hit.start - at));
		if (view->mask.privacy == TW_PRIVACY_OMITTED)
			tw_buffer_append_slice(&view->scratch, TW_LITERAL("..."));
		else
			tw_mask_append(&view->mask, tw_text(view->consignment, hit.value),
				       &view->scratch);
		at = hit.start + hit.length;
	}
	tw_buffer_append_slice(&view->scratch, tw_slice_from(text, at));
	return tw_buffer_slice(&view->scratch);
}

static void label(struct view *view, const char *text)
{
	tw_page_colour(&view->page, "2");
	tw_page_label(&view->page, text, LABEL_WIDTH);
	tw_page_colour(&view->page, "0");
}

/* A comma behind what stands on the line already. */
static void comma(struct tw_page *page)
{
	if (page->column > page->indent)
		tw_page_glued(page, ",");
}

static void put_listed(struct tw_page *page, struct tw_slice text)
{
	if (text.length == 0)
		return;
	comma(page);
	tw_page_words(page, text);
}

static void put_head(struct view *view)
{
	struct tw_page *page = &view->page;
	const struct tw_alert *alert = view->alert;
	struct severity severity = severity_of(alert->severity);
	tw_page_colour(page, severity.colour);
	tw_page_label(page, severity.word, LABEL_WIDTH);
	tw_page_string(page, alert->signature);
	tw_page_colour(page, "0");
	tw_page_line(page);
	label(view, "");
	tw_page_string(page, "score");
	tw_page_number(page, round(alert->score));
	put_listed(page, tw_slice_string(alert->detector));
	tw_page_glued(page, ",");
	tw_page_string(page, "sid");
	tw_page_number(page, alert->sid);
	put_listed(page, alert->shipment_id);
	if (alert->deadline)
		put_listed(page, TW_LITERAL("raised by a deadline"));
	if (alert->alternate)
		put_listed(page, TW_LITERAL("only where overlapping segments are read the other way"));
	tw_page_line(page);
}

static void put_points(struct view *view)
{
	struct tw_page *page = &view->page;
	int value = tw_first(view->consignment, TW_CONSIGNMENT_ROUTE);
	if (value < 0) {
		struct tw_slice origin = text_of(view, TW_CONSIGNMENT_ORIGIN);
		struct tw_slice destination = text_of(view, TW_CONSIGNMENT_DESTINATION);
		tw_page_words(page, origin.length > 0 ? origin : TW_LITERAL("?"));
		tw_page_string(page, ">");
		tw_page_words(page, destination.length > 0 ? destination : TW_LITERAL("?"));
		return;
	}
	for (unsigned i = 0; value >= 0; value = tw_next(view->consignment, value), i++) {
		if (i > 0)
			tw_page_string(page, ">");
		tw_page_words(page, tw_text(view->consignment, value));
	}
}

static void put_route(struct view *view)
{
	struct tw_page *page = &view->page;
	const struct tw_consignment *consignment = view->consignment;
	int leg = tw_main_leg(consignment);
	int mode = leg < 0 ? -1 : tw_find(consignment, TW_LEG_MODE, (unsigned)leg);
	double arrival = tw_arrival(consignment, leg);
	char room[TW_TIME_TEXT_SIZE];
	label(view, "route");
	put_points(view);
	if (tw_number(consignment, mode) > 0)
		put_listed(page, tw_code_text(tw_column_of(TW_LEG_MODE)->code_set,
					      tw_number(consignment, mode)));
	put_listed(page, tw_item_text(consignment, TW_LEG_CONVEYANCE, leg));
	if (tw_item_text(consignment, TW_LEG_VOYAGE, leg).length > 0) {
		tw_page_string(page, "voyage");
		tw_page_words(page, tw_item_text(consignment, TW_LEG_VOYAGE, leg));
	}
	put_listed(page, tw_carrier(consignment, leg));
	if (tw_time_format(arrival, room) > 0) {
		tw_page_glued(page, ",");
		tw_page_string(page, "arrives");
		tw_page_words(page, tw_slice(room, strlen("2026-11-20")));
	}
	tw_page_line(page);
}

/* NAME (CITY, CC) as far as it is known. */
static void put_party(struct view *view, int role)
{
	struct tw_page *page = &view->page;
	int item = tw_party(view->consignment, role, 0);
	struct tw_slice name = tw_item_text(view->consignment, TW_PARTY_NAME, item);
	struct tw_slice city = tw_item_text(view->consignment, TW_PARTY_CITY, item);
	struct tw_slice country = tw_item_text(view->consignment, TW_PARTY_COUNTRY, item);
	tw_page_words(page, name.length > 0 ? personal(view, name) : TW_LITERAL("?"));
	city = personal(view, city);
	if (city.length + country.length == 0)
		return;
	tw_page_string(page, "(");
	page->glue = true;
	tw_page_words(page, city);
	if (city.length > 0 && country.length > 0)
		tw_page_glued(page, ",");
	tw_page_words(page, country);
	tw_page_glued(page, ")");
}

static void put_parties(struct view *view)
{
	label(view, "parties");
	put_party(view, TW_PARTY_SHIPPER);
	tw_page_string(&view->page, "->");
	put_party(view, TW_PARTY_CONSIGNEE);
	tw_page_line(&view->page);
}

static void put_goods(struct view *view)
{
	const enum tw_field fields[] = {TW_CONSIGNMENT_DESCRIPTION, TW_GOODS_DESCRIPTION};
	size_t left = GOODS_SHOWN;
	bool any = false;
	for (unsigned i = 0; i < 2; i++) {
		int value = tw_first(view->consignment, fields[i]);
		for (; value >= 0 && left > 0; value = tw_next(view->consignment, value)) {
			struct tw_slice text = tw_text(view->consignment, value);
			struct tw_slice part = tw_utf8_head(text, left);
			if (part.length == 0)
				continue;
			if (any)
				tw_page_glued(&view->page, ";");
			else
				label(view, "goods");
			tw_page_words(&view->page, part);
			if (part.length < text.length)
				tw_page_glued(&view->page, "...");
			left -= part.length < left ? part.length : left;
			any = true;
		}
	}
	if (any)
		tw_page_line(&view->page);
}

/* A quantity and its unit; nothing where the consignment has none. */
static void put_quantity(struct view *view, enum tw_field field, const char *unit)
{
	double number = tw_number(view->consignment, tw_first(view->consignment, field));
	if (!isfinite(number))
		return;
	comma(&view->page);
	tw_page_number(&view->page, number);
	tw_page_string(&view->page, unit);
}

static void put_weight(struct view *view)
{
	struct tw_page *page = &view->page;
	double value = tw_number(view->consignment,
				 tw_first(view->consignment, TW_CONSIGNMENT_VALUE));
	double pieces = tw_number(view->consignment,
				  tw_first(view->consignment, TW_CONSIGNMENT_PIECES));
	label(view, "weight");
	put_quantity(view, TW_CONSIGNMENT_WEIGHT, "kg");
	put_quantity(view, TW_CONSIGNMENT_PIECES, pieces == 1 ? "piece" : "pieces");
	put_quantity(view, TW_CONSIGNMENT_VOLUME, "m3");
	if (isfinite(value)) {
		comma(page);
		tw_page_string(page, "value");
		tw_page_number(page, value);
		tw_page_words(page, text_of(view, TW_CONSIGNMENT_CURRENCY));
	}
	if (page->column == page->indent)
		tw_page_string(page, "not declared");
	tw_page_line(page);
}

/* Which field, what stands in it, and what of it matched. */
static void put_proof(struct view *view, const struct tw_evidence *evidence)
{
	struct tw_page *page = &view->page;
	char room[TW_SHOWN_SIZE];
	enum tw_field field = tw_evidence_field(view->consignment, evidence);
	const struct tw_column *column = tw_column_of(field);
	struct tw_slice text = tw_evidence_shown(view->consignment, evidence, room);
	struct tw_slice part = tw_window(text, evidence->start, evidence->length, VALUE_SHOWN);
	bool masked = tw_field_personal(field);
	if (column != NULL)
		tw_page_words(page, column->keyword);
	if (masked) /* a key is made of the whole value, as everywhere else */
		part = personal(view, view->mask.privacy == TW_PRIVACY_KEYED ? text : part);
	else
		part = sentence(view, part);
	if (part.length > 0) {
		if (column != NULL)
			tw_page_glued(page, ":");
		tw_page_string(page, "\"");
		page->glue = true;
		tw_page_words(page, part);
		tw_page_glued(page, "\"");
	}
	part = masked ? personal(view, evidence->match) : sentence(view, evidence->match);
	/* Where no list has it, the value itself was just written. */
	if (part.length > 0 && evidence->list.length > 0) {
		tw_page_string(page, "matched");
		tw_page_words(page, part);
	}
	if (evidence->list.length > 0) {
		tw_page_string(page, "in");
		tw_page_words(page, evidence->list);
	}
}

static void put_bullet(struct tw_page *page)
{
	tw_buffer_append_slice(page->out, TW_LITERAL("- "));
	page->column += 2;
	page->indent = LABEL_WIDTH + 2;
}

static void put_reasons(struct view *view)
{
	struct tw_page *page = &view->page;
	label(view, "why");
	if (view->alert->reason.length > 0)
		tw_page_words(page, sentence(view, view->alert->reason));
	else
		tw_page_string(page, view->alert->signature);
	tw_page_line(page);
	for (unsigned i = 0; i < view->alert->evidence_count; i++) {
		const struct tw_evidence *evidence = &view->alert->evidence[i];
		label(view, "");
		put_bullet(page);
		tw_page_words(page, sentence(view, evidence->why));
		tw_page_line(page);
		size_t before = page->out->length;
		tw_page_label(page, "", LABEL_WIDTH + 2);
		size_t empty = page->out->length;
		put_proof(view, evidence);
		if (page->out->length > empty) {
			tw_page_line(page);
		} else {
			page->out->length = before;
			page->column = 0;
		}
	}
}

static void put_related(struct view *view)
{
	struct tw_page *page = &view->page;
	const struct tw_alert *alert = view->alert;
	uint64_t more = (uint64_t)alert->related_count + alert->related_more;
	for (unsigned i = 0; i < alert->related_count && i < RELATED_SHOWN; i++, more--) {
		const struct tw_related *related = &alert->related[i];
		char room[TW_TIME_TEXT_SIZE];
		size_t length = tw_time_format(related->time, room);
		label(view, i == 0 ? "related" : "");
		put_listed(page, related->master);
		put_listed(page, related->house);
		put_listed(page, tw_slice(room, length < 10 ? length : 10));
		put_listed(page, related->alert_id.length > 0 ? TW_LITERAL("alerted too")
							       : TW_LITERAL("no alert"));
		tw_page_line(page);
	}
	if (more == 0)
		return;
	label(view, alert->related_count == 0 ? "related" : "");
	tw_page_string(page, "and");
	tw_page_number(page, (double)more);
	tw_page_string(page, "more");
	tw_page_line(page);
}

static void put_place(struct tw_page *page, const struct tw_feed *feed, uint64_t offset,
		      uint64_t length)
{
	bool standard_input = strcmp(feed->path, "-") == 0;
	tw_page_string(page, standard_input ? "standard input" : feed->path);
	for (unsigned i = 0; feed->layers != NULL && feed->layers[i] != NULL; i++)
		put_listed(page, tw_slice_string(feed->layers[i]));
	tw_page_glued(page, ",");
	tw_page_string(page, length == 0 ? "byte" : "bytes");
	tw_page_number(page, (double)offset);
	if (length == 0)
		return;
	tw_page_string(page, "to");
	tw_page_number(page, (double)(offset + length - 1));
}

static void put_where(struct view *view)
{
	struct tw_page *page = &view->page;
	const struct tw_record *record = view->consignment->record;
	label(view, "where");
	put_listed(page, text_of(view, TW_MESSAGE_TYPE));
	tw_page_words(page, text_of(view, TW_MESSAGE_REFERENCE));
	if (text_of(view, TW_INTERCHANGE_SENDER).length > 0) {
		tw_page_string(page, "from");
		tw_page_words(page, text_of(view, TW_INTERCHANGE_SENDER));
	}
	if ((record->flags & TW_RECORD_TEST) != 0)
		put_listed(page, TW_LITERAL("a test"));
	comma(page);
	put_place(page, view->feed, record->base, record->end - record->base);
	tw_page_line(page);
}

void tw_terminal_alert(const struct tw_terminal *terminal, const struct tw_feed *feed,
		       const struct tw_consignment *consignment, const struct tw_alert *alert,
		       struct tw_buffer *out)
{
	struct view view = {
		.page = open_page(terminal, out),
		.consignment = consignment,
		.feed = feed,
		.alert = alert,
		.mask = {terminal->privacy, terminal->key},
	};
	put_head(&view);
	put_route(&view);
	put_parties(&view);
	put_goods(&view);
	put_weight(&view);
	put_reasons(&view);
	put_related(&view);
	put_where(&view);
	tw_page_line(&view.page);
	out->failed = out->failed || view.scratch.failed;
	tw_buffer_free(&view.scratch);
}

void tw_terminal_anomaly(const struct tw_terminal *terminal, const struct tw_feed *feed,
			 const struct tw_anomaly *anomaly, struct tw_buffer *out)
{
	struct tw_page page = open_page(terminal, out);
	bool complete = tw_anomaly_complete(anomaly->code);
	const char *meaning = tw_anomaly_meaning(anomaly->code);
	tw_page_colour(&page, complete ? "2" : "1;35");
	page.indent = LABEL_WIDTH;
	tw_page_label(&page, complete ? "ANOMALY" : "INCOMPLETE", LABEL_WIDTH);
	tw_page_colour(&page, "0");
	put_place(&page, feed, anomaly->offset, anomaly->length);
	tw_page_glued(&page, ":");
	if (anomaly->reason.length > 0)
		tw_page_words(&page, anomaly->reason);
	else if (meaning != NULL)
		tw_page_string(&page, meaning);
	tw_page_string(&page, "(");
	tw_page_glued(&page, anomaly->code);
	put_listed(&page, tw_utf8_head(anomaly->segment, 35));
	tw_page_glued(&page, ")");
	tw_page_line(&page);
}

static const char *const SEVERITY_HEADS[] = {"detector", "high", "medium", "low", "info"};
#define CELL_WIDTH 7u

/* Text that ends at a column, at least one blank behind what stands before. */
static void put_cell(struct tw_page *page, struct tw_slice text, unsigned end)
{
	unsigned width = tw_page_width(text);
	do {
		tw_buffer_append_byte(page->out, ' ');
		page->column++;
	} while (page->column + width < end);
	page->glue = true;
	tw_page_words(page, text);
}

static void put_count_cell(struct tw_page *page, uint64_t count, unsigned end)
{
	char text[TW_NUMBER_TEXT_SIZE];
	put_cell(page, tw_slice(text, tw_number_text((double)count, text)), end);
}

static unsigned detector_width(const struct tw_page *page, const struct tw_summary_row *rows,
			       unsigned row_count)
{
	unsigned most = page->columns - 4 * CELL_WIDTH;
	unsigned width = tw_page_width(tw_slice_string(SEVERITY_HEADS[0]));
	for (unsigned i = 0; i < row_count; i++) {
		unsigned name = tw_page_width(tw_slice_string(rows[i].detector));
		width = name > width ? name : width;
	}
	return width < most ? width : most;
}

static void put_table(struct tw_page *page, const struct tw_summary_row *rows, unsigned row_count)
{
	unsigned width = detector_width(page, rows, row_count);
	tw_page_colour(page, "1");
	tw_page_string(page, SEVERITY_HEADS[0]);
	for (unsigned severity = 1; severity <= 4; severity++)
		put_cell(page, tw_slice_string(SEVERITY_HEADS[severity]),
			 width + severity * CELL_WIDTH);
	tw_page_colour(page, "0");
	tw_page_line(page);
	for (unsigned i = 0; i < row_count; i++) {
		tw_page_string(page, rows[i].detector);
		for (unsigned severity = 1; severity <= 4; severity++)
			put_count_cell(page, rows[i].by_severity[severity],
				       width + severity * CELL_WIDTH);
		tw_page_line(page);
	}
	tw_page_line(page);
}

static void put_counted(struct tw_page *page, uint64_t count, const char *one, const char *many)
{
	tw_page_number(page, (double)count);
	tw_page_string(page, count == 1 ? one : many);
}

/* A size in bytes, kB, MB or GB with one decimal. */
static void put_size(struct tw_page *page, double bytes)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB"};
	unsigned unit = 0;
	for (; bytes >= 1000 && unit < 3; unit++)
		bytes /= 1000;
	tw_page_number(page, unit == 0 ? round(bytes) : round(bytes * 10) / 10);
	tw_page_string(page, units[unit]);
}

static void put_work(struct tw_page *page, const struct tw_statistics *statistics)
{
	put_counted(page, statistics->consignments, "consignment", "consignments");
	tw_page_string(page, "in");
	put_counted(page, statistics->messages, "message", "messages");
	tw_page_string(page, "of");
	put_counted(page, statistics->interchanges, "interchange", "interchanges");
	tw_page_glued(page, ",");
	put_size(page, (double)statistics->input_bytes);
	tw_page_string(page, "from");
	put_counted(page, statistics->inputs, "input", "inputs");
	if (statistics->seconds > 0) {
		tw_page_string(page, "in");
		tw_page_number(page, round(statistics->seconds * 100) / 100);
		tw_page_string(page, "s (");
		page->glue = true;
		tw_page_number(page, round((double)statistics->input_bytes / 1e5 /
					   statistics->seconds) / 10);
		tw_page_string(page, "MB/s)");
	}
	tw_page_line(page);
	put_counted(page, statistics->alerts, "alert", "alerts");
	tw_page_glued(page, ",");
	put_counted(page, statistics->repeated, "repeated", "repeated");
	tw_page_glued(page, ",");
	put_counted(page, statistics->anomalies, "anomaly", "anomalies");
	tw_page_line(page);
}

static void put_completeness(struct tw_page *page, const struct tw_statistics *statistics)
{
	if (statistics->incomplete == 0) {
		tw_page_string(page, "Every inspection is complete.");
		tw_page_line(page);
		return;
	}
	tw_page_colour(page, "1;35");
	put_counted(page, statistics->incomplete, "inspection is incomplete",
		    "inspections are incomplete");
	tw_page_colour(page, "0");
	tw_page_glued(page, ":");
	put_counted(page, statistics->bytes_not_inspected, "byte was", "bytes were");
	tw_page_string(page, "not inspected.");
	tw_page_line(page);
	tw_page_string(page, "The lines INCOMPLETE say where and why. Have the sender repeat what is "
			     "cut off or damaged, add a map for a message type that has none, or "
			     "raise the limit that is named; then inspect these inputs again.");
	tw_page_line(page);
}

void tw_terminal_summary(const struct tw_terminal *terminal, const struct tw_statistics *statistics,
			 const struct tw_summary_row *rows, unsigned row_count,
			 struct tw_buffer *out)
{
	struct tw_page page = open_page(terminal, out);
	if (row_count > 0)
		put_table(&page, rows, row_count);
	put_work(&page, statistics);
	put_completeness(&page, statistics);
}
