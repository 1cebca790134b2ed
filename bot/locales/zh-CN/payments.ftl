### 缴费：金额、付款、收据、退回。

button-pay = 去缴费
button-paid = 我已经付了
button-not-paid = 其实我还没付
button-paid-proof = 我来提供付款凭证
button-pay-telegram = 在 Telegram 里付
button-pay-wechat = 用微信付
button-pay-alipay = 用支付宝付
button-open-link = 在这台手机上打开付款页

way-telegram = Telegram 付款
way-wechat = 微信支付
way-alipay = 支付宝
way-desktop = 考区平台

pay-head = <b>请先核对，再付款</b>
pay-bill =
    <b>缴什么</b>：{$specialty}，{$subjects}（{$count} 科）
    <b>多少钱</b>：{$yuan} 元
pay-bill-until = <b>最晚什么时候</b>：{$closes}
pay-wrong = <b>专业或科目不对？</b>先不要付款，请马上致电考区：{$area-contact}
pay-wrong-here = <b>专业或科目不对？</b>先不要付款：请点“{button-late-change}”，或者致电考区：{$area-contact}
pay-afterwards = <b>付完以后</b>：收到支付方的确认，我马上告诉您，您就报名成功了。
pay-over-here =
    <b>已经付了</b>：点“{button-paid}”，我马上去查。查清楚以前，您的报名不会作废。
    <b>没有付</b>：按规定视为自动放弃考试。有特殊情况，请马上致电。
pay-often = 一天最多可以换 {$limit} 次付款方式，请明天再试；今天就截止的，请致电考区。
pay-other-ends = 您还有一个没付的{$way}。我先把它关掉，再换别的方式，这样不会付两次。

bill-asked =
    <b>付款还没有确认</b>：{$way}，{$yuan} 元。付过的话不用再付{ $can-ask ->
        [yes] ，点“{button-paid}”。
       *[no] 。
    }
bill-checking =
    <b>已支付，等待确认</b>：{$way}，{$yuan} 元。正在等支付方的结果，请先不要再付。{ $can-pay ->
        [yes] 手机上明确显示没有付成，才再点“{button-pay}”。
       *[no] 有了结果马上告诉您。
    }
bill-claimed = <b>考区正在核对您说的付款，请不要再付。</b>有结果我马上告诉您。
bill-paid = <b>收据</b>：{$way}，{$yuan} 元，{$at}。交易号：<code>{$charge}</code>
bill-owed = <b>有一笔钱要退给您</b>：{$way}，{$money}。{$verdict}退回时我会告诉您。{ $can-pay ->
        [yes] 它还不算考试费：再付之前，请先致电考区：{$area-contact}。
       *[no] 不用再付这一笔。
    }
bill-sent-back = <b>这笔钱已退回</b>：{$way}，{$money}。

money-amount = {$yuan} 元
money-foreign = {$units} {$currency}（最小单位，不是人民币）
money-why-fee = 这是考试费。
money-why-accepted = 考区同意算作考试费。
money-why-unknown-order = 找不到对应的报名。
money-why-merchant = 收款方不是我们。
money-why-currency = 币种不对。
money-why-amount = 金额和应缴的不一样。
money-why-payer = 付款的不是本人的账号。
money-why-doubled = 以前已经缴过费，这是多付的。
money-why-late = 付款时缴费已经截止，由考区决定是否算数。
money-why-not-approved = 付款时报名不在待缴费的状态。
money-why-expired = 付款时这次报名已按自动放弃处理。
money-why-review-undone = 考区撤销了审核通过。

invoice-title = 考试费
invoice-text = {$specialty}，{$subjects}（{$count} 科），共 {$yuan} 元。最晚 {$closes} 付款。

link-text =
    <b>{$way}：{$yuan} 元</b>
    { $can-open ->
        [yes] 请用{$way}扫上面的码，或点下面的按钮。
       *[no] 请用{$way}的“扫一扫”扫上面的码。码就在这台手机上、没法扫：请在电脑上打开这个聊天再扫，或请别人用{$way}扫，替您付也算数。
    }
    {$specialty}，{$subjects}（{$count} 科）
    码有时限，过期请再点“{button-pay}”。付完不用截图，我会收到结果。
