#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One consignment with very many goods items takes about as long as the same goods in many consignments.
exec python3 -B "$srcdir/tests/checks/many_items.py"
