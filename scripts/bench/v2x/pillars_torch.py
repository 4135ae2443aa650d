"""The pillar network of lib/v2x/pillars in PyTorch, for pillars.ts: one JSON request a line, one JSON answer a line.

{"do": "load", "file"} answers {"difference"}; {"do": "run", "layout"} answers {"ms"}.
"""

import json
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parent.parent / "engine" / "pytorch"))
from sample import load_parameters, mirror, read_sample  # noqa: E402

CELLS, FINE, COARSE, CHANNELS, POINTS, VALUES, OUTPUTS = 100, 32, 48, 16, 8, 15, 9


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.point = nn.Linear(VALUES, FINE)
        self.down0 = nn.Conv2d(FINE, FINE, 3, 2, padding=1)
        self.same0 = nn.Conv2d(FINE, FINE, 3, padding=1)
        self.down1 = nn.Conv2d(FINE, COARSE, 3, 2, padding=1)
        self.same1 = nn.Conv2d(COARSE, COARSE, 3, padding=1)
        self.lift = nn.ConvTranspose2d(COARSE, FINE, 2, 2)
        self.neck = nn.Conv2d(FINE, CHANNELS, 3, padding=1)
        self.head = nn.Conv2d(CHANNELS, FINE, 3, padding=1)
        self.outputs = nn.Conv2d(FINE, OUTPUTS, 1)

    def forward(self, points, cells):
        pillars = F.relu(self.point(points)).amax(1)
        picture = pillars.new_zeros(CELLS * CELLS, FINE)
        picture[cells] = pillars
        x = picture.view(1, CELLS, CELLS, FINE).permute(0, 3, 1, 2)
        x = x if self.last else x.contiguous()
        near = F.relu(self.same0(F.relu(self.down0(x))))
        wide = F.relu(self.same1(F.relu(self.down1(near))))
        neck = F.relu(self.neck(F.relu(near + self.lift(wide))))
        return self.outputs(F.relu(self.head(neck)))


def build(weights, last):
    model = Model().eval()
    model.last = last
    load_parameters(model, weights, mirrored=True)
    return model.to(memory_format=torch.channels_last) if last else model


def load(path):
    weights, inputs = read_sample(path)
    sources = inputs["sources"].long()
    cells = torch.nonzero(sources).flatten()
    cells = cells[torch.argsort(sources[cells])]
    points = inputs["values"].view(-1, POINTS, VALUES)[: len(cells)].contiguous()
    models = {"contiguous": build(weights, False), "channels_last": build(weights, True)}
    given = (points, CELLS * CELLS - 1 - cells)
    with torch.inference_mode():
        found = mirror(models["contiguous"](*given).permute(0, 2, 3, 1)).flatten()
    return models, given, (found - inputs["output"]).abs().max().item()


def main():
    torch.set_num_threads(1)
    models = given = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "load":
            models, given, difference = load(request["file"])
            answer = {"difference": difference}
        else:
            with torch.inference_mode():
                start = time.perf_counter()
                models[request["layout"]](*given)
                answer = {"ms": 1000 * (time.perf_counter() - start)}
        print(json.dumps(answer), flush=True)


main()
