### 什么不对、要求是多少、怎么改、举一个例子。不带叹号，不复述证件号码。

## 证件

id-type-resident-id = 居民身份证
id-type-hk-macao-permit = 港澳居民来往内地通行证
id-type-taiwan-permit = 台湾居民来往大陆通行证
id-type-residence-permit = 港澳台居民居住证

# $example 是编造的号码，格式正确
id-shape-resident-id = 18 位，前 17 位是数字，最后一位是数字或字母 X，例如 {$example}
id-shape-hk-macao-permit = 9 位，字母 H 或 M 加 8 位数字，例如 {$example}
id-shape-taiwan-permit = 8 位数字，例如 {$example}
id-shape-residence-permit = 18 位，以 81、82 或 83 开头，最后一位是数字或字母 X，例如 {$example}

## 姓名

problem-changes-used-up = 改过内容再提交最多 {$limit} 次，次数已经用完，这次不能提交。还要改的内容，请告诉考点处理。{$whom}
problem-name-short =
    姓名太短，至少要有 {$limit} 个字。
    请一次发完整的姓名，和证件上一样，例如：刘玲
problem-name-long =
    姓名太长：您发了 {$count} 个字，最多 {$limit} 个。
    请只发姓名，例如：阿依古丽·买买提
problem-name-character =
    姓名里有一个不能用的符号：{$char}
    只能用汉字或拉丁字母，少数民族姓名中间用“·”。例如：刘玲、阿依古丽·买买提
problem-name-unencoded =
    姓名里有一个字，我们的系统显示不出来，可能是输入法自造的字。
    请换一种输入法（如手写）再试；还是不行，就用拼音代替这个字，例如：王(suo)
problem-name-dot =
    “·”要写在姓名中间，前后都有字。
    请把完整的姓名一次发来，例如：阿依古丽·买买提
problem-name-shape =
    姓名里的符号位置不对。
    汉字姓名中间只用“·”，写不出的字用括号加拼音。例如：刘玲、阿依古丽·买买提、王(suo)

## 证件号码

problem-id-none = 没有看到号码。请只发证件号码，看着证件输。
problem-id-character =
    第 {$place} 位的“{$char}”不对。
    请对照证件重新发一次。
problem-id-length =
    位数不对：您发了 {$count} 位，应为 {$limit} 位。
    请对照证件重新发一次。
problem-id-old =
    这是 15 位的旧号码，现在要用 18 位的。
    请看现在的身份证，发上面的 18 位号码，例如：99999919900307104X
problem-id-date =
    第 7 到 14 位应是出生的年、月、日，您发的这个日期不存在。
    请对照证件看这 8 位，例如 1990 年 3 月 7 日是 19900307。
problem-id-future =
    第 7 到 14 位是出生日期，您发的日期还没有到。
    请对照证件看这 8 位，例如 1990 年 3 月 7 日是 19900307。
problem-id-young =
    按号码里的出生日期算，您还不满 {$limit} 岁，多半是输错了。
    请对照证件看第 7 到 14 位，例如 1990 年 3 月 7 日是 19900307。
problem-id-aged =
    按号码里的出生日期算，您已超过 {$limit} 岁，多半是输错了。
    请对照证件看第 7 到 14 位，例如 1990 年 3 月 7 日是 19900307。
problem-id-check =
    号码的最后一位和前面对不上，很可能有一位数字输错了，也可能是两位输反了。
    您发的号码末四位是 {$tail}。请对照证件逐位核对，再发一次完整的号码。
hint-id-area =
    号码的前 6 位不在我们的地区代码表里。
    表可能不全：和证件一致就继续；输错了，请在核对时点“{button-edit-number}”。
hint-id-residence-permit =
    这个号码像是港澳台居民居住证的，您选的是居民身份证。
    没有选错就继续；选错了，请在核对时点“{button-edit-id-type}”。
