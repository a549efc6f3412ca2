# SPDX-License-Identifier: Apache-2.0
"""Captures made by the project: TCP conversations as pcap files.

A Flow gives packets (bytes of Ethernet frames) in order; what happens to them on the
way (reordering, loss, duplicates, fragments, tags) is done by functions over the list.
Headers follow RFC 791, 8200 and 9293; checksums are computed.
"""
import ipaddress
import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
START = 1795168800.0  # 2026-11-20T10:00:00Z
ETHERNET = 1


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Packet:
    """Addresses, the transport segment and how it is to be framed."""

    def __init__(self, source, destination, segment, vlan=()):
        self.source = ipaddress.ip_address(source)
        self.destination = ipaddress.ip_address(destination)
        self.segment = segment
        self.vlan = tuple(vlan)
        self.identification = 0
        self.piece = None  # (offset, more) of a fragment

    def copy(self, **changes):
        other = Packet(self.source, self.destination, self.segment, self.vlan)
        other.identification, other.piece = self.identification, self.piece
        for name, value in changes.items():
            setattr(other, name, value)
        return other

    def ip(self):
        if self.source.version == 6:
            return struct.pack(">IHBB", 6 << 28, len(self.segment), 6, 64) + self.source.packed + \
                self.destination.packed + self.segment
        offset, more = self.piece or (0, False)
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(self.segment), self.identification,
                           offset // 8 | (0x2000 if more else 0), 64, 6, 0)
        head += self.source.packed + self.destination.packed
        return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + self.segment

    def frame(self):
        head = bytes.fromhex("020000000002020000000001")
        for i, tag in enumerate(self.vlan):
            outer = i + 1 < len(self.vlan)
            head += struct.pack(">HH", 0x88A8 if outer else 0x8100, tag)
        return head + struct.pack(">H", 0x0800 if self.source.version == 4 else 0x86DD) + self.ip()


def summed(packet, segment):
    """The segment with its checksum (RFC 9293, section 3.1; RFC 8200, section 8.1)."""
    pseudo = packet.source.packed + packet.destination.packed
    if packet.source.version == 4:
        pseudo += struct.pack(">BBH", 0, 6, len(segment))
    else:
        pseudo += struct.pack(">II", len(segment), 6)
    return segment[:16] + struct.pack(">H", checksum(pseudo + segment[:16] + bytes(2) + segment[18:])) + segment[18:]


class Flow:
    """A TCP connection between client and server; packets in the order they were sent."""

    def __init__(self, client=("10.1.0.1", 40001), server=("10.2.0.1", 5000), vlan=(), size=1400,
                 handshake=True):
        self.ends = (client, server)
        self.numbers = [1000, 5000]  # next sequence number of client, server
        self.vlan = vlan
        self.size = size
        self.packets = []
        if handshake:
            self.send(0, b"", SYN)
            self.send(1, b"", SYN | ACK)
            self.send(0, b"", ACK)
        else:
            self.numbers = [0x7FFF0000, 0x12345678]

    def send(self, who, data, flags):
        (source, sport), (destination, dport) = self.ends[who], self.ends[1 - who]
        head = struct.pack(">HHIIBBHHH", sport, dport, self.numbers[who] & 0xFFFFFFFF,
                           self.numbers[1 - who] & 0xFFFFFFFF if flags & ACK else 0, 5 << 4, flags,
                           65535, 0, 0)
        packet = Packet(source, destination, b"", self.vlan)
        packet.segment = summed(packet, head + data)
        self.numbers[who] += len(data) + (1 if flags & (SYN | FIN) else 0)
        self.packets.append(packet)

    def say(self, who, data):
        """Data in segments, each acknowledged."""
        for i in range(0, len(data), self.size):
            self.send(who, data[i:i + self.size], ACK | PSH)
            self.send(1 - who, b"", ACK)
        return self

    def close(self):
        self.send(0, b"", FIN | ACK)
        self.send(1, b"", FIN | ACK)
        self.send(0, b"", ACK)
        return self.packets

    def reset(self):
        self.send(0, b"", RST)
        return self.packets


def payload(packet):
    return packet.segment[20:]


def overlapped(packets):
    """In front of each segment of data one more, from the middle of the one before in its direction to its own middle."""
    out, before = [], {}
    for packet in packets:
        data, last = payload(packet), before.get(packet.source)
        sequence = struct.unpack(">I", packet.segment[4:8])[0]
        if data and last and sequence == (last[0] + len(last[1])) & 0xFFFFFFFF:
            half = len(last[1]) // 2
            head = packet.segment[:4] + struct.pack(">I", (last[0] + half) & 0xFFFFFFFF) + packet.segment[8:20]
            out.append(packet.copy(segment=summed(packet, head + last[1][half:] + data[:len(data) // 2])))
        out.append(packet)
        if data:
            before[packet.source] = (sequence, data)
    return out


def fragments(packet, size=512):
    """An IPv4 packet in pieces (RFC 791, section 3.2)."""
    data = packet.segment
    if len(data) <= size or packet.source.version == 6:
        return [packet]
    identification = checksum(data[:24]) or 1
    return [packet.copy(segment=data[i:i + size], identification=identification,
                        piece=(i, i + size < len(data))) for i in range(0, len(data), size)]


def tunnelled(packet, outer=("192.0.2.1", "192.0.2.2"), identification=0, size=1480):
    """Frames of the packet in IPv4 in IPv4 (RFC 2003), the outer one in fragments of so many bytes."""
    inner = packet.ip()
    frames = []
    for i in range(0, len(inner), size):
        more = 0x2000 if i + size < len(inner) else 0
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(inner[i:i + size]), identification, i // 8 | more, 64, 4, 0)
        head += ipaddress.ip_address(outer[0]).packed + ipaddress.ip_address(outer[1]).packed
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        frames.append(bytes.fromhex("020000000002 020000000001 0800") + head + inner[i:i + size])
    return frames


def interleave(flows):
    """One packet of each in turn."""
    mixed, queues = [], [list(flow) for flow in flows]
    while any(queues):
        for queue in queues:
            if queue:
                mixed.append(queue.pop(0))
    return mixed


def write_pcap(path, packets, start=START, step=0.001):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, ETHERNET))
        for i, packet in enumerate(packets):
            bytes_ = packet.frame() if isinstance(packet, Packet) else packet
            time = start + i * step
            file.write(struct.pack("<IIII", int(time), int(round(time % 1 * 1e6)) % 1000000,
                                   len(bytes_), len(bytes_)) + bytes_)


def block(kind, body):
    """A block of a pcapng (draft-ietf-opsawg-pcapng, section 3.1)."""
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def write_pcapng(path, packets, links=(ETHERNET,), dropped=0, start=START, step=0.001):
    """Frames in turn from interfaces of these link types, Ethernet or raw IP (101); what the system dropped, of the first."""
    with open(path, "wb") as file:
        file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        for link in links:
            file.write(block(1, struct.pack("<HHI", link, 0, 0)))
        for i, packet in enumerate(packets):
            bytes_ = packet.frame() if links[i % len(links)] == ETHERNET else packet.ip()
            time = int((start + i * step) * 1e6)
            file.write(block(6, struct.pack("<IIIII", i % len(links), time >> 32, time & 0xFFFFFFFF, len(bytes_), len(bytes_)) + bytes_))
        file.write(block(5, struct.pack("<IIIHHQI", 0, 0, 0, 7, 8, dropped, 0)))
