// Has axe-core look at a part of the page as it stands, in a theme, by these rules; its findings as
// sentences.
(() => {
  window.guichetAxe = async (theme, rules, part) => {
    document.documentElement.dataset.theme = theme;
    const { violations } = await axe.run(part === "html" ? document : part, { runOnly: rules, resultTypes: ["violations"], preload: false });
    const why = (v, n) => (n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? v.help;
    const faults = violations.flatMap((v) => v.nodes.map((n) => `${v.id} (${v.impact}): ${n.target.join(" ")}: ${why(v, n)}`));
    // What an open menu covers is not to be touched just now.
    const covered = document.querySelector("details.menu[open], dialog[open], .picker");
    return faults.filter((fault) => !(covered && fault.includes("partially obscured")));
  };
  return true;
})();
