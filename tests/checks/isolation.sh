#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A plugin that crashes, ends the process, loops or eats memory costs its own findings on that consignment.
exec python3 -B "$srcdir/tests/checks/isolation.py"
