### 选考试、考区，阅读须知。

exam-ask =
    <b>{$exam}</b>
    报名 {$closes} 截止。准备好了就点“{button-begin}”，填到一半随时可以停下。
button-begin = 开始填写
area-ask =
    <b>您在哪个考区报考？</b>
    请选您工作单位所在的考区，确认和审核都在那里办。
search-meant = 您是指 <b>{$name}</b>？
search-found = 您是指哪一个？
search-unlisted = 名单里没有找到。
search-ticked = 按您写的勾好了，请看一下对不对：
button-meant = 是
button-not-it = 不是，重新找
button-none-of-them = 都不是，重新找
button-search-again = 重新找
button-as-typed = 用我写的：{$typed}
button-as-typed-yes = 是，就填这个
button-type-again = 不是，重新写
typed-asked =
    <b>{$field}是“{$typed}”吗？</b>
    我没有把握，先问一下再记。
problem-not-found = 没有找到。请点下面的按钮，或者换几个字再打，名称的一部分、拼音、拼音首字母都行，例如：{$example}
field-area = 考区
search-hint = 直接打字找最快，拼音首字母也行。下面是第 {$first}–{$last} 个，共 {$count} 个。
format-search = 写法：名称里连着的几个字、代码、拼音或拼音首字母。例如：青海、qinghai、qh
again-ask =
    <b>您上次报过名，这些还对吗？</b>
    都对就点一下，不用再填。有个别变了也没关系，最后核对时可以改。
again-area = 考区：<b>{$area}</b>
again-what-follows = 报考专业、科目和资格年限每年都要重新选，接着就问您。
button-same-again = ✓ 都还对，继续
button-anew = 变了很多，重新填写
photo-too-old = 您以前的照片不符合今年的要求（至少 {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} 像素），到时请发一张新的。
terms-title = <b>请阅读报考须知、重要声明和诚信承诺</b>
terms-sample = （以上是示例，正式文本以考试主管部门公布的为准。）
terms-version = 版本：{$version}

button-agree = 我已阅读并同意
