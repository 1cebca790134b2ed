### 情况：证件号码、换 Telegram 账号、更正姓名和号码。考生申请，考点或考区核实。

case-opened-number-taken =
    <b>已登记，{$site}会核实这个号码是谁的。</b>
    请带上身份证件去：{$address}，电话 {$contact}。核实之前，这个号码还不能确认；您填的内容都在。
case-opened-account-moved =
    <b>已登记，{$site}看过您的证件，就把以前的账户转到这里。</b>
    请本人带上身份证件去：{$address}，电话 {$contact}。转过来以后，填过的内容都在。
case-opened-identity =
    <b>申请已交给{$site}。</b>
    { $has-proof ->
        [yes] 证件照片已附上。有疑问请致电 {$contact}。
       *[no] 请带上身份证件去：{$address}，电话 {$contact}。
    }
    有了结果，我马上告诉您；进度看 /todo。

case-waits-number-taken = <b>{$site}正在核实您的证件号码</b>（{$since} 登记）。请带上身份证件去：{$address}，电话 {$contact}。
case-waits-account-moved = <b>{$site}正在核实，要把您以前的账户转到这里</b>（{$since} 登记）。请本人带上身份证件去：{$address}，电话 {$contact}。
case-waits-identity = <b>{$site}正在核实您的更正申请</b>（{$since} 提交）。有疑问请致电 {$contact}。
case-waits-contested =
    <b>⚠️ 有人说您的证件号码是他的</b>（{$since}），{$site}正在核实。
    这个账户是您本人的，请尽快致电 {$contact}。

case-agreed-number-taken = <b>核实过了：这个证件号码是您的，现在可以确认了。</b>点“{button-resume}”，核对以后确认。
case-agreed-account-moved = <b>您以前的账户已经转到这里。</b>填过的内容都在，以后就用这个 Telegram 账号。旧的账号不能再用来办理。
case-agreed-identity = <b>更正好了。</b>新的姓名和证件号码看 /profile。
case-print-again = 报名表换了新的：以前打印的作废，请重新打印。
case-declined-number-taken = <b>核实过了：没有同意您登记的证件号码。</b>
case-declined-account-moved = <b>核实过了：没有同意把以前的账户转到这里。</b>
case-declined-identity = <b>核实过了：没有同意您的更正申请，姓名和证件号码没有改。</b>
case-declined-words = 原因：“{$words}”

contested-number-taken =
    <b>⚠️ 有人说您的证件号码是他的</b>，考点会看证件原件来核实。
    号码是您本人的：请尽快致电说明。
    号码输错了：请致电考点，改成自己的。
contested-account-moved =
    <b>⚠️ 有人要把您的账户转到另一个 Telegram 账号</b>，考点看过证件原件才会转。
    是您本人换了账号：不用做什么。
    <b>不是您本人：请马上致电。</b>
account-left =
    <b>您在这里的报名账户，已经转到另一个 Telegram 账号。</b>
    考点看过本人的证件原件。从现在起，这个账号看不到那份报名，也不能办理。
    <b>不是您本人办的，请马上致电。</b>
number-released =
    <b>您的账户已经解除锁定：考点核实，您登记的证件号码是别人的。</b>
    报名退回到未提交，填过的内容都在。请发送 /start，用自己的证件号码重新确认，再提交。

button-account-moved = 是我以前的账户，换了 Telegram 账号
button-correct-identity = 更正姓名或证件号码

correct-item-ask =
    <b>哪一项填错了？</b>
    姓名：{$name}
    {$idtype}：{$number}

    已经锁定，只能由考点看过证件来更正。
correct-name-ask = <b>正确的姓名是什么？</b>请照证件填写，一字不差。
correct-number-ask =
    <b>正确的证件号码是多少？</b>
    {$shape}。
    收到后，我会把您这条消息从聊天里删掉。
correct-proof-ask =
    <b>请发一张证件照片</b>，要看得清姓名和号码。只有核实的工作人员看得到，有了结果就删除。
    也可以不发，带上原件到考点。
correct-proof-kept = 收到，已保存。
correct-review = <b>请核对您的申请：</b>
correct-line = {$item}：{$old} → <b>{$new}</b>
correct-with-scan = 附有证件照片。
correct-with-original = 没有附证件照片：请带上证件原件到考点。
correct-until = 考点同意以前，还按原来的姓名和号码办。已经提交的，更正以后报名表换新的，以前打印的作废。
correct-nothing = 没有要更正的内容。
correct-waits = <b>您已经有一个申请在核实，有了结果再申请下一个。</b>
correct-not-locked = 您的身份信息还没有锁定，可以自己改：继续报名，在核对的那一步点要改的一项。
problem-correct-same = 和现在登记的一样，没有改动。请再看一遍证件，发正确的那一个。
button-correct-name = 姓名
button-correct-number = 证件号码
button-correct-bring = 不发照片，带原件去
button-correct-apply = 提交申请

## 工作人员

