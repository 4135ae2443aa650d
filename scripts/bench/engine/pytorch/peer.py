"""A contender in PyTorch (see ../contender.ts for the line protocol).

usage: peer.py THREADS NETWORK SAMPLE
"""
import importlib
import json
import sys
import time

import torch

from sample import load_parameters, read_sample


def main(threads, name, path):
    torch.set_num_threads(threads)
    weights, inputs = read_sample(path)
    network = importlib.import_module(name)
    model = network.Model()
    load_parameters(model, weights, mirrored=network.MIRRORED)
    data = network.prepare(inputs)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)

    def train():
        optimizer.zero_grad()
        loss = network.loss(model, data)
        loss.backward()
        optimizer.step()
        return loss.item()

    def infer():
        with torch.inference_mode():
            model(*data["inputs"])

    modes = {"train": train, "infer": infer}
    losses = [train(), train()]
    say({"threads": torch.get_num_threads(), "version": torch.__version__, "losses": losses})
    for line in sys.stdin:
        mode, count = line.split()
        model.train(mode == "train")
        say({"ms": [timed(modes[mode]) for _ in range(int(count))]})


def timed(work):
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def say(answer):
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
