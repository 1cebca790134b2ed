### 打印的报名表，和验证结果。

print-heading = 报名表
print-code = 验证码
print-void = 信息修改后验证码随之改变，旧打印件作废
print-photo = 报名照片
print-no-photo = 照片
print-qr = 二维码：工作人员扫码核验本表
print-no-qr = 提交后才有验证码和二维码
print-draft = 草稿
print-state-draft = 草稿，尚未提交，不能用于报名确认 · {$at}
print-state-first = 第 1 次提交 · {$at}
print-state-again = 第 {$number} 次提交 · {$at}

print-materials = 证明材料
print-files = { $count } 个文件

print-signature = 考生承诺
print-pledge = 我已核对本表，所填信息和所交材料真实、准确，遵守考试纪律；如有不实，愿承担相应后果。
print-signed-by = 本人签名：
print-employer = 单位意见
print-true-copy = 以上信息经审核属实。
print-seal = （单位公章）
print-responsible = 负责人签名：
print-day = 年　　月　　日

print-confirm-on-site = 现场确认
print-confirm-online = 线上确认
print-when = 时间
print-days = {$opens} 至 {$closes}，逾期未确认视为自动放弃
print-where = 地点
print-address = 地址
print-contact = 电话
print-bring = 请带上
print-bring-form = 本表：本人签名，单位盖章
print-bring-identity = 身份证件原件和复印件
print-bring-education = 毕业证书、学位证书
print-bring-title = 现有资格证书
print-bring-practice = 执业证书
print-bring-residency = 住培合格证书
print-bring-licence = 医疗机构执业许可证复印件
print-bring-others = 考点要求的其他材料

## 验证

verdict-current =
    <b>有效</b>：这是现行的报名表。
    第 {$number} 次提交，{$at}。请和下面的信息逐项核对。
verdict-replaced =
    <b>已作废</b>：{$at} 的第 {$number} 次提交代替了它。
    请考生打印最新的报名表。
verdict-withdrawn =
    <b>已撤回</b>：考生 {$at} 撤回了第 {$number} 次提交。
    请考生重新提交，再打印。
verdict-not-ours =
    <b>不是这里的报名表</b>：签名或编号对不上。
    请不要受理，并向考点负责人报告。
verdict-unreadable =
    <b>没有读出二维码。</b>
    请把纸放平、光线充足时再扫一次，或者输入表上的验证码，例如：2222-454-03

verdict-how =
    <b>核对报名表</b>
    把报名表上的二维码<b>拍一张发到这里</b>（照片、扫描件、PDF 都行），或者输入表上的验证码，例如：2222-454-03
    用手机相机直接扫二维码，也会打开这里。
verdict-no-code =
    <b>这张图里没有找到二维码。</b>
    请对准二维码拍近一点、拍平、不反光，再发一次；或者输入表上的验证码，例如：2222-454-03
verdict-for-staff =
    请扫报名表上的二维码。验证码只有工作人员能查。
verdict-no-key =
    <b>现在查不了</b>：这里缺少核对这张报名表的密钥，也可能是伪造的。
    请先不要受理，把这句话告诉系统管理员。
verify-genuine =
    <b>这张报名表是这里生成的。</b>
    它现在有没有效、是谁的，只有办理的考点、考区能看。
verify-not-genuine =
    <b>这张表不是这里生成的</b>：签名或编号对不上。
verify-retype = 验证码也可能输错了。请先和纸上的逐个核对，再发一次；能扫二维码，就扫二维码。
verify-name = 姓名：{$name}
verify-number = 证件号码：{$number}
verify-specialty = 报考专业：{$specialty}
verify-site = 考点：{$site}
verify-submission = 这张是第 {$count} 次提交的，{$at}
verify-stage = 这份报名现在的进度：{$stage}
verify-compare = 请和纸上的逐项核对，再看身份证件。
command-verify = 核对打印的报名表
