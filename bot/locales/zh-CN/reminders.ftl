### 提醒、待办清单和日历。

command-todo = 我还要办什么
command-reminders = 提醒：开或关
command-calendar = 把日期放进手机日历

remind-scheduled = <b>提醒：这件事还等着您办。</b>
remind-withdrawn = <b>提醒：您撤回了报名，还没有再次提交。</b>
remind-payment-claimed = <b>缴费快截止了，考区还在核对您说的付款。</b>想问结果，请致电考区。
remind-own = <b>到您约好的时间了。</b>
remind-moved = <b>截止时间改了，请以这里为准。</b>
remind-question = <b>您打算什么时候办？</b>选一个时间，到时候我提醒您一次。
remind-begin = 您还没有开始填报名表。<b>逾期没有提交，这次不能报名。</b>
remind-case = 您的证件号码还没有核实，核实以前不能报名。<b>请在 {$closes} 前办好，逾期不能报名。</b>
remind-exam-eve = <b>明天开始考试。</b>今天请再看一遍准考证：哪一天、几点、在哪里。
remind-exam =
    考试在 {$first} 至 {$last} 之间，您是哪一天、哪一场，看准考证。
    带上：准考证和报名时用的证件，两样都要原件。<b>没有准考证，不能进考场。</b>
remind-exam-next = <b>明天还有考试。</b>
exam-sessions = <b>您的考试：</b>
exam-session = · {$begins} 至 {$ends}：{$subjects}
remind-exam-bring =
    考场和座位看准考证，时间有出入的，以准考证为准。
    带上：准考证和报名时用的证件，两样都要原件。<b>没有准考证，不能进考场。</b>

gap-head = <b>还差：</b>
gap-account = · 证件号码没有确认
gap-form = · 报名表没有填完，停在“{$page}”
gap-photo = · 照片没有确认
gap-material = · {$name}没有上传
gap-check = · 学历核验还没有结果
gap-submit = · 最后一步：点“{button-resume}”核对，再点“{button-submit}”
gap-resubmit = · 最后一步：点“{button-resume}”核对，再点“{button-resubmit}”

button-todo = 还要办什么
button-reminders = 提醒设置
button-reminders-off = 关掉提醒
button-reminders-on = 打开提醒
button-when-tonight = 今晚 {$at}
button-when-tomorrow = 明天 {$at}
button-when-weekend = 周末 {$at}
button-when-day-before = 截止前一天 {$at}
button-when-last-day = 最后一天 {$at}

remind-is-on =
    <b>提醒开着。</b>
    只在有事要您办的时候提醒，每个截止时间最多 3 次，一天最多 1 次。您刚办过事的两个小时里、夜里 22:00 到早上 8:00 都不提醒；截止就在当夜的除外。
remind-is-off =
    <b>提醒关着。</b>
    到截止时间我不会再叫您，请您自己记好日期。发 /todo 随时看还要办什么。
remind-own-at = 您约好的提醒：{$at}
remind-statutory = 有三样关不掉：审核的结果、截止时间改了、逾期按放弃处理。按规定这些必须告诉您本人，漏了会误您的考试。
remind-off-done = 好的，不再提醒您了。
remind-on-done = 好的，我会再提醒您。
remind-promised = 记下了：<b>{$at}</b>，我提醒您这一次。提前办完了，就不再提醒。
remind-too-late = 这个时间已经过了，或者在截止以后。请另选一个。
remind-nothing = 现在没有要您办的事，不用提醒。

button-calendar = 放进日历
calendar-told = 请打开这个文件，把日期加进手机或电脑的日历。<b>日期改了、事情办完了</b>，再取一次、再打开一次，日历就会更新。
calendar-empty = 现在没有日期可以放进日历。
calendar-submit = 截止：提交报名
calendar-visit = 截止：现场报名确认
calendar-correction = 截止：改好并再次提交
calendar-payment = 截止：缴费
calendar-ticket = 打印准考证
calendar-exam = 考试
calendar-session = 考试：{$subjects}
calendar-place = {$site}，{$address}，电话 {$contact}
calendar-else-submit = 逾期没有提交，这次不能报名。
calendar-else-visit = 请本人去，带报名表、身份证件、学历证书、资格证书和执业证书。逾期没有确认，视为自动放弃考试。
calendar-else-correction = 逾期没有再次提交，视为自动放弃考试。
calendar-else-payment = 逾期没有缴费，视为自动放弃考试。
calendar-else-ticket = 在官方平台打印。没有准考证，不能进考场。
calendar-else-exam = 哪一天、哪一场，看准考证。带准考证和报名时用的证件。
calendar-else-session = 考场和座位看准考证，时间有出入的，以准考证为准。带准考证和报名时用的证件。
