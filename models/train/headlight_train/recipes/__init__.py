"""One recipe a bundled model: which data, which settings, which steps."""
