/** One's own settings. */
import { enableForms } from './forms.js';

enableForms();
