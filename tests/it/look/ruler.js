// Measures a page as it stands: what is too wide, what is cut off, what is too small to touch.
(() => {
  const name = (e) => {
    const one = (x) => x.tagName.toLowerCase() + (x.id ? `#${x.id}` : "") + [...x.classList].map((c) => `.${c}`).join("");
    const parent = e.parentElement;
    return `${parent ? `${one(parent)} > ` : ""}${one(e)}`;
  };
  // What may be pushed sideways: wide tables in a place of their own, rows of links on narrow windows.
  const MAY_SLIDE = ".tbwrap, .tabs, .mviews";
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, input.vh + label";
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".vh, .skip, .if-room, .if-wide");
  // Words that end in “…” where there is no more room.
  const shortened = (e) => {
    for (let up = e.parentElement; up; up = up.parentElement) if (getComputedStyle(up).textOverflow === "ellipsis" || up.matches(".sn")) return true;
    return false;
  };

  window.guichetRuler = (touched) => {
    const faults = [];
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > wide) faults.push(`the page is ${document.documentElement.scrollWidth - wide} wider than its window`);
    for (const e of document.body.querySelectorAll("*")) {
      if (e instanceof SVGElement || !shown(e)) continue;
      const style = getComputedStyle(e);
      const slides = ["auto", "scroll"].includes(style.overflowX);
      if (slides && e.scrollWidth > e.clientWidth + 1 && !e.matches(MAY_SLIDE) && !(e.matches("textarea, input"))) faults.push(`scrolls sideways: ${name(e)}`);
      if (e.closest(MAY_SLIDE) && !e.matches(MAY_SLIDE)) continue;
      const box = e.getBoundingClientRect();
      if (!box.width || !box.height) continue;
      if ((box.right > wide + 1 || box.left < -1) && !shortened(e)) faults.push(`reaches past the window: ${name(e)}`);
      if (!e.matches(CONTROLS)) continue;
      // A control is cut off when something around it that hides what is beyond its edge ends before it.
      for (let up = e.parentElement; up && up !== document.body; up = up.parentElement) {
        const s = getComputedStyle(up);
        if (s.overflowX === "visible" || s.textOverflow === "ellipsis" || up.matches("a, button, summary")) continue;
        const edge = up.getBoundingClientRect();
        if (box.right > edge.right + 1 || box.left < edge.left - 1) faults.push(`cut off by ${name(up)}: ${name(e)}`);
        if (getComputedStyle(e).position === "fixed") break;
      }
      if (!touched) continue;
      const after = getComputedStyle(e, "::after");
      const larger = after.content !== "none" && after.position === "absolute";
      const more = larger ? -2 * Math.min(0, parseFloat(after.top)) : 0;
      // Fingers want 44; rows of small choices have 40, what stands among words 24.
      const text = style.display === "inline";
      const small = e.closest(".seg, .mviews, .modes, .chip");
      const least = text || e.closest(".thread") ? 24 : small ? 40 : 44;
      const label = e.matches("input[type=radio], input[type=checkbox]") ? e.closest("label") : null;
      // A link may stretch over the whole card it stands in.
      const card = larger && style.position === "static" ? e.offsetParent : null;
      const high = (label ?? card ?? e).getBoundingClientRect().height + more;
      if (high < least - 0.5 && !(text && e.closest("p, dd, li, h1, h2, h3"))) faults.push(`only ${Math.round(high)} high: ${name(e)}`);
    }
    return [...new Set(faults)];
  };
  return true;
})();
