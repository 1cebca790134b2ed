## 考试定义里的错误：先写是哪一项，再写错在哪里、怎么改（states/exam/validation.py、states/exam/parsing.py）。
exam-mistake = {$path}：{$text}

## 值的种类不对。
mistake-missing = 缺少这一项，请补上。
mistake-unknown-key = 没有叫这个名字的项。请检查拼写；不需要就删掉。
mistake-no-text = 要写文字，两边加引号，例如 "西宁市"。现在写的是 {$given}。
mistake-empty-text = 不能空着，至少写 {$limit} 个字。
mistake-no-code = “{$given}”不能作代码。只能用小写字母、数字和连字符，最多 {$limit} 个，例如 xining。
mistake-no-specialty-code = “{$given}”不是专业代码。专业代码是 {$limit} 位数字，例如 "368"。
mistake-no-version = “{$given}”不能作版本。只能用小写字母、数字、点和连字符，最多 {$limit} 个，例如 2026-1。
mistake-too-few = 至少要有 {$limit} 项，请补上。
mistake-too-many = 最多 {$limit} 项，请减少。
mistake-no-whole-number = “{$given}”不是整数。请写整数，不带单位，例如 50。
mistake-no-number = “{$given}”不是数字。请写数字，不带单位，例如 0.8。
mistake-no-yes-or-no = “{$given}”看不出是还是否。是写 true，否写 false；在 CSV 表格里写 yes 或 no。
mistake-not-above = {$given} 太小，要大于 {$limit}。
mistake-not-at-least = {$given} 太小，不能小于 {$limit}。
mistake-not-at-most = {$given} 太大，不能大于 {$limit}。
mistake-none-of = “{$given}”不能用在这里。可以写的有：{$choices}。
mistake-no-moment = “{$given}”不是日期加时间。例如 2026-01-31T17:00:00+08:00，不加引号。
mistake-no-offset = “{$given}”没有写时区。北京时间在末尾加 +08:00，例如 2026-01-31T17:00:00+08:00。
mistake-no-day = “{$given}”不是日期。例如 2026-01-31，不加引号。
mistake-no-hour = “{$given}”不是钟点。例如 09:00:00，不加引号。
mistake-no-list = 要写成一列，放在方括号里，例如 ["mobile", "email"]。现在写的是 {$given}。
mistake-no-table = 这里是一组项目，不能只写一个值（{$given}）。请对照自带的考试 health-2026 的写法。
mistake-other = “{$given}”不能用在这里（{$words}）。

## 时间。
mistake-unknown-zone = 没有叫“{$given}”的时区。例如 Asia/Shanghai（北京时间）。
mistake-closes-before-opens = 结束（closes）要晚于开始（opens）。请核对日期和时间。
mistake-ends-before-starts = 结束（ends）要晚于开始（starts）。请核对时间。
mistake-earlier-than = 不能早于 {$other}。请核对日期，特别是年份。
mistake-days-not-rising = 日期要从早到晚写，不能重复。
mistake-hours-incomplete = starts 和 ends 要么都写，要么都不写。
mistake-not-an-exam-day = 这一天不是考试日。请写 dates 里的一天，或者把它加进 dates。
mistake-days-not-falling = 提前的天数要从多到少写，不能重复，例如 [7, 3, 1]。
mistake-night-reversed = quiet_from 是晚上，quiet_until 是第二天早上，例如 22:00:00 和 08:00:00。
mistake-hour-at-night = 这个钟点在夜里（quiet_from 到 quiet_until），不能发提醒。改到白天，例如 10:00:00。

## 代码和名单。
mistake-key-without-year = 末尾要写考试的年份，例如 health-{$year}，免得和别的年份混在一起。
mistake-duplicate = “{$code}”和 {$other} 重复了。请改掉或删掉一个。
mistake-unknown-code = {$list} 里没有“{$code}”。请核对代码。
mistake-reserved-code = “{$code}”留给名单以外的单位，请换一个代码。
mistake-mode-missing = 还在考的专业要写考试方式：computer（人机对话）或 paper（纸笔）。
mistake-subject-twice = 专业 {$specialty} 有一个科目排了两场。每个科目只排一场。
mistake-subject-without-session = 专业 {$specialty} 没有排科目 {$subjects} 的场次。要排就把每个科目都排上。

## 考区。
mistake-needed-online = 这个考区网上确认（confirmation = "online"），这一项不能空着。
mistake-ways-without-fee = 只有 payment = "mobile" 而且费用大于 0 的考区才有缴费方式。请删掉 ways，或者改 payment 和 fee。
mistake-way-of-the-area = desktop 是考区自己的缴费平台，不能写在 ways 里。请删掉。
mistake-no-fraction = “{$given}”不是小于 1 的分数。例如 "2/3"。

## 报考条件。
mistake-not-one-condition = among、at_least 和 years 要写一个，也只能写一个。
mistake-needs-too-many = 要满足的个数比条件（{$count} 个）还多。请改小，或者补上条件。
mistake-no-month-or-number = 例子里有一个值不是月份，也不是数字。月份写成 "2021-07"。
mistake-rule-says-yes = 按这条规则，这个例子符合条件；fails 里要写不符合的例子。
mistake-rule-says-no = 按这条规则，这个例子不符合条件；passes 里要写符合的例子。
mistake-rule-says-unknown = 按这条规则，这个例子判断不了。请把规则用到的每一项都写上。

## 同义词和问题的说明。
mistake-means-nothing = 这个词没有对应的选项。请写上代码，或者删掉这一行。
mistake-name-already = 名单里已经有叫这个名字的选项，不用再写。请删掉这一行。
mistake-word-twice = 和“{$other}”是同一个词。请合成一行，把代码都写上，例如 ["318", "328"]。
mistake-no-such-question = 报名表里没有“{$given}”这个问题。请检查拼写。

## 文件。
mistake-in-two-files = {$first} 和 {$second} 里都写了，请只留一处。
mistake-not-toml = 第 {$line} 行第 {$column} 列：{$why}
mistake-not-toml-end = 到末尾也没有写完整：{$why}
mistake-not-utf8 = 不是 UTF-8 文字。请用编辑器另存为 UTF-8。
mistake-not-csv = 不是完整的 CSV 表格：引号要成对。请用表格软件另存为 CSV（UTF-8）。
mistake-not-found = 没有这个文件或文件夹，也不是自带的考试。
