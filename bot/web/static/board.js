// Keeps the board as it is: live while the line holds, the last state while it does not; a tap waits until it arrived.
"use strict";
const base = document.body.dataset.base;
const byId = (id) => document.getElementById(id);
const kept = keptTaps(base, { arrived, waits: sayThatItWaits });
let shown = JSON.parse(document.body.dataset.shown);

// ---- showing ----

function put(id, text) {
  const element = byId(id);
  if (element && element.textContent !== String(text)) element.textContent = text;
}

function paragraph(text, name) {
  const element = document.createElement("p");
  element.textContent = text;
  if (name) element.className = name;
  return element;
}

function labelled(id, label, text) {
  const element = byId(id);
  if (!element) return;
  element.hidden = !text;
  const strong = document.createElement("b");
  strong.textContent = label;
  element.replaceChildren(strong, ` ${text}`);
}

function minutes(left) {
  return left >= 0 ? `còn ${left} phút` : `quá ${-left} phút`;
}

function show(next) {
  shown = next;
  const part = next.part.title ? next.part : null;
  if (part) put("part_title", part.title);
  showWall(next);
  if (!byId("next")) return;
  for (const name of ["seats", "here", "done", "iphone", "android", "phone_unknown", "without_phone"]) put(name, next[name]);
  const isShut = next.is_over || next.is_early;
  put("lesson_left", next.is_over ? "Lớp đã kết thúc" : next.is_early ? `Lớp bắt đầu lúc ${next.starts_at}` : minutes(next.lesson_left));
  put("part_number", part ? `Phần ${next.now + 1}/${buttons().length}` : "Vào lớp");
  put("part_left", part && !next.is_over ? minutes(next.part_left) : "");
  byId("say").replaceChildren(...(part ? part.say.map((line) => paragraph(line)) : []));
  byId("play").replaceChildren(...(part ? part.play.flatMap(([trick, reply]) => [paragraph(trick, "trick"), paragraph(reply, "reply")]) : []));
  labelled("do", "Cả lớp làm:", part ? part.do : "");
  labelled("ask", "Hỏi lại:", part && part.ask ? `${part.ask} → ${part.answer}` : "");
  put("stuck", next.help.length);
  byId("stuck").parentElement.classList.toggle("some", next.help.length > 0);
  put("help_title", next.help.length ? "Ghế cần giúp" : "Chưa ai xin giúp");
  byId("help").replaceChildren(...next.help.map(helpRow));
  byId("standing").replaceChildren(...next.standing.map(standingRow));
  buttons().forEach((button, index) => button.setAttribute("aria-current", index === next.now));
  put("following", next.following);
  byId("next").disabled = isShut || next.now + 1 >= buttons().length;
  byId("back").disabled = isShut || next.now < 1;
  byId("again").disabled = isShut || !next.opens;
  byId("end").disabled = next.is_over;
  // what is left then is to confirm
  document.querySelector("nav").hidden = next.is_over;
}

function showWall(next) {
  const picture = byId("picture");
  if (!picture) return;
  picture.hidden = !next.picture;
  if (next.picture && picture.getAttribute("src") !== next.picture) picture.src = next.picture;
  byId("wall_done").hidden = !next.done;
  put("wall_done", `${next.done} người đã xong bước này`);
}

const PHONES = { iphone: "iPhone", android: "Android", "": "" };

function helpRow([seat, step, symptom, phone, remedy]) {
  const row = document.createElement("li");
  const number = document.createElement("span");
  number.className = "seat";
  number.textContent = seat;
  const words = document.createElement("div");
  const what = document.createElement("b");
  what.textContent = symptom;
  const where = document.createElement("small");
  where.textContent = [step, PHONES[phone]].filter(Boolean).join(" · ");
  words.append(what, where);
  if (remedy) {
    const how = document.createElement("small");
    how.textContent = remedy;
    words.append(how);
  }
  row.append(number, words);
  return row;
}

function standingRow([step, seats, isNow]) {
  const row = document.createElement("li");
  if (isNow) row.className = "now-step";
  const count = document.createElement("b");
  count.textContent = seats;
  row.append(step, count);
  return row;
}

function buttons() {
  return [...document.querySelectorAll("#parts button")];
}

// ---- tapping ----

function arrived(body) {
  say(body.said || "");
  if (!body.said) show(body);
}

if (byId("next")) {
  const names = buttons().map((button) => button.dataset.part);
  // what was tapped and not sent yet counts: two quick taps are two parts
  const ahead = () => {
    const last = kept.all().filter((each) => each.act === "open").pop();
    return last ? names.indexOf(last.part) : shown.now;
  };
  const open = (index) => names[index] && kept.tap({ act: "open", part: names[index] });
  byId("next").addEventListener("click", () => open(ahead() + 1));
  byId("back").addEventListener("click", () => open(ahead() - 1));
  byId("again").addEventListener("click", () => kept.tap({ act: "again" }));
  byId("end").addEventListener("click", () => confirm("Kết thúc lớp? Mã lớp hết xài, bà con vẫn giữ chỗ trên máy mình.") && kept.tap({ act: "end" }));
  buttons().forEach((button, index) => button.addEventListener("click", () => open(index)));
  document.querySelectorAll("[data-others]").forEach((button) =>
    button.addEventListener("click", () => {
      shown.without_phone = Math.max(0, shown.without_phone + Number(button.dataset.others));
      put("without_phone", shown.without_phone);
      kept.tap({ act: "without_phone", count: shown.without_phone });
    }),
  );
  kept.send();
}

// ---- live ----

show(shown);
const stream = new EventSource(`${base}/song`);
stream.addEventListener("board", (event) => {
  if (!kept.all().length) say("");
  show(JSON.parse(event.data));
});
stream.addEventListener("error", () => say("Mất mạng: bảng đang hiện là lúc trước, có mạng là tự cập nhật."));
