### 命令行说的话，给运维看。

cli-starting = 正在启动沙盒和机器人，几秒钟就好…
cli-running-sandbox =
    沙盒已就绪，请打开：{$address}
    （沙盒里的人都是虚构的，数据不离开这台电脑；按 Ctrl-C 停止，下次接着用）
cli-running-telegram = 机器人已连接 {$address}，按 Ctrl-C 停止。
cli-closed = 注意：{$exam}现在不在报名时间。机器人会这样告诉考生，开始报名时通知点了“{button-tell-me}”的人。
cli-stopped = 已停止，什么都没有丢。
cli-reset-done = 沙盒已清空（{$place}）。
cli-reset-running = 机器人还在运行，没有清空。请先在运行它的窗口按 Ctrl-C，再试一次。
cli-port-busy = 端口 {$port} 被别的程序占用，这次改用 {$used}；下次启动先用 {$used}，打开的网页可以接着用。要用别的端口，请设置 SANDBOX_PORT。
cli-port-kept = 沿用上次的端口 {$used}（当时 {$port} 被占用），打开的网页可以接着用。要改回 {$port}，请删除 {$place}。
cli-sandbox-in-use = 另一个沙盒正在使用这些数据；请先停下它（上次的 make run 可能还在运行）。
cli-sandbox-missing =
    没有安装沙盒。要连接 Telegram，请设置 BOT_TOKEN；
    要用沙盒，请在项目文件夹里运行 pip install '.[sandbox]'（make run 会自动安装）。
cli-migrated = 数据库已是版本 {$version}。
cli-exam-good = ✓ {$name}：{$areas} 个考区、{$sites} 个考点、{$specialties} 个专业、{$employers} 个单位，没有发现错误。{ $suspicions ->
    [0] {""}
   *[other] 有 {$suspicions} 处可疑，见上面。
    }
cli-exam-new =
    {$folder} 已建好，里面全部是示例：请换成公布的内容，用 baoming exam check {$folder} 检查，用 baoming exam rehearse {$folder} 演练，再设置 EXAM={$folder}。
cli-exam-exists = {$folder} 已经存在，什么都没有写。请用 --to 另选一个文件夹。
cli-dropped-codes =
    没有启动：{$exam} 的报名信息用到了考试定义里已经没有的考区、考点、报名点或专业：{$codes}
    请把它们加回去（用过的代码要保留，名称、地址和规则可以改，不再开考的专业标为 discontinued）。
cli-bad-exam = 考试定义有误，没有启动：
cli-bad-settings = 设置有误，没有启动。请检查环境变量或 .env：
setting-bot-token = · BOT_TOKEN：应为 @BotFather 给的令牌，例如 123456:ABC-DEF
setting-bot-api-url = · BOT_API_URL：应以 http:// 或 https:// 开头，例如 https://api.telegram.org
setting-telegram-proxy = · TELEGRAM_PROXY：以 http://、https://、socks5://、socks4a:// 或 socks4:// 开头，以端口结尾，例如 socks5://127.0.0.1:1080
setting-http-client = · HTTP_CLIENT：应为 pool 或 aiohttp
setting-webhook-url = · WEBHOOK_URL：Telegram 要调用的地址，例如 https://bot.example.org/telegram；路径只用字母、数字和 - . _ ~，且不能是 /healthz 或 /metrics
setting-listen = · LISTEN：主机:端口，例如 127.0.0.1:8080
setting-data-dir = · DATA_DIR：应为一个文件夹，例如 /var/lib/baoming
setting-database-url = · DATABASE_URL：应以 postgresql:// 或 sqlite+aiosqlite:// 开头，例如 postgresql://baoming:…@localhost/baoming
setting-blob-store = · BLOB_STORE：应为一个存储地址，例如 s3://bucket/path
setting-secret-keys = · SECRET_KEYS：应为 lookup:<base64>,k1:<base64>，每个密钥 32 字节
setting-exam = · EXAM：应为自带考试的名称、文件夹或文件，例如 health-2026
setting-health-hosts = · HEALTH_HOSTS：应为主机名，用逗号分隔，例如 bot.example.org
setting-administrators = · ADMINISTRATORS：应为 Telegram 数字 id，用逗号分隔，例如 1001,1002
setting-undo-seconds = · UNDO_SECONDS：应为 0 到 3600 之间的秒数，例如 60
setting-claim-minutes = · CLAIM_MINUTES：应为 1 到 1440 之间的分钟数，例如 30
setting-news-minutes = · NEWS_MINUTES：应为 1 到 1440 之间的分钟数，例如 10
setting-sandbox-port = · SANDBOX_PORT：应为 1 到 65535 之间的端口，例如 8017
setting-sandbox-staff = · SANDBOX_STAFF：应为 true 或 false
setting-invite-hours = · INVITE_HOURS：应为 1 到 720 之间的小时数，例如 48
setting-paid-broadcasts = · PAID_BROADCASTS：应为 true 或 false
setting-log-level = · LOG_LEVEL：应为 DEBUG、INFO、WARNING 或 ERROR
cli-refused = 没有启动：{$reason}

