### 缴费：金额、付款、收据、退回。

button-pay = 去缴费
button-paid = 我已经付了
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
    <b>最晚什么时候</b>：{$closes}
pay-wrong = <b>专业或科目不对？</b>先不要付款，请马上致电考区：{$area-contact}
pay-afterwards = <b>付完以后</b>：收到支付方的确认，我马上告诉您，您就报名成功了。
pay-over-here =
    <b>已经付了</b>：点“{button-paid}”，我马上去查。查清楚以前，您的报名不会作废。
    <b>没有付</b>：按规定视为自动放弃考试。有特殊情况，请马上致电。
pay-other-ends = 您还有一个没付的{$way}。我先把它关掉，再换别的方式，这样不会付两次。

bill-asked = <b>付款还没有确认</b>：{$way}，{$yuan} 元。付过的话不用再付，点“{button-paid}”。
bill-checking = <b>已支付，等待确认</b>：{$way}，{$yuan} 元。正在等支付方的结果，请先不要再付。手机上明确显示没有付成，才再点“{button-pay}”。
bill-paid = <b>收据</b>：{$way}，{$yuan} 元，{$at}。交易号：<code>{$charge}</code>
bill-owed = <b>有一笔钱要退给您</b>：{$way}，{$yuan} 元。{$verdict}退回时我会告诉您，不用再付这一笔。
bill-sent-back = <b>这笔钱已退回</b>：{$way}，{$yuan} 元。

verdict-fee = 这是您的考试费。
verdict-accepted = 考区同意算作考试费。
verdict-unknown-order = 找不到对应的报名。
verdict-merchant = 收款方不是我们。
verdict-currency = 币种不对。
verdict-amount = 金额和应缴的不一样。
verdict-payer = 付款的不是本人的账号。
verdict-doubled = 您已经缴过费，这是多付的。
verdict-late = 付款时缴费已经截止，由考区决定是否算数。
verdict-not-approved = 付款时您的报名不在待缴费的状态。
verdict-expired = 付款时这次报名已按自动放弃处理。
verdict-review-undone = 考区撤销了审核通过。

invoice-title = 考试费
invoice-text = {$specialty}，{$subjects}（{$count} 科），共 {$yuan} 元。最晚 {$closes} 付款。

link-text =
    <b>{$way}：{$yuan} 元</b>
    请用{$way}扫上面的码，或点下面的按钮。
    {$specialty}，{$subjects}（{$count} 科）
    码有时限，过期请再点“{button-pay}”。付完不用截图，我会收到结果。
preparing = 正在准备{$way}的付款码，一会儿就好。请不要用别的方式付。
preparing-failed = {$way}暂时没有回应，还没有付款码，也没有扣款。我会接着试，好了马上发给您。
asking = <b>正在问支付方。</b>一有结果我马上告诉您。请先不要再付，这样不会付两次。
asked-nothing = 刚问过支付方：{$way}还没有收到您的这笔钱。您的账单上明明有，请点“{button-paid-proof}”。
way-ended = {$way}的那一笔已经关掉，不会再扣款。现在可以换别的方式。

proof-ask =
    <b>付了款，这里没有显示？</b>
    请发给我：付款时间、金额、交易单号（或票据号）。写在一条消息里，不超过 300 个字。
    例如：2月5日 14:20，260 元，交易单号 4200001234
    考区会核对。查清楚以前，您的报名不会作废。
proof-kept = 收到了，已转给考区核对。查清楚以前，您的报名不会作废；有结果我马上告诉您。
proof-known = 您的情况考区已经在核对了，不用再发。有结果我马上告诉您。
problem-proof = 请写一条不超过 {$limit} 个字的消息。例如：2月5日 14:20，260 元，交易单号 4200001234

told-paid = <b>缴费成功：{$yuan} 元。您已报名成功。</b>交易号：<code>{$charge}</code>
told-money-owed = <b>收到一笔钱，不能算作考试费：{$yuan} 元。</b>{$verdict}这笔钱由考区处理，该退的会退给您。交易号：<code>{$charge}</code>
told-money-back = <b>已退给您：{$yuan} 元。</b>到账时间看付款的银行或平台。交易号：<code>{$charge}</code>
told-approval-undone = <b>考区撤销了您的审核通过。</b>已缴的考试费会退给您。
told-case-closed = <b>考区核对过了：没有查到您的付款。</b>有疑问，请马上致电考区。

checkout-unknown = 这张账单已经失效。请回到聊天，点“去缴费”。
checkout-paid = 您已经缴过费了，不用再付。
checkout-not-approved = 您的报名现在不能缴费。请回到聊天看进度。
checkout-closed = 这张账单已经过了付款时间。请回到聊天，点“去缴费”看还能不能付。
checkout-amount = 应缴的金额变了，请不要付这一张。请回到聊天，点“去缴费”。
checkout-payer = 这张账单要由报名的本人来付。
checkout-later = 现在确认不了，没有扣款。请过一分钟再试。
