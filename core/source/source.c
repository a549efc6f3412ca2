/* SPDX-License-Identifier: Apache-2.0 */
#include "source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/quote.h"
#include "base/ebcdic.h"
#include "source/gzip.h"

/* What a small text may expand to, whatever the ratio says. */
#define RATIO_ALLOWANCE (UINT64_C(1) << 20)

/* RFC 1952, 2.3.1: ID1 and ID2. */
static const unsigned char MAGIC[2] = {0x1f, 0x8b};

/*
 * A stream on its way outwards in: level 0 is the file, each further one is what
 * gzip makes of the one before. The first bytes of each were looked at.
 */
struct level {
	struct tw_source *source;
	struct tw_gzip *gzip; /* NULL: the file */
	char head[TW_EBCDIC_HEAD];
	unsigned head_length;
	unsigned head_given;
};

struct tw_source {
	int fd;
	bool owned;   /* the descriptor */
	bool regular;
	bool ended;
	const volatile sig_atomic_t *stop; /* or NULL */
	int status;   /* of reading the file, once it failed */
	char *path;
	double time;
	uint64_t size;
	uint64_t position;
	double ratio;
	uint64_t bytes;
	struct level levels[TW_SOURCE_LAYERS + 1];
	unsigned top;
	bool too_deep;
	bool ebcdic; /* the innermost level is, */
	bool translated; /* and this table translates it */
	unsigned char table[256];
	bool explained;
	struct tw_buffer problem; /* zero-terminated once explained */
};

static void begin_problem(struct tw_source *source)
{
	tw_buffer_clear(&source->problem);
	tw_quote_plain(&source->problem, tw_slice_string(source->path));
	tw_buffer_append(&source->problem, ": ", 2);
}

static int64_t file_ended(struct tw_source *source)
{
	source->ended = true;
	if (!source->regular || source->position >= source->size)
		return 0;
	source->status = TW_ERROR_TRUNCATED;
	begin_problem(source);
	tw_buffer_printf(&source->problem, "cut short while it was read: %llu of %llu bytes",
			 (unsigned long long)source->position, (unsigned long long)source->size);
	return source->status;
}

static int64_t file_failed(struct tw_source *source, int cause)
{
	source->ended = true;
	source->status = TW_ERROR_IO;
	begin_problem(source);
	tw_buffer_printf(&source->problem, "cannot be read after byte %llu: %s",
			 (unsigned long long)source->position, strerror(cause));
	return source->status;
}

/* How long a stop may go unnoticed by a read that the signal did not interrupt. */
#define STOP_MILLISECONDS 200

static bool stopped(const struct tw_source *source)
{
	return source->stop != NULL && *source->stop != 0;
}

/*
 * Waits for bytes or the end of a stream; false: stopped. The signal may come to
 * another thread, or just before a read: a read alone would then wait on.
 */
static bool wait_readable(const struct tw_source *source)
{
	struct pollfd wait = {.fd = source->fd, .events = POLLIN};
	while (!stopped(source))
		if (poll(&wait, 1, source->stop == NULL ? -1 : STOP_MILLISECONDS) > 0)
			return true;
	return false;
}

static int64_t file_read(struct tw_source *source, char *block, size_t size)
{
	while (!source->ended) {
		if (!source->regular && !wait_readable(source))
			return 0;
		ssize_t got = read(source->fd, block, size);
		if (got > 0) {
			source->position += (uint64_t)got;
			return got;
		}
		if (stopped(source))
			return 0;
		if (got == 0)
			return file_ended(source);
		if (errno != EINTR && errno != EAGAIN)
			return file_failed(source, errno);
	}
	return source->status;
}

static int64_t body_read(struct level *level, char *block, size_t size)
{
	return level->gzip != NULL ? tw_gzip_read(level->gzip, block, size)
				   : file_read(level->source, block, size);
}

static int64_t level_read(void *context, char *block, size_t size)
{
	struct level *level = context;
	size_t done = 0;
	while (done < size && level->head_given < level->head_length)
		block[done++] = level->head[level->head_given++];
	if (done == size)
		return (int64_t)done;
	int64_t got = body_read(level, block + done, size - done);
	return got > 0 ? (int64_t)done + got : done > 0 ? (int64_t)done : got;
}

/* Looks at more of a level's first bytes. False: there are fewer. */
static bool look_ahead(struct level *level, unsigned wanted)
{
	while (level->head_length < wanted) {
		int64_t got = body_read(level, level->head + level->head_length,
					wanted - level->head_length);
		if (got <= 0)
			return false;
		level->head_length += (unsigned)got;
	}
	return true;
}

/* Whether a level is compressed itself. */
static bool level_is_gzip(struct level *level)
{
	return look_ahead(level, sizeof(MAGIC)) && memcmp(level->head, MAGIC, sizeof(MAGIC)) == 0;
}

/* Waits for more bytes only while what is there may be EBCDIC. */
static bool level_is_ebcdic(struct level *level)
{
	int starts;
	do
		starts = tw_ebcdic_starts(tw_slice(level->head, level->head_length));
	while (starts < 0 && look_ahead(level, level->head_length + 1));
	return starts > 0;
}

static uint64_t allowance(void *context)
{
	const struct level *level = context;
	const struct tw_source *source = level->source;
	double allowed = HUGE_VAL;
	if (source->ratio > 0)
		allowed = source->ratio * (double)tw_gzip_consumed(source->levels[1].gzip) +
			  (double)RATIO_ALLOWANCE;
	if (source->bytes > 0 && (double)source->bytes < allowed)
		return source->bytes;
	return allowed < 0x1p63 ? (uint64_t)allowed : UINT64_MAX;
}

