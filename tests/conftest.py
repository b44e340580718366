"""Settings shared by all tests: a headless backend, repeatable property tests, the project folder."""

from pathlib import Path

import hypothesis
import matplotlib
import pytest

matplotlib.use("Agg")

# Deterministic and without deadlines: a noisy machine must not fail a correct property.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("repeatable")

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout under test."""
    return PROJECT
