### 工作人员的总览：该给谁打电话、统计、名单。

button-seen = 👀 我看到了
toast-seen = 好的，知道您看到了

button-reach = 该联系谁
command-reach = 该联系谁
reach-head = <b>快到期、还没有看过通知的人</b>
reach-nobody = 未来 7 天内没有会因为到期而自动放弃的报名，不用打电话。
reach-total = 7 天内到期的报名：{$count} 份
reach-seen = · 点过“我看到了”：{$count} 人
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
stats-refused = <b>最常不通过的地方</b>
stats-item = {$item}（{$reason}）
stats-reach = <b>联系不上的人</b>

button-list = 名单
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
