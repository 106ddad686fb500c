/** The pages of administrators. */
import { enableForms } from './forms.js';

enableForms();
