// Gathers what the probe found in each frame, once all have loaded.
addEventListener("load", () => {
  const found = [...document.querySelectorAll("iframe")].map((frame) =>
    JSON.parse(frame.contentDocument.getElementById("probe").textContent),
  );
  const answer = document.createElement("pre");
  answer.id = "found";
  answer.textContent = JSON.stringify(found);
  document.body.append(answer);
});
