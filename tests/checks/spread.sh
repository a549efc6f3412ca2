#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Captures of many flows are spread over threads, and what is written is the same bytes.
exec python3 -B "$srcdir/tests/network/spread.py"
