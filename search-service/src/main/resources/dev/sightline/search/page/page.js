'use strict';

const GROUPS = [
  ['Hair', /Hair|Bald|Bangs|Sideburns/],
  ['Beard', /Beard|Mustache|Goatee|Shadow/],
  ['Expression', /Smiling|Mouth/],
  ['Wearing', /Wearing|Eyeglasses|Makeup/],
  ['Face', /./],
];
const NEXT = { open: 'require', require: 'exclude', exclude: 'open' };
const SAID = { open: 'open', require: 'required', exclude: 'excluded' };
const states = new Map();
const $ = (id) => document.getElementById(id);
let running = null;

function words(attribute) {
  return attribute.replaceAll('_', ' ');
}

function chosen(state) {
  return [...states].filter(([, s]) => s === state).map(([attribute]) => attribute);
}

function show(chip, attribute) {
  const state = states.get(attribute);
  chip.dataset.state = state;
  chip.setAttribute('aria-label', `${words(attribute)}: ${SAID[state]}`);
}

function drawChips(attributes) {
  const left = new Set(attributes);
  $('chips').replaceChildren(...GROUPS.flatMap(([name, pattern]) => {
    const members = [...left].filter((attribute) => pattern.test(attribute));
    if (members.length === 0) return [];
    members.forEach((attribute) => left.delete(attribute));
    const title = document.createElement('h3');
    title.textContent = name;
    const group = document.createElement('div');
    group.className = 'group';
    group.append(...members.map(chipFor));
    return [title, group];
  }));
}

function chipFor(attribute) {
  if (!states.has(attribute)) states.set(attribute, 'open');
  const chip = document.createElement('button');
  chip.type = 'button';
  chip.className = 'chip';
  chip.dataset.attribute = attribute;
  chip.textContent = words(attribute);
  show(chip, attribute);
  chip.addEventListener('click', () => {
    states.set(attribute, NEXT[states.get(attribute)]);
    show(chip, attribute);
    search();
  });
  return chip;
}

function say(text, problem = false) {
  $('summary').textContent = text;
  $('summary').classList.toggle('problem', problem);
}

async function search() {
  const require = chosen('require');
  const exclude = chosen('exclude');
  const asked = [...require, ...exclude.map((attribute) => `-${attribute}`)];
  history.replaceState(null, '', asked.length ? `#${asked.join(',')}` : location.pathname);
  $('clear').hidden = asked.length === 0;
  running?.abort();
  if (asked.length === 0) {
    $('grid').replaceChildren();
    say('Choose an attribute to begin.');
    return;
  }
  running = new AbortController();
  $('grid').classList.add('busy');
  try {
    const response = await fetch('/v1/search', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ require, exclude, limit: 40 }),
      signal: running.signal,
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.detail);
    $('grid').replaceChildren(...answer.results.map(hit));
    const query = [...require.map(words), ...exclude.map((attribute) => `not ${words(attribute)}`)].join(', ');
    say(answer.results.length
      ? `${answer.results.length} nearest to “${query}” in ${answer.tookMillis.toFixed(1)} ms`
      : 'Nothing is indexed yet: upload photos, or wait until they are searchable.');
    $('grid').classList.remove('busy');
  } catch (error) {
    if (error.name === 'AbortError') return;
    say(error.message || 'The search service does not answer; try again in a moment.', true);
    $('grid').classList.remove('busy');
  }
}

function hit(result) {
  const card = document.createElement('button');
  card.type = 'button';
  card.className = 'hit';
  const image = document.createElement('img');
  image.src = result.imageUrl;
  image.loading = 'lazy';
  image.alt = `Result with score ${result.score.toFixed(2)}`;
  const score = document.createElement('span');
  score.className = 'score';
  const bar = document.createElement('span');
  bar.className = 'bar';
  const fill = document.createElement('i');
  fill.style.width = `${Math.max(0, Math.min(1, result.score)) * 100}%`;
  bar.append(fill);
  score.append(bar, result.score.toFixed(2));
  card.append(image, score);
  card.addEventListener('click', () => detail(result));
  return card;
}

function detail(result) {
  const dialog = $('detail');
  dialog.querySelector('img').src = result.imageUrl;
  const facts = { Score: result.score.toFixed(4), Id: result.id, Source: result.source, Uploaded: new Date(result.uploadedAt).toLocaleString(),
    Size: `${result.width} × ${result.height}`, ...result.tags };
  dialog.querySelector('dl').replaceChildren(...Object.entries(facts).flatMap(([name, value]) => {
    const term = document.createElement('dt');
    term.textContent = name;
    const description = document.createElement('dd');
    description.textContent = value;
    return [term, description];
  }));
  dialog.showModal();
}

async function refresh() {
  try {
    const stats = await (await fetch('/v1/stats')).json();
    $('indexed').textContent = stats.indexed.toLocaleString();
    $('version').textContent = stats.modelVersion ?? '';
    if (stats.modelVersion && states.size === 0) await loadAttributes();
  } catch {
    $('indexed').textContent = '–';
  }
  setTimeout(refresh, 2000);
}

async function loadAttributes() {
  const { attributes } = await (await fetch('/v1/attributes')).json();
  for (const asked of decodeURIComponent(location.hash.slice(1)).split(',')) {
    const attribute = asked.replace(/^-/, '');
    if (attributes.includes(attribute)) states.set(attribute, asked.startsWith('-') ? 'exclude' : 'require');
  }
  drawChips(attributes);
  search();
}

function toast(text) {
  $('toast').textContent = text;
  $('toast').hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $('toast').hidden = true; }, 6000);
}

async function upload(files) {
  const form = new FormData();
  files.forEach((file) => form.append('file', file));
  try {
    const answer = await (await fetch('/v1/images?source=page', { method: 'POST', body: form })).json();
    const refused = answer.images.filter((image) => image.problem);
    toast(refused.length ? `${refused[0].file}: ${refused[0].problem.detail}` : `${answer.images.length} accepted; searchable in a moment`);
  } catch {
    toast('The upload failed; try again in a moment.');
  }
}

addEventListener('dragover', (event) => { event.preventDefault(); $('drop').hidden = false; });
addEventListener('dragleave', (event) => { if (!event.relatedTarget) $('drop').hidden = true; });
addEventListener('drop', (event) => {
  event.preventDefault();
  $('drop').hidden = true;
  if (event.dataTransfer.files.length) upload([...event.dataTransfer.files]);
});
$('filter').addEventListener('input', () => {
  const wanted = $('filter').value.trim().toLowerCase();
  document.querySelectorAll('.chip').forEach((chip) => { chip.hidden = !chip.textContent.toLowerCase().includes(wanted); });
});
$('clear').addEventListener('click', () => {
  states.forEach((_, attribute) => states.set(attribute, 'open'));
  document.querySelectorAll('.chip').forEach((chip) => show(chip, chip.dataset.attribute));
  search();
});
$('detail').querySelector('button').addEventListener('click', () => $('detail').close());
refresh();
