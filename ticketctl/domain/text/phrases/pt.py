"""Portuguese."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
    reply="re | res | resp",
    forward="enc | encaminhado",
    opener="em | a | no",
    wrote="escreveu | escreve",
    sender="de | remetente",
    sent="enviado | data | enviada em | enviado em | enviada",
    to="para | destinatário",
    copy="cc | cco | cópia | responder a | importância | anexos | responder para",
    subject="assunto",
    forwarded="mensagem encaminhada | mensagem reencaminhada | início da mensagem encaminhada"
    " | início da mensagem reencaminhada",
    original="mensagem original | compromisso original",
    closing="atenciosamente | cumprimentos | com os melhores cumprimentos | melhores cumprimentos | abraços"
    " | abraço | att | saudações | cordialmente | um abraço | os melhores cumprimentos",
    thanking="obrigado | obrigada | muito obrigado | muito obrigada | desde já agradeço | grato | grata",
    mobile="enviado do meu | enviada do meu | obter o outlook | baixar outlook | enviado de meu"
    " | obter outlook para | enviado a partir do meu",
    app="enviado a partir do | enviado via | enviado do | enviado através | enviado com",
    disclaimer="esta mensagem | este e-mail | as informações contidas | aviso de confidencialidade",
    legal="confidencia | vírus",
    thanks="obrigado | obrigada | muito obrigado | muito obrigada | obrigado pela ajuda | perfeito | ótimo | excelente",
    owing="por | pela | pelo | a | e",
    unless="mas | ainda | não | desde já | se | pode | quando | também",
    greeting="olá | bom dia | boa tarde | prezado",
    attaching="em anexo | anexo | anexei | anexamos | segue anexo",
    common="o | a | os | as | de | que | e | é | um | uma | em | não | por | com | para | do | da | se | no | na"
    " | meu | minha | eu | mas | mais | como | está | este | esta | tenho | olá | foi | ao | já | muito | quando"
    " | você | são | nos | ou | seu | sua | obrigado | isso",
)
