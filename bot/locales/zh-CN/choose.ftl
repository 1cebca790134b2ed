### 选考试、考区、考点，阅读须知。

exam-ask =
    <b>{$exam}</b>
    报名 {$closes} 截止。现在开始填写吗？
area-ask =
    <b>您在哪个考区报考？</b>
    请选您工作单位所在的考区。之后换考区，这次填写的报名信息要重填。
area-chosen = 您选的是：<b>{$area}</b>。
terms-title = <b>请阅读报考须知、重要声明和诚信承诺</b>
terms-sample = （以上为示例文字，正式文本以考试主管部门公布的为准。）
terms-version = 版本：{$version}
site-ask =
    <b>{$area}的哪个考点？</b>
    您将在这里确认报名和参加考试。

button-agree = 我已阅读并同意
