### 账户：姓名、证件、手机。确认后锁定。

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
account-phone-ask =
    <b>您的手机号码？</b>
    考点有事会打这个号码找您，例如：138 0013 8000。
account-confirm-ask =
    <b>请仔细核对，确认后不能更改：</b>

    姓名：<b>{$name}</b>
    证件：{$idtype}
    号码：<b>{$number}</b>（两次输入一致）
    性别：{$sex}
    出生日期：{$born}
    手机：{$phone}

    性别和出生日期由证件号码得出。
account-locked = 已确认，您的身份信息已锁定。
problem-number-differs = 两次输入的号码不一样。请看着证件，重新输入两遍。
problem-number-taken =
    这个证件号码不能在这里确认。
    如果您用别的 Telegram 账号报过名，请回到那个账号；没有报过的话，请带上证件，到您单位所属的考点处理。

sex-male = 男
sex-female = 女

button-lock = ✓ 全部正确，确认
button-edit-name = 改姓名
button-edit-id-type = 改证件类型
button-edit-number = 改号码
button-edit-phone = 改手机
