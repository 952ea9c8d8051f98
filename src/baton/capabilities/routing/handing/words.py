"""Words: what a customer is told when the baton changes hands, in a few languages; English where theirs is not here."""

_PASSING = {
    "en": "I am passing you to a person now. They see what you wrote, so you need not repeat it.",
    "es": "Le paso ahora con una persona. Verá lo que ha escrito, así que no tiene que repetirlo.",
    "de": "Ich übergebe Sie jetzt an einen Menschen. Er sieht, was Sie geschrieben haben; Sie müssen nichts wiederholen.",
    "fr": "Je vous passe maintenant à une personne. Elle voit ce que vous avez écrit : inutile de le répéter.",
    "pt": "Vou passar agora a uma pessoa. Ela vê o que escreveu, não precisa de repetir.",
    "it": "La passo ora a una persona. Vede ciò che ha scritto: non deve ripeterlo.",
}
_NO_ANSWER = {
    "en": "I found no answer to this that I am sure of.",
    "es": "No he encontrado una respuesta segura a esto.",
    "de": "Ich habe dazu keine sichere Antwort gefunden.",
    "fr": "Je n'ai pas trouvé de réponse sûre à cela.",
    "pt": "Não encontrei uma resposta segura para isto.",
    "it": "Non ho trovato una risposta sicura a questo.",
}
_NOBODY = {
    "en": "Nobody is online right now. Leave a number for a callback, or write your message here: you keep your place and get an answer.",
    "es": "Ahora no hay nadie conectado. Deje un número para que le llamemos o escriba su mensaje aquí: conserva su turno y recibirá respuesta.",
    "de": "Gerade ist niemand da. Hinterlassen Sie eine Nummer für einen Rückruf oder schreiben Sie hier: Ihr Platz bleibt, und Sie bekommen Antwort.",
    "fr": "Personne n'est en ligne. Laissez un numéro pour être rappelé ou écrivez ici : vous gardez votre place et aurez une réponse.",
    "pt": "Não há ninguém online agora. Deixe um número para lhe ligarmos ou escreva aqui: mantém o seu lugar e terá resposta.",
    "it": "Ora non c'è nessuno. Lasci un numero per essere richiamato o scriva qui: mantiene il suo posto e riceverà risposta.",
}
_CLOSED = {
    "en": "Our people are back at {at} {zone}.",
    "es": "Nuestro equipo vuelve a las {at} {zone}.",
    "de": "Wir sind um {at} {zone} wieder da.",
    "fr": "Notre équipe revient à {at} {zone}.",
    "pt": "A nossa equipa volta às {at} {zone}.",
    "it": "Il nostro team torna alle {at} {zone}.",
}
_BOOKED = {
    "en": "Our people are back at {at} {zone}, and a callback is booked for you then: you keep your place, and a person reads what you wrote. Leave a number here if you would rather be called, or write that you would rather stay with the AI.",
    "es": "Nuestro equipo vuelve a las {at} {zone} y le hemos reservado una llamada para entonces: conserva su turno y una persona leerá lo que ha escrito. Deje aquí un número si prefiere que le llamemos, o escriba que prefiere seguir con la IA.",
    "de": "Wir sind um {at} {zone} wieder da, und für dann ist ein Rückruf für Sie vorgemerkt: Ihr Platz bleibt, und ein Mensch liest, was Sie geschrieben haben. Hinterlassen Sie hier eine Nummer, wenn wir anrufen sollen, oder schreiben Sie, dass Sie lieber bei der KI bleiben.",
    "fr": "Notre équipe revient à {at} {zone} et un rappel est réservé pour vous : vous gardez votre place et une personne lira ce que vous avez écrit. Laissez un numéro ici pour être appelé, ou écrivez que vous préférez rester avec l'IA.",
    "pt": "A nossa equipa volta às {at} {zone} e fica marcada uma chamada para si: mantém o seu lugar e uma pessoa lê o que escreveu. Deixe aqui um número se quiser que lhe liguemos, ou escreva que prefere continuar com a IA.",
    "it": "Il nostro team torna alle {at} {zone} e per allora è prenotata una richiamata: mantiene il suo posto e una persona leggerà ciò che ha scritto. Lasci qui un numero se vuole essere chiamato, o scriva che preferisce restare con l'IA.",
}
_LONG = {
    "en": "This takes longer than it should. You can leave a number for a callback or write your message here: you keep your place.",
    "es": "Esto tarda más de lo debido. Puede dejar un número para que le llamemos o escribir aquí: conserva su turno.",
    "de": "Das dauert länger, als es sollte. Sie können eine Nummer für einen Rückruf hinterlassen oder hier schreiben: Ihr Platz bleibt.",
    "fr": "C'est plus long que prévu. Laissez un numéro pour être rappelé ou écrivez ici : vous gardez votre place.",
    "pt": "Está a demorar mais do que devia. Pode deixar um número para lhe ligarmos ou escrever aqui: mantém o seu lugar.",
    "it": "Ci vuole più del dovuto. Può lasciare un numero per essere richiamato o scrivere qui: mantiene il suo posto.",
}

_LOST = {
    "en": "We lost the connection to the person who helped you. You are next: somebody else is taking over and sees what was said.",
    "es": "Hemos perdido la conexión con la persona que le atendía. Usted es el siguiente: otra persona le atenderá y verá lo dicho.",
    "de": "Die Verbindung zu Ihrem Gegenüber ist abgerissen. Sie sind als Nächstes dran: Jemand anderes übernimmt und sieht, was gesagt wurde.",
    "fr": "La connexion avec la personne qui vous aidait est perdue. Vous êtes le prochain : quelqu'un d'autre reprend et voit ce qui a été dit.",
    "pt": "Perdemos a ligação com a pessoa que o ajudava. É o próximo: outra pessoa continua e vê o que foi dito.",
    "it": "Abbiamo perso il collegamento con chi la aiutava. Tocca a lei: un'altra persona riprende e vede ciò che è stato detto.",
}


def passing_on(language: str, reason: str = "") -> str:
    """On the way to a person; where the AI found no answer it says so first."""
    passing = _in(_PASSING, language)
    return f"{_in(_NO_ANSWER, language)} {passing}" if reason == "no_answer" else passing


def nobody_there(language: str, opens: str = "", zone: str = "UTC") -> str:
    """Nobody can take it at this hour: what the customer can do, and from when (`08:00`, and where) somebody is there."""
    if not opens:
        return _in(_NOBODY, language)
    closed = _in(_CLOSED, language).format(at=opens, zone=_place(zone))
    return f"{closed} {_in(_NOBODY, language).partition('. ')[2]}"


def called_back(language: str, opens: str, zone: str = "UTC") -> str:
    """Nobody can take it at this hour, and a callback is booked for when somebody can."""
    return _in(_BOOKED, language).format(at=opens, zone=_place(zone))


def _place(zone: str) -> str:
    return zone if zone == "UTC" else f"({zone.rpartition('/')[2].replace('_', ' ')})"


def connection_lost(language: str) -> str:
    """Whoever served is gone in the middle of it."""
    return _in(_LOST, language)


def long_wait(language: str) -> str:
    """The wait went past its limit."""
    return _in(_LONG, language)


def _in(words: dict[str, str], language: str) -> str:
    return words.get(language[:2], words["en"])
