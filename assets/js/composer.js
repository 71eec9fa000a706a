// The composer: how long the text is by the network's own count, how long one may still answer, and
// what stands in the way of sending. The server checks all of it again.
(() => {
  const form = document.getElementById("composer");
  if (!form) return;
  const guichet = (window.guichet ??= {});
  const editor = form.elements.text;
  const radios = [...form.querySelectorAll('input[name="visibility"]')];
  const began = Date.now();
  const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const count = {
    graphemes: (text) => [...letters.segment(text)].length,
    chars: (text) => [...text].length,
    utf16: (text) => text.length,
    emoji_bytes: (text) => [...text].reduce((n, c) => n + (/[\u{1F000}-\u{1FAFF}\u{2600}-\u{27BF}\u{FE0F}\u{200D}\u{20E3}]/u.test(c) ? count.bytes(c) : 1), 0),
    bytes: (text) => new TextEncoder().encode(text).length,
    weighted,
  };
  // X's weights, as the server counts them: a link 23, an emoji 2, what is outside four ranges 2.
  const bare = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
  const endings = "com|org|net|fr|be|ch|ca|eu|io|de|uk|es|it|us|info|app|dev|shop|store|biz|me|tv|co";
  const path = "[^\\s<>\"]*[^\\s<>\".,;:!?'’)\\]}»]";
  const links = new RegExp(`https?://${path}|\\b${bare}(?:\\.${bare})*\\.(?:${endings})\\b(?:/${path})?/?`, "gi");
  const picture = /(?![\0-\u10ff])\p{Extended_Pictographic}|[\p{Regional_Indicator}\ufe0f\u20e3]/u;
  const light = /^[\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]$/u;
  const weigh = (text) =>
    [...letters.segment(text)].reduce(
      (sum, { segment }) => sum + (picture.test(segment) ? 2 : [...segment].reduce((n, c) => n + (light.test(c) ? 1 : 2), 0)),
      0,
    );
  function weighted(raw) {
    const text = raw.normalize("NFC");
    let [weight, from] = [0, 0];
    for (const link of text.matchAll(links)) {
      const end = link.index + link[0].length;
      if (/[@.\-_\p{L}\p{N}]$/u.test(text.slice(0, link.index)) || text[end] === "@") continue;
      weight += weigh(text.slice(from, link.index)) + 23;
      from = end;
    }
    return weight + weigh(text.slice(from));
  }
  const mode = () => radios.find((r) => r.checked);
  // What is sent has `\r\n` made `\n` and no blanks around it.
  const length = (m) => count[m.dataset.unit](editor.value.trim());

  /** How many milliseconds are left of a mode's window; none when it has none. */
  function left(m) {
    const window = form.querySelector(`[data-window][data-for="${m.value}"]`);
    return window ? window.dataset.window - (Date.now() - began) : null;
  }

  /** Why this cannot be sent as it stands; empty when it can. */
  function reason() {
    const m = mode();
    if (!m) return form.dataset.over;
    const most = Number(m.dataset.most);
    if (most && length(m) > most) return form.dataset.tooLong.replace("%s", `${length(m)} / ${most}`);
    return left(m) !== null && left(m) <= 0 ? form.dataset.over : "";
  }

  function showCount() {
    const m = mode();
    const shown = document.getElementById("count");
    const most = Number(m?.dataset.most ?? 0);
    shown.hidden = !most || !editor.value;
    if (shown.hidden) return;
    const n = length(m);
    const share = Math.min(1, n / most);
    const number = new Intl.NumberFormat(document.documentElement.lang);
    shown.lastElementChild.textContent = `${number.format(n)} / ${number.format(most)}`;
    shown.querySelector(".v").setAttribute("stroke-dasharray", `${share * 100} 100`);
    shown.classList.toggle("near", n <= most && n > most * 0.9);
    shown.classList.toggle("over", n > most);
  }

  /** Says why, and lets the buttons look as they are; they stay reachable. */
  function showReason() {
    const why = reason();
    const said = document.getElementById("blocked");
    said.hidden = !why;
    if (said.textContent !== why) said.textContent = why;
    for (const button of [document.getElementById("send"), form.elements.resolve]) {
      if (why) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  }

  function showWindows() {
    for (const shown of form.querySelectorAll("[data-window]")) {
      const minutes = Math.floor((shown.dataset.window - (Date.now() - began)) / 60000);
      if (minutes >= 360) continue;
      const hours = Math.floor(minutes / 60);
      const span = hours
        ? `${form.dataset.h.replace("%s", hours)} ${String(minutes % 60).padStart(2, "0")}`
        : form.dataset.min.replace("%s", Math.max(0, minutes));
      const text = minutes < 0 ? form.dataset.over : form.dataset.timeLeft.replace("%s", span);
      if (shown.textContent !== text) shown.textContent = text;
      shown.classList.toggle("soon", minutes < 60);
    }
  }

  function refresh() {
    showCount();
    showReason();
    showWindows();
  }

  // Files are taken in as soon as they are chosen, pasted or dropped; the page comes back with them.
  const chosen = form.elements.files;
  const attach = document.getElementById("attach");
  const takesFiles = () => mode()?.dataset.accept !== undefined;
  function showFiles() {
    if (!chosen) return;
    chosen.closest("label").hidden = !takesFiles();
    chosen.accept = mode()?.dataset.accept ?? "";
  }
  function takeIn(files) {
    if (!chosen || !takesFiles() || !files?.length) return false;
    chosen.files = files;
    form.requestSubmit(attach);
    return true;
  }
  if (chosen) {
    attach.hidden = true;
    chosen.addEventListener("change", () => chosen.files.length && form.requestSubmit(attach));
    editor.addEventListener("paste", (event) => takeIn(event.clipboardData?.files) && event.preventDefault());
    form.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    form.addEventListener("drop", (event) => takeIn(event.dataTransfer?.files) && event.preventDefault());
    showFiles();
    if (/[?&]did=(attached|let-go)\b/.test(location.search)) editor.focus();
  }
  form.addEventListener("change", showFiles);
  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    if (reason()) {
      event.preventDefault();
      showReason();
      editor.focus();
    }
  });
  editor.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(event.shiftKey ? form.elements.resolve : document.getElementById("send"));
  });
  setInterval(refresh, 15000);
  refresh();
  guichet.composer = { form, editor, radios, mode, refresh };
})();
