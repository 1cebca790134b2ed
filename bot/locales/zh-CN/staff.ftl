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
    · 您只看得到自己负责的考区、考点或报名点的报名信息。
    · 考生的信息只在和我的私聊里看，请不要转发或截图到群里。
    · 正在回答工作上的问题时，您发的文字都算这个问题的回答；不想答了，发送 /cancel。
    · 您自己也要报名的话，同一个聊天里就能报；自己的报名不能由自己处理。
    · 角色不对、要换人，请找给您发邀请的管理员。
staff-refused = 这里只给工作人员用。如果您应该有权限，请找您的管理员发一条新的邀请链接。
staff-cancelled = 好的，这个问题先不答了。
staff-unexpected = 这个问题不需要这个内容。请看下面，或发送 /cancel 不再回答：

button-staff = 我的工作
button-staff-help = 工作帮助
button-queue = 待办队列
button-invite = 邀请工作人员
button-seats = 工作人员名单
button-as-candidate = 我自己的报名
