### 提交以后：谁在办、从什么时候开始、要做什么、到什么时候；没有通过怎么改。

status-confirmed = <b>报名已确认。</b>
status-site-approved = <b>考点审核已通过。</b>这还不是最后结果。
status-approved = <b>资格审核已通过。</b>
status-registered = <b>报名成功。</b>
status-abandoned = <b>这次报名已按自动放弃处理。</b>
status-refused-confirmation = <b>报名确认没有通过。</b>
status-refused-site-review = <b>考点审核没有通过。</b>
status-refused-area-review = <b>考区审核没有通过。</b>
status-rejected-confirmation = <b>报名确认的结果：不予通过。</b>
status-rejected-site-review = <b>考点审核的结果：不予通过。</b>
status-rejected-area-review = <b>考区审核的结果：不予通过。</b>

waits-since =
    { $is-early ->
        [yes] 这一步还没有开始。上一步已办完，{$since} 起在等这一步开始。
       *[no] {$since} 起在等这一步。
    }
usual = 这一步，一半的人等了不到 {$half}，十个人里有九个不到 {$most}（最近 {$count} 份）。
usual-unknown = 暂时没有可参考的办理时长。
span-hours = {$count} 小时
span-days = {$count} 天

registered-fee = {$area}不在网上收费。考试费什么时候交、怎么交，请问考区：{$area-contact}

refused-words = 总的说明：“{$words}”
refused-final = <b>这个结果不能再补充或修改。</b>有疑问请致电咨询。
rejected-final =
    <b>这不是要您修改：这份报名不能再改，也不能再提交，您不能参加这一次考试。</b>
    两位工作人员分别看过，才作出这个决定。您的个人信息、照片和学历都还在，以后的考试不用重填。
    您认为有误，请带上证明材料，向下面的单位咨询；确实有误的，可以更正。
fault-plain = · <b>{$item}</b>：{$reason}
fault-open = ○ <b>{$item}</b>：{$reason}
fault-seen = ✓ <b>{$item}</b>：{$reason}
fault-seen-now = ✓ <b>{$item}</b>：现在是 <b>{$now}</b>（原来不通过：{$reason}）
fault-changed-now = ✓ <b>{$item}</b>：现在是 <b>{$now}</b>（{$reason}）
fault-files = { $count } 个文件
fault-words = “{$words}”
reason-follows = 前面的内容有改动，请重新核对这一项
reason-other = 请看工作人员写的说明
mend-how = 点下面的按钮，一项一项打开看，改好或者保留。都看过以后，这里会出现“{button-resubmit}”。没有列出的内容不用改，也不能改。
mend-whole = 都看过了。<b>还没有提交</b>，请点“{button-resubmit}”。
mend-not-yet = 还有没看过的，或者必交的材料被删掉了。请先看带“○”的那几项，再提交。
mend-only-these = 只能改没有通过的内容。请从下面选：
button-mend = 修改{$item}
button-resubmit = ✓ 改好了，再次提交
button-reasons = 看原因
button-refusal = 看原因，去修改

abandoned-at-submitted = 原因：到截止时间没有报名确认。{$since} 起按自动放弃处理。
abandoned-at-confirm-refused = 原因：确认没有通过后，到截止时间没有再次提交。{$since} 起按自动放弃处理。
abandoned-at-review-refused = 原因：审核没有通过后，到截止时间没有再次提交。{$since} 起按自动放弃处理。
abandoned-at-approved = 原因：到截止时间没有缴费。{$since} 起按自动放弃处理。
abandoned-mend = 如果您已按时办理，或者有特殊情况，请尽快致电说明。情况属实的，管理员可以恢复您的报名，填过的内容都还在。
reinstated-until = <b>管理员恢复了您的报名，请在 {$closes} 前办完这一步。</b>逾期没有办，仍视为自动放弃考试。

told-confirmed = <b>报名确认通过了。</b>接下来是资格审核。
told-site-approved = <b>考点审核通过了，还要等考区审核。</b>这还不是最后结果。
told-approved = <b>资格审核通过了。</b>
told-registered = <b>您已报名成功。</b>
told-abandoned = <b>截止时间已过，这次报名按自动放弃处理了。</b>
told-reinstated = <b>好消息：您的报名恢复了。</b>
told-reminder = <b>提醒：报名确认快要截止了，您还没有办。</b>
told-reopened = <b>之前的审核结果要更正，正在重新办理。</b>您现在什么都不用做，有了新的结果，马上告诉您。
told-payment-unmarked = <b>更正：刚才说您报名成功，是工作人员标记错了。</b>这里还没有您的缴费记录。
