### 进度和待办。

status-title = {$exam}
status-form = <b>正在填写报名信息。</b>还没有填完，也没有提交。
status-photo = <b>报名信息已填完，还差照片。</b>
status-materials = <b>报名信息和照片都好了，还差证明材料。</b>
status-submit = <b>都填好了，还没有提交。</b>点“{button-resume}”再核对一遍，没有错就点“{button-submit}”。
status-submitted = <b>已提交</b>，{$at}，等待报名确认。

todo-head =
    <b>报名信息已提交</b>，{$at}。
    报名还没有结束。
todo-confirm-on-site =
    <b>待办 · 现场确认</b>
    开门时间：{$hours}
    地点：{$site}，{$address}
    带上：{$bring}
    电话：{$contact}
    <b>逾期没有确认，视为自动放弃考试。</b>
todo-bring-form = 报名表（本人签名，单位盖章）
todo-print-again = <b>这是第 {$number} 次提交。</b>改过任何一项，以前打印的报名表就作废，请重新打印，用新的那份。
todo-print-void = <b>这是第 {$number} 次提交，内容改过：以前打印的报名表作废。</b>请重新打印，用新的那份。
todo-print-valid = <b>这是第 {$number} 次提交，内容没有改：以前打印的报名表还能用。</b>不用重新打印。
hours-unknown = 请先致电问清楚
todo-confirm-online =
    <b>等待线上确认</b>
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
status-step = 流程：<b>{$step}</b>（第 {$number} 步，共 {$count} 步）

status-code = 报名编号：<b>{$code}</b>（问进度时报这个编号）

### 现在或接下来：谁、做什么、什么时候（states/progress/outlook.py）。

status-begin = <b>您还没有报名。</b>
status-check = <b>都填好了，还差学历核验的结果。</b>有了结果，先更新它的核验状态，再提交。
status-waiting = <b>报名还没有开始。</b>
status-missed = <b>您没有提交报名。</b>
status-released = <b>您的证件号码还没有确认。</b>请用自己的证件号码确认，再提交报名。

now-begin-early = {$opens}起可以报名，{$closes} 截止。
now-begin-open = 报名正在进行，{$closes} 截止。点“{button-resume}”开始。
now-begin-over = 这次报名已于 {$closes} 截止，现在不能报名了。
now-draft-early = {$opens}起可以接着填写和提交，{$closes} 截止。填过的内容都在。
now-draft-open = 请在 {$closes} 前提交，逾期不能报名。
now-draft-over = 报名已于 {$closes} 截止，这次不能再提交。填过的内容都在，明年报名不用重填。有特殊情况，请尽快致电。
now-visit-early = 接下来：请您本人到<b>{$site}</b>办理报名确认，{$opens}起，{$last-day}截止。
now-visit-open = <b>现在请您本人到{$site}办理报名确认</b>，{$last-day}截止。
now-visit-over = 报名确认已于 {$last-day}截止，这里还没有您的确认记录。如果您按时去了，请马上致电，请他们登记。
now-online-early = 接下来：<b>{$site}</b>审核您的材料，{$opens}起，{$last-day}截止。您现在不用做什么，一有结果我就告诉您。
now-online-open = 现在由<b>{$site}</b>审核您的材料，{$last-day}截止。您不用做什么，一有结果我就告诉您。
now-online-over = 材料审核已于 {$last-day}截止，还没有您的结果。您该做的都做了，不会因此算放弃。可以致电问一问。
now-again-early = 接下来：<b>{$site}</b>再看一遍您改过的内容，{$opens}起，{$last-day}截止。您现在不用做什么，一有结果我就告诉您。
now-again-open = 现在由<b>{$site}</b>再看一遍您改过的内容，{$last-day}截止。您不用做什么，一有结果我就告诉您。
now-again-over = 办理时间已于 {$last-day}截止，还没有您的结果。您该做的都做了，不会因此算放弃。可以致电问一问。
now-again-visit-early = 接下来：<b>{$site}</b>再次办理报名确认，{$opens}起，{$last-day}截止。要不要您本人再去一次，请致电 {$contact}。
now-again-visit-open = 现在由<b>{$site}</b>再次办理报名确认，{$last-day}截止。要不要您本人再去一次，请致电 {$contact}。
now-again-visit-over = 办理时间已于 {$last-day}截止，还没有您的结果。您该做的都做了，不会因此算放弃。可以致电问一问。
now-site-review-early = 接下来：<b>{$site}审核</b>（共两步，这是第一步），{$opens}起，{$last-day}截止。您现在不用做什么，一有结果我就告诉您。
now-site-review-open = 现在由<b>{$site}审核</b>（共两步，这是第一步），{$last-day}截止。您不用做什么，一有结果我就告诉您。
now-site-review-over = 考点审核已于 {$last-day}截止，还没有您的结果。您该做的都做了，不会因此算放弃。可以致电问一问。
now-area-review-early = 接下来：<b>{$area}审核</b>（共两步，这是第二步），{$opens}起，{$last-day}截止。您现在不用做什么，一有结果我就告诉您。
now-area-review-open = 现在由<b>{$area}审核</b>（共两步，这是第二步），{$last-day}截止。您不用做什么，一有结果我就告诉您。
now-area-review-over = 考区审核已于 {$last-day}截止，还没有您的结果。您该做的都做了，不会因此算放弃。可以致电问一问。
now-payment-early = 接下来：请您缴费，{$opens}起，{$closes} 截止。现在还不能缴。
now-payment-open = <b>现在轮到您了：请缴费</b>，{$closes} 截止。
now-payment-checking = <b>您的付款还没有结果。</b>手机上明确显示没有付成的，请缴费，{$closes} 截止；付成了的，请等一等，不要再付。
now-payment-claimed =
    <b>考区正在核对您说的付款，请不要再付。</b>查清楚以前，您的报名不会作废；有结果我马上告诉您。缴费 { $moment ->
        [early] {$opens}起，
       *[other] {""}
    }{$closes} 截止。
