// What a page does by itself. Everything it shows is made by the server.
'use strict';

const EVERY = 2000;

const say = text => {
  document.getElementById('said').textContent = text;
};

// While a run goes on: the page is asked for again, and what has changed takes the old one's place.
const follow = async () => {
  const parts = document.querySelectorAll('[data-live]');
  if (!parts.length || document.hidden) return;
  let next;
  try {
    const reply = await fetch(location.href);
    if (!reply.ok) return;
    next = new DOMParser().parseFromString(await reply.text(), 'text/html');
    say('');
  } catch {
    say('The studio has ended; this page stays as it was.');
    return;
  }
  for (const part of parts) {
    const now = next.getElementById(part.id);
    const busy = part.contains(document.activeElement) && document.activeElement !== part;
    if (now && !busy && now.innerHTML !== part.innerHTML) {
      part.innerHTML = now.innerHTML;
      part.dispatchEvent(new CustomEvent('fresh', { bubbles: true }));
    }
  }
};

setInterval(follow, EVERY);

// Forms whose answer takes a while say so.
for (const form of document.querySelectorAll('form[data-slow]')) {
  form.addEventListener('submit', () => {
    form.setAttribute('aria-busy', 'true');
    say(form.dataset.slow);
  });
}

// j and k: the next page or sample and the one before, as their links say.
const TURNS = { j: 'next', k: 'prev' };
document.addEventListener('keydown', e => {
  if (TURNS[e.key] && !e.ctrlKey && !e.metaKey && !e.altKey && !e.target.closest('input, textarea, select')) {
    document.querySelector(`a[rel=${TURNS[e.key]}]`)?.click();
  }
});
