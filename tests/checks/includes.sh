#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Who may include whom; and the check itself, which must notice every broken rule.
sh "$srcdir/tests/check_includes.sh" && sh "$srcdir/tests/check_includes.sh" --self-test
