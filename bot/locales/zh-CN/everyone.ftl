### 谁都会用到的话：语言、同意、菜单、听不懂的时候。

pattern-moment = y年M月d日（EEE）HH:mm
pattern-day = y年M月d日（EEE）

language-ask-zh-cn = 请选择语言：
language-ask-en = Please choose your language:
language-name-zh-cn = 中文
language-name-en = English
language-changed = 好的，以后用中文。

consent-ask =
    <b>您好，我是报名助手。</b>
    我陪您一步一步完成“{$exam}”的报名，随时可以停下，回来接着填。

    <b>开始前请看一下</b>
    · 由谁负责：组织这次报名的考试管理机构；您选的考点、考区的工作人员会看到您的信息。
    · 保存什么：姓名、证件、民族、联系方式、学历、工作单位、报考信息、照片，线上确认的考区还有证明材料。只用来报名。
    · 保存多久：账户、照片和学历留到您删除为止，明年报名不用再填；没有提交的报名随时可以删除，已提交的由考点、考区按规定保存。
    · 怎样保护：加密保存。写有证件号码的消息，我收到后会从聊天里删掉。
    · <b>会传到境外</b>：Telegram 的服务器在中国大陆以外，您发的消息、照片和文件都会经过那里，留在 Telegram 服务器上的内容，我们无法删除。不愿意的话，请用官方小程序报名。
    · 您可以随时用 /profile 查看、导出、删除自己的信息。

    同意我们这样使用您的信息吗？
consent-declined = 好的。除了这个聊天和您选的语言，我什么都没有记下。没有您的同意就不能在这里报名；改了主意，随时可以回来。
consent-later = 好的，什么都不会丢。想报名的时候再回来，同意就点“{button-consent}”，或者打“同意”两个字。
consent-how = 还没有收到您的同意，所以还不能往下走。同意就点“{button-consent}”，或者打“同意”两个字；不急，随时可以回来。

menu-title = <b>{$exam}</b>
menu-will-tell = 报名一开始，我就告诉您。
opening-noted = 记下了。
opening-told = <b>{$exam}</b>开始报名了，{$closes} 截止。

start-again = 欢迎回来。上次停在这里：
cancel-submitted = 您的报名已经提交，这个命令不会取消报名。
submitted-withdraw = 想改，或者不想报了，发 /withdraw 撤回。
submitted-change = 现在不能撤回了。要改内容，发 /change 申请更改。
back-menu = 这里是菜单，前面没有题目了。
back-submitted = 您的报名已经提交，退不回填写的题目。
cancel-done = 好的，先停在这里。填过的都保存着，点“{button-resume}”随时接着填。
back-nothing = 这已经是第一步了。

unknown-edited = 我看不到您对旧消息的修改，原来的回答仍然有效。要改现在这一题，请重新发一条；要改前面的，请用 /back 退回去，或在最后核对时点那一行。
unknown-stale = 那个按钮是之前的，已经过期了。现在请看这里：
unknown-early = 您这句话是在看到这个问题之前发的，我没有当作回答。请看这里：
unknown-kind = 这一步用不上这个内容。您现在要做的是：
unknown-voice = 我听不了语音和视频，请打字，或者点按钮。您现在要做的是：
lost-first =
    没太明白您的意思。您是想问下面这些吗？
    也可以换个说法再发一次，例如“怎么缴费”“改手机号”“什么时候截止”。
asked-several = 您问了几件事，点一下，一件一件看：
lost-again = 还是没明白，抱歉。您现在要做的是：
lost-often = 我几次都没听懂，真抱歉，别再为我费时间了。{ $is-named ->
        [yes] 请直接联系下面的人：
       *[no] 怎么找人问，看下面：
    }
toast-stale = 这个按钮已经过期了
toast-twice = 已经收到了

trouble-apology = 抱歉，刚才那条消息我们没有处理成功，值班人员已经知道了。之前填的内容都在，请点“{button-here}”再试一次。
trouble-alert = 一条更新处理失败，已搁置：{$update}
trouble-stuck = 工作人员的一项决定没能生效，已先搁置（编号 {$verdict}）。其他决定不受影响；这一项 10 分钟后再试，之后间隔会拉长，请让维护人员看日志。
trouble-conflict = ⚠️ 另一个程序正在用同一个机器人令牌接收消息：每条消息只有一边收得到，考生的回答会分到两处。请马上停掉另一个；找不到的话，在 @BotFather 换一个令牌。
trouble-many = 您发得太快了，后面的消息我没有读，前面的都在。请等一会儿，点“{button-here}”继续。
trouble-job = 一项定时工作反复失败，已搁置：{$kind} {$key}。其他工作不受影响。请让维护人员看日志，处理后运行：baoming jobs retry {$kind} {$key}

clock-now = 现在是 {$now}。
clock-format = 请这样写：/clock +30m、/clock +2h 或 /clock +3d
clock-far = 一次最多前进 {$days} 天。
clock-refused = 这个命令只给沙盒的管理员用。

bot-description =
    在这里报名“{$exam}”：一问一答填报名表，查进度，收审核结果。
    填过的都会保存，随时可以停下，下次接着填。
    点“开始”就行。Tap “Start”; English is available.
bot-short-description = {$exam}报名：一问一答填表，查进度，收结果。English available.
bot-short-description-plain = 考试报名：一问一答填表，查进度，收结果。English available.
command-start = 开始或继续
command-status = 报名进度和待办
command-help = 帮助
command-back = 上一步
command-cancel = 先停下，回到菜单
command-language = 语言 / Language

button-consent = 同意，开始
button-reread = 重新看一遍
button-decline = 不同意
button-here = 回到现在这一步
button-leave = 先停在这里
button-resume = 继续报名
button-tell-me = 开始报名时告诉我
button-status = 我的进度
button-menu = 菜单
button-language = 语言 Language
button-back = ← 上一步
button-skip = 跳过
button-why = 为什么问？
button-keep = 不改，继续

value-now = 现在填的是：<b>{$value}</b>
value-years = {$years} 年
value-skipped = （未填）
problem-choice = 请从下面的按钮里选一个，也可以把按钮上的字打出来。

### 出生日期不写星期几。

birthday = {$year}年{$month}月{$day}日
exam-change-told = <b>考试定义已更改</b>：第 {$number} 版现在生效。截止时间变了的人会各收到一次通知；24 小时内到期的不会自动放弃。收回：在服务器上运行 baoming exam revert。
exam-change-refused-told = <b>考试定义的更改没有生效</b>：第 {$number} 版有错误，或者少了已有报名信息用到的内容（{$why}）。照原来的定义继续，什么都没有变。
