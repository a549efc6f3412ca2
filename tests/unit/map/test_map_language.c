/* SPDX-License-Identifier: Apache-2.0 */
/* The map language: what is good, what is wrong and where, and which map is chosen. */
#include "map_testing.h"

#include <sys/stat.h>

/* ---- files of a test -------------------------------------------------------------- */

struct folder {
	char path[32];
	char names[12][32];
	unsigned count;
};

static void open_folder(struct folder *folder)
{
	*folder = (struct folder){.path = "/tmp/tw_map_XXXXXX"};
	assert_non_null(mkdtemp(folder->path));
}

static const char *file_path(const struct folder *folder, const char *name)
{
	static char path[128];
	(void)snprintf(path, sizeof(path), "%s/%s", folder->path, name);
	return path;
}

static void write_file(struct folder *folder, const char *name, const char *text)
{
	FILE *file = fopen(file_path(folder, name), "w");
	assert_non_null(file);
	(void)fputs(text, file);
	(void)fclose(file);
	(void)snprintf(folder->names[folder->count++], sizeof(folder->names[0]), "%s", name);
}

static void close_folder(struct folder *folder)
{
	while (folder->count > 0)
		(void)unlink(file_path(folder, folder->names[--folder->count]));
	assert_int_equal(rmdir(folder->path), 0);
}

/* ---- mistakes ---------------------------------------------------------------------- */

/* A file of one mistake; `problem` is what stands behind the path: ":LINE: reason". */
static void assert_problem(const char *text, const char *problem)
{
	struct folder folder;
	struct tw_maps *maps = NULL;
	struct tw_buffer problems = {0};
	char wanted[512];
	open_folder(&folder);
	write_file(&folder, "wrong.map", text);
	(void)snprintf(wanted, sizeof(wanted), "%s/wrong.map%s\n", folder.path, problem);
	assert_int_equal(tw_maps_create(&maps), TW_OK);
	int found = tw_maps_read_folder(maps, folder.path, &problems);
	if (!tw_slice_is(tw_buffer_slice(&problems), wanted))
		print_error("got:  %.*swant: %s", (int)problems.length, problems.data, wanted);
	assert_true(tw_slice_is(tw_buffer_slice(&problems), wanted));
	assert_int_equal(found, 1);
	assert_int_equal(tw_maps_count(maps), 0); /* a wrong map is not used */
	tw_maps_free(maps);
	tw_buffer_free(&problems);
	close_folder(&folder);
}

#define HEAD "map edifact TEST\nin header\n"

static void test_statements(void **state)
{
	(void)state;
	assert_problem("mpa edifact TEST\n" HEAD "  BGM: ignore\n",
		       ":1: \"mpa\" is no statement; did you mean \"map\"?");
	assert_problem("in header\n  BGM: ignore\n", ":2: there is no line \"map FORMAT TYPE\"");
	assert_problem("map edifact TEST\n", ":1: the map has no rows");
	assert_problem(HEAD "  BGM: ignore\nrole manifesto\n",
		       ":4: \"manifesto\" is no role; did you mean \"manifest\"?");
	assert_problem(HEAD "  BGM: ignore\nfunction cancle\n",
		       ":4: \"cancle\" is no action; did you mean \"cancel\"?");
	assert_problem(HEAD "  BGM: ignore\nsingle please\n", ":4: \"please\" is too much in this line");
	assert_problem("  BGM: ignore\n" HEAD "  BGM: ignore\n",
		       ":1: an indented line belongs to \"codes\" or \"in\"");
	assert_problem(HEAD "  BGM: ignore\ncodes x of party\n  CZ OS = shiper\n  SH = shipper\n",
		       ":5: \"shiper\" is no party; did you mean \"shipper\"?");
	assert_problem(HEAD "  BGM: ignore\ncodes x of colour\n",
		       ":4: \"colour\" is no set of codes of the model");
	assert_problem(HEAD "  BGM: ignore\nextends nowhere.map\n",
		       ":4: cannot read the extended file nowhere.map");
}

