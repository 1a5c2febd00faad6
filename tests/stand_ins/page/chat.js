"use strict";
// looks at the chat now and then, redraws what changed, and does what the person at the page does
const EVERY = 600;
const find = (selector) => document.querySelector(selector);
const talk = find("#talk"), who = find("#who"), toast = find("#toast");
let user = new URLSearchParams(location.search).get("user") || "";
let people = "", shown = "";

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

async function act(name, said) {
  const answer = await fetch(`/_control/${name}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user, ...said }),
  });
  const body = await answer.json();
  if (!answer.ok) hint(body.error);
  await look();
  return body;
}

function hint(text) {
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(hint.timer);
  hint.timer = setTimeout(() => { toast.hidden = true; }, 3000);
}

function become(id) {
  user = id;
  shown = people = "";
  history.replaceState(null, "", `?user=${encodeURIComponent(id)}`);
  look();
}

function drawPeople(all) {
  if (JSON.stringify(all) === people) return;
  people = JSON.stringify(all);
  find("#people ul").replaceChildren(...all.map((person) => {
    const item = make("li"), button = make("button", "", person.name);
    if (person.id === user) button.setAttribute("aria-current", "true");
    button.onclick = () => become(person.id);
    item.append(button);
    return item;
  }));
  who.replaceChildren(...all.map((person) => new Option(person.name, person.id, false, person.id === user)));
}

function drawBubble(bubble) {
  const item = make("li", `bubble${bubble.mine ? " mine" : ""}${bubble.edited ? " edited" : ""}`);
  const body = make("div", `body${bubble.text || bubble.media ? "" : " bare"}`);
  item.dataset.id = bubble.id;
  if (bubble.picture) {
    const picture = make("img");
    picture.src = bubble.picture;
    picture.alt = bubble.text;
    picture.onload = toEnd;
    body.append(picture);
  }
  if (bubble.media) body.append(make("p", "media", bubble.media));
  if (bubble.text) body.append(make("p", "", bubble.text));
  body.append(make("time", "", `${bubble.edited ? "đã sửa " : ""}${bubble.at}`));
  item.append(body);
  if (bubble.keys.length) item.append(drawKeys(bubble));
  return item;
}

function drawKeys(bubble) {
  const keys = make("div", "keys");
  keys.append(...bubble.keys.map((row) => {
    const line = make("div");
    line.append(...row.map((key) => {
      const button = make("button", key.busy ? "busy" : "", key.label);
      button.onclick = () => act("tap", { bubble: bubble.id, data: key.data });
      return button;
    }));
    return line;
  }));
  return keys;
}

function toEnd() { talk.scrollTop = talk.scrollHeight; }

async function look() {
  const all = await (await fetch("/_control/people")).json();
  if (!all.some((person) => person.id === user) && all.length) user = all[0].id;
  drawPeople(all);
  if (!user) return;
  const text = await (await fetch(`/_control/chat?user=${encodeURIComponent(user)}`)).text();
  if (text === shown) return;
  shown = text;
  const chat = JSON.parse(text);
  talk.replaceChildren(...chat.bubbles.map(drawBubble));
  find("#presence").textContent = chat.blocked ? "đã chặn" : chat.typing ? "đang nhập…" : "bot";
  find("#block").textContent = chat.blocked ? "Bỏ chặn" : "Chặn";
  find("#block").dataset.blocked = chat.blocked ? "yes" : "";
  if (chat.toast) hint(chat.toast);
  toEnd();
}

async function lookForever() {
  // the stand-in may be restarted while the page stays open
  await look().catch(() => {});
  setTimeout(lookForever, EVERY);
}

function send() {
  const field = find("#say textarea"), text = field.value.trim();
  if (!text) return;
  field.value = "";
  act("write", { text });
}

find("#say").onsubmit = (event) => { event.preventDefault(); send(); };
find("#say textarea").onkeydown = (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
};
find("#attach").onchange = (event) => {
  if (event.target.value) act("send", { media: event.target.value });
  event.target.value = "";
};
find("#block").onclick = (event) => act("block", { blocked: !event.target.dataset.blocked });
find("#arrive").onsubmit = async (event) => {
  event.preventDefault();
  const field = event.target.elements.name, name = field.value.trim();
  field.value = "";
  const person = await act("people", { name });
  if (person.id) become(person.id);
};
who.onchange = () => become(who.value);
lookForever();
