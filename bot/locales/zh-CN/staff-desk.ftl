### 工作人员：队列、领取、报名卡片、审核决定、查找。

desk-confirmation = 报名确认
desk-site-review = 考点审核
desk-area-review = 考区审核

## 队列

queue-head = <b>待办队列</b>
queue-line = <b>{$desk}</b>（{$place}）：{$waiting} 份待办{$held ->
        [0] {""}
       *[other] ，其中 {$held} 份有人正在办
    }
queue-since = 最早一份：{$since} {$how ->
        [confirmation] 提交
       *[other] 转来
    }
queue-opens = {$opens} 开始办理
queue-closes = {$closes} 截止（补交的看卡片上的期限）
queue-closes-today = ⏰ <b>今天 {$closes} 截止</b>（补交的看卡片上的期限）
queue-closes-tomorrow = ⏰ <b>明天 {$closes} 截止</b>（补交的看卡片上的期限）
queue-closed = 已于 {$closed} 截止；这些还可以办，期限看卡片
queue-overdue = ⚠️ {$count} 份到 {$closed} 截止没有办完，现在不能办，请告诉您的管理员
queue-ends = 照最近 {$days} 天的速度（办完 {$count} 份），{$ends} 前后能办完
queue-ends-late = ⚠️ 照最近 {$days} 天的速度（办完 {$count} 份），要到 {$ends} 前后才能办完，<b>赶不上截止时间</b>。请告诉您的管理员
queue-nothing = 现在没有等您办理的报名。
queue-returned = 编号 {$code} 退回队列了，同事可以领。您接着领，先领到的是别的。
queue-yours = 您手上有{$count ->
        [1] 一份
       *[other] {" "}{$count} 份
    }：{$codes}
invites-news-head = <b>有邀请快要失效了</b>
invites-wait = 您发出的邀请有 {$count} 份没有办完，最早的 {$ends} 失效。
queue-news-head = <b>有报名在等您办理</b>
queue-nothing-here = 现在没有等待办理的报名。
group-news-head = <b>有报名在等待办理</b>（{$scope}）

toast-queue-empty = 现在没有可以领的报名
toast-decided-last = 已决定。现在没有下一份可以领
toast-lost = 这份报名已经不在您手上

button-queue-next = 领取下一份
button-queue-held = 继续办手上这一份
button-queue-held-one = 继续办 {$code}
button-take = 领取这一份
button-take-code = 领取 {$code}
button-find = 查找
button-history = {$code} 的办理记录

## 卡片

card-head =
    <b>{$desk}</b>　编号 <b>{$code}</b>
    {$place}　第 {$revision} 次提交　{$since} 到的
case-head = 编号 <b>{$code}</b>　<b>{$name}</b>
card-page-place = 报名地点
card-page-person = 基本信息
card-page-contact = 联系方式
card-page-applying = 报考信息
card-page-education = 教育情况
card-page-work = 工作情况
card-portrait = <b>照片</b>（在卡片上方）
card-files = <b>照片和材料</b>（在卡片上方）
card-files-line = {$name}：{$count ->
        [0] 没有上传
       *[other] {$count} 个文件
    }
