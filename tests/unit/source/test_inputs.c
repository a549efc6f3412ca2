/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/source.h"

/* Works in a folder of its own, so that paths in the tests are relative and short. */
static int set_up(void **state)
{
	char *folder = strdup("/tmp/tw_inputs_XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	*state = folder;
	return 0;
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *at)
{
	(void)facts;
	(void)kind;
	(void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	assert_int_equal(chdir("/"), 0);
	nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return 0;
}

static void make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
}

static void make_folder(const char *path)
{
	assert_int_equal(mkdir(path, 0700), 0);
}

static void make_link(const char *to, const char *path)
{
	assert_int_equal(symlink(to, path), 0);
}

/* The inputs are these, in this order; so are the problems' lines. */
static void assert_inputs(const char *const *arguments, const char *const *expected,
			  const char *expected_problems)
{
	struct tw_inputs inputs = {0};
	struct tw_buffer problems = {0};
	int count = 0;
	int lines = 0;
	for (; *arguments != NULL; arguments++) {
		int found = tw_inputs_add(&inputs, *arguments, &problems);
		assert_true(found >= 0);
		count += found;
	}
	for (unsigned i = 0; i < inputs.count; i++) {
		assert_non_null(expected[i]);
		assert_string_equal(inputs.paths[i], expected[i]);
	}
	assert_null(expected[inputs.count]);
	tw_buffer_append_byte(&problems, '\0');
	assert_string_equal(problems.data, expected_problems);
	for (size_t i = 0; i < problems.length; i++)
		lines += problems.data[i] == '\n';
	assert_int_equal(lines, count);
	tw_inputs_free(&inputs);
	tw_buffer_free(&problems);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
static const char *const NONE[] = {NULL};

static void test_order(void **state)
{
	(void)state;
	make_folder("f");
	make_folder("f/a");
	make_folder("f/a/deep");
	make_folder("f/empty");
	make_file("f/b");
	make_file("f/B");
	make_file("f/a.edi");
	make_file("f/a/2");
	make_file("f/a/10");
	make_file("f/a/deep/x");
	make_file("f/\xc3\xa9");
	/* byte order: '.' is 0x2e, '/' 0x2f, digits, capitals, small letters, then UTF-8 */
	assert_inputs(LIST("f"),
		      LIST("f/B", "f/a.edi", "f/a/10", "f/a/2", "f/a/deep/x", "f/b", "f/\xc3\xa9"),
		      "");
	assert_inputs(LIST("f/a/"), LIST("f/a/10", "f/a/2", "f/a/deep/x"), "");
	/* arguments keep their order, also twice */
	assert_inputs(LIST("f/b", "-", "f/a/deep", "f/B", "f/b"),
		      LIST("f/b", "-", "f/a/deep/x", "f/B", "f/b"), "");
	assert_inputs(LIST("f/empty"), NONE, "");
}

static void test_hidden(void **state)
{
	(void)state;
	make_folder("f");
	make_folder("f/.git");
	make_file("f/.git/x");
	make_file("f/.hidden");
	make_file("f/shown");
	make_file("f/#tmp");
	assert_inputs(LIST("f"), LIST("f/#tmp", "f/shown"), "");
	/* what is named is meant */
	assert_inputs(LIST("f/.hidden", "f/.git"), LIST("f/.hidden", "f/.git/x"), "");
}

static void test_links(void **state)
{
	(void)state;
	make_folder("outside");
	make_file("outside/o");
	make_folder("f");
	make_folder("f/real");
	make_file("f/real/x");
	make_link("real/x", "f/link");
	make_link("../outside", "f/more");
	make_link("real", "f/again"); /* sorts before "real", which is read as itself */
	make_link(".", "f/loop");
	make_link("..", "f/real/up");
	make_link("../../outside", "f/real/twice");
	make_link("self", "f/self");
	make_link("nowhere", "f/broken");
	assert_inputs(LIST("f"), LIST("f/link", "f/more/o", "f/real/x"),
		      "f/broken: No such file or directory\n"
		      "f/self: Too many levels of symbolic links\n");
	/* a link given as the argument is a folder like any other */
	assert_inputs(LIST("f/more"), LIST("f/more/o"), "");
}

/* Folders linked to each other many times over: each is read once, at once. */
static void test_many_ways(void **state)
{
	(void)state;
	char path[64];
	char target[64];
	make_folder("f");
	for (unsigned i = 0; i < 30; i++) {
		snprintf(path, sizeof(path), "f/d%02u", i);
		make_folder(path);
		snprintf(path, sizeof(path), "f/d%02u/file", i);
		make_file(path);
		snprintf(target, sizeof(target), "../d%02u", (i + 1) % 30);
		snprintf(path, sizeof(path), "f/d%02u/one", i);
		make_link(target, path);
		snprintf(path, sizeof(path), "f/d%02u/two", i);
		make_link(target, path);
	}
	struct tw_inputs inputs = {0};
	struct tw_buffer problems = {0};
	assert_int_equal(tw_inputs_add(&inputs, "f", &problems), 0);
	assert_int_equal(inputs.count, 30);
	assert_string_equal(inputs.paths[29], "f/d29/file");
	tw_inputs_free(&inputs);
	tw_buffer_free(&problems);
}

static void test_other_kinds(void **state)
{
	(void)state;
	make_folder("f");
	make_file("f/a");
	assert_int_equal(mkfifo("f/fifo", 0600), 0);
	make_link("/dev/null", "f/null");
	/* in a folder a FIFO would only make the run wait; named, it is meant */
	assert_inputs(LIST("f"), LIST("f/a"),
		      "f/fifo: neither a file nor a folder\n"
		      "f/null: neither a file nor a folder\n");
	assert_inputs(LIST("f/fifo", "/dev/stdin"), LIST("f/fifo", "/dev/stdin"), "");
	assert_inputs(LIST("/dev/null", "missing", "f/a/b"), NONE,
		      "/dev/null: neither a file nor a folder\n"
		      "missing: No such file or directory\n"
		      "f/a/b: Not a directory\n");
	assert_inputs(LIST("no\nsuch"), NONE, "no\\nsuch: No such file or directory\n");
}

/* Root may read everything, so it becomes "nobody" for a while. */
static bool drop_rights(void)
{
	return geteuid() != 0 || setresuid(65534, 65534, 0) == 0;
}

static void regain_rights(void)
{
	uid_t real = 0;
	uid_t effective = 0;
	uid_t saved = 0;
	assert_int_equal(getresuid(&real, &effective, &saved), 0);
	if (saved != effective)
		assert_int_equal(setresuid(saved, saved, saved), 0);
	prctl(PR_SET_DUMPABLE, 1); /* or the leak check cannot look at us */
}

static void test_forbidden(void **state)
{
	make_folder("f");
	make_file("f/a");
	make_file("f/b");
	make_folder("f/c");
	chmod(*state, 0755);
	chmod("f", 0755);
	chmod("f/a", 0);
	chmod("f/b", 0644);
	chmod("f/c", 0);
	if (!drop_rights())
		skip();
	assert_inputs(LIST("f", "f/a"), LIST("f/b"),
		      "f/a: Permission denied\n"
		      "f/c: Permission denied\n"
		      "f/a: Permission denied\n");
	regain_rights();
	chmod("f/c", 0700);
}

static void test_push(void **state)
{
	(void)state;
	struct tw_inputs inputs = {0};
	char path[32];
	for (unsigned i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "missing %u", i);
		assert_int_equal(tw_inputs_push(&inputs, path), TW_OK);
	}
	assert_int_equal(inputs.count, 100);
	assert_string_equal(inputs.paths[99], "missing 99");
	tw_inputs_free(&inputs);
	assert_int_equal(inputs.count, 0);
	tw_inputs_free(&inputs);
	tw_inputs_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hidden, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_links, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_many_ways, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_other_kinds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_forbidden, set_up, tear_down),
		cmocka_unit_test(test_push),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