command-cases = 身份核实
button-cases = 身份核实
cases-head = <b>身份核实</b>：{$count} 件等您办
cases-none = <b>身份核实</b>：现在没有等您办的。
cases-line = {$number}. {$kind}　{$whose}　{$place}　{$at} 登记
cases-line-pair = {$number}. {$kind}　{$whose}、{$other}：{$what}　{$place}　{$at} 发现
case-kind-number-taken = 号码被别人注册
case-kind-account-moved = 换 Telegram 账号
case-kind-identity = 更正姓名或号码
queue-cases =
    身份核实：{$count} 件，最早一件 {$since} 登记。{ $blocking ->
        [0] 都是“{case-kind-duplicate}”的提示，不影响考生报名
       *[other] 等着核实的考生可能因此报不了名
    }
case-news = <b>有一件身份核实</b>：{$kind}　{$place}
case-card-head =
    <b>{$kind}</b>　{$place}　{$at} 登记
    申请人：<b>{$name}</b>
    证件号码：<code>{$number}</code>
case-with-scan = 证件照片在上面。请和申请逐字核对。
case-with-original = 没有附照片，本人会带证件原件来。
case-proof = 申请人的证件。请只用来核对，不要转发。
case-same-person = 那个账户的姓名、性别、出生日期和申请人填的<b>一致</b>。
case-other-person = ⚠️ 那个账户的姓名、性别或出生日期和申请人填的<b>不一致</b>。请仔细看证件原件。
case-stage = 那份报名：{$code}　{$stage}
case-no-form = 还没有填这次考试的报名。
case-is-decided = 已经作了决定，等撤销时间过去。
case-closed = 这一件已经办完。
case-gone = <b>不用再办</b>：{$kind}　{$place}　考生删除了自己的全部信息。
case-cannot-no-owner = ⚠️ 这个号码现在没有别的账户在用，不用同意：请申请人直接确认号码。不同意并写明这一点即可。
case-cannot-confirmed = ⚠️ 用这个号码的报名已经确认过，证件有人看过。请办理那份报名的考点先处理：确认的人在它的办理记录里点“{button-reopen}”，请对方改号码；改好以后，再回到这里。
case-cannot-number-used = ⚠️ 申请的号码已经有别的账户在用，不能改成它。
case-cannot-changed = ⚠️ 申请人登记以后改用了别的号码，这一件不用再办。请点“{button-case-decline}”，写明这一点。
case-cannot-used-up = ⚠️ 不能在这里更正：这份报名改过内容再提交已满 99 次，没有新的验证码可用了。请点“{button-case-decline}”，写明要考生到官方平台更正。
case-decline-ask = <b>为什么不同意？</b>请直接发一句话，不超过 {$limit} 个字，申请人会看到原话。
problem-case-words = 请写一句话，不超过 {$limit} 个字，申请人会看到。例如：证件上的姓名和申请的不一样
case-decided-agreed =
    ✅ 您<b>同意</b>了。

    {$seconds} 秒内可以撤销；过后生效，并通知双方。
case-decided-declined =
    ❌ 您<b>不同意</b>。

    {$seconds} 秒内可以撤销；过后生效，并通知申请人。
case-undone = 已撤销，什么都没有发出。
case-undo-late = 撤销的时间已经过了，或者这一件不是您决定的。
case-applied = <b>已办完</b>：{$kind}　{$place}　{$how}
case-how-agreed = ✅ 同意
case-how-declined = ❌ 不同意
case-how-merged = ✅ 合并
case-how-apart = ✅ 是两个人
case-how-void = ⚠️ 没有生效，已回到队列
case-void = <b>刚才同意的一件没有生效</b>，已回到队列：
button-case = 打开第 {$number} 件
button-case-open = 打开这一件
button-case-next = 打开下一件
button-case-agree-number-taken = ✅ 看过证件原件：号码是申请人的
button-case-agree-account-moved = ✅ 看过证件原件：转到新账号
button-case-agree-identity = ✅ 和证件一致：同意更正
button-case-decline = ❌ 不同意…
toast-case-agreed = 已同意
toast-case-declined = 已决定：不同意

deed-case-seen = 工作人员查看一件身份核实
deed-case-decided = 工作人员决定一件身份核实
deed-case-undone = 工作人员撤销身份核实的决定
deed-case-applied = 身份核实的决定生效
deed-case-void = 身份核实的决定作废
deed-identity-corrected = 更正姓名或证件号码，报名表换新
deed-number-released = 证件号码核实为别人的，账户解除锁定
deed-account-moved = 账户转到另一个 Telegram 账号

### 可能是同一个人的两个账户

case-duplicate = 可能是同一个人的两个账户
case-waits-closed =
    <b>这个账户已经关闭：核实过，您本人还有另一个账户，保留那一个。</b>
    请用另一个 Telegram 账号办理。这里填过的内容都在，可以在 /profile 里导出。
    <b>弄错了，或者那个账号已经不能用：请马上致电 {$contact}。</b>
account-kept =
    <b>您有两个账户，核实以后保留这一个。</b>
    这份报名照常办理，什么都不用做。另一个账户已经关闭。
    另一个不是您的：请致电说明。