static void test_require(void **state)
{
	(void)state;
	assert_problem(HEAD "  BGM: ignore\nrequire\n",
		       ":4: \"require\" wants fields of the model");
	assert_problem(HEAD "  BGM: ignore\nrequire goods.unn\n",
		       ":4: \"goods.unn\" is no field; did you mean \"goods.un\"?");
	assert_problem(HEAD "  BGM: ignore\nrequire goods.un|goods.hs|goods.cas|goods.net_kg|goods.marks\n",
		       ":4: at most 4 fields between '|'");
	assert_problem(HEAD "  BGM: consignment.currency = 1 check digit\n",
		       ":3: \"check\" knows container, awb, imo and currency");
	static const char *const wrong[] = {"", " consignment.pieces",
					    " consignment.pieces goods.gross_kg",
					    " goods.packages consignment.pieces",
					    " consignment.pieces goods.marks"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char map[128];
		(void)snprintf(map, sizeof(map), HEAD "  BGM: ignore\ntotal%s\n", wrong[i]);
		assert_problem(map, ":4: \"total\" wants a number of the consignment and one of "
				    "its goods, in one unit");
	}
	assert_problem(HEAD "  BGM: ignore\ntotal consignment.pieces goods.packets\n",
		       ":4: \"goods.packets\" is no field; did you mean \"goods.packages\"?");
}

static void test_rows(void **state)
{
	(void)state;
	assert_problem(HEAD "  BGM ignore\n", ":3: ':' is missing behind the conditions of this row");
	assert_problem(HEAD "  BGM one=A: ignore\n",
		       ":3: \"one\" is no position; it reads ELEMENT.COMPONENT, both from 1");
	assert_problem(HEAD "  BGM 1.1=A\n", ":3: ':' is missing behind the conditions of this row");
	assert_problem(HEAD "  BGM has:goodies: ignore\n",
		       ":3: \"goodies\" is no group of the model");
	assert_problem(HEAD "  BGM: good.description = 1\n",
		       ":3: \"good.description\" is no field; did you mean \"goods.description\"?");
	assert_problem(HEAD "  BGM: goods.description 1\n",
		       ":3: '=' is missing behind \"goods.description\"");
	static const char *const sums[] = {"goods.packages = 1", "consignments 1", "bills = 1", ""};
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		char map[128];
		(void)snprintf(map, sizeof(map), HEAD "  BGM: sum %s\n", sums[i]);
		assert_problem(map, ":3: \"sum WHAT = POSITION\" knows consignments, and pieces, "
				    "weight_kg and volume_m3 of the consignment");
	}
	assert_problem(HEAD "  BGM: sum consignments = \"1\"\n", ":3: \"sum\" wants one position");
	assert_problem(HEAD "  BGM: sum consignments = 1 or 2\n", ":3: \"sum\" wants one position");
	assert_problem(HEAD "  BGM: goods.description =\n", ":3: a value is missing behind '='");
	assert_problem(HEAD "  BGM: goods.description = 0.1\n",
		       ":3: \"0.1\" is no position; it reads ELEMENT.COMPONENT, both from 1");
	assert_problem(HEAD "  BGM: goods.description = join 4.1-4.5\n",
		       ":3: \"4.1-4.5\" is no range; it reads 4.1..4.5");
	assert_problem(HEAD "  BGM: goods.description = 1 sorted\n",
		       ":3: \"sorted\" is none of or, by, as, unit, date, after, strip, check, continued");
	assert_problem(HEAD "  BGM: party.role = 1\n",
		       ":3: party.role is a code: it wants \"by TABLE\" or a constant");
	assert_problem(HEAD "  BGM: party.role = \"shiper\"\n",
		       ":3: \"shiper\" is no party; did you mean \"shipper\"?");
	assert_problem(HEAD "  BGM: goods.gross_kg = 1 unit \"FURLONG\"\n",
		       ":3: \"FURLONG\" is no unit of weight");
	assert_problem(HEAD "  BGM: open gods\nin goods\n  X: ignore\n",
		       ":3: there is no \"in gods\"; did you mean \"goods\"?");
	assert_problem(HEAD "  BGM: party.role = 1 by partys\n",
		       ":3: the table \"partys\" is empty or missing");
	assert_problem(HEAD "  BGM: place.code = 1 as ports\n",
		       ":3: the table \"ports\" is empty or missing");
	assert_problem(HEAD "  BGM: party.role = 1 as ports\nnames ports\n  A = B\n",
		       ":3: \"as\" wants a table of names and a field that is a text");
	assert_problem(HEAD "  BGM: place.code = 1 as ports\ncodes ports of party\n  CZ = shipper\n",
		       ":4: \"ports\" cannot be a table of codes and of names");
	assert_problem(HEAD "\tBGM: ignore\n  DTM: ignore\n",
		       ":4: this line is indented less than the rows above it");
}

