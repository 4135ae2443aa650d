"""Twin of ../networks/swin.ts."""
import torch
from torch import nn
from torch.nn import functional as F

from block import Block

MIRRORED = False
WINDOW = 2
TOKENS = WINDOW * WINDOW
OUTPUTS = 48


class Bias(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.table = nn.Parameter(torch.zeros((2 * WINDOW - 1) ** 2, heads))

    def forward(self, pairs):
        return self.table[pairs].view(TOKENS, TOKENS, -1).permute(2, 0, 1)


class SwinBlock(nn.Module):
    def __init__(self, side, width, heads, shift):
        super().__init__()
        self.side, self.shift = side, shift
        self.block = Block(width, heads)
        self.bias = Bias(heads)

    def forward(self, x, pairs, mask):
        bias = self.bias(pairs).unsqueeze(0)
        if self.shift:
            bias = bias + mask.unsqueeze(1)
        return self.block(x, lambda attention, tokens: self.attend(attention, tokens, bias))

    def attend(self, attention, tokens, bias):
        batch, _, width = tokens.shape
        across = self.side // WINDOW
        x = tokens.view(batch, self.side, self.side, width)
        if self.shift:
            x = torch.roll(x, (-self.shift, -self.shift), (1, 2))
        windows = x.view(batch, across, WINDOW, across, WINDOW, width).permute(0, 1, 3, 2, 4, 5)
        mixed = attention(windows.reshape(-1, TOKENS, width), bias)
        x = mixed.view(batch, across, across, WINDOW, WINDOW, width).permute(0, 1, 3, 2, 4, 5)
        x = x.reshape(batch, self.side, self.side, width)
        if self.shift:
            x = torch.roll(x, (self.shift, self.shift), (1, 2))
        return x.reshape(batch, self.side**2, width)


class Merge(nn.Module):
    def __init__(self, width, outputs):
        super().__init__()
        self.norm = nn.LayerNorm(4 * width)
        self.reduce = nn.Linear(4 * width, outputs)

    def forward(self, x, side):
        grid = x.view(x.shape[0], side, side, -1)
        parts = [grid[:, row::2, column::2] for row in (0, 1) for column in (0, 1)]
        return self.reduce(self.norm(torch.cat(parts, -1).flatten(1, 2)))


class Stage(nn.Module):
    def __init__(self, side, width, depth, heads, merge=None):
        super().__init__()
        self.side = side
        self.merge = merge
        self.blocks = nn.ModuleDict(
            {f"block{n}": SwinBlock(side, width, heads, shift=n % 2 * (WINDOW // 2)) for n in range(depth)}
        )

    def forward(self, x, pairs, mask):
        if self.merge:
            x = self.merge(x, 2 * self.side)
        for block in self.blocks.values():
            x = block(x, pairs, mask)
        return x


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Conv2d(3, 128, 2, 2)
        self.stage0 = Stage(16, 128, depth=2, heads=4)
        self.stage1 = Stage(8, 256, depth=4, heads=8, merge=Merge(128, 256))
        self.norm = nn.LayerNorm(256)
        self.head = nn.Linear(256, OUTPUTS)

    def forward(self, pictures, pairs, mask0, mask1):
        x = self.embed(pictures).flatten(2).transpose(1, 2)
        x = self.stage1(self.stage0(x, pairs, mask0), pairs, mask1)
        return self.head(self.norm(x))


def prepare(inputs):
    pictures = inputs["pictures"].permute(0, 3, 1, 2).contiguous()
    return {
        "inputs": (pictures, inputs["pairs"].long(), inputs["mask0"], inputs["mask1"]),
        "target": inputs["target"],
    }


def loss(model, data):
    return F.mse_loss(model(*data["inputs"]), data["target"])
