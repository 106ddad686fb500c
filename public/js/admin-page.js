/** The pages of the server's staff. */
import { enableForms } from './forms.js';
import { followStaff } from './staff-live.js';

enableForms();
followStaff();
