#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The example feeds as mails and in S/MIME raise the alerts they raise as they are.
exec python3 -B "$srcdir/tests/checks/mail.py"
