"""Words: what a customer who waits for one rep is told, in a few languages; English where theirs is not here."""

_OFFLINE = {
    "en": "{name} has gone home. You keep your place in line: the next person who is free takes over and sees what was said.",
    "es": "{name} ha terminado su turno. Conserva su lugar: le atenderá la próxima persona libre y verá lo dicho.",
    "de": "{name} hat Feierabend. Ihr Platz bleibt: Wer als Nächstes frei ist, übernimmt und sieht, was gesagt wurde.",
    "fr": "{name} a terminé sa journée. Vous gardez votre place : la prochaine personne libre reprend et voit ce qui a été dit.",
    "pt": "{name} já terminou o turno. Mantém o seu lugar: a próxima pessoa livre continua e vê o que foi dito.",
    "it": "{name} ha finito il turno. Il suo posto resta: la prossima persona libera riprende e vede ciò che è stato detto.",
}
_PASSED = {
    "en": "{name} cannot take it. You keep your place in line: the next person who is free takes over and sees what was said.",
    "es": "{name} no puede atenderle. Conserva su lugar: le atenderá la próxima persona libre y verá lo dicho.",
    "de": "{name} kann es nicht übernehmen. Ihr Platz bleibt: Wer als Nächstes frei ist, übernimmt und sieht, was gesagt wurde.",
    "fr": "{name} ne peut pas vous prendre. Vous gardez votre place : la prochaine personne libre reprend et voit ce qui a été dit.",
    "pt": "{name} não pode atender. Mantém o seu lugar: a próxima pessoa livre continua e vê o que foi dito.",
    "it": "{name} non può rispondere. Il suo posto resta: la prossima persona libera riprende e vede ciò che è stato detto.",
}


def rep_left(language: str, name: str, why: str) -> str:
    """The rep who is waited for went home (`offline`) or passed it."""
    words = _OFFLINE if why == "offline" else _PASSED
    return words.get(language[:2], words["en"]).format(name=name)
