/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"
#include "base/suggest.h"
#include "base/time.h"
#include "config/reference.h"
#include "engine/engine.h"
#include "engine/listing.h"
#include "engine/paths.h"
#include "output/anomaly.h"
#include "output/schema.h"
#include "source/capture_order.h"

/* The command line. Everything else is the library's. */

enum exit_status { EXIT_ALL_INSPECTED = 0, EXIT_ALERTS = 1, EXIT_USAGE = 2, EXIT_INCOMPLETE = 3 };

/* Long options without a letter. */
enum {
	OPTION_SET = 256, OPTION_MESSAGES, OPTION_TIME, OPTION_DUMP_CONFIG, OPTION_LIST_PLUGINS,
	OPTION_LIST_FORMATS, OPTION_LIST_KEYWORDS, OPTION_BUILD_INFO, OPTION_VERSION, OPTION_HELP,
	OPTION_EXPLAIN_MAP, OPTION_FAIL_ON_ALERT, OPTION_PEOPLE, OPTION_PRINT, OPTION_BPF,
	OPTION_PCAP_OUT,
};

static const struct option OPTIONS[] = {
	{"set", required_argument, NULL, OPTION_SET},
	{"messages", no_argument, NULL, OPTION_MESSAGES},
	{"time", required_argument, NULL, OPTION_TIME},
	{"dump-config", no_argument, NULL, OPTION_DUMP_CONFIG},
	{"list-plugins", no_argument, NULL, OPTION_LIST_PLUGINS},
	{"list-formats", no_argument, NULL, OPTION_LIST_FORMATS},
	{"list-keywords", no_argument, NULL, OPTION_LIST_KEYWORDS},
	{"explain-map", required_argument, NULL, OPTION_EXPLAIN_MAP},
	{"build-info", no_argument, NULL, OPTION_BUILD_INFO},
	{"fail-on-alert", no_argument, NULL, OPTION_FAIL_ON_ALERT},
	{"people", no_argument, NULL, OPTION_PEOPLE},
	{"print", required_argument, NULL, OPTION_PRINT},
	{"bpf", required_argument, NULL, OPTION_BPF},
	{"pcap-out", required_argument, NULL, OPTION_PCAP_OUT},
	{"version", no_argument, NULL, OPTION_VERSION},
	{"help", no_argument, NULL, OPTION_HELP},
	{NULL, 0, NULL, 0},
};

static const char HELP[] =
	"usage: tidewaiter [options] [FILE | DIRECTORY | CAPTURE | -]...\n"
	"Inspects carrier cargo messages and writes explained alerts.\n\n"
	"  -r CAPTURE        replay a pcap or pcapng file, or a folder of them in order of time\n"
	"  -i INTERFACE      inspect live traffic until stopped; several may be given\n"
	"  --bpf FILTER      only packets that FILTER takes, as pcap-filter(7) has it\n"
	"  --pcap-out DIR    keep the packets of flows that alert, a pcapng file each in DIR\n"
	"  -k none           take packets with a wrong checksum too; -k all: none of them\n"
	"  -c FILE           configuration (YAML)\n"
	"  --set a.b=c       override one setting\n"
	"  -P DIR            also load plugins from DIR\n"
	"  -l DIR            log folder (DIR/events.json, DIR/stats.json)\n"
	"  -o FILE           events as JSON lines to FILE, - for standard output\n"
	"  --messages        also write a message event for every message\n"
	"  --people          alerts for people, also where the output is no terminal\n"
	"  -j N              threads in all (default: one for each processor)\n"
	"  --time T          arrival time of the inputs (2026-11-20T10:00:00Z)\n"
	"  --fail-on-alert   exit status 1 when alerts were raised\n"
	"  -T                check configuration, plugins, maps and lists, then exit\n"
	"  -v                more detail on standard error\n"
	"  --dump-config     the whole effective configuration\n"
	"  --list-plugins    detectors, their findings and options\n"
	"  --list-formats    parsers and maps\n"
	"  --list-keywords   fields of the cargo model\n"
	"  --explain-map T   what goes where in messages of type T\n"
	"  --print WHAT      schema, settings or anomalies, as reference\n"
	"  --build-info, --version, --help\n\n"
	"Exit status: 0 all was inspected, 1 alerts and --fail-on-alert, 2 bad usage,\n"
	"configuration, map or plugin, 3 something is incomplete or unreadable.\n";

