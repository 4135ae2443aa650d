"""A slab ray caster in numpy, for raycast.ts: one JSON request a line, one JSON answer a line.

{"do": "load", "scenes": [{"sensor", "boxes", "ranges"}]}: "ranges" is a file with the other side's metres of every ray
(float32, 0 where nothing came back); answers the share of rays that differ by over 1 mm, "differ".
{"do": "all" | "windows"}: casts all scenes, every ray at every box or only the columns that a box can lie in; answers the
processor's milliseconds, "ms".
"""

import json
import sys
import time

import numpy as np


def rotation(pose):
    cr, sr = np.cos(pose["roll"]), np.sin(pose["roll"])
    cp, sp = np.cos(pose["pitch"]), np.sin(pose["pitch"])
    cy, sy = np.cos(pose["yaw"]), np.sin(pose["yaw"])
    z = np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1]])
    y = np.array([[cp, 0, sp], [0, 1, 0], [-sp, 0, cp]])
    return z @ y @ np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]])


def directions(sensor):
    low, high = np.radians(sensor["elevationDeg"])
    elevation = np.linspace(low, high, sensor["beams"])
    azimuth = 2 * np.pi * np.arange(sensor["azimuths"]) / sensor["azimuths"]
    rays = np.empty((3, sensor["azimuths"], sensor["beams"]))
    rays[0] = np.cos(azimuth)[:, None] * np.cos(elevation)
    rays[1] = np.sin(azimuth)[:, None] * np.cos(elevation)
    rays[2] = np.sin(elevation)
    return np.tensordot(rotation(sensor["pose"]), rays, 1)


def enter(rays, origin, box):
    """Metres to where rays (3, ...) enter a box; infinite where they pass."""
    c, s = np.cos(box["yaw"]), np.sin(box["yaw"])
    x, y, z = origin[0] - box["x"], origin[1] - box["y"], origin[2] - box["z"]
    start = (c * x + s * y, c * y - s * x, z)
    along = (c * rays[0] + s * rays[1], c * rays[1] - s * rays[0], rays[2])
    near, far = np.zeros(rays.shape[1:]), np.full(rays.shape[1:], np.inf)
    for o, d, size in zip(start, along, (box["length"], box["width"], box["height"])):
        inverse = 1 / d
        one, two = (-size / 2 - o) * inverse, (size / 2 - o) * inverse
        np.maximum(near, np.minimum(one, two), out=near)
        np.minimum(far, np.maximum(one, two), out=far)
    return np.where(near <= far, near, np.inf)


def window(sensor, box):
    """Columns that a box can lie in, from an upright sensor outside it; all of them else."""
    pose, columns = sensor["pose"], sensor["azimuths"]
    if pose["roll"] or pose["pitch"]:
        return slice(None)
    c, s = np.cos(box["yaw"]), np.sin(box["yaw"])
    half = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) * [box["length"] / 2, box["width"] / 2]
    x = box["x"] - pose["x"] + c * half[:, 0] - s * half[:, 1]
    y = box["y"] - pose["y"] + s * half[:, 0] + c * half[:, 1]
    middle = np.arctan2(box["y"] - pose["y"], box["x"] - pose["x"])
    turn = (np.arctan2(y, x) - middle + np.pi) % (2 * np.pi) - np.pi
    if turn.max() - turn.min() >= np.pi:
        return slice(None)
    first = np.ceil((middle - pose["yaw"] + turn.min()) * columns / (2 * np.pi) - 1e-6)
    last = np.floor((middle - pose["yaw"] + turn.max()) * columns / (2 * np.pi) + 1e-6)
    return np.arange(int(first), int(last) + 1) % columns


def cast(sensor, boxes, windows):
    """Points (x, y, z, intensity) and the box of each, and metres and box of every ray."""
    pose = sensor["pose"]
    origin = (pose["x"], pose["y"], pose["z"])
    rays = directions(sensor)
    metres = np.where(rays[2] < 0, -pose["z"] / rays[2], np.inf)
    metres[metres > sensor["maxRangeMeters"]] = np.inf
    hit = np.where(np.isfinite(metres), -1, -2)
    for index, box in enumerate(boxes):
        if index == sensor["except"]:
            continue
        columns = window(sensor, box) if windows else slice(None)
        found = enter(rays[:, columns], origin, box)
        nearer = (found < metres[columns]) & (found <= sensor["maxRangeMeters"])
        metres[columns] = np.where(nearer, found, metres[columns])
        hit[columns] = np.where(nearer, index, hit[columns])
    back = np.isfinite(metres)
    kept = metres[back]
    points = np.stack([*(rays[:, back] * kept), np.exp(-0.004 * kept)], 1).astype(np.float32)
    return points, hit[back], metres


def main():
    scenes = []
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "load":
            scenes = request["scenes"]
            gaps = []
            for scene in scenes:
                theirs = np.fromfile(scene["ranges"], np.float32)
                for windows in (False, True):
                    metres = cast(scene["sensor"], scene["boxes"], windows)[2].ravel()
                    gaps.append(np.abs(np.where(np.isfinite(metres), metres, 0) - theirs) > 1e-3)
            answer = {"differ": float(np.mean(np.concatenate(gaps))), "numpy": np.__version__}
        else:
            start = time.process_time()
            for scene in scenes:
                cast(scene["sensor"], scene["boxes"], request["do"] == "windows")
            answer = {"ms": 1000 * (time.process_time() - start)}
        print(json.dumps(answer), flush=True)


np.seterr(divide="ignore", invalid="ignore")
main()
