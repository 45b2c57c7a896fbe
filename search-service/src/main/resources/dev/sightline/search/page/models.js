'use strict';

// What operators want to see of model versions. Search services that run without a trainer beside them have no such view.
(() => {
  const dialog = document.getElementById('models');
  const list = document.getElementById('model-list');
  const open = document.getElementById('show-models');
  const COUNT = new Intl.NumberFormat();
  const STATES = { CANDIDATE: 'registered', BACKFILLING: 'being filled', ACTIVE: 'active', RETIRED: 'retired', REJECTED: 'rejected' };
  const PHASES = {
    SETTLING: 'waiting until every worker writes to it',
    FILLING: 'embedding what is missing',
    DRAINING: 'waiting for the last images',
    STUCK: 'held: too many images failed',
    GUARDING: 'trying recent queries on both versions',
    HELD: 'held by the cutover guard',
  };
  let timer;

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function duration(seconds) {
    if (seconds === null || seconds === undefined) return 'time unknown';
    if (seconds < 90) return `${seconds} s left`;
    if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
    return `${(seconds / 3600).toFixed(1)} h left`;
  }

  function images(title, found) {
    return found.map((image) => element('p', 'hint', `${title} ${image.id}: ${image.why}`));
  }

  function backfillOf(backfill) {
    const progress = element('progress');
    progress.max = Math.max(1, backfill.total);
    progress.value = Math.min(backfill.done, backfill.total);
    progress.setAttribute('aria-label', 'Images in the new collection');
    const facts = [
      `${COUNT.format(backfill.done)} of ${COUNT.format(backfill.total)}`,
      `${COUNT.format(Math.round(backfill.perSecond))}/s`,
      duration(backfill.etaSeconds),
      `${COUNT.format(backfill.outstanding)} jobs outstanding`,
      `${COUNT.format(backfill.failed)} failed`,
    ];
    return [
      progress,
      element('p', 'facts', facts.join(' · ')),
      element('p', backfill.held ? 'held' : 'hint', backfill.held ?? PHASES[backfill.phase]),
      ...backfill.waitingFor.map((worker) => element('p', 'hint', `waiting for ${worker}`)),
      ...images('missing', backfill.missing),
      ...images('failed', backfill.failures),
    ];
  }

  function modelOf(model) {
    const item = element('li', 'model');
    item.dataset.version = model.version;
    item.dataset.state = model.state;
    const head = element('p', 'model-head');
    head.append(element('strong', '', model.version), ' ', element('span', 'state', STATES[model.state]));
    item.append(head, element('p', 'hint', `${model.reason} · since ${new Date(model.changedAt).toLocaleString()}`));
    if (model.rollbackUntil) {
      item.append(element('p', 'hint', `searches can go back to it until ${new Date(model.rollbackUntil).toLocaleString()}`));
    }
    if (model.backfill) item.append(...backfillOf(model.backfill));
    return item;
  }

  async function refresh() {
    try {
      const response = await fetch('/v1/admin/models');
      open.hidden = !response.ok;
      if (response.ok && dialog.open) {
        const { models } = await response.json();
        list.replaceChildren(...models.toReversed().map(modelOf));
      }
    } catch {
      // The page says elsewhere that the service does not answer.
    }
    clearTimeout(timer);
    timer = setTimeout(refresh, dialog.open ? 1000 : 15000);
  }

  open.addEventListener('click', () => { dialog.showModal(); refresh(); });
  dialog.querySelector('button').addEventListener('click', () => dialog.close());
  refresh();
})();
