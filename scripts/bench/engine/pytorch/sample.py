"""Reads weights and a batch as the bench writes them, and hands them to PyTorch modules of the same names."""
import json

import numpy as np
import torch
from torch import nn


def read_sample(path):
    """Weights and inputs by name, from a safetensors file of float32 tensors."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    parts = {"weights": {}, "inputs": {}}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).copy()
        part, key = name.split(".", 1)
        parts[part][key] = torch.from_numpy(values)
    return parts["weights"], parts["inputs"]


def mirror(x, rows=1, columns=2):
    """The picture turned by half a turn.

    With `same` padding at stride 2 TensorFlow has the odd zero at the end of an axis and PyTorch's symmetric
    padding has it at the beginning: the same network on the mirrored picture, with mirrored filters.
    """
    return torch.flip(x, (rows, columns))


def load_parameters(model, weights, mirrored):
    """Copies all weights into the modules of the same names; raises where one is missing or left over."""
    left = dict(weights)
    with torch.no_grad():
        for name, module in model.named_modules():
            for parameter, value in convert(name, module, left, mirrored):
                parameter.copy_(value)
    if left:
        raise ValueError(f"weights without a place: {sorted(left)}")


def convert(name, module, left, mirrored):
    take = lambda key: left.pop(f"{name}.{key}")
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        weight = take("weight").permute(3, 2, 0, 1)
        yield module.weight, mirror(weight, 2, 3) if mirrored else weight
        yield module.bias, take("bias")
    elif isinstance(module, nn.Linear) and name.endswith("qkv"):
        parent = name[: -len("qkv")]
        for key, parameter in (("weight", module.weight), ("bias", module.bias)):
            parts = [left.pop(f"{parent}{part}.{key}") for part in ("query", "key", "value")]
            yield parameter, torch.cat(parts, -1).t() if key == "weight" else torch.cat(parts)
    elif isinstance(module, nn.Linear):
        yield module.weight, take("weight").t()
        yield module.bias, take("bias")
    elif isinstance(module, nn.LayerNorm):
        yield module.weight, take("gain")
        yield module.bias, take("bias")
    elif isinstance(module, nn.PReLU):
        yield module.weight, take("slope")
    elif hasattr(module, "table"):
        yield module.table, take("table")
