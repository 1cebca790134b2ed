# 材料的自动检查和识别

paper-pages = 这个文件有 <b>{$pages}</b> 页。
paper-pages-judged = 自动检查看了前 {$judged} 页。后面的请您自己看一遍：字清楚、四个角都在、没有放倒。
paper-doubts-more = ⚠ 这个文件还有 {$count} 处要注意，请每一页都看一遍。
paper-doubt-side = ⚠ { $page ->
        [0] {"这一页"}
       *[other] 第 {$page} 页
    }可能太小：短边 {$value} 像素，建议不小于 {$limit}。{ $reader ->
        [staff] {""}
       *[candidate] 请作为文件发原图，或者离近一点再拍。
    }
paper-doubt-sharpness = ⚠ { $page ->
        [0] {"这一页"}
       *[other] 第 {$page} 页
    }看起来模糊：模糊度 {$value}%，清楚的一般不超过 {$limit}%。{ $reader ->
        [staff] {""}
       *[candidate] 请把手机拿稳，对准字再拍一张。
    }
paper-doubt-light = ⚠ { $page ->
        [0] {"这一页"}
       *[other] 第 {$page} 页
    }太暗：纸的亮度 {$value}，建议不低于 {$limit}（满分 100）。{ $reader ->
        [staff] {""}
       *[candidate] 请到亮的地方再拍一张。
    }
paper-doubt-cut = ⚠ { $page ->
        [0] {"这一页"}
       *[other] 第 {$page} 页
    }好像没有拍全：有 {$value} 处字碰到图片的边，一般不超过 {$limit} 处。{ $reader ->
        [staff] {""}
       *[candidate] 请把四个角都拍进去。
    }
paper-doubt-sideways = ⚠ { $page ->
        [0] {"这一页"}
       *[other] 第 {$page} 页
    }像是横着的（竖行比横行明显 {$value} 倍，超过 {$limit} 倍就提醒）。
paper-doubt-slant = ⚠ { $page ->
        [0] {"这一页"}
       *[other] 第 {$page} 页
    }歪了 {$value}°，建议不超过 {$limit}°。
paper-pdf-turned = PDF 里的页不能在这里转正。方便的话请扫描成正的再发；不发也收，工作人员会转过来看。
paper-page-twice = ⚠ 第 {$first} 页和第 {$second} 页看起来是同一页。如果放重了，请重新做一个 PDF 再发。
paper-alike = ⚠ 这一页和“{$name}”第 {$number} 个文件看起来是同一页。如果发重了，可以删掉一个。
paper-lies = <b>这一页像是横着的。</b>哪一张的字是正的？选了以后就换成它；都不对就保持原样。
paper-leans = <b>这一页歪了。</b>左边是原来的，右边是转正的。用哪一张？
paper-stands = <b>{$name}，第 {$number} 个文件：这一页像是倒着的。</b>左边是原来的，右边是转正的。用哪一张？
paper-on-side = <b>{$name}，第 {$number} 个文件：这一页像是横着的。</b>左边是原来的，右边是转正的。用哪一张？
paper-left = 向左转
paper-right = 向右转
paper-before = 原来的
paper-after = 转正的
button-paper-use-left = 用左边的
button-paper-use-right = 用右边的
button-paper-use-level = 用转正的
button-paper-keep = 保持原样
paper-turn-taken = ✓ 已换成转正的。
paper-turn-kept = ✓ 好的，保持原样。
paper-over = 这份材料或这一项已经改过了，这个问题不用再回答。

paper-field-name = 姓名
paper-field-id-number = 证件号码
paper-field-born = 出生日期
paper-field-school = 毕业学校
paper-field-major = 专业
paper-field-degree = 学历学位
paper-field-enrolled = 入学年月
paper-field-graduated = 毕业年月
paper-field-certificate = 证书编号
paper-field-resident = 住培合格年月
paper-field-issuer = 发证机关

paper-differs =
    <b>{$name}，第 {$number} 个文件：有一项和您填的不一样。</b>{ $more ->
        [0] {""}
       *[other] {" "}后面还有 {$more} 项。
    }
paper-which = {$field}：证书上是 <b>{$read}</b>，报名表上是 <b>{$form}</b>，哪个对？
paper-which-number = {$field}：证书上的和报名表上的不一样（看图），哪个对？
paper-machine = 这是程序识别的，可能读错。请以原件为准；工作人员会看原件。
button-paper-paper-right = 证书上的对
button-paper-form-right = 报名表上的对
paper-form-stays = ✓ {$field}：报名表不变。工作人员会同时看到证书和报名表上的内容。
paper-closed = 这一项现在不能在这里改。工作人员会看到您说证书上的对；要改请联系考点。
paper-type = 证书上是 <b>{$value}</b>。请核对原件，再填一遍。
paper-new-record = 学历记录不能直接改，所以按证书新建一条：其他内容照旧，请核对后保存，再在报名表里选它。

button-record-paper = 用证书填一条学历
record-paper-none = 没有可以用的证书：要先上传毕业证书或学位证书，而且程序读得出来，学历记录里还没有它。您可以自己填。
record-paper-head = <b>{$name}，第 {$number} 个文件</b>（第 {$step} 项，共 {$count} 项）
record-paper-ask = {$field}：<b>{$value}</b>，读得对吗？
button-record-paper-yes = ✓ 对，填进去
button-record-paper-no = 不对，这一项我自己填
record-paper-rest = 证书上读出来的都问完了，下面是还缺的。

card-paper-read-none = 👀 {$name} 第 {$number} 个文件：程序没有读出来，请您自己看
card-paper-read = 👀 {$name} 第 {$number} 个文件，程序读出来的：相同 {$same} 项，<b>不同 {$different} 项</b>，没读出来 {$unread} 项
card-paper-doubt = 👀 {$name} 第 {$number} 个文件
card-paper-different = · <b>{$field}</b>：证书 {$read} ≠ 报名表 {$form}（可信度 {$certainty}%）{$said}
card-paper-judged = · 共 {$count} 页，自动检查只看了前 {$judged} 页
card-paper-read-part = · 共 {$count} 页，程序只读了前 {$read} 页
card-paper-turned = · 第 {$pages} 页在文件里横着或倒着：显示成图片时转正，文件本身不变
button-card-papers = 👀 材料和报名表对照
card-paper-beside = {$name}，第 {$number} 个文件：上面是材料上的，下面是读出来的和报名表上的。程序可能读错，请以原件为准。
paper-crop-same = {$field}：读作 {$read}，和报名表相同（可信度 {$certainty}%）
paper-crop-different = {$field}：读作 {$read}，报名表是 {$form}（可信度 {$certainty}%）
paper-crop-not-read = {$field}：没读出来；报名表是 {$form}
paper-crop-only = {$field}：读作 {$read}
paper-crop-said-paper = {" "}考生说证书上的对。
paper-crop-said-form = {" "}考生说报名表上的对。
deed-paper-turned = 把材料的一页转正
deed-paper-said = 回答材料和报名表哪个对
