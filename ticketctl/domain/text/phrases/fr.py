"""French."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
    reply="re | ré | rép",
    forward="tr | tfr | fwd",
    opener="le | a | au",
    wrote="écrit | ecrit | écrivait",
    quoting="citation de | selon",
    sender="de | expéditeur",
    sent="envoyé | date | envoyé le | envoyée",
    to="à | pour | destinataire | a",
    copy="cc | cci | copie à | copie | répondre à | importance | pièces jointes | pièce jointe",
    subject="objet | sujet",
    forwarded="message transféré | début du message transféré | début du message réexpédié | message réexpédié"
    " | courriel transféré | mail transféré | email transféré | e-mail transféré",
    original="message d'origine | message d’origine | message original | message initial | courriel original"
    " | rendez-vous d'origine",
    closing="cordialement | bien cordialement | bien à vous | très cordialement | cdlt | cdt | salutations"
    " | meilleures salutations | sincères salutations | bien à toi | amicalement | respectueusement"
    " | bonne journée | bonne soirée | belle journée | sincèrement | salutations distinguées | à bientôt | cldt",
    thanking="merci | merci d'avance | merci beaucoup | merci par avance | avec mes remerciements"
    " | merci et bonne journée",
    mobile="envoyé de mon | obtenez outlook | obtenir outlook | téléchargez outlook | télécharger outlook"
    " | envoyé sans fil | envoyé de yahoo | envoyé par mobile | provenance : courrier pour windows"
    " | provenance: courrier pour windows | envoyé depuis mon | envoyé à partir de mon"
    " | envoyé à partir de courrier",
    app="envoyé depuis | envoyé à partir de | envoyé à partir d' | envoyé avec | envoyé via | envoyé d'un | envoyé de",
    excusing="excusez | veuillez excuser | veuillez m'excuser | merci d'excuser | désolé pour",
    disclaimer="ce message | ce courriel | cet e-mail | les informations contenues | avis de confidentialité"
    " | pensez à l'environnement",
    legal="confidentiel | confidentialité | virus | environnement",
    thanks="merci | merci beaucoup | merci bien | un grand merci | merci pour votre aide | merci pour ton aide"
    " | parfait | super | génial | merci pour votre réponse | mille mercis | excellent | merci infiniment"
    " | ça marche",
    owing="pour | de | à | bien | encore | et | infiniment",
    unless="mais | encore | pas | avance | si | pouvez | quand | malheureusement | aussi | toujours",
    greeting="bonjour | bonsoir | salut | cher | chère",
    attaching="ci-joint | ci-jointe | ci-joints | ci-jointes | en pièce jointe | en pièces jointes | en annexe",
    common="le | la | les | de | et | est | un | une | des | que | pas | pour | je | vous | dans | ne | nous | sur"
    " | du | il | en | avec | qui | ce | mon | ma | au | bonjour | mais | par | votre | plus | sont | cette | été"
    " | comme | ou | ai | notre | se | à | avez | bien | si",
)
