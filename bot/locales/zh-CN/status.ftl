### 进度和待办。

status-title = {$exam}
status-none = 您还没有开始填写报名信息。点“继续报名”开始。
status-form = <b>正在填写报名信息。</b>还没有填完，也没有提交。
status-photo = <b>报名信息已填完，还差照片。</b>
status-materials = <b>报名信息和照片都好了，还差证明材料。</b>
status-submit = <b>都填好了，还没有提交。</b>请核对后点“提交报名信息”。
status-draft-until = 请在 {$closes} 前提交，逾期不能报名。
status-submitted = <b>已提交</b>（{$at}），等待报名确认。

todo-head =
    <b>报名信息已提交</b>（{$at}）
    报名还没有结束，接下来要做：
todo-confirm-on-site =
    <b>待办 · 现场确认</b>
    时间：{$opens} 至 {$closes}
    地点：{$site}，{$address}
    带上：报名表、身份证件、学历证书、资格证书和执业证书，以及考点要求的其他材料
    电话：{$contact}
    <b>逾期没有确认，视为自动放弃考试。</b>
todo-confirm-online =
    <b>等待线上确认</b>
    {$site}会在 {$opens} 至 {$closes} 期间审核您的材料，结果我会告诉您。
    地址：{$address}
    电话：{$contact}
    <b>如果确认不通过，要在截止前重新上传并提交，逾期视为自动放弃考试。</b>

station-form = 填写信息
station-photo = 确认照片
station-materials = 上传材料
station-submit = 提交信息
station-confirmation = 报名确认
station-site-review = 资格审核 · 考点
station-area-review = 资格审核 · 考区
station-payment = 网上缴费
station-registered = 报名成功

status-code = 报名编号：<b>{$code}</b>（问进度时报这个编号）
