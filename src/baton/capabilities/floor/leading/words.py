"""Words: what customers are told when a third joins and in an outage, in a few languages; English where theirs is not here."""

_JOINED = {
    "en": "{name} of our team has joined this conversation.",
    "es": "{name}, de nuestro equipo, se ha unido a esta conversación.",
    "de": "{name} aus unserem Team ist jetzt auch in diesem Gespräch.",
    "fr": "{name}, de notre équipe, a rejoint cette conversation.",
    "pt": "{name}, da nossa equipa, juntou-se a esta conversa.",
    "it": "{name} del nostro team si è unito a questa conversazione.",
}
_MOVED = {
    "en": "Another colleague takes over. They see what was said; you need not repeat it.",
    "es": "Otra persona le atenderá. Verá lo dicho, así que no tiene que repetirlo.",
    "de": "Jemand anderes übernimmt. Alles Gesagte ist sichtbar; Sie müssen nichts wiederholen.",
    "fr": "Un autre collègue prend le relais. Il voit ce qui a été dit : inutile de le répéter.",
    "pt": "Outra pessoa vai continuar. Vê o que foi dito, não precisa de repetir.",
    "it": "Se ne occupa un'altra persona. Vede ciò che è stato detto: non deve ripeterlo.",
}
_KNOWN = {
    "en": "We know about a problem right now: {text}",
    "es": "Sabemos de un problema en este momento: {text}",
    "de": "Wir wissen von einem Problem: {text}",
    "fr": "Nous avons connaissance d'un problème en ce moment : {text}",
    "pt": "Sabemos de um problema neste momento: {text}",
    "it": "Siamo a conoscenza di un problema in questo momento: {text}",
}
_CALL = {
    "en": "You keep your place. If you would rather not wait, leave a number here and we call you back.",
    "es": "Conserva su turno. Si prefiere no esperar, deje un número aquí y le llamaremos.",
    "de": "Ihr Platz bleibt. Wenn Sie nicht warten möchten, hinterlassen Sie hier eine Nummer, und wir rufen zurück.",
    "fr": "Vous gardez votre place. Si vous préférez ne pas attendre, laissez un numéro ici et nous vous rappellerons.",
    "pt": "Mantém o seu lugar. Se preferir não esperar, deixe aqui um número e ligamos de volta.",
    "it": "Mantiene il suo posto. Se preferisce non aspettare, lasci qui un numero e la richiamiamo.",
}
_SOLVED = {
    "en": "The problem we told you about is solved.",
    "es": "El problema del que le informamos está resuelto.",
    "de": "Das Problem, von dem wir geschrieben haben, ist behoben.",
    "fr": "Le problème dont nous vous avions parlé est résolu.",
    "pt": "O problema de que o informámos está resolvido.",
    "it": "Il problema di cui le avevamo parlato è risolto.",
}


def joined(language: str, name: str) -> str:
    """Somebody speaks as a third."""
    return _in(_JOINED, language).format(name=name)


def moved(language: str) -> str:
    """From a rep to somebody else of the team."""
    return _in(_MOVED, language)


def known(language: str, text: str, *, waits: bool) -> str:
    """The known issue; to who waits also that they may be called back."""
    said = _in(_KNOWN, language).format(text=text)
    return f"{said} {_in(_CALL, language)}" if waits else said


def solved(language: str) -> str:
    """It is over."""
    return _in(_SOLVED, language)


def _in(words: dict[str, str], language: str) -> str:
    return words.get(language[:2], words["en"])
