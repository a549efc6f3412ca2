/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/detectors.h"

#include <stdlib.h>

#include "screen/options.h"

#define DETECTOR_LIMIT 1000u

const struct tw_finding_info *tw_detector_finding(const struct tw_detector_entry *entry,
						  uint32_t sid)
{
	for (unsigned i = 0; i < entry->finding_count; i++)
		if (sid == 0 || entry->detector->findings[i].sid == sid)
			return &entry->detector->findings[i];
	return NULL;
}

static bool good_name(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return length > 0 && name[length] == '\0';
}

/* What a descriptor must have to be usable at all. */
static const char *descriptor_fault(const struct tw_detector *detector)
{
	if (detector->name == NULL || !good_name(detector->name))
		return "its name must be of small letters, digits and '_'";
	if (detector->inspect == NULL)
		return "it has no inspect()";
	if (detector->findings == NULL || detector->findings[0].sid == 0)
		return "it declares no finding";
	if (detector->category == NULL)
		return "it has no category";
	if (detector->options != NULL && detector->options_size == 0)
		return "it has options and no options_size";
	if (detector->tables != NULL && detector->tables[0] != NULL && detector->correlate == NULL &&
	    detector->conclude == NULL)
		return "it has tables, and neither correlate() nor conclude()";
	return NULL;
}

static int check_twins(const struct tw_detectors *detectors, const struct tw_module *module,
		       struct tw_buffer *problems)
{
	for (unsigned i = 0; i < detectors->count; i++) {
		const struct tw_detector_entry *other = &detectors->entries[i];
		if (strcmp(other->detector->name, module->detector->name) == 0) {
			tw_buffer_printf(problems, "%s: the name \"%s\" is taken by %s\n", module->path,
					 module->detector->name, other->path);
			return TW_ERROR_DUPLICATE;
		}
		for (const struct tw_finding_info *f = module->detector->findings; f->sid != 0; f++)
			if (tw_detector_finding(other, f->sid) != NULL) {
				tw_buffer_printf(problems, "%s: sid %u is taken by %s\n",
						 module->path, f->sid, other->path);
				return TW_ERROR_DUPLICATE;
			}
	}
	return TW_OK;
}

static int add_detector(struct tw_detectors *detectors, const struct tw_module *module,
			struct tw_buffer *problems)
{
	const char *fault = descriptor_fault(module->detector);
	if (fault != NULL) {
		tw_buffer_printf(problems, "%s: %s\n", module->path, fault);
		return TW_ERROR_INVALID;
	}
	if (check_twins(detectors, module, problems) < 0)
		return TW_ERROR_DUPLICATE;
	struct tw_detector_entry *entry = &detectors->entries[detectors->count++];
	*entry = (struct tw_detector_entry){.detector = module->detector, .path = module->path,
					     .foreign = module->foreign};
	while (module->detector->findings[entry->finding_count].sid != 0)
		entry->finding_count++;
	while (module->detector->tables != NULL &&
	       module->detector->tables[entry->table_count] != NULL)
		entry->table_count++;
	return TW_OK;
}

static int by_name(const void *a, const void *b)
{
	const struct tw_detector_entry *left = a;
	const struct tw_detector_entry *right = b;
	return strcmp(left->detector->name, right->detector->name);
}

static bool comes_after(const struct tw_detector *detector, const char *name)
{
	for (const char *const *after = detector->after; after != NULL && *after != NULL; after++)
		if (strcmp(*after, name) == 0)
			return true;
	return false;
}

/* Whether an entry not yet placed must come before this one. */
static bool waits(const struct tw_detectors *detectors, unsigned placed, unsigned at)
{
	for (unsigned i = placed; i < detectors->count; i++)
		if (comes_after(detectors->entries[at].detector,
					   detectors->entries[i].detector->name))
			return true;
	return false;
}

