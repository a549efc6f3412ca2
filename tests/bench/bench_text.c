/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Speed of normalising and matching: MB of text per second of processor time, for
 * seeded consignments whose texts are as long as those of manifests, with 200,
 * 2,000 and 20,000 terms, and with some that are the most frequent words of the
 * texts, as CO and LTD are; and next to it, round by round, what Hyperscan alone
 * needs to find the same terms in the same texts, already normalised (it also
 * finds them inside of words). All matches are asked for.
 *
 *   bench_text [CONSIGNMENTS [ROUNDS]]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "model/builder.h"
#include "text/inside.h"
#include "text/lists.h"
#include "text/normalise.h"
#include "text/scan.h"

#define VOCABULARY 30000u
#define TERM_SIZE 64u

struct random {
	uint64_t state;
};

static uint32_t next_random(struct random *random, uint32_t limit)
{
	random->state = random->state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(((random->state >> 33) * limit) >> 31);
}

/* Words of two to four syllables: about six letters, as in goods descriptions. */
static void make_word(struct random *random, char word[16])
{
	static const char *const HEADS[] = {"B", "C", "D", "F", "G",  "H",  "L",  "M",	"N",  "P",
					    "R", "S", "T", "V", "ST", "PL", "TR", "CH", "SH", "GR"};
	static const char *const TAILS[] = {"A", "E", "I", "O", "U", "AN", "ER", "IN", "OR", "ES"};
	uint32_t syllables = 1 + next_random(random, 2) + next_random(random, 2);
	word[0] = '\0';
	for (uint32_t i = 0; i <= syllables && strlen(word) < 12; i++) {
		strcat(word, HEADS[next_random(random, 20)]);
		strcat(word, TAILS[next_random(random, 10)]);
	}
}

struct bench {
	char (*words)[16];
	char (*terms)[TERM_SIZE];
	unsigned term_count;
	struct tw_buffer records; /* one behind the other, 8 aligned */
	size_t *record_at;
	struct tw_consignment *made;
	unsigned consignments;
	struct tw_buffer views;	  /* words views, one run of bytes a consignment */
	size_t *view_at;
	uint64_t text_bytes;
	unsigned values;
};

/* Frequent words are much more frequent, as in real text. */
static const char *pick_word(const struct bench *bench, struct random *random)
{
	double share = (double)next_random(random, 1u << 30) / (double)(1u << 30);
	return bench->words[(size_t)(pow((double)VOCABULARY, share) - 1)];
}

static void make_text(const struct bench *bench, struct random *random, unsigned length,
		      struct tw_buffer *text)
{
	tw_buffer_clear(text);
	while (text->length < length) {
		if (next_random(random, 100) < 12)
			tw_buffer_printf(text, "%u ", next_random(random, 5000));
		const char *word = pick_word(bench, random);
		tw_buffer_printf(text, "%s%s", word, next_random(random, 12) == 0 ? ", " : " ");
	}
	/* One consignment in two hundred or so holds a term. */
	if (bench->term_count > 0 && next_random(random, 2000) == 0)
		tw_buffer_printf(text, "%s ", bench->terms[next_random(random, bench->term_count)]);
	if (next_random(random, 100) == 0)
		tw_buffer_printf(text, "CAF\xc3\x89 ");
	text->length--;
}

static void add_value(struct bench *bench, struct tw_builder *builder, enum tw_field field,
		      struct tw_slice text)
{
	struct tw_new_value value = {.field = field, .item = 1, .text = text, .number = NAN};
	tw_builder_add(builder, &value);
	bench->text_bytes += text.length;
	bench->values++;
	tw_normalise_append(text, &bench->views);
	tw_buffer_append_byte(&bench->views, '\n');
}

/* Three parties of four values, one to six goods items, and what is not scanned. */
static void make_consignment(struct bench *bench, struct random *random, struct tw_builder *builder,
			     struct tw_buffer *text)
{
	static const struct {
		enum tw_field field;
		unsigned length;
	} PARTY[] = {{TW_PARTY_NAME, 18}, {TW_PARTY_ADDRESS, 22}, {TW_PARTY_ADDRESS, 16},
		     {TW_PARTY_CITY, 6}};
	struct tw_new_value reference = {.field = TW_DOCUMENT_NUMBER, .item = 1, .number = NAN,
					 .text = TW_LITERAL("MAEU123456789")};
	tw_builder_consignment(builder, 0);
	for (unsigned i = 0; i < 12; i++) {
		make_text(bench, random, PARTY[i % 4].length, text);
		add_value(bench, builder, PARTY[i % 4].field, tw_buffer_slice(text));
		tw_builder_add(builder, &reference);
	}
	for (unsigned i = 1 + next_random(random, 6); i > 0; i--) {
		make_text(bench, random, 20 + next_random(random, 120), text);
		add_value(bench, builder, TW_GOODS_DESCRIPTION, tw_buffer_slice(text));
		make_text(bench, random, 8, text);
		add_value(bench, builder, TW_GOODS_MARKS, tw_buffer_slice(text));
	}
}

