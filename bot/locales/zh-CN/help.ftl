### 帮助：怎么用，有问题找谁，常见问题怎么办。

button-help = 帮助

help-text =
    <b>怎么用</b>
    · 照着问题回答，可以点按钮，也可以直接把按钮上的字打出来。
    · 填到一半离开没关系，回来时还在原来那一题。

    <b>随时可用</b>
    /status 看报名进度和待办
    /back 回到上一步
    /cancel 先停下，回到菜单
    /language 换语言（Language）
    /profile 我的信息：查看、导出、删除
    /start 从上次停下的地方继续
help-contact = 还有问题，请联系{$site}：{$contact}
help-contact-none = 选好考点后，这里会显示考点的联系方式。