/* Every mistake is told, not only the first, and with its own line. */
static void test_all_mistakes(void **state)
{
	(void)state;
	struct folder folder;
	struct tw_maps *maps = NULL;
	struct tw_buffer problems = {0};
	open_folder(&folder);
	write_file(&folder, "a.map", "mpa x\n" HEAD "  BGM: goodies = 1; party.name = \n");
	write_file(&folder, "b.map", HEAD "  BGM: ignore\n  DTM 1.1=: ignore\n");
	assert_int_equal(tw_maps_create(&maps), TW_OK);
	assert_int_equal(tw_maps_read_folder(maps, folder.path, &problems), 4);
	tw_buffer_append(&problems, "", 1);
	assert_non_null(strstr(problems.data, "a.map:1: "));
	assert_non_null(strstr(problems.data, "a.map:4: \"goodies\""));
	assert_non_null(strstr(problems.data, "a.map:4: a value is missing"));
	assert_non_null(strstr(problems.data, "b.map:4: a code is missing behind '='"));
	assert_int_equal(tw_maps_read_folder(maps, "/nowhere/at/all", &problems), 1);
	tw_maps_free(maps);
	tw_buffer_free(&problems);
	close_folder(&folder);
}

static void test_extends_circle(void **state)
{
	(void)state;
	struct folder folder;
	struct tw_maps *maps = NULL;
	struct tw_buffer problems = {0};
	open_folder(&folder);
	write_file(&folder, "a.map", HEAD "  BGM: ignore\nextends b.map\n");
	write_file(&folder, "b.map", "fragment\nextends a.map\n");
	assert_int_equal(tw_maps_create(&maps), TW_OK);
	assert_true(tw_maps_read_file(maps, file_path(&folder, "a.map"), &problems) > 0);
	tw_buffer_append(&problems, "", 1);
	assert_non_null(strstr(problems.data, "in a circle"));
	tw_maps_free(maps);
	tw_buffer_free(&problems);
	close_folder(&folder);
}

/* ---- selection ---------------------------------------------------------------------- */

#define ROWS "in header\n  BGM: ignore\n"

static const char *choose(const struct tw_maps *maps, const char *type, const char *version,
			  const char *sender, enum tw_map_choice *choice)
{
	struct tw_map_request request = {
		.format = TW_LITERAL("edifact"),
		.type = tw_slice_string(type),
		.version = tw_slice_string(version),
		.sender = tw_slice_string(sender),
		.recipient = TW_LITERAL("US"),
	};
	const struct tw_map *map = tw_maps_select(maps, &request, choice);
	return map == NULL ? "none" : tw_map_name(map);
}

#define assert_choice(type, version, sender, name, kind)                                           \
	do {                                                                                       \
		enum tw_map_choice choice;                                                         \
		assert_string_equal(choose(maps, type, version, sender, &choice), name);           \
		assert_int_equal(choice, kind);                                                    \
	} while (0)

static void test_selection(void **state)
{
	(void)state;
	struct folder folder;
	struct tw_maps *maps = NULL;
	struct tw_buffer problems = {0};
	open_folder(&folder);
	write_file(&folder, "any.map", "map edifact CUSCAR\n" ROWS);
	write_file(&folder, "d95b.map", "map edifact CUSCAR\nversion D:95B\n" ROWS);
	write_file(&folder, "d03b.map", "map edifact CUSCAR IFCSUM\nversion D:03B\nuntyped\n" ROWS);
	write_file(&folder, "carrier.map", "map edifact CUSCAR\npartner CARRIER\n" ROWS);
	write_file(&folder, "carrier95.map",
		   "map edifact CUSCAR\npartner CARRIER\nversion D:95B\n" ROWS);
	write_file(&folder, "from.map", "map edifact IFTDGN\nsender ONE\n" ROWS);
	write_file(&folder, "lane.map", "map edifact IFTDGN\nsender TWO\nrecipient US\n" ROWS);
	write_file(&folder, "x.map", "exclude edifact PAXLST\nexclude x12 270-278\n");
	assert_int_equal(tw_maps_create(&maps), TW_OK);
	assert_int_equal(tw_maps_read_folder(maps, folder.path, &problems), 0);
	assert_int_equal(tw_maps_count(maps), 7);
	/* Partner and version, partner, exact version, nearest version, type. */
	assert_choice("CUSCAR", "D:95B:UN", "CARRIER:14", "edifact/carrier95", TW_MAP_PARTNER);
	assert_choice("CUSCAR", "D:03B:UN", "CARRIER", "edifact/carrier", TW_MAP_PARTNER);
	assert_choice("CUSCAR", "D:95B:UN", "CARRIERS", "edifact/d95b", TW_MAP_EXACT);
	assert_choice("CUSCAR", "D:03B:UN:SMDG20", "OTHER", "edifact/d03b", TW_MAP_EXACT);
	/* 1996 is nearer to 1995, 2001 to 2003. D:3 is no D:95 written short. */
	assert_choice("CUSCAR", "D:96A:UN", "OTHER", "edifact/d95b", TW_MAP_NEAREST);
	assert_choice("CUSCAR", "D:01B:UN", "OTHER", "edifact/d03b", TW_MAP_NEAREST);
	assert_choice("CUSCAR", "D:95BX:UN", "OTHER", "edifact/d95b", TW_MAP_NEAREST);
	assert_choice("IFCSUM", "D:95B:UN", "OTHER", "edifact/d03b", TW_MAP_NEAREST);
	/* The recipient is US: it is no sender, but the second of a lane. */
	assert_choice("IFTDGN", "D:95B:UN", "ONE:14", "edifact/from", TW_MAP_PARTNER);
	assert_choice("IFTDGN", "D:95B:UN", "TWO", "edifact/lane", TW_MAP_PARTNER);
	assert_choice("IFTDGN", "D:95B:UN", "US", "none", TW_MAP_TYPE);
	assert_choice("IFTDGN", "D:95B:UN", "THREE", "none", TW_MAP_TYPE);
	/* No type named, no map, and what must not be looked at. */
	assert_choice("", "D:95B:UN", "OTHER", "edifact/d03b", TW_MAP_NEAREST);
	assert_choice("INVOIC", "D:95B:UN", "OTHER", "none", TW_MAP_TYPE);
	assert_choice("PAXLST", "D:95B:UN", "OTHER", "none", TW_MAP_EXCLUDED);
	tw_maps_free(maps);
	tw_buffer_free(&problems);
	close_folder(&folder);
}