static void make_feed(struct bench *bench)
{
	struct random random = {4711};
	struct tw_builder builder = {0};
	struct tw_buffer text = {0};
	tw_buffer_clear(&bench->records);
	tw_buffer_clear(&bench->views);
	bench->text_bytes = 0;
	bench->values = 0;
	tw_builder_message(&builder, 0);
	for (unsigned i = 0; i < bench->consignments; i++) {
		bench->record_at[i] = bench->records.length;
		bench->view_at[i] = bench->views.length;
		make_consignment(bench, &random, &builder, &text);
		tw_builder_write(&builder, 0, &bench->records);
	}
	bench->record_at[bench->consignments] = bench->records.length;
	bench->view_at[bench->consignments] = bench->views.length;
	tw_builder_free(&builder);
	tw_buffer_free(&text);
}

/*
 * Two words each; one term in five begins with a word of ordinary texts. So many
 * of the most frequent words are terms themselves.
 */
static void make_terms(struct bench *bench, unsigned count, unsigned frequent)
{
	struct random random = {99};
	char first[16];
	char second[16];
	bench->term_count = count;
	for (unsigned i = 0; i < frequent; i++)
		strcpy(bench->terms[i], bench->words[i]);
	for (unsigned i = frequent; i < count; i++) {
		make_word(&random, first);
		make_word(&random, second);
		const char *ordinary = bench->words[next_random(&random, VOCABULARY)];
		snprintf(bench->terms[i], TERM_SIZE, "%s %s%c%c", i % 5 == 0 ? ordinary : first,
			 second, 'A' + (int)(i % 26), 'A' + (int)(i / 26 % 26));
	}
}

static struct tw_lists *open_terms(const struct bench *bench)
{
	char folder[] = "/tmp/tidewaiter_bench_XXXXXX";
	char path[64];
	if (mkdtemp(folder) == NULL)
		exit(1);
	snprintf(path, sizeof(path), "%s/terms.tsv", folder);
	FILE *file = fopen(path, "w");
	if (file == NULL)
		exit(1);
	fprintf(file, "term\tnumber\n");
	for (unsigned i = 0; i < bench->term_count; i++)
		fprintf(file, "%s\t%u\n", bench->terms[i], i);
	fclose(file);
	const char *folders[] = {folder};
	struct tw_lists *lists = NULL;
	const struct tw_list *list = NULL;
	struct tw_buffer reason = {0};
	if (tw_lists_create(folders, 1, &lists) < 0 ||
	    tw_lists_open(lists, "terms", &list, &reason) < 0 ||
	    tw_lists_seal(lists, &reason) < 0) {
		fprintf(stderr, "%.*s\n", (int)reason.length, reason.data);
		exit(1);
	}
	tw_buffer_free(&reason);
	unlink(path);
	rmdir(folder);
	return lists;
}

static double processor_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Checking a record is not what is measured: the views are made before. */
static void view_records(struct bench *bench)
{
	for (unsigned i = 0; i < bench->consignments; i++) {
		struct tw_slice bytes = tw_slice(bench->records.data + bench->record_at[i],
						 bench->record_at[i + 1] - bench->record_at[i]);
		if (tw_record_view(bytes, &bench->made[i]) < 0)
			exit(1);
	}
}

static double time_normalise(const struct bench *bench, struct tw_buffer *view)
{
	double start = processor_seconds();
	for (unsigned i = 0; i < bench->consignments; i++) {
		struct tw_consignment consignment = bench->made[i];
		tw_buffer_clear(view);
		for (uint32_t j = 0; j < consignment.entry_count; j++)
			if (consignment.entries[j].field != TW_DOCUMENT_NUMBER)
				tw_normalise_append(tw_text(&consignment, (int)j), view);
	}
	return processor_seconds() - start;
}

static double time_scan(const struct bench *bench, struct tw_scan_scratch *scratch,
			const struct tw_list *list, uint64_t *ret_matches)
{
	double start = processor_seconds();
	*ret_matches = 0;
	for (unsigned i = 0; i < bench->consignments; i++) {
		struct tw_consignment consignment = bench->made[i];
		if (tw_scan(scratch, &consignment) < 0)
			exit(1);
		*ret_matches += tw_match_count(&consignment, list);
	}
	return processor_seconds() - start;
}