/* What the command line asked for. */
struct request {
	struct tw_config *config;
	struct tw_buffer problems;
	struct tw_inputs inputs;
	const char **interfaces;     /* NULL at the end */
	unsigned interface_count;
	const char **plugin_folders; /* NULL at the end */
	unsigned plugin_folder_count;
	const char *events_path, *log_folder, *explain;
	double arrival;
	double threads;
	int listing; /* an OPTION_LIST_*, or 0 */
	bool check, verbose, messages, people, fail_on_alert;
	bool captures;	 /* -r was given */
	bool unreadable; /* an argument could not be taken */
};

/* Set by SIGINT and SIGTERM: a handler can reach nothing else. */
static volatile sig_atomic_t stop_requested;

static void request_stop(int number)
{
	(void)number;
	/* A second signal ends the program at once. */
	if (stop_requested != 0)
		_exit(EXIT_INCOMPLETE);
	stop_requested = 1;
}

static void print_buffer(struct tw_buffer *buffer, FILE *file)
{
	if (buffer->length > 0)
		fwrite(buffer->data, 1, buffer->length, file);
	tw_buffer_free(buffer);
}

static int usage_error(const char *option)
{
	struct tw_suggestion suggestion = {.wanted = tw_slice_string(option + strspn(option, "-"))};
	for (const struct option *known = OPTIONS; known->name != NULL; known++)
		tw_suggest_offer(&suggestion, known->name);
	fprintf(stderr, "tidewaiter: \"%s\" is no option, or lacks its value", option);
	if (suggestion.best != NULL)
		fprintf(stderr, "; did you mean --%s?", suggestion.best);
	fprintf(stderr, "\ntidewaiter --help lists all options\n");
	return EXIT_USAGE;
}

static int print_reference(const char *what)
{
	static const struct { const char *name; void (*print)(struct tw_buffer *out); } rows[] = {
		{"schema", tw_event_schema},
		{"settings", tw_config_reference},
		{"anomalies", tw_anomaly_reference},
	};
	struct tw_buffer out = {0};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(what, rows[i].name) != 0)
			continue;
		rows[i].print(&out);
		print_buffer(&out, stdout);
		return EXIT_ALL_INSPECTED;
	}
	fprintf(stderr, "tidewaiter: --print knows schema, settings and anomalies, not \"%s\"\n", what);
	return EXIT_USAGE;
}

static int print_version(bool build)
{
	printf("tidewaiter %s\n", TW_VERSION);
	if (build)
		printf("plugin ABI %u.%u, parser ABI %u.%u\nmodules %s\ndata %s\ncompiler %s\n",
		       TW_ABI_MAJOR, TW_ABI_MINOR, TW_PARSER_ABI_MAJOR, TW_PARSER_ABI_MINOR,
		       TW_MODULE_FOLDER, TW_DATA_FOLDER, __VERSION__);
	return EXIT_ALL_INSPECTED;
}

static int unsupported(int letter)
{
	static const struct { int letter; const char *what; } rows[] = {
		{'w', "watching a spool folder"},
		{'S', "rules"}, {'s', "rules"}, {'D', "running as a daemon"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].letter == letter)
			fprintf(stderr, "tidewaiter: -%c: %s is not built yet\n", letter,
				rows[i].what);
	return EXIT_USAGE;
}

/*
 * What is no folder goes to the engine as it is, so that a file that cannot be
 * read is an event like any other.
 */
