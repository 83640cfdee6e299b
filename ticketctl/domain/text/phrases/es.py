"""Spanish."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
    reply="re | resp | rv",
    forward="rv | rm | reenv",
    opener="el | a | en",
    wrote="escribió | escribio | escribe",
    quoting="citando a | mensaje citado por",
    sender="de | remitente",
    sent="enviado | fecha | enviado el | enviado en",
    to="para | destinatario | a",
    copy="cc | cco | copia | responder a | importancia | datos adjuntos | archivos adjuntos | adjuntos",
    subject="asunto",
    forwarded="mensaje reenviado | inicio del mensaje reenviado | correo reenviado | mensaje reenviado por",
    original="mensaje original | correo original | cita original",
    closing="saludos | un saludo | saludos cordiales | atentamente | cordialmente | atte | un cordial saludo"
    " | reciba un cordial saludo | un abrazo | cordiales saludos | slds | muy atentamente",
    thanking="gracias | muchas gracias | gracias de antemano | gracias y saludos | muchas gracias de antemano"
    " | gracias por adelantado",
    mobile="obtener outlook para | descargar outlook | enviado de mi | obtenga outlook para | consigue outlook"
    " | descarga outlook | enviado desde mi",
    app="enviado desde | enviado con | enviado a través de | enviado via | enviado vía | enviado por",
    excusing="disculpe | disculpa | perdone | perdona | perdón por",
    disclaimer="este mensaje | este correo | la información contenida | aviso legal | aviso de confidencialidad",
    legal="confidencial | confidencialidad | virus | medio ambiente",
    thanks="gracias | muchas gracias | mil gracias | muchísimas gracias | gracias por su ayuda"
    " | gracias por tu ayuda | perfecto | genial | excelente | estupendo | gracias por la ayuda | ya funciona"
    " | muy amable | fantástico",
    owing="por | a | de nuevo | y",
    unless="pero | todavía | no | antemano | si | puede | cuando | también | adelantado",
    greeting="hola | buenos días | buenas tardes | estimado | estimada",
    attaching="adjunto | adjunta | adjuntos | adjuntas | adjuntamos | adjuntado",
    common="el | la | los | las | de | que | y | es | un | una | en | no | por | con | para | del | se | lo | mi"
    " | me | al | hola | pero | su | más | como | está | este | esta | he | tengo | puedo | hay | muy | cuando"
    " | si | desde | ya | le | ha | nos | o | gracias | qué",
)
