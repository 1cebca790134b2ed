### 报名表：每一题的名称、问法、为什么问。

form-position = 第 {$page} 页，共 {$pages} 页 · {$title}
left-days = 报名还剩 {$days} 天
left-hours = 报名还剩 {$hours} 小时
left-minutes = 报名还剩 {$minutes} 分钟

page-place = 选择考点
page-person = 基本信息
page-contact = 联系方式
page-applying = 报考信息
page-education = 教育情况
page-work = 工作情况

## （1）选择考点

field-site = 考点
field-site-ask =
    <b>哪个考点？</b>
    请选您单位所属的考点，报名由它确认。考试地点以准考证为准。
field-site-why = 报名确认和第一次资格审核都由考点办理，选错了要撤回重来。

field-point = 报名点
field-point-ask =
    <b>哪个报名点？</b>
    线上确认的考区必须选报名点，由它审核您上传的材料。
field-point-why = 采用线上确认的考区，报名点是必填项（官方报考指导）。

## （2）基本信息

form-identity =
    姓名：{$name}
    {$idtype}：{$number}
    性别：{$sex}　国籍：{$nationality}
    出生：{$born}
form-locked = 以上六项已锁定。姓名或证件号码有误：发 /profile，再点“{button-correct-identity}”，附上证件照片，由考点核实后更正。

field-ethnicity = 民族
field-ethnicity-ask =
    <b>您的民族？</b>
    和身份证件一致，例如：回族。
field-ethnicity-why = 报名表上有这一项，和身份证件核对用。

## （3）联系方式

field-mobile = 手机
field-mobile-ask =
    <b>您的手机号码？</b>
    考点有事会打这个号码找您，例如：138 0013 8000。
field-mobile-why = 材料有问题、照片要换，考点都打这个号码，请写您自己在用的。

field-landline = 固定电话
field-landline-ask =
    <b>固定电话？</b>
    带区号，例如：0971-1234567。没有就跳过。
field-landline-why = 手机打不通时用；不填也可以。

field-email = 电子邮箱
field-email-ask =
    <b>电子邮箱？</b>
    例如：ling@example.com。没有就跳过。
field-email-why = 只作备用的联系方式；不填也可以。

field-address = 通讯地址
field-address-ask =
    <b>通讯地址？</b>
    写能收到信的地址，例如：示例市示例路 1 号。不想填就跳过。
field-address-why = 只作备用的联系方式；不填也可以。

field-postcode = 邮政编码
field-postcode-ask =
    <b>邮政编码？</b>
    6 位数字，例如：810000。不想填就跳过。
field-postcode-why = 和通讯地址配套；不填也可以。

## （4）报考信息

field-category = 专业类别
field-category-ask = <b>报考哪一类？</b>
field-category-why = 先定类别，后面的级别、专业和执业类别都跟着它走（官方报考指导）。

field-level = 报考级别
field-level-ask = <b>报考哪个级别？</b>
field-level-why = 每个级别的专业不同，报考条件也不同。

field-specialty = 报考专业
field-specialty-ask =
    <b>报考哪个专业？</b>
    打名称或三位代码都行，例如：{$example}。
field-specialty-why = 专业要和您的执业范围、从事的工作一致，否则审核不通过；合格成绩也只在同一专业内有效。

field-practice = 执业类别
field-practice-ask =
    <b>您的执业类别？</b>
    { $has-none ->
        [yes] 看执业证书；没有执业证书的，选“{$none}”。
       *[no] 看执业证书，选证书上的类别。
    }
field-practice-why = 考点要核对您的执业证书；选“无”以外的，还要填首次注册年月。

field-registered = 首次注册年月
field-registered-ask =
    <b>首次执业注册是哪年哪月？</b>
    看执业证书，填第一次注册的年月，不是变更或换证的，例如：2019-07 或 2019年7月。
field-registered-why = 医师、护士的工作年限从这个月开始算；官方报考指导规定，执业类别不是“无”的都要填。

field-residency = 住培合格证书
field-residency-ask = <b>您有住院医师规范化培训合格证书吗？</b>
field-residency-why = 已取得住培合格证书的必须填写发证年月（官方报考指导）；有了它，部分专业要求的工作年限会短一些。
choice-residency-yes = 有
choice-residency-no = 没有

field-residency-month = 住培合格证书发证年月
field-residency-month-ask =
    <b>住培合格证书是哪年哪月发的？</b>
    以证书落款时间为准，例如：2022-08。
field-residency-month-why = 有住培合格证书的必填（官方报考指导），以证书落款时间为准。

field-subjects = 报考科目
field-subjects-ask =
    <b>报考哪几科？</b>
    第一次报考的，每一科都要报，直接点“{button-ticked}”。已有合格科目的，点一下去掉已经合格的。