account-closed =
    <b>这个账户已经关闭：核实过，您本人还有另一个账户，保留那一个。</b>
    这里的报名已经退回，打印的报名表作废；填过的内容都在。请用另一个 Telegram 账号办理。
    <b>弄错了，或者那个账号已经不能用：请马上致电。</b>
account-reopened =
    <b>您的账户已经重新打开：核实过，您和另一个账户不是同一个人。</b>
    请发送 /status，看这份报名还要做什么；退回的要在截止以前再提交一次。
problem-account-closed =
    <b>没有提交：这个账户已经关闭。</b>您本人还有另一个账户，请用那个 Telegram 账号办理。
    弄错了：{$whom}

case-kind-duplicate = 可能是同一个人
likeness-number = 证件号码一样
likeness-name = 姓名相近、出生日期一样
likeness-photo = 同一张照片
likeness-phone = 同一个手机号
duplicate-head = <b>可能是同一个人的两个账户</b>　{$place}　{$at} 发现
duplicate-side =
    <b>{$number}.</b> {$code}　{$stage}　{$place}
    {$name}　{$idtype} {$tail}　手机 {$phone}　{$at} 提交
duplicate-side-empty = <b>{$number}.</b> {$name}　{$idtype} {$tail}　没有这次考试的报名
duplicate-elsewhere = 不在您范围里的报名
duplicate-alike = 发现时：{$what}
duplicate-same = 现在一样的：{$items}
duplicate-other = 现在不一样的：{$items}
duplicate-near-name = 姓名（相近）
duplicate-careful = 双胞胎、家人、同事、同名的人也会这样。拿不准的，先打电话，或者看证件原件。
duplicate-ask = 关闭的那个账户，没有确认的报名会退回；内容都留着，以后可以重新打开。
duplicate-is-asked = <b>{$name} 认为是同一个人</b>：保留 {$kept}，关闭 {$closed}。要第二个人同意才作数。
duplicate-nobody = 关闭有报名的账户要两个人决定，现在这里没有第二个人。请联系考区审核员。
duplicate-taken-back = 已撤回，什么都没有发出。
duplicate-refused = 您不同意合并，这一件回到队列。
duplicate-reopened = 账户已重新打开，考生收到了通知。这两个账户以后不再提示。
duplicate-closed-agreed = 这一件已经办完：合并了，关闭了一个账户。
duplicate-closed-declined = 这一件已经办完：是两个人，以后不再提示。
duplicate-cannot-confirmed = ⚠️ 要关闭的那份报名已经确认过，证件有人看过。请先由办理的那一步重新办理，再回到这里；或者保留那一份。
duplicate-cannot-other-case = ⚠️ 要关闭的账户还有别的身份核实没有办完，请先办完那一件。
duplicate-cannot-kept-not-filed = ⚠️ 要保留的那一份没有提交或已经作废。请保留另一份，不然考生就没有报名了。
duplicate-photo = 第 {$number} 个账户
duplicate-photos = 两个账户的照片（1：{$first}；2：{$second}），请看是不是同一个人。照片没有遮住，请不要转发。
duplicate-decided-agreed =
    ✅ 您决定<b>合并</b>。

    {$seconds} 秒内可以撤销；过后生效，并通知两个账户。
duplicate-decided-declined =
    ✅ 您决定：<b>是两个人</b>，以后不再提示。

    {$seconds} 秒内可以撤销。两个人都不会收到消息。
duplicate-news-asked = <b>同事认为两个账户是同一个人，要您同意才合并</b>：{$place}
duplicate-news-refused = <b>第二个人不同意合并这两个账户</b>，这一件回到队列：{$place}
duplicate-news-agreed = <b>第二个人同意，您建议的合并生效了</b>：{$place}
duplicate-news-void = <b>您建议的合并没有生效</b>，这一件回到队列：{$place}
button-duplicate = 比较两个账户：{$code}
button-duplicate-merge = 是同一个人：保留 {$kept}，关闭 {$closed}
button-duplicate-apart = 是两个人，以后不再提示
button-duplicate-agree = ✅ 同意，关闭 {$closed}
button-duplicate-disagree = 不同意合并
button-duplicate-back = 撤回合并的建议
button-duplicate-photos = 对照两张照片
button-account-reopen = 账户关闭错了，重新打开
toast-duplicate-agreed = 已决定合并
toast-duplicate-declined = 已决定：是两个人
card-duplicate = 👥 可能和另一个账户是同一个人（{$code}）：{$what}
card-duplicate-whom = 　由{$place}的审核员决定，这一份您照常办理。当面看出是同一个人，或者明显是两个人，请告诉他们：{$contact}
case-cannot-other-case = ⚠️ 要关闭的账户还有别的身份核实没有办完，请先办完那一件。
case-cannot-kept-not-filed = ⚠️ 要保留的那一份没有提交或已经作废。

deed-merge-asked = 工作人员建议合并两个账户
deed-merge-declined = 第二个人不同意合并
deed-merge-taken-back = 工作人员撤回合并的建议
deed-account-closed = 账户关闭，本人保留另一个账户
deed-account-reopened = 关闭的账户重新打开
