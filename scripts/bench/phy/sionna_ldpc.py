"""Sionna's 5G LDPC code as a peer: reads one JSON request a line, answers with one JSON line.

    python -m venv VENV && VENV/bin/pip install sionna-no-rt     (2.2.0; brings torch)

Requests: {"do": "encode", ...} the hash of a codeword of a fixed pattern,
{"do": "llrs", ...} LLRs of random codewords over QAM and AWGN, written to a file with what Sionna decides,
{"do": "time", ...} seconds of decoding one batch.
"""
import hashlib
import json
import sys
import time

import numpy as np
import torch
from sionna.phy import config
from sionna.phy.channel import AWGN
from sionna.phy.fec.ldpc import LDPC5GDecoder, LDPC5GEncoder
from sionna.phy.mapping import Constellation, Demapper, Mapper

codes = {}


def code(k, n, bits_per_symbol, iterations, cn_update, llr_max=20.0):
    """The encoder and decoder of one setting, made once."""
    key = (k, n, bits_per_symbol, iterations, cn_update)
    if key not in codes:
        encoder = LDPC5GEncoder(k, n, num_bits_per_symbol=bits_per_symbol)
        decoder = LDPC5GDecoder(encoder, num_iter=iterations, cn_update=cn_update, hard_out=True)
        codes[key] = encoder, decoder
    return codes[key]


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


def llrs(k, n, order, esN0Db, blocks, iterations, cnUpdate, seed, file):
    """float32 LLRs log p(0)/p(1), then k sent bits a block, then k decided bits a block, in one file."""
    config.seed = seed
    encoder, decoder = code(k, n, order, iterations, cnUpdate)
    constellation = Constellation("qam", order)
    no = torch.tensor(10 ** (-esN0Db / 10), dtype=torch.float32)
    bits = torch.randint(0, 2, (blocks, k), generator=torch.Generator().manual_seed(seed)).float()
    received = AWGN()(Mapper(constellation=constellation)(encoder(bits)), no)
    soft = Demapper("app", constellation=constellation)(received, no)
    decided = decoder(soft)
    with open(file, "wb") as out:
        out.write((-soft).numpy().astype("<f4").tobytes())
        out.write(bits.numpy().astype(np.uint8).tobytes())
        out.write(decided.numpy().astype(np.uint8).tobytes())
    return {"errors": int((decided != bits).any(dim=1).sum())}


def time_decoder(k, n, iterations, cnUpdate, batch, threads):
    torch.set_num_threads(threads)
    _, decoder = code(k, n, None, iterations, cnUpdate)
    key = ("llrs", k, n, batch)
    if key not in codes:
        codes[key] = 2 + torch.randn(batch, n)
        decoder(codes[key])
    start = time.perf_counter()
    with torch.no_grad():
        decoder(codes[key])
    return {"seconds": time.perf_counter() - start}


actions = {"encode": encode, "llrs": llrs, "time": time_decoder}

for line in sys.stdin:
    request = json.loads(line)
    action = actions[request.pop("do")]
    print(json.dumps(action(**request)), flush=True)
