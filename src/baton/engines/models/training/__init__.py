"""How the shipped weights were made: invented phrases, public corpora, fits. Needs the `train` extra (scikit-learn)."""
