"""How the ledger decides: its rules in words, and every change of a need's state with the evidence it rests on."""
