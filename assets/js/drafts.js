// What is written is kept at each letter in the browser, a moment later at the server. A draft
// belongs to one ticket, one person and one way to answer; in the browser stays only what the server
// does not have yet.
(() => {
  const guichet = (window.guichet ??= {});
  const me = document.documentElement.dataset.me;
  if (!me) return;
  const PREFIX = `guichet.draft:${me}:`;
  const PAUSE = 500;
  const RETRY = 5000;

  const shelf = {
    get(key) {
      try {
        return JSON.parse(localStorage.getItem(PREFIX + key));
      } catch {
        return null;
      }
    },
    put(key, draft) {
      try {
        localStorage.setItem(PREFIX + key, JSON.stringify(draft));
      } catch {
        // A browser without room or without a shelf: the server still has it in half a second.
      }
    },
    drop(key) {
      try {
        localStorage.removeItem(PREFIX + key);
      } catch {
        // See above.
      }
    },
    keys() {
      try {
        return Object.keys(localStorage)
          .filter((key) => key.startsWith(PREFIX))
          .map((key) => key.slice(PREFIX.length));
      } catch {
        return [];
      }
    },
  };

  const fields = (mode, draft) =>
    new URLSearchParams({ visibility: mode, text: draft.text, base: draft.base ?? "", client_key: draft.key ?? "" });

  /** Sends a draft to the server; what it has now. Fails when it did not take it. */
  async function send(ticket, mode, draft) {
    const answer = await fetch(`/tickets/${ticket}/draft`, {
      method: "POST",
      body: fields(mode, draft),
      headers: { Accept: "application/json" },
      redirect: "manual",
      keepalive: draft.text.length < 15000,
    });
    if (!answer.ok) throw new Error(`the draft was answered ${answer.status}`);
    return answer.json();
  }

  /** What other pages could not hand over is handed over now. */
  async function catchUp(except) {
    for (const key of shelf.keys()) {
      const [ticket, mode] = key.split(":");
      const draft = ticket === except ? null : shelf.get(key);
      if (!draft) continue;
      try {
        await send(ticket, mode, draft);
        if (shelf.get(key)?.text === draft.text) shelf.drop(key);
      } catch {
        // It stays on the shelf.
      }
    }
  }

  // Whoever signs out leaves nothing behind in this browser.
  addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") !== "/logout") return;
    flush();
    shelf.keys().forEach((key) => shelf.drop(key));
  });

  const composer = guichet.composer;
  if (!composer) {
    catchUp();
    return;
  }
  const { form, editor, radios } = composer;
  const ticket = form.dataset.ticket;
  const clientKey = form.elements.client_key.value;
  const opened = Date.now();
  const state = new Map();
  let shown = composer.mode()?.value;
  let timer = 0;
  let gone = false;

  function flush() {
    if (gone) return;
    for (const [mode, draft] of state) {
      if (draft.dirty) navigator.sendBeacon(form.dataset.keep, fields(mode, draft));
    }
  }

  const say = (words) => (document.getElementById("kept").textContent = words);

  function remember(mode) {
    const draft = state.get(mode);
    if (draft.dirty) shelf.put(`${ticket}:${mode}`, { text: draft.text, base: draft.base, key: draft.key, at: Date.now() });
    else shelf.drop(`${ticket}:${mode}`);
  }

  function changed(mode, text) {
    Object.assign(state.get(mode), { text, dirty: true });
    remember(mode);
    clearTimeout(timer);
    timer = setTimeout(saveAll, PAUSE);
  }

  async function save(mode) {
    const draft = state.get(mode);
    if (!draft.dirty || draft.sending || gone) return;
    draft.sending = true;
    const sent = { ...draft };
    try {
      const kept = await send(ticket, mode, sent);
      draft.base = kept.version;
      if (draft.text === sent.text) draft.dirty = false;
      showEarlier(mode, kept.previous);
      say(draft.text.trim() && mode === shown ? form.dataset.kept : "");
      if (mode === shown) form.elements.base.value = draft.base;
    } catch {
      if (!gone) say(form.dataset.keptHere);
      clearTimeout(timer);
      timer = setTimeout(saveAll, RETRY);
    } finally {
      draft.sending = false;
    }
    if (gone) return;
    remember(mode);
    if (draft.dirty && draft.text !== sent.text) await save(mode);
  }

  const saveAll = () => [...state.keys()].forEach(save);

  function showEarlier(mode, text) {
    const notice = form.querySelector(`.earlier[data-for="${mode}"]`);
    if (text === undefined || !notice) return;
    notice.hidden = text === null;
    notice.querySelector(".said-text").textContent = text ?? "";
  }

  /** What stands in a mode when the page opens: the server's, or what it never got. */
  function begin(radio) {
    const mode = radio.value;
    const server = { text: radio.dataset.draft, base: radio.dataset.version, key: clientKey, dirty: false };
    const own = shelf.get(`${ticket}:${mode}`);
    const wasSent = own?.key && document.querySelector(`[data-sent="${CSS.escape(own.key)}"]`);
    if (!own || wasSent || own.text === server.text) {
      shelf.drop(`${ticket}:${mode}`);
      state.set(mode, server);
      return;
    }
    const ahead = form.dataset.now - opened;
    if (server.base && own.base !== server.base && server.base / 1000 > own.at + ahead) {
      // Another device wrote later: its words stand, these become the previous version.
      state.set(mode, server);
      handOver(mode, own, server);
      return;
    }
    // Newer than the server's: they stand, and the server keeps what it had beside them.
    state.set(mode, { text: own.text, base: own.base, key: clientKey, dirty: true });
  }

  async function handOver(mode, own, server) {
    try {
      await send(ticket, mode, { text: own.text, base: own.base });
      const kept = await send(ticket, mode, { text: server.text, base: "" });
      server.base = kept.version;
      showEarlier(mode, kept.previous);
      shelf.drop(`${ticket}:${mode}`);
    } catch {
      // It stays on the shelf until the next page.
    }
  }

  /** Shows a mode's draft; public and private words go along to a way that has none yet. */
  function turnTo(mode) {
    const from = state.get(shown);
    const to = state.get(mode);
    const outward = shown !== "internal" && mode !== "internal";
    const stopped = form.hasAttribute("data-personal") && shown === "public" && mode === "private";
    if (from && outward && from.text.trim() && (stopped || !to.text.trim())) {
      // What stood there is not lost: unknown to this page, it becomes the previous version.
      if (to.text.trim()) to.base = "";
      changed(mode, from.text);
      changed(shown, "");
      form.removeAttribute("data-personal");
    }
    shown = mode;
    editor.value = state.get(mode).text;
    form.elements.base.value = state.get(mode).base;
    say("");
    composer.refresh();
  }

  radios.forEach(begin);
  if (shown) {
    if (form.hasAttribute("data-came-back")) {
      if (state.get(shown).text !== editor.value) changed(shown, editor.value);
    } else {
      const unsaved = radios.find((r) => !r.disabled && state.get(r.value).dirty && state.get(r.value).text);
      if (unsaved && !state.get(shown).text) {
        unsaved.checked = true;
        shown = unsaved.value;
      }
      editor.value = state.get(shown).text;
      form.elements.base.value = state.get(shown).base;
    }
  }
  composer.refresh();
  saveAll();
  catchUp(ticket);

  // Sent beside somebody else's answer: the same words, under the key they were first sent with.
  const both = document.querySelector("#both form");
  both?.addEventListener("submit", () => {
    gone = true;
    clearTimeout(timer);
    shelf.put(`${ticket}:${shown}`, { text: editor.value, base: "", key: both.elements.client_key.value, at: Date.now() });
  });
  // Given up beside somebody else's answer: neither here nor at the server.
  document.getElementById("drop")?.addEventListener("submit", () => {
    gone = true;
    clearTimeout(timer);
    state.clear();
    shelf.drop(`${ticket}:${shown}`);
  });
  editor.addEventListener("input", () => shown && changed(shown, editor.value));
  radios.forEach((radio) => radio.addEventListener("change", () => turnTo(radio.value)));
  addEventListener("online", saveAll);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saveAll());
  addEventListener("pagehide", flush);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    // From here on the server has the words; until the thread shows them they stay on the shelf too.
    for (const [mode, draft] of state) {
      if (draft.dirty && mode !== shown) navigator.sendBeacon(form.dataset.keep, fields(mode, draft));
    }
    gone = true;
    clearTimeout(timer);
    if (event.submitter?.hasAttribute("formaction")) shelf.drop(`${ticket}:${shown}`);
    else shelf.put(`${ticket}:${shown}`, { text: editor.value, base: form.elements.base.value, key: clientKey, at: Date.now() });
  });
})();
