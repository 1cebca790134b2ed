# 报名助手 · Baoming. `make help` lists the commands. Needs: make, and Python 3.11 or newer with venv.
.DEFAULT_GOAL := help
.PHONY: help run test check rows lifecycle statuses pictures races bench bench-broadcast bench-photo prints season soak format reset lock clean

PY := .venv/bin/python
UV ?= uv

help: ## 列出命令 / list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

run: ## 启动沙盒和机器人；设了 BOT_TOKEN 则连 Telegram / start the sandbox and the bot, or the bot on Telegram if BOT_TOKEN is set
	@echo '报名助手正在启动… / Baoming is starting…'
	@sh .ci/venv requirements-sandbox.txt
	@$(PY) -m bot run

test: ## 运行测试，例如 make test ARGS='tests/e2e/stories -q' / run the tests
	@sh .ci/venv requirements-dev.txt
	$(PY) -m tests $(ARGS)

check: ## 检查格式、写法、类型和模块边界 / check format, lint, types and the walls between modules
	@sh .ci/venv requirements-dev.txt
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	$(PY) -m mypy
	@$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command(["--no-logo"])'

rows: ## 列出每项功能由哪些测试证明，缺了就失败 / list which tests prove each feature, fail where none does
	@sh .ci/venv requirements-dev.txt
	@$(PY) -m pytest --collect-only -q -p tests.rows

lifecycle: ## 由流程表重新生成 docs/lifecycle.md 里的图 / make the diagram of docs/lifecycle.md from the table
	@sh .ci/venv requirements-dev.txt
	@$(PY) -m tests.states.process.lifecycle_page

statuses: ## 由规则重新生成 docs/status-table.md / make the table of what the status says
	@sh .ci/venv requirements-dev.txt
	@$(PY) -m tests.handlers.status_page

pictures: ## 由沙盒重新生成文档里的图（要 Chromium）/ make the pictures of the documents anew from the sandbox (wants Chromium)
	@sh .ci/venv requirements-dev.txt
	@$(PY) -m tests.browser.pictures

races: ## 撤回、更改申请和别人的操作同时发生，每种 500 次；付款乱序 1,000 次 / withdrawals and late changes against the acts of others, 500 times each; 1,000 interleavings of payments
	@sh .ci/venv requirements-dev.txt
	@ROUNDS=500 $(PY) -m pytest -q -k race tests/handlers/staff/test_withdrawal.py tests/handlers/staff/test_late_changes.py
	@STORIES=1000 $(PY) -m pytest -q -k random tests/storage/payments/test_settling.py

bench: ## 与别的机器人比较每次回答的开销，例如 make bench ARGS='--runs 3' / compare what an answer costs with other bots
	@sh .ci/venv requirements-dev.txt
	@$(PY) -m pytest -q --bench -m bench tests/bench/test_bench.py tests/bench/test_judged.py
	@$(PY) -m tests.bench $(ARGS)

bench-broadcast: ## 按真实限速群发三千人，与别的机器人比较 / a broadcast to 3,000 people at the real limits, beside other bots
	@sh .ci/venv requirements-dev.txt
	@$(PY) -m tests.bench.broadcast $(ARGS)

bench-photo: ## 照片检查：一千多张带标注的照片，找出多少、误报多少，要花多少 / the judge of photos: recall and false alarms on more than 1,000 labelled pictures, and its cost
	@sh .ci/venv requirements-dev.txt
	@$(PY) -m tests.bench.photo $(ARGS)
	@$(PY) -m tests.bench.papers $(ARGS)

prints: ## 打印的报名表：开销，扫描、复印、拍照后能不能扫出来 / what printed forms cost, and whether their codes are read from scans, copies and photos
	@sh .ci/venv requirements-dev.txt
	@$(PY) -m tests.states.submissions.mutated_codes
	@$(PY) -m tests.bench.printing $(ARGS)

season: ## 五千名考生、六十名工作人员，走完 2026 年的整个日历，检查每一条提醒 / play 5,000 candidates and 60 staff through the calendar of 2026, and judge each reminder
	@sh .ci/venv requirements-dev.txt
	@$(PY) -m tests.season $(ARGS)

soak: ## 跑二十万次更新，看内存和文件会不会一直长；三次各十万个陌生人，看会不会留下什么 / run 200,000 updates and see whether memory or files keep growing; 100,000 strangers, three times, and what they leave
	@sh .ci/venv requirements-dev.txt
	@$(PY) -m pytest -q --bench -m bench tests/bench/test_soak.py
	@$(PY) -m tests.bench.soak $(ARGS)
	@STRANGERS=100000 $(PY) -m pytest -q -s -n 0 tests/bot/scheduler/test_nothing_left.py

format: ## 整理格式 / format the code and mend what lint can mend
	@sh .ci/venv requirements-dev.txt
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

reset: ## 清空沙盒：聊天、报名和文件 / clear the sandbox: chats, applications and files
	@sh .ci/venv requirements-sandbox.txt
	@$(PY) -m bot reset || [ $$? -eq 3 ]

# The sandbox's lock is made first, since the other two hold its versions; requirements.txt is for production.
LOCK = $(UV) pip compile pyproject.toml --quiet $(ARGS) --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock'
lock: ## 重新锁定依赖（需要 uv；ARGS=--upgrade 升级全部）/ lock the dependencies (needs uv; ARGS=--upgrade lifts all)
	$(LOCK) --extra sandbox --output-file requirements-sandbox.txt
	$(LOCK) --constraint requirements-sandbox.txt --output-file requirements.txt
	$(LOCK) --extra payments --constraint requirements-sandbox.txt --output-file requirements-payments.txt
	$(LOCK) --extra photo --constraint requirements-sandbox.txt --output-file requirements-photo.txt
	$(LOCK) --extra ocr --constraint requirements-photo.txt --constraint requirements-sandbox.txt --output-file requirements-ocr.txt
	$(LOCK) --extra sandbox --extra payments --extra photo --extra ocr --group dev --constraint requirements-payments.txt --constraint requirements-photo.txt --constraint requirements-ocr.txt --constraint requirements-sandbox.txt --output-file requirements-dev.txt

clean: ## 删除 .venv 和缓存（不动数据）/ remove .venv and caches, not data
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
