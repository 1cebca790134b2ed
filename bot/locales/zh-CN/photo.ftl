### 报名照片。

photo-ask =
    <b>请发您的报名照片</b>
    · 白底、正面、免冠的彩色证件照，双耳露出，头发不过眉
    · {$formats} 格式，至少 {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} 像素，至少 {NUMBER($kb, useGrouping: 0)} KB
    · 建议作为文件发送（点回形针，选“文件”），这样照片不会被压缩
photo-confirm =
    <b>这是报名表上会用的样子，请看清楚：</b>
    是您本人、白底、正面免冠、双耳和眉毛都露出来了吗？
    （大小和格式已经合格；照片最后由考点审核。）
photo-kept = 照片已保存。
photo-not-fetched = 照片没有传过来，可能是网络不好。请再发一次，前面填的都还在。
problem-file-large = 文件太大，最多 {$limit} MB。请发照相馆给的原始电子照片，一般只有几 MB。

button-photo-good = ✓ 就用这张
button-photo-again = 换一张
