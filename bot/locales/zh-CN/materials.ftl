### 上传证明材料：线上确认的考区。

materials-head =
    <b>请上传证明材料</b>
    您的考区是线上确认，报名点看这些材料决定是否通过。
materials-how = 先点要传的那一种，再发文件；可以一次发一组图片。
materials-how-at-once = <b>必交的几份可以按下面的顺序选好，一次发来</b>，我再请您核对哪份是哪种。也可以先点一种，再发它的文件。
materials-complete = <b>必交的都有了。</b>没有别的要交，就点“{button-materials-done}”；要再交，先点要传的那一种。
materials-sample = （材料种类、格式和大小是示例，以考区公布的为准。）
material-line-there = ✓ {$material}：<b>{$count} 个文件</b>
material-line-missing = ○ {$material}：<b>必交，还没有</b>
material-line-optional = ○ {$material}：有就交
material-limits = {$formats}，≤{$mb} MB，最多 {$files} 个
material-ask = <b>请发：{$material}</b>
material-count = 已有 <b>{$count}</b> 个，最多 {$limit} 个。拍照要拍全、拍正、字看得清；建议作为文件发送。
material-kept = ✓ 收到，已保存。
material-album-refused = 这一组里有文件没有收下。请把缺的那个单独再发一次，我会告诉您哪里不对。
material-replaced = ✓ 收到，已换成新的。
material-replace-ask = 请发新的文件，它会换掉第 {$number} 个。
material-removed = 已删除。
material-gone = 这一种材料现在不用交了。请点“{button-back}”，看现在要交哪些。
material-shown = 第 {$number} 个文件
materials-which = 这是哪一种材料？请点下面的一种。已经收到的文件不用再发。
materials-received = <b>收到 {$count} 个文件。是哪一种材料？</b>请点下面的一种，不用再发。
materials-which-one = <b>第 {$number} 个文件（{$file}）是哪一种材料？</b>
materials-offered = <b>收到 {$count} 个文件。按您发的先后，是这样吗？</b>
materials-offered-line = 第 {$number} 个（{$file}）→ {$material}
materials-or-all = 如果这几个都是同一种材料，请点那一种。
file-is-picture = 图片
file-is-pdf = PDF，{$pages} 页
material-kept-as = ✓ 收到，已保存：{$material}
material-refused-as = ⚠️ 这一份没有收下：{$material}
materials-done = ✓ 证明材料上传完成。
scan-not-fetched = 文件没有传过来，可能是网络不好。请再发一次，前面传的都还在。
problem-materials-missing = 还缺“{$material}”，这一种必须交。请点它，再发文件，例如手机拍的照片。
problem-scan-known = 这个文件已经传过了，不用再传。请发另一个，例如证书的下一页。

button-materials-done = ✓ 证明材料上传完成
button-materials-all-in-order = ✓ 对，都齐了，去核对
button-materials-in-order = ✓ 对，还要再传别的
button-materials-each = 不是同一种，一个一个说
button-materials-one-by-one = 不对，一个一个说
button-material-enough = 这一种传好了
button-file-see = 看第 {$number} 个
button-file-replace = 换第 {$number} 个
button-file-remove = 删第 {$number} 个

## 证明材料的扫描件。什么不对、要求是多少、怎么改、举一个例子。

## 打不开的文件

problem-scan-empty =
    这个文件是空的，里面什么都没有（0 KB），可能没有保存好。
    请先在手机上打开看看，能看到内容再发一次，例如重新拍一张照片。
problem-scan-unknown =
    这个文件我们打不开，可以发的格式是 JPG、PNG、PDF 和 HEIC。
    请重新拍照或扫描后再发，例如用手机给原件拍一张照片。
problem-scan-foreign =
    这是 {$format} 文件，我们读不了，可以发的格式是 JPG、PNG、PDF 和 HEIC。
    图片请在相册里存成 JPG，文档请用“导出”或“打印”存成 PDF，例如 WPS 里的“输出为 PDF”；只改文件名没有用。
problem-scan-broken =
    这张图片不完整或已损坏，可能没有传完，要能看到整张才行。
    请先在手机上打开看看，没有问题就再发一次；还是不行，请重新拍一张，例如用手机自带的相机。
problem-scan-not-read =
    这张图片我们处理不了：试了两次都没有读完。前面传的都还在。
    请再发一次；还是不行，请换个办法，例如给原件重新拍一张照片，或在相册里存成 JPG。
problem-scan-several =
    这个文件里不止一张图片，可能是动图或连拍，一个文件只能有一张。
    请发一张不会动的图片，例如重新给原件拍的照片；有几页就分几次发，或合成一个 PDF。
problem-scan-pixels-many =
    图片太大了，超过 {$limit}00 万像素。
    请把相机的尺寸调小一档重拍，或在相册里缩小后再发，例如 3000×4000 像素。
problem-scan-pdf-broken =
    这个 PDF 打不开：可能没有传完，已损坏，或者里面一页都没有；要能完整打开，至少有 1 页。
    请先在手机上打开看看，再重新导出一次，例如用“打印”存成新的 PDF；也可以给原件拍照，发图片。
problem-scan-pdf-form =
    这个 PDF 是电子表单（XFA），只有 Adobe 的软件能显示，审核的人看不到内容。
    请用 Adobe Reader 打开它，再用“打印”存成新的 PDF；也可以发图片，例如打印出来再拍照。
problem-scan-pdf-locked =
    这个 PDF 有密码，我们打不开，审核的人也看不到，只能发不用密码的。
    请用密码打开它，再用“打印”存成一个不带密码的 PDF；也可以发图片，例如给原件拍的照片。
problem-scan-pdf-pages =
    这个 PDF 有 {NUMBER($pages, useGrouping: 0)} 页，一个文件最多 {$limit} 页。
    请只留下要求的那几页再发，例如打印时填页码“1-2”，存成新的 PDF。

## 不合要求的文件

problem-scan-format =
    这个文件是 {$format} 格式，这项材料要求 {$allowed}。
    请用扫描应用或电脑另存后再发，例如导出时选 {$example}；只改文件名没有用。
problem-scan-size =
    这个文件有 {$size}，最大不能超过 {$limit}。
    {$remedy}
scan-remedy-picture =
    请把相机的尺寸调小一档重拍，或在相册里缩小后再发，例如 1500×2000 像素。
scan-remedy-pdf =
    请重新导出一个小一些的 PDF，例如在扫描应用里选“黑白”或“标准”清晰度，只留要求的那几页。
problem-scan-pixels =
    图片太小，字会看不清：{NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} 像素，较短的一边至少要 {$limit}。
    请重新拍，让原件占满画面；不要截图，也不要发缩略图。例如手机拍的照片，一般有 3000×4000 像素。
problem-scan-full =
    这项材料最多放 {$limit} 个文件，已经满了。
    请先删除或替换其中一个，再发新的，例如换掉拍得不清楚的那一张。