cli-staff-link =
    请把链接只发给本人，只能打开一次，{$until} 前有效：
    {$link}
    对方打开后，ADMINISTRATORS 里的管理员会收到确认，点“{button-admit}”后角色才生效。
cli-staff-line = {$seat}  {$role}  {$scope}  {$account}  {$name}
cli-staff-named = ADMINISTRATORS  管理员  全部考区  {$account}（写在设置里，要收回就改设置，再重启机器人）
cli-staff-none = 还没有工作人员。
cli-staff-revoked = 角色 {$seat} 已收回，立即生效。
cli-staff-no-seat = 没有编号为 {$seat} 的有效角色；用 baoming staff list 查看。没打开的邀请，用 baoming staff withdraw 撤回。
cli-staff-offer = {$invite}  邀请：{$role}  {$scope}  还没有人打开，{$until} 前有效
cli-staff-offer-opened = {$invite}  邀请：{$role}  {$scope}  {$account}  {$name}  已打开，等发邀请的人核实，{$until} 前有效
cli-staff-withdrawn = 邀请 {$invite} 已收回，链接不能再用。
cli-staff-no-invite = 没有编号为 {$invite} 的有效邀请；用 baoming staff list 查看。
cli-staff-scope = 角色 {$role} 需要且只需要这些选项：{$options}
cli-staff-place = 考试里没有代码为 {$code} 的考区、考点或报名点。
cli-staff-never-started = 请先启动一次机器人，再邀请工作人员。
cli-audit-head-wrong = --head 要写成“条数:指纹”，指纹至少 16 位，例如 1234:0123456789abcdef；管理员每天收到的那条消息里有。
cli-audit-sound = ✓ 已封存的 {$count} 条操作记录都与封存时一致，链头 {$head}
cli-audit-empty = 还没有封存过操作记录。
cli-audit-witnessed = ✓ 与给出的链头一致。
cli-audit-unsealed = · 另有 {$count} 条还没有封存（机器人运行时，满 10 秒的记录半分钟内封存），这些还查不出改动。
cli-audit-broken = ✗ 前 {$count} 条与封存时一致，从下面这处起不能再相信：
cli-audit-broken-next = 请先备份数据库、保留日志，再查清谁能登录数据库。
cli-audit-flaw-edited = 第 {$seq} 条（编号 {$row}）不是当时封存的内容：被改过，或者它前面有记录被抽走、后面重新编了号。
cli-audit-flaw-deleted = 第 {$seq} 条（编号 {$row}）被删了，它的封存还在。
cli-audit-flaw-reordered = 第 {$seq} 条的位置上是另一条记录（编号 {$row}）：次序被调换过。
cli-audit-flaw-inserted = 第 {$seq} 条（编号 {$row}）是后来塞进去的，它的封存是假的。
cli-audit-flaw-seal = 第 {$seq} 条（编号 {$row}）的封存被改过。
cli-audit-flaw-gap = 第 {$seq} 条到第 {$last} 条的封存不见了，记录可能也一起被删了。
cli-audit-flaw-cut = 末尾少了第 {$seq} 条到第 {$last} 条：留过链头的记录，现在没有了。
cli-audit-flaw-head = 第 {$seq} 条（编号 {$row}）与留下的链头不符：链头被改过，或者有人重做了它前面的封存。
cli-audit-difference = ✗ { $kind ->
    [changed] 表 {$table} 的第 {$row} 行被人不用密钥改过。
    [forged] 操作记录 {$row} 不是本程序写的，是伪造的。
    [role] 角色 {$row}：操作记录里没有授予过，或者已经收回。
    [role-gone] 角色 {$row}：操作记录里授予过，数据里没有了，或者没有记录就被收回。
    [stage] 报名 {$row}：现在的状态与操作记录的最后一步不符。
    [submissions] 报名 {$row}：提交次数与操作记录不符。
    [application-gone] 报名 {$row}：提交过，没有注销，数据里没有了。
    [decisions] 报名 {$row}：审核决定的数目与操作记录不符。
    [applied] 报名 {$row}：有一个审核决定，数据里说已经生效（或者还没有），与操作记录不符。
    [second-look] 报名 {$row}：最终不通过，操作记录和数据里没有第二个人同意。
    [charges] { $row ->
        [0] 有一笔不知道是谁的钱，操作记录里收到过，数据里没有了。
       *[other] 报名 {$row}：操作记录里收到过的钱，数据里少了。
    }
    [refunds] 报名 {$row}：操作记录里申请过的退款，数据里少了。
    [late-changes] 报名 {$row}：更改申请的数目与操作记录不符。
    [broadcast] 群发 {$row}：没有人开始或者继续过，或者数据里没有了。
    [exam] 考试定义第 {$row} 版：与操作记录不符，或者没有了。请运行 baoming exam versions 查看
    [released] 到期的报名被放行了，操作记录里没有管理员放行过。
   *[group] 群 {$row}：绑定的范围与操作记录不符。
 }
