"""EUC-TW, the charset of CNS 11643, which Python has no codec for, by way of Big5, which it has.

The two standards hold the same characters in nearly the same order; the tables name the runs in which they do.
"""

from __future__ import annotations

import re
from bisect import bisect

# First place in the plane of 94 x 94, the same character's place in Big5 (rows of 157), how many follow in both.
_PLANES = {
    1: [
        (0, 0, 5),
        (6, 6, 15),
        (21, 23, 2),
        (24, 22, 1),
        (29, 29, 44),
        (73, 74, 1),
        (74, 73, 1),
        (75, 75, 22),
        (98, 98, 1),
        (100, 100, 27),
        (127, 128, 1),
        (128, 127, 1),
        (129, 129, 19),
        (148, 149, 1),
        (149, 148, 1),
        (150, 150, 4),
        (155, 21, 1),
        (156, 158, 2),
        (158, 158, 76),
        (282, 234, 29),
        (312, 264, 1),
        (314, 266, 142),
        (470, 6101, 20),
        (3290, 471, 1412),
        (4702, 1884, 424),
        (5126, 1883, 1),
        (5127, 2308, 1876),
        (7003, 4571, 1),
        (7004, 4184, 387),
        (7391, 4572, 525),
        (7916, 5286, 1),
        (7917, 5097, 105),
        (8023, 5203, 83),
        (8106, 5287, 84),
        (8190, 5517, 1),
        (8191, 5371, 54),
        (8245, 5426, 1),
        (8246, 5425, 1),
        (8247, 5427, 90),
        (8337, 5518, 354),
    ],
    2: [
        (0, 6280, 10),
        (10, 6291, 33),
        (43, 6372, 1),
        (44, 6324, 48),
        (92, 6373, 46),
        (138, 6586, 1),
        (139, 6419, 167),
        (306, 6587, 1840),
        (2146, 9074, 1),
        (2147, 8428, 108),
        (2255, 8537, 537),
        (2792, 8427, 1),
        (2793, 9075, 100),
        (2893, 8536, 1),
        (2894, 9175, 399),
        (3293, 9575, 1637),
        (4930, 11761, 1),
        (4931, 11212, 146),
        (5077, 11899, 1),
        (5078, 11358, 287),
        (5365, 12508, 1),
        (5366, 11645, 116),
        (5482, 11762, 137),
        (5619, 11900, 104),
        (5723, 12425, 1),
        (5724, 12004, 222),
        (5946, 12227, 198),
        (6144, 12426, 82),
        (6226, 12509, 86),
        (6312, 12226, 1),
        (6313, 12595, 8),
        (6321, 12604, 153),
        (6474, 12758, 56),
        (6530, 13114, 1),
        (6531, 12814, 113),
        (6644, 12603, 1),
        (6645, 12927, 142),
        (6787, 12757, 1),
        (6788, 13069, 45),
        (6833, 13115, 71),
        (6904, 13380, 1),
        (6905, 13186, 194),
        (7099, 13381, 490),
        (7589, 13914, 1),
        (7590, 13871, 43),
        (7633, 13915, 1),
        (7634, 13917, 11),
        (7645, 13916, 1),
        (7646, 13928, 4),
    ],
}  # fmt: skip
_PIECE = re.compile(rb"[\x00-\x7f]+|\x8e[\xa1-\xb0][\xa1-\xfe]{2}|[\xa1-\xfe]{2}|.", re.S)


def decode(data: bytes) -> str:
    """EUC-TW as text; U+FFFD for each character that Big5 has not, and for each byte that is none."""
    return "".join(_character(match[0]) for match in _PIECE.finditer(data))


def _character(piece: bytes) -> str:
    if piece[0] < 0x80:
        return piece.decode("ascii")
    if len(piece) == 1:
        return "\ufffd"
    plane = piece[1] - 0xA0 if len(piece) == 4 else 1
    place = (piece[-2] - 0xA1) * 94 + piece[-1] - 0xA1
    runs = _PLANES.get(plane, [])
    index = bisect(runs, place, key=lambda run: run[0]) - 1
    if index < 0 or place >= runs[index][0] + runs[index][2]:
        return "\ufffd"
    row, cell = divmod(runs[index][1] + place - runs[index][0], 157)
    return bytes((row + 0xA1, cell + (0x40 if cell < 63 else 0x62))).decode("cp950", "replace")
