/* The picker of canned replies: “/” in the composer, a few letters, Enter. Everything is fetched once
   a ticket; typing asks nobody. Without scripts the same entries are a page of links. */
(() => {
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  let offers = null, of = null, box = null, rows = [], at = 0, from = -1;

  const editor = () => document.querySelector("#composer #ed");
  const mode = () => document.querySelector("#composer [name=visibility]:checked")?.value;

  async function fetched(ticket) {
    if (of === ticket && offers) return offers;
    const answer = await fetch(`/tickets/${ticket}/canned.json`, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    of = ticket;
    offers = await answer.json();
    return offers;
  }

  function ranked(all, typed) {
    const asked = words(typed);
    const whole = fold(typed.trim());
    const rank = (o) => {
      const title = fold(o.title), short = fold(o.shortcut);
      if (!whole) return 4;
      if (short === whole) return 0;
      if (short.startsWith(whole)) return 1;
      if (title.startsWith(whole)) return 2;
      if (asked.every((w) => title.includes(w))) return 3;
      return asked.every((w) => fold(o.title + " " + o.shortcut + " " + o.text).includes(w)) ? 5 : 9;
    };
    return all.map((o) => [rank(o), o]).filter(([r]) => r < 9).sort((a, b) => a[0] - b[0]).map(([, o]) => o);
  }

  function make(tag, cls, text) {
    const e = document.createElement(tag);
    if (cls) e.className = cls;
    if (text !== undefined) e.textContent = text;
    return e;
  }

  function close() {
    box?.remove();
    box = null;
    from = -1;
    const ed = editor();
    ed?.removeAttribute("aria-activedescendant");
    ed?.setAttribute("aria-expanded", "false");
  }

  function mark() {
    rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
    const row = rows[at];
    row?.scrollIntoView({ block: "nearest" });
    if (row) editor()?.setAttribute("aria-activedescendant", row.id);
  }

  function show(found) {
    const form = document.querySelector("#composer");
    if (!box) {
      box = make("div", "picker");
      form.append(box);
    }
    box.replaceChildren();
    const list = make("ul");
    list.id = "picker";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.dataset.picker || "");
    rows = found.slice(0, 50).map((offer, i) => {
      const row = make("li", "pick");
      row.id = `pick-${i}`;
      row.setAttribute("role", "option");
      const head = make("span", "row");
      head.append(make("b", "ell", offer.title));
      if (offer.shortcut) head.append(make("span", "chip", `/${offer.shortcut}`));
      row.append(head, make("span", "faint ell", offer.text));
      row.addEventListener("mousedown", (e) => { e.preventDefault(); insert(offer); });
      list.append(row);
      row.offer = offer;
      return row;
    });
    if (!rows.length) list.append(make("li", "faint", form.dataset.none || "–"));
    box.append(list);
    at = 0;
    mark();
    const ed = editor();
    ed.setAttribute("role", "combobox");
    ed.setAttribute("aria-controls", "picker");
    ed.setAttribute("aria-expanded", "true");
  }

  /* Typed text goes in by the browser's own edit, so that its undo still works. */
  function put(ed, start, end, text) {
    ed.focus();
    ed.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) ed.setRangeText(text, start, end, "end");
    ed.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function insert(offer) {
    const ed = editor();
    const start = from < 0 ? ed.selectionStart : from;
    const end = ed.selectionStart;
    close();
    put(ed, start, end, offer.text);
    nextBlank(ed, start, false);
  }

  /* What the bot offers goes in where one writes, beside what stands there. */
  async function offered(link) {
    const ed = editor();
    const form = ed?.form;
    if (!form) return;
    let found;
    try {
      const all = await fetched(form.dataset.ticket);
      found = all[mode() === "public" ? "public" : "private"].find((o) => o.path === link.dataset.offer);
    } catch {
      found = undefined;
    }
    if (!found) return void (location.href = link.href);
    close();
    ed.focus();
    const at = ed.selectionStart;
    const gap = at > 0 && !/\s$/.test(ed.value.slice(0, at)) ? "\n\n" : "";
    put(ed, at, ed.selectionEnd, gap + found.text);
    nextBlank(ed, at, false);
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#composer [data-offer]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    offered(link);
  });
  document.addEventListener("keydown", (event) => {
    const link = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "j" && document.querySelector("#composer [data-insert]");
    if (!link) return;
    event.preventDefault();
    offered(link);
  });

  /* The next `{{ name }}` after a place, selected; false when there is none. */
  function nextBlank(ed, after, backwards) {
    const all = [...ed.value.matchAll(/\{\{[^{}\n]{1,80}\}\}/g)];
    const hit = backwards ? all.filter((m) => m.index < after).pop() : all.find((m) => m.index >= after);
    if (!hit) return false;
    ed.focus();
    ed.setSelectionRange(hit.index, hit.index + hit[0].length);
    return true;
  }

  async function look(ed) {
    const before = ed.value.slice(0, ed.selectionStart);
    const found = /(^|\s)\/([^\s/]{0,30}(?: [^\s/]{0,20})?)$/.exec(before);
    if (!found) return close();
    from = before.length - found[2].length - 1;
    try {
      const all = await fetched(document.querySelector("#composer").dataset.ticket);
      if (editor() !== ed || from < 0) return;
      const found = ranked(mode() === "public" ? all.public : all.private, found2(ed));
      if (!found.length && found2(ed).includes(" ")) return close();
      show(found);
    } catch { close(); }
  }
  const found2 = (ed) => ed.value.slice(from + 1, ed.selectionStart);

  document.addEventListener("input", (e) => {
    if (e.target.id === "ed" && !e.isComposing) look(e.target);
  });
  document.addEventListener("keydown", (e) => {
    if (e.target.id !== "ed" || e.isComposing) return;
    if (box) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
      if (step && rows.length) {
        e.preventDefault();
        at = (at + step + rows.length) % rows.length;
        mark();
      } else if ((e.key === "Enter" || e.key === "Tab") && rows[at] && !e.ctrlKey && !e.metaKey) {
        e.preventDefault();
        e.stopImmediatePropagation();
        insert(rows[at].offer);
      } else if (e.key === "Escape") {
        e.preventDefault();
        e.stopImmediatePropagation();
        close();
      }
      return;
    }
    if (e.key === "Tab" && !e.ctrlKey && !e.metaKey) {
      const ed = e.target;
      const there = e.shiftKey ? ed.selectionStart : ed.selectionEnd;
      if (nextBlank(ed, there, e.shiftKey)) e.preventDefault();
    }
  }, true);
  document.addEventListener("focusout", (e) => {
    if (e.target.id === "ed") setTimeout(() => { if (document.activeElement !== editor()) close(); }, 0);
  });
  document.addEventListener("click", (e) => {
    const button = e.target.closest?.("[data-pick]");
    if (!button) return;
    e.preventDefault();
    const ed = editor();
    const gap = ed.selectionStart && !/\s$/.test(ed.value.slice(0, ed.selectionStart)) ? " /" : "/";
    put(ed, ed.selectionStart, ed.selectionStart, gap);
  });
})();
