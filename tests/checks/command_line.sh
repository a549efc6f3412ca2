#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Options, settings, listings, exit statuses, masking of personal data.
exec python3 -B "$srcdir/tests/checks/command_line.py"
