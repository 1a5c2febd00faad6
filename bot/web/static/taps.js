// Taps of a trainer's page: kept on this phone until the server has them, sent again under the same id.
"use strict";

// arrived(body, tap) shows what the server answered, waits() that the line is down
function keptTaps(address, { arrived, waits }) {
  const name = `taps ${address}`;
  let sending = false;

  function all() {
    return JSON.parse(localStorage.getItem(name) || "[]");
  }

  function keep(list) {
    localStorage.setItem(name, JSON.stringify(list));
  }

  async function send() {
    if (sending) return;
    sending = true;
    try {
      while (all().length) {
        const [first] = all();
        const answer = await fetch(address, { method: "POST", body: new URLSearchParams(first), headers: { Accept: "application/json" } });
        if (answer.status >= 500) throw new Error("again");
        keep(all().filter((each) => each.id !== first.id));
        arrived(await answer.json(), first);
      }
    } catch {
      waits();
      setTimeout(send, 2000);
    } finally {
      sending = false;
    }
  }

  function tap(values) {
    keep([...all(), { id: newId(), ...values }]);
    send();
  }

  return { all, send, tap };
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function say(text) {
  const line = document.getElementById("line");
  if (!line) return;
  line.hidden = !text;
  line.textContent = text;
}

function sayThatItWaits() {
  say("Mạng chập chờn: lần bấm vừa rồi được giữ lại, có mạng là tự gửi.");
}
