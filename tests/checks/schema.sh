#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every event of every sample is what core/output/events.schema.json says, and the program prints that schema.
python3 -W ignore -c 'import jsonschema' 2>/dev/null || { echo "python3-jsonschema is not installed"; exit 77; }
exec python3 -B "$srcdir/tests/checks/schema.py"