/* The shipped list, and the shipped maps' names. */
static void test_shipped(void **state)
{
	(void)state;
	struct testing *testing = testing_create();
	static const char *const edifact[] = {"PAXLST", "PNRGOV", "PAORES"};
	static const char *const x12[] = {"270", "271", "278", "834", "837"};
	static const char *const allowed[] = {"269", "279", "309", "833", "838"};
	enum tw_map_choice choice;
	for (size_t i = 0; i < 3; i++)
		assert_true(tw_maps_select(testing->maps,
					   &(struct tw_map_request){
						   .format = TW_LITERAL("edifact"),
						   .type = tw_slice_string(edifact[i])},
					   &choice) == NULL &&
			    choice == TW_MAP_EXCLUDED);
	for (size_t i = 0; i < 5; i++) {
		struct tw_map_request request = {.format = TW_LITERAL("x12"),
						 .type = tw_slice_string(x12[i])};
		(void)tw_maps_select(testing->maps, &request, &choice);
		assert_int_equal(choice, TW_MAP_EXCLUDED);
		request.type = tw_slice_string(allowed[i]);
		(void)tw_maps_select(testing->maps, &request, &choice);
		assert_int_not_equal(choice, TW_MAP_EXCLUDED);
	}
	unsigned count = tw_maps_count(testing->maps);
	assert_true(count > 0);
	for (unsigned i = 0; i < count; i++)
		assert_true(tw_map_type(tw_maps_at(testing->maps, i), 0).length > 0);
	assert_null(tw_maps_at(testing->maps, count));
	testing_free(testing);
}

/* ---- unverified --------------------------------------------------------------------------- */

#define GUESSED                                                                                    \
	"map edifact TEST\nsingle\n"                                                                \
	"in consignment\n  FTX: goods.description = 4.1\n  NAD: ignore\n"

