### 群发：发给谁、写什么、什么时候发完、发得怎么样。

button-broadcasts = 群发通知
button-broadcast-new = 新的群发

broadcasts-head = <b>群发通知</b>
broadcasts-none = 还没有发过群发通知。点“{button-broadcast-new}”开始：先选发给谁，再写内容，看过预览才会发出。
broadcast-listed =
    {$head}，{$at}，{$name}
    “{$words}”
button-broadcast-draft = 接着写没发的那一份
button-broadcast-open = 看群发 {$number}

## 发给谁

audience-ask = <b>新的群发：发给谁？</b>不选的项目就是不限；同一项里选几个，符合一个就发。
audience-list-ask = <b>名单：要哪些人？</b>不选的项目就是不限；同一项里选几个，符合一个就列出。选好以后，点下面的格式下载。
audience-any = {$name}：不限
audience-only =
    { $more ->
        [0] {$name}：<b>{$codes}</b>
       *[other] {$name}：<b>{$codes}</b> 等，另有 {$more} 个
    }
audience-or = {$first}、{$then}
audience-stage = 进度
audience-area = 考区
audience-site = 考点
audience-specialty = 专业
audience-missing = 还没有做的
audience-language = 语言
audience-seen = 看过最近的通知
audience-stage-ask = 哪种进度的人？可以选几个：
audience-area-ask = 哪些考区的人？可以选几个：
audience-site-ask = 哪些考点的人？可以选几个：
audience-specialty-ask = 报哪些专业的人？可以选几个：
audience-missing-ask = 还没有做哪件事的人？可以选几个：
audience-language-ask = 用哪种语言的人？
audience-seen-ask = 要看他们有没有点过“{button-seen}”吗？
button-audience-stage = 进度…
button-audience-area = 考区…
button-audience-site = 考点…
button-audience-specialty = 专业…
button-audience-missing = 还没有做的…
button-audience-language = 语言…
button-audience-seen = 看过没有…
button-audience-done = ← 选好了
button-broadcast-write = 下一步：写内容
button-page-before = ← 前面的
button-page-after = 后面的 →
audience-ticked = ✓ {$name}
audience-unticked = ○ {$name}
audience-count = 现在符合的有 <b>{$count}</b> 人：
audience-nobody = 现在没有人符合。请少选一些条件。
audience-language-count = · {$name}：{$count} 人
audience-unreachable = · 其中 {$count} 人联系不上（停用了机器人或账号），不会发给他们
audience-unreachable-listed = · 其中 {$count} 人联系不上（停用了机器人或账号）
audience-to = <b>发给同时符合这些的人：</b>
audience-to-all = <b>发给您负责范围内的所有人</b>，没有选任何条件
stage-none = 还没有报名
missing-account = 没有填身份信息
missing-application = 没有开始报名
missing-photo = 没有照片
missing-materials = 没有交齐证明材料
missing-submission = 没有提交，或撤回了没有再交
missing-resubmission = 被退回，还没有再次提交
missing-payment = 没有缴费，也没有说已经缴了
seen-yes = 看过
seen-no = 没有看过

## 写什么

broadcast-text-zh-cn = <b>请发中文内容</b>，最多 {$limit} 个字符。没有写英文的话，用英文的人也收到这段中文。
broadcast-text-en = <b>请发英文内容</b>，最多 {$limit} 个字符；不需要就点“{button-skip}”。
broadcast-written = <b>已经写好：</b>“{$words}”。要改就把新的整段发来；不改，点“{button-broadcast-keep-text}”。
button-broadcast-keep-text = 用写好的 →
button-broadcast-drop-text = 不要英文
broadcast-may-attach = 要带照片或文件，就把照片或文件发来，内容写在它的说明里（最多 1,024 个字符）。
broadcast-has-photo = 已带一张照片。再发一张就换掉它。
broadcast-has-document = 已带一个文件。再发一个就换掉它。
broadcast-placeholders = 花括号里的词，发出时换成收信人自己的：
broadcast-placeholder = {"{"}{$name}{"}"} {$about}
placeholder-name = 姓名
placeholder-code = 编号
placeholder-area = 考区
placeholder-site = 考点
placeholder-specialty = 专业
placeholder-stage = 进度
placeholder-deadline = 截止时间
placeholder-name-about = 收信人的姓名；还没有填的，写“考生”
placeholder-code-about = 报名编号
placeholder-area-about = 所选的考区
placeholder-site-about = 所选的考点
placeholder-specialty-about = 报考的专业
placeholder-stage-about = 报名的进度
placeholder-deadline-about = 现在这一步的截止时间
broadcast-file-kept = 好的，文件收到了。现在请写内容。
broadcast-file-dropped = 好的，不带文件了。
button-drop-file = 不带文件
broadcast-reader = 考生
broadcast-moment = {$at}