preparing = 正在准备{$way}的付款码，一会儿就好。一直不来，请点“{button-pay}”，可以换一种方式。
asking = <b>正在问支付方。</b>一有结果我马上告诉您。请先不要再付，这样不会付两次。
asked-nothing = 刚问过支付方：{$way}还没有收到您的这笔钱。您的账单上明明有，请点“{button-paid-proof}”。
way-ended = {$way}的那一笔已经关掉，没有收到钱，旧的付款码请不要再扫。要付请再点“{button-pay}”，也可以换别的方式。
way-refused = {$way}现在用不了，没有扣款。请换一种方式，或者过一会儿再点“{button-pay}”。

paid-early = <b>缴费还没有开始，现在没有人能收您的考试费。</b>已经有人收了您的钱，请马上致电考区：{$area-contact}
proof-ask =
    <b>付了款，这里没有显示？</b>
    请发给我：付款时间、金额、交易单号（或票据号）。写在一条消息里，不超过 300 个字。
    例如：2月5日 14:20，260 元，交易单号 4200001234
    考区会核对。查清楚以前，您的报名不会作废。
proof-kept = 收到了，已转给考区核对。查清楚以前，您的报名不会作废；有结果我马上告诉您。
claim-taken-back = 好的，您还没有付，考区不再核对这笔付款。请在截止以前缴。
proof-known = 您的情况考区已经在核对了，不用再发。有结果我马上告诉您。
proof-often = 一天最多可以说 {$limit} 次已经付了。钱真的付了，请致电考区：{$area-contact}；没有付，请在截止以前缴。
proof-check =
    <b>把下面这段话发给考区核对吗？</b>
    {$words}
button-proof-send = 是，发给考区
problem-proof = 请写一条不超过 {$limit} 个字的消息。例如：2月5日 14:20，260 元，交易单号 4200001234

told-paid = <b>缴费成功：{$yuan} 元。您已报名成功。</b>
told-money-owed = <b>收到一笔钱，不能算作考试费：{$money}。</b>{$verdict}这笔钱由考区处理，该退的会退给您。交易号：<code>{$charge}</code>
told-money-back = <b>已退给您：{$money}。</b>到账时间看付款的银行或平台。交易号：<code>{$charge}</code>
told-approval-undone = <b>考区撤销了您的审核通过。</b>已缴的考试费会退给您。
told-case-closed = <b>考区核对过了：没有查到您的付款。</b>有疑问，请马上致电考区。

checkout-unknown = 这张账单已经失效。请回到聊天，点“{button-pay}”。
checkout-paid = 您已经缴过费了，不用再付。
checkout-claimed = 考区正在核对您说的付款，请先不要再付。没有扣款。
checkout-not-approved = 您的报名现在不能缴费。请回到聊天看进度。
checkout-closed = 这张账单已经过了付款时间。请回到聊天，点“{button-pay}”看还能不能付。
checkout-amount = 应缴的金额变了，请不要付这一张。请回到聊天，点“{button-pay}”。
checkout-payer = 这张账单要由报名的本人来付。
checkout-later = 现在确认不了，没有扣款。请过一分钟再试。

## 工作人员

button-payments = 收款和退款
payments-head = <b>收款和退款</b>（您负责的范围）
sum-none = 还没有收到过款。
sum-fee = 考试费：{$count} 笔，{$yuan} 元
sum-owed = 应退：{$count} 笔，{$yuan} 元
sum-sent-back = 已退：{$count} 笔，{$yuan} 元
sum-foreign = 另有 {$count} 笔不是人民币，没有计入。
owed-head = <b>应退的钱（{$count} 笔）</b>，先列最早的，点编号办理：
owed-none = 没有应退的钱。
owed-line = {$number}. {$code}　{$money}（应缴 {$expected} 元）　{$way}　{$at}　{$verdict}{$state}
owed-is-second-look = <b>等第二个人复核。</b>
owed-is-asked = 正在请支付方退款。
owed-is-by-hand = <b>等考区退款，再写退款号。</b>
owed-is-refused = 支付方不能退。
owed-is-sent = 已退。
claims-head = <b>说已经付了、等考区核对的（{$count} 件）</b>，先列最早的：
claims-none = 现在没有人说已经付了。
claim-line = <b>{$code} 说已经付了</b>，{$at}：{$words}
button-claim-paid = {$code} 查到了，标记已缴费
button-claim-none = {$code} 没有查到
button-claims = 说已经付了的，全部 {$count} 件
queue-claims = 说已经付了：{$count} 件等考区核对，最早一件 {$since} 发来。核对以前，不请他们缴费
claim-news = <b>有考生说已经付了，请核对</b>
claim-sure =
    <b>编号 {$code}：在考区的收款记录里没有查到吗？</b>
    考生会马上收到“没有查到您的付款”，不能撤销。
