### 不通过的原因，和不能办理时的说明。

reason-wrong = 填写有误
reason-contradicts-papers = 与证件或材料不一致
reason-unclear = 看不懂，请写完整
reason-not-eligible = 不符合报考条件
reason-not-uploaded = 没有上传
reason-blurred = 不清晰，看不清内容
reason-wrong-paper = 不是要求的材料
reason-missing-page = 缺页，或没有拍全
reason-missing-seal = 缺公章或签名
reason-expired = 已过有效期
reason-contradicts-form = 与报名表不一致
reason-false-paper = 材料不真实
reason-background = 背景不是白色
reason-face = 面部不清楚，或被遮挡
reason-old-photo = 不是近期照片
reason-edited-photo = 照片被修改或放大过
reason-not-the-candidate = 不像考生本人

illegal-no-such-move = 现在不能这样办：这份报名已经不在这一步了。请看一下最新进度。
illegal-not-yours = 这一步不归您办理。
illegal-too-early = 还没有到办理时间，这次没有改动。
illegal-too-late = 办理时间已过，这次没有改动。
illegal-final = 这个结果不能再补充材料，这次没有改动。
illegal-paid-online = 这里要先网上缴费，这次没有改动。