static void take_input(struct request *request, const char *argument)
{
	struct stat status;
	struct tw_buffer problems = {0};
	unsigned before = request->inputs.count;
	tw_inputs_add(&request->inputs, argument, &problems);
	if (problems.length > 0 && (stat(argument, &status) < 0 || !S_ISDIR(status.st_mode))) {
		tw_inputs_push(&request->inputs, argument);
	} else if (problems.length > 0) {
		request->unreadable = true;
		fprintf(stderr, "%.*s", (int)problems.length, problems.data);
	} else if (request->inputs.count == before) {
		fprintf(stderr, "tidewaiter: %s: no files to inspect in this folder\n", argument);
	}
	tw_buffer_free(&problems);
}

static void take_setting(struct request *request, const char *key, const char *value)
{
	struct tw_buffer assignment = {0};
	tw_buffer_printf(&assignment, "%s=%s", key, value);
	tw_buffer_append_byte(&assignment, '\0');
	tw_config_set(request->config, assignment.data, &request->problems);
	tw_buffer_free(&assignment);
}

/* As Suricata has it. */
static int take_checksums(struct request *request, const char *mode)
{
	bool none = strcmp(mode, "none") == 0;
	if (!none && strcmp(mode, "all") != 0) {
		fprintf(stderr, "tidewaiter: -k takes none or all, not \"%s\"\n", mode);
		return EXIT_USAGE;
	}
	take_setting(request, "network.checksums", none ? "no" : "yes");
	return -1;
}

/* Files of -r stand in order of their first packets; one that has none, or is none, tells so itself. */
static void take_captures(struct request *request, const char *argument)
{
	struct tw_buffer reason = {0};
	unsigned first = request->inputs.count;
	request->captures = true;
	take_input(request, argument);
	if (tw_captures_sort(&request->inputs, first, &reason) < 0)
		request->unreadable = true;
	tw_buffer_free(&reason);
}

/* Options that take effect on the request. Negative: go on; else exit with this status. */
static int take_option(struct request *request, int option, const char *argument)
{
	double number = 0;
	switch (option) {
	case 'c':
		tw_config_read(request->config, argument, &request->problems);
		return -1;
	case 'r':
		take_captures(request, argument);
		return -1;
	case 'i':
		request->interfaces[request->interface_count++] = argument;
		return -1;
	case 'k':
		return take_checksums(request, argument);
	case OPTION_BPF:
		take_setting(request, "capture.filter", argument);
		return -1;
	case OPTION_PCAP_OUT:
		take_setting(request, "capture.out", argument);
		return -1;
	case OPTION_SET:
		tw_config_set(request->config, argument, &request->problems);
		return -1;
	case 'P':
		request->plugin_folders[request->plugin_folder_count++] = argument;
		return -1;
	case 'l':
		request->log_folder = argument;
		return -1;
	case 'o':
		request->events_path = argument;
		return -1;
	case 'j':
		if (!tw_number_parse(tw_slice_string(argument), '.', &number) ||
		    !(number >= 1 && number <= 256)) {
			fprintf(stderr, "tidewaiter: -j takes a number from 1 to 256, not \"%s\"\n",
				argument);
			return EXIT_USAGE;
		}
		request->threads = floor(number);
		return -1;
	case OPTION_TIME:
		if (tw_time_parse_iso(tw_slice_string(argument), &request->arrival))
			return -1;
		fprintf(stderr, "tidewaiter: --time takes 2026-11-20T10:00:00Z, not \"%s\"\n", argument);
		return EXIT_USAGE;
	case 'T':
		request->check = true;
		return -1;
	case 'v':
		request->verbose = true;
		return -1;
	case OPTION_MESSAGES:
		request->messages = true;
		return -1;
	case OPTION_PEOPLE:
		request->people = true;
		return -1;
	case OPTION_FAIL_ON_ALERT:
		request->fail_on_alert = true;
		return -1;
	case OPTION_EXPLAIN_MAP:
		request->explain = argument;
		request->listing = option;
		return -1;
	case OPTION_DUMP_CONFIG:
	case OPTION_LIST_PLUGINS:
	case OPTION_LIST_FORMATS:
	case OPTION_LIST_KEYWORDS:
		request->listing = option;
		return -1;
	case OPTION_PRINT:
		return print_reference(argument);
	case OPTION_VERSION:
	case OPTION_BUILD_INFO:
		return print_version(option == OPTION_BUILD_INFO);
	case OPTION_HELP:
		fputs(HELP, stdout);
		return EXIT_ALL_INSPECTED;
	default:
		return unsupported(option);
	}
}

