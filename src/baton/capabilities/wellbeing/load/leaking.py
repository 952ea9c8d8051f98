"""Leaking: a load halves in each half-life, in whole numbers, so that a replay gives the same to the last digit.

L(t + d) = L(t) * 2 ** (-d / H), the leaky integrator; d is told apart to 1/3,600 of the half-life (a second, where H is an hour).
"""

STEPS, WHOLE = 3_600, 1_000_000
FACTORS = tuple(round(WHOLE * 2 ** (-step / STEPS)) for step in range(STEPS))
"""Rounded to a millionth, which every machine's powers agree on."""


def leaked(amount: int, passed_ms: int, half_life_s: int) -> int:
    """What is left of `amount` after `passed_ms`."""
    steps = max(0, passed_ms) * STEPS // max(1, 1000 * half_life_s)
    whole, part = divmod(steps, STEPS)
    return amount * FACTORS[part] // WHOLE >> whole