static int open_levels(struct tw_source *source)
{
	for (;;) {
		struct level *level = &source->levels[source->top];
		level->source = source;
		if (!level_is_gzip(level)) {
			source->ebcdic = level_is_ebcdic(level);
			return TW_OK;
		}
		if (source->top == TW_SOURCE_LAYERS) {
			source->too_deep = true;
			return TW_OK;
		}
		struct tw_gzip_input input = {
			.context = level,
			.read = level_read,
			.allowance = allowance,
			.fill = source->regular,
		};
		int status = tw_gzip_open(&input, &source->levels[source->top + 1].gzip);
		if (status < 0)
			return status;
		source->top++;
	}
}

/* Why this kind of file is not read, or NULL. Standard input may be anything but a folder. */
static const char *refusal(const struct stat *facts, bool standard)
{
	if (S_ISDIR(facts->st_mode))
		return "is a folder";
	if (standard || S_ISREG(facts->st_mode) || S_ISFIFO(facts->st_mode))
		return NULL;
	return S_ISSOCK(facts->st_mode) ? "is a socket" : "is a device";
}

/*
 * Looks before it opens, since opening a device can do something, and again
 * afterwards, since the name may mean another file by then.
 */
static int open_file(struct tw_source *source, bool standard, struct tw_buffer *reason)
{
	struct stat facts;
	const char *refused = NULL;
	if (!standard && stat(source->path, &facts) == 0)
		refused = refusal(&facts, false);
	if (refused == NULL) {
		source->fd = standard ? STDIN_FILENO
				      : open(source->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (source->fd < 0 || fstat(source->fd, &facts) < 0)
			refused = strerror(errno);
		else
			refused = refusal(&facts, standard);
	}
	if (refused != NULL) {
		tw_quote_plain(reason, tw_slice_string(source->path));
		tw_buffer_printf(reason, ": cannot be opened: %s", refused);
		return TW_ERROR_IO;
	}
	source->regular = S_ISREG(facts.st_mode);
	if (!source->regular)
		return TW_OK;
	/* Standard input may stand in the middle of a file. */
	off_t at = standard ? lseek(source->fd, 0, SEEK_CUR) : 0;
	source->size = facts.st_size > at && at >= 0 ? (uint64_t)(facts.st_size - at) : 0;
	source->time = (double)facts.st_mtim.tv_sec + (double)facts.st_mtim.tv_nsec / 1e9;
	posix_fadvise(source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return TW_OK;
}

int tw_source_open(const char *path, struct tw_source **ret_source, struct tw_buffer *reason)
{
	bool standard = strcmp(path, "-") == 0 || strcmp(path, "/dev/stdin") == 0;
	struct tw_source *source = calloc(1, sizeof(*source));
	if (source == NULL)
		return TW_ERROR_MEMORY;
	source->fd = -1;
	source->owned = !standard;
	source->time = NAN;
	source->path = strdup(standard ? "standard input" : path);
	int status = source->path == NULL ? TW_ERROR_MEMORY
					  : open_file(source, standard, reason);
	if (status == TW_OK)
		status = open_levels(source);
	if (status < 0) {
		tw_source_close(source);
		return status;
	}
	*ret_source = source;
	return TW_OK;
}

void tw_source_close(struct tw_source *source)
{
	if (source == NULL)
		return;
	for (unsigned i = 0; i <= TW_SOURCE_LAYERS; i++)
		tw_gzip_close(source->levels[i].gzip);
	if (source->owned && source->fd >= 0)
		close(source->fd);
	tw_buffer_free(&source->problem);
	free(source->path);
	free(source);
}

/* The sentence of the outermost trouble: what is inside only suffers from it. */
static void explain(struct tw_source *source, int status)
{
	if (source->problem.length > 0)
		return;
	begin_problem(source);
	for (unsigned i = 1; i <= source->top; i++) {
		const char *problem = tw_gzip_problem(source->levels[i].gzip);
		if (problem == NULL)
			continue;
		tw_buffer_printf(&source->problem, "%s%s", i > 1 ? "inside gzip: " : "", problem);
		return;
	}
	if (source->too_deep)
		tw_buffer_printf(&source->problem, "more than %d layers of gzip", TW_SOURCE_LAYERS);
	else
		tw_buffer_printf(&source->problem, "%s", tw_status_text(status));
}

int64_t tw_source_read(struct tw_source *source, char *block, size_t size)
{
	int64_t got = source->too_deep ? TW_ERROR_LIMIT
				       : level_read(&source->levels[source->top], block, size);
	if (got < 0 && !source->explained) {
		explain(source, (int)got);
		tw_buffer_append_byte(&source->problem, '\0');
		source->explained = true;
	}
	if (got > 0 && source->translated)
		tw_ebcdic_translate(source->table, block, (size_t)got);
	return got;
}

const char *tw_source_problem(const struct tw_source *source)
{
	return source->explained && !source->problem.failed ? source->problem.data : "";
}

const char *tw_source_layer(const struct tw_source *source, unsigned index)
{
	if (index < source->top)
		return "gzip";
	return index == source->top && source->translated ? "ebcdic" : NULL;
}

double tw_source_time(const struct tw_source *source)
{
	return source->time;
}

uint64_t tw_source_size(const struct tw_source *source)
{
	return source->size;
}

uint64_t tw_source_position(const struct tw_source *source)
{
	return source->position;
}

void tw_source_limit(struct tw_source *source, double ratio, uint64_t bytes)
{
	source->ratio = ratio;
	source->bytes = bytes;
}

void tw_source_ebcdic(struct tw_source *source, const char *page)
{
	source->translated = source->ebcdic && tw_ebcdic_table(page, source->table);
}

void tw_source_stop(struct tw_source *source, const volatile sig_atomic_t *stop)
{
	source->stop = stop;
}