static int read_arguments(struct request *request, int count, char **arguments)
{
	int option;
	opterr = 0;
	while ((option = getopt_long(count, arguments, "c:P:l:o:j:Tvr:k:i:w:S:s:D", OPTIONS, NULL)) !=
	       -1) {
		if (option == '?')
			return usage_error(arguments[optind - 1]);
		int exit_status = take_option(request, option, optarg);
		if (exit_status >= 0)
			return exit_status;
	}
	for (int i = optind; i < count; i++)
		take_input(request, arguments[i]);
	if (optind == count && !request->captures && request->interface_count == 0 && request->listing == 0 && !request->check) {
		fprintf(stderr, "tidewaiter: nothing to inspect: name files, folders, or - for standard "
			"input\ntidewaiter --help lists all options\n");
		return EXIT_USAGE;
	}
	return -1;
}

static int print_listing(const struct request *request, const struct tw_engine *engine)
{
	struct tw_buffer out = {0};
	bool found = true;
	switch (request->listing) {
	case OPTION_DUMP_CONFIG:
		tw_config_dump(request->config, &out);
		break;
	case OPTION_LIST_PLUGINS:
		tw_list_plugins(engine, &out);
		break;
	case OPTION_LIST_FORMATS:
		tw_list_formats(engine, &out);
		break;
	case OPTION_LIST_KEYWORDS:
		tw_list_keywords(&out);
		break;
	default:
		found = tw_explain_map(engine, tw_slice_string(request->explain), &out);
		break;
	}
	if (!found)
		fprintf(stderr, "tidewaiter: no map for \"%s\"; --list-formats lists them\n",
			request->explain);
	print_buffer(&out, stdout);
	return found ? EXIT_ALL_INSPECTED : EXIT_USAGE;
}

static FILE *open_in_folder(const char *folder, const char *name)
{
	char path[4096];
	int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = length > 0 && (size_t)length < sizeof(path) ? fopen(path, "w") : NULL;
	if (file == NULL)
		fprintf(stderr, "tidewaiter: %s/%s: cannot be written: make the folder, or name "
			"another with -l\n", folder, name);
	return file;
}

/* Decides where events go. False where that cannot be written. */
static bool open_outputs(const struct request *request, struct tw_engine_run *run)
{
	bool terminal = isatty(STDOUT_FILENO) != 0;
	const char *path = request->events_path;
	if (path != NULL && strcmp(path, "-") != 0) {
		run->events = fopen(path, "w");
		if (run->events == NULL) {
			fprintf(stderr, "tidewaiter: %s: cannot be written\n", path);
			return false;
		}
	} else if (path != NULL) {
		run->events = stdout;
	}
	if (request->log_folder != NULL) {
		run->stats = open_in_folder(request->log_folder, "stats.json");
		if (run->events == NULL)
			run->events = open_in_folder(request->log_folder, "events.json");
		if (run->stats == NULL || run->events == NULL)
			return false;
	}
	if (run->events != stdout && (request->people || (terminal && path == NULL)))
		run->people = stdout;
	if (run->events == NULL && run->people == NULL)
		run->events = stdout;
	run->colour = terminal && getenv("NO_COLOR") == NULL;
	run->progress = isatty(STDERR_FILENO) != 0;
	return true;
}

static unsigned thread_count(const struct request *request)
{
	double threads = request->threads > 0 ? request->threads
					      : tw_config_number(request->config, "engine.threads");
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	if (threads >= 1)
		return (unsigned)threads;
	return processors < 1 ? 1 : processors > 64 ? 64 : (unsigned)processors;
}

