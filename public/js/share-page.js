/** The page that makes addresses and snippets: what is chosen shows at once in them and in the preview. */
import { copyText } from './clipboard.js';
import { findSlot, need } from './dom.js';
import { pageStrings } from './page-strings.js';
import { toast } from './toast.js';

const t = pageStrings();

for (const form of document.querySelectorAll('form[data-share]')) {
  if (form instanceof HTMLFormElement) {
    enable(form);
  }
}

/** @param {HTMLFormElement} form */
function enable(form) {
  const result = need(findSlot(form, 'result', HTMLTextAreaElement), 'result');
  const preview = need(findSlot(form, 'preview', HTMLIFrameElement), 'preview');
  const copy = need(findSlot(form, 'copy', HTMLButtonElement), 'copy');
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', () => show());
  form.addEventListener('change', () => {
    if (preview.getAttribute('src') !== addressOf(form)) {
      preview.src = addressOf(form);
    }
  });
  copy.addEventListener('click', () => void copyResult());
  show();

  function show() {
    const { origin } = location;
    const address = origin + addressOf(form);
    const values = new FormData(form);
    result.value =
      form.dataset['share'] === 'embed'
        ? `<iframe src="${address}" width="${Number(values.get('width'))}" height="${Number(values.get('height'))}" style="border:0"></iframe>`
        : address;
  }

  async function copyResult() {
    toast(t((await copyText(result.value)) ? 'message.copied' : 'message.copy-failed'));
  }
}

/** Path and query; only what differs from the usual is named. @param {HTMLFormElement} form */
function addressOf(form) {
  const room = form.elements.namedItem('room');
  const slug = room instanceof HTMLSelectElement ? room.value : '';
  const query = new URLSearchParams();
  for (const control of form.elements) {
    if (!(control instanceof HTMLInputElement) || control.dataset['option'] === undefined) {
      continue;
    }
    const { name, type, value, checked } = control;
    if (type === 'checkbox' ? checked !== control.defaultChecked : value !== control.defaultValue) {
      const { on, alpha } = control.dataset;
      const hex = value.replace('#', '');
      query.set(name, type === 'checkbox' ? (on ?? '') : alpha === undefined ? hex : hex + alpha);
    }
  }
  const path = `/streaming/${encodeURIComponent(slug)}/${form.dataset['share']}`;
  return query.size > 0 ? `${path}?${query}` : path;
}
