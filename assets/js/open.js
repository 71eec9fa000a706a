// Opening a conversation from the queue puts its two panes into the page as it stands: the queue
// keeps its scroll, its order and its focus. Without this file the same links load the same page.
//
// The composer comes anew with its conversation, so that no text is ever sent to somebody else.
// Whatever is bound to it has to begin anew too: scripts put a function that does so into
// `guichet.anew`. Where none has, a page is loaded. `guichet:leaving` is sent before the old
// conversation goes, `guichet:opened` once the new one is there.
(() => {
  const list = document.getElementById("qlist");
  if (!list) return;
  const guichet = (window.guichet ??= {});
  let going = null;

  async function open(address, push) {
    going?.abort();
    going = new AbortController();
    let now;
    try {
      const answer = await fetch(address, { signal: going.signal, headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return location.assign(address);
      now = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch (error) {
      return error.name === "AbortError" ? undefined : location.assign(address);
    }
    if (now.getElementById("qlist")?.dataset.view !== list.dataset.view) return location.assign(address);
    document.dispatchEvent(new CustomEvent("guichet:leaving"));
    for (const pane of [".conv", ".ctx"]) document.querySelector(pane).replaceWith(now.querySelector(pane));
    const id = document.querySelector(".conv").dataset.ticket;
    for (const row of list.querySelectorAll("a.q")) {
      if (row.dataset.id === id) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    document.title = now.title;
    document.body.classList.toggle("show-conv", now.body.classList.contains("show-conv"));
    if (push) history.pushState(null, "", address);
    guichet.anew.forEach((begin) => begin());
    document.dispatchEvent(new CustomEvent("guichet:opened", { detail: { id, seq: Number(now.body.dataset.seq) } }));
  }

  list.addEventListener("click", (event) => {
    const row = event.target.closest("a.q");
    const plain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!guichet.anew || !row || !plain || event.defaultPrevented) return;
    event.preventDefault();
    open(row.href, true);
  });
  addEventListener("popstate", () => guichet.anew && open(location.href, false));
})();
