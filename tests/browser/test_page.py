"""The sandbox's page in a browser."""

import io
import re
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Dialog, expect

from tests.browser.conftest import running
from tests.browser.driver import (
    PEOPLE,
    Sandbox,
    Screen,
    keyboard,
    saying,
)


def _jpeg(colour: str, size: tuple[int, int] = (640, 480)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


class TestPeople:
    def test_the_list_names_six_people_their_roles_and_their_last_words(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        page = screen.opens("/")
        for slug in PEOPLE:
            expect(page.get_by_test_id(f"person-{slug}")).to_be_visible()
        ling = page.get_by_test_id("person-ling")
        expect(ling).to_contain_text("刘玲")
        expect(ling).to_contain_text("考生")

        sandbox.acts("ling", "says", text="有人在吗？")
        expect(ling).to_contain_text("有人在吗？")

        ling.click()
        expect(page).to_have_url(re.compile("/chat/ling$"))
        expect(page.get_by_test_id("you")).to_have_text("你是 刘玲 · 考生")

    def test_two_tabs_are_two_people(self, sandbox: Sandbox, screen: Screen) -> None:
        ling, chen = screen.is_person("ling"), screen.is_person("chen")
        ling.says("我是刘玲本人")
        ling.sees("我是刘玲本人")
        chen.says("我是陈航本人")
        chen.sees("我是陈航本人")
        expect(chen.messages).not_to_contain_text("刘玲本人")
        for slug, text in (("ling", "我是刘玲本人"), ("chen", "我是陈航本人")):
            heard = sandbox.hears("message", saying(text))
            assert heard["from"]["id"] == PEOPLE[slug]

    def test_an_unknown_person_is_sent_to_the_list(self, sandbox: Sandbox, screen: Screen) -> None:
        page = screen.opens("/chat/nobody")
        expect(page.get_by_test_id("person-ling")).to_be_visible()
        assert urlsplit(page.url).path == "/"

    def test_the_language_is_switched_and_remembered(self, screen: Screen) -> None:
        page = screen.opens("/chat/ling")
        expect(page.get_by_test_id("banner")).to_contain_text("所有内容只留在这台电脑上")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_test_id("banner")).to_contain_text("nothing leaves this computer")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        later = screen.opens("/")
        expect(later.get_by_test_id("person-clerk")).to_contain_text("Point clerk")


class TestMessages:
    def test_a_text_reaches_the_bot_and_its_answer_is_shown(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        ling = screen.is_person("ling")
        ling.says("你好，报名助手")
        expect(ling.page.get_by_test_id("composer")).to_have_value("")
        sandbox.hears("message", saying("你好，报名助手"))
        answer = sandbox.writes("ling", "你好，刘玲！")
        expect(ling.message(answer)).to_be_in_viewport()
        expect(ling.message(answer)).to_contain_text("你好，刘玲！")

    def test_a_chosen_word_of_an_input_method_is_not_sent(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        clerk = screen.is_person("clerk")
        box = clerk.page.get_by_test_id("composer")
        box.fill("nihao")
        box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
        expect(box).to_have_value("nihao")
        box.press("Shift+Enter")
        box.press_sequentially("2")
        box.press("Enter")
        clerk.sees("nihao\n2")
        assert [each["text"] for each in sandbox.chat("clerk")] == ["nihao\n2"]

    def test_entities_are_shown_and_html_is_not_run(self, sandbox: Sandbox, screen: Screen) -> None:
        ling = screen.is_person("ling")
        hostile = "<img src=x onerror='document.title=`owned`'><b>not bold</b>"
        ling.says(hostile)
        ling.sees(hostile)
        answer = sandbox.writes(
            "ling",
            "😀 <b>粗体</b> <i>斜体</i> <code>a&lt;b</code> "
            '<a href="https://example.org/?a=1&amp;b=2">通知</a>'
            "<blockquote>&lt;script&gt;引文&lt;/script&gt;</blockquote>完",
            parse_mode="HTML",
        )
        bubble = ling.message(answer)
        expect(bubble.locator("strong")).to_have_text("粗体")
        expect(bubble.locator("em")).to_have_text("斜体")
        expect(bubble.locator("code")).to_have_text("a<b")
        expect(bubble.locator("blockquote")).to_have_text("<script>引文</script>")
        link = bubble.get_by_role("link", name="通知")
        expect(link).to_have_attribute("href", "https://example.org/?a=1&b=2")
        expect(link).to_have_attribute("rel", "noopener noreferrer")
        assert ling.page.locator("[data-testid=messages] img[src='x']").count() == 0
        assert "owned" not in ling.page.title()

    def test_edited_and_deleted_messages(self, sandbox: Sandbox, screen: Screen) -> None:
        chen = screen.is_person("chen")
        sandbox.acts("chen", "says", text="/start")
        edited = sandbox.writes("chen", "第一版")
        gone = sandbox.writes("chen", "马上消失")
        chen.sees("马上消失")
        sandbox.call("editMessageText", chat_id=PEOPLE["chen"], message_id=edited, text="第二版")
        sandbox.call("deleteMessage", chat_id=PEOPLE["chen"], message_id=gone)
        expect(chen.message(edited)).to_contain_text("第二版")
        expect(chen.message(edited)).to_contain_text("已编辑")
        expect(chen.message(gone)).to_have_count(0)

    def test_an_own_message_is_edited(self, sandbox: Sandbox, screen: Screen) -> None:
        area = screen.is_person("area")
        area.says("写错了")
        area.sees("写错了")
        area.presses("编辑", area.messages.get_by_role("article").last)
        expect(area.page.get_by_test_id("composer")).to_have_value("写错了")
        area.says("写对了")
        area.sees("写对了")
        assert sandbox.hears("edited_message")["text"] == "写对了"
        area.says("下一条")
        area.sees("下一条")

    def test_only_what_changed_is_drawn_again(self, sandbox: Sandbox, screen: Screen) -> None:
        chen = screen.is_person("chen")
        sandbox.acts("chen", "says", text="稳住")
        kept = sandbox.writes("chen", "不动")
        expect(chen.message(kept)).to_be_visible()
        chen.message(kept).evaluate("element => (element.dataset.mark = 'same')")
        edited = sandbox.writes("chen", "之前")
        sandbox.call("editMessageText", chat_id=PEOPLE["chen"], message_id=edited, text="之后")
        expect(chen.message(edited)).to_contain_text("之后")
        expect(chen.message(kept)).to_have_attribute("data-mark", "same")

    def test_a_long_chat_begins_at_its_end_and_older_messages_are_asked_for(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        for number in range(100):
            sandbox.acts("site", "says", text=f"第 {number} 条")
        site = screen.is_person("site")
        expect(site.messages.get_by_text("第 99 条", exact=True)).to_be_in_viewport()
        expect(site.messages.get_by_text("第 0 条", exact=True)).to_have_count(0)
        site.presses("显示更早的消息")
        expect(site.messages.get_by_text("第 0 条", exact=True)).to_have_count(1)
        texts = site.messages.locator(".text").all_inner_texts()
        assert texts == [f"第 {number} 条" for number in range(100)]

    def test_typing_is_shown_until_the_message_comes(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        chen = screen.is_person("chen")
        sandbox.acts("chen", "says", text="等一下")
        sandbox.call("sendChatAction", chat_id=PEOPLE["chen"], action="typing")
        expect(chen.page.get_by_test_id("typing")).to_be_visible()
        sandbox.writes("chen", "好了")
        expect(chen.page.get_by_test_id("typing")).to_be_hidden()


class TestButtons:
    def test_an_inline_button_is_pressed_and_answered_by_a_toast(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        ling = screen.is_person("ling")
        sandbox.acts("ling", "says", text="/start")
        asked = sandbox.writes(
            "ling",
            "开始吗？",
            reply_markup=keyboard(
                [{"text": "下一步", "callback_data": "next"}],
                [{"text": "官网", "url": "https://example.org/"}],
            ),
        )
        expect(ling.message(asked).get_by_role("link", name="官网")).to_be_visible()
        ling.presses("下一步", ling.message(asked))
        query = sandbox.hears("callback_query")
        assert (query["data"], query["message"]["message_id"]) == ("next", asked)
        sandbox.call("answerCallbackQuery", callback_query_id=query["id"], text="记下了 <b>")
        toast = ling.page.get_by_test_id("toast")
        expect(toast).to_be_visible()
        expect(toast).to_have_text("记下了 <b>")
        over, below = toast.bounding_box(), ling.page.get_by_test_id("messages").bounding_box()
        assert over
        assert below
        assert over["y"] + over["height"] <= below["y"]  # it covers no message and no button

    def test_a_press_counts_while_the_bot_edits_the_message(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        ling = screen.is_person("ling")
        sandbox.acts("ling", "says", text="/start")
        buttons = {"reply_markup": keyboard([{"text": "下一步", "callback_data": "next"}])}
        asked = sandbox.writes("ling", "一", **buttons)
        button = ling.message(asked).get_by_role("button", name="下一步")

        def edits(text: str) -> None:
            sandbox.call(
                "editMessageText",
                chat_id=PEOPLE["ling"],
                message_id=asked,
                text=text,
                **buttons,
            )

        button.hover()
        ling.page.mouse.down()
        edits("二")
        expect(ling.message(asked)).to_contain_text("二")
        ling.page.mouse.up()
        assert sandbox.hears("callback_query")["data"] == "next"

        ling.page.evaluate("window.socket.off('update')")  # the tab no longer sees what is drawn
        edits("三")
        other = screen.is_person("ling")
        expect(other.message(asked)).to_contain_text("三")
        expect(ling.message(asked)).to_contain_text("二")
        button.click()
        assert sandbox.hears("callback_query")["data"] == "next"

    def test_an_alert_stays_until_it_is_read(self, sandbox: Sandbox, screen: Screen) -> None:
        chen = screen.is_person("chen")
        sandbox.acts("chen", "says", text="/start")
        asked = sandbox.writes(
            "chen", "确认？", reply_markup=keyboard([{"text": "确认", "callback_data": "y"}])
        )
        chen.presses("确认", chen.message(asked))
        query = sandbox.hears("callback_query")
        sandbox.call(
            "answerCallbackQuery", callback_query_id=query["id"], text="报名已截止", show_alert=True
        )
        alert = chen.page.get_by_test_id("alert")
        expect(alert).to_contain_text("报名已截止")
        chen.presses("好", alert)
        expect(alert).to_have_count(0)
        chen.page.reload()
        expect(chen.message(asked)).to_be_visible()
        expect(alert).to_have_count(0)

    def test_the_reply_keyboard_comes_speaks_and_goes(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        ling = screen.is_person("ling")
        sandbox.acts("ling", "says", text="/start")
        sandbox.writes(
            "ling",
            "菜单",
            reply_markup={
                "keyboard": [
                    [{"text": "我的报名"}],
                    [{"text": "分享号码", "request_contact": True}],
                ]
            },
        )
        keys = ling.page.get_by_test_id("keyboard")
        ling.presses("我的报名", keys)
        ling.sees("我的报名")
        ling.presses("分享号码", keys)
        questionnaire = ling.page.get_by_test_id("phone")
        ling.presses("分享", questionnaire)
        contact = sandbox.hears("message", lambda message: "contact" in message)["contact"]
        assert contact["user_id"] == PEOPLE["ling"]
        assert contact["phone_number"].startswith("+86")
        sandbox.writes("ling", "完", reply_markup={"remove_keyboard": True})
        expect(keys).to_be_hidden()

    def test_the_command_menu_offers_what_the_bot_has_set(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        sandbox.call(
            "setMyCommands",
            commands=[
                {"command": "start", "description": "打开主菜单"},
                {"command": "status", "description": "查看报名进度"},
                {"command": "help", "description": "帮助"},
            ],
        )
        chen = screen.is_person("chen")
        menu = chen.page.get_by_test_id("commands")
        chen.page.get_by_test_id("menu").click()
        expect(menu.get_by_role("button")).to_have_count(3)
        chen.page.get_by_test_id("menu").click()
        expect(menu).to_be_hidden()
        chen.page.get_by_test_id("menu").click()
        expect(menu).to_be_visible()
        chen.page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        chen.page.get_by_test_id("menu").click()
        expect(menu).to_be_visible()
        chen.messages.click()
        expect(menu).to_be_hidden()
        chen.page.get_by_test_id("composer").press_sequentially("/sta")
        expect(menu.get_by_role("button")).to_have_count(2)
        menu.get_by_role("button", name="查看报名进度").click()
        expect(menu).to_be_hidden()
        expect(chen.messages.get_by_role("article").last).to_contain_text("/status")

    def test_a_link_to_the_bot_is_opened_as_whom_one_chooses(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        admin = screen.is_person("admin")
        sandbox.acts("admin", "says", text="/invite")
        sandbox.writes("admin", "https://t.me/baoming_sandbox_bot?start=invite_7")
        admin.messages.get_by_role("link").last.click()
        admin.presses("王敏 · 报名点工作人员", admin.page.get_by_test_id("open-as"))
        expect(admin.page).to_have_url(re.compile("/chat/clerk$"))
        admin.sees("/start invite_7")
        assert sandbox.chat("clerk")[-1]["text"] == "/start invite_7"


class TestFiles:
    def test_a_picture_is_sent_shown_and_enlarged(self, sandbox: Sandbox, screen: Screen) -> None:
        ling = screen.is_person("ling")
        ling.page.get_by_test_id("composer").fill("我的证件照")
        ling.attaches("photo", [("me.jpg", "image/jpeg", _jpeg("teal", (900, 1200)))])
        ling.sees("我的证件照")
        bubble = ling.messages.get_by_role("article").last
        image = bubble.get_by_role("img", name="我的证件照")
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 0
        last = sandbox.chat("ling")[-1]
        assert last["caption"] == "我的证件照"
        assert last["photo"][-1]["height"] == 1200

        ling.presses("放大照片", bubble)
        large = ling.page.get_by_test_id("lightbox")
        expect(large.get_by_role("img")).to_be_visible()
        ling.presses("关闭", large)
        expect(large).to_have_count(0)

    @pytest.mark.parametrize(
        ("language", "heading", "paper"),
        [("中文", "试用资料", "学历学位证书"), ("English", "Sample data", "Education certificate")],
    )
    def test_sample_data_is_put_in_and_sent_by_one_tap(
        self, sandbox: Sandbox, screen: Screen, language: str, heading: str, paper: str
    ) -> None:
        chen = screen.is_person("chen")
        chen.page.get_by_role("button", name=language).click()
        expect(chen.messages).to_be_visible()
        before = len(sandbox.chat("chen"))

        def offers() -> None:
            chen.page.get_by_test_id("attach").locator("> summary").click()
            kit = chen.page.get_by_test_id("samples")
            expect(kit).to_contain_text(heading)
            kit.locator("summary").click()

        offers()
        chen.page.get_by_test_id("sample-number").click()
        expect(chen.page.get_by_test_id("composer")).to_have_value(
            re.compile(r"^999999\d{11}[\dX]$")
        )
        expect(chen.page.get_by_test_id("samples")).to_be_hidden()
        assert len(sandbox.chat("chen")) == before

        offers()
        chen.page.get_by_test_id("sample-portrait").click()
        chen.messages.get_by_role("article").nth(before).wait_for()
        offers()
        chen.page.get_by_test_id("sample-degree").click()
        chen.sees(f"{paper}.pdf")
        portrait, degree = (each["document"] for each in sandbox.chat("chen")[before:])
        assert portrait["mime_type"] == "image/jpeg"
        assert portrait["file_size"] > 50 * 1024
        assert (degree["file_name"], degree["mime_type"]) == (f"{paper}.pdf", "application/pdf")

    def test_several_pictures_are_one_album(self, sandbox: Sandbox, screen: Screen) -> None:
        chen = screen.is_person("chen")
        colours = ("red", "green", "blue")
        chen.attaches("photo", [(f"{c}.jpg", "image/jpeg", _jpeg(c)) for c in colours])
        album = chen.messages.locator("[data-testid^=album-]")
        expect(album.get_by_role("img")).to_have_count(3)
        sent = sandbox.chat("chen")[-3:]
        assert len({each["media_group_id"] for each in sent}) == 1
        for each in sent:
            expect(chen.message(each["message_id"])).to_be_visible()

    def test_a_file_is_sent_as_it_is_and_can_be_downloaded(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        ling = screen.is_person("ling")
        content = b"<script>document.title='owned'</script>" * 100
        ling.attaches("file", [("学历证书.html", "text/html", content)])
        ling.sees("学历证书.html")
        link = ling.messages.get_by_role("link", name="下载 学历证书.html").last
        with ling.page.expect_download() as downloading:
            link.click()
        assert downloading.value.suggested_filename == "学历证书.html"
        assert downloading.value.path().read_bytes() == content
        address = link.get_attribute("href")
        assert address is not None
        answer = ling.page.request.get(address)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == "attachment"

    def test_the_bots_pictures_and_documents_are_shown(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        chen = screen.is_person("chen")
        sandbox.acts("chen", "says", text="/status")
        picture = sandbox.uploads(
            "sendPhoto", "chen", {"photo": ("p.jpg", _jpeg("gold"), "image/jpeg")}, caption="进度"
        )
        questionnaire = sandbox.uploads(
            "sendDocument", "chen", {"document": ("报名表.pdf", b"%PDF-1.7", "application/pdf")}
        )
        expect(chen.message(picture).get_by_role("img", name="进度")).to_be_visible()
        expect(chen.message(questionnaire)).to_contain_text("报名表.pdf")
        expect(chen.message(questionnaire)).to_contain_text("8 B")

    def test_what_is_no_picture_is_refused_aloud(self, sandbox: Sandbox, screen: Screen) -> None:
        area = screen.is_person("area")
        screen.errors_are_expected()
        refusals: list[str] = []

        def read(dialog: Dialog) -> None:
            refusals.append(dialog.message)
            dialog.accept()

        area.page.on("dialog", read)
        with area.page.expect_event("dialog"):
            area.attaches("photo", [("x.jpg", "image/jpeg", b"not a picture")])
        assert "没有发送成功" in refusals[0]


class TestPayments:
    def test_an_invoice_is_paid_on_a_sheet(self, sandbox: Sandbox, screen: Screen) -> None:
        ling = screen.is_person("ling")
        sandbox.acts("ling", "says", text="/pay")
        sent = sandbox.call(
            "sendInvoice",
            chat_id=PEOPLE["ling"],
            title="考试费",
            description="四个科目",
            payload="fee-1",
            provider_token="sandbox",
            currency="CNY",
            prices=[{"label": "考试费", "amount": 24400}],
        )
        bubble = ling.message(int(sent["message_id"]))
        expect(bubble).to_contain_text("¥244.00")
        ling.presses("支付 ¥244.00", bubble)
        questionnaire = ling.page.get_by_test_id("payment")
        expect(questionnaire).to_contain_text("四个科目")
        ling.presses("取消", questionnaire)
        expect(questionnaire).to_have_count(0)
        ling.presses("支付 ¥244.00", bubble)
        ling.presses("支付 ¥244.00", questionnaire)
        query = sandbox.hears("pre_checkout_query")
        assert query["total_amount"] == 24400
        sandbox.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
        ling.sees("已支付 ¥244.00")


class TestBlocking:
    def test_a_bot_is_blocked_and_let_in_again(self, sandbox: Sandbox, screen: Screen) -> None:
        area = screen.is_person("area")
        sandbox.acts("area", "says", text="/start")
        area.page.get_by_test_id("block").click()
        expect(area.page.get_by_test_id("composer")).to_be_hidden()
        assert sandbox.hears("my_chat_member")["new_chat_member"]["status"] == "kicked"
        area.page.get_by_test_id("unblock").click()
        expect(area.page.get_by_test_id("composer")).to_be_visible()
        assert sandbox.hears("my_chat_member")["new_chat_member"]["status"] == "member"

    def test_an_empty_chat_offers_to_start(self, screen: Screen, empty: Sandbox) -> None:
        empty.call("setMyDescription", description="在这里完成网上报名。")
        page = screen.opens(f"{empty.address}/chat/ling")
        expect(page.get_by_text("在这里完成网上报名。")).to_be_visible()
        page.get_by_test_id("start").click()
        assert empty.hears("message")["text"] == "/start"
        expect(page.get_by_test_id("start")).to_be_hidden()


class TestTools:
    def test_the_clock_is_moved_by_the_administrators_command(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        ling = screen.is_person("ling")
        ling.page.get_by_test_id("open-tools").click()
        clock = ling.page.get_by_test_id("clock")
        ling.presses("+1 天", clock)
        said = sandbox.hears("message", saying("/clock +1d"))
        assert said["from"]["id"] == PEOPLE["admin"]
        sandbox.writes("admin", "现在是 <b>8月1日</b>", parse_mode="HTML")
        answer = ling.page.get_by_test_id("clock-answer")
        expect(answer).to_have_text("现在是 8月1日")
        sandbox.writes("admin", "操作记录的封存")
        sandbox.writes("ling", "您好")
        expect(answer).to_have_text("现在是 8月1日")
        ling.page.get_by_test_id("clock-date").fill("2026-08-09")
        ling.page.get_by_test_id("clock-go").click()
        assert sandbox.hears("message")["text"] == "/clock 2026-08-09"

    def test_a_fault_is_switched_on_strikes_and_is_over(
        self, sandbox: Sandbox, screen: Screen
    ) -> None:
        chen = screen.is_person("chen")
        sandbox.acts("chen", "says", text="/start")
        chen.page.get_by_test_id("open-tools").click()
        switch = chen.page.get_by_role("switch", name=re.compile("429"))
        switch.click()
        expect(switch).to_have_attribute("aria-checked", "true")
        answers = [sandbox.answer("sendMessage", chat_id=PEOPLE["chen"], text="?") for _ in "123"]
        assert [each["error_code"] for each in answers] == [429, 429, 429]
        sandbox.writes("admin", "过去了")
        expect(switch).to_have_attribute("aria-checked", "false")

    def test_two_faults_are_switched_on_at_once(self, empty: Sandbox, screen: Screen) -> None:
        chen = screen.is_person("chen", empty.address)
        chen.page.get_by_test_id("open-tools").click()
        switches = [chen.page.get_by_role("switch", name=name) for name in ("很慢", "回答丢失")]
        for switch in switches:
            switch.click()
        for switch in switches:
            expect(switch).to_have_attribute("aria-checked", "true")

    def test_the_panel_shows_the_bots_time_and_no_other_message(
        self, empty: Sandbox, screen: Screen
    ) -> None:
        ling = screen.is_person("ling", empty.address)
        shown = ling.page.get_by_test_id("clock-answer")
        ling.page.get_by_test_id("open-tools").click()
        assert empty.hears("message")["text"] == "/clock"
        empty.writes("admin", "现在是 12月2日")
        expect(shown).to_have_text("现在是 12月2日")
        empty.writes("admin", "有报名在等您办理")
        expect(shown).to_have_text("现在是 12月2日")
        date = ling.page.get_by_test_id("clock-date")
        expect(date).to_have_attribute("placeholder", "例如 2025-12-05")

    def test_what_is_typed_while_the_sandbox_is_away_stays_and_is_marked(
        self, screen: Screen
    ) -> None:
        with running() as away:
            chen = screen.is_person("chen", away.address)
        screen.errors_are_expected()
        expect(chen.page.locator("#popup")).to_have_attribute("aria-hidden", "false")
        chen.says("有人吗")
        expect(chen.page.get_by_test_id("unsent")).to_contain_text("未发送")
        expect(chen.page.get_by_test_id("composer")).to_have_value("有人吗")
        chen.page.wait_for_timeout(2500)  # NiceGUI shows its notice 2 s later
        popup = chen.page.locator("#popup")
        content = "node => getComputedStyle(node.firstElementChild, '::after').content"
        assert "和沙盒的连接断了" in popup.evaluate(content)
        box, notice = (one.bounding_box() for one in (chen.page.get_by_test_id("composer"), popup))
        assert box is not None
        assert notice is not None
        assert notice["y"] + notice["height"] < box["y"], "the notice covers the composer"


class TestLoopback:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Host": "evil.example"},
            {"Host": "localhost.evil.example"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ],
    )
    def test_others_than_this_computer_are_refused(
        self, sandbox: Sandbox, headers: dict[str, str]
    ) -> None:
        assert sandbox.status("/chat/ling", headers) == 400
        assert sandbox.status("/socket.io/?EIO=4&transport=polling", headers) == 400

    @pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "LOCALHOST:8080", "[::1]:8080"])
    def test_this_computer_has_several_names(self, sandbox: Sandbox, host: str) -> None:
        assert sandbox.status("/chat/ling", {"Host": host}) == 200
