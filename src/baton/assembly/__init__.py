"""Assembly: the one place where parts are chosen, and capabilities are entered by what the command line asks for."""