/* Said in the facts of the message, and what no row takes is kept as raw text. */
static void test_unverified(void **state)
{
	(void)state;
	static const char text[] = "FTX+AAA+++CARTONS'XYZ+TABLET PRESS:12'FTX'NAD+CZ+SOMEBODY'";
	struct testing *testing = testing_with_map("unverified\n" GUESSED);
	struct tw_buffer out = {0};
	testing_edifact(testing, text, false);
	const struct tw_consignment *view = &testing->views[0];
	assert_text(view, tw_first(view, TW_GOODS_DESCRIPTION), "CARTONS");
	assert_number(view, tw_first(view, TW_MESSAGE_UNVERIFIED), 1);
	/* Not the two digits, nor what a row says is nothing of cargo. */
	assert_int_equal(testing_count(view, TW_RAW_TEXT), 1);
	assert_text(view, tw_first(view, TW_RAW_TEXT), "TABLET PRESS");
	assert_spans(testing, view, tw_first(view, TW_RAW_TEXT), "PRESS", "PRESS");
	assert_true(tw_map_unverified(tw_maps_at(testing->maps, 0)));
	tw_map_explain(tw_maps_at(testing->maps, 0), &out);
	tw_buffer_append(&out, "", 1);
	assert_non_null(strstr(out.data, "\nunverified\n"));
	tw_buffer_free(&out);
	testing_free(testing);

	/* In the header it belongs to all; behind a consignment there is no record for it. */
	testing = testing_with_map("unverified\nmap edifact TEST\nin header\n"
				   "  CNI: open consignment\n  END: ignore\n"
				   "in consignment\n  FTX: goods.description = 4.1\n");
	testing_edifact(testing, "XYZ+EARLY'CNI'XYZ+WITHIN'END'XYZ+BETWEEN'CNI'", false);
	assert_int_equal(testing->record_count, 2);
	assert_int_equal(testing_count(&testing->views[0], TW_RAW_TEXT), 2);
	assert_text(&testing->views[0], tw_first(&testing->views[0], TW_RAW_TEXT), "EARLY");
	assert_int_equal(testing_count(&testing->views[1], TW_RAW_TEXT), 1);
	testing_free(testing);

	testing = testing_with_map(GUESSED);
	testing_edifact(testing, text, false);
	view = &testing->views[0];
	assert_int_equal(tw_first(view, TW_MESSAGE_UNVERIFIED), -1);
	assert_int_equal(tw_first(view, TW_RAW_TEXT), -1);
	assert_false(tw_map_unverified(tw_maps_at(testing->maps, 0)));
	testing_free(testing);
}

/* ---- extends and explain --------------------------------------------------------------- */

static const char BASE[] =
	"map edifact CUSCAR\nversion D:95B\nrole manifest\nrequire goods.hs goods.marks\n"
	"total consignment.pieces goods.packages\n"
	"codes party\n  CZ = shipper\n  XX = agent\n"
	"in header\n"
	"  CNI: open consignment\n"
	"in consignment\n"
	"  NAD: open party; party.role = 1 by party; party.name = 4.1\n"
	"  FTX: goods.description = 4.1\n"
	"in party\n"
	"  COM: party.phone = 1.1\n";

/* One partner writes names in element 5 and XX for the consignee: two lines, no C. */
static const char PARTNER[] =
	"map edifact CUSCAR\npartner SENDER\nextends base.map\nrequire goods.un|goods.hs\n"
	"codes party\n  XX = consignee\n"
	"in consignment\n"
	"  NAD 5.1: open party; party.role = 1 by party; party.name = 5.1\n";

static void test_extends(void **state)
{
	(void)state;
	struct folder folder;
	struct tw_buffer problems = {0};
	struct tw_buffer text = {0};
	struct testing *testing = calloc(1, sizeof(*testing));
	assert_non_null(testing);
	open_folder(&folder);
	write_file(&folder, "base.map", BASE);
	write_file(&folder, "partner.map", PARTNER);
	testing->limits = (struct tw_walk_limits){1u << 20, 10, 65536};
	testing->type = "CUSCAR";
	testing->version = "D:95B:UN";
	assert_int_equal(tw_maps_create(&testing->maps), TW_OK);
	assert_int_equal(tw_maps_read_folder(testing->maps, folder.path, &problems), 0);
	testing_edifact(testing, "CNI+1'NAD+CZ+++OLD NAME'NAD+XX++++NEW NAME'COM+123:TE'", false);
	const struct tw_consignment *view = &testing->views[0];
	assert_int_equal(testing->choice, TW_MAP_PARTNER);
	assert_item_text(view, TW_PARTY_NAME, tw_party(view, TW_PARTY_SHIPPER, 0), "OLD NAME");
	assert_item_text(view, TW_PARTY_NAME, tw_party(view, TW_PARTY_CONSIGNEE, 0), "NEW NAME");
	assert_text(view, tw_first(view, TW_PARTY_PHONE), "123");
	assert_int_equal(tw_code(view, TW_MESSAGE_ROLE), TW_ROLE_MANIFEST);
	/* --explain-map shows each row with where it stands, the nearer one first. */
	for (unsigned i = 0; i < 2; i++)
		tw_map_explain(tw_maps_at(testing->maps, i), &text);
	tw_buffer_append(&text, "", 1);
	const char *partner = strstr(text.data, "# edifact/partner");
	assert_non_null(partner);
	assert_non_null(strstr(partner, "partner SENDER\n"));
	assert_non_null(strstr(partner, "role manifest\n"));
	/* What the partner's map requires stands for what the other does. */
	assert_non_null(strstr(partner, "require goods.un|goods.hs\n"));
	assert_null(strstr(partner, "require goods.hs\n"));
	/* A total holds in both. */
	assert_non_null(strstr(partner, "total consignment.pieces goods.packages\n"));
	assert_null(strstr(partner, "goods.marks"));
	assert_non_null(strstr(text.data, "require goods.hs\nrequire goods.marks\n"));
	assert_non_null(strstr(partner, "  XX = consignee\n"));
	const char *own = strstr(partner, "  NAD 5.1: open party");
	const char *theirs = strstr(partner, "  NAD: open party");
	assert_non_null(own);
	assert_non_null(theirs);
	assert_true(own < theirs);
	assert_non_null(strstr(own, "/partner.map:8"));
	assert_non_null(strstr(theirs, "/base.map:12"));
	testing_free(testing);
	tw_buffer_free(&problems);
	tw_buffer_free(&text);
	close_folder(&folder);
}

