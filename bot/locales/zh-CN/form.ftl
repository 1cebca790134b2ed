### 报名表：每一题的名称、问法、为什么问。

form-position = {$page}/{$pages} · {$title} · {$number}/{$count}

page-applying = 报考信息
page-work = 工作情况

field-practice = 执业类别
field-practice-ask =
    <b>您的执业类别？</b>
    没有医师执业证书的（如护士、药师、技师），选“无”。
field-practice-why = 报考医学类专业时，考点要核对您的执业证书类别；选“无”以外的，还要填首次注册年月。
choice-practice-none = 无
choice-practice-clinical = 临床
choice-practice-dental = 口腔
choice-practice-public = 公共卫生
choice-practice-chinese = 中医

field-registered = 首次注册年月
field-registered-ask =
    <b>首次执业注册是哪年哪月？</b>
    看执业证书，填第一次注册的年月，不是变更或换证的，例如：2019-07 或 2019年7月。
field-registered-why = 执业类别不为“无”时必填（官方报考指导）。工作年限从这个月开始算。

field-residency = 住培合格证书发证年月
field-residency-ask =
    <b>住院医师规范化培训合格证书是哪年哪月发的？</b>
    以证书落款时间为准，例如：2022-08。没有这个证书，请点“跳过”。
field-residency-why = 已取得住培合格证书的必须填写（官方报考指导）；有了它，部分专业要求的工作年限会短一些。

field-employer = 单位名称
field-employer-ask =
    <b>您的工作单位全称？</b>
    和单位公章一致，例如：示例市第一人民医院。
field-employer-why = 考点按单位核对您的报考资格，报名表一般也要盖单位公章。

field-department = 科室
field-department-ask =
    <b>您所在的科室？</b>
    例如：内科。不想填可以跳过。
field-department-why = 考点有疑问时好找到您；不填也不影响报考资格。

problem-text-short = {$field}太短，至少要 {$limit} 个字。请写全称，不要简称。
problem-text-long = {$field}太长：您发了 {$count} 个字，最多 {$limit} 个字。请只写名称。
problem-month-format = 没看懂这个年月。{$field}要写“年-月”，例如：2019-07、2019.7 或 2019年7月。
problem-month-future = {$typed} 还没到。{$field}不能晚于这个月，请看着证书再写，例如：2019-07。
problem-month-unborn = {$typed} 比您的出生年月还早。请看着证书再写{$field}，例如：2019-07。
problem-required = {$field}是必填的，不能跳过。

summary-head =
    <b>请核对全部信息</b>
    {$exam}
    考区：<b>{$area}</b>
    考点：{$site}
summary-identity =
    姓名：{$name}
    {$idtype}：{$number}
    性别：{$sex}　出生：{$born}
    手机：{$phone}
summary-line = {$field}：<b>{$value}</b>
pledge-again = 提交即表示您再次承诺：所填信息和照片真实、准确。
summary-closes = 报名 {$closes} 截止。哪一行要改，就点下面对应的按钮。
submit-not-yet = 还不能提交，请先完成这一步：
submit-too-late = 报名已经截止，不能再提交。如有疑问，请联系考点。
toast-submitted = 已提交

button-edit-line = 改{$field}
button-edit-site = 换考点
button-edit-photo = 换照片
button-submit = 提交报名信息
