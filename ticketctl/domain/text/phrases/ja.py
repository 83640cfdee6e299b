"""Japanese."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
    wrote="のメール | は書きました | のメッセージ",
    sender="差出人 | 送信者",
    sent="送信日時 | 日付 | 日時 | 送信日",
    to="宛先",
    subject="件名",
    forwarded="転送されたメッセージ | 転送メッセージ",
    original="元のメッセージ | オリジナルメッセージ",
    closing="よろしくお願いいたします | 以上、よろしくお願いいたします | 敬具",
    mobile="iphoneから送信",
    thanks="ありがとうございます | ありがとうございました",
)
