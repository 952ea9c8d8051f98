"""How the weights of names and addresses were made: invented turns, real ones, a fit. Needs the `train` extra."""
