// The page's own work in the browser: scroll to the newest message, take the typed text, upload
// files, and close menus.
"use strict";

const sandbox = {
  box: () => document.querySelector("[data-testid=composer]"),
  messages: () => document.querySelector("[data-testid=messages]"),

  // Return the text to send and clear the box; white space alone is not sent.
  take() {
    const box = this.box();
    const text = box.value;
    if (!text.trim()) return "";
    const away = window.socket?.connected === false;
    document.querySelector("[data-testid=unsent]")?.classList.toggle("shown", away);
    if (away) return ""; // the text stays in the box
    box.value = "";
    box.focus();
    return text;
  },

  put(text) {
    const box = this.box();
    box.value = text;
    box.focus();
  },

  // Send the prefix of a command to the server, and "" once when it is no command any more.
  command(text, send) {
    const typed = /^\/\w*$/.test(text) ? text : "";
    if (typed !== (this.typed ?? "")) send(typed);
    this.typed = typed;
  },

  date(send) {
    const day = document.querySelector("[data-testid=clock-date]").value.trim();
    if (day) send(day);
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

  // A link https://t.me/<bot>?start=<payload> stays here: this bot is not on Telegram.
  botLink(event, send) {
    const link = event.target.closest("a[href]");
    if (!link) return;
    const to = new URL(link.href);
    const bot = this.messages().dataset.bot;
    const ours =
      to.hostname === "t.me" ? to.pathname === `/${bot}` : to.searchParams.get("domain") === bot;
    if (!ours) return;
    event.preventDefault();
    send(to.searchParams.get("start") ?? "");
  },

  // Restart the fading of the toast, also for the second of two quick ones.
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

  // Tell the server to hide the command menu.
  dismiss() {
    document.querySelector("[data-testid=commands]")?.dispatchEvent(new CustomEvent("dismiss"));
  },

  toEnd() {
    const messages = this.messages();
    if (messages) messages.scrollTop = messages.scrollHeight;
  },

  nearEnd: true,

  // The conversation is one stop of the Tab key, its newest button; arrow keys move on from there.
  stops() {
    return [...(this.messages()?.querySelectorAll("button, a[href]") ?? [])];
  },

  rove() {
    const stops = this.stops();
    if (this.messages()) this.messages().tabIndex = stops.length ? -1 : 0;
    if (!stops.length) return;
    const last = stops.at(-1).closest(".inline-keyboard")?.querySelector("button, a[href]");
    const stop = stops.includes(document.activeElement) ? document.activeElement : last ?? stops.at(-1);
    for (const one of stops) one.tabIndex = one === stop ? 0 : -1;
  },

  move(event) {
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    const stops = this.stops();
    const here = stops.indexOf(document.activeElement);
    const next = step && here >= 0 ? stops[here + step] : undefined;
    if (!next) return;
    event.preventDefault();
    next.focus();
    this.rove();
  },
};

// A new message scrolls into view; earlier ones, loaded at the top, do not.
new MutationObserver((changes) => {
  const messages = sandbox.messages();
  if (!messages) return;
  if (!sandbox.watched) {
    sandbox.watched = true;
    messages.addEventListener("scroll", () => {
      const left = messages.scrollHeight - messages.scrollTop - messages.clientHeight;
      sandbox.nearEnd = left < 80;
    });
    // The keyboard under the chat comes and goes; a chat at its end stays there.
    new ResizeObserver(() => sandbox.nearEnd && sandbox.toEnd()).observe(messages);
  }
  const added = changes.some(
    (change) =>
      change.target === messages &&
      [...change.addedNodes].some((node) => node === messages.lastElementChild),
  );
  if (added || sandbox.nearEnd) sandbox.toEnd();
  cancelAnimationFrame(sandbox.roving);
  sandbox.roving = requestAnimationFrame(() => sandbox.rove());
}).observe(document, { childList: true, subtree: true });

document.addEventListener("click", (event) => {
  if (!event.target.closest("details.attach")) sandbox.close();
  if (!event.target.closest(".dock")) sandbox.dismiss();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    sandbox.close();
    sandbox.dismiss();
  }
  sandbox.move(event);
});
