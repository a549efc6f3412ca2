#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the Cargo-IMP parser and its maps make of messages: real bytes to the model.
exec python3 -B "$srcdir/tests/checks/cargo_imp.py"
