### 工作人员的总览：该给谁打电话、统计、名单。

button-seen = 👀 我看到了
toast-seen = 好的，知道您看到了

button-reach = 该联系谁
command-reach = 该联系谁
reach-head = <b>快到期、还没有看过通知的人</b>
reach-nobody = 未来 7 天内没有会因为到期而自动放弃的报名，不用打电话。
reach-total = 7 天内到期的报名：{$count} 份
reach-seen = · 点过“{button-seen}”：{$count} 人
reach-called = · 电话已打通：{$count} 人
reach-open = · 还要联系：<b>{$count}</b> 人
reach-kind = 　– 其中{$why}：{$count} 人
reach-line =
    <b>{$code}</b> {$name} {$phone}
    {$stage}，{$ends} 到期
reach-line-called =
    <b>{$code}</b> {$name} {$phone}
    {$stage}，{$ends} 到期；{$called} 打过，没打通
reach-no-phone = （电话只给负责的报名点、考点、考区看）
reach-noted-yes = 记下了：{$code} 电话打通了，已从名单里去掉。
reach-noted-no = 记下了：{$code} 没打通，还在名单里。
reach-sheet-title = 电话名单（{$at}）
button-reach-yes = {$code} 打通了
button-reach-no = {$code} 没打通
button-reach-more = 后面的人 →
button-reach-pdf = 电话名单（PDF）
button-reach-xlsx = 电话名单（表格）

button-stats = 统计
command-stats = 统计
stats-title = 报名统计
stats-head = <b>报名统计</b>，您负责的范围内共 {$count} 份
stats-none = 还没有人报名。
stats-line = · {$name}：{$count}
stats-day = {$day} 提交
stats-areas = <b>各考区</b>
stats-area = · {$name}：{$count} 份，{ $submitted ->
        [0] 都没有提交过
       *[other] 其中提交过 {$submitted} 份
    }
stats-days = <b>最近 7 天提交</b>
stats-no-days = 最近 7 天没有人提交。
stats-times = <b>处理用时</b>（一半在这个时间内）
stats-time = · {$desk}：{$hours} 小时
stats-time-days = · {$desk}：{$days} 天
stats-refused = <b>最常不通过的地方</b>
stats-item = {$item}（{$reason}）
stats-reach = <b>联系不上的人</b>

button-list = 名单
command-export-staff = 下载考生名单；自己的信息
button-list-xlsx = 下载名单（XLSX）
button-list-csv = 下载名单（CSV）
list-title = 考生名单（{$at}）
column-name = 姓名
column-phone = 手机
column-site = 考点
column-stage = 进度
column-ends = 到期
column-reach = 联系不上的原因
column-called = 上次电话
column-notes = 备注
column-area = 考区
column-point = 报名点
column-specialty = 专业
column-submitted = 提交时间
column-revision = 提交次数
stats-photos = <b>照片自动检查准不准</b>（工作人员看过 {$count} 张）
stats-photo = · {$name}：提醒对了 {$right} 次，其实没问题 {$wrong} 次

### 抽查：一部分决定由另一个人再看一遍，不改变结果

command-checks = 抽查复核
button-checks = 抽查
queue-checks = 抽查：{$count} 份等您看
checks-head = <b>抽查</b>：{$count} 份等您看
checks-none = <b>抽查</b>：现在没有等您看的。
checks-about =
    抽一部分办过的报名，由没有经手的人照平时的标准再看一遍。您看不到第一次的决定；您怎么答，都不改变结果，考生也不知道。
    请不要去查这一份的办理记录：看过就不能答了。
check-head = <b>抽查</b>　{$desk}　{$place}
check-second-asked = 下面是当时提交的内容。像第一次办一样：您会通过吗？
check-third-asked = 两个人的看法不同，请您定：当时应该通过吗？点了就记下，不能撤销。
check-first-said = 一个人：<b>{$verdict}</b>
check-second-said = 另一个人：<b>{$verdict}</b>
check-approve = 通过
check-refuse = 不通过
check-words = “{$words}”
check-ask = <b>为什么不会通过？</b>请直接发一句话，不超过 {$limit} 个字。考生看不到。
problem-check-words = 请写一句话，不超过 {$limit} 个字。例如：执业注册不满规定的年限
check-not-yours = 这一份现在不在您手上：退回了、过了时间，或者您看过它的办理记录。
check-undo-late = 撤销的时间已经过了。
check-undone = 已撤销，请再看一遍。
check-done-second =
    ✅ 记下了，不改变任何结果。

    {$seconds} 秒内可以撤销。
check-done-third = ✅ 记下了。认为第一次的决定不对的，我会告诉作决定的那一步。
check-wrong-refusal = <b>抽查：{$code} 的“{$desk}”不该不通过</b>（第三个人看过，认为应该通过）。
check-wrong-approval = <b>抽查：{$code} 的“{$desk}”不该通过</b>（第三个人看过，认为应该不通过）。
check-wrong-then = 考生还不知道。请马上打开办理记录核对：确实错了，点“{button-reopen}”。没有这个按钮的，时间已过，请按考区的规定处理，并告诉考生。
button-check-next = 领取一份抽查
button-check-approve = ✅ 我会通过
button-check-refuse = ❌ 我不会通过…
button-check-back = 退回，让别人看
button-check-history = 看办理记录
stats-checks = <b>抽查：两个人看得一不一致</b>（κ：1 是完全一致，0 和碰运气一样）
stats-check = · {$desk}：{$count} 份，一致 {$agreed} 份，κ = {$kappa}（95% 区间 {$low} 到 {$high}）
stats-check-few = · {$desk}：{$count} 份，一致 {$agreed} 份；通过和不通过都抽到了才能算 κ
stats-check-third = 　不一致 {$count} 份，第三个人看过 {$settled} 份，认为第一次不对 {$wrong} 份

deed-spot-check-taken = 工作人员领取抽查
deed-spot-check-answered = 工作人员答了抽查
deed-spot-check-settled = 第三个人答了抽查
deed-spot-check-undone = 工作人员撤销抽查的回答
