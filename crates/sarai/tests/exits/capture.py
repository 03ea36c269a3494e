#!/usr/bin/env python3
"""Writes a line of JSON for each IP packet on any interface of this network namespace, until it is told to stop by a signal.

Sends one packet of its own first, so that whoever reads knows that the capture sees what leaves.
"""
import json
import socket
import struct
import sys

ALL = 0x0003
CONTROL = ("203.0.113.9", 9)

raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"control", CONTROL)
print("ready", flush=True)
seen = set()
while True:
    frame, where = raw.recvfrom(65535)
    if frame[12:14] != b"\x08\x00":
        row = {"dev": where[0], "proto": "ether", "kind": frame[12:14].hex()}
    else:
        packet = frame[14:]
        head = (packet[0] & 15) * 4
        proto = {6: "tcp", 17: "udp"}.get(packet[9], str(packet[9]))
        ports = struct.unpack("!HH", packet[head : head + 4]) if proto in ("tcp", "udp") else (0, 0)
        row = {
            "dev": where[0],
            "proto": proto,
            "from": socket.inet_ntoa(packet[12:16]),
            "to": socket.inet_ntoa(packet[16:20]),
            "from_port": ports[0],
            "to_port": ports[1],
        }
    line = json.dumps(row, sort_keys=True)
    # A flow is told once: a day has millions of packets.
    if line not in seen:
        seen.add(line)
        print(line, flush=True)
        sys.stdout.flush()