/* Rows that begin in the consignment do so in the map that extends theirs. */
static void test_extends_single(void **state)
{
	(void)state;
	struct folder folder;
	struct tw_maps *maps = NULL;
	struct tw_buffer problems = {0};
	struct tw_buffer text = {0};
	open_folder(&folder);
	write_file(&folder, "base.map", "map edifact TEST\nsingle\nin consignment\n  BGM: ignore\n");
	write_file(&folder, "partner.map", "map edifact TEST\npartner ONE\nextends base.map\n");
	assert_int_equal(tw_maps_create(&maps), TW_OK);
	assert_int_equal(tw_maps_read_folder(maps, folder.path, &problems), 0);
	tw_map_explain(tw_maps_at(maps, 1), &text);
	tw_buffer_append(&text, "", 1);
	assert_non_null(strstr(text.data, "\nsingle\n"));
	tw_maps_free(maps);
	tw_buffer_free(&problems);
	tw_buffer_free(&text);
	close_folder(&folder);
}

/* An operator's folder: a map extends a shipped one by its name, even from a file of that name. */
static void test_extends_shipped(void **state)
{
	(void)state;
	struct folder shipped;
	struct folder own;
	struct tw_maps *maps = NULL;
	struct tw_buffer problems = {0};
	struct tw_buffer text = {0};
	open_folder(&shipped);
	open_folder(&own);
	write_file(&shipped, "base.map", BASE);
	write_file(&own, "base.map", PARTNER);
	write_file(&own, "lost.map", "map edifact TEST\nextends nowhere.map\n" ROWS);
	assert_int_equal(tw_maps_create(&maps), TW_OK);
	assert_int_equal(tw_maps_read_folder(maps, shipped.path, &problems), 0);
	assert_int_equal(tw_maps_read_folder(maps, own.path, &problems), 1);
	tw_buffer_append(&problems, "", 1);
	assert_non_null(strstr(problems.data,
			       "lost.map:2: cannot read the extended file nowhere.map\n"));
	assert_int_equal(tw_maps_count(maps), 2);
	tw_map_explain(tw_maps_at(maps, 1), &text);
	tw_buffer_append(&text, "", 1);
	assert_non_null(strstr(text.data, "partner SENDER\n"));
	const char *theirs = strstr(text.data, "  NAD: open party");
	assert_non_null(theirs);
	assert_non_null(strstr(theirs, shipped.path));
	tw_maps_free(maps);
	tw_buffer_free(&problems);
	tw_buffer_free(&text);
	close_folder(&shipped);
	close_folder(&own);
}

/* ---- how units find their rows ----------------------------------------------------------- */

static const char CONTEXT_MAP[] =
	"map edifact TEST\nsingle\n"
	"in consignment\n"
	"  GID: open goods\n"
	"  EQD: open equipment; equipment.id = 2.1\n"
	"  FTX 1=ZZZ: new note; note.text = 4.1\n"
	"  RFF: new reference; reference.qualifier = 1.1; reference.value = 1.2\n"
	"  MEA: consignment.weight_kg = 3.2\n"
	"in goods\n"
	"  FTX 1=AAA: goods.description = 4.1\n"
	"  RFF !1.1=BM|BH: goods.hs = 1.2 strip HS\n"
	"  DGS 2~#.#|3: ignore\n"
	"  PAC 1~@@*: goods.package_type = 1[2:3]\n"
	"  PAC 2|3: goods.package_type = 3 or 2\n"
	"  MEA 1=WT: goods.gross_kg = 3.2 unit \"LBR\"\n"
	"  NAD: party.name = 4.1; party.role = \"agent\"\n"
	"in equipment\n"
	"  SEL each: equipment.seal = 1\n";

