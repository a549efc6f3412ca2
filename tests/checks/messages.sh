#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every message type: cut anywhere, fed in pieces of any size.
exec python3 -B "$srcdir/tests/checks/messages.py"
