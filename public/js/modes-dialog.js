/**
 * @import { RoomSettings } from '../../src/protocol/views.js'
 * @import { Translate } from './strings.js'
 */

import { el } from './dom.js';
import { request } from './request.js';
import { checkbox, field, formDialog, select } from './form-dialog.js';
import { AI_WATCHES, FLAGS, SWITCHES } from './modes.js';
import { spanText } from './spans.js';

const SLOW = [5, 10, 30, 60, 120, 300];
const DELAY = [5, 10, 20, 30, 60];
const ESTABLISHED = [60, 300, 900, 3600, 86_400, 604_800, 2_592_000];

/**
 * Lets staff switch the modes of a room.
 * @param {string} slug
 * @param {RoomSettings} settings
 * @param {Translate} t
 * @param {string} locale
 */
export async function openModesDialog(slug, settings, t, locale) {
  const slow = spans(SLOW, settings.slowMode, t, locale);
  const delay = spans(DELAY, settings.delay, t, locale);
  const established = spans(ESTABLISHED, settings.established, t, locale);
  const flags = [...FLAGS, ...SWITCHES].map(([name, key]) => ({ name, ...checkbox(t(key), settings[name]) }));
  const watch = select(
    AI_WATCHES.map((value) => ({ value, label: t(`mode.ai-watch-${value}`) })),
    settings.aiWatch,
  );
  const above = el('input', {
    type: 'number',
    min: 1,
    max: 100,
    required: true,
    value: settings.aiWatchAbove,
  });
  const length = el('input', {
    type: 'number',
    min: 1,
    max: 500,
    required: true,
    value: settings.textLimit,
  });
  await formDialog({
    title: t('mode.title'),
    fields: [
      field(t('mode.slow-label'), slow),
      field(t('mode.delay-label'), delay),
      field(t('mode.established-label'), established),
      ...flags.map(({ check }) => check),
      field(t('mode.text-limit-label'), length),
      field(t('mode.ai-watch-label'), watch),
      field(t('mode.ai-watch-above-label'), above),
    ],
    action: t('mode.save'),
    cancel: t('dialog.cancel'),
    submit: () => {
      const chosen = {
        slowMode: Number(slow.value),
        delay: Number(delay.value),
        established: Number(established.value),
        textLimit: Number(length.value),
        aiWatch: watch.value,
        aiWatchAbove: Number(above.value),
        ...Object.fromEntries(flags.map(({ name, box }) => [name, box.checked])),
      };
      return request(
        'PATCH',
        `/api/rooms/${encodeURIComponent(slug)}`,
        { settings: changesTo(settings, chosen) },
        t,
      );
    },
  });
}

/**
 * Only what was changed here: somebody else may have switched another mode meanwhile.
 * @param {RoomSettings} settings
 * @param {{ [Name in keyof RoomSettings]?: unknown }} chosen
 */
function changesTo(settings, chosen) {
  const before = new Map(Object.entries(settings));
  return Object.fromEntries(Object.entries(chosen).filter(([name, value]) => before.get(name) !== value));
}

/**
 * Off, the presets, and what is set now. @param {number[]} presets @param {number} chosen @param {Translate} t
 * @param {string} locale
 */
function spans(presets, chosen, t, locale) {
  const steps = [...new Set([0, ...presets, chosen])].sort((a, b) => a - b);
  return select(
    steps.map((value) => ({
      value,
      label: value === 0 ? t('mode.off') : spanText(value, locale),
    })),
    chosen,
  );
}