cli-audit-no-application = “{$given}”不是报名编号。请照卡片或 /status 里的写，例如 2222-454；也可以写数据库里的编号，例如 65。
cli-audit-nothing = 没有编号 {$application} 的报名的操作记录。
cli-audit-entry = {$at}  {$who}  {$deed}
cli-audit-entry-with = {$at}  {$who}  {$deed}（{$detail}）
cli-audit-bot = 机器人
cli-audit-account = 账号 {$account}
cli-audit-staff = 账号 {$account}（{$role}）
cli-audit-role = { $role ->
        [point-clerk] 报名点工作人员
        [site-reviewer] 考点审核员
        [area-reviewer] 考区审核员
       *[administrator] 管理员
    }

doctor-exam = 考试：{$name}
doctor-exam-bad = 考试定义有误：{$reason}
doctor-exam-sample = 考试“{$name}”含有示例数据，正式使用前请换成公布的内容（EXAM）
doctor-media = 处理照片和文件的进程能启动
doctor-media-bad = 处理照片和文件的进程启动不了（{$reason}），上传的文件会一直等着。请看上面的报错；常见原因是依赖没有装全，请运行 sh .ci/venv requirements.txt
doctor-private = 别的账号读不到数据文件
doctor-exposed = 这台电脑上别的账号能读到数据：{$places}。请运行 chmod -R go= {$places}
doctor-disk = { $is-low ->
        [yes] 磁盘只剩 {$free} GB。请腾出空间或者换大的磁盘：磁盘满了，机器人就不能回答，直到有空间
       *[no] 磁盘剩余 {$free} GB
    }
doctor-keys = 密钥与数据库相符
doctor-keys-bad = 密钥不能用：{$reason}
doctor-keys-beside = 密钥放在数据旁边（{$file}）；请改用 SECRET_KEYS，另存别处
doctor-data-bad = 数据库不能用：{ $cause ->
        [locked] 另一个程序一直占着它。请找出那个程序（SQLite 用 fuser 查）并让它结束
        [read-only] 只能读，不能写。请检查文件和文件夹的主人、权限，磁盘是不是以只读方式挂载
        [full] 磁盘满了。请腾出空间
        [closed] 文件打不开。请检查 DATA_DIR、DATABASE_URL 和文件夹的权限
        [disk] 读写磁盘出错，常常是磁盘满了：请先用 df 查看并腾出空间。没有满，就看系统日志（dmesg），先备份，再换磁盘
        [unreachable] 连不上服务器。请检查 PostgreSQL 是否在运行，以及 DATABASE_URL 里的主机和端口
        [login] 服务器不接受用户名或密码。请检查 DATABASE_URL
        [no-database] 服务器上没有这个数据库。请检查 DATABASE_URL，或用 createdb 建一个
        [crowded] 服务器的连接用完了。请看别的程序占了多少，或调大 max_connections
        [restarting] 服务器正在启动或停止。请稍等再试
       *[other] 请看 PostgreSQL 或系统的日志
    }（{$reason}）
