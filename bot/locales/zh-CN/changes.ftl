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
withdraw-draft = 您的报名现在没有提交，不用撤回，可以直接修改。
withdraw-refused = 您的报名没有通过，不用撤回。没有通过的内容，点“{button-refusal}”修改。
withdraw-late = 报名确认已于 {$closes} 截止，现在不能撤回。要改的内容，请致电说明。
withdraw-confirmed = 这份报名已经不能撤回，要改的内容请致电说明。
withdraw-decided = 工作人员已经作出决定，现在不能撤回。结果马上发给您，请稍等。

status-withdrawn = <b>没有提交</b>：您 {$at} 撤回了报名。
now-withdrawn-early = {$opens}起可以再次提交，{$closes} 截止。填过的内容都在。
now-withdrawn-open = <b>请在 {$closes} 前再次提交，逾期视为自动放弃考试。</b>
now-withdrawn-over = 到 {$closes} 没有再次提交，按自动放弃考试处理。有特殊情况，请尽快致电。
summary-withdrawn = <b>现在没有提交。请在 {$closes} 前再次提交，逾期视为自动放弃考试。</b>要改哪一页，就点下面的按钮。
told-reminder-withdrawn = <b>提醒：您撤回了报名，还没有再次提交。</b>

stage-withdrawn = 已撤回，没有再次提交

deed-withdrawn = 撤回报名
closed-withdrawn = 编号 {$code}：考生撤回了报名，不用再办。再次提交后，会重新进入队列。
closed-withdrawn-decided = 编号 {$code}：考生在您的决定生效前撤回了报名，<b>您的决定作废</b>，什么都没有发给考生。再次提交后，会重新进入队列。
