"""Twin of ../networks/feedback.ts."""
from collections import OrderedDict

from torch import nn
from torch.nn import functional as F

from block import Block

MIRRORED = False
VALUES, WIDTH, LAYERS, CLASSES = 19, 32, 3, 8


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [VALUES, 96, 96, WIDTH]
        self.extract = nn.ModuleDict({f"layer{n}": nn.Linear(sizes[n], sizes[n + 1]) for n in range(3)})
        self.blocks = nn.Sequential(OrderedDict((f"block{n}", Block(WIDTH, heads=1)) for n in range(LAYERS)))
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, blocks, positions):
        x = F.gelu(self.extract["layer0"](blocks), approximate="tanh")
        x = self.extract["layer2"](F.gelu(self.extract["layer1"](x), approximate="tanh"))
        return self.head(self.norm(self.blocks(x * WIDTH**0.5 + positions)))


def prepare(inputs):
    labels = inputs["messages"].argmax(-1).flatten()
    return {"inputs": (inputs["blocks"], inputs["positions"]), "labels": labels}


def loss(model, data):
    return F.cross_entropy(model(*data["inputs"]).view(-1, CLASSES), data["labels"])
