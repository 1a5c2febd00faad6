// everything works without this file; it saves reloading, moves the focus, reads aloud and keeps the text size
(function () {
  "use strict";
  var root = document.documentElement;
  var log = document.getElementById("log");
  var input = document.getElementById("text");
  var busy = document.getElementById("busy");
  var words = JSON.parse(document.body.dataset.words);
  var composer = document.querySelector(".composer");
  var last = Number(log.dataset.last);
  var waiting = 0;
  var line = Promise.resolve();
  var stream = null;
  var pressed = null;

  // ---- showing ----

  function quiet() {
    // only the newest message can be answered
    log.querySelectorAll(".answers").forEach(function (form) { form.remove(); });
    log.querySelectorAll("[data-active]").forEach(function (turn) { turn.removeAttribute("data-active"); });
  }

  function add(node, before) {
    log.insertBefore(node, before || null);
    return node;
  }

  function made(turn) {
    var box = document.createElement("template");
    box.innerHTML = turn.html;
    return box.content.querySelector(".turn");
  }

  function isShown(turn) {
    // the same answer may come by both ways
    return turn.id > 0 && !!document.getElementById("t" + turn.id);
  }

  function showTurn(turn) {
    if (isShown(turn)) return;
    if (voice) silence();
    if (turn.id) last = turn.id;
    var node = made(turn);
    if (node.querySelector(".answers")) quiet();
    hearable(add(node));
    // in another language from now on: the rest of the page changes with it
    if (turn.id && node.lang !== root.lang) setTimeout(function () { location.assign("/"); }, 0);
    else if (turn.id) setMode(node);
    return node;
  }

  function showHeard(turn) {
    if (isShown(turn)) return;
    if (turn.id < last) return showEarlier(turn);
    var node = showTurn(turn);
    // who is writing here is not disturbed by another page
    if (!input.value) look(node);
  }

  function showEarlier(turn) {
    var node = made(turn);
    node.removeAttribute("data-active");
    node.querySelectorAll(".answers").forEach(function (form) { form.remove(); });
    var later = Array.prototype.filter.call(log.querySelectorAll(".turn"), function (each) { return Number(each.dataset.id) > turn.id; });
    hearable(add(node, later[0]));
  }

  function beginAnew() {
    // what was told before is erased, or another database answers: the numbers begin again
    log.querySelectorAll(".turn").forEach(function (each) { each.removeAttribute("id"); });
    last = 0;
    hush();
    setTimeout(listen, 0);
  }

  function look(node) {
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "start" });
  }

  function showMine(text) {
    var mine = document.createElement("p");
    var who = document.createElement("span");
    mine.className = "mine";
    who.className = "unseen";
    who.textContent = words.sent;
    mine.appendChild(who);
    mine.appendChild(document.createTextNode(text));
    add(mine).scrollIntoView({ block: "nearest" });
  }

  function showTrouble(text) {
    var node = made({ html: '<article class="turn" tabindex="-1"><section class="card failed"><p class="say"></p></section></article>' });
    node.querySelector(".say").textContent = text;
    return add(node);
  }

  function offer(node, label, act) {
    var button = document.createElement("button");
    var box = document.createElement("p");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", function () { box.remove(); act(); });
    box.className = "answers again";
    box.appendChild(button);
    node.appendChild(box);
    look(node);
  }

  function setWaiting(change) {
    waiting += change;
    busy.hidden = !waiting;
    document.body.classList.toggle("waiting", waiting > 0);
  }

  // ---- sending ----

  function number() {
    var random = window.crypto && crypto.getRandomValues ? crypto.getRandomValues(new Uint32Array(4)) : [Math.random() * 4294967296, Math.random() * 4294967296];
    return Date.now().toString(36) + Array.prototype.map.call(random, function (each) { return (0x100000000 + Math.floor(each)).toString(36); }).join("");
  }

  function post(fields) {
    var giveUp = window.AbortController ? new AbortController() : null;
    var timer = setTimeout(function () { if (giveUp) giveUp.abort(); }, 30000);
    return fetch("/chat", {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Accept: "application/json", "Accept-Language": root.lang },
      credentials: "same-origin",
      signal: giveUp ? giveUp.signal : undefined
    }).then(function (answer) { return answer.json(); }).finally(function () { clearTimeout(timer); });
  }

  function send(fields) {
    setWaiting(1);
    // one after the other: answers keep the order of what was said
    var before;
    line = line.then(function () { before = last; return post(fields); }).then(function (turn) {
      setWaiting(-1);
      if (turn.id && turn.id <= before) beginAnew();
      if (turn.id) return look(showTurn(turn) || document.getElementById("t" + turn.id));
      if (turn.html) return offer(showTurn(turn), words.send_again, function () { send(fields); });
      offer(showTrouble(turn.notice), words.open_again, function () { location.assign("/"); });
    }, function () {
      setWaiting(-1);
      offer(showTrouble(words.offline), words.send_again, function () { send(fields); });
    });
  }

  document.addEventListener("click", function (event) {
    pressed = event.target.closest ? event.target.closest("button[name]") : null;
  }, true);

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.getAttribute("action") !== "/chat" || !window.fetch || !Promise.prototype.finally) return;
    event.preventDefault();
    var by = event.submitter !== undefined ? event.submitter : pressed;
    pressed = null;
    // what is sent once more after a failure is known by its number
    var fields = { key: form.elements.key.value, message: number() };
    if (form === composer) {
      if (!input.value.trim()) return;
      fields.text = input.value;
      showMine(input.value);
      input.value = "";
      return send(fields);
    }
    // a second press while the first is on its way is the same press
    if (!by || (waiting && by.name === "button")) return;
    fields[by.name] = by.value;
    var label = by.querySelector(".label");
    showMine((label || by).textContent);
    send(fields);
  });

  // ---- hearing what other pages of this chat were told ----

  function listen() {
    if (!window.EventSource || stream) return;
    stream = new EventSource("/chat/stream?after=" + last);
    stream.addEventListener("turn", function (event) {
      var turn = JSON.parse(event.data);
      // the answer this page waits for comes in its place in the line
      if (waiting) line.then(function () { showHeard(turn); });
      else showHeard(turn);
    });
    stream.onerror = function () {
      if (stream.readyState !== 2) return;
      hush();
      setTimeout(function () { if (!document.hidden) listen(); }, 15000);
    };
  }

  function hush() {
    if (stream) stream.close();
    stream = null;
  }

  // a page nobody sees holds no connection; what it missed comes when it is looked at again
  document.addEventListener("visibilitychange", function () { if (document.hidden) hush(); else listen(); });
  window.addEventListener("pagehide", hush);

  // ---- keys ----

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.key.length !== 1) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || input.value) return;
    if (/[1-9]/.test(event.key)) {
      var button = log.querySelectorAll("[data-active] .answers button")[Number(event.key) - 1];
      if (button) { event.preventDefault(); button.click(); }
    } else if (event.key.toLowerCase() !== event.key.toUpperCase()) {
      // who just starts to write means the message
      input.focus();
    }
  });

  // ---- reading aloud ----

  var voice = window.speechSynthesis;

  function canRead() {
    if (!voice || !window.SpeechSynthesisUtterance) return false;
    var voices = voice.getVoices();
    // an English voice makes nonsense of Vietnamese
    return !voices.length || voices.some(speaksHere);
  }

  function speaksHere(each) {
    return each.lang.slice(0, 2).toLowerCase() === root.lang;
  }

  function hearable(inside) {
    var can = canRead();
    inside.querySelectorAll(".hear").forEach(function (button) { button.hidden = !can; });
    document.querySelector(".voice").hidden = !can;
    document.getElementById("no-voice").hidden = can;
  }

  function silence() {
    voice.cancel();
    document.querySelectorAll(".hear.on").forEach(function (button) { button.classList.remove("on"); button.textContent = words.hear; });
  }

  function say(text, then) {
    var saying = new SpeechSynthesisUtterance(text);
    saying.lang = { vi: "vi-VN", en: "en-US" }[root.lang] || root.lang;
    saying.rate = root.dataset.mode === "elder" ? 0.8 : 0.9;
    saying.voice = voice.getVoices().find(speaksHere) || null;
    saying.onend = then;
    saying.onerror = function (event) {
      // there is a reader on this phone, but none that speaks this language
      if (/^(language|voice)-unavailable$/.test(event.error)) document.getElementById("no-voice").hidden = false;
      then();
    };
    voice.speak(saying);
  }

  function read(button) {
    button.classList.add("on");
    button.textContent = words.stop_hearing;
    say(button.parentNode.dataset.speech, function () { if (button.classList.contains("on")) silence(); });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest(".hear");
    if (!button) return;
    var on = button.classList.contains("on");
    silence();
    if (!on) read(button);
  });

  // ---- elder mode: the newest message is read by itself, once the page was touched ----

  var touched = false;
  var hushed = kept("gocua-hushed") === "1";

  function setMode(turn) {
    if (turn.dataset.mode) root.dataset.mode = turn.dataset.mode;
    else delete root.dataset.mode;
    readByItself();
  }

  function readByItself() {
    if (root.dataset.mode === "elder" && touched && !hushed && canRead()) readNewest();
  }

  function readNewest() {
    var turns = log.querySelectorAll(".turn");
    silence();
    // piece by piece: some voices fall silent in the middle of a long one
    turns[turns.length - 1].querySelectorAll("[data-speech]").forEach(function (each) { say(each.dataset.speech, function () {}); });
  }

  function setHushed(now) {
    hushed = now;
    keep("gocua-hushed", now ? "1" : "0");
  }

  document.querySelector(".voice").addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    setHushed(button.dataset.voice === "hush");
    if (hushed) silence();
    else readNewest();
  });

  // browsers let a page speak only after it was touched; a touch on a button is answered by what it brings
  document.addEventListener("click", function (event) {
    var first = !touched;
    touched = true;
    if (first && !event.target.closest("button, a, input, summary")) readByItself();
  });
  document.addEventListener("keydown", function () { touched = true; });

  if (voice && voice.addEventListener) voice.addEventListener("voiceschanged", function () { hearable(document); });

  // ---- size of the text ----

  var sizes = document.querySelector(".sizes");

  function setSize(size) {
    root.dataset.size = size;
    sizes.querySelectorAll("button").forEach(function (each) {
      each.setAttribute("aria-pressed", String(each.dataset.size === size));
    });
  }

  function kept(name) {
    // some browsers forbid even to ask
    try { return localStorage.getItem(name) || "0"; } catch (error) { return "0"; }
  }

  function keep(name, value) {
    try { localStorage.setItem(name, value); } catch (error) { /* then only for this page */ }
  }

  sizes.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    setSize(button.dataset.size);
    keep("gocua-size", button.dataset.size);
  });

  setSize(kept("gocua-size"));
  sizes.hidden = false;
  hearable(document);
  // a first page is read from its top; one that is opened again, from the newest message
  if (log.childElementCount > 1) log.lastElementChild.scrollIntoView({ block: "start", behavior: "instant" });
  if (!document.hidden) listen();
})();
