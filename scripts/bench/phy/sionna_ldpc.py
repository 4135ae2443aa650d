"""Sionna's 5G LDPC code as a peer: reads one JSON request a line, answers with one JSON line.

    python -m venv VENV && VENV/bin/pip install sionna-no-rt     (2.2.0; brings torch)

{"do": "encode", ...} hashes the codeword of a fixed pattern; {"do": "bler", ...} counts wrong blocks over QAM and AWGN;
{"do": "llrs", ...} writes LLRs of random codewords and what Sionna decides; {"do": "time", ...} times one batch.
"""
import hashlib
import json
import sys
import time
from functools import cache

import numpy as np
import torch
from sionna.phy import config
from sionna.phy.channel import AWGN
from sionna.phy.fec.ldpc import LDPC5GDecoder, LDPC5GEncoder
from sionna.phy.mapping import Constellation, Demapper, Mapper


@cache
def code(k, n, bits_per_symbol, iterations, cn_update):
    encoder = LDPC5GEncoder(k, n, num_bits_per_symbol=bits_per_symbol)
    decoder = LDPC5GDecoder(encoder, num_iter=iterations, cn_update=cn_update, hard_out=True)
    return encoder, decoder


def pattern(k):
    """Bits of a linear congruential generator, the upper bit of its state (Numerical Recipes' constants)."""
    state, bits = k, []
    for _ in range(k):
        state = (1664525 * state + 1013904223) % 2**32
        bits.append(state >> 31)
    return bits


def encode(k, n, bits_per_symbol=None, version=0):
    encoder, _ = code(k, n, bits_per_symbol, 1, "minsum")
    word = encoder(torch.tensor([pattern(k)], dtype=torch.float32), rv=[version])
    sent = word.numpy().astype(np.uint8).reshape(-1)
    return {"sha256": hashlib.sha256(sent.tobytes()).hexdigest(), "ones": int(sent.sum())}


def decoded(k, n, bits_per_symbol, snr_db, blocks, iterations, cn_update):
    """Random bits, the LLRs log p(1)/p(0) of their QAM symbols over AWGN, and what Sionna decides."""
    encoder, decoder = code(k, n, bits_per_symbol, iterations, cn_update)
    constellation = Constellation("qam", bits_per_symbol)
    no = torch.tensor(10 ** (-snr_db / 10), dtype=torch.float32)
    bits = torch.randint(0, 2, (blocks, k), generator=config.torch_rng()).float()
    received = AWGN()(Mapper(constellation=constellation)(encoder(bits)), no)
    soft = Demapper("app", constellation=constellation)(received, no)
    return bits, soft, decoder(soft)


def bler(seed, errors, batch=500, **setup):
    config.seed = seed
    found = blocks = 0
    while found < errors:
        bits, _, decided = decoded(blocks=batch, **setup)
        found += int((decided != bits).any(dim=1).sum())
        blocks += batch
    return {"errors": found, "blocks": blocks}


def llrs(seed, file, **setup):
    """float32 LLRs log p(0)/p(1), then the sent and the decided bits, one file."""
    config.seed = seed
    bits, soft, decided = decoded(**setup)
    with open(file, "wb") as out:
        out.write((-soft).numpy().astype("<f4").tobytes())
        out.write(bits.numpy().astype(np.uint8).tobytes())
        out.write(decided.numpy().astype(np.uint8).tobytes())
    return {"errors": int((decided != bits).any(dim=1).sum())}


@cache
def noise(batch, n):
    return torch.randn(batch, n)


def time_batch(k, n, iterations, cn_update, batch, threads):
    """Seconds of decoding one batch of noise, after one that is not counted: the decoder never stops early."""
    torch.set_num_threads(threads)
    _, decoder = code(k, n, None, iterations, cn_update)
    decoder(noise(1, n))
    start = time.perf_counter()
    decoder(noise(batch, n))
    return {"seconds": time.perf_counter() - start}


actions = {"encode": encode, "bler": bler, "llrs": llrs, "time": time_batch}

with torch.no_grad():
    for line in sys.stdin:
        request = json.loads(line)
        action = actions[request.pop("do")]
        print(json.dumps(action(**request)), flush=True)