field-subjects-why = 每一科都要在连续两个考试年度内全部合格；已合格的科目不用再报，也不用再缴费。

field-title = 现有技术资格
field-title-ask =
    <b>您现在的专业技术资格？</b>
    { $has-none ->
        [yes] 看资格证书或聘书，选最高的一个。还没有就选“{$none}”。
       *[no] 看资格证书或聘书，选最高的一个。
    }
field-title-why = 报考中级和初级（师）时，要看您已有的资格和取得后的年限。

field-years = 现有资格年限
field-years-ask =
    <b>取得这个资格满几年了？</b>
    只写整年数，例如：5。不满一年写 0。不想自己数：把资格证书上的年月发给我，例如：2018-06，我来算。
field-years-why = 报考条件按年限审核；现有资格为“无”时不用填。

field-titled = 现有资格取得年月
field-titled-ask =
    <b>这个资格是哪年哪月取得的？</b>
    看资格证书，例如：2018-06。不确定就跳过。
field-titled-why = 方便考点核对年限；不填也可以。

field-appointed = 聘任年月
field-appointed-ask =
    <b>单位从哪年哪月聘任您这个资格？</b>
    看聘书，例如：2019-01。没有聘书就跳过。
field-appointed-why = 方便考点核对年限；不填也可以。

field-file-number = 档案号
field-file-number-ask =
    <b>以前的档案号？</b>
    只有换过姓名或证件号码、又要保留以前合格成绩的人才要填，例如：21012345。其他人跳过。
field-file-number-why = 姓名和证件号码没有变的，档案号会自动带出来。

## （5）教育情况

field-education = 学历学位
field-education-ask =
    <b>用哪一条学历学位报考？</b>
    选符合报考条件、与专业对应的那一条。
field-education-why = 报考条件按学历计算年限，报名表引用的就是这一条。

## （6）工作情况

field-employer = 单位名称
field-employer-ask =
    <b>您的工作单位？</b>
    可以直接打单位名称的一部分来找。名单里没有，就选“{choice-employer-other}”。
field-employer-why = 考点按单位核对您的报考资格，报名表一般也要盖单位公章。
choice-employer-other = 其它

field-employer-name = 单位全称
field-employer-name-ask =
    <b>单位的全称？</b>
    和单位公章一致，例如：{$example}。
field-employer-name-why = 报名表上印的就是这个名称，要和公章一字不差。

field-employer-kind = 单位类别
field-employer-kind-ask = <b>这是哪一类单位？</b>
field-employer-kind-why = 单位名称为“其它”时，单位类别不能为空（官方报考指导）。
choice-employer-kind-hospital = 医院
choice-employer-kind-primary = 基层医疗卫生机构
choice-employer-kind-public-health = 专业公共卫生机构
choice-employer-kind-other = 其他机构

field-department = 科室
field-department-ask =
    <b>您所在的科室？</b>
    例如：{$example}。不想填就跳过。
field-department-why = 考点有疑问时好找到您；不填也不影响报考资格。

field-ownership = 单位性质
field-ownership-ask = <b>单位是公立还是民营？</b>不清楚就跳过。
field-ownership-why = 民营机构确认时一般还要带医疗机构执业许可证复印件；不填也可以。
choice-ownership-public = 公立
choice-ownership-private = 民营
choice-ownership-other = 其他性质

field-grade = 单位级别
field-grade-ask = <b>单位的级别？</b>不清楚就跳过。
field-grade-why = 部分考区会看单位级别；不填也可以。
choice-grade-third = 三级
choice-grade-second = 二级
choice-grade-first = 一级
choice-grade-none = 未定级

field-field-years = 从事本专业年限
field-field-years-ask =
    <b>从事报考专业的工作满几年了？</b>
    只写整年数，例如：6。不确定就跳过。
field-field-years-why = 方便考点核对工作年限；不填也可以。

field-began-work = 参加工作年月
field-began-work-ask =
    <b>哪年哪月参加工作？</b>
    例如：2015-08。不确定就跳过。
field-began-work-why = 方便考点核对工作年限；不填也可以。

## 学历学位信息

record-position = 学历学位 · 第 {$number} 项，共 {$count} 项

field-degree = 学历层次
field-degree-ask =
    <b>哪一种学历或学位？</b>
    学历证书和学位证书分开填，这一条先填一种。
field-degree-why = 报考条件按学历计算年限；学位另算一条。
choice-degree-secondary = 中专
choice-degree-college = 大专
choice-degree-bachelor = 本科
choice-degree-master = 硕士研究生
choice-degree-doctor = 博士研究生
choice-degree-bachelor-degree = 学士学位
choice-degree-master-degree = 硕士学位
choice-degree-doctor-degree = 博士学位
field-school = 学校
field-school-ask =
    <b>毕业学校的全称？</b>
    和证书一致，例如：{$example}。
