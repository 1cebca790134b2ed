### 上传证明材料：线上确认的考区。

materials-head =
    <b>请上传证明材料</b>
    您的考区是线上确认，报名点看这些材料决定是否通过。先点要传的那一种，再发文件；可以一次发一组图片。
materials-sample = （材料种类、格式和大小是示例，以考区公布的为准。）
material-line-there = ✓ {$material}：<b>{$count} 个文件</b>
material-line-missing = ○ {$material}：<b>必交，还没有</b>
material-line-optional = ○ {$material}：有就交（现有 {$count} 个）
material-limits = 　{$formats}，每个不超过 {$mb} MB，最多 {$files} 个
material-ask = <b>请发：{$material}</b>
material-count = 已有 <b>{$count}</b> 个，最多 {$limit} 个。拍照要拍全、拍正、字看得清；建议作为文件发送。
material-kept = ✓ 收到，已保存。
material-replaced = ✓ 收到，已换成新的。
material-replace-ask = 请发新的文件，它会换掉第 {$number} 个。
material-removed = 已删除。
material-shown = 第 {$number} 个文件
materials-which = 这是哪一种材料？请先点下面的一种，再发一次文件。
materials-done = ✓ 证明材料上传完成。
scan-not-fetched = 文件没有传过来，可能是网络不好。请再发一次，前面传的都还在。
problem-materials-missing = 还缺“{$material}”，这一种必须交。请点它，再发文件，例如手机拍的照片。
problem-scan-known = 这个文件已经传过了，不用再传。请发另一个，例如证书的下一页。

button-materials-done = ✓ 证明材料上传完成
button-material-enough = 这一种传好了
button-file-see = 看第 {$number} 个
button-file-replace = 换第 {$number} 个
button-file-remove = 删第 {$number} 个
