"""Turkish."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
    reply="ynt | cvp | yan",
    forward="ilt",
    wrote="yazdı | yazmış",
    sender="gönderen | kimden",
    sent="gönderildi | tarih | gönderme tarihi",
    to="kime | alıcı",
    copy="bilgi | gizli",
    subject="konu",
    forwarded="iletilen ileti | iletilen mesaj | yönlendirilmiş mesaj",
    original="orijinal mesaj | özgün ileti | özgün mesaj | orjinal mesaj",
    closing="saygılarımla | iyi çalışmalar | sevgiler | iyi günler | saygılar",
    thanking="teşekkürler | teşekkür ederim",
    mobile="iphone'umdan gönderildi",
    thanks="teşekkürler | teşekkür ederim | çok teşekkürler | sağolun",
    common="ve | bir | bu | için | da | de | ne | ile | çok | var | ama | gibi | daha | merhaba | benim | değil"
    " | olarak",
)
