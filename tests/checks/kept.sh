#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The packets of flows that alert are kept, and replay to the same alerts.
exec python3 -B "$srcdir/tests/network/kept.py"
