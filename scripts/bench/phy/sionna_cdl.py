"""Moments of CDL-A by Sionna, the values of channel/cdl/* in references/channels.ts.

Run: python3 scripts/bench/phy/sionna_cdl.py
Needs sionna-no-rt 2.2 (Python 3.11, torch 2.9 or newer). Receiver: four isotropic vertical elements half a
wavelength apart, moving along x at a largest Doppler shift of 100 Hz; transmitter: a crossed pair of 38.901
elements; both face along x.
"""
import numpy as np
import sionna.phy
import torch
from sionna.phy.channel.tr38901 import CDL, PanelArray

CARRIER_HZ = 3.5e9
DOPPLER_HZ = 100.0


def panel(columns, polarization, kind, pattern):
    return PanelArray(
        num_rows_per_panel=1,
        num_cols_per_panel=columns,
        polarization=polarization,
        polarization_type=kind,
        antenna_pattern=pattern,
        carrier_frequency=CARRIER_HZ,
    )


def main():
    sionna.phy.config.seed = 1
    still = torch.zeros(3)
    channel = CDL(
        "A",
        1e-7,
        CARRIER_HZ,
        panel(4, "single", "V", "omni"),
        panel(1, "dual", "cross", "38.901"),
        "downlink",
        ut_orientation=still,
        bs_orientation=still,
        ut_velocity=torch.tensor([DOPPLER_HZ * 299792458 / CARRIER_HZ, 0.0, 0.0]),
    )
    draws = [channel(500, 3, 1000.0)[0].numpy() for _ in range(8)]
    h = np.concatenate(draws)[:, 0, :, 0].sum(axis=3)  # link, receive, transmit, time
    power = np.mean(abs(h) ** 2)
    mean = lambda a, b: np.mean(a * b.conj()) / power
    print("power       ", np.mean(abs(h) ** 2, axis=(0, 1, 3)))
    print("antennas    ", mean(h[:, :-1], h[:, 1:]))
    print("motion      ", mean(h[..., 1:], h[..., :-1]))
    print("polarisation", mean(h[:, :, 0], h[:, :, 1]))


if __name__ == "__main__":
    main()