doctor-empty = 数据库是空的，第一次启动时会建表；要用备份，请先运行 baoming restore
doctor-writable = 数据库可以写入
database-lost = 数据库文件不见了：{$file}。机器人用过它，所以不会另建一个空的。请把它放回原处，或者用最近的备份恢复（baoming restore）。确实要从头开始、不要原来的数据，才运行：rm {$locks}
database-emptied = 数据库是空的：{$name}。机器人用过它，所以不会在里面从头开始。请看看服务器或者文件是不是对的那一个，或者用最近的备份恢复（baoming restore）。确实要从头开始、不要原来的数据，才运行：rm {$note}
database-gone = 机器人已停止：数据库文件在运行时不见了（{$file}）。请把它放回原处，或者用最近的备份恢复（baoming restore），再启动。
database-replaced = 机器人已停止：数据库文件在运行时被换成了另一个（{$file}）。请先弄清哪一个是对的，放回原处，再启动。
running-already = 已经有一个机器人在用这份数据（进程 {$pid}，{$file}）。不要启动第二个；要重新启动，请先停下那一个。
running-elsewhere = 已经有一个机器人在用这个 PostgreSQL 数据库，可能在另一台机器上。请先停下那一个。
keys-missing = 密钥文件不见了（{$file}）。请把另存的密钥放回原处，或者设置 SECRET_KEYS。没有密钥，谁也读不出数据
keys-exposed = 别的账号也能读密钥文件。请运行：chmod 600 '{$file}'
keys-none = {$file} 里不是密钥。请把另存的密钥放回原处
keys-few = 缺少 lookup，或者一把加密密钥也没有。请把另存的密钥放回原处
keys-part = 第 {$number} 段不是“编号:base64”
keys-twice = 编号 {$name} 出现了两次
keys-id = 编号“{$name}”应是 1 到 {$limit} 个英文字母或数字
keys-length = “{$name}”应是 {$limit} 字节的 base64。请把另存的密钥放回原处
keys-foreign = 这个数据库用的是另一套密钥。请把它的密钥放回原处（密钥文件或 SECRET_KEYS）。
keys-lacking = 数据库还要用密钥 {$name}，这里没有，或者不是原来那把。请把另存的密钥放回原处（密钥文件或 SECRET_KEYS）。
cli-cannot-listen = LISTEN 的地址 {$address} 不能用：{ $code ->
        [EADDRINUSE] 另一个程序已经占用。请停下它，或者换一个端口
        [EADDRNOTAVAIL] 这台机器没有这个地址。请换成本机的地址，例如 127.0.0.1:8080
        [EACCES] 没有权限。请用 1024 以上的端口
       *[other] {$reason}
    }。
cli-telegram-refused = { $code ->
        [401] Telegram 不接受 BOT_TOKEN（401）：令牌换过，或者写错了。请向 @BotFather 要现在的令牌，改 .env 里的 BOT_TOKEN，再启动。数据没有动。
        [404] Telegram 不认识 BOT_TOKEN（404）：请核对 .env 里的 BOT_TOKEN 和 BOT_API_URL，再启动。数据没有动。
       *[other] Telegram 拒绝了机器人（{$code} {$reason}）。请运行 baoming doctor。
    }
doctor-data-damaged = 数据库文件坏了，或者不是数据库（{$reason}）。请停下机器人，先看系统日志（dmesg）：磁盘出错时看起来也是这样，磁盘修好后文件可能是完好的。这时 baoming doctor 还这样说，再把它移到别处，不要删，用最近的备份恢复（baoming restore）。
doctor-schema = { $age ->
        [older] 数据库版本 {$present}，程序需要 {$wanted}（升级：baoming migrate）
        [newer] 数据库版本 {$present}，比这个程序（{$wanted}）新。请重新启动新版本的程序。确实要退回旧版本时，恢复旧版本在升级前做的备份（baoming restore）。数据没有改动
       *[same] 数据库版本 {$present}，和程序一致
    }
doctor-server = PostgreSQL {$server_version} 可用（synchronous_commit={$synchronous_commit}）
doctor-server-unsafe = 断电会丢数据：PostgreSQL 关闭了 {$settings}，请在 postgresql.conf 里打开
doctor-no-database = 还没有数据库，第一次启动时会建立：{$file}
doctor-dropped-codes = 考试 {$exam} 里少了已有报名在用的考区、考点、报名点或专业：{$codes}（请放回去，否则不能启动）
doctor-telegram = Telegram 可用，机器人是 @{$name}
doctor-clock = 这台机器的时钟和 Telegram 的相差 {$minutes} 分钟。截止时间和提醒都按它办。请校准时钟（timedatectl set-ntp true）
doctor-telegram-bad = { $code ->
        [401] Telegram 不接受 BOT_TOKEN（401）：令牌换过，或者写错了。请向 @BotFather 要现在的令牌，改 .env 里的 BOT_TOKEN，再重新启动
       *[other] 连不上 Telegram：{$reason}（检查 BOT_TOKEN、BOT_API_URL、TELEGRAM_PROXY）
    }
doctor-webhook-set = Telegram 上还设着 webhook（{$host}），但这里设置为轮询；启动机器人会取消它，如果另有一个机器人在用，请先停下那一个
doctor-webhook-other = Telegram 上的 webhook 在别处（{$host}），不是 WEBHOOK_URL；启动机器人会改过来，如果另有一个机器人在用，请先停下那一个
doctor-webhook-missing = Telegram 上还没有设 webhook；启动机器人会设为 WEBHOOK_URL
doctor-webhook-error = Telegram 在 {$at} 调用 webhook 失败：{$reason}（检查 WEBHOOK_URL、证书和反向代理）
doctor-waiting = Telegram 上有 {$count} 条更新等着取（机器人在运行时应接近 0）

