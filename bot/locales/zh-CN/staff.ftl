### 工作人员：角色、邀请、工作群。

role-point-clerk = 报名点工作人员
role-site-reviewer = 考点审核员
role-area-reviewer = 考区审核员
role-administrator = 管理员

scope-everything = 全部考区

staff-home = <b>您的工作角色</b>
staff-seat = {$role}（{$scope}）
staff-help =
    <b>工作人员帮助</b>
    · /staff：您的角色和能做的事。
    · /queue：有几份等您办，什么时候截止。
    · /find：有人在柜台前，发编号、全名或证件号码，马上打开卡片；您自己没有报名的，不用先发 /find。
    · /reach：谁的报名快到期、还没看过通知，该打电话给谁。/stats：统计。
    · /broadcast：群发通知；/list：名单，选好条件发 /export 下载。给管理员、考区和考点审核员。
    · /payments：收款和退款。给管理员和考区审核员。
    · /verify：核对打印的报名表。
    · 您只看得到自己负责的考区、考点或报名点的报名信息。
    · 考生的信息只在和我的私聊里看，请不要转发或截图到群里。
    · 正在回答工作上的问题时，您发的文字都算这个问题的回答；不想答了，发送 /cancel。
    · 您自己也要报名的话，同一个聊天里就能报；自己的报名不能由自己处理。
    · 角色不对、要换人，请找给您发邀请的管理员。
staff-refused = 这里只给工作人员用。如果您应该有权限，请找您的管理员发一条新的邀请链接。
staff-not-yours = 这件事不在您的角色和负责范围内，或者角色已经变了。点“{button-staff}”看您现在能做什么；需要更多权限，请找您的管理员。
staff-cancelled = 好的，这个问题先不答了。
staff-unexpected = 这个问题不需要这个内容。请看下面，或发送 /cancel 不再回答：
staff-outdated = 这个按钮是以前的，已经不能用了。请看下面：

command-staff = 我的工作
command-queue = 待办队列
button-staff = 我的工作
button-staff-help = 工作帮助
button-queue = 待办队列
button-invite = 邀请工作人员
button-invites = 待处理的邀请
button-seats = 工作人员名单
button-as-candidate = 我自己的报名

## 邀请

invite-role-ask = <b>邀请工作人员</b>：对方担任什么角色？
scope-ask-role = 负责哪里？
scope-ask-group = 这个群接收哪里的通知？
scope-area-ask = 请选考区：
scope-site-ask = 请选考点：
scope-point-ask = 请选报名点：
scope-part = 下面是第 {$first}–{$last} 个，共 {$count} 个。
button-scope-all-of-areas = 全部考区
button-scope-all-of-sites = 整个考区
button-scope-all-of-points = 整个考点
invite-no-points = 这个考点没有报名点，由考点审核员确认。请选别的考点，或点“{button-back}”换一个角色。

invite-link =
    <b>邀请链接做好了</b>
    角色：{$role}
    负责：{$scope}

    请把链接只发给本人：
    {$link}
invite-until =
    链接只能打开一次，{$until} 前有效。
    对方打开后，我会把姓名和账号发给您看；您点“{button-admit}”，角色才生效。
invite-own = 这是您自己发出的邀请链接，请把它发给要邀请的人。
invite-bad = 这条邀请链接不能用：可能已经用过、过期或被收回了。请向发链接给您的管理员要一条新的。
invite-wait =
    <b>收到，请稍等</b>
    这是一条工作人员邀请：{$role}（{$scope}）。
    发邀请的管理员核对是您本人后，角色才生效，我会马上告诉您。一直没有消息，请直接问管理员。
invite-who =
    <b>有人打开了您的邀请链接</b>
    角色：{$role}（{$scope}）
    姓名：<b>{$name}</b>
    Telegram 账号编号：<code>{$account}</code>

    姓名是对方自己填的。请先向本人核实是不是这个账号，再点“{button-admit}”。
invite-admitted = 好的，角色已生效，对方已收到通知。
invite-turned-down = 好的，这条邀请已作废，没有人得到角色。
invite-is-over = 这条邀请不能再处理了：已经处理过、过期，或不由您处理。
invite-ended = 这条邀请已经结束。
invite-was =
    角色：{$role}（{$scope}）
    {$ended} 结束
invite-was-admitted =
    角色：{$role}（{$scope}）
    姓名：<b>{$name}</b>
    {$ended} 结束
invite-seat =
    <b>您的角色生效了</b>：{$role}（{$scope}）。
    点下面的“{button-staff}”开始，或随时发送 /staff。
button-admit = 是本人
button-turn-down = 不是，作废
button-withdraw-link = 收回这条链接

invites-head = <b>待处理的邀请（{$count} 条）</b>
invites-line = {$number}. {$role}（{$scope}）：还没有人打开，{$until} 前有效
invites-line-opened = {$number}. {$role}（{$scope}）：<b>{$name}</b> 打开了，等您核实，{$until} 前有效。姓名是对方自己填的
invites-none = 您没有还在等人打开或等您核实的邀请。
button-withdraw-one = 收回第 {$number} 条
button-admit-one = 第 {$number} 条：是本人
button-turn-down-one = 第 {$number} 条：不是，作废

## 名单

seats-head = <b>工作人员名单</b>，共 {$count} 个角色。点编号可以查看或收回：
seats-line = {$number}. {$name}：{$role}（{$scope}）
seats-none = 您负责的范围内还没有工作人员。
seat-card =
    <b>{$name}</b>
    {$role}（{$scope}）
    Telegram 账号编号：<code>{$account}</code>
    {$since} 起

    收回后马上失效；对方手里还没办完的报名会回到队列。要恢复，请重新邀请。
seat-broadcasts = ⚠️ 这个账号有 {$count} 次群发还没有发完。收回角色以后照样发；要停，请先在“{button-broadcasts}”里暂停或取消。
seat-revoked = 好的，角色已收回，对方已收到通知。
seat-taken-told = 您的角色“{$role}（{$scope}）”已由管理员收回。有疑问请问您的管理员。
button-revoke = 收回这个角色

## 工作群

group-ask =
    <b>要把这个群用作工作群吗？</b>
    群里只发有没有新任务的通知，不出现考生的姓名和资料。请选它接收哪里的通知：
group-is-bound = 好的，工作群绑定到：{$scope}。要取消，请在群里发送 /unbind。
group-binding = 正在给群里发一条问候（{$scope}）。发出去了，我就告诉您。
group-anonymous =
    我看不出是谁发的：匿名管理员的命令我不能执行。
    请在群的管理员设置里关掉您的“匿名”，再用自己的名字发送 /bind。
    一小时内没有人绑定，我会退出这个群。
group-trouble =
    ⚠️ <b>工作群（{$scope}）收不到我的通知</b>
    { $why ->
        [topic-closed] 接收通知的话题已关闭。请重新打开它；或者在另一个话题里发送 /bind。
        [topic-gone] 接收通知的话题已删除。请在另一个话题里发送 /bind。
        [no-rights] 我在群里没有发言权限。请在群设置里允许我发送消息。
       *[gone-group] 我已不在群里，或者群已解散，绑定已取消。要继续用，请把我重新拉进群。
    }
    办好之后不用告诉我，下一次有新任务时我会再发。
group-greeting =
    这个群现在是工作群。有新任务时我在这里说一声。
    考生的资料只在和我的私聊里看，请不要发到群里。
button-bind = 选择范围
button-privately = 打开私聊
