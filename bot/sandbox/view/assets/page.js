// What the page does without asking the server: follow the end of the chat, take the typed text,
// upload, and let go of menus.
"use strict";

const sandbox = {
  box: () => document.querySelector("[data-testid=composer]"),
  messages: () => document.querySelector("[data-testid=messages]"),

  // The text to send, which leaves the box empty; nothing but spaces is not sent.
  take() {
    const box = this.box();
    const text = box.value;
    if (!text.trim()) return "";
    box.value = "";
    box.focus();
    return text;
  },

  put(text) {
    const box = this.box();
    box.value = text;
    box.focus();
  },

  // Tell the server how far a command is typed, and once when it no longer is one.
  command(text, tell) {
    const typed = /^\/\w*$/.test(text) ? text : "";
    if (typed !== (this.typed ?? "")) tell(typed);
    this.typed = typed;
  },

  date(tell) {
    const day = document.querySelector("[data-testid=clock-date]").value;
    if (day) tell(day);
  },

  async upload(input) {
    const form = new FormData();
    form.append("as", input.dataset.as);
    form.append("caption", this.take());
    for (const file of input.files) form.append("files", file, file.name);
    input.value = "";
    this.close();
    const answer = await fetch(input.dataset.upload, { method: "POST", body: form });
    if (!answer.ok) alert(input.dataset.failed.replace("{reason}", await answer.text()));
  },

  // https://t.me/<bot>?start=<payload> stays here: this bot is not on the real Telegram.
  botLink(event, tell) {
    const link = event.target.closest("a[href]");
    if (!link) return;
    const to = new URL(link.href);
    const bot = this.messages().dataset.bot;
    const ours =
      to.hostname === "t.me" ? to.pathname === `/${bot}` : to.searchParams.get("domain") === bot;
    if (!ours) return;
    event.preventDefault();
    tell(to.searchParams.get("start") ?? "");
  },

  // Start the toast's fading anew, for the second of two quick ones as well.
  toast() {
    setTimeout(() => {
      const toast = document.querySelector("[data-testid=toast]");
      toast?.getAnimations().forEach((animation) => {
        animation.cancel();
        animation.play();
      });
    });
  },

  close() {
    document.querySelectorAll("details:is(.attach, .samples)[open]").forEach((menu) => (menu.open = false));
  },

  toEnd() {
    const messages = this.messages();
    if (messages) messages.scrollTop = messages.scrollHeight;
  },

  nearEnd: true,
};

// A message that arrives is scrolled to. Older ones, asked for at the top, are not.
new MutationObserver((changes) => {
  const messages = sandbox.messages();
  if (!messages) return;
  if (!sandbox.watched) {
    sandbox.watched = true;
    messages.addEventListener("scroll", () => {
      const left = messages.scrollHeight - messages.scrollTop - messages.clientHeight;
      sandbox.nearEnd = left < 80;
    });
    // The keyboard under the chat comes and goes: whoever was at the end stays there.
    new ResizeObserver(() => sandbox.nearEnd && sandbox.toEnd()).observe(messages);
  }
  const added = changes.some(
    (change) =>
      change.target === messages &&
      [...change.addedNodes].some((node) => node === messages.lastElementChild),
  );
  if (added || sandbox.nearEnd) sandbox.toEnd();
}).observe(document, { childList: true, subtree: true });

document.addEventListener("click", (event) => {
  if (!event.target.closest("details.attach")) sandbox.close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") sandbox.close();
});