claim-sure-until = 这位考生在 {$closes} 以前还可以缴。
claim-sure-over = ⚠️ 缴费已经截止：没有缴费记录的，按自动放弃处理。
button-claim-sure = ✅ 确认没有查到
claim-is-closed = 这个情况已办完，考生已收到通知。
charge-card =
    <b>{$money}</b>（应缴 {$expected} 元）
    报名编号：{$code}
    {$way}，{$at}，交易号：<code>{$charge}</code>
    {$verdict}
button-refund = 退给考生…
button-refund-agree = 同意退款
button-refund-sent = 已经退了，写退款号…
button-accept-money = 算作考试费
button-undo-approval = {$code} 撤销审核通过…
refund-ask = 为什么退？写一句，不超过 {$limit} 个字，直接发给我。另一位同事复核时会看到。
refund-receipt-ask = 请发退款的流水号或票据号，例如：TK20260220001。考生会马上收到通知。
refund-why = 退款原因：{$words}
refund-second-look = <b>等第二个人复核。</b>金额超过限额，要由另一位考区审核员或管理员同意。
refund-asked = <b>正在请支付方退款。</b>退好了考生会收到通知。
refund-by-hand = <b>请按考区的办法退款。</b>退好以后，在这里写退款号。
refund-refused = <b>支付方不能退。</b>请按考区的办法退款。
refund-sent = <b>已退。</b>考生已收到通知。
refund-known = 这笔钱已经在退，或者已经退了。
refund-not-yours = 不能同意自己提出的退款，或者已经有人同意了。
refund-refused-told = 支付方没有退款（{$code}），退款号 {$number}。请考区用自己的办法退，再写退款号。
way-refused-told = {$way}不能收款或查询，支付方说：{$code}。请检查商户号和密钥（baoming doctor）；能用以前，请从考试文件的 ways 里去掉它。
money-accepted = <b>已算作考试费。</b>考生已报名成功，并收到通知。
money-not-acceptable = 这笔钱现在不能算作考试费：已经有一笔、金额不对、报名不在待缴费，或者考试不允许。
undo-ask =
    <b>撤销 {$code} 的审核通过</b>
    考生会看到您写的原因，缴过的费要退。不能恢复。
    请写原因，不超过 {$limit} 个字：
approval-undone = <b>已撤销。</b>考生已收到通知；缴过的费在“{button-payments}”里，请退。
payments-next = 接下来：
differences-told = <b>每日对账</b>：有 {$count} 笔、共 {$yuan} 元还没有退{ $looks ->
        [0] 。
       *[other] ，其中 {$looks} 笔等第二个人复核。
    }请在“{button-payments}”里处理。
problem-reason = 请写一句原因，不超过 {$limit} 个字。例如：同一科缴了两次
payment-is-real = 这份报名是收到钱才登记的，不能取消标记。要退费，请用“撤销审核通过”或“{button-payments}”。

## 记录 · the audit

deed-paid = 支付方确认收到考试费
deed-money-owed = 收到一笔不能算作考试费的钱
deed-money-accepted = 考区把迟到的钱算作考试费
deed-refund-asked = 工作人员提出退款
deed-refund-agreed = 工作人员同意退款
deed-refunded = 已退款
deed-approval-undone = 考区撤销审核通过
deed-case-closed = 考区核对付款，没有查到
deed-payments-imported = 导入收款账单
case-payment = 考生说已经付款，由考区核对
