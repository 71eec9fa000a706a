// What was just done, said for a while, with the way to undo it: it follows to the next page, and
// the Z key finds it for some minutes more.
(() => {
  const guichet = (window.guichet ??= {});
  const region = document.getElementById("toasts");
  if (!region) return;
  const SHOWN = 8000;
  const REACHABLE = 10 * 60 * 1000;
  const KEY = "guichet.undo";

  const memory = {
    get() {
      try {
        const last = JSON.parse(sessionStorage.getItem(KEY));
        return last && Date.now() - last.at < REACHABLE ? last : null;
      } catch {
        return null;
      }
    },
    put(last) {
      try {
        sessionStorage.setItem(KEY, JSON.stringify(last));
      } catch {
        // Without a memory the toast on this page is all there is.
      }
    },
    drop() {
      try {
        sessionStorage.removeItem(KEY);
      } catch {
        // See above.
      }
    },
  };

  function formFor(last) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = last.action;
    if (last.name) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: last.name, value: last.value });
      form.append(field);
    }
    const button = document.createElement("button");
    button.className = "btn sm";
    button.dataset.key = "z";
    button.append(region.dataset.undo, " ");
    const key = document.createElement("kbd");
    key.className = "hide-m";
    key.textContent = "Z";
    button.append(key);
    form.append(button);
    return form;
  }

  /** Hides a toast when its time is over, unless somebody is at it. */
  function letGo(toast, after) {
    let timer = 0;
    const start = (ms) => (timer = setTimeout(() => toast.classList.remove("open"), ms));
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("focusin", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => start(2000));
    toast.addEventListener("focusout", () => start(2000));
    start(after);
  }

  /** Says something without an undo. */
  guichet.say = (words) => {
    document.getElementById("said")?.classList.remove("open");
    region.querySelector(".passing")?.remove();
    const toast = document.createElement("div");
    toast.className = "toast open passing";
    toast.textContent = words;
    region.append(toast);
    letGo(toast, SHOWN);
  };

  /** Undoes what was done last. */
  guichet.undo = () => {
    const last = memory.get();
    let form = region.querySelector("#said form");
    if (!form && last) {
      form = formFor(last);
      form.hidden = true;
      region.append(form);
    }
    if (form) form.requestSubmit();
    else guichet.say(region.dataset.none);
  };

  const begun = Date.now();
  const said = document.getElementById("said");
  const form = said?.querySelector("form");
  if (said) {
    const left = said.querySelector("[data-left]");
    const field = form?.querySelector("input");
    if (form) {
      memory.put({
        text: said.firstElementChild.firstChild.textContent.trim(),
        action: form.getAttribute("action"),
        name: field?.name,
        value: field?.value,
        at: begun,
        until: begun + (left ? Math.max(Number(left.dataset.left), 1000) : SHOWN),
      });
    } else {
      memory.drop();
    }
    letGo(said, left && form ? Math.max(Number(left.dataset.left), 1000) : SHOWN);
    const url = new URL(location.href);
    url.searchParams.delete("did");
    history.replaceState(history.state, "", url);
  } else {
    // Gone on to another page while it could still be read.
    const last = memory.get();
    if (last && last.until > begun) {
      const toast = document.createElement("div");
      toast.id = "said";
      toast.className = "toast open";
      const words = document.createElement("span");
      words.textContent = last.text;
      toast.append(words, formFor(last));
      region.append(toast);
      letGo(toast, last.until - begun);
    }
  }
  region.addEventListener("submit", () => memory.drop());

  // Seconds that are left, wherever they are shown and whenever they came.
  const since = new WeakMap();
  function countDown() {
    for (const place of document.querySelectorAll("[data-left]")) {
      const { left } = place.dataset;
      if (since.get(place)?.left !== left) since.set(place, { left, at: Date.now() });
      const seconds = Math.ceil((left - (Date.now() - since.get(place).at)) / 1000);
      const text = seconds > 0 ? `· ${seconds} s` : "";
      if (place.textContent !== text) place.textContent = text;
    }
  }
  setInterval(countDown, 250);
  countDown();
})();
