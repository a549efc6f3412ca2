/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_CONFIG_REFERENCE_H
#define TW_CONFIG_REFERENCE_H

#include "base/buffer.h"

/*
 * The configuration reference as Markdown, a table for each section, made from
 * the table the program itself reads (config/settings.def): the manual cannot
 * name a setting that does not exist. Stateless, any thread.
 */
void tw_config_reference(struct tw_buffer *out);

#endif
