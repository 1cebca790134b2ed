### 更改申请：过了能改的时间，考生申请改指定的内容；考点或考区决定，同意后只开放这几项。

command-change = 申请更改已不能修改的内容
command-changes = 考生的更改申请

button-late-change = 申请更改
button-late-change-drop = 取消申请，不改了
button-late-change-drop-yes = 是，不改了
button-change-now = 去更改
button-change-next = 下一步：交证明
button-change-papers-done = 下一步：写原因
button-change-send = 是，交上去

change-pick-ask = <b>您要改哪几项？</b>现在是这样：
change-pick-how = 点选要改的，再点“{button-change-next}”。由<b>{$decider}</b>决定，您还可以申请 {$left} 次。同意以后才能改，只能改选中的这几项。
change-papers-ask = <b>请发证明材料</b>，例如新单位的证明、盖章的说明。一次发一个或几个。
change-papers-free = <b>有证明材料，请发到这里</b>，例如新单位的证明。没有就直接下一步。
change-papers-name = 更改申请的证明材料
change-paper-alike = ⚠ 这一页和您刚发的第 {$number} 个看起来是同一页，不用重复发。
change-reason-ask =
    <b>为什么要改？</b>请用一句话写明原因，要改成什么。例如：十一月换了单位，单位要改成第二医院。
    要改的：{$fields}；材料 {$count} 个。
    发来以后，我请您再看一遍，<b>您同意了，才交给{$decider}。</b>决定之前可以取消。
change-reason-check =
    <b>把这份申请交给{$decider}吗？</b>
    要改的：{$fields}；材料 {$count} 个。
    原因：“{$words}”
change-sent = <b>申请交上去了</b>，由{$decider}决定。有了结果，马上告诉您。
change-waits = <b>更改申请</b>：{$fields}，{$at} 交的，在等{$decider}决定。
change-asked-how = 您现在不用做什么，有了结果马上告诉您。报名照常办理；没有结果之前，内容不变。

change-not-nothing = 您还没有报名，没有可以更改的内容。
change-not-draft = 您的报名现在没有提交，不用申请，可以直接修改。
change-not-withdraw = 现在还不用申请：{$closes} 前，您可以自己撤回、修改、再次提交。
change-not-confirmation = 您的报名还没有确认，现在不能申请更改。要改的内容，请致电说明。
change-not-correction = 您的报名没有通过，没有通过的内容可以直接改，点“{button-refusal}”。
change-not-open = <b>您的申请已同意</b>，请点“{button-change-now}”。
change-not-not-here = 这个考区不在这里受理更改申请。要改的内容，请致电说明。
change-not-over = 更改申请已于 {$closes} 截止。有特殊情况，请致电说明。
change-not-used-up = 每人最多申请 {$limit} 次，您已经用完了。有特殊情况，请致电说明。
change-not-money = 您已经缴费，或者正在缴费，现在不能在这里更改。要改的内容，请致电说明。
change-not-expired = 这次报名已按自动放弃处理，不能更改。
change-last-declined = 上次的申请（{$at}）没有同意：“{$words}”
withdraw-confirmed-change = 这份报名已经不能撤回。<b>单位、电话、专业等变了，可以申请更改</b>，点“{button-late-change}”。

change-drop-ask = <b>不改了吗？</b>申请取消以后，内容不变。再要改，得重新申请，也算一次。
change-drop-open = <b>不改了吗？</b>您刚才改的不算数，报名恢复成提交时的样子，接着办理。再要改，得重新申请。
change-dropped = 好的，不改了。报名和提交时一样，接着办理。

told-change-opened = <b>您的更改申请同意了。</b>只能改下面这几项，改好要再次提交。
change-opened-how = 改了以后，原来打印的报名表作废，再次提交后请重新打印。
told-change-declined = <b>您的更改申请没有同意</b>：{$fields}。内容不变，报名照常办理。
change-words = 原因：“{$words}”
told-change-over = <b>更改的时间到了，您没有再次提交。</b>这次更改已关闭，报名恢复成提交时的样子，接着办理。
told-change-lapsed = <b>您的更改申请到截止时间没有得到决定。</b>内容不变，报名照常办理。一定要改的，请尽快致电。
reason-named = 您申请更改的

status-changing = <b>您的报名正在更改</b>，改好以前先不审核。
stage-changing = 已同意更改，考生在改
now-change-early = {$opens}起可以更改，{$closes} 截止。
now-change-open =
    <b>请在 {$closes} 前改好，并再次提交。</b>
    逾期没有提交，这次更改就关闭，报名恢复成原来的样子。
now-change-over = 更改的时间已于 {$closes} 截止，报名马上恢复成原来的样子。
calendar-change = 截止：更改并再次提交
calendar-else-change = 逾期没有提交，这次更改就关闭，报名恢复原样。

problem-change-nothing = 请先选要改的内容，至少一项。
problem-change-papers = 请先发证明材料，至少一个。
problem-change-reason = 请用一句话写明原因，不超过 {$limit} 个字。例如：十一月换了单位
problem-change-words = 请写明原因，考生会看到，不超过 {$limit} 个字。例如：证明上没有新单位的公章
illegal-money = 考生已经缴费，或者正在缴费，这时不能更改。

### 工作人员。

button-changes = 更改申请
button-change-open = 看 {$code}
button-change-paper = 材料 {$number}
button-change-approve = ✅ 同意…
button-change-approve-yes = ✅ 同意，开放这几项
button-change-decline = ❌ 不同意…
button-change-back = 再看看

changes-head = <b>更改申请</b>：{$count} 份在等您决定，最早的在前。
changes-none = 现在没有更改申请。
changes-line = {$code}：{$fields}，{$at} 交的
changes-news-head = <b>有考生申请更改报名内容。</b>
changes-next = 还有的话，接着看：
queue-changes = 更改申请：{$count} 份，最早 {$since} 交的
change-card-head = <b>更改申请 {$code}</b>（第 {$number} 次，最多 {$most} 次），{$at} 交的。现在：{$stage}
change-card-who =
    {$name}，证件号码：{$number}
    {$specialty}，{$site}
change-card-fields = <b>申请更改的，现在是：</b>
change-card-reason = <b>原因：</b>“{$reason}”
change-card-follows = 同意的话，只开放这几项，到 {$until}。改好后按考区的规定交到：{$desk}。没有改好，到时恢复原样。
change-sure-ask = <b>同意吗？</b>点下面的按钮，考生马上收到通知。
change-over-card = {$code} 的更改申请已经有了结果。
change-paper-caption = {$code} 的证明材料，第 {$number} 个，共 {$count} 个
change-decline-ask = <b>{$code}：为什么不同意？</b>请写明原因，不超过 {$limit} 个字，考生会看到。
change-decided-already = 这份申请已经有了结果，什么也没有改。
change-opened = 编号 {$code}：<b>已同意</b>，考生可以改到 {$until}。改好之前，队列里没有这一份。
change-declined = 编号 {$code}：<b>没有同意</b>，原因已告诉考生。
closed-changing = 编号 {$code}：考生的更改申请同意了，先不用办。改好后会重新进入队列。

deed-late-change-asked = 申请更改
deed-late-change-seen = 工作人员查看更改申请
deed-late-change-opened = 同意更改，开放指定的内容
deed-late-change-declined = 没有同意更改
deed-late-change-ended = 更改申请结束，没有开放
deed-late-change-closed = 更改没有提交，恢复原样