problem-audience-empty = 没有可以发给的人，所以还不能继续。请少选一些条件，或等有人符合再发。
problem-broadcast-empty = 还没有内容。请写几句话，例如：{"{"}姓名{"}"}您好，请在{"{"}截止时间{"}"}前提交报名。
problem-broadcast-unknown = 这些词我不认识：{$names}。请照下面列出的词写，或去掉花括号。
problem-broadcast-brace = 花括号没有成对，在“{$near}”附近。请写成 {"{"}姓名{"}"} 这样，或去掉它。
problem-broadcast-long = 内容太长：换上每个人自己的词以后可能有 {$length} 个字符，最多 {$limit} 个。请至少删去 {$over} 个。
problem-broadcast-cut = 内容太长，Telegram 把它分成了几条，所以都没有用。最多 {$limit} 个字符，请改短了再发一次。
problem-broadcast-caption = 带照片或文件的内容最多 {$limit} 个字符，这段换上每个人自己的词以后可能有 {$length} 个。请至少删去 {$over} 个，或点“{button-drop-file}”。
problem-broadcast-start = 请这样写开始的时间：{$example}。要在现在以后，最远 90 天。
problem-broadcast-late = 来不及：最后一条要到 {$last} 才发出，截止是 {$deadline}。请改在 {$start} 以前开始，或少发一些人。
problem-broadcast-never = 来不及：现在就开始，{$deadline} 前也只能发给 {$count} 人里的 {$reached} 人。请少发一些人，先发最要紧的。

## 什么时候发完

broadcast-plan = <b>请看一遍，再确认发出</b>
broadcast-starts-now = 确认后马上开始
broadcast-starts = {$at} 开始
broadcast-start-how = 要定时，点下面的时间，或者把时间发给我，例如 {$example}
broadcast-last = 最后一条大约 {$at} 发出（{$minutes} 分钟发完），已给回复留出余量
broadcast-deadline = 要赶在 {$at} 以前
broadcast-beside = 同时还有别的群发在发（{$count} 条），大家轮流，所以慢一些
broadcast-price = 付费快发：{$count} 条，共 <b>{$stars}</b> 颗 Telegram 星星，从机器人的余额里扣
broadcast-night = 注意：有一部分会在晚上 10 点到早上 8 点之间发出。请考虑改到白天。
broadcast-gaps = 注意：例 {$samples} 里有空着的地方，写着“{value-skipped}”。请换一种写法，或者少发给一些人。
broadcast-sample = <b>例 {$number}</b>（姓名和编号已遮住）
broadcast-tested =
    { $count ->
        [1] 试发好了，就是上面那一条。
       *[other] 试发好了，就是上面那 {$count} 条，每种语言一条。
    }
button-broadcast-confirm = ✅ 确认，发给他们
button-broadcast-try = 先发给我自己看看
button-broadcast-deadline = 换截止时间
button-broadcast-paid = 付费快发：开 / 关
button-broadcast-audience = 改发给谁
button-start-at = {$at} 开始
button-start-now = 改成马上开始
broadcast-same = 同样的内容已经由 {$name} 在 {$at} 发给了同样的人，所以没有再发一遍。要补发，请改一改内容。
broadcast-same-own = 同样的内容，您在 {$at} 已经发给了同样的人，所以没有再发一遍。要补发，请改一改内容。

## 发得怎么样

broadcast-head = <b>群发 {$number}</b>：{$state}
broadcast-report-below = 已经结束，结果在下面的消息里。
broadcast-state-draft = 还没有发出
broadcast-state-planning = 正在列名单
broadcast-state-scheduled = 等时间到
broadcast-state-running = 正在发
broadcast-state-paused = 已暂停
broadcast-state-cancelling = 正在取消
broadcast-state-cancelled = 已取消
broadcast-state-finished = 发完了
broadcast-total = 共 {$count} 人，已有结果 {$done} 人
broadcast-outcome = · {$outcome}：{$count} 人
broadcast-why = 　– {$why}：{$count} 人
broadcast-ends = 照现在的速度，大约 {$at} 发完
outcome-planned = 等着发
outcome-claimed = 马上发
outcome-sent = 已送达
outcome-refused = 没有送到
outcome-overtaken = 已不符合条件，没有发
outcome-cancelled = 取消了，没有发
outcome-unknown = 不清楚收到没有
why-forbidden = 停用了机器人
why-deactivated = 账号已注销
why-never-answered = 还没有和机器人说过话
why-gone = 找不到这个聊天
why-erased = 已删除自己的信息
why-late = 过了截止时间
why-code = 对方服务器不接受（{$code}）
broadcast-unknown = 有 {$count} 人不清楚收到没有：发出时断了线。我不会再发给他们，免得有人收到两遍。需要的话请打电话：{$codes}
broadcast-cancel-ask = <b>要取消这次群发吗？</b>已经送达 {$sent} 人，收不回来；剩下的 {$left} 人不再发。取消以后不能再继续。
broadcast-list-title = 没有收到群发的人
button-broadcast-pause = ⏸ 暂停
button-broadcast-rest = ▶️ 继续发剩下的
button-broadcast-failed = 再试没送到的
button-broadcast-ask = 取消…
button-broadcast-cancel = 确定取消
button-broadcast-show = 不取消，回去看进度
button-broadcast-file = 没收到的人（表格）
toast-broadcast-pause = 已暂停
toast-broadcast-rest = 继续发
toast-broadcast-failed = 再试一遍
toast-broadcast-cancel = 已取消
toast-broadcast-over = 状态已经变了，请看最新的进度
column-code = 编号
column-outcome = 结果
column-why = 原因
