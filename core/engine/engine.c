/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/time.h"
#include "engine/pipeline.h"
#include "output/identity.h"

static void log_line(void *context, const char *plugin, const char *text)
{
	(void)context;
	fprintf(stderr, "tidewaiter: %s: %s\n", plugin, text);
}

/* Parsers and plugins of the program's own come first. */
#define OWN_FOLDERS 2u

static int load_modules(struct tw_engine *engine, const struct tw_engine_paths *paths,
			struct tw_buffer *problems)
{
	const char *configured = tw_config_string(engine->config, "paths.plugins");
	const char *const folders[] = {paths->parsers, paths->plugins,
				       configured[0] == '\0' ? NULL : configured};
	int problem_count = 0;
	for (unsigned i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (i == OWN_FOLDERS)
			tw_loader_go_abroad(engine->loader);
		if (folders[i] != NULL)
			problem_count += abs(tw_loader_folder(engine->loader, folders[i], problems));
	}
	for (const char *const *more = paths->more_plugins; more != NULL && *more != NULL; more++)
		problem_count += abs(tw_loader_folder(engine->loader, *more, problems));
	return problem_count;
}

static int load_maps(struct tw_engine *engine, const struct tw_engine_paths *paths,
		     struct tw_buffer *problems)
{
	const char *more = tw_config_string(engine->config, "paths.maps");
	int problem_count = 0;
	if (paths->maps != NULL)
		problem_count += abs(tw_maps_read_folder(engine->maps, paths->maps, problems));
	if (more[0] != '\0')
		problem_count += abs(tw_maps_read_folder(engine->maps, more, problems));
	return problem_count;
}

static enum tw_privacy privacy(const struct tw_config *config, const char *key)
{
	static const char *const words[] = {"full", "masked", "keyed", "omitted"};
	const char *value = tw_config_string(config, key);
	for (unsigned i = 0; i < 4; i++)
		if (strcmp(value, words[i]) == 0)
			return (enum tw_privacy)i;
	return TW_PRIVACY_OMITTED;
}

static bool read_key(const struct tw_config *config, struct tw_buffer *ret_key)
{
	const char *path = tw_config_string(config, "output.privacy.key_file");
	char bytes[4096];
	FILE *file = path[0] == '\0' ? NULL : fopen(path, "rb");
	if (file == NULL)
		return false;
	tw_buffer_append(ret_key, bytes, fread(bytes, 1, sizeof(bytes), file));
	fclose(file);
	return ret_key->length > 0;
}

/* Hashes without a key are undone by a list of names: keyed needs a key that is there. */
static int check_key(const struct tw_config *config, struct tw_buffer *problems)
{
	static const char *const kinds[] = {"output.privacy.alerts", "output.privacy.messages",
					    "output.privacy.others"};
	const char *path = tw_config_string(config, "output.privacy.key_file");
	bool wanted = path[0] != '\0';
	struct tw_buffer key = {0};
	for (unsigned i = 0; i < 3; i++)
		wanted = wanted || privacy(config, kinds[i]) == TW_PRIVACY_KEYED;
	bool good = !wanted || read_key(config, &key);
	tw_buffer_free(&key);
	if (!good)
		tw_buffer_printf(problems, "output.privacy.key_file: \"%s\" gives no key: name a file "
				 "that holds one\n", path);
	return !good;
}

/* A mistake in the filter is told at the start. */
static int check_filter(const struct tw_config *config, struct tw_buffer *problems)
{
	const char *text = tw_config_string(config, "capture.filter");
	struct tw_filter *filter = NULL;
	struct tw_buffer reason = {0};
	int status = text[0] == '\0' ? TW_OK : tw_filter_create(text, &filter, &reason);
	if (status < 0)
		tw_buffer_printf(problems, "capture.filter: %.*s\n", (int)reason.length,
				 reason.length > 0 ? reason.data : "");
	tw_filter_free(filter);
	tw_buffer_free(&reason);
	return status < 0;
}

static int read_partners(struct tw_engine *engine, struct tw_buffer *problems)
{
	struct tw_buffer problem = {0};
	int status = tw_partners_read(tw_config_string(engine->config, "feed.charsets"),
				      &engine->partners, &problem);
	if (status < 0)
		tw_buffer_printf(problems, "feed.charsets: %.*s\n", (int)problem.length,
				 problem.length > 0 ? problem.data : "");
	tw_buffer_free(&problem);
	return status < 0;
}