field-school-why = 考点要核对毕业证书上的学校。

field-major = 专业
field-major-ask =
    <b>所学专业？</b>
    和证书一致，例如：{$example}。
field-major-why = 所学专业要和报考专业对应。

field-study = 学习形式
field-study-ask =
    <b>学习形式？</b>
    看毕业证书；学位证书选取得学位时的学习形式。
field-study-why = 证书上写明了学习形式，考点会核对。
choice-study-full-time = 普通全日制
choice-study-adult = 成人教育
choice-study-self = 自学考试
choice-study-online = 网络教育
choice-study-other = 其他形式

field-graduated = 毕业年月
field-graduated-ask =
    <b>毕业（或取得学位）是哪年哪月？</b>
    看证书落款，例如：2012-07。
field-graduated-why = 工作年限和学历从这个月算起。

field-certificate = 证书编号
field-certificate-ask =
    <b>证书编号？</b>
    照证书写，例如：100001201205000001。
field-certificate-why = 学信网按证书编号核验。

field-verification = 学信网核验
field-verification-ask =
    <b>这条学历学位的核验状态？</b>
    在考生管理平台上看。大专及以下和 2002 年以前的，一般显示“未核验”，照样能用。
field-verification-why = 2002 年以来的本科及以上，“未核验”时不能提交报名，要等核验有了结果，所以早点看。
choice-verification-passed = 核验通过
choice-verification-pending = 未核验
choice-verification-failed = 核验未通过

field-enrolled = 入学年月
field-enrolled-ask =
    <b>入学是哪年哪月？</b>
    例如：2007-09。不确定就跳过。
field-enrolled-why = 方便核对学制；不填也可以。

record-line = {$degree} · {$school} · {$major} · {$graduated}
record-numbered = {$number}. {$record}
record-numbered-waits = {$number}. {$record}（未核验，有结果才能提交）
records-head =
    <b>您的学历学位信息</b>
    每年报名都用得上，保存后不能删改，最多 {$limit} 条。填错了就再添加一条正确的。
records-none = 还没有。
record-confirm = <b>保存后不能修改，也不能删除，请看清楚：</b>
record-kept = 学历学位已保存，以后每年都能用。
record-waits =
    已保存，可以接着往下填。但它现在是“未核验”：2002 年以来的本科及以上，核验有结果才能提交报名。
    请到考生管理平台看结果，有了结果，在最后核对的那一页点“更新第 {$number} 条的核验”。
record-verify-ask =
    <b>核验有结果了吗？</b>
    {$record}
record-waits-still = 好的，还是未核验。其他内容可以接着填，有了结果再来更新。
submit-unchecked = <b>学历还是“未核验”，现在不能提交。</b>其他内容都保存好了。请到考生管理平台看结果，有了结果点“更新第 {$number} 条的核验”，再提交。
record-verified = 核验状态已更新。
problem-records-full = 学历学位信息最多 {$limit} 条，不能再添加了。请选已有的一条，例如最高学历那条；都不对的话，请联系考点。
problem-enrolled-late = 入学年月（{$enrolled}）应该早于毕业年月（{$graduated}）。请看着证书改其中一项，例如入学 2007-09，毕业 2012-07。
problem-record-known = 这个证书编号已经保存过了，不用再存一遍。请选已有的那一条，例如第 1 条。

button-add-record = ＋ 添加一条学历学位
button-record = 用第 {$number} 条报考
button-keep-record = ✓ 没有错，保存
button-verify = 更新第 {$number} 条的核验
button-education = 我的学历学位

## 怎么写、哪里不对

format-text = 格式：{$least} 到 {$most} 个字，写完整，不要写说明。
format-number = 写法：只写一个整数，{$least} 到 {$most}，例如：5
format-month = 写法：四位的年，横线，两位的月，例如：2019-07。也可以点“{button-pick-month}”。
format-choice = 写法：把下面任何一个按钮上的字照样打出来，或者点按钮。
format-multi = 写法：把科目名称用顿号隔开打出来，按钮上怎么写就怎么打。也可以点按钮勾选。
format-record = 写法：点下面任何一个按钮，或者只打它的数字，例如：1
format-mobile = 写法：11 位数字，以 1 开头，例如：13800138000
format-landline = 写法：区号、横线、号码，例如：0971-1234567
format-email = 写法：名字、@、网站，中间没有空格，例如：ling@example.com
format-postcode = 写法：6 位数字，例如：810000