hint-id-foreigner =
    这个号码像是外国人永久居留身份证的，您选的是居民身份证。
    没有选错就继续；选错了，请在核对时点“{button-edit-id-type}”。

## 手机号码

problem-phone-character =
    手机号码里有一个不能用的符号：{$char}
    请只发一个号码，例如：138 0013 8000
problem-phone-length =
    位数不对：您发了 {$count} 位，内地手机号码是 {$limit} 位。
    例如：138 0013 8000。港澳台号码请带区号，例如：+852 9123 4567
problem-phone-wrong =
    这不是有效的手机号码。
    请核对后再发，例如：138 0013 8000。港澳台号码请带区号，例如：+852 9123 4567
problem-phone-region =
    只能用内地、香港、澳门或台湾的手机号码。
    请换一个，例如：138 0013 8000 或 +852 9123 4567
problem-phone-landline =
    这是座机号码，考点要用手机联系您。
    请发一个手机号码，例如：138 0013 8000
problem-phone-hotline =
    这是服务热线，不是手机号码。
    请发您自己的手机号码，例如：138 0013 8000

## 照片

photo-remedy-file =
    可能是聊天软件压缩了，也可能照片本来就小。请先把同一张照片作为文件发来：点回形针，选“文件”，再选这张照片。
photo-remedy-original =
    请发照相馆给的原始电子照片，不要截图，不要放大。

problem-photo-format =
    照片格式是 {$format}，要求是 {$allowed}。
    请用手机相册或电脑把它存成 {$allowed} 再发，只改文件名没有用。
problem-photo-small =
    照片只有 {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} 像素、{NUMBER($kb, useGrouping: 0)} KB，至少要 {NUMBER($min_width, useGrouping: 0)}×{NUMBER($min_height, useGrouping: 0)} 像素、{NUMBER($min_kb, useGrouping: 0)} KB。
    {$remedy}
problem-photo-pixels =
    照片尺寸是 {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} 像素，至少要 {NUMBER($min_width, useGrouping: 0)}×{NUMBER($min_height, useGrouping: 0)}。
    {$remedy}
problem-photo-kb =
    照片只有 {NUMBER($kb, useGrouping: 0)} KB，至少要 {NUMBER($min_kb, useGrouping: 0)} KB。
    {$remedy}
problem-photo-animated =
    这是一张动图，有 {$frames} 帧。
    请发一张不会动的证件照，例如照相馆给的 JPG 文件。
problem-photo-broken =
    照片文件不完整，可能没有传完。
    请先在手机上打开看看，能看到整张照片再发一次。
problem-photo-not-read =
    这张照片我们处理不了：试了两次都没有读完。前面填的都还在。
    请再发一次；还是不行，请换个办法，例如发照相馆给的 JPG 文件，或在相册里另存成 JPG 再发。
problem-photo-unknown =
    这个文件不是照片，或者我们打不开。
    请发 JPG 格式的证件照，例如照相馆给的电子照片。
problem-photo-heic =
    这是 HEIC 格式（iPhone 常用），报名要用 JPG。
    在 iPhone 上：设置 → 相机 → 格式 → 兼容性最佳，然后重新拍。已有的照片，请先转换成 JPG 再发。
problem-photo-foreign =
    这是 {$format} 文件，我们读不了。
    请发 JPG 格式的证件照，例如照相馆给的电子照片。
problem-photo-pixels-many =
    照片太大了，超过 {$limit}00 万像素。
    请把相机的尺寸调小一档重拍，或在相册里缩小后再发，例如 3000×4000 像素。
problem-photo-heavy =
    这张照片处理后有 {$kb} KB，最多 {$max_kb} KB，再小就不合尺寸了。
    请发一张背景干净、没有花纹的证件照，例如照相馆给的电子照片。
problem-photo-empty =
    这张照片几乎是空白的：处理后只有 {$kb} KB，至少要 {$min_kb} KB。
    请发一张正面、清楚的证件照。
