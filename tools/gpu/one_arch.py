"""Empties the machine code of all GPU architectures but one in a library: python one_arch.py LIBRARY CAPABILITY TARGET

Sizes and offsets stay, so that it still loads; what is empty packs to nothing. A fat binary is a header (magic, version, header size,
size) and entries (kind, ..., header size, size, ..., architecture); see cuobjdump."""
import collections, struct, subprocess, sys

MAGIC = 0xBA55ED50
source, keep, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
sections = {}
for line in subprocess.run(["readelf", "-SW", source], capture_output=True, text=True, check=True).stdout.splitlines():
    part = line.replace("[ ", "[").split()
    if len(part) > 6 and part[0][1:-1].isdigit():
        sections[part[1]] = (int(part[4], 16), int(part[5], 16))
data, kept, emptied = bytearray(open(source, "rb").read()), 0, collections.Counter()
for name in (".nv_fatbin", "__nv_relfatbin"):
    start, size = sections.get(name, (0, 0))
    at = start
    while at < start + size - 16:
        magic, _, header, length = struct.unpack_from("<IHHQ", data, at)
        if magic != MAGIC:
            at += 8
            continue
        entry, end = at + header, at + header + length
        while entry < end:
            _, _, head, body, _, _, _, _, architecture = struct.unpack_from("<HHIQIIHHI", data, entry)
            if head == 0:
                break
            if architecture == keep:
                kept += body
            else:
                emptied[architecture] += body
                data[entry + head:entry + head + body] = bytes(body)
            entry += head + body
        at = end
open(target, "wb").write(data)
print(f"kept {kept >> 20} MiB of {keep}, emptied", {a: f"{n >> 20} MiB" for a, n in sorted(emptied.items())})