/* The key to decrypt with, and its certificate: both or none. */
static int read_keys(struct tw_engine *engine, struct tw_buffer *problems)
{
	const char *key = tw_config_string(engine->config, "unwrap.smime_key");
	const char *certificate = tw_config_string(engine->config, "unwrap.smime_certificate");
	struct tw_buffer problem = {0};
	int status = TW_OK;
	if (key[0] == '\0' && certificate[0] == '\0')
		return 0;
	if (key[0] == '\0' || certificate[0] == '\0')
		tw_buffer_printf(&problem, "unwrap.smime_certificate must be set too, or neither");
	else
		status = tw_unwrap_keys_load(key, certificate, &engine->keys, &problem);
	if (problem.length > 0)
		tw_buffer_printf(problems, "unwrap.smime_key: %.*s\n", (int)problem.length, problem.data);
	bool bad = problem.length > 0 || status < 0;
	tw_buffer_free(&problem);
	return bad;
}

/* `mode`: what must be allowed beside entering it, as access(2) has it. */
static int check_folder(const char *setting, const char *folder, int mode, struct tw_buffer *problems)
{
	if (folder[0] == '\0' || access(folder, mode | X_OK) == 0)
		return 0;
	tw_buffer_printf(problems, "%s: %s: %s\n", setting, folder, strerror(errno));
	return 1;
}

int tw_engine_open(struct tw_engine *engine, struct tw_config *config,
		   const struct tw_engine_paths *paths, struct tw_buffer *problems)
{
	const char *configured = tw_config_string(config, "paths.lists");
	const char *lists[] = {configured[0] == '\0' ? paths->lists : configured, paths->lists};
	*engine = (struct tw_engine){.config = config};
	int status = tw_loader_create(&engine->loader);
	if (status >= 0)
		status = tw_lists_create(lists, 2, &engine->lists);
	if (status >= 0)
		status = tw_maps_create(&engine->maps);
	if (status < 0)
		return status;
	int problem_count = load_modules(engine, paths, problems);
	problem_count += load_maps(engine, paths, problems);
	problem_count += check_folder("paths.lists", configured, R_OK, problems);
	problem_count += check_folder("capture.out", tw_config_string(config, "capture.out"), W_OK,
				      problems);
	problem_count += check_key(config, problems);
	problem_count += check_filter(config, problems);
	problem_count += read_partners(engine, problems);
	problem_count += read_keys(engine, problems);
	struct tw_host host = {.lists = engine->lists, .log = log_line};
	status = tw_detectors_open(&engine->detectors, engine->loader, config, &host, problems);
	if (status < 0)
		return status;
	problem_count += status;
	struct tw_buffer reason = {0};
	if (tw_lists_seal(engine->lists, &reason) < 0) {
		tw_buffer_printf(problems, "lists: %.*s\n", (int)reason.length, reason.data);
		problem_count++;
	}
	tw_buffer_free(&reason);
	return problem_count;
}

void tw_engine_close(struct tw_engine *engine)
{
	tw_detectors_close(&engine->detectors);
	tw_partners_free(&engine->partners);
	tw_unwrap_keys_free(engine->keys);
	tw_maps_free(engine->maps);
	tw_lists_free(engine->lists);
	tw_loader_free(engine->loader);
	*engine = (struct tw_engine){.config = NULL};
}

/* ---- a run ------------------------------------------------------------------------- */

struct run {
	struct tw_engine *engine;
	struct tw_engine_run *setup;
	struct tw_live *live;
	struct tw_keeper *keeper;
	struct tw_intake *intake;
	struct tw_emitter emitter;
	struct tw_reducer reducer;
	struct tw_runner runner;
	struct tw_call *calls;
	struct tw_worker_counts *workers;
	struct tw_coverage coverage;
	double started, shown;
	char host[256];
	struct tw_buffer key;
};