static void test_contexts(void **state)
{
	(void)state;
	struct testing *testing = testing_with_map(CONTEXT_MAP);
	testing_edifact(testing,
			"GID+1'FTX+AAA+++FIRST'RFF+HS:HS8479'FTX+ZZZ+++A NOTE'FTX+AAA+++LOST'"
			"GID+2'FTX+AAA+++SECOND'RFF+BM:1'GID+3'PAC+XXABCDEF'PAC++BOX'PAC+++BAG'"
			"MEA+WT++KGM:2'MEA+X++KGM:7'EQD+CN+ID1'SEL+S1++S3'SEL+S4'",
			false);
	const struct tw_consignment *view = &testing->views[0];
	assert_item_text(view, TW_GOODS_DESCRIPTION, 0, "FIRST");
	assert_item_text(view, TW_GOODS_HS, 0, "8479");
	/* ZZZ is the consignment's: it closes the goods, and AAA has no row outside them. */
	assert_text(view, tw_first(view, TW_NOTE_TEXT), "A NOTE");
	assert_int_equal(testing_count(view, TW_GOODS_DESCRIPTION), 2);
	assert_item_text(view, TW_GOODS_DESCRIPTION, 1, "SECOND");
	assert_text(view, tw_first(view, TW_REFERENCE_QUALIFIER), "BM");
	/* A field that stands once keeps its first value. */
	assert_int_equal(testing_count(view, TW_GOODS_PACKAGE_TYPE), 1);
	assert_item_text(view, TW_GOODS_PACKAGE_TYPE, 2, "ABC");
	assert_number(view, tw_find(view, TW_GOODS_GROSS, 2), 0.90718474); /* 2 lb */
	assert_number(view, tw_first(view, TW_CONSIGNMENT_WEIGHT), 7);
	assert_text(view, testing_nth(view, TW_EQUIPMENT_SEAL, 0), "S1");
	assert_text(view, testing_nth(view, TW_EQUIPMENT_SEAL, 1), "S3");
	assert_text(view, testing_nth(view, TW_EQUIPMENT_SEAL, 2), "S4");
	testing_free(testing);
}

/* What group a context's items are of may be said behind the row that opens it. */
static void test_context_group(void **state)
{
	(void)state;
	struct testing *testing = testing_with_map(
		"map edifact TEST\nrole manifest\nsingle\n"
		"in consignment\n"
		"  NAD: open buyer; party.role = \"buyer\"; party.name = 1\n"
		"in buyer of party\n"
		"  COM: party.phone = 1\n");
	testing_edifact(testing, "NAD+ALPHA'COM+111'NAD+BETA'COM+222'", false);
	const struct tw_consignment *view = &testing->views[0];
	assert_item_text(view, TW_PARTY_NAME, 0, "ALPHA");
	assert_item_text(view, TW_PARTY_PHONE, 0, "111");
	assert_item_text(view, TW_PARTY_NAME, 1, "BETA");
	assert_item_text(view, TW_PARTY_PHONE, 1, "222");
	testing_free(testing);
}

/* What all messages of a type do; a message that says so itself goes before. */
static void test_function(void **state)
{
	(void)state;
	struct testing *testing = testing_with_map(
		"map edifact TEST\nrole manifest\nfunction cancel\nsingle\n"
		"codes function of action\n  9 = original\n"
		"in consignment\n"
		"  BGM: message.function = 1 by function\n"
		"  NAD: party.name = 1\n");
	testing_edifact(testing, "NAD+ALPHA'", false);
	assert_int_equal(tw_code(&testing->views[0], TW_CONSIGNMENT_ACTION), TW_ACTION_CANCEL);
	testing_edifact(testing, "BGM+9'NAD+ALPHA'", false);
	assert_int_equal(tw_code(&testing->views[0], TW_CONSIGNMENT_ACTION), TW_ACTION_ORIGINAL);
	testing_free(testing);
}

