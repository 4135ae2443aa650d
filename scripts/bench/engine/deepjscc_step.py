"""One DeepJSCC training step (see deepjscc-step.ts) in PyTorch: prints milliseconds a step, one line each.

usage: deepjscc_step.py THREADS STEPS
"""
import sys
import time

import torch
from torch import nn

threads, steps = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(1)


def down(i, o, stride):
    return [nn.Conv2d(i, o, 5, stride, padding=2), nn.PReLU(o)]


def up(i, o, stride):
    return [nn.ConvTranspose2d(i, o, 5, stride, padding=2, output_padding=stride - 1), nn.PReLU(o)]


encoder = down(3, 16, 2) + down(16, 32, 2) + down(32, 32, 1) + down(32, 32, 1) + [nn.Conv2d(32, 16, 5, 1, padding=2)]
decoder = up(16, 32, 1) + up(32, 32, 1) + up(32, 32, 1) + up(32, 16, 2)
decoder += [nn.ConvTranspose2d(16, 3, 5, 2, padding=2, output_padding=1), nn.Sigmoid()]
model = nn.Sequential(*encoder, *decoder)
optimizer = torch.optim.Adam(model.parameters(), 1e-3)
x = torch.rand(64, 3, 32, 32)
for step in range(steps + 2):
    start = time.perf_counter()
    optimizer.zero_grad()
    loss = ((model(x) - x) ** 2).mean()
    loss.backward()
    optimizer.step()
    loss.item()
    if step >= 2:
        print(1000 * (time.perf_counter() - start), flush=True)