card-change = · {$name}：{$old} → <b>{$new}</b>
card-change-files = · {$name}：文件有改动（{$old} 个 → <b>{$new} 个</b>）
card-change-files-same = · {$name}：换了文件（仍是 {$new} 个）
card-change-photo = · 报名照片：换了一张
card-no-answer = （未填）
card-until = {$closes} 前可以办理
card-overdue = ⚠️ 已于 {$closes} 截止，<b>现在不能决定</b>，请告诉您的管理员
card-decided = <b>以前的决定</b>
card-changed = <b>上次决定以后改动的</b>
card-unchanged = 没有改动
card-notes = <b>同事的备注</b>
card-paper = {$name}（{$number}/{$count}）
card-noted = 备注已保存，办这份报名的同事都看得到；考生导出自己的信息时会看到。
verdict-approved = ✅ {$desk}通过　{$name}　{$at}
verdict-refused = ❌ {$desk}不通过　{$name}　{$at}
verdict-rejected = ⛔ {$desk}不予通过　{$name}　{$at}
second-look-line = ⛔ {$name} 建议不予通过　{$at}　{$outcome ->
        [agreed] 同事同意
        [declined] 同事不同意
        [taken-back] 本人撤回
        [withdrawn] 没有看完，考生撤回了报名
        [changing] 没有看完，考生的更改申请同意了
        [reopened] 没有看完，前面的决定重新打开了
        [expired] 没有看完，截止时间到了
        [merged] 没有看完，这个账户合并时关闭了
        [released] 没有看完，证件号码是别人的
        [corrected] 没有看完，考生的身份信息更正了
        [overtaken] 报名离开了这一步，不用再看
       *[open] 等同事再看一遍
    }
second-look-card = <b>⛔ {$name} 建议不予通过</b>（{$at}），请您再看一遍。原因：
note-line = {$name}（{$at}）：{$words}
note-ask =
    给同事写一条备注，不超过 {$limit} 个字，直接发给我。

    考生导出自己的全部信息时会看到备注，请只写办事需要的内容。
problem-words-long = 写得太长了：{$count} 个字，最多 {$limit} 个字。请分成几句要紧的，再发一次。例如：第二页的公章看不清，请重新拍。

button-card-more = 还有几页 →
button-card-portrait = 再发一次照片
button-card-pictures = 再发一次照片和材料
button-card-files = 再发一次照片和材料（PDF 原件）
button-card-approve-next = ✅ 通过并领取下一份
button-card-approve = ✅ 通过
button-card-refuse = ❌ 不通过…
button-card-whole = ← 回到卡片
button-card-note = 写备注
button-card-return = 退回队列

lost-returned = 编号 {$code} 太久没有操作，已经回到队列。要继续办，请从队列里再领一次。
lost-taken = 编号 {$code} 正在由别的同事办理。
lost-decided = 编号 {$code} 已经有了决定，现在不能再改。
lost-gone = 编号 {$code} 现在不在您能办的范围里：可能考生撤回了，或者已经到了下一步。
closed-decided = 编号 {$code} 已办完。
closed-returned = 编号 {$code} 已经回到队列。
closed-reopened = 编号 {$code}：前面的决定重新打开了，先不用办。重新办到这一步时，会再进入队列。
closed-expired = 编号 {$code}：截止时间到了，还没有办完，这份报名按自动放弃处理了，不用再办。
closed-merged = 编号 {$code}：考生有两个账户，合并时关闭了这一个，不用再办。
closed-released = 编号 {$code}：这份报名用的证件号码是别人的，已经退回考生，不用再办。再次提交后，会重新进入队列。
closed-corrected = 编号 {$code}：考生的身份信息更正了，这份报名已经回到队列，请按更正后的信息再看一遍。
closed-as-decided = <b>您的决定作废</b>，没有发给考生。
closed-as-asked = <b>您的“不予通过”建议结束</b>，没有发给考生。
closed-gone = 编号 {$code} 已经不用您办理。

## 不通过

refusing-head =
    <b>哪里不通过？</b>
    点一页、一份材料或照片，再选原因。考生只需要改您点的这些。
refusing-nothing = 还没有点任何一项。
refusing-needs-item = 只写总的说明还不够，请再点出至少一项：考生只能改您点的那些。
refusing-clause = 按表里填的，还达不到这一条：{$clause}。点“{button-cite-clause}”，原因一次写好；材料能证明的，由您决定。
refusing-words = 总的说明：{$words}
picking-head = <b>{$title}</b>：哪一项不通过？
picking-line = {$field}：{$value}
reasoning-ask =
    <b>{$item}</b>
    为什么不通过？点一个原因；还可以直接发一句话说明，不超过 {$limit} 个字，考生会看到原话。