/* Five columns: 5 or 4 characters were cut, 3 were not. */
static void test_pieces(void **state)
{
	(void)state;
	struct testing *testing = testing_with_map(
		"map edifact TEST\nsingle\nin consignment\n"
		"  JOI: goods.description = join 1.1..1.9 full 5\n"
		"  LIN: goods.marks = lines 1.1..1.9 full 5\n"
		"  EAC: party.address = each 1..3\n"
		"  GLU: goods.hs = glue 1..2\n"
		"  OR: goods.origin = 3 or 2 or \"XX\"\n");
	testing_edifact(testing, "JOI+ABCDE:FGHI:JKL:MN'LIN+ABCDE:F:GHI::JKL'EAC+ONE:X+TWO+THREE'"
				 "GLU+84+79'OR+'", false);
	const struct tw_consignment *view = &testing->views[0];
	assert_text(view, tw_first(view, TW_GOODS_DESCRIPTION), "ABCDEFGHIJKL MN");
	assert_text(view, testing_nth(view, TW_GOODS_MARKS, 0), "ABCDEF");
	assert_text(view, testing_nth(view, TW_GOODS_MARKS, 1), "GHI");
	assert_text(view, testing_nth(view, TW_GOODS_MARKS, 2), "JKL");
	assert_int_equal(testing_count(view, TW_GOODS_MARKS), 3);
	assert_text(view, testing_nth(view, TW_PARTY_ADDRESS, 0), "ONE");
	assert_text(view, testing_nth(view, TW_PARTY_ADDRESS, 1), "X");
	assert_text(view, testing_nth(view, TW_PARTY_ADDRESS, 3), "THREE");
	assert_text(view, tw_first(view, TW_GOODS_HS), "8479");
	assert_spans(testing, view, tw_first(view, TW_GOODS_HS), "8479", "8479");
	assert_text(view, tw_first(view, TW_GOODS_ORIGIN), "XX");
	assert_true(tw_derived(view, tw_first(view, TW_GOODS_ORIGIN)));
	testing_free(testing);
}

/* A context's group may be told below the row that opens it: two places, not one. */
static void test_group_below(void **state)
{
	(void)state;
	struct testing *testing = testing_with_map(
		"map edifact TEST\nsingle\nin consignment\n"
		"  LOC 1=9: open load; place.code = 2\n"
		"  LOC: open land; place.code = 2\n"
		"in load of place\n  DTM: ignore\n"
		"in land of place\n  DTM: ignore\n");
	testing_edifact(testing, "LOC+9+CNSHA'DTM+1'LOC+11+USLAX'", false);
	const struct tw_consignment *view = &testing->views[0];
	assert_item_text(view, TW_PLACE_CODE, 0, "CNSHA");
	assert_item_text(view, TW_PLACE_CODE, 1, "USLAX");
	testing_free(testing);
}

/* Two rows take turns in one text, each with its own pieces. */
static void test_turns(void **state)
{
	(void)state;
	struct testing *testing = testing_with_map(
		"map edifact TEST\nsingle\nin consignment\n"
		"  H1: goods.un = 1; goods.description = join 2.1..2.9 full 4 continued\n"
		"  H2: goods.description = join 1.1..1.9 full 4 continued\n");
	testing_edifact(testing, "H1+1325+ABCD'H2+EF'H1+1325+GHIJ'H2+KL'", false);
	const struct tw_consignment *view = &testing->views[0];
	assert_text(view, tw_first(view, TW_GOODS_DESCRIPTION), "ABCDEF GHIJKL");
	testing_free(testing);
}

/* A name stands for all bytes of what it was found by; what the table lacks stays. */
static void test_names(void **state)
{
	(void)state;
	struct testing *testing = testing_with_map(
		"map edifact TEST\nsingle\nnames ports\n  2704 2709 = USLAX\n  57035 = CNSHA\n"
		"in consignment\n"
		"  LET: let port = 1\n"
		"  LOC: new place; place.code = 1 as ports\n"
		"  REG: new place; place.code = $port as ports\n"
		"  GLU: equipment.id = glue 1..2 4\n");
	testing_edifact(testing, "LET+2709'LOC+57035'LOC+1234'REG'GLU+MSKU+913109+X+6'", false);
	const struct tw_consignment *view = &testing->views[0];
	assert_text(view, testing_nth(view, TW_PLACE_CODE, 0), "CNSHA");
	assert_spans(testing, view, testing_nth(view, TW_PLACE_CODE, 0), "CNSHA", "57035");
	assert_text(view, testing_nth(view, TW_PLACE_CODE, 1), "1234");
	assert_text(view, testing_nth(view, TW_PLACE_CODE, 2), "USLAX");
	assert_spans(testing, view, testing_nth(view, TW_PLACE_CODE, 2), "USLAX", "2709");
	/* A piece that stands apart is glued behind. */
	assert_text(view, tw_first(view, TW_EQUIPMENT_ID), "MSKU9131096");
	assert_spans(testing, view, tw_first(view, TW_EQUIPMENT_ID), "MSKU9131096", "MSKU9131096");
	testing_free(testing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statements),
		cmocka_unit_test(test_require),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_all_mistakes),
		cmocka_unit_test(test_extends_circle),
		cmocka_unit_test(test_selection),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_unverified),
		cmocka_unit_test(test_extends),
		cmocka_unit_test(test_extends_single),
		cmocka_unit_test(test_extends_shipped),
		cmocka_unit_test(test_contexts),
		cmocka_unit_test(test_context_group),
		cmocka_unit_test(test_function),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_group_below),
		cmocka_unit_test(test_turns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
