"""The page's own texts in Chinese and English; the bot has its own."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    "sandbox": ("沙盒", "Sandbox"),
    "banner": (
        "人物都是虚构的，所有内容只留在这台电脑上。",
        "The people are invented; nothing leaves this computer.",
    ),
    "skip": ("跳到输入框", "Skip to the message box"),
    "people": ("请选择要扮演的人物", "Who will you be?"),
    "people.hint": (
        "每个人都有自己的地址；开两个标签页，就是两个人。",
        "Each person has an address of their own: two tabs are two people.",
    ),
    "people.staff": (
        "工作人员已经有角色：在青海考区西宁考点，或天津考区和平第一报名点报名，就有人办理。",
        "The staff have their roles: register in Qinghai at Xining, or in Tianjin at Heping 1, "
        "and they can decide.",
    ),
    "people.back": ("所有人物", "All people"),
    "people.choose": ("选一个人物，开始对话", "Choose a person to start chatting"),
    "role.candidate": ("考生", "Candidate"),
    "role.clerk": ("报名点工作人员", "Point clerk"),
    "role.site": ("考点审核员", "Site reviewer"),
    "role.area": ("考区审核员", "Area reviewer"),
    "role.admin": ("管理员", "Administrator"),
    "you": ("你是 {name} · {role}", "You are {name} · {role}"),
    "nothing.yet": ("还没有消息", "No messages yet"),
    "empty": ("这里还没有消息。", "No messages here yet."),
    "start": ("开始", "Start"),
    "typing": ("正在输入…", "typing…"),
    "today": ("今天", "Today"),
    "earlier": ("显示更早的消息", "Show earlier messages"),
    "messages": ("消息", "Messages"),
    "bot": ("机器人", "The bot"),
    "me": ("我", "Me"),
    "edited": ("已编辑", "edited"),
    "edit": ("编辑", "Edit"),
    "editing": ("编辑消息", "Editing a message"),
    "cancel": ("取消", "Cancel"),
    "ok": ("好", "OK"),
    "close": ("关闭", "Close"),
    "photo": ("照片", "Photo"),
    "photo.of": ("照片：{what}", "Photo: {what}"),
    "enlarge": ("放大照片", "Enlarge the photo"),
    "file": ("文件", "File"),
    "download": ("下载 {name}", "Download {name}"),
    "contact": ("联系人", "Contact"),
    "sticker": ("贴纸", "Sticker"),
    "voice": ("语音消息", "Voice message"),
    "pinned": ("机器人置顶了一条消息", "The bot pinned a message"),
    "unknown": ("这里无法显示这种消息", "This kind of message cannot be shown here"),
    "invoice": ("账单", "Invoice"),
    "paid": ("已支付 {amount}", "You paid {amount}"),
    "pay": ("支付 {amount}", "Pay {amount}"),
    "pay.sheet": ("确认支付", "Confirm the payment"),
    "pay.note": (
        "沙盒里的钱不是真的，不会扣款。",
        "Money in the sandbox is not real; nothing is charged.",
    ),
    "impossible": ("Telegram 里做不到：{reason}", "Telegram does not allow this: {reason}"),
    "open.as": ("谁来打开这个链接？", "Who opens this link?"),
    "copied": ("已复制", "Copied"),
    "unsupported": ("沙盒里没有这种按钮的功能", "The sandbox cannot do what this button does"),
    "message": ("消息…", "Message…"),
    "send": ("发送", "Send"),
    "unsent": (
        "未发送：和沙盒的连接断了。写的字还在，连上以后再发一次。",
        "Not sent: the sandbox is away. Your text is still here; send it again once it is back.",
    ),
    "attach": ("附件", "Attach"),
    "attach.photo": ("照片（会压缩）", "Photo (compressed)"),
    "attach.file": ("文件（原样发送）", "File (sent as it is)"),
    "attach.hint": (
        "可一次选 2–10 个，作为相册发送；输入框里的文字会成为说明。",
        "Choose 2–10 at once for an album; text in the box becomes the caption.",
    ),
    "attach.failed": ("没有发送成功：{reason}", "Could not be sent: {reason}"),
    "attach.contact": ("我的手机号", "My phone number"),
    "attach.foreign": ("别人的手机号", "Somebody else's number"),
    "samples": ("试用资料", "Sample data"),
    "sample.number": ("证件号码", "ID number"),
    "sample.portrait": ("报名照片", "Portrait"),
    "sample.portrait-blue": ("照片：背景是蓝色", "Photo: blue background"),
    "sample.portrait-small": ("照片：头太小", "Photo: head too small"),
    "sample.identity": ("身份证件", "Identity document"),
    "sample.degree": ("学历学位证书", "Education certificate"),
    "sample.qualification": ("专业技术资格证书", "Qualification certificate"),
    "sample.practice": ("执业证书", "Practice certificate"),
    "sample.employer": ("单位工作年限证明", "Employer's letter"),
    "phone": ("手机号", "Phone number"),
    "phone.share": ("要把你的手机号告诉机器人吗？", "Share your phone number with the bot?"),
    "phone.foreign": (
        "把别人的手机号发给机器人：",
        "Send somebody else's phone number to the bot:",
    ),
    "share": ("分享", "Share"),
    "menu": ("命令菜单", "Command menu"),
    "menu.none": ("机器人还没有设置命令", "The bot has not set any commands yet"),
    "keyboard": ("键盘", "Keyboard"),
    "keyboard.toggle": ("显示或隐藏键盘", "Show or hide the keyboard"),
    "block": ("屏蔽机器人", "Block the bot"),
    "blocked": (
        "你屏蔽了机器人，它的消息到不了这里。",
        "You blocked the bot: its messages do not reach you.",
    ),
    "unblock": ("解除屏蔽", "Unblock"),
    "tools": ("时间与故障", "Time and faults"),
    "clock": ("时间", "Time"),
    "clock.hint": (
        "以管理员 {name} 的身份把 /clock 发给机器人；时间只能向前走。",
        "Sends /clock to the bot as the administrator, {name}; time only goes forward.",
    ),
    "clock.hour": ("+1 小时", "+1 hour"),
    "clock.day": ("+1 天", "+1 day"),
    "clock.week": ("+7 天", "+7 days"),
    "clock.date": ("到这一天", "To this date"),
    "clock.example": ("例如 2025-12-05", "for example 2025-12-05"),
    "clock.go": ("前往", "Go"),
    "clock.answer": ("机器人的时间", "The bot's time"),
    "clock.none": ("正在问机器人…", "Asking the bot…"),
    "faults": ("故障", "Faults"),
    "faults.hint": (
        "故意出错，看机器人怎么应对。",
        "Things that go wrong on purpose, to see how the bot copes.",
    ),
    "cashier": ("收银台", "The cashier"),
    "cashier.hint": (
        "付款以后会怎样，对以后的付款都有效。",
        "What happens to a payment, for all that follow.",
    ),
    "cashier.pay": ("正常付款", "Pays"),
    "cashier.decline": ("银行拒绝", "The bank declines"),
    "cashier.repeat": ("同一个通知发三次", "The same notice three times"),
    "cashier.delay": ("通知先扣着", "The notice is held back"),
    "cashier.reorder": ("先付的后通知", "Who paid first is told of last"),
    "cashier.double": ("扣两次款", "The money comes twice"),
    "cashier.alter": ("通知里的金额少 1 元", "The notice names 1 yuan less"),
    "cashier.forget": ("付了，但从不通知", "Paid, and never told"),
    "cashier.deliver": ("发出扣着的通知", "Send the held notices"),
    "fault.slow": ("很慢：每次多等 2 秒，直到关掉", "Slow: 2 seconds more per call, until off"),
    "fault.flood": ("接下来 3 次：发送过多（429）", "The next 3 calls: too many requests (429)"),
    "fault.lost": ("下一次：办到了，但回答丢失", "The next call: done, but its answer is lost"),
    "language": ("语言", "Language"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The page's texts in one language: `words("send")`, `words("pay", amount="¥61.00")`."""

    language: Language

    def __call__(self, key: str, **values: str) -> str:
        """Return the text of `key`.

        Raises:
            KeyError: an unknown key, or a missing value.
        """
        chinese, english = _WORDS[key]
        text = chinese if self.language == "zh" else english
        return text.format(**values) if values else text

    @property
    def tag(self) -> str:
        """The language tag for HTML's `lang`."""
        return "zh-CN" if self.language == "zh" else "en"


def words_for(language: str | None) -> Words:
    """Return the texts in the language of the cookie; Chinese by default."""
    return Words("en" if language == "en" else "zh")