wording-ask = 给考生写一句总的说明，不超过 {$limit} 个字，直接发给我。考生会看到原话。
flaw-reason = · {$item}：{$reason}
flaw-words = · {$item}：{$words}
flaw-both = · {$item}：{$reason}。{$words}
problem-faults-many = 一次最多点 {$limit} 项。请先点最要紧的，例如看不清的身份证件；其余的，等考生再次提交后再点。
sending-head = <b>请再看一遍，考生会看到这些：</b>
sending-until = 考生可以在 {$until} 前改好再提交，重新提交后，回到“{$desk}”这一步。
sending-final = ⚠️ 这次不通过是<b>最终结果</b>，考生不能再补充。

button-cite-clause = 按这一条不通过
button-refusing-words = 写总的说明
button-look-over = 看一遍再发出
button-send-refusal-next = ❌ 不通过并领取下一份
button-send-refusal = ❌ 确定不通过
button-reject = ⛔ 不予通过（考生不能再改）…
second-look-reasons = “不予通过”以后，考生不能再改，也不能再提交。只有改不了的原因才能用：{$reason1}、{$reason2}、{$reason3}。别的原因请用“不通过”，让考生改。
second-look-nobody = “不予通过”要由另一位同事再看一遍，现在这里没有第二个人能看。请让管理员再邀请一位，或者用“不通过”。
second-look-asked =
    ⛔ 编号 {$code}：您建议<b>不予通过</b>，已经请同事再看一遍。

    同事同意以后才作数，考生现在不知道。结果我会告诉您。
second-look-declined = 您不同意不予通过，已告诉提建议的同事。请照常办理这一份。
second-look-over = 这条建议已经有结果，不能再撤回。
second-look-taken-back = 建议已撤回，什么都没有发给考生。这份报名又在您手上，原因还在“不通过”里。
second-look-news = <b>有一份报名要您再看一遍</b>：编号 {$code}，同事建议不予通过。
second-look-place = {$desk}（{$place}）
second-look-told-agreed = 编号 {$code}：同事看过，同意<b>不予通过</b>。
second-look-told-declined = 编号 {$code}：同事看过，<b>不同意</b>不予通过，会照常办理。
second-look-told-undone = 编号 {$code}：同事撤销了对“不予通过”的同意，还要再看一遍。

button-second-look-agree = ⛔ 同意，不予通过
button-second-look-decline = 不同意，照常办理
button-second-look-back = 撤回这条建议
toast-second-look = 已请同事再看一遍
toast-rejected = 已决定：不予通过
button-let-pass = 这一项没有问题
button-item = {$item}
button-refused-item = ❌ {$item}

## 决定

decided-approved =
    ✅ 编号 {$code}：您决定<b>通过</b>。

    {$seconds} 秒内可以撤销；过后生效，并通知考生。
decided-refused =
    ❌ 编号 {$code}：您决定<b>不通过</b>。

    {$seconds} 秒内可以撤销；过后生效，并通知考生。
decided-rejected =
    ⛔ 编号 {$code}：您和同事决定<b>不予通过</b>，考生不能再改。

    {$seconds} 秒内可以撤销；过后生效，并通知考生。
decision-taken-back = 已撤销，什么都没有发给考生。这份报名又在您手上了。
toast-approved = 已决定：通过
toast-refused = 已决定：不通过

button-undo = 撤销这个决定

## 查找

find-ask =
    要找哪一份报名？请发<b>编号</b>（例如 2222-454）、考生的<b>全名</b>，或<b>完整的证件号码</b>。
    只有一份、又等您办理的，会马上领取并打开卡片。

    只找得到您负责范围内的。每次查找都会留下记录。
find-nothing = 您负责的范围内没有找到。请核对编号、全名或完整的证件号码，再发一次。
found-head = <b>找到的报名</b>
found-line = {$code}　{$stage}{$held ->
        [yes] 　有人正在办
       *[no] {""}
    }
