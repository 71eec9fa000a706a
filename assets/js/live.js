// What is new arrives over one socket and is put where it belongs: rows change in place, rows that
// come wait behind a button, rows that leave stay struck until one asks for the new order. Nothing
// here moves a row, the focus, a selection or the queue's scroll; the composer is never touched.
(() => {
  const $ = (id) => document.getElementById(id);
  if (!$("qlist") || !("WebSocket" in window)) return;
  const guichet = (window.guichet = window.guichet || {});
  const words = (element, key, n) => element.dataset[key].replace("§", n);

  // ---- Putting what is new in the place of what was.

  // Attributes of the page's own making, which the server does not know of.
  const OURS = new Set(["tabindex", "open", "aria-current"]);

  function fragment(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  }

  // Makes one element like another, keeping every node that can stay.
  function sync(old, now) {
    if (old.nodeType !== now.nodeType || old.nodeName !== now.nodeName) return old.replaceWith(now);
    if (old.nodeType !== Node.ELEMENT_NODE) return void (old.data !== now.data && (old.data = now.data));
    if (old.classList.contains("ck")) now.classList.add("ck");
    for (const { name } of [...old.attributes]) {
      if (!OURS.has(name) && !now.hasAttribute(name)) old.removeAttribute(name);
    }
    for (const { name, value } of now.attributes) {
      if (!OURS.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    const [was, is] = [[...old.childNodes], [...now.childNodes]];
    is.forEach((node, i) => (i < was.length ? sync(was[i], node) : old.append(node)));
    was.slice(is.length).forEach((node) => node.remove());
  }

  const write = (element, text) => element && element.textContent !== text && (element.textContent = text);

  // ---- The queue.

  const fresh = new Set();
  const row = (id) => $("qlist").querySelector(`a.q[data-id="${CSS.escape(id)}"]`);

  function patch(id, now) {
    const old = row(id);
    if (old) sync(old, now);
    return Boolean(old);
  }

  function come(id, now) {
    if (!patch(id, now)) fresh.add(id);
  }

  function leave(id, why) {
    fresh.delete(id);
    const old = row(id);
    if (!old) return;
    old.classList.add("done");
    const note = document.createElement("span");
    note.className = "why-left";
    note.textContent = why;
    old.querySelector(".mt").replaceChildren(note);
  }

  let saidRows = 0;
  function showBar() {
    const bar = $("newbar");
    bar.hidden = fresh.size === 0;
    if (bar.hidden) return;
    write(bar, fresh.size === 1 ? bar.dataset.one : words(bar, "many", fresh.size));
    if (Date.now() - saidRows > 30_000) {
      saidRows = Date.now();
      say(words($("say"), "rows", fresh.size));
    }
  }

  async function page(address) {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  const ticket = () => document.querySelector(".conv[data-ticket]")?.dataset.ticket || null;
  const here = () => (ticket() ? location.pathname + location.search : $("qlist").dataset.view);

  // The queue in its present order: only ever when somebody asks for it.
  guichet.showNew = async () => {
    const now = await page(here()).catch(() => null);
    if (!now) return;
    const [list, focused] = [$("qlist"), document.activeElement];
    const held = list.contains(focused) ? focused.dataset.id : focused === $("newbar") ? "" : null;
    list.replaceChildren(...now.getElementById("qlist").childNodes);
    list.scrollTop = 0;
    fresh.clear();
    showBar();
    look({ since: Number(now.body.dataset.seq) });
    if (held !== null) (row(held) || list.querySelector("a.q"))?.focus({ preventScroll: true });
  };
  $("newbar").addEventListener("click", guichet.showNew);

  function count(v) {
    for (const link of document.querySelectorAll(".views .vw")) {
      const figure = v.views[link.getAttribute("href")];
      if (figure !== undefined) write(link.querySelector(".n"), figure);
    }
    if (v.total !== null) write(document.querySelector(".queue .cnt"), v.total);
    write(document.querySelector(".rail .b"), v.todo);
    document.title = document.title.replace(/^(\([^)]*\) )?/, v.todo && v.todo !== "0" ? `(${v.todo}) ` : "");
  }

  // ---- The conversation.

  let below = 0;
  const isAtEnd = (thread) => thread.scrollHeight - thread.scrollTop - thread.clientHeight <= 80;

  function toEnd() {
    const thread = $("thread");
    if (thread) thread.scrollTop = thread.scrollHeight;
    below = 0;
    if ($("pill")) $("pill").hidden = true;
  }

  function converse(lines, after, seen) {
    const thread = $("thread");
    if (!thread) return;
    const follow = isAtEnd(thread);
    let came = 0;
    for (const line of [...lines.children]) {
      const old = $(line.id);
      if (old) {
        sync(old, line);
        continue;
      }
      const before = $(after[line.id]);
      if (before && thread.contains(before)) before.after(line);
      else thread.append(line);
      thread.querySelector(":scope > .empty")?.remove();
      came += line.matches(".m, .note") ? 1 : 0;
    }
    const [form, pill] = [$("composer"), $("pill")];
    if (follow) {
      thread.scrollTop = thread.scrollHeight;
      // Whoever has not begun to write has seen it; whoever has is asked before it is sent.
      if (form?.elements.seen && !form.elements.text.value && !document.hidden) form.elements.seen.value = seen;
    } else if (came) {
      below += came;
      pill.textContent = below === 1 ? pill.dataset.one : words(pill, "many", below);
      pill.hidden = false;
    }
  }

  document.addEventListener("click", (event) => event.target.closest("#pill") && toEnd());
  document.addEventListener("scroll", (event) => {
    if (event.target.id === "thread" && below && isAtEnd(event.target)) toEnd();
  }, true);

  function say(text) {
    $("say").textContent = text;
  }

  // ---- Frames, all of them in one animation frame.

  let seq = Number(document.body.dataset.seq) || 0;
  let waiting = [];
  let asked = false;

  const acts = {
    row: (f) => patch(f.id, fragment(f.html).querySelector("a.q")),
    new: (f) => come(f.id, fragment(f.html).querySelector("a.q")),
    gone: (f) => leave(f.id, f.v),
    counts: (f) => count(f.v),
    presence: (f) => f.id === ticket() && $("presence").replaceChildren(fragment(f.html)),
    resync: () => catchUp(),
    msg: (f) => {
      if (f.id !== ticket()) return;
      converse(fragment(f.html), f.v.after, f.v.seen);
      const head = $("head").cloneNode(false);
      head.append(fragment(f.v.head));
      sync($("head"), head);
      if (f.v.say) say(f.v.say);
    },
  };

  function apply() {
    asked = false;
    const frames = waiting;
    waiting = [];
    for (const frame of frames) {
      seq = Math.max(seq, frame.seq);
      acts[frame.t]?.(frame);
    }
    if (frames.length) showBar();
  }

  function take(frames) {
    waiting.push(...frames);
    if (asked || !waiting.length) return;
    asked = true;
    // A tab in the background draws nothing, and is kept up to date all the same.
    if (document.hidden) setTimeout(apply);
    else requestAnimationFrame(apply);
  }
  document.addEventListener("visibilitychange", apply);

  // Too much happened to be told: the page is read again, and what differs is put in its place.
  async function catchUp() {
    const now = await page(here()).catch(() => null);
    if (!now) return;
    const rows = [...now.querySelectorAll("#qlist a.q")];
    const ids = new Set(rows.map((r) => r.dataset.id));
    rows.forEach((r) => come(r.dataset.id, r));
    if (!now.querySelector("#qlist .more")) {
      for (const old of $("qlist").querySelectorAll("a.q")) {
        if (!ids.has(old.dataset.id)) leave(old.dataset.id, $("qlist").dataset.gone);
      }
    }
    const lines = now.getElementById("thread");
    if (lines && now.querySelector(".conv").dataset.ticket === ticket()) {
      for (const id of ["head", "presence"]) sync($(id), now.getElementById(id));
      const named = [...lines.children].filter((l) => l.id);
      const after = Object.fromEntries(named.map((l, i) => [l.id, named[i - 1]?.id]));
      const only = document.createElement("div");
      only.append(...named);
      converse(only, after, now.getElementById("composer")?.elements.seen.value);
    }
    showBar();
    look({ since: Number(now.body.dataset.seq) });
  }

  // ---- The socket.

  let socket = null;
  let wrote = 0;
  let [tries, heardAt, lostAt, over] = [0, 0, Date.now(), false];

  function connect() {
    const address = new URL("/live", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.search = new URLSearchParams({ since: seq, brand: document.body.dataset.brand });
    socket = new WebSocket(address);
    socket.onopen = () => {
      [heardAt, lostAt] = [Date.now(), 0];
      look();
      tick();
    };
    socket.onmessage = (event) => {
      [heardAt, tries] = [Date.now(), 0];
      take(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      lostAt = lostAt || Date.now();
      over = event.code === 4401;
      if (over) $("signed-out").hidden = false;
      // Twice as long each time, and never all tabs at once.
      else setTimeout(connect, Math.min(30_000, 500 * 2 ** tries++) * (0.5 + Math.random() / 2));
      tick();
    };
  }

  // Tells the house what this tab looks at, whether somebody writes, and from where on what was
  // just read again has to be told.
  function look({ composing = false, since = undefined } = {}) {
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ view: $("qlist").dataset.view, ticket: ticket(), composing, since }));
  }

  function tick() {
    const away = lostAt ? Date.now() - lostAt : 0;
    const live = $("live");
    live.hidden = false;
    live.dataset.state = lostAt ? "off" : "on";
    live.firstElementChild.classList.toggle("warn", away > 1_500);
    write(live.lastElementChild, away > 1_500 ? live.dataset.off : live.dataset.on);
    const band = $("offline");
    band.hidden = over || away < 10_000;
    if (!band.hidden) write(band, words(band, "words", Math.round(away / 1_000)));
    // The house is heard every 25 seconds; a line that is silent longer is dead.
    if (!lostAt && Date.now() - heardAt > 60_000) socket.close();
  }
  setInterval(tick, 1_000);

  document.addEventListener("input", (event) => {
    if (!event.target.closest("#composer") || Date.now() - wrote < 3_000) return;
    wrote = Date.now();
    look({ composing: true });
  });

  document.addEventListener("guichet:opened", (event) => {
    wrote = 0;
    look({ since: event.detail.seq });
    if (!location.hash) toEnd();
  });
  if (!location.hash) toEnd();
  connect();
})();
