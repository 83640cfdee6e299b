"""Chinese."""

from ticketctl.domain.text.phrases import Phrases

PHRASES = Phrases(
    reply="回复 | 答复 | 回覆",
    forward="转发 | 轉寄",
    wrote="写道 | 寫道",
    sender="发件人 | 寄件者",
    sent="发送时间 | 日期 | 寄件日期 | 发送日期 | 时间",
    to="收件人 | 收件者",
    copy="抄送 | 副本",
    subject="主题 | 主旨 | 主題",
    forwarded="转发的邮件 | 转发邮件信息 | 轉寄的郵件",
    original="原始邮件 | 原始郵件",
    mobile="发自我的 | 從我的",
    thanks="谢谢 | 謝謝",
)
