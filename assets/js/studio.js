// The studio: letters go through the messages of a replay, and a replay that goes on is looked at again.
(() => {
  const list = document.querySelector(".dl a.dr[data-id]")?.closest("ul");
  list?.querySelector('a.dr[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  if (document.querySelector("[data-running]")) {
    // Not while somebody reads or writes: the page comes again only as long as nothing is held.
    const again = () => (document.activeElement === document.body ? location.reload() : setTimeout(again, 2000));
    setTimeout(again, 2000);
  }
})();
