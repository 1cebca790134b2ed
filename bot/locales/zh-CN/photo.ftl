### 报名照片。

photo-head = 报名照片
photo-ask =
    <b>请发您的报名照片</b>
    · 白底、正面、免冠的彩色证件照，双耳露出，头发不过眉
    · {$formats} 格式，至少 {NUMBER($width, useGrouping: 0)}×{NUMBER($height, useGrouping: 0)} 像素，至少 {NUMBER($kb, useGrouping: 0)} KB
    · 建议作为文件发送（点回形针，选“文件”），这样照片不会被压缩
photo-confirm =
    <b>报名表上将使用这张照片，请仔细看：</b>
    是您本人、白底、正面免冠、眼睛睁开、双耳和眉毛都露出来了吗？
    （大小和格式已经合格；照片最后由考点审核。）
photo-confirm-known =
    <b>这是您保存在这里的报名照片，这次还用它吗？</b>
    请看清楚：是您本人近照、白底、正面免冠、眼睛睁开、双耳和眉毛都露出来了吗？
photo-kept = 照片已保存。
format-photo = 要求：白底证件照的原始 JPG 文件，点回形针选“文件”发送，不要从聊天里转发，不要截图。
photo-not-fetched = 照片没有传过来，可能是网络不好。请再发一次，前面填的都还在。
problem-file-large = 文件太大，最多 {$limit} MB。请换一个小一点的文件，例如照相馆给的电子照片或手机拍的一页证书，一般只有几 MB。
problem-files-hour = 您一小时内已经发了 {$limit} 个文件，请过一会儿再发。前面填的和传的都还在，例如现在可以先看看 /status。
problem-files-weight = 您存在这里的文件已经有 {$limit} MB，不能再存了。请先删掉不用的材料再发，例如重复的那几张。

button-photo-good = ✓ 就用这张
button-photo-again = 换一张

photo-judged =
    { $faults ->
        [0] 看了 {$judged} 项，都没有发现问题。
       *[other] 看了 {$judged} 项，有 {$faults} 项请您注意：
    }
photo-more-faults = · 还有 {$count} 项没有列出。
photo-not-judged = 没有判断的：人脸、头的大小和位置（这里没有装人脸模型）。
photo-tool = 这只是提醒，不会拦您。最后以官方的“{$tool}”和考点审核为准。
photo-choose =
    <b>这张照片我们可以帮您修一下。左边是原来的，右边是修好的，用哪一张？</b>
    只转正、裁剪、把接近白色的背景变白；脸、头发和衣服都没有动。
photo-still = <b>修好后还有：</b>
photo-before = 原来的
photo-after = 修好的
photo-chin = 下巴
button-photo-use-mended = ✓ 用修好的
button-photo-use-first = 用原来的
photo-fault-faces =
    { $many ->
        [none] · 没有找到人脸（要 1 张）：请看看是不是拍到了脸。真是您的证件照，考点会看。
       *[other] · 照片里有 {$value} 张脸，只能有 1 张：请换一张只有您自己的照片。
    }
photo-fault-background =
    · 背景像是{ $ground ->
        [white] 灰白色
        [grey] 灰色
        [black] 黑色
        [red] 红色
        [yellow] 黄色
        [green] 绿色
        [blue] 蓝色
       *[purple] 紫色
    }，和白色差 {$value}（最多 {$limit}），要白底：{$remedy}
photo-remedy-background-bot = 可以帮您变白。
photo-remedy-background-anew = 请在白墙前重拍，或请照相馆给一张白底的。
photo-fault-evenness = · 背景不均匀，深浅差 {$value}（最多 {$limit}）：{$remedy}
photo-remedy-evenness-bot = 可以帮您变白。
photo-remedy-evenness-anew = 请离墙远一点、让光线均匀，再拍一张。
photo-fault-marks = · 背景里好像有别的东西（占 {$value}%，最多 {$limit}%），例如文字、水印：请用原始照片，考点会看。
photo-fault-border = · 照片有 {$value} 条边带边框（不能有）：请用没有边框的原始照片，不要截图。
photo-fault-head = · 头高占照片的 {$value}%，要约 {$limit}%：请重新裁剪，或重拍时调整远近。
photo-fault-place = · 头偏离中间 {$value}%（最多 {$limit}%）：请把头放在照片中间。
photo-fault-tilt = · 头歪了 {$value}°（最多 {$limit}°）：{$remedy}
photo-remedy-tilt-bot = 可以帮您转正。
photo-remedy-tilt-anew = 请坐正再拍一张。
photo-fault-turn = · 脸好像转向一边约 {$value}°（最多 {$limit}°）：请正对镜头，考点会看。
photo-fault-sharpness =
    { $verdict ->
        [staff] · 照片有点糊：{$value}（最多 {$limit}）。有更清楚的就换一张，考点会看。
       *[mend] · 照片糊了：{$value}（最多 {$limit}）。请拿稳、对好焦再拍一张。
    }