/* Moves the entry at `from` to `to` and what stands between one place back. */
static void move_entry(struct tw_detectors *detectors, unsigned from, unsigned to)
{
	struct tw_detector_entry moved = detectors->entries[from];
	memmove(&detectors->entries[to + 1], &detectors->entries[to],
		(from - to) * sizeof(moved));
	detectors->entries[to] = moved;
}

static int put_in_order(struct tw_detectors *detectors, struct tw_buffer *problems)
{
	qsort(detectors->entries, detectors->count, sizeof(detectors->entries[0]), by_name);
	for (unsigned placed = 0; placed < detectors->count; placed++) {
		unsigned at = placed;
		while (at < detectors->count && waits(detectors, placed, at))
			at++;
		if (at == detectors->count) {
			tw_buffer_printf(problems, "%s: its `after` leads back to itself: %s\n",
					 detectors->entries[placed].path,
					 detectors->entries[placed].detector->name);
			return 1;
		}
		move_entry(detectors, at, placed);
	}
	return 0;
}

static int open_entry(struct tw_detector_entry *entry, const struct tw_host *host,
		      struct tw_config *config, struct tw_buffer *problems)
{
	struct tw_buffer sentence = {0};
	int problem_count = tw_options_read(entry->detector, config, entry->path, &entry->options,
					    problems);
	if (problem_count != 0)
		return problem_count;
	entry->host = *host;
	entry->host.name = entry->detector->name;
	entry->host.error = &sentence;
	int status = entry->detector->open == NULL
			     ? TW_OK
			     : entry->detector->open(&entry->host, entry->options, &entry->instance);
	entry->host.error = NULL;
	if (status < 0)
		tw_buffer_printf(problems, "%s: refuses to start: %.*s\n", entry->path,
				 sentence.length == 0 ? (int)strlen(tw_status_text(status))
						      : (int)sentence.length,
				 sentence.length == 0 ? tw_status_text(status) : sentence.data);
	tw_buffer_free(&sentence);
	return status < 0 ? 1 : 0;
}

static int open_all(struct tw_detectors *detectors, const struct tw_host *host,
		    struct tw_config *config, struct tw_buffer *problems)
{
	int problem_count = 0;
	detectors->names = calloc(detectors->count + 1, sizeof(*detectors->names));
	if (detectors->names == NULL)
		return TW_ERROR_MEMORY;
	for (unsigned i = 0; i < detectors->count; i++) {
		detectors->names[i] = detectors->entries[i].detector->name;
		int result = open_entry(&detectors->entries[i], host, config, problems);
		problem_count += result < 0 ? 1 : result;
	}
	return problem_count;
}

int tw_detectors_open(struct tw_detectors *detectors, const struct tw_loader *loader,
		      struct tw_config *config, const struct tw_host *host,
		      struct tw_buffer *problems)
{
	int problem_count = 0;
	unsigned limit = tw_loader_count(loader);
	detectors->entries = calloc(limit + 1, sizeof(detectors->entries[0]));
	if (detectors->entries == NULL)
		return TW_ERROR_MEMORY;
	if (limit > DETECTOR_LIMIT)
		return TW_ERROR_LIMIT;
	for (unsigned i = 0; i < limit; i++) {
		const struct tw_module *module = tw_loader_at(loader, i);
		if (module->detector != NULL)
			problem_count += add_detector(detectors, module, problems) < 0;
	}
	problem_count += put_in_order(detectors, problems);
	int result = open_all(detectors, host, config, problems);
	if (result < 0)
		return result;
	return problem_count + result + tw_options_unused(config, problems, detectors->names);
}

void tw_detectors_close(struct tw_detectors *detectors)
{
	for (unsigned i = 0; i < detectors->count; i++) {
		struct tw_detector_entry *entry = &detectors->entries[i];
		if (entry->instance != NULL && entry->detector->close != NULL)
			entry->detector->close(entry->instance);
		free(entry->options);
	}
	free(detectors->entries);
	free(detectors->names);
	*detectors = (struct tw_detectors){0};
}