static int count_match(void *context, unsigned id, size_t end)
{
	(void)id;
	(void)end;
	++*(uint64_t *)context;
	return TW_OK;
}

static double time_bare(const struct bench *bench, const struct tw_inside *inside,
			struct tw_inside_scratch *scratch, uint64_t *ret_matches)
{
	double start = processor_seconds();
	*ret_matches = 0;
	for (unsigned i = 0; i < bench->consignments; i++) {
		struct tw_slice view = tw_slice(bench->views.data + bench->view_at[i],
						bench->view_at[i + 1] - bench->view_at[i]);
		if (tw_inside_scan(inside, scratch, view, count_match, ret_matches) < 0)
			exit(1);
	}
	return processor_seconds() - start;
}

static struct tw_inside *compile_bare(const struct bench *bench)
{
	struct tw_literal *literals = calloc(bench->term_count, sizeof(*literals));
	struct tw_inside *inside = NULL;
	struct tw_buffer reason = {0};
	if (literals == NULL)
		exit(1);
	for (unsigned i = 0; i < bench->term_count; i++)
		literals[i] = (struct tw_literal){tw_slice_string(bench->terms[i]), i};
	if (tw_inside_build(literals, bench->term_count, &inside, &reason) < 0)
		exit(1);
	free(literals);
	tw_buffer_free(&reason);
	return inside;
}

static void keep_least(double *least, double seconds)
{
	if (*least == 0 || seconds < *least)
		*least = seconds;
}

static void run(struct bench *bench, unsigned terms, unsigned frequent, unsigned rounds)
{
	double best[3] = {0};
	uint64_t matches[2] = {0};
	struct tw_buffer view = {0};
	struct tw_scan_scratch *scratch = NULL;
	struct tw_inside_scratch *bare_scratch = NULL;
	make_terms(bench, terms, frequent);
	make_feed(bench);
	view_records(bench);
	struct tw_lists *lists = open_terms(bench);
	struct tw_inside *inside = compile_bare(bench);
	if (tw_scan_scratch_create(lists, &scratch) < 0 ||
	    tw_inside_scratch_create(inside, &bare_scratch) < 0)
		exit(1);
	for (unsigned i = 0; i < rounds; i++) {
		keep_least(&best[0], time_normalise(bench, &view));
		keep_least(&best[1],
			   time_scan(bench, scratch, tw_lists_at(lists, 0), &matches[0]));
		keep_least(&best[2], time_bare(bench, inside, bare_scratch, &matches[1]));
	}
	double megabytes = (double)bench->text_bytes / 1e6;
	printf("%8u %9u %12.0f %12.0f %12.0f %10llu %10llu\n", terms, frequent,
	       megabytes / best[0], megabytes / best[1], megabytes / best[2], (unsigned long long)matches[0],
	       (unsigned long long)matches[1]);
	tw_inside_scratch_free(bare_scratch);
	tw_inside_free(inside);
	tw_scan_scratch_free(scratch);
	tw_lists_free(lists);
	tw_buffer_free(&view);
}

int main(int argc, char **argv)
{
	static const unsigned TERMS[][2] = {{200, 0}, {2000, 0}, {20000, 0}, {2000, 12}};
	struct bench bench = {.consignments = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 20000};
	unsigned rounds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 7;
	struct random random = {1};
	bench.words = calloc(VOCABULARY, sizeof(*bench.words));
	bench.terms = calloc(20000, sizeof(*bench.terms));
	bench.record_at = calloc(bench.consignments + 1u, sizeof(size_t));
	bench.view_at = calloc(bench.consignments + 1u, sizeof(size_t));
	bench.made = calloc(bench.consignments, sizeof(*bench.made));
	if (bench.words == NULL || bench.terms == NULL || bench.record_at == NULL ||
	    bench.view_at == NULL || bench.made == NULL)
		return 1;
	for (unsigned i = 0; i < VOCABULARY; i++)
		make_word(&random, bench.words[i]);
	printf("MB/s of text, best of %u rounds\n%8s %9s %12s %12s %12s %10s %10s\n", rounds, "terms", "frequent",
	       "normalise", "scan", "hyperscan", "found", "found");
	for (unsigned i = 0; i < sizeof(TERMS) / sizeof(TERMS[0]); i++)
		run(&bench, TERMS[i][0], TERMS[i][1], rounds);
	printf("%u consignments, %u texts, %.1f bytes a text\n", bench.consignments, bench.values,
	       (double)bench.text_bytes / bench.values);
	free(bench.words);
	free(bench.terms);
	free(bench.record_at);
	free(bench.view_at);
	free(bench.made);
	tw_buffer_free(&bench.records);
	tw_buffer_free(&bench.views);
	return 0;
}
