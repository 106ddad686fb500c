import type { AiModelView, AiSettingsView, Locale } from '../protocol/views.js';
import { translate } from '../common/i18n/translate.js';
import { day } from './times.js';

/** A control of the AI's forms, for `partials/setting.hbs`. */
export interface SettingField {
  name: keyof AiSettingsView;
  label: string;
  value: string;
  hint: string;
  number?: true;
  lines?: true;
  options?: { value: string; label: string; chosen: boolean }[];
}

/** Forms of one kind each, so that a refusal is about little. */
export interface SettingForm {
  id: string;
  title: string;
  lead: string;
  fields: SettingField[];
}

const COSTS = [
  'tokensPerPerson',
  'tokensPerServer',
  'asks',
  'roomAnswers',
  'running',
  'queue',
  'contextTokens',
  'answerTokens',
  'roomAnswerTokens',
] as const;

interface Shown {
  locale: Locale;
  settings: AiSettingsView;
  defaults: AiSettingsView;
  /** Null: the provider has no list. */
  models: readonly AiModelView[] | null;
  /** What is in use when nothing was chosen. */
  current: string;
}

/** The forms of the AI's page, with what they hold now. */
export function settingForms(shown: Shown): SettingForm[] {
  const { locale, settings, defaults } = shown;
  const labelled = (name: keyof AiSettingsView) => ({
    name,
    label: translate(locale, `page.ai.field.${name}`),
  });
  const amount = (
    name: (typeof COSTS)[number] | 'moderationMs' | 'watchTokens' | 'watchMs',
  ): SettingField => ({
    ...labelled(name),
    value: String(settings[name]),
    hint: translate(locale, 'page.ai.default', { value: defaults[name].toLocaleString(locale) }),
    number: true,
  });
  const choice = (name: keyof AiSettingsView, values: readonly [string, string][]): SettingField => ({
    ...labelled(name),
    value: '',
    hint: '',
    options: values.map(([value, label]) => ({ value, label, chosen: value === String(settings[name]) })),
  });
  const [on, off] = [translate(locale, 'page.ai.on'), translate(locale, 'page.ai.off')];
  const flag = (name: 'translation' | 'summary' | 'moderateQuestions') =>
    choice(name, [
      ['true', on],
      ['false', off],
    ]);
  const form = (id: 'model' | 'cost' | 'crowd' | 'check' | 'watch', fields: SettingField[]): SettingForm => ({
    id,
    title: translate(locale, `page.ai.form.${id}`),
    lead: translate(locale, `page.ai.lead.${id}`),
    fields,
  });

  return [
    form('model', [
      { ...labelled('model'), ...modelChoice(shown) },
      {
        ...labelled('persona'),
        value: settings.persona,
        hint: translate(locale, 'page.ai.persona-hint'),
        lines: true,
      },
    ]),
    form('cost', COSTS.map(amount)),
    form('crowd', [flag('translation'), flag('summary')]),
    form('check', [
      choice('moderation', [
        ['off', translate(locale, 'page.ai.check.off')],
        ['terms', translate(locale, 'page.ai.check.terms')],
        ['openai', translate(locale, 'page.ai.check.openai')],
      ]),
      flag('moderateQuestions'),
      choice('moderateAnswers', [
        ['off', off],
        ['retract', translate(locale, 'page.ai.check.retract')],
        ['hold', translate(locale, 'page.ai.check.hold')],
      ]),
      choice('moderationFailure', [
        ['closed', translate(locale, 'page.ai.check.closed')],
        ['open', translate(locale, 'page.ai.check.open')],
      ]),
      amount('moderationMs'),
      {
        ...labelled('moderationTerms'),
        value: settings.moderationTerms.join('\n'),
        hint: translate(locale, 'page.ai.terms-hint'),
        lines: true,
      },
    ]),
    form('watch', [
      choice('watchBy', [
        ['model', translate(locale, 'page.ai.watch.model')],
        ['openai', translate(locale, 'page.ai.watch.openai')],
      ]),
      amount('watchTokens'),
      amount('watchMs'),
      choice('watchFailure', [
        ['keep', translate(locale, 'page.ai.watch.keep')],
        ['show', translate(locale, 'page.ai.watch.show')],
      ]),
    ]),
  ];
}

/** A list to choose from, or without one a field to write into. */
function modelChoice({
  locale,
  settings,
  models,
  current,
}: Shown): Pick<SettingField, 'value' | 'hint' | 'options'> {
  const value = settings.model ?? '';
  if (models === null) {
    return { value, hint: translate(locale, 'page.ai.model-no-list') };
  }
  const known = value === '' || models.some(({ id }) => id === value);
  const gone = { value, label: translate(locale, 'page.ai.model-gone', { model: value }), chosen: true };
  const listed = models.map(({ id, shutdown }) => ({
    value: id,
    label: shutdown
      ? translate(locale, 'page.ai.model-until', { model: id, day: day(shutdown, locale) })
      : id,
    chosen: id === value,
  }));
  const automatic = {
    value: '',
    label: translate(locale, 'page.ai.model-auto', { model: current }),
    chosen: value === '',
  };
  return { value, hint: '', options: [automatic, ...(known ? [] : [gone]), ...listed] };
}
