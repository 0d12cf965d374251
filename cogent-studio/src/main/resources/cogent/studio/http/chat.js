// A talk with one model or two: what is said streams in, stays for this window, and is sent along if it is to be remembered.
'use strict';

(() => {
  const form = document.querySelector('form[data-chat]');
  if (!form) return;
  const turns = document.getElementById('turns');
  const kept = 'chat ' + location.pathname;
  const said = JSON.parse(sessionStorage.getItem(kept) ?? '[]');
  const [stop, anew] = [form.querySelector('[data-stop]'), form.querySelector('[data-anew]')];
  let asking = null;
  let answered = Promise.resolve(); // questions that are asked while one is answered wait for it

  const element = (name, className, text, parent) => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    parent.append(made);
    return made;
  };

  // What a turn looks like; gives the places that its replies are written into.
  const show = turn => {
    const section = element('section', 'turn', '', turns);
    element('p', 'asked', turn.question, section).dir = 'auto';
    const sides = element('div', 'sides', '', section);
    return turn.models.map((model, i) => {
      const side = element('div', 'side', '', sides);
      const heading = element('h4', '', turn.names[i] + ' ', side);
      const note = element('small', '', turn.notes[i] ?? '', heading);
      const text = element('div', 'text', turn.replies[model] ?? '', side);
      text.dir = 'auto';
      return { note, text };
    });
  };

  const keep = () => {
    sessionStorage.setItem(kept, JSON.stringify(said));
    anew.hidden = !said.length;
  };

  const ask = question => {
    const picked = [form.elements.first, form.elements.second].filter((s, i, all) => s.value && (i === 0 || s.value !== all[0].value));
    const turn = {
      question,
      plain: form.elements.plain.checked,
      models: picked.map(s => s.value),
      names: picked.map(s => s.selectedOptions[0].textContent),
      replies: {},
      notes: picked.map(() => 'waits …'),
    };
    said.push(turn);
    const places = show(turn);
    places[0].text.scrollIntoView({ block: 'nearest' });
    const data = new URLSearchParams(new FormData(form));
    data.set('question', question);
    const remember = form.elements.remember.checked;
    answered = answered.then(() => {
      if (!said.includes(turn)) return null; // begun anew meanwhile
      data.set('earlier', JSON.stringify(remember ? said.slice(0, said.indexOf(turn)) : []));
      return answer(turn, places, data);
    });
  };

  const answer = async (turn, places, data) => {
    turn.notes = turn.models.map(() => 'reads the question …');
    places.forEach((place, i) => { place.note.textContent = turn.notes[i]; });
    turns.setAttribute('aria-busy', 'true');
    asking = new AbortController();
    stop.hidden = false;
    try {
      const reply = await fetch(form.action, { method: 'POST', body: data, signal: asking.signal });
      if (!reply.ok) {
        const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
        throw new Error(page.querySelector('main p')?.textContent ?? 'refused');
      }
      const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ''; ;) {
        const { value, done } = await reader.read();
        if (done) break;
        const lines = (rest + value).split('\n');
        rest = lines.pop();
        for (const line of lines) take(JSON.parse(line), turn, places);
      }
    } catch (e) {
      turn.notes = turn.notes.map(note => note.endsWith('…') ? (e.name === 'AbortError' ? 'stopped' : e.message) : note);
    }
    places.forEach((place, i) => { place.note.textContent = turn.notes[i]; });
    asking = null;
    stop.hidden = true;
    turns.setAttribute('aria-busy', 'false');
    keep();
  };

  const take = (line, turn, places) => {
    const { note, text } = places[line.side];
    const model = turn.models[line.side];
    if (line.text !== undefined) {
      turn.replies[model] = (turn.replies[model] ?? '') + line.text;
      turn.notes[line.side] = 'writes …';
      text.textContent = turn.replies[model];
    } else {
      turn.notes[line.side] = line.error ?? line.tokens + ' tokens' + (line.cut ? ', cut off at the limit' : '');
    }
    note.textContent = turn.notes[line.side];
  };

  said.forEach(show);
  keep();
  form.addEventListener('submit', e => {
    e.preventDefault();
    const question = form.elements.question.value.trim();
    if (!question) return;
    form.elements.question.value = '';
    ask(question);
  });
  form.elements.question.addEventListener('keydown', e => {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
      e.preventDefault();
      form.requestSubmit();
    }
  });
  stop.addEventListener('click', () => asking?.abort());
  anew.addEventListener('click', () => {
    asking?.abort();
    said.length = 0;
    turns.replaceChildren();
    keep();
    form.elements.question.focus();
  });
})();
