// The list of seats without waiting for the line: a button answers at once and is sent until it arrived.
"use strict";
const rows = [...document.querySelectorAll("#seats li")];
const kept = keptTaps(`${document.body.dataset.base}/ghe`, { arrived, waits: sayThatItWaits });

function show(row, isSeen) {
  row.classList.toggle("seen", isSeen);
  row.querySelector("[name=seen]").value = isSeen ? "no" : "yes";
  row.querySelector("button").textContent = isSeen ? "Rút lại" : "Đã thấy xong";
}

function rowOf({ seat, person, task }) {
  return rows.find((row) => row.dataset.key === `${seat} ${person} ${task}`);
}

// what still waits here is newer than what the server tells
function showWaiting() {
  for (const each of kept.all()) if (rowOf(each)) show(rowOf(each), each.seen === "yes");
}

function arrived(body) {
  say(body.said || "");
  if (body.confirmed) for (const row of rows) show(row, body.confirmed.includes(row.dataset.key));
  showWaiting();
}

for (const row of rows) {
  const form = row.querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    show(row, values.seen === "yes");
    kept.tap(values);
  });
}
showWaiting();
kept.send();
