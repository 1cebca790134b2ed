### 我的信息：保存了什么，怎样更正、导出、删除。

command-profile = 查看我的信息
command-export = 导出我的全部信息
command-erase = 删除我的全部信息

button-profile = 我的信息
button-photo = 我的照片
button-photo-first = 发报名照片
button-export = 导出我的信息
button-erase = 删除我的信息
button-erase-yes = 是，删除我的全部信息

profile-head = <b>这里保存着您的这些信息</b>，另有报考信息，可以一并导出。
profile-line = {$item}：<b>{$value}</b>
profile-education = { $count } 条，点“{button-education}”看
profile-photo-kept = 已保存
profile-consent = {$at}
profile-open = 身份信息还没有锁定，确认之前都可以改。
profile-locked =
    <b>以上身份信息已锁定。</b>
    姓名或证件号码有误：点“{button-correct-identity}”，附上证件照片，由考点核实后更正。
profile-rights = 可以导出全部信息，也可以删除：
nothing-kept =
    <b>这里没有您的账户，也没有您的报名信息。</b>
    要开始报名，请选择语言：
only-staff-kept =
    <b>您没有考生账户，也没有报名信息。</b>
    您是工作人员：我们保存您的岗位，以及您什么时候办过哪些报名。岗位见 /staff；要更正，请找您的管理员。要下载考生名单，发 /list。

export-told =
    <b>这是我们保存的您的全部信息。</b>
    文件里有完整的证件号码，请存好，然后把这条消息从聊天里删掉。
export-lists = 您是工作人员：要的是考生名单（表格），请发 /list。
export-often = 一小时最多导出 {$limit} 次，您的信息都还在。请过一小时再试。
export-photo-told = 您的报名照片，在文件里的名称是 {$name}。

erase-ask =
    <b>要删除您的全部信息吗？删除后不能恢复。</b>

    会删除：姓名、证件、学历学位、没有提交的报名信息、照片和材料。文件在一两个小时内清除。
    会留下：操作记录，只有时间和编号，没有姓名和号码。
    这个聊天里的消息在 Telegram 那里，要由您自己删除。

    删除以后，您的证件号码可以重新用来建账户。
erase-refused =
    <b>您的报名已经提交，现在不能在这里删除。</b>
    报名确认和资格审核要用到这些信息。要更正、退出或删除，请联系考点；您的信息仍然可以导出。
erased =
    <b>已经删除。</b>除了没有姓名和号码的操作记录，这里不再保存您的信息。
    照片和材料的文件在一两个小时内清除。想重新开始，发送 /start。

item-telegram-id = Telegram 账号编号
item-name = 姓名
item-id-type = 证件类型
item-id-number = 证件号码
item-sex = 性别
item-born = 出生日期
item-nationality = 国籍
item-confirmed = 身份信息已确认
item-education = 学历学位
item-photo = 报名照片
item-consent = 知情同意
item-consented-at = 同意时间
item-shown-photo = 发来、还没有确认的照片
item-typed = 打过、还没有确认的字
item-locale = 语言
item-wants-opening = 开始报名时通知我
item-blocked-at = 停用机器人的时间
item-unreachable = 联系不上的原因
item-seen-at = 最近一次点“{button-seen}”的时间
item-exam = 考试
item-area = 考区
item-stage = 阶段
item-agreed = 同意的须知版本
item-agreed-at = 同意须知的时间
item-form-version = 报名表版本
item-revision = 提交次数
item-uploaded-at = 材料上传完成时间
item-submitted-at = 提交时间
item-since = 到这一阶段的时间
item-given-up-at = 自动放弃前的阶段

stage-draft = 未提交
stage-submitted = 已提交
stage-confirmed = 已确认
stage-site-approved = 考点审核已通过
stage-approved = 资格审核已通过
stage-registered = 报名成功
stage-confirm-refused = 确认没有通过
stage-review-refused = 审核没有通过
stage-rejected = 不予通过
stage-abandoned = 视为自动放弃

case-number-taken = 证件号码已有账户，由考点核实
case-account-moved = 把账户转到这个 Telegram 账号，由考点核实
case-identity = 申请更正姓名或证件号码，由考点核实

deed-consented = 同意保存个人信息
deed-identity-confirmed = 确认并锁定身份信息
deed-terms-agreed = 同意报考须知
deed-photo-confirmed = 确认报名照片
deed-number-taken = 确认了已有账户的证件号码
deed-case-opened = 登记一个情况，由考点或考区核实
deed-record-kept = 保存学历学位信息
deed-record-verified = 更新学历学位的核验状态
deed-materials-done = 上传完证明材料
deed-submitted = 提交报名信息
deed-invited = 邀请工作人员
deed-invite-opened = 打开工作人员邀请链接
deed-invite-refused = 未通过工作人员邀请
deed-seated = 授予工作角色
deed-seat-revoked = 收回工作角色
deed-group-bound = 绑定工作群
deed-group-released = 解除工作群
deed-denied = 尝试了没有权限的操作
deed-marked-paid = 工作人员标记为已缴费
deed-reopened = 工作人员更正决定，重新办理
deed-unmarked-paid = 工作人员撤销了缴费标记
deed-given-up = 逾期，按自动放弃处理
deed-reinstated = 管理员恢复了报名
deed-forfeits-released = 管理员放行了到期的报名
deed-clock-moved = 调整沙盒的时间
deed-job-retried = 重新开始一项定时工作
deed-broadcast-begun = 开始一次群发
deed-broadcast-paused = 暂停一次群发
deed-broadcast-resumed = 继续一次群发
deed-broadcast-cancelled = 取消一次群发
deed-broadcast-ended = 一次群发结束
deed-called = 打过电话
deed-list-seen = 查看名单
deed-list-taken = 下载名单
deed-exported = 导出个人信息
deed-unknown = 未知的操作（可能是伪造的）
deed-key-rotated = 更换加密密钥
deed-exam-change-stored = 保存考试定义的更改
deed-exam-changed = 启用新的考试定义
deed-exam-change-refused = 没有启用考试定义的更改
deed-exam-change-dropped = 丢弃没有启用的考试定义
deed-erased = 删除个人信息