cli-jobs-line = {$kind}  {$key}  {$state}  {$at}  失败次数：{$attempts}  {$error}
cli-jobs-waiting = 等待中
cli-jobs-set-aside = 已搁置
cli-jobs-none = 还没有定时工作：机器人没有启动过。
cli-jobs-no-job = 没有失败的工作 {$kind} {$key}；用 baoming jobs list 查看。
cli-jobs-retried = 已重新开始：{$kind} {$key}。正在运行的机器人半分钟内会处理。

cli-payments-imported = 已导入 {$lines} 行：考试费 {$fee} 笔，应退 {$owed} 笔，以前导入过 {$known} 笔。
cli-payments-bad-lines = 没有导入，一行也没有：下面 {$count} 行有错。改好后，整个文件再导入一次。
cli-payments-unreadable = 读不了这个文件：{$reason}
cli-payments-day = {$day}　{$area}：{$count} 笔 {$total} 元；考试费 {$fee}，应退 {$owed}，已退 {$sent-back}
cli-payments-foreign = 不是人民币，没有计入　订单 {$order}　交易 {$charge}　{$money}
cli-payments-sum = 合计：{$count} 笔 {$total} 元；考试费 {$fee}，应退 {$owed}，已退 {$sent-back}
cli-payments-owed = 应退　订单 {$order}　交易 {$charge}　{$money}，应缴 {$expected} 元：{$verdict}
cli-payments-unknown = 账单上有，这里没有　订单 {$order}　交易 {$charge}　{$money}
cli-payments-other-amount = 金额不同　订单 {$order}　交易 {$charge}　这里 {$money}，账单 {$expected} 元
cli-payments-unbilled = 这里有，账单上没有　订单 {$order}　交易 {$charge}　{$money}
cli-payments-refunded = 账单上已经退款，这里没有记　订单 {$order}　交易 {$charge}　{$money}
cli-payments-no-difference = 没有差异。
line-columns = · 第 {$number} 行：表头要有交易号、金额、支付时间，以及报名编号或订单号
line-charge = · 第 {$number} 行：没有交易号（票据号），或者超过 200 个字
line-rounded = · 第 {$number} 行：号码超过 15 位，已被表格软件四舍五入；请把这一列设为文本格式，重新导出
line-named = · 第 {$number} 行：没有报名编号，也没有订单号
line-amount = · 第 {$number} 行：金额应为元，最多两位小数，例如 260.00
line-time = · 第 {$number} 行：支付时间应为 2026-02-05 14:20:00 这样的写法
line-way = · 第 {$number} 行：方式应为 telegram、wechat、alipay 或 desktop
line-twice = · 第 {$number} 行：这个交易号在文件里出现过
line-code = · 第 {$number} 行：没有这个报名编号
line-conflict = · 第 {$number} 行：这个交易号以前导入过，金额不同

