### 账户：姓名、证件。确认后锁定。

account-step = 账户 · 第 {$number} 步，共 {$count} 步
account-name-ask =
    <b>您的姓名？</b>
    请照证件填写，一字不差。少数民族姓名中间用“·”，例如：阿依古丽·买买提。
    打不出来的字，用拼音加括号代替，例如：王(suo)。
account-id-type-ask = <b>用哪种证件报名？</b>
account-number-ask =
    <b>证件号码是多少？</b>
    {$shape}。
    收到后，我会把您这条消息从聊天里删掉，免得别人看到。
account-number-again-ask =
    <b>请把证件号码再输入一遍。</b>
    号码锁定后不能更改，所以要核对两次。请看着证件重新输，不要复制。
account-sex-ask = <b>证件上的性别？</b>
account-born-ask =
    <b>证件上的出生日期？</b>
    例如：1990-03-07 或 1990年3月7日。
account-confirm-ask =
    <b>请仔细核对，确认后不能更改：</b>

    姓名：<b>{$name}</b>
    证件：{$idtype}
    号码：<b>{$number}</b>（两次输入一致）
    性别：{$sex}
    出生日期：{$born}
    国籍：{$nationality}

    居民身份证和居住证的性别、出生日期由号码得出。
account-locked = 已确认，您的身份信息已锁定。
why-name = 报名表、准考证上印的就是它，所以要和证件一字不差。
why-id-type = 号码有几位、怎么检查，要看是哪种证件；确认时，考点也要看这份证件。
why-number = 一个号码只能有一个账户，考点凭它核对您本人，报名表上也要印。号码加密保存，您发的那条消息我会从聊天里删掉。
why-number-again = 号码锁定后不能更改。看着证件输两遍，能查出输错的数字。
why-sex = 您的证件号码看不出性别，报名表上要填。
why-born = 您的证件号码看不出出生日期，报名表上要填。
why-area = 确认和审核都由考区、考点办，所以要先知道您单位在哪里。
why-terms = 报名前要读过并同意，这是报名的规定。我会记下您同意的版本和时间。
why-photo = 报名表和准考证上都用这张照片，考试时凭它认人。
why-materials = 您的考区不用到现场，报名点只看这些材料决定是否通过。

problem-number-differs = 两次输入的号码不一样。请看着证件，重新输入两遍。
problem-number-tries =
    24 小时内已确认过 {$limit} 次证件号码，请明天再试。您填的内容都还在。
    号码没有输错的话，不用着急；急着办请带上证件，联系您单位所属的考点。

claim-taken =
    <b>这个证件号码已经有账户了，不能再用来确认。</b>
    · 用别的 Telegram 账号报过名：请回到那个账号；回不去了，点“{button-account-moved}”，考点看过证件就转过来。
    · 号码输错了：改号码就行。
    · 您从来没有注册过：点“{button-mine}”，我替您向考点登记，由考点核实。
claim-area-ask =
    <b>您的单位在哪个考区？</b>
    由那里的考点核实。也可以打字找，例如：青海、qinghai 或 qh。
claim-site-ask = <b>由哪个考点核实？</b>请选您单位所属的考点。
claim-known =
    <b>这个号码已经登记过了，不用再登记。</b>
    {$site}正在核实。请带上身份证件去：{$address}，电话 {$contact}。
button-mine = 这是我的号码

sex-male = 男
sex-female = 女
nationality-cn = 中国

button-lock = ✓ 全部正确，确认
button-edit-name = 改姓名
button-edit-id-type = 改证件类型
button-edit-number = 改号码
button-edit-sex = 改性别
button-edit-born = 改出生日期

format-name = 格式：2 到 30 个汉字，中间只能有“·”。例如：刘玲、阿依古丽·买买提、王(suo)
format-id-number = 格式：{$shape}
format-born = 格式：四位的年、月、日，中间用横线隔开。例如：1990-03-07
problem-born-format = 没看懂这个日期。请写年、月、日，例如：1990-03-07 或 1990年3月7日
problem-born-date = 没有这一天。请对照证件再写，例如：1990-03-07
problem-born-future = 这个日期还没有到。请对照证件再写，例如：1990-03-07
problem-born-young = 按这个日期算，您还不满 {$limit} 岁，多半是输错了。请对照证件再写，例如：1990-03-07
problem-born-aged = 按这个日期算，您已超过 {$limit} 岁，多半是输错了。请对照证件再写，例如：1990-03-07

field-name = 姓名
field-idtype = 证件类型
field-number = 证件号码
field-sex = 性别
field-born = 出生日期
