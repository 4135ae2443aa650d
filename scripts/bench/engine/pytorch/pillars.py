"""Twin of ../networks/pillars.ts."""
import torch
from torch import nn
from torch.nn import functional as F

from sample import mirror

MIRRORED = True
FRAMES, GRID, VALUES, WIDTH, BOX_VALUES = 8, 64, 9, 32, 6
LEVELS = [32, 64, 64]


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.point = nn.Linear(VALUES, WIDTH)
        self.backbone, self.lift = nn.ModuleDict(), nn.ModuleDict()
        inputs = WIDTH
        for n, outputs in enumerate(LEVELS):
            self.backbone[f"down{n}"] = nn.Conv2d(inputs, outputs, 3, 2, padding=1)
            self.backbone[f"same{n}"] = nn.Conv2d(outputs, outputs, 3, padding=1)
            self.lift[f"level{n}"] = nn.ConvTranspose2d(outputs, WIDTH, 2**n, 2**n)
            inputs = outputs
        self.neck = nn.Conv2d(len(LEVELS) * WIDTH, WIDTH, 3, padding=1)
        self.heat = nn.Conv2d(WIDTH, 1, 1)
        self.boxes = nn.Conv2d(WIDTH, BOX_VALUES, 1)

    def forward(self, points, cells):
        x = self.scatter(points, cells)
        lifted = []
        for n in range(len(LEVELS)):
            x = F.relu(self.backbone[f"same{n}"](F.relu(self.backbone[f"down{n}"](x))))
            lifted.append(F.relu(self.lift[f"level{n}"](x)))
        neck = F.relu(self.neck(torch.cat(lifted, 1)))
        return self.heat(neck), self.boxes(neck)

    def scatter(self, points, cells):
        features = F.relu(self.point(points)).amax(1)
        grid = features.new_zeros(FRAMES * GRID * GRID, WIDTH)
        grid[cells] = features
        return grid.view(FRAMES, GRID, GRID, WIDTH).permute(0, 3, 1, 2).contiguous()


def prepare(inputs):
    cells = inputs["cells"].long()
    frame, cell = cells // GRID**2, cells % GRID**2
    heat, boxes = (mirror(inputs[name]).permute(0, 3, 1, 2).contiguous() for name in ("heat", "boxes"))
    mirrored = frame * GRID**2 + GRID**2 - 1 - cell
    return {"inputs": (inputs["points"], mirrored), "heat": heat, "boxes": boxes}


def loss(model, data):
    logits, boxes = model(*data["inputs"])
    return F.binary_cross_entropy_with_logits(logits, data["heat"]) + F.l1_loss(boxes, data["boxes"])
