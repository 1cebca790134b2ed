### 撤回、修改、换考区。

command-withdraw = 撤回已提交的报名

button-withdraw = 撤回修改
button-withdraw-yes = 是，撤回
button-withdraw-no = 不撤回

withdraw-ask =
    <b>要撤回报名吗？</b>
    撤回后，考点先不办理，您可以修改。
    <b>改好一定要再次提交，{$closes} 截止。逾期没有提交，视为自动放弃考试。</b>
withdraw-ask-print = 报名表：改了任何一项，原来打印的就作废，再次提交后要重新打印。什么都不改就再次提交，原来打印的还能用。
withdraw-done = <b>已撤回，现在没有提交。</b>改好后一定要再次提交，{$closes} 截止。
withdraw-withdrawn =
    您的报名已经撤回，现在没有提交。
    不想撤回了：什么都不用改，点“{button-resume}”，看一遍再次提交就行。请在 {$closes} 前提交，逾期视为自动放弃考试。
withdraw-draft = 您的报名现在没有提交，不用撤回，可以直接修改。
withdraw-refused = 您的报名没有通过，不用撤回。没有通过的内容，点“{button-refusal}”修改。
withdraw-rejected = 这份报名的结果是不予通过，不能再改，也不用撤回。
withdraw-late = 报名确认已于 {$closes} 截止，现在不能撤回。要改的内容，请致电说明。
withdraw-confirmed = 这份报名已经不能撤回，要改的内容请致电说明。
withdraw-decided = 工作人员已经作出决定，现在不能撤回。结果马上发给您，请稍等。
withdraw-often = 这次没有撤回：24 小时里已经撤回了 {$limit} 次。您的报名还是提交状态，什么都没有变。要改的话，请过些时候再撤回。

status-withdrawn = <b>没有提交</b>：您 {$at} 撤回了报名。
now-withdrawn-early = {$opens}起可以再次提交，{$closes} 截止。填过的内容都在。
now-withdrawn-open = <b>请在 {$closes} 前再次提交，逾期视为自动放弃考试。</b>
now-withdrawn-over = 到 {$closes} 没有再次提交，按自动放弃考试处理。有特殊情况，请尽快致电。
summary-withdrawn = <b>现在没有提交。请在 {$closes} 前再次提交，逾期视为自动放弃考试。</b>要改哪一页，就点下面的按钮。

stage-withdrawn = 已撤回，没有再次提交

deed-withdrawn = 撤回报名
closed-withdrawn = 编号 {$code}：考生撤回了报名，不用再办。再次提交后，会重新进入队列。

### 打印报名表。

command-print = 打印报名表

button-print = 打印报名表
toast-print = 正在生成，马上发给您
print-waiting = 正在生成报名表，马上发给您。
print-nothing = 还没有可以打印的内容。请先选好考区，填写报名信息。
print-over = 这次报名已按自动放弃处理，不用打印报名表。
print-over-rejected = 这份报名的结果是不予通过，不用打印报名表。
print-file = 报名表-第{$number}次提交
print-file-draft = 报名表-草稿
printed-number = <b>报名表，第 {$number} 次提交。</b>
printed-void = 第 1 次提交的打印件作废。
printed-void-all = 第 1 至 {$last} 次提交的打印件作废。
printed-how = 请用 A4 纸打印，本人签名，单位盖章。
printed-draft =
    <b>这是草稿，不能用于报名确认。</b>
    提交以后再打印，才有验证码和二维码。
printed-boxes = 这些字打不出来，表上是方框和编码：<b>{$characters}</b>。请打印后在旁边手写，并告诉考点。
problem-print = 这次没能生成报名表，请过一会儿再点“{button-print}”。急用的话，请联系考点。

### 换考区。

button-change-answer = 改前面的回答
button-change-area = 换考区
change-which = 好的，还没有提交，每一项都能改：点下面那一页的按钮，再点要改的那一项。
change-later = 好的，还没有提交，每一项都能改：用“{button-back}”退回去改，或者填完以后，在最后核对时点那一项。
button-area-undo = 撤销换考区
button-area-move = 换到{$to}
button-area-stay = 不换，继续
button-area-keep = ✓ 这些照用
button-area-leave = 都重新填
area-move-ask = <b>把考区从{$from}换到{$to}？</b>
area-move-goes = <b>换了以后，这些要清空：</b>
area-move-photo = 报名照片：要再确认一次
area-move-files = {$name}：{ $count } 个文件
area-move-loses = 再以前那个考区的内容，换了就找不回来。
area-move-stays = <b>不受影响：</b>身份信息、学历学位、保存的照片。还能用的回答和材料，换好后问您要不要用。提交之前都可以撤销，恢复原样。
area-move-back = 您以前在那个考区填的内容会恢复原样。提交之前都可以再换回来。
area-kept-ask = <b>已换到{$area}。您原来填的、传的，这些还能用，要用吗？</b>
area-kept-what-follows = 考点等其他内容要重新填，接着就问您。换错了，点“{button-area-undo}”恢复原样。
area-restored = 已撤销换考区，原来填的都恢复了。
area-nothing = 没有可以撤销的换考区。提交以后，以前考区的内容不再保留。
area-withdraw-first = <b>报名已经提交，要换考区，先撤回。</b>撤回后点“{button-edit-area}”。
deed-area-changed = 换考区
deed-area-restored = 撤销换考区