cli-payments-keys = 支付密钥文件 {$file} 不能用：{$reason}
cli-payments-extra = 没有安装支付 {$way} 需要的库，请运行 pip install '.[payments]'。
cli-payments-url-missing = 用微信支付或支付宝，要设置 PAYMENTS_URL：支付方能访问的 https 地址。
setting-payments-url = · PAYMENTS_URL：支付方通知的地址，例如 https://bot.example.org
setting-wechat-pay = · WECHAT_PAY：微信支付密钥文件的路径，例如 /etc/baoming/wechat.toml
setting-alipay = · ALIPAY：支付宝密钥文件的路径，例如 /etc/baoming/alipay.toml
setting-telegram-provider-token = · TELEGRAM_PROVIDER_TOKEN：@BotFather 给的支付令牌，例如 123456:LIVE:abc
doctor-ways = 支付方式：{$ways}
doctor-ways-unused = 有考区在这里收费，却没有接通它的任何支付方式：{$areas}。这些考区的考生只能在别处缴费。
doctor-ways-sample = 这些考区在这里收费，但金额还是示例：{$areas}。请换成公布的金额。
## 考试定义的检查：可疑之处，都写明怎么改。
lint-closes-at-night = 截止在夜里（{$closes}），那时没有人可问。改到晚上或工作时间。
lint-closes-on-holiday = 最后一天（{$day}）不上班，现场办不了。改到工作日。
lint-holidays-unknown = {$year} 年的放假安排还没有公布，看不出最后一天上不上班。公布后再检查一次。
lint-short-window = 不到 {$days} 天，容易错过。能长就长。
lint-no-time-to-confirm = 确认（{$closes}）比报名（{$other}）先截止，最后报名的人来不及确认。
lint-no-time-to-correct = 补传（{$closes}）比确认（{$other}）先截止，最后被退回的人来不及补。
lint-no-time-to-review = 审核（{$closes}）比补传（{$other}）先截止，最后补传的人没人审。
lint-no-time-to-pay = 审核结束后不到 {$days} 天就停止缴费，最后通过的人来不及缴。
lint-tickets-before-payment = 还在缴费就开始打准考证，没缴费的人也会来打。
lint-tickets-on-exam-day = 打印准考证不早于第一天考试（{$day}）。
lint-empty-category = 专业类别“{$name}”下没有还在考的专业，选了就走不下去。
lint-empty-level = 级别“{$name}”下没有还在考的专业，选了就走不下去。
lint-unused-practice = 执业类别“{$name}”没有专业类别用到。
lint-reference-within-month = 年限算到 {$day}，不是月底；报名表只填到月，算不准。改为月底。
lint-reference-of-another-year = 报考条件的年限不是算到 {$year} 年考试的基准日。
lint-no-clause = {$category} · {$level}没有报考条件，考生查不到能不能报。补上条件。
lint-small-material = {$name}每个文件最多 {$limit} KB，清楚的扫描件放不下。放宽到 1000 KB 以上。
lint-materials-on-site = {$name}现场确认，上传材料的要求不会用到。
lint-definite-needless = {$name}的“{$desk}”不准补充，不通过本来就是最终结果，“definite”不起作用，也不会有第二个人看。去掉 definite，或者准许补充。
lint-no-employers = {$name}没有单位名单，考生都要自己写单位。
lint-no-telephone = {$name}没有电话号码，考生遇到问题找不到人。
lint-no-fee = {$name}要缴费，费用却是 0。
lint-odd-fee = {$name}每科 {$yuan} 元，请核对单位是不是分。
lint-fee-without-source = {$name}的费用不是示例，却没有写出处。
lint-late-change-unanswerable = {$name}的审核 {$review} 就结束，更改申请却收到 {$closes}，改好以后没有人审。提早截止。
lint-late-change-misses-payment = {$name}的更改最晚 {$until} 才关闭，缴费 {$closes} 就截止，考生会错过缴费。提早截止，或少开放几天。
lint-late-change-moves-site = {$name}由考点决定更改，却可以改考点，一个考点会决定另一个考点的事。改由考区决定。
lint-late-change-short = {$name}同意更改以后只开放 {$days} 天，容易错过。多给几天。
lint-spot-checks-many = “{$desk}”有 {$percent}% 的通过要办两遍，会耽误正常办理。改小，例如 0.02。
lint-spot-checks-one-sided = “{$desk}”只抽查通过或只抽查不通过，算不出一致程度。两种都要有比例，或者都是 0。
lint-still-a-sample = 这份考试定义不是示例，这一部分却还标着示例。换成公布的内容，改为 sample = false。
lint-no-english = 有 {$count} 项没有英文名（第一项：{$first}），用英文的考生看到中文。
cli-exam-difference = { $count ->
        [0] {$path}：{$before} → {$after}
       *[other] {$path}：{$before} → {$after}（涉及 {$count} 份报名信息）
    }
cli-exam-differences = 共 {$count} 处不同；数据库里有 {$applications} 份报名信息。
cli-keys-rotated = 新密钥 {$key} 已写入密钥文件。机器人运行时会在后台用它重新加密，不必停机；进度：baoming keys status。请马上另外备份密钥文件，旧密钥先不要删。
cli-keys-setting = 密钥在设置 SECRET_KEYS 里。请把它改成下面的值（新密钥 {$key}），再重新启动机器人，机器人会在后台重新加密：
    {$value}
cli-keys-busy = 上一次更换密钥还没做完：还有 {$count} 条用旧密钥加密。请让机器人运行到做完再换。
cli-keys-left = · 还有 {$count} 条用旧密钥加密，机器人运行时会用 {$key} 重新加密。
cli-keys-done = ✓ 数据库内容都已用 {$key} 加密。旧密钥还用来核验以前打印的报名表，考试结束前请留着。
cli-backup-made = ✓ 已备份到 {$file}：{$rows} 条、{$files} 个文件。密钥不在里面，请另外备份。
cli-backup-missing = · 有 {$count} 个文件已经不在存储里，没有备份到。
cli-backup-exists = {$file} 已经存在。请换一个文件名。
cli-restore-done = ✓ 已恢复 {$rows} 条、{$files} 个文件（备份于 {$at}）。请先运行 baoming audit verify，再启动机器人。
cli-restore-verified = ✓ 备份完整：{$rows} 条、{$files} 个文件，备份于 {$at}，操作记录核对无误。
cli-restore-not-empty = 数据库里已经有数据。请恢复到空的数据库和空的文件夹里。
cli-restore-broken = 备份不能用：{$reason}。没有恢复任何数据。
cli-restore-audit = ✗ 备份里的操作记录核对有误，恢复后请运行 baoming audit verify 查看。
cli-verify-genuine = 是这里生成的报名表：编号 {$code}，第 {$number} 次提交。这里没有数据库，查不出它现在有没有效，请问办理的考点。
cli-verify-large = 文件太大，最多 {$limit} MB。
cli-verify-unreadable = 这个文件读不出来：要 JPG、PNG、HEIC 或 PDF。
cli-verify-no-code = 文件里没有找到二维码。请换一张清楚的，或者输入表上的验证码。
cli-verify-what = “{$given}”不是文件，不是二维码里的链接，也不是验证码。验证码比报名编号多两位数字，例如 2222-454-03。
cli-verify-no-key = 这里没有签这张报名表的密钥，也可能是伪造的：请核对 SECRET_KEYS 或密钥文件。
cli-file = ✗ {$trouble}
disk-trouble = { $code ->
        [ENOSPC] 磁盘满了：用 df 看一看，腾出空间，再运行一次
        [EDQUOT] 磁盘配额用完了：腾出空间，再运行一次
        [EROFS] 磁盘被挂载成只读：看系统日志（dmesg），再运行一次
       *[other] 磁盘出错（{ $reason }）：看系统日志（dmesg）
    }
