// The keyboard. A command is a link, a button, a menu or a field of the page that names its letter
// (`data-key`); pressing the letter does what a click would. Letters rest while somebody writes, with
// any modifier, while a word is being composed, and for a moment after the focus went elsewhere by
// itself. They are matched by `event.key`, digits by `event.code`: every layout has them where it
// prints them.
(() => {
  const guichet = (window.guichet ??= {});
  const root = document.documentElement;
  if (!root.dataset.keys) return;
  const MUTE = 400;
  const SEQUENCE = 1500;
  const THEN = "guichet.then";
  const sheet = document.getElementById("keys-sheet");

  const find = (selector) => document.querySelector(selector);
  const isShown = (element) => element.getClientRects().length > 0;
  const isEditable = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable ||
      element.matches("textarea, select") ||
      (element.matches("input") && !["radio", "checkbox", "button", "submit"].includes(element.type)));

  // ---- Who moved the focus.

  let holder = document.activeElement;
  let byUser = false;
  let mutedUntil = 0;
  /** A pointer or a key moves the focus before anything else happens on the page. */
  function userMoves() {
    byUser = true;
    mutedUntil = 0;
    setTimeout(() => (byUser = false));
  }
  addEventListener("pointerdown", userMoves, true);
  function noteFocus(moved) {
    const now = document.activeElement;
    if (now === holder) return;
    holder = now;
    if (!moved) mutedUntil = performance.now() + MUTE;
  }
  addEventListener("focusin", () => noteFocus(byUser), true);
  addEventListener(
    "focusout",
    () => {
      const moved = byUser;
      setTimeout(() => noteFocus(moved));
    },
    true,
  );
  // The sheet gives the focus back by itself, when somebody has closed it.
  sheet?.addEventListener("close", () => {
    if (sheet.contains(document.activeElement)) document.activeElement.blur();
    holder = document.activeElement;
    mutedUntil = 0;
  });
  // Whoever sent with the keyboard may still be writing when the next page opens.
  addEventListener("submit", (event) => {
    if (isEditable(document.activeElement) && event.target.id === "composer") {
      remember("guichet.wrote", String(Date.now()));
    }
  });
  if (Date.now() - Number(recall("guichet.wrote") ?? 0) < 5000) mutedUntil = performance.now() + MUTE;

  function remember(key, value) {
    try {
      sessionStorage.setItem(key, value);
    } catch {
      // A browser without a memory forgets where one came from; nothing else.
    }
  }
  function recall(key) {
    try {
      const value = sessionStorage.getItem(key);
      sessionStorage.removeItem(key);
      return value;
    } catch {
      return null;
    }
  }

  function focus(element) {
    userMoves();
    element?.focus();
  }

  // ---- Menus.

  const openMenu = () => find("details.menu[open]");
  function closeMenu(menu) {
    menu.open = false;
    focus(menu.querySelector("summary"));
  }
  function unfold(summary) {
    const details = summary.parentElement;
    document.querySelectorAll("details.menu[open]").forEach((other) => (other.open = other === details));
    details.open = true;
    const first = details.querySelector("input:not([type=hidden]), button, select, a");
    focus(first);
    first?.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("click", (event) => {
    const menu = openMenu();
    if (menu && !menu.contains(event.target)) menu.open = false;
  });

  // ---- The queue.

  /** Lines one walks along: conversations, and those of other pages that only open. */
  const ROW = "a.q[data-id], a.dr[data-id], a[data-row]";
  const rows = () => [...document.querySelectorAll(ROW)].filter(isShown);
  const row = () => {
    const at = document.activeElement?.closest?.("a.q[data-id], a[data-row]");
    return at ?? find('a.q[aria-current="true"], a.dr[aria-current="true"], a[data-row][aria-current="true"]');
  };
  function step(by) {
    const all = rows();
    const at = all.indexOf(row());
    const next = at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[at + by];
    // In a replay the message is shown beside the list at once.
    if (next?.matches("a.dr")) {
      next.click();
      return;
    }
    focus(next);
    next?.scrollIntoView({ block: "nearest" });
    clearTimeout(rest);
    rest = setTimeout(lookAhead, 150);
  }
  /** Where one rests, this conversation and the next are fetched before they are opened, by browsers that can. */
  let rest = 0;
  function lookAhead() {
    const all = rows();
    const at = all.indexOf(row());
    if (at >= 0) all.slice(at, at + 2).forEach((r) => (r.dataset.next = ""));
  }
  const inQueue = () => document.activeElement === document.body || !!document.activeElement?.closest?.(".queue");
  function open() {
    const at = row();
    if (!at) return;
    if (at.matches("[data-row]")) at.click();
    else if (at.getAttribute("aria-current") === "true") focus(document.getElementById("thread"));
    else {
      remember(THEN, JSON.stringify({ id: at.dataset.id, key: "o" }));
      at.click();
    }
  }

  // ---- Commands.

  function press(element) {
    if (element.matches("summary")) unfold(element);
    else if (element.matches("label")) answer(element);
    else if (isEditable(element)) focus(element);
    else element.click();
  }

  /** Answers in a mode, or says why not. */
  function answer(label) {
    const radio = document.getElementById(label.htmlFor);
    if (radio.disabled) {
      guichet.say?.(label.title);
      return;
    }
    if (!radio.checked) label.click();
    focus(document.getElementById("ed"));
  }

  /** Does what a letter means, on the row one is at. */
  function command(key) {
    const at = document.activeElement?.closest?.("a.q[data-id]");
    const opened = find("[data-open]")?.dataset.open;
    if (at && at.dataset.id !== opened && key !== "z") {
      remember(THEN, JSON.stringify({ id: at.dataset.id, key }));
      at.click();
      return true;
    }
    const all = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
    const usable = all.filter((e) => !e.disabled && (isShown(e) || !e.matches("summary, label")));
    if (usable.length) {
      press(usable[0]);
      return true;
    }
    // In the pane that small windows hide.
    if (all[0]?.closest("#ctx")) {
      location.hash = "ctx";
      press(all[0]);
      return true;
    }
    return false;
  }

  let going = -Infinity;
  const PANES = [".views", ".queue", "#thread", "#ed", "#ctx"];
  function cyclePanes(by) {
    const panes = PANES.map(find).filter((p) => p && isShown(p));
    const at = panes.findIndex((p) => p.contains(document.activeElement));
    const pane = panes[(at + by + panes.length) % panes.length] ?? panes[0];
    if (!pane) return;
    if (pane.matches(".queue")) focus(row() ?? rows()[0] ?? pane.querySelector("a"));
    else if (pane.matches(".views")) focus(pane.querySelector("[aria-current], a"));
    else focus(pane);
  }

  function escape(event) {
    const menu = openMenu();
    if (menu) closeMenu(menu);
    else if (isEditable(document.activeElement)) {
      focus(document.getElementById("thread"));
      if (isEditable(document.activeElement)) document.activeElement.blur();
      userMoves();
    } else if (location.hash === "#ctx") location.hash = "thread";
    else if (find("[data-open]")) {
      const at = row();
      if (at && isShown(at)) focus(at);
      else find(".mback")?.click();
    } else return;
    event.preventDefault();
  }

  const letters = {
    j: () => step(1),
    k: () => step(-1),
    o: open,
    g: () => (going = performance.now()),
    z: () => guichet.undo?.(),
    n: () => guichet.showNew?.(),
    "?": () => sheet?.showModal(),
    "/": () => {
      const field = find('.omni input[name="q"]');
      if (field && isShown(field)) focus(field);
      else find('a[href="/search"]')?.click();
    },
  };

  addEventListener("keydown", (event) => {
    noteFocus(false);
    if (["Tab", "Escape", "Enter"].includes(event.key)) userMoves();
    if (event.isComposing || event.defaultPrevented || sheet?.open) return;
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "F6" && !control && !event.altKey) {
      event.preventDefault();
      cyclePanes(event.shiftKey ? -1 : 1);
      return;
    }
    if (event.key === "Escape") {
      escape(event);
      return;
    }
    if (control && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      letters["/"]();
      return;
    }
    if (control || event.altKey || event.getModifierState("AltGraph")) return;
    if (isEditable(document.activeElement)) return;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.shiftKey && inQueue()) {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
      return;
    }
    if (root.dataset.keys !== "on" || event.key.length !== 1 || performance.now() < mutedUntil) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    const choice = digit && !event.shiftKey && openMenu()?.querySelector(`[data-digit="${digit}"]`);
    if (choice) {
      event.preventDefault();
      choice.click();
      return;
    }
    // Capitals come from Caps Lock; with Shift they are no command. “?” and “/” need it here and there.
    const key = event.key.toLowerCase();
    if (event.shiftKey && key !== "?" && key !== "/") return;
    const went = performance.now() - going < SEQUENCE;
    going = -Infinity;
    const place = went && find(`[data-go="${CSS.escape(key)}"]`);
    if (place) {
      event.preventDefault();
      place.click();
    } else if (letters[key]) {
      event.preventDefault();
      letters[key]();
    } else if (/^[a-z]$/.test(key) && command(key)) {
      event.preventDefault();
    }
  });

  // ---- Going on where the last page left off.

  const then = JSON.parse(recall(THEN) ?? "null");
  if (then && then.id === find("[data-open]")?.dataset.open) {
    if (then.key === "o") focus(document.getElementById("thread"));
    else command(then.key);
  }
  const shown = find('a.q[aria-current="true"]');
  shown?.scrollIntoView({ block: "nearest" });
  find(".tabs a[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

  for (const button of document.querySelectorAll("[data-sheet]")) {
    button.hidden = false;
    button.addEventListener("click", () => sheet.showModal());
  }
})();
