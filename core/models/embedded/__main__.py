"""Computes `means.npy` again from the sample texts: `python -m core.models.embedded`."""

import logging

import numpy as np

from core.models.embedded.centring import MEANS_FILE, compute_means, no_means
from core.models.embedded.e5 import E5BiEncoder
from core.models.embedded.e5_file import read_model_file


def main() -> None:
    """Write the means beside the sample texts."""
    logging.basicConfig(level=logging.INFO)
    file = read_model_file()
    encoder = E5BiEncoder(file, no_means(file.hidden))
    np.save(MEANS_FILE, compute_means(encoder.sample_states))
    logging.info("wrote %s", MEANS_FILE.name)


if __name__ == "__main__":
    main()