file-trouble = { $file }：{ $code ->
        [ENOENT] 没有这个文件或文件夹
        [EACCES] 没有权限
        [EEXIST] 已经有了
        [EISDIR] 这是文件夹，不是文件
        [ENOTDIR] 路径里有一段不是文件夹
        [ENOSPC] 磁盘满了
        [EROFS] 这里只能读，不能写
       *[other] { $reason }
    }
backup-foreign = 这不是本程序的备份
backup-version = 备份的版本是 {$version}，这个程序要 {$wanted}
backup-changed = 第 {$part} 段被改动过，或者文件不完整
backup-first-part = 打不开第 {$part} 段：这里的密钥不是备份时的那一套，或者文件被改动过、不完整。请先核对密钥文件或 SECRET_KEYS
backup-key = 第 {$part} 段用密钥 {$key} 加密，这里没有这把密钥
backup-lookup-key = 备份时的 lookup 密钥和这里的不同
backup-incomplete = 条数和备份里记的不一致

cli-rehearsal-bad-exam = 考试定义有误，没有演练：
cli-rehearsal-begins = 正在演练 {$exam}：虚构考生 {$people} 人，要几分钟。
cli-rehearsal-report = 报告：{$file}
cli-rehearsal-green = ✓ 演练通过：{$people} 名虚构考生里有 {$registered} 人报名成功，其余的人是自己拖延或放弃的。
cli-rehearsal-failed = ✗ 演练没有通过：发现 {$count} 个问题；{$people} 名虚构考生里有 {$registered} 人报名成功。

cli-apply-bad = 改过的考试定义有误，什么都没有改：
cli-apply-other = 正在进行的考试是 {$key}，这份定义是 {$other}。什么都没有改；换一年的考试请改设置 EXAM。
cli-apply-dropped = 什么都没有改：已有报名信息用到了新定义里没有的考区、考点、报名点或专业：{$codes}
    请把它们加回去（不再开考的专业标为 discontinued）。
cli-apply-same = 这份定义和现在用的完全一样，没有可改的。
cli-apply-meanwhile = 刚才有别人改了这场考试，什么都没有改。请重新运行，再看一遍会改什么。
cli-apply-needs-yes = 没有终端可以询问，什么都没有改。看过上面的内容以后，请加上 --yes。
cli-apply-question = 启用这些更改吗？输入“是”或 y：
cli-apply-left = 没有启用，什么都没有改。
cli-apply-stored = ✓ 已保存为第 {$number} 版。正在运行的机器人半分钟内自动启用，消息不会丢；没有运行时，下次启动启用。用 baoming exam versions 查看，用 baoming exam revert 收回。
cli-apply-more = 还有 {$count} 处不同，用 baoming exam diff 查看。
cli-apply-suspicion = ⚠ {$path}：{$text}
cli-apply-moved-registration = 报名截止：{$before} → {$after}。还没提交的有 {$count} 人，会各收到一次通知。
cli-apply-moved-confirmation = 报名确认截止：{$before} → {$after}。等确认的有 {$count} 人，其中要到现场的会各收到一次通知；改动后 24 小时内到期的，不会自动放弃，先问管理员。
cli-apply-moved-reupload = 修改材料截止：{$before} → {$after}。等修改的有 {$count} 人，会各收到一次通知；改动后 24 小时内到期的，不会自动放弃，先问管理员。
cli-apply-moved-review = 审核和修改截止：{$before} → {$after}。等修改的有 {$count} 人，会各收到一次通知；改动后 24 小时内到期的，不会自动放弃，先问管理员。
cli-apply-moved-payment = 缴费截止：{$before} → {$after}。等缴费的有 {$count} 人，会各收到一次通知；改动后 24 小时内到期的，不会自动放弃，先问管理员。
cli-apply-moved-tickets = 准考证打印截止：{$before} → {$after}。已报名成功的有 {$count} 人。
cli-revert-nothing = 没有可以收回的更改：用的就是最初的定义。
cli-revert-dropped = ✓ 第 {$number} 版还没有启用，已经丢弃。
cli-revert-again = 收回错了？第 {$number} 版还存着，随时可以恢复：baoming exam revert --to {$number}
cli-revert-unknown = 没有第 {$number} 版。有哪些版本，看 baoming exam versions。
cli-exam-taken-up = 考试定义有更改，正在启用…
cli-exam-differs = · 现在用的是 exam apply 启用的定义，它和设置 EXAM（{$setting}）的文件不同；改文件以后要再运行 baoming exam apply。
cli-versions-none = 还没有改过：用的是设置 EXAM 的文件。
cli-version = 第 {$number} 版  {$made}  {$state}
cli-version-takes-back = 第 {$number} 版  {$made}  {$state}，收回第 {$back} 版
cli-version-waiting = 等待启用
cli-version-in-force = 正在使用
cli-version-replaced = 已被替换
cli-version-refused = 没有启用：{$why}
cli-version-dropped = 启用前被丢弃
doctor-exam-differs = 现在用的是 exam apply 启用的定义，它和设置 EXAM（{$setting}）的文件不同。想用这些文件，请运行 baoming exam apply。