photo-fault-exposure =
    { $verdict ->
        [staff] · 脸有点暗：亮度 {$value}（至少 {$limit}）。有更亮的就换一张，考点会看。
       *[mend] · 脸太暗：亮度 {$value}（至少 {$limit}）。请在亮处重拍。
    }
photo-fault-highlights =
    { $verdict ->
        [staff] · 脸上有 {$value}% 过亮（最多 {$limit}%）。有更好的就换一张，考点会看。
       *[mend] · 曝光过度：脸上有 {$value}% 白得看不清（最多 {$limit}%）。请离灯远一点重拍。
    }
photo-fault-colour = · 像是黑白照片：色度 {$value}（至少 {$limit}）。要彩色照片，请换一张。
photo-fault-screen = · 照片里有像屏幕一样的网纹：{$value} 分贝（最多 {$limit}）。请不要翻拍屏幕，用原始照片，考点会看。
photo-fault-enlarged = · 照片像是放大过的：细节 {$value}%（至少 {$limit}%）。请用没有放大的原始照片，考点会看。
photo-fault-screenshot = · 像是手机截图：上下的色条占图片高度的 {$value}%（最多 {$limit}%）。请不要截图，用原始照片，考点会看。
photo-fault-print = · 像是翻拍的纸质照片：有一条直边沿着图片边缘，长 {$value}%（最多 {$limit}%）。请不要翻拍，用原始照片，考点会看。
photo-figure-faces = 人脸 {$value}（要 {$limit}）
photo-figure-background = 背景差 {$value}（≤{$limit}）
photo-figure-evenness = 背景深浅 {$value}（≤{$limit}）
photo-figure-marks = 背景杂物 {$value}%（≤{$limit}%）
photo-figure-border = 边框 {$value}（{$limit}）
photo-figure-head = 头高 {$value}%（约 {$limit}%）
photo-figure-place = 偏离 {$value}%（≤{$limit}%）
photo-figure-tilt = 歪 {$value}°（≤{$limit}°）
photo-figure-turn = 转向 {$value}°（≤{$limit}°）
photo-figure-sharpness = 模糊 {$value}（≤{$limit}）
photo-figure-exposure = 亮度 {$value}（≥{$limit}）
photo-figure-highlights = 过亮 {$value}%（≤{$limit}%）
photo-figure-colour = 色度 {$value}（≥{$limit}）
photo-figure-screen = 网纹 {$value}（≤{$limit}）
photo-figure-enlarged = 细节 {$value}%（≥{$limit}%）
photo-figure-screenshot = 截图色条 {$value}%（≤{$limit}%）
photo-figure-print = 直边 {$value}%（≤{$limit}%）
as-file-title = 三步，把照片作为文件发来
as-file-1 = 1. 点输入框旁边的回形针
as-file-2 = 2. 选“文件”，不要选“照片”
as-file-3 = 3. 选这张照片，点发送
photo-check-faces = 人脸
photo-check-background = 背景颜色
photo-check-evenness = 背景均匀
photo-check-marks = 背景杂物
photo-check-border = 边框
photo-check-head = 头的大小
photo-check-place = 头的位置
photo-check-tilt = 歪头
photo-check-turn = 转向
photo-check-sharpness = 模糊
photo-check-exposure = 亮度
photo-check-highlights = 过亮
photo-check-colour = 黑白
photo-check-screen = 翻拍屏幕
photo-check-enlarged = 放大过
photo-check-screenshot = 截图
photo-check-print = 翻拍纸质照片