static int inspect(const struct request *request, struct tw_engine *engine)
{
	struct tw_buffer problems = {0};
	struct tw_engine_run run = {
		.interfaces = request->interfaces,
		.problems = &problems,
		.inputs = &request->inputs,
		.threads = thread_count(request),
		.arrival = request->arrival,
		.stop = &stop_requested,
		.messages = request->messages,
	};
	int exit_status = EXIT_USAGE;
	if (open_outputs(request, &run)) {
		int status = tw_engine_run(engine, &run);
		if (problems.length > 0)
			fprintf(stderr, "tidewaiter: %.*s\n", (int)problems.length, problems.data);
		if (status < 0)
			fprintf(stderr, "tidewaiter: the run ended early: %s\n", tw_status_text(status));
		tw_buffer_free(&problems);
		if (status < 0 || run.statistics.incomplete > 0 || request->unreadable ||
		    run.statistics.pcap_out_failed > 0)
			exit_status = EXIT_INCOMPLETE;
		else
			exit_status = run.alerts > 0 && request->fail_on_alert ? EXIT_ALERTS
									       : EXIT_ALL_INSPECTED;
		if (request->verbose)
			fprintf(stderr, "tidewaiter: %llu consignments, %llu alerts, %llu incomplete, "
				"%.3f s\n", (unsigned long long)run.statistics.consignments,
				(unsigned long long)run.alerts,
				(unsigned long long)run.statistics.incomplete, run.statistics.seconds);
	}
	if (run.events != NULL && run.events != stdout)
		fclose(run.events);
	if (run.stats != NULL)
		fclose(run.stats);
	return exit_status;
}

static int open_and_run(struct request *request)
{
	struct tw_found_paths found;
	struct tw_engine engine;
	tw_paths_find(&found);
	struct tw_engine_paths paths = {
		.parsers = found.parsers,
		.plugins = found.plugins,
		.lists = found.lists,
		.maps = found.maps,
		.more_plugins = request->plugin_folders,
	};
	int status = tw_engine_open(&engine, request->config, &paths, &request->problems);
	int exit_status = EXIT_USAGE;
	if (status < 0 || request->problems.length > 0)
		fprintf(stderr, "%.*stidewaiter: not started: %s\n", (int)request->problems.length,
			request->problems.data == NULL ? "" : request->problems.data,
			status < 0 ? tw_status_text(status) : "the problems above come first");
	else if (request->listing != 0)
		exit_status = print_listing(request, &engine);
	else if (request->check)
		exit_status = EXIT_ALL_INSPECTED;
	else
		exit_status = inspect(request, &engine);
	if (exit_status == EXIT_ALL_INSPECTED && request->check)
		printf("tidewaiter: configuration, %u plugins, %u maps and %u lists are good\n",
		       engine.detectors.count, tw_maps_count(engine.maps),
		       tw_lists_count(engine.lists));
	tw_engine_close(&engine);
	return exit_status;
}

int main(int count, char **arguments)
{
	struct request request = {.arrival = (double)NAN};
	/* No SA_RESTART: a read that waits for input has to notice. */
	struct sigaction action = {.sa_handler = request_stop};
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	request.plugin_folders = calloc((size_t)count + 1, sizeof(*request.plugin_folders));
	request.interfaces = calloc((size_t)count + 1, sizeof(*request.interfaces));
	if (request.plugin_folders == NULL || request.interfaces == NULL || tw_config_create(&request.config) < 0) {
		fprintf(stderr, "tidewaiter: out of memory\n");
		return EXIT_INCOMPLETE;
	}
	int exit_status = read_arguments(&request, count, arguments);
	if (exit_status < 0)
		exit_status = open_and_run(&request);
	tw_inputs_free(&request.inputs);
	tw_config_free(request.config);
	tw_buffer_free(&request.problems);
	free(request.plugin_folders);
	free(request.interfaces);
	return exit_status;
}
