"""Computes `means.npy` and `int8_ranges.npy` from the sample texts: `python -m core.models.embedded`."""

import logging

import numpy as np

from core.models.embedded.centring import MEANS_FILE, compute_means, no_means, sample_texts
from core.models.embedded.e5 import E5BiEncoder
from core.models.embedded.e5_encoder import RANGES_FILE
from core.models.embedded.e5_file import read_model_file


def main() -> None:
    """Write both beside the sample texts."""
    logging.basicConfig(level=logging.INFO)
    file = read_model_file()
    encoder = E5BiEncoder(file, no_means(file.hidden))
    np.save(MEANS_FILE, compute_means(encoder.sample_states))
    samples = [
        (text, role) for role, texts in sample_texts().items() for one in texts.values() for text in one
    ]
    np.save(RANGES_FILE, encoder.ranges(samples))
    logging.info("wrote %s and %s", MEANS_FILE.name, RANGES_FILE.name)


if __name__ == "__main__":
    main()
