/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/partners.h"

#include <stdlib.h>

#include "text/charset.h"

struct tw_partner {
	const char *sender, *charset;
};

void tw_partners_free(struct tw_partners *partners)
{
	free(partners->text);
	free(partners->rows);
	*partners = (struct tw_partners){.text = NULL};
}

static char *trim(char *word)
{
	char *end = word + strlen(word);
	while (*word == ' ' || *word == '\t')
		word++;
	while (end > word && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	return word;
}

static bool known_charset(const char *name)
{
	struct tw_charset_converter *converter = NULL;
	if (name[0] == '\0' || tw_charset_open(name, &converter) < 0)
		return false;
	tw_charset_close(converter);
	return true;
}

static int read_row(char *part, struct tw_partner *ret_row, struct tw_buffer *problem)
{
	char *equals = strchr(part, '=');
	if (equals == NULL) {
		tw_buffer_printf(problem, "\"%s\" is no SENDER=CHARSET", trim(part));
		return TW_ERROR_INVALID;
	}
	*equals = '\0';
	struct tw_partner row = {trim(part), trim(equals + 1)};
	if (row.sender[0] == '\0') {
		tw_buffer_printf(problem, "no sender before \"=%s\"; * is any", row.charset);
		return TW_ERROR_INVALID;
	}
	if (!known_charset(row.charset)) {
		tw_buffer_printf(problem, "\"%s\" (of %s) is no character set that iconv knows; "
				 "iconv -l lists them", row.charset, row.sender);
		return TW_ERROR_INVALID;
	}
	*ret_row = row;
	return TW_OK;
}

static unsigned count_parts(const char *setting)
{
	unsigned count = 1;
	for (; *setting != '\0'; setting++)
		count += *setting == ',';
	return count;
}

int tw_partners_read(const char *setting, struct tw_partners *ret_partners,
		     struct tw_buffer *problem)
{
	struct tw_partners partners = {.text = strdup(setting)};
	partners.rows = calloc(count_parts(setting), sizeof(*partners.rows));
	int status = partners.text == NULL || partners.rows == NULL ? TW_ERROR_MEMORY : TW_OK;
	char *rest = partners.text;
	while (status == TW_OK && rest != NULL) {
		char *part = rest;
		rest = strchr(part, ',');
		if (rest != NULL)
			*rest++ = '\0';
		if (trim(part)[0] == '\0')
			continue;
		status = read_row(part, &partners.rows[partners.count], problem);
		partners.count += status == TW_OK;
	}
	if (status < 0)
		tw_partners_free(&partners);
	else
		*ret_partners = partners;
	return status;
}

/* By the whole identification, or by its first component. */
static bool is_sender(struct tw_slice listed, struct tw_slice sender)
{
	return tw_slice_starts(sender, listed) &&
	       (sender.length == listed.length || tw_slice_at(sender, listed.length) == ':');
}

const char *tw_partners_charset(const struct tw_partners *partners, struct tw_slice sender)
{
	for (unsigned i = 0; i < partners->count; i++) {
		const struct tw_partner *row = &partners->rows[i];
		if (strcmp(row->sender, "*") == 0 ||
		    is_sender(tw_slice_string(row->sender), sender))
			return row->charset;
	}
	return NULL;
}
