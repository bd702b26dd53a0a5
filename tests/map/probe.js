// Measures the page in the window it stands in. Faults are sentences; a page without any is fit to be looked at.
(() => {
  const faults = [];
  const rect = (element) => element.getBoundingClientRect();
  const name = (element) => element.textContent.slice(0, 40);
  const boxes = [...document.querySelectorAll(".box, .upstreams li")];

  if (document.documentElement.scrollWidth > innerWidth) {
    faults.push(`the page is ${document.documentElement.scrollWidth} pixels wide`);
  }
  for (const box of boxes) {
    const { left, right, width, height } = rect(box);
    if (width < 8 || height < 8) faults.push(`${name(box)} cannot be seen`);
    if (left < 0 || right > innerWidth) faults.push(`${name(box)} runs out of the window`);
    if (box.scrollWidth > box.clientWidth + 1) faults.push(`${name(box)} runs out of its box`);
  }
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      const a = rect(one), b = rect(other);
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      if (!apart) faults.push(`${name(one)} and ${name(other)} overlap`);
    }
  }
  for (const route of document.querySelectorAll("li.route")) {
    const match = rect(route.querySelector(".match")), to = rect(route.querySelector(".to"));
    const wire = rect(route.querySelector(".wire"));
    const beside = Math.abs(wire.left - match.right) < 2 && Math.abs(wire.right - to.left) < 2;
    const below = Math.abs(wire.top - match.bottom) < 2 && Math.abs(wire.bottom - to.top) < 2;
    if (!beside && !below) faults.push(`no line leads from ${name(route)}`);
  }
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    if (!document.querySelector(link.getAttribute("href"))) faults.push(`${name(link)} leads nowhere`);
  }
  if (performance.getEntriesByType("resource").length > 0) faults.push("the page loads something");

  const lines = [...document.querySelectorAll(".box.name, li.route")].map((line) =>
    line.matches("li")
      ? `${line.querySelector(".match").textContent} -> ${line.querySelector(".to").textContent}`
      : line.textContent,
  );
  const found = { width: innerWidth, lines, links: document.querySelectorAll(".to a").length, faults };
  const answer = document.createElement("pre");
  answer.id = "probe";
  answer.textContent = JSON.stringify(found);
  document.body.append(answer);
})();
