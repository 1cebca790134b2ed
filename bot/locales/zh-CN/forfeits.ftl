### 管理员：到期的报名，和恢复报名。

administrators-only = 这个命令只给管理员用。
forfeits-none = 没有等您决定的到期报名。
forfeits-head = <b>有到期的报名等您决定</b>，现在还没有按自动放弃处理：
forfeits-gap = · {$count} 份：截止时间正好在我们收不到消息的时候
forfeits-moved = · {$count} 份：截止时间改过，到期前不足 24 小时
forfeits-undecided = · {$count} 份：考生该做的都做了，是工作人员还没有办
forfeits-many = · {$count} 份：同时到期的太多，请先看看是不是哪里出了错
forfeits-unpaid = · {$count} 份：缴费时间已过，没有人标记已缴费；可能已在别处缴费
forfeits-how = 确认无误、要按自动放弃处理，请发：/forfeits release
forfeits-released = 好的。这些报名会在一分钟内按自动放弃处理，考生会收到通知。
forfeits-ways = 查看等您决定的：/forfeits。恢复一份报名：/reinstate 报名编号
forfeits-unpaid-how = 没有缴费记录的，请先让考点、考区核对并标记。核对完，剩下的要按自动放弃处理，请发：/forfeits unpaid
forfeits-mend = 办错了可以一份一份恢复：/reinstate 报名编号
reinstate-format = 请这样写：/reinstate 报名编号，例如 /reinstate 2222-454
reinstate-unknown = 没有这个编号的报名。请核对后再发一次。
reinstate-own = 这是您自己的报名，请另一位管理员来恢复。
reinstate-done = 已恢复到“{$stage}”，并通知了考生。考生至少还有 3 天时间。
