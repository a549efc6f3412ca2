/* SPDX-License-Identifier: Apache-2.0 */
/* Bad on purpose: a module that does not export what a plugin must. */
#include "tidewaiter/export.h"

TW_EXPORT int bad_symbol_LTX_something_else(void);
int bad_symbol_LTX_something_else(void)
{
	return 0;
}
