// Types and clicks on the page as a reader does, and leaves what it shows then.
(() => {
  const type = (id, text) => {
    const field = document.getElementById(id);
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const text = (id) => document.getElementById(id).textContent;
  const decided = (url) => {
    type("url", url);
    const lines = [...document.querySelectorAll("#decided div")].map((line) => line.textContent);
    return lines.length ? lines.join("|") : text("decided");
  };
  const found = { width: innerWidth };
  found.root = document.querySelector("li.route .to").textContent;
  found.sites = String(document.querySelectorAll(".sites li").length);
  found.editor = document.querySelector("a.place").getAttribute("href");
  type("find", "localhost:1");
  const visible = [...document.querySelectorAll("li.route")].filter((line) => line.offsetParent);
  found.filtered = text("shown");
  if (visible.length !== Number(found.filtered.split(" ")[0])) found.filtered = `${visible.length} can be seen`;
  type("find", "");
  document.querySelectorAll(".upstreams button")[1].click();
  found.by_upstream = text("shown");
  type("find", "");
  found.api = decided("https://a.test/api/x");
  found.page = decided("b.test/other");
  found.wild = decided("https://x.c.test/");
  found.port = decided("http://n3.test:8080/y");
  found.other = decided("https://n3.test/y");
  document.querySelector(".to [data-u]").dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
  found.lit = String(document.querySelectorAll("li.route.lit").length);
  const answer = document.createElement("pre");
  answer.id = "probe";
  answer.textContent = JSON.stringify(found);
  document.body.append(answer);
})();
