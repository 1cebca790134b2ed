### 命令行说的话，给运维看。

cli-starting = 正在启动沙盒和机器人，几秒钟就好…
cli-running-sandbox =
    沙盒已就绪，请打开：{$address}
    （沙盒里的人都是虚构的，数据不离开这台电脑；按 Ctrl-C 停止，下次接着用）
cli-running-telegram = 机器人已连接 {$address}，按 Ctrl-C 停止。
cli-closed = 注意：{$exam}现在不在报名时间。机器人会这样告诉考生，并在开始报名时通知他们。
cli-stopped = 已停止，什么都没有丢。
cli-reset-done = 沙盒已清空（{$place}）。
cli-reset-running = 机器人还在运行，请先停下它再清空。
cli-migrated = 数据库已是版本 {$version}。
cli-exam-good = ✓ {$name}：{$areas} 个考区，没有发现错误。
cli-bad-exam = 考试定义有误，没有启动：
    {$reason}
cli-bad-settings = 设置有误，没有启动：
    {$reason}
cli-refused = 没有启动：{$reason}

doctor-exam = 考试：{$name}
doctor-exam-bad = 考试定义有误：{$reason}
doctor-exam-sample = 考试“{$name}”含有示例数据，正式使用前请换成公布的内容（EXAM）
doctor-disk = 磁盘剩余 {$free} GB
doctor-keys = 密钥与数据库相符
doctor-keys-bad = 密钥不能用：{$reason}
doctor-keys-beside = 密钥放在数据旁边（{$file}）；请改用 SECRET_KEYS，另存别处
doctor-data-bad = 数据库不能用：{$reason}
doctor-schema = 数据库版本 {$present}，程序需要 {$wanted}（升级：python -m bot migrate）
doctor-telegram = Telegram 可用，机器人是 @{$name}
doctor-telegram-bad = 连不上 Telegram：{$reason}（检查 BOT_TOKEN、BOT_API_URL、TELEGRAM_PROXY）
