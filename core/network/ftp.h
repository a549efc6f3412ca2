/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TW_NETWORK_FTP_H
#define TW_NETWORK_FTP_H

#include "network/stream.h"

/*
 * What one segment of an FTP control connection says to somebody who does not follow it: that a
 * connection to another address is to come (RFC 959: PORT and the answer 227; RFC 2428: EPRT). Keeps nothing; any thread
 * may call it.
 *
 * Weakness: the line must stand whole at the front of its segment, as clients and servers send it.
 */

/* The address and the port at which the data connection will be; false: it announces none. */
bool tw_ftp_announces(struct tw_slice segment, struct tw_address *ret_address, uint16_t *ret_port);

#endif