static double cpu_seconds(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static struct tw_out_limits out_limits(const struct tw_config *config)
{
	return (struct tw_out_limits){
		.evidence = (unsigned)tw_config_number(config, "limits.evidence"),
		.observations = (unsigned)tw_config_number(config, "limits.observations"),
		.payload_bytes = (size_t)tw_config_size(config, "limits.payload_bytes"),
		.state_bytes = (size_t)tw_config_size(config, "limits.state_bytes"),
	};
}

static void set_style(struct run *run)
{
	const struct tw_config *config = run->engine->config;
	const char *sensor = tw_config_string(config, "output.sensor");
	if (gethostname(run->host, sizeof(run->host) - 1) < 0)
		run->host[0] = '\0';
	read_key(config, &run->key);
	run->emitter.style = (struct tw_event_style){
		.sensor = sensor[0] == '\0' ? run->host : sensor,
		.generation = 1,
		.alerts = privacy(config, "output.privacy.alerts"),
		.messages = privacy(config, "output.privacy.messages"),
		.others = privacy(config, "output.privacy.others"),
		.key = tw_buffer_slice(&run->key),
		.sha256 = tw_digest_algorithm(),
	};
	run->emitter.timed = tw_config_bool(config, "stats.stages");
	run->emitter.events = run->setup->events;
	run->emitter.people = run->setup->people;
	run->emitter.messages = run->setup->messages || tw_config_bool(config, "output.messages");
	run->emitter.terminal = (struct tw_terminal){
		.colour = run->setup->colour,
		.columns = 100,
		.privacy = run->emitter.style.alerts,
		.key = run->emitter.style.key,
	};
}

static int create_runner(struct run *run, const struct tw_out_limits *limits)
{
	const struct tw_config *config = run->engine->config;
	const char *isolate = tw_config_string(config, "plugins.isolate");
	struct tw_runner_setup setup = {
		.detectors = &run->engine->detectors,
		.lists = run->engine->lists,
		.limits = *limits,
		.isolation = {.callback_seconds = tw_config_number(config, "limits.callback_seconds"),
			      .memory = (size_t)tw_config_size(config, "plugins.isolate_memory"),
			      .restarts = (unsigned)tw_config_number(config,
								     "plugins.isolate_restarts")},
		.isolate = strcmp(isolate, "yes") == 0	? TW_ISOLATE_ALL
			   : strcmp(isolate, "no") == 0 ? TW_ISOLATE_NONE
							: TW_ISOLATE_AUTO,
	};
	return tw_runner_create(&run->runner, &setup);
}

static bool wants_messages(const struct tw_detectors *detectors)
{
	for (unsigned i = 0; i < detectors->count; i++)
		if ((detectors->entries[i].detector->flags & TW_WANTS_MESSAGES) != 0)
			return true;
	return false;
}

static int open_live(struct run *run)
{
	const struct tw_config *config = run->engine->config;
	struct tw_live_settings settings = tw_live_settings(config);
	const char *filter = tw_config_string(config, "capture.filter");
	settings.filter = filter[0] == '\0' ? NULL : filter;
	if (run->setup->interfaces == NULL || run->setup->interfaces[0] == NULL)
		return TW_OK;
	int status = tw_live_create(&settings, &run->live);
	for (const char *const *name = run->setup->interfaces; status >= 0 && *name != NULL; name++)
		status = tw_live_add(run->live, *name, run->setup->problems);
	return status;
}

static int create_parts(struct run *run)
{
	struct tw_engine *engine = run->engine;
	const struct tw_config *config = engine->config;
	struct tw_out_limits limits = out_limits(config);
	struct tw_reducer_limits reducer_limits = {
		.store = {.keys = (uint64_t)tw_config_number(config, "limits.state_keys"),
			  .bytes = tw_config_size(config, "limits.state_memory")},
		.ledger = {.shipments = (uint64_t)tw_config_number(config, "limits.shipments"),
			   .bytes = tw_config_size(config, "limits.ledger_memory"),
			   .alias_bytes = tw_config_size(config, "limits.aliases_memory")},
		.sequences = tw_missing_settings(config),
		.message_ids = (uint32_t)tw_config_number(config, "network.message_ids"),
	};
	unsigned threads = run->setup->threads;
	int status = tw_keeper_create(config, &run->keeper);
	if (status < 0)
		return status;
	status = tw_intake_create(&(struct tw_intake_setup){.config = config,
								.partners = &engine->partners,
								.keys = engine->keys,
								.live = run->live,
								.keeper = run->keeper,
								.threads = threads,
								.maps = engine->maps,
								.modules = engine->loader,
								.inputs = run->setup->inputs,
								.messages = wants_messages(
									&engine->detectors),
								.arrival = run->setup->arrival,
								.stop = run->setup->stop},
				      &run->intake);
	if (status >= 0)
		status = tw_emitter_create(&run->emitter, &engine->detectors);
	if (status >= 0)
		status = tw_reducer_create(&run->reducer, &engine->detectors, engine->lists, &limits,
					   &reducer_limits);
	run->calls = calloc(threads, sizeof(*run->calls));
	run->workers = calloc(threads, sizeof(*run->workers));
	if (status < 0 || run->calls == NULL || run->workers == NULL)
		return status < 0 ? status : TW_ERROR_MEMORY;
	for (unsigned i = 0; i < threads && status >= 0; i++) {
		status = tw_call_create(&run->calls[i], &engine->detectors, engine->lists, &limits);
		run->calls[i].timed = tw_config_bool(config, "stats.stages");
	}
	return status < 0 ? status : create_runner(run, &limits);
}

static void free_parts(struct run *run)
{
	tw_runner_free(&run->runner);
	for (unsigned i = 0; run->calls != NULL && i < run->setup->threads; i++)
		tw_call_free(&run->calls[i]);
	free(run->calls);
	free(run->workers);
	tw_reducer_free(&run->reducer);
	tw_emitter_free(&run->emitter);
	tw_intake_free(run->intake);
	tw_live_close(run->live);
	tw_keeper_free(run->keeper);
	tw_buffer_free(&run->key);
}

#define PROGRESS_SECONDS 0.5

static void show_progress(void *context)
{
	struct run *run = context;
	double now = tw_time_elapsed();
	const struct tw_statistics *statistics = &run->reducer.statistics;
	if (now - run->shown < PROGRESS_SECONDS)
		return;
	run->shown = now;
	fprintf(stderr, "\r%llu of %u inputs, %.1f MB, %llu consignments, %llu alerts ",
		(unsigned long long)statistics->inputs, run->setup->inputs->count,
		(double)statistics->input_bytes / 1e6,
		(unsigned long long)statistics->consignments,
		(unsigned long long)run->emitter.alerts);
	fflush(stderr);
}

static void gather_coverage(struct run *run)
{
	struct tw_coverage *coverage = &run->coverage;
	struct tw_tapping_counts counts;
	if (!tw_intake_tapped(run->intake, &counts))
		return;
	*coverage = (struct tw_coverage){
		.packets = counts.shards.tap.packets,
		.packet_bytes = counts.shards.tap.bytes,
		.filtered = counts.filtered,
		.undecoded = counts.shards.tap.undecoded,
		.other_packets = counts.shards.tap.others,
		.flows = counts.shards.tap.flows,
		.stream_bytes = counts.shards.tap.data_bytes,
		.gap_bytes = counts.shards.tap.gap_bytes,
		.bodies = counts.shards.bodies.bodies,
		.recognised = counts.shards.bodies.recognised,
		.unrecognised_bytes = counts.shards.bodies.unrecognised_bytes,
		.retries = counts.shards.bodies.retries + run->reducer.redeliveries.retries,
		.signals = counts.shards.bodies.signals,
	};
	for (unsigned i = 0; i < TW_COVERAGE_PROTOCOLS && counts.shards.protocols[i].name != NULL; i++)
		coverage->protocols[i] = (struct tw_protocol_coverage){counts.shards.protocols[i].name,
								       counts.shards.protocols[i].flows,
								       counts.shards.protocols[i].bytes};
	run->setup->statistics.coverage = coverage;
}

/* What was kept of flows that alerted, and what could not be. */
static void gather_kept(struct run *run)
{
	struct tw_statistics *statistics = &run->setup->statistics;
	if (run->keeper == NULL)
		return;
	struct tw_keeper_counts counts = tw_keeper_counts(run->keeper);
	statistics->pcap_out_files = counts.files;
	statistics->pcap_out_packets = counts.packets;
	statistics->pcap_out_incomplete = counts.incomplete;
	statistics->pcap_out_failed = counts.failed;
	tw_buffer_append_slice(run->setup->problems, tw_keeper_problems(run->keeper));
	if (counts.incomplete > 0)
		tw_buffer_printf(run->setup->problems, "%s: of %llu flows that alerted not all packets "
				 "were held any longer: capture.out_memory, capture.out_flow_memory\n",
				 tw_config_string(run->engine->config, "capture.out"),
				 (unsigned long long)counts.incomplete);
}

static void gather_statistics(struct run *run, double cpu_started)
{
	struct tw_statistics *statistics = &run->setup->statistics;
	struct tw_intake_counts counts = tw_intake_counts(run->intake);
	*statistics = run->reducer.statistics;
	gather_coverage(run);
	gather_kept(run);
	statistics->alerts = run->emitter.alerts;
	statistics->plugin_restarts = tw_runner_restarts(&run->runner);
	statistics->seconds = tw_time_elapsed() - run->started;
	statistics->cpu_seconds = cpu_seconds() - cpu_started;
	statistics->state_keys = tw_store_keys(run->reducer.store);
	statistics->state_bytes = tw_store_size(run->reducer.store);
	statistics->state_evicted = tw_store_evicted(run->reducer.store);
	statistics->shipments = tw_ledger_count(run->reducer.ledger);
	statistics->shipments_evicted = tw_ledger_evicted(run->reducer.ledger);
	statistics->aliases = tw_ledger_aliases(run->reducer.ledger);
	statistics->aliases_evicted = tw_ledger_aliases_evicted(run->reducer.ledger);
	statistics->workers = run->workers;
	statistics->worker_count = run->setup->threads;
	statistics->stage_seconds[TW_STAGE_READ] = counts.read_seconds;
	statistics->stage_seconds[TW_STAGE_SPLIT] = counts.feed_seconds - counts.map_seconds;
	statistics->stage_seconds[TW_STAGE_MAP] = counts.map_seconds;
	statistics->stage_seconds[TW_STAGE_OUTPUT] = run->emitter.seconds;
	statistics->stage_seconds[TW_STAGE_CORRELATE] = run->reducer.seconds - run->emitter.seconds;
	for (unsigned i = 0; i < run->setup->threads; i++) {
		statistics->text_bytes += tw_scan_bytes(run->calls[i].scan);
		statistics->stage_seconds[TW_STAGE_SCAN] += run->calls[i].scan_seconds;
		statistics->stage_seconds[TW_STAGE_DETECTORS] += run->calls[i].detector_seconds;
	}
}

static void write_summary(struct run *run)
{
	const struct tw_detectors *detectors = &run->engine->detectors;
	struct tw_summary_row *rows = calloc(detectors->count + 1, sizeof(*rows));
	if (rows == NULL || run->setup->people == NULL) {
		free(rows);
		return;
	}
	for (unsigned i = 0; i < detectors->count; i++) {
		rows[i] = (struct tw_summary_row){
			.detector = detectors->entries[i].detector->name,
			.category = detectors->entries[i].detector->category,
		};
		memcpy(rows[i].by_severity, run->emitter.by_severity[i],
		       sizeof(rows[i].by_severity));
	}
	tw_terminal_summary(&run->emitter.terminal, &run->setup->statistics, rows,
			    detectors->count, &run->emitter.text);
	free(rows);
}

static int write_end(struct run *run)
{
	struct tw_buffer line = {0};
	write_summary(run);
	int status = tw_emit_flush(&run->emitter);
	if (run->setup->stats != NULL) {
		tw_event_stats(&run->emitter.style, &run->setup->statistics, &line);
		if (fwrite(line.data, 1, line.length, run->setup->stats) != line.length ||
		    fflush(run->setup->stats) != 0)
			status = TW_ERROR_IO;
	}
	tw_buffer_free(&line);
	return status;
}

int tw_engine_run(struct tw_engine *engine, struct tw_engine_run *setup)
{
	struct run run = {.engine = engine, .setup = setup, .started = tw_time_elapsed()};
	double cpu_started = cpu_seconds();
	int status = open_live(&run);
	if (status >= 0)
		status = create_parts(&run);
	if (status >= 0) {
		set_style(&run);
		run.reducer.runner = &run.runner;
		run.reducer.emitter = &run.emitter;
		run.reducer.keeper = run.keeper;
		run.reducer.test_state = tw_config_bool(engine->config, "feed.test_state");
		status = tw_pipeline_run(&(struct tw_pipeline_setup){
			.intake = run.intake,
			.reducer = &run.reducer,
			.runner = &run.runner,
			.calls = run.calls,
			.counts = run.workers,
			.threads = setup->threads,
			.delay_us = (unsigned)tw_config_number(engine->config,
							       "debug.batch_delay_us"),
			.progress = setup->progress ? show_progress : NULL,
			.progress_context = &run});
		if (status >= 0)
			tw_reducer_finish(&run.reducer);
		if (run.shown > 0)
			fprintf(stderr, "\r\033[K");
		gather_statistics(&run, cpu_started);
		setup->alerts = run.emitter.alerts;
		int ended = write_end(&run);
		status = status < 0 ? status : ended;
		setup->statistics.workers = NULL;
		setup->statistics.coverage = NULL;
	}
	free_parts(&run);
	return status;
}
