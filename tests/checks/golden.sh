#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every golden feed gives the alerts it is expected to give, with evidence that stands in the feed.
exec python3 "$srcdir/tests/golden/run.py" "$srcdir"/tests/golden/*/