now-payment-over = 缴费已于 {$closes} 截止，这里还没有您的缴费记录。
now-ticket-early = 现在不用做什么。准考证从 {$opens}起可以在官方平台打印，请留意考区通知。
now-ticket-open = 现在请在官方平台打印准考证，{$closes} 截止。
now-ticket-over = 准考证打印已于 {$closes} 截止。
now-correction-early = 接下来：请您修改并再次提交，{$opens}起，{$closes} 截止。现在还不能改。
now-correction-open =
    <b>请在 {$closes} 前改好，并再次提交。</b>
    逾期没有再次提交，视为自动放弃考试。
now-correction-over = 修改的时间已于 {$closes} 截止，现在不能再改。请尽快致电。

pay-how =
    <b>在哪里缴</b>：这个助手不能收费。请按{$area}公布的办法，在官方平台缴费。
    不清楚怎么缴，请致电考区：{$area-contact}
pay-computer = <b>请用电脑缴</b>：这个考区不能用手机缴费。
pay-fee =
    <b>多少钱</b>：每科 {$yuan} 元{ $count ->
        [0] {""}
       *[other] ，您报 {$count} 科，共 {$total} 元
    }（{$source}）
pay-fee-here =
    <b>多少钱</b>：每科 {$yuan} 元{ $count ->
        [0] {""}
       *[other] ，您报 {$count} 科，共 {$total} 元
    }
fee-sample = 示例金额，以考区公布的为准
pay-after = <b>缴完以后</b>：请保存好凭证。考点或考区核对后，会在这里标记“已缴费”，我马上告诉您。
pay-otherwise = <b>逾期没有缴费，按规定视为自动放弃考试。</b>
pay-over =
    <b>已经缴了</b>：请马上致电，请他们核对凭证，在这里标记。
    <b>还没有缴</b>：也请马上致电。您的报名先留着，由管理员处理，不会自动作废。

## 什么时候、在哪里、带什么（确认的三问）。

button-visit = 确认的时间和地点
visit-when-on-site-early = <b>什么时候</b>：报名确认从 {$opens}起，{$last-day}截止。开门时间：{$hours}
visit-when-on-site-open = <b>什么时候</b>：报名确认正在办理，{$last-day}截止。开门时间：{$hours}
visit-when-on-site-over = <b>什么时候</b>：报名确认已于 {$last-day}截止。
visit-when-online-early = <b>什么时候</b>：线上确认从 {$opens}起，{$last-day}截止。
visit-when-online-open = <b>什么时候</b>：正在线上确认，{$last-day}截止。
visit-when-online-over = <b>什么时候</b>：线上确认已于 {$last-day}截止。
visit-when-open-choice-early = <b>什么时候</b>：报名确认从 {$opens}起，{$last-day}截止。
visit-when-open-choice-open = <b>什么时候</b>：报名确认正在办理，{$last-day}截止。
visit-where = <b>在哪里</b>：{$site}，{$address}
visit-where-no-site = <b>在哪里</b>：{$area}要您本人到现场办。选好考点，这里就有地址。
visit-where-online = <b>在哪里</b>：不用去。材料在这里上传，由您选的报名点线上审核。
visit-where-open = <b>在哪里</b>：看您选的考区。有的要本人到考点办，有的在线上办，不用去。选好考区、考点，这里就有地址。
visit-bring = <b>带什么</b>：{$bring}
visit-bring-online = <b>带什么</b>：不用带东西。要在这里上传：{$papers}
visit-bring-nothing = <b>带什么</b>：不用带东西。
visit-bring-open = <b>带什么</b>：到现场办的，带{$bring}；线上办的，在这里上传材料。
visit-done = <b>报名确认已经办好了</b>，不用再去，也不用再带什么。
visit-not-now = <b>现在不用去现场。</b>先看下面这一步。
in-chinese = {$words}
