#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Detectors that ask for it see a record of each message, with its totals, and nobody else notices.
exec python3 -B "$srcdir/tests/checks/message_level.py"