problem-text-short = {$field}太短，至少要 {$limit} 个字。请写完整，不要简称。
problem-text-long = {$field}太长：您发了 {$count} 个字，最多 {$limit} 个字。请写短一些，不要写说明。
problem-text-character = {$field}里有一个不能用的符号：{$char}。请只写文字和数字，例如：示例路 1 号
problem-number-format = 没看懂这个数。{$field}请只写一个整数，{$least} 到 {$most}，例如：5
problem-number-range = {$field}应在 {$least} 到 {$most} 之间，您写的是 {$typed}。请改一下，例如：5
problem-several = {$field}没有看懂，或者一科都没有选。请照按钮上的名称打，或者勾选至少一科。
problem-month-format = 没看懂这个年月。{$field}要写“年-月”，例如：2019-07、2019.7 或 2019年7月。
problem-month-future = {$typed} 还没到。{$field}不能晚于这个月，请看着证书再写，例如：2019-07。
problem-month-unborn = {$typed} 比您的出生年月还早。请看着证书再写{$field}，例如：2019-07。
problem-required = {$field}是必填的，不能跳过。请看着证件或证书填写；手边没有的话，发 /cancel 先停下，填过的都留着。
problem-email = 邮箱格式不对。请写完整，例如：ling@example.com
problem-postcode = 邮政编码是 6 位数字。请核对后再写，例如：810000
problem-landline = 这不像固定电话号码。请带区号写，例如：0971-1234567；手机号码写在“手机”那一题
problem-contact = 这是别人的名片。请发您自己的号码，直接打字就行，例如：138 0013 8000

answer-taken = ✓ {$field}：{$value}
specialty-of-level = {$specialty}（{$level}）
answers-skipped = 没有填（可以不填）：{$fields}
answered-by-itself = ✓ {$field}：<b>{$value}</b>（只有这一项可选）
list-two = {$first}、{$second}

hints-head = 💡 <b>请再看一眼</b>（只是提醒，没有错就不用改）：
doubt-title-late = 一般先取得资格，再注册。您填的取得年月（{$titled}）晚于首次注册（{$registered}）。先做过助理医师的不用改。
doubt-appointed-early = 一般先取得资格，再聘任。您填的聘任年月（{$appointed}）早于取得年月（{$titled}）。
doubt-years = 从 {$since} 算到 {$until}，还不满 {$years} 年。
doubt-years-more = 从 {$since} 算到 {$until} 已满 {$has} 年，您填的年限是 {$years} 年。两项都请再看一下证书。
doubt-field-years = 从参加工作（{$since}）算到 {$until}，还不满 {$years} 年。
doubt-graduated-young = 毕业年月是 {$graduated}，那年您才 {$age} 岁。
doubt-certificate = 2002 年起的毕业证书编号一般有 17 或 18 位，您填的有 {$count} 位。

summary-head =
    <b>请核对全部信息</b>
    {$exam}
    考区：<b>{$area}</b>
summary-page = <b>{$title}</b>
summary-page-ask = 要改哪一项，就点它的按钮。
summary-line = {$field}：<b>{$value}</b>
summary-materials = 证明材料：<b>{$count} 个文件</b>
summary-no-materials = 您的考区现场确认，<b>这里不用上传证明材料</b>。提交以后，我会告诉您什么时候去哪里、带什么。
pledge-again = 提交即表示您再次承诺：所填信息和照片真实、准确。
summary-photo = 您的报名照片
summary-closes = 没有错就点“{button-submit}”，{$closes} 截止。哪里要改，就点下面那一页的按钮。
submit-not-yet = 还不能提交，请先完成这一步：
submit-too-late = 报名已经截止，不能再提交。如有疑问，请联系考点。
toast-submitted = 已提交

button-pick-month = 从列表里选年月
button-years-counted = ✓ 满 {$years} 年（从 {$since} 算起）
button-earlier = 更早
button-later = 更晚
button-leaf-back = ← 前面的
button-leaf-on = 后面的 →
button-ticked-on = ○ {$name}
button-ticked-off = ✓ {$name}
button-ticked = 就报这几科
button-skip-rest = 跳过本页其余选填项
button-edit-line = 改{$field}
button-edit-place = 修改考点
button-edit-person = 修改基本信息
button-edit-contact = 修改联系方式
button-edit-applying = 修改报考信息
button-edit-education = 修改教育情况
button-edit-work = 修改工作情况
button-edit-area = 修改考区
button-edit-photo = 换照片
button-edit-materials = 改证明材料
button-submit = 提交报名信息

## 例子：考试文件里有的用考试文件的，没有的用这些。
# 名称有两种语言，各说各的。
named = { $en ->
       *[other] {$zh}
    }
example-school = 示例大学
example-major = 会计学
example-employer-name = 示例市示例单位
example-department = 办公室
problem-description = 这只说了是什么样的单位，不是名称。{$field}请写和公章一致的全称，或者名称里的几个字。
