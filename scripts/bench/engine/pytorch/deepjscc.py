"""Twin of ../networks/deepjscc.ts."""
from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional as F

from sample import mirror

MIRRORED = True


class Layer(nn.Module):
    def __init__(self, conv, slope):
        super().__init__()
        self.conv = conv
        self.slope = nn.PReLU(conv.out_channels) if slope else nn.Identity()

    def forward(self, x):
        return self.slope(self.conv(x))


def down(i, o, stride):
    return nn.Conv2d(i, o, 5, stride, padding=2)


def up(i, o, stride):
    return nn.ConvTranspose2d(i, o, 5, stride, padding=2, output_padding=stride - 1)


def stack(make, shapes):
    last = len(shapes) - 1
    return nn.Sequential(
        OrderedDict((f"layer{n}", Layer(make(*shape), slope=n < last)) for n, shape in enumerate(shapes))
    )


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = stack(down, [(3, 16, 2), (16, 32, 2), (32, 32, 1), (32, 32, 1), (32, 16, 1)])
        self.decoder = stack(up, [(16, 32, 1), (32, 32, 1), (32, 32, 1), (32, 16, 2), (16, 3, 2)])

    def forward(self, pictures):
        return torch.sigmoid(self.decoder(self.encoder(pictures)))


def prepare(inputs):
    return {"inputs": (mirror(inputs["pictures"]).permute(0, 3, 1, 2).contiguous(),)}


def loss(model, data):
    return F.mse_loss(model(*data["inputs"]), data["inputs"][0])