history-undecided = 还没有生效的决定。
history-line = {$at}　{$deed}

deed-case-taken = 工作人员领取
deed-case-returned = 工作人员退回队列
deed-case-noted = 工作人员写了备注
deed-decided = 工作人员作出决定
deed-taken-back = 工作人员撤销决定
deed-second-look-asked = 工作人员建议不予通过，请同事再看
deed-second-look-declined = 工作人员再看一遍，不同意不予通过
deed-second-look-taken-back = 工作人员撤回不予通过的建议
deed-decision-applied = 决定生效
deed-decision-void = 决定作废（还没有生效，报名离开了这一步）
deed-searched = 工作人员查找
deed-history-seen = 工作人员查看办理记录
deed-print-verified = 工作人员核对打印的报名表

## 缴费：考生已在别处缴费

button-mark-paid = {$code} 已在别处缴费
button-confirm-paid = ✅ 确认已缴费
button-unmark-paid = 撤销：还没有缴费
paying-ask =
    <b>编号 {$code}：考生已经缴费了吗？</b>
    请先在{$area}的缴费记录里核对。确认后，这份报名就是“报名成功”，考生会马上收到通知。
paying-no-receipt = 有票据号的话，可以先发给我，再点确认。没有就直接点确认。
paying-receipt = 票据号：{$number}（不对就重新发一次）
problem-receipt = 这不像票据号：要有字母或数字，最多 {$limit} 个字。请重新发一次，例如 20260204001。
payment-receipt = 票据号 {$number}
payment-marked =
    ✅ 编号 {$code}：已标记为已缴费，报名成功，考生已收到通知。

    点错了，{$seconds} 秒内可以撤销。
payment-undone = 编号 {$code}：已撤销，回到“等待缴费”，并已告诉考生。
payment-undo-late = 撤销的时间已经过了，这次没有改动。请告诉管理员。
payment-next = 可以接着查找下一份。

button-reopen = 决定有误，重新办理…
reopen-ask =
    <b>编号 {$code}：为什么要重新办理？</b>
    请把原因发给我，例如：把别人的材料看成了这一份。
    发来以后，这一份回到您这一步的队列，我会告诉考生正在更正。原因只有同事能看到。
reopen-nothing = 这一步没有可以更正的决定，什么也没有改。
reopened-done = 编号 {$code}：已回到“{$desk}”的队列，并已告诉考生。
reopened-next = 请点“{button-take}”，重新作决定。
card-photo-judged =
    { $faults ->
        [0] <b>照片自动检查</b>：{$fine} 项合格{ $left ->
            [0] {""}
           *[other] ，{$left} 项没有判断
        }
       *[other] <b>照片自动检查</b>（只是提醒）：{$fine} 项合格{ $left ->
            [0] {""}
           *[other] ，{$left} 项没有判断
        }，{$faults} 项要看
    }
card-photo-mended = 这是考生选用的修过的照片（转正、裁剪或背景变白）。
card-photo-compressed = 照片是作为图片发来的，聊天软件压缩过。
card-photo-was-fine = 同事说过：照片没问题。
card-photo-was-bad = 同事说过：照片有问题。
card-photo-said = 记下了，只用来统计检查准不准，不影响您的决定。
card-photo-same = ⚠️ <b>和另一份报名的照片一样</b>：{$code}。请核对是不是本人。
card-photo-same-elsewhere = ⚠️ <b>和别处另一位考生的照片一样</b>。请核对是不是本人。
card-photo-same-ask = 两份报名的照片，另一份是：{$code}。像素几乎一样才会提示；双胞胎各拍一张、本人重拍都不会。请核对证件，是不是本人由您判断。
card-photo-this = 这一份
card-photo-other = 另一份
button-card-photo-fine = 👌 照片没问题
button-card-photo-bad = 👎 照片有问题
button-card-photo-compare = 看两张一样的照片
deed-photo-opinion = 工作人员说照片检查准不准