## 操作记录里的代码，用话说出来（bot/cli/audit_details.py）。
audit-submission = 第 {$number} 次提交
audit-record = 第 {$number} 条
audit-case = 第 {$number} 件
audit-request = 申请 {$number}
audit-yuan = {$yuan} 元
audit-event-submit = 提交
audit-event-withdraw = 撤回
audit-event-confirm = 确认通过
audit-event-refuse-confirmation = 确认不通过
audit-event-approve-site = 考点审核通过
audit-event-refuse-site = 考点审核不通过
audit-event-approve-area = 考区审核通过
audit-event-refuse-area = 考区审核不通过
audit-event-reject = 不予通过
audit-event-resubmit = 再次提交
audit-event-clear = 不用在网上缴费
audit-event-pay = 缴费
audit-event-mark-paid = 标记已缴费
audit-event-unmark-paid = 取消已缴费的标记
audit-event-undo-approval = 撤销审核通过
audit-event-lapse = 视为自动放弃
audit-event-reinstate = 恢复报名
audit-event-reopen = 重新办理
audit-event-release = 放出证件号码
audit-event-open-change = 同意更改
audit-event-close-change = 结束更改
audit-event-drop-change = 放弃更改
audit-kind-number-taken = 号码被别人注册
audit-kind-account-moved = 换 Telegram 账号
audit-kind-identity = 更正姓名或号码
audit-kind-payment = 已经付款
audit-kind-duplicate = 可能是同一个人
audit-outcome-agreed = 同意
audit-outcome-declined = 不同意
audit-said-paper = 证书对
audit-said-form = 填的对
audit-late-change-asked = 已申请
audit-late-change-open = 已同意
audit-late-change-done = 改好了
audit-late-change-declined = 没有同意
audit-late-change-expired = 过了时间
audit-late-change-dropped = 考生放弃了
audit-photo-fine = 照片没问题
audit-photo-bad = 照片有问题
audit-called-yes = 接通了
audit-called-no = 没有接通
audit-money-fee = 考试费
audit-money-accepted = 考区同意算作考试费
audit-money-unknown-order = 没有这个订单
audit-money-merchant = 收款方不对
audit-money-currency = 币种不对
audit-money-amount = 金额不对
audit-money-payer = 付款账号不是本人
audit-money-doubled = 多付
audit-money-late = 付晚了
audit-money-not-approved = 当时不在待缴费
audit-money-expired = 当时已视为自动放弃
audit-money-review-undone = 审核通过被撤销

## 考试文件读不了：哪里，怎么改（bot/core/toml_mistakes.py）。
toml-value = 等号后面的值不对。文字要加引号，例如 name = "青海考区"；日期写 2026-01-31。
toml-string = 引号没有成对，或者里面有不能用的字符。
toml-key = 等号前面的名称不对，或者少了等号。写法：name = "青海考区"。
toml-twice = 同一个名称或表写了两次。
toml-header = 表头的方括号没有成对。写法：[windows.registration] 或 [[areas]]。
toml-array = 方括号没有成对，或者少了逗号。
toml-table = 花括号没有成对，或者少了逗号。
toml-rest = 这一行后面多了内容。一行只写一项。
toml-other = 不是正确的 TOML（{$words}）。
