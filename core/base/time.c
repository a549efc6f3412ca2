/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include <math.h>
#include <time.h>

int64_t tw_time_days(int year, unsigned month, unsigned day)
{
	/* The year begins in March, so that the leap day is its last. */
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t month_of_year = (int64_t)month + (month > 2 ? -3 : 9);
	int64_t day_of_year = (153 * month_of_year + 2) / 5 + (int64_t)day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

/* Reads `count` digits at `at`; -1 where they are not all digits. */
static int digits_at(struct tw_slice text, size_t at, size_t count)
{
	int number = 0;
	for (size_t i = at; i < at + count; i++) {
		int c = tw_slice_at(text, i);
		if (c < '0' || c > '9')
			return -1;
		number = number * 10 + (c - '0');
	}
	return number;
}

struct civil {
	int year, month, day, hour, minute, second;
};

static unsigned month_length(int year, int month)
{
	static const unsigned char lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : lengths[month - 1];
}

static bool civil_time(const struct civil *c, double *ret_time)
{
	if (c->year < 1 || c->month < 1 || c->month > 12 || c->day < 1 ||
	    (unsigned)c->day > month_length(c->year, c->month) || c->hour < 0 || c->hour > 24 ||
	    c->minute < 0 || c->minute > 59 || c->second < 0 || c->second > 60 ||
	    (c->hour == 24 && c->minute + c->second > 0))
		return false;
	int64_t days = tw_time_days(c->year, (unsigned)c->month, (unsigned)c->day);
	*ret_time = (double)(days * 86400 + c->hour * 3600 + c->minute * 60 + c->second);
	return true;
}

/* ISO 9735 gives two-digit years; below 70 they are of this century. */
static int century(int year)
{
	return year < 0 ? -1 : year < 70 ? 2000 + year : 1900 + year;
}

bool tw_time_parse(struct tw_slice digits, int format, double *ret_time)
{
	static const struct { int format; unsigned length; } formats[] = {
		{101, 6}, {102, 8}, {201, 10}, {203, 12}, {204, 14},
	};
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (format != 0 ? formats[i].format != format : formats[i].length != digits.length)
			continue;
		if (formats[i].length != digits.length)
			return false;
		size_t at = digits.length == 6 || digits.length == 10 ? 2 : 4;
		int year = digits_at(digits, 0, at);
		struct civil c = {
			.year = at == 2 ? century(year) : year,
			.month = digits_at(digits, at, 2),
			.day = digits_at(digits, at + 2, 2),
			.hour = digits.length > at + 4 ? digits_at(digits, at + 4, 2) : 0,
			.minute = digits.length > at + 4 ? digits_at(digits, at + 6, 2) : 0,
			.second = digits.length > at + 8 ? digits_at(digits, at + 8, 2) : 0,
		};
		return civil_time(&c, ret_time);
	}
	return false;
}

/* Z, +01:00, -0500 or nothing: seconds to subtract; false where it is neither. */
static bool zone_seconds(struct tw_slice zone, double *ret_seconds)
{
	*ret_seconds = 0;
	if (zone.length == 0 || tw_slice_is(zone, "Z"))
		return true;
	int sign = tw_slice_at(zone, 0) == '-' ? -1 : tw_slice_at(zone, 0) == '+' ? 1 : 0;
	int hours = digits_at(zone, 1, 2);
	int minutes = digits_at(zone, tw_slice_at(zone, 3) == ':' ? 4 : 3, 2);
	size_t length = tw_slice_at(zone, 3) == ':' ? 6 : 5;
	if (sign == 0 || hours < 0 || minutes < 0 || minutes > 59 || zone.length != length)
		return false;
	*ret_seconds = sign * (hours * 3600.0 + minutes * 60.0);
	return true;
}

bool tw_time_parse_iso(struct tw_slice text, double *ret_time)
{
	struct civil c = {
		.year = digits_at(text, 0, 4),
		.month = digits_at(text, 5, 2),
		.day = digits_at(text, 8, 2),
	};
	double time = 0;
	double zone = 0;
	double fraction = 0;
	size_t at = 10;
	if (tw_slice_at(text, 4) != '-' || tw_slice_at(text, 7) != '-')
		return false;
	if (tw_slice_at(text, at) == 'T' || tw_slice_at(text, at) == ' ') {
		c.hour = digits_at(text, 11, 2);
		c.minute = tw_slice_at(text, 13) == ':' ? digits_at(text, 14, 2) : -1;
		at = 16;
		if (tw_slice_at(text, at) == ':') {
			c.second = digits_at(text, 17, 2);
			at = 19;
		}
		if (tw_slice_at(text, at) == '.') {
			double scale = 0.1;
			for (at++; digits_at(text, at, 1) >= 0; at++, scale /= 10)
				fraction += digits_at(text, at, 1) * scale;
		}
	}
	if (!zone_seconds(tw_slice_from(text, at), &zone) || !civil_time(&c, &time))
		return false;
	*ret_time = time + fraction - zone;
	return true;
}

static char *put_digits(char *to, unsigned number, unsigned count, char behind)
{
	to[count] = behind;
	for (unsigned i = count; i-- > 0; number /= 10)
		to[i] = (char)('0' + number % 10);
	return to + count + 1;
}

size_t tw_time_format(double time, char text[TW_TIME_TEXT_SIZE])
{
	text[0] = '\0';
	if (!(time > -6e10 && time < 2.5e11))
		return 0;
	double whole = floor(time);
	int micros = (int)floor((time - whole) * 1e6 + 0.5);
	int64_t seconds = (int64_t)whole + (micros == 1000000);
	micros %= 1000000;
	int64_t days = seconds / 86400 - (seconds % 86400 < 0);
	int64_t of_day = seconds - days * 86400;
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			       day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month_of_year = (5 * day_of_year + 2) / 153;
	unsigned day = (unsigned)(day_of_year - (153 * month_of_year + 2) / 5 + 1);
	unsigned month = (unsigned)(month_of_year < 10 ? month_of_year + 3 : month_of_year - 9);
	int year = (int)(year_of_era + era * 400 + (month <= 2));
	unsigned second = (unsigned)of_day;
	char *to = put_digits(text, (unsigned)year, 4, '-');
	to = put_digits(to, month, 2, '-');
	to = put_digits(to, day, 2, 'T');
	to = put_digits(to, second / 3600, 2, ':');
	to = put_digits(to, second / 60 % 60, 2, ':');
	to = put_digits(to, second % 60, 2, '.');
	to = put_digits(to, (unsigned)micros, 6, 'Z');
	*to = '\0';
	return (size_t)(to - text);
}

double tw_time_now(void)
{
	struct timespec now = {0, 0};
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return (double)NAN;
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double tw_time_elapsed(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
