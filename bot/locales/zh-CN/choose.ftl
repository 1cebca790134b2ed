### 选考试、考区、考点，阅读须知。

exam-ask =
    <b>{$exam}</b>
    报名 {$closes} 截止。现在开始填写吗？点考试名称就开始。
area-ask =
    <b>您在哪个考区报考？</b>
    请选您工作单位所在的考区，确认和审核都在那里办。
    也可以直接打字找，例如：青海、qinghai 或 qh。
search-found = 找到这几个，请选：
problem-not-found = 没有找到。请点下面的按钮，或者再打一次，可以打名称的一部分、拼音或拼音首字母，例如：青海、qinghai、qh
area-chosen = 您选的是：<b>{$area}</b>。
problem-area-online =
    {$area}是线上确认，要上传证明材料，这里暂时还不能收材料。
    请先用官方小程序报名；如果选错了考区，请在下面重选。
terms-title = <b>请阅读报考须知、重要声明和诚信承诺</b>
terms-sample = （以上是示例，正式文本以考试主管部门公布的为准。）
terms-version = 版本：{$version}
site-ask =
    <b>{$area}的哪个考点？</b>
    请选您单位所属的考点，报名由它确认。考试地点以准考证为准。

button-agree = 我已阅读并同意
