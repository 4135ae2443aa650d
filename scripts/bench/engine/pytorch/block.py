"""Twin of ../networks/transformer-block.ts."""
import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    """Self-attention with one product for queries, keys and values, as Swin's and GPT's own code has it."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.scale = (width // heads) ** -0.5
        self.qkv = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)

    def forward(self, x, bias=None):
        batch, tokens, width = x.shape
        qkv = self.qkv(x).reshape(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        query, key, value = qkv.unbind(0)
        scores = (query * self.scale) @ key.transpose(-2, -1)
        if bias is not None:
            groups = bias.shape[0]
            scores = (scores.view(batch // groups, groups, *scores.shape[1:]) + bias).view(scores.shape)
        mixed = torch.softmax(scores, -1) @ value
        return self.output(mixed.transpose(1, 2).reshape(batch, tokens, width))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.widen = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)

    def forward(self, x, attend=None):
        normalised = self.norm1(x)
        x = x + (attend(self.attention, normalised) if attend else self.attention(normalised))
        return x + self.narrow(F.gelu(self.widen(self.norm2(x)), approximate="tanh"))
