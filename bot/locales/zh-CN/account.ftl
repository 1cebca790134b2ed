### 账户：姓名、证件、手机。确认后锁定。

account-name-ask =
    <b>您的姓名？</b>
    和证件上一字不差。少数民族姓名中间用“·”，例如：阿依古丽·买买提。
account-id-type-ask = <b>用哪种证件报名？</b>
account-number-ask =
    <b>证件号码是多少？</b>
    {$shape}。
    收到后，我会把您这条消息从聊天里删掉。
account-number-again-ask =
    <b>请把证件号码再输入一遍。</b>
    号码锁定后不能更改，所以要核对两次。请看着证件重新输入，不要复制。
account-phone-ask =
    <b>您的手机号码？</b>
    考点有事会打这个电话，例如：138 0013 8000。
account-confirm-ask =
    <b>请仔细核对，确认后不能更改：</b>

    姓名：<b>{$name}</b>
    证件：{$idtype}
    号码：<b>{$number}</b>（两次输入一致）
    性别：{$sex}
    出生日期：{$born}
    手机：{$phone}

    性别和出生日期是从证件号码得出的。
account-locked = 已确认，您的身份信息已锁定。
problem-number-differs = 两次输入的号码不一样。请看着证件，重新输入两遍。
problem-number-taken =
    这个证件号码不能在这里确认。
    如果您以前用别的账号报过名，请用那个账号；都没有的话，请带证件联系您单位所在的考点处理。

sex-male = 男
sex-female = 女

button-lock = ✓ 全部正确，确认
button-edit-name = 改姓名
button-edit-id-type = 改证件类型
button-edit-number = 改号码
button-edit-phone = 改手机
