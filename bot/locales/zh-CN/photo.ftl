### 报名照片。

photo-head = 报名照片
photo-ask =
    <b>请发您的报名照片</b>
    · 白底、正面、免冠的彩色证件照，双耳露出，头发不过眉
    · {$formats} 格式，至少 {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} 像素，至少 {NUMBER($kb, useGrouping: 0)} KB
    · 建议作为文件发送（点回形针，选“文件”），这样照片不会被压缩
photo-confirm =
    <b>报名表上将使用这张照片，请仔细看：</b>
    是您本人、白底、正面免冠、双耳和眉毛都露出来了吗？
    （大小和格式已经合格；照片最后由考点审核。）
photo-confirm-known =
    <b>这是您保存在这里的报名照片，这次还用它吗？</b>
    请看清楚：是您本人近照、白底、正面免冠、双耳和眉毛都露出来了吗？
photo-kept = 照片已保存。
format-photo = 要求：白底证件照的原始 JPG 文件，点回形针选“文件”发送，不要从聊天里转发，不要截图。
photo-not-fetched = 照片没有传过来，可能是网络不好。请再发一次，前面填的都还在。
problem-file-large = 文件太大，最多 {$limit} MB。请换一个小一点的文件，例如照相馆给的电子照片或手机拍的一页证书，一般只有几 MB。
problem-files-hour = 您一小时内已经发了 {$limit} 个文件，请过一会儿再发。前面填的和传的都还在，例如现在可以先看看 /status。
problem-files-weight = 您存在这里的文件已经有 {$limit} MB，不能再存了。请先删掉不用的材料再发，例如重复的那几张。

button-photo-good = ✓ 就用这张
button-photo-again = 换一张
