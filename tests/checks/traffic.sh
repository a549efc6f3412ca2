#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Real servers and clients carry a feed in a network of their own; live and captured, all of it is found.
# The servers are Debian's, and so is the Python that has them.
for tool in unshare nsenter ip curl tcpdump nginx vsftpd; do
	command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin:/sbin
	command -v "$tool" >/dev/null || { echo "$tool is not there: not run"; exit 77; }
done
/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || { echo "aiosmtpd is not there: not run"; exit 77; }
unshare -n ip link add near type veth peer name far 2>/dev/null || { echo "a network of its own takes root and veth: not run"; exit 77; }
exec unshare -n sh -c 'ip link set lo up && exec /usr/bin/python3 -B "$srcdir/tests/network/traffic.py"'
